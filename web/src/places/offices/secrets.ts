/**
 * Secrets for draws, committed to when standing and kept on this device until they are revealed.
 *
 * Who does not reveal loses the place, so a secret is kept before its commitment is sent, and nothing is deleted:
 * what was sent before an interruption may still arrive.
 */
import { createStore, get, set } from "idb-keyval";
import { bytesToHex, type Hex } from "viem";
import { commitmentOf } from "./number";

const store = createStore("dualpower-draws", "secrets");

/** The commitment to a new secret, which is kept here. Raises where the device keeps nothing. */
export async function commit(memberId: number): Promise<Hex> {
  const secret = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  const commitment = commitmentOf(memberId, secret);
  await set(commitment, secret, store);
  return commitment;
}

/** The secret behind a commitment, where it was made on this device. */
export async function secretOf(commitment: string): Promise<Hex | null> {
  return (await get<Hex>(commitment, store)) ?? null;
}
