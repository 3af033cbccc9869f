/**
 * Secret ballots: proved here, handed to the relay by nobody's name, and revealed where they were sealed.
 *
 * What is about to be sent is written down first, encrypted under the identity, so that whoever is interrupted does the
 * same again and neither loses a ballot nor casts two. Nothing of it is deleted or replaced: what was sent before an
 * interruption may still arrive. On a device of others nothing is written down (`keeping: false`).
 *
 * A seal's salt follows from the identity and the poll: whoever lost what was written down, or voted on a device of
 * others, reveals by giving the same votes again.
 */
import { createStore, entries, set } from "idb-keyval";
import { read, readAll, type Data } from "@/api/client";
import { nodeAddress } from "@/app/preferences";
import { commune } from "@/chain/commune";
import { namedChain } from "@/chain/here";
import { differing } from "./doubt";
import { fromBase64, hex, random, utf8 } from "./bytes";
import type { Progress, Proof } from "./protocol";
import { nullify, prove } from "./prover";
import { ballotCost, ballotMessage, ballotWord, pollScope, sealOf, votesOf } from "./purposes";
import { relayed, type Carried } from "./relayed";

export type Poll = Data<"/v1/polls/{pollId}">;
type Address = `0x${string}`;

/** Where polls are; and on which chain. */
export interface Place {
  chainId: number;
  polls: Address;
}

/** A prepared ballot. `cast` is the word that is sent: the ballot itself, or the seal made with `salt`. */
export interface Opening {
  pollId: number;
  nullifier: string;
  ballot: string;
  salt: `0x${string}` | null;
  cast: string;
  proof: Proof;
}

export type BallotProblem =
  | "too-dear"
  | "not-secret"
  | "lied-about"
  | "over"
  | "prepared-other"
  | "cast-already"
  | "not-kept"
  | "none-here"
  | "never-arrived"
  | "other-votes";

/** What a secret ballot cannot be prepared, cast or revealed for. The words are `proofs.ballot.<kind>`. */
export class BallotRefused extends Error {
  constructor(
    readonly kind: BallotProblem,
    readonly values: Readonly<Record<string, string | number>> = {},
  ) {
    super(kind);
    this.name = "BallotRefused";
  }
}

export interface Wanted {
  place: Place;
  poll: Poll;
  /** On each option, from 0 to 15. */
  votes: readonly number[];
  secret: string;
  /** Whether another ballot that was prepared here before, and may be on its way, is no obstacle. */
  instead?: boolean;
  /** False on a device that is not the member's own. */
  keeping?: boolean;
}

/**
 * A ballot with its proof; the one of before, where it is the same. What the poll froze is compared with the chain where
 * one can be asked, and is the node's word otherwise. Raises `BallotRefused` and `ProofRefused`.
 */
export async function prepare(
  { place, poll, votes, secret, instead = false, keeping = true }: Wanted,
  onProgress?: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<Opening> {
  if (!poll.secret || poll.root === null || poll.depth === null) throw new BallotRefused("not-secret");
  if (poll.state !== "Voting") throw new BallotRefused("over");
  const cost = ballotCost(votes);
  if (cost > poll.credits) throw new BallotRefused("too-dear", { cost, credits: poll.credits });
  const lies = await differing(namedChain(await commune()), place, poll);
  if (lies?.length) throw new BallotRefused("lied-about", { fields: lies.join(", ") });
  const ballot = ballotWord(votes);
  const scope = pollScope(place.chainId, place.polls, poll.pollId);
  const nullifier = await nullify(secret, scope);
  const earlier = keeping ? await prepared(place, poll.pollId, secret) : [];
  const same = earlier.find((one) => one.ballot === String(ballot));
  if (same) return same;
  if (earlier[0] && !instead) throw new BallotRefused("prepared-other");
  const { leaves } = (await read("/v1/polls/{pollId}/group", { pollId: poll.pollId })).data;
  const salt = poll.hidden ? await saltOf(secret, scope) : null;
  const cast = salt === null ? ballot : sealOf(scope, nullifier, ballot, salt);
  const proof = await prove(
    {
      identitySecret: secret,
      leaves,
      root: poll.root,
      depth: poll.depth,
      message: ballotMessage(scope, cast),
      scope,
      artifacts: `${nodeAddress.peek() || location.origin}/artifacts`,
    },
    onProgress,
    signal,
  );
  const opening = {
    pollId: poll.pollId,
    nullifier: String(nullifier),
    ballot: String(ballot),
    salt,
    cast: String(cast),
    proof,
  };
  if (keeping) await keep(place, opening, secret);
  return opening;
}

/** Hands a prepared ballot to the relay, which sends it with others. Resolves once it is in a block. */
export const cast = (opening: Opening, signal?: AbortSignal, onTaken?: () => void): Promise<Carried> =>
  relayed(
    "/v1/relay/secret-ballots",
    { pollId: opening.pollId, ballot: opening.cast, proof: opening.proof },
    signal,
    onTaken,
  );

/** What became of the ballots prepared for a poll with this identity: the one on the chain, and whether it counts. */
export async function standing(
  place: Place,
  poll: Poll,
  secret: string,
): Promise<{ opening: Opening; votes: number[]; onChain: boolean; revealed: boolean }[]> {
  const mine = await prepared(place, poll.pollId, secret);
  if (mine.length === 0) return [];
  const rows = await ballotsOf(poll.pollId);
  return mine.map((opening) => {
    const row = rows.get(opening.nullifier);
    const onChain = (row?.seal ?? row?.ballot) === opening.cast;
    const revealed = onChain && (row?.seal === null || row?.revealedAt !== null);
    return { opening, votes: votesOf(BigInt(opening.ballot), poll.options), onChain, revealed };
  });
}

/** Reveals the sealed ballot that was cast from this device, so that it counts. Null where that was done before. */
export async function reveal(
  place: Place,
  poll: Poll,
  secret: string,
  signal?: AbortSignal,
): Promise<Carried | null> {
  const mine = await standing(place, poll, secret);
  if (mine.length === 0) throw new BallotRefused("none-here");
  const found = mine.find(({ onChain }) => onChain);
  if (!found) throw new BallotRefused("never-arrived");
  return found.revealed ? null : revealOpening(found.opening, signal);
}

/** Reveals the sealed ballot of this identity by its votes alone, on whatever device. Null where that was done before. */
export async function revealAgain(
  place: Place,
  poll: Poll,
  votes: readonly number[],
  secret: string,
  signal?: AbortSignal,
): Promise<Carried | null> {
  const scope = pollScope(place.chainId, place.polls, poll.pollId);
  const nullifier = await nullify(secret, scope);
  const row = (await ballotsOf(poll.pollId)).get(String(nullifier));
  if (!row) throw new BallotRefused("never-arrived");
  if (row.revealedAt !== null) return null;
  const [ballot, salt] = [ballotWord(votes), await saltOf(secret, scope)];
  if (row.seal !== String(sealOf(scope, nullifier, ballot, salt))) throw new BallotRefused("other-votes");
  const body = { pollId: poll.pollId, nullifier: String(nullifier), ballot: String(ballot), salt };
  return relayed("/v1/relay/reveals", body, signal);
}

/** Reveals one ballot whose opening is at hand. */
const revealOpening = (opening: Opening, signal?: AbortSignal): Promise<Carried> => {
  const { pollId, nullifier, ballot, salt } = opening;
  return relayed("/v1/relay/reveals", { pollId, nullifier, ballot, salt }, signal);
};

/** All secret ballots of a poll by nullifier: asking for one's own would tell whose it is. */
async function ballotsOf(pollId: number) {
  const { data } = await readAll("/v1/polls/{pollId}/ballots", { pollId });
  return new Map(data.map((row) => [row.nullifier, row]));
}

const store = createStore("dualpower-ballots", "kept");

interface KeptOpening {
  nonce: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}

const folder = (place: Place, pollId: number) => `${place.chainId} ${place.polls.toLowerCase()} ${pollId} `;

/** Those that this identity opens; others' ballots in the same browser stay closed. */
export async function prepared(place: Place, pollId: number, secret: string): Promise<Opening[]> {
  const key = await keyOf(secret);
  const found: Opening[] = [];
  const all = await entries<string, KeptOpening>(store).catch(() => []);
  for (const [name, { nonce, sealed }] of all) {
    if (!name.startsWith(folder(place, pollId))) continue;
    const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, key, sealed).catch(() => null);
    if (opened) found.push(JSON.parse(new TextDecoder().decode(opened)) as Opening);
  }
  return found;
}

async function keep(place: Place, opening: Opening, secret: string): Promise<void> {
  const nonce = random(12);
  const key = await keyOf(secret);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce },
    key,
    utf8(JSON.stringify(opening)),
  );
  try {
    await set(folder(place, opening.pollId) + hex(random(8)), { nonce, sealed } satisfies KeptOpening, store);
  } catch {
    throw new BallotRefused("not-kept");
  }
}

/** A key that follows from the identity's own, which has 256 bits of chance: nothing slow is needed. */
async function keyOf(secret: string): Promise<CryptoKey> {
  const base = await derivation(secret, "deriveKey");
  const wanted = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(expansion("dualpower.openings"), base, wanted, false, [
    "encrypt",
    "decrypt",
  ]);
}

/** 32 bytes that nobody without the identity can guess. */
async function saltOf(secret: string, scope: bigint): Promise<`0x${string}`> {
  const base = await derivation(secret, "deriveBits");
  return `0x${hex(new Uint8Array(await crypto.subtle.deriveBits(expansion(`dualpower.salt ${scope}`), base, 256)))}`;
}

const derivation = (secret: string, use: KeyUsage): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", fromBase64(secret), "HKDF", false, [use]);

const expansion = (purpose: string) =>
  ({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(purpose) }) as const;
