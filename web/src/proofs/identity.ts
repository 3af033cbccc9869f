/**
 * A member's identity for secret ballots, on this device.
 *
 * It has nothing to do with the account's key, is made at random, and is kept as a keystore that only its password
 * opens: nobody can restore either. One for each account and commune, since several people may use a browser.
 */
import { createStore, del, get, set } from "idb-keyval";
import { readAll } from "@/api/client";
import { hex, random, toBase64 } from "./bytes";
import { Locked, keystoreIn, keystoreText, lockKeystore, unlockKeystore } from "./locked";
import type { Keystore, PublicIdentity } from "./protocol";
import { identify, sign } from "./prover";
import { registrationMessage } from "./purposes";

type Address = `0x${string}`;

/** Whose identity, and in which group's contract. */
export interface Holder {
  chainId: number;
  group: Address;
  account: Address;
}

/** As it is kept. The commitment is public from its registration on. */
export interface KeptIdentity {
  commitment: string;
  keystore: Keystore;
  madeAt: number;
}

/** With its secret: for as short a time as possible, and never kept. */
export interface Unlocked extends PublicIdentity {
  secret: string;
}

export type IdentityProblem =
  "exists" | "missing" | "storage-full" | "storage-closed" | "not-exported" | "short";

/** What an identity cannot be kept or used for. The words are `proofs.identity.<kind>`. */
export class IdentityRefused extends Error {
  constructor(readonly kind: IdentityProblem) {
    super(kind);
    this.name = "IdentityRefused";
  }
}

/** Characters that a password has at least. */
export const LEAST_PASSWORD = 8;

const store = createStore("dualpower-identities", "kept");
const placeOf = ({ chainId, group, account }: Holder) => `${chainId} ${group} ${account}`.toLowerCase();

/** Raises `IdentityRefused` where this browser keeps nothing. */
export async function keptIdentity(holder: Holder): Promise<KeptIdentity | undefined> {
  try {
    return await get<KeptIdentity>(placeOf(holder), store);
  } catch {
    throw new IdentityRefused("storage-closed");
  }
}

/** A new one, kept under a password. Raises `IdentityRefused` and `Locked`. */
export const createIdentity = (holder: Holder, password: string): Promise<Unlocked> =>
  keep(holder, newSecret(), password);

/** A secret that nobody has yet, as `Identity.export()` writes it. */
export const newSecret = (): string => toBase64(random(32));

/** Takes over a keystore file of the command line, or of another device. */
export async function importKeystore(holder: Holder, file: string, password: string): Promise<Unlocked> {
  await requireRoom(holder);
  const keystore = keystoreIn(file);
  const unlocked = await opened(await unlockKeystore(keystore, password));
  await write(holder, { commitment: unlocked.commitment, keystore, madeAt: Date.now() });
  return unlocked;
}

/** Takes over what `Identity.export()` of any of Semaphore's clients wrote, or a card's identity. */
export async function importSecret(holder: Holder, exported: string, password: string): Promise<Unlocked> {
  const secret = exported.trim();
  if (!/^[A-Za-z0-9+/]{2,}={0,2}$/.test(secret)) throw new IdentityRefused("not-exported");
  return keep(holder, secret, password);
}

/** Raises `Locked` for a wrong password. */
export async function unlockIdentity(holder: Holder, password: string): Promise<Unlocked> {
  const kept = await keptIdentity(holder);
  if (!kept) throw new IdentityRefused("missing");
  return opened(await unlockKeystore(kept.keystore, password));
}

/** The file that the command line reads too. */
export const keystoreFile = (kept: KeptIdentity): Blob =>
  new Blob([keystoreText(kept.keystore)], { type: "application/json" });

/** Removes it from this device; whoever has no copy has lost it. */
export const forgetIdentity = (holder: Holder): Promise<void> => del(placeOf(holder), store);

/**
 * Whether the members' group has it now. All leaves are asked for, as for every ballot: who asks for one says whose it
 * is.
 */
export async function isListed(commitment: string): Promise<boolean> {
  const leaves = await readAll("/v1/group/leaves", { limit: 10_000 });
  return leaves.data.some(({ leaf }) => leaf === commitment);
}

/** What `MemberGroup.register` takes, and the key's own signature of it, which relays ask for. */
export async function registration(
  { secret, publicKey }: Unlocked,
  place: Pick<Holder, "chainId" | "group">,
  memberId: number,
): Promise<{ args: [string, string]; possession: `0x${string}` }> {
  const signature = await sign(secret, registrationMessage(place.chainId, place.group, memberId));
  const words = signature.map((word) => word.toString(16).padStart(64, "0"));
  return { args: publicKey, possession: `0x${words.join("")}` };
}

async function keep(holder: Holder, secret: string, password: string): Promise<Unlocked> {
  if (!password) throw new Locked("password-empty");
  if (password.length < LEAST_PASSWORD) throw new IdentityRefused("short");
  await requireRoom(holder);
  const unlocked = await opened(secret);
  const keystore = await lockKeystore(secret, password);
  await write(holder, { commitment: unlocked.commitment, keystore, madeAt: Date.now() });
  return unlocked;
}

async function requireRoom(holder: Holder): Promise<void> {
  if (await keptIdentity(holder)) throw new IdentityRefused("exists");
}

async function write(holder: Holder, kept: KeptIdentity): Promise<void> {
  try {
    await set(placeOf(holder), kept, store);
  } catch (error) {
    throw new IdentityRefused(
      (error as DOMException).name === "QuotaExceededError" ? "storage-full" : "storage-closed",
    );
  }
  // Browsers clear what pages keep when a device runs short, unless they are asked not to.
  void navigator.storage?.persist?.().catch(() => false);
}

async function opened(secret: string): Promise<Unlocked> {
  return { secret, ...(await identify(secret)) };
}

/** A name for a card or a file that says nothing of whose it is. */
export const randomName = (): string => hex(random(4));
