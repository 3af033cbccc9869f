/**
 * What members sign (EIP-712), in the order in which a wallet shows it to them.
 *
 * The documents are as wallets take them in JSON: numbers beyond 2^53 are decimal text.
 */
import { addressOf } from "./abis";
import type { Commune, Module } from "./commune";
import type { Address, Hex } from "./eip1193";

export interface TypedData {
  types: Record<string, { name: string; type: string }[]>;
  primaryType: string;
  domain: { name: string; version: string; chainId: number; verifyingContract: Address };
  message: Record<string, string | number>;
}

const DOMAIN = { name: "string", version: "string", chainId: "uint256", verifyingContract: "address" };

const KINDS = {
  MemberBallot: {
    module: "assembly",
    domain: "Dual Power Assembly",
    fields: { proposalId: "uint256", memberId: "uint32", support: "uint8", votes: "uint8" },
  },
  ForwardRequest: {
    module: "forwarder",
    domain: "Dual Power Forwarder",
    fields: {
      from: "address",
      to: "address",
      gas: "uint256",
      nonce: "uint256",
      deadline: "uint48",
      data: "bytes",
    },
  },
  Attestation: {
    module: "presence",
    domain: "Dual Power Presence",
    fields: { memberId: "uint32", attester: "uint32", checkIn: "uint32", deadline: "uint48" },
  },
  Declaration: {
    module: "membership",
    domain: "Dual Power Skills",
    fields: {
      memberId: "uint32",
      skills: "string",
      availability: "string",
      zone: "string",
      declaredAt: "uint48",
    },
  },
  Withdrawal: {
    module: "membership",
    domain: "Dual Power Skills",
    fields: { memberId: "uint32", declaredAt: "uint48" },
  },
} as const satisfies Record<string, { module: Module; domain: string; fields: Record<string, string> }>;

export type Signed = keyof typeof KINDS;
type Message<K extends Signed> = { [F in keyof (typeof KINDS)[K]["fields"]]: string | number };

/** `proposalId`, `memberId`, `support` (0 against, 1 for, 2 abstain) and `votes`. */
export const memberBallot = (commune: Commune, message: Message<"MemberBallot">) =>
  document(commune, "MemberBallot", message);

/** That the forwarder calls a module in one's name, until the deadline and once. */
export const forwardRequest = (commune: Commune, message: Message<"ForwardRequest">) =>
  document(commune, "ForwardRequest", message);

/** That a member lives: for their check-in of this number. */
export const attestation = (commune: Commune, message: Message<"Attestation">) =>
  document(commune, "Attestation", message);

/** What a member can do and when they have time. */
export const declaration = (commune: Commune, message: Message<"Declaration">) =>
  document(commune, "Declaration", message);

/** The taking back of a declaration. */
export const withdrawal = (commune: Commune, message: Message<"Withdrawal">) =>
  document(commune, "Withdrawal", message);

async function document<K extends Signed>(
  commune: Commune,
  kind: K,
  message: Message<K>,
): Promise<TypedData> {
  const { module, domain, fields } = KINDS[kind];
  const names = Object.keys(fields) as (keyof Message<K> & string)[];
  return {
    types: { EIP712Domain: declared(DOMAIN), [kind]: declared(fields) },
    primaryType: kind,
    domain: {
      name: domain,
      version: "1",
      chainId: commune.chainId,
      verifyingContract: await addressOf(commune, module),
    },
    message: Object.fromEntries(names.map((name) => [name, message[name]])),
  };
}

function declared(fields: Record<string, string>): { name: string; type: string }[] {
  return Object.entries(fields).map(([name, type]) => ({ name, type }));
}

/** A signature with 27 or 28 at its end, as contracts want it; some wallets put 0 or 1 there. */
export function normalised(signature: Hex): Hex {
  const last = signature.slice(-2);
  if (signature.length !== 132 || (last !== "00" && last !== "01")) return signature;
  return `${signature.slice(0, -2)}${last === "00" ? "1b" : "1c"}` as Hex;
}
