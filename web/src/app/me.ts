/** Who signs on this page: an account, and the member whom it belongs to. */
import { computed, effect, signal } from "@preact/signals";
import { head } from "@/api/live";
import { read, type Data } from "@/api/client";

export type Member = Data<"/v1/members/{memberId}">;

/** The account that signs, as 0x and 40 digits; null where nobody signed in. */
export const account = signal<`0x${string}` | null>(null);

/** The member of that account, as the node has it; null for somebody who is none; undefined until it is known. */
export const member = signal<Member | null | undefined>(undefined);

export const memberId = computed(() => member.value?.memberId ?? null);

/** What keeps this person from acting as a full member, or null. */
export type Hindrance = "wallet" | "member" | "dormant" | "probation";

/** `full`: whether it takes a member out of probation. */
export function hindrance(now: number, full = false): Hindrance | null {
  const who = member.value;
  if (account.value === null) return "wallet";
  if (!who || !["Active", "Dormant"].includes(who.status)) return "member";
  if (who.status === "Dormant") return "dormant";
  if (full && who.probationUntil > now) return "probation";
  return null;
}

/** Reads the member anew whenever the account changes or the chain moves on. */
export function followMe(): void {
  effect(() => {
    const address = account.value;
    void head.value;
    if (address === null) member.value = undefined;
    else void find(address);
  });
}

async function find(address: string): Promise<void> {
  try {
    const found = await read("/v1/members", { account: address });
    const id = found.data[0]?.memberId;
    const whole = id === undefined ? null : (await read("/v1/members/{memberId}", { memberId: id })).data;
    if (account.value === address) member.value = whole;
  } catch {
    // What was known last stays true as far as anybody can tell; the connection's state says the rest.
  }
}
