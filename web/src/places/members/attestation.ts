/** What one member signs so that another can check in: as text in a link, or as `dualpower attest` writes it. */
import type { Attestation } from "@/chain/actions";

/** For the part of an address after `?`. */
export function inLink({ memberId, attester, checkIn, deadline, attestation }: Attestation): string {
  return [memberId, attester, checkIn, deadline, attestation].join(".");
}

/** From a link, from the text of one, or from what the command line wrote; null if it is none. */
export function attestationIn(text: string): Attestation | null {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) {
    try {
      return checked(JSON.parse(trimmed) as Record<string, unknown>);
    } catch {
      return null;
    }
  }
  const found = /(?:^|attestation=)(\d+)\.(\d+)\.(\d+)\.(\d+)\.(0x[0-9a-fA-F]+)/.exec(trimmed);
  if (!found) return null;
  const [, memberId, attester, checkIn, deadline, attestation] = found;
  return checked({ memberId, attester, checkIn, deadline, attestation });
}

/** At most what a contract wallet signs with, in hexadecimal digits. */
const LONGEST = 8_192;

function checked(found: Record<string, unknown>): Attestation | null {
  const [memberId, attester, checkIn, deadline] = ["memberId", "attester", "checkIn", "deadline"].map(
    (name) => Number(found[name]),
  ) as [number, number, number, number];
  const attestation = String(found["attestation"]);
  const whole = [memberId, attester, checkIn, deadline].every((one) => Number.isSafeInteger(one) && one >= 0);
  if (!whole || !/^0x([0-9a-fA-F]{2})+$/.test(attestation) || attestation.length > LONGEST) return null;
  return { memberId, attester, checkIn, deadline, attestation: attestation as `0x${string}` };
}
