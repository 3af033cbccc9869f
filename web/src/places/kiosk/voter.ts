/**
 * The person whose turn it is. Their keys are in this object and nowhere else: whoever drops it has forgotten them, and
 * what they sign goes to the relay without being written down here.
 */
import { hashTypedData, type LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { read, readAll, type Data } from "@/api/client";
import { chainNow } from "@/api/live";
import { addressOf, calldata } from "@/chain/abis";
import { commune, type Commune } from "@/chain/commune";
import { forwardRequest, memberBallot, type TypedData } from "@/chain/typed";
import { cast, prepare, revealAgain, type Opening, type Poll } from "@/proofs/ballots";
import { isListed, registration } from "@/proofs/identity";
import type { CardSecrets } from "@/proofs/locked";
import type { Progress } from "@/proofs/protocol";
import { identify, nullify } from "@/proofs/prover";
import { ballotWord, pollScope } from "@/proofs/purposes";
import { relayed, type Carried } from "@/proofs/relayed";

export type Proposal = Data<"/v1/proposals/{proposalId}">;

export interface Voter {
  here: Commune;
  /** Null on a card that has an identity and no account's key. */
  account: LocalAccount | null;
  /** Of the account; null for somebody who is none, or is not known. */
  member: Data<"/v1/members/{memberId}"> | null;
  /** The identity's secret. */
  identity: string | null;
}

const LIFETIME = 86_400;
const REQUEST_GAS = 1_500_000;

/** Whose card it is. Raises a `Problem` where no node answers. */
export async function recognised(secrets: CardSecrets): Promise<Voter> {
  const here = await commune();
  const account = secrets.accountKey ? privateKeyToAccount(secrets.accountKey) : null;
  return {
    here,
    account,
    member: account && (await memberOf(account.address)),
    identity: secrets.identity ?? null,
  };
}

async function memberOf(account: string): Promise<Voter["member"]> {
  const found = await read("/v1/members", { account: account.toLowerCase() });
  const id = found.data[0]?.memberId;
  return id === undefined ? null : (await read("/v1/members/{memberId}", { memberId: id })).data;
}

export interface Handed extends Carried {
  /** The EIP-712 hash of what was signed. */
  hash: string;
}

/** A ballot on a proposal. `support`: 0 against, 1 for, 2 abstain. */
export async function castBallot(
  { here, account, member }: Voter,
  proposalId: string,
  support: number,
  votes: number,
  signal?: AbortSignal,
): Promise<Handed> {
  if (!account || !member) throw new TypeError("a ballot by name takes a member's account");
  const ballot = { proposalId, memberId: member.memberId, support, votes };
  const document = await memberBallot(here, ballot);
  const { signature, hash } = await signed(account, document);
  return { hash, ...(await relayed("/v1/relay/ballots", { ...ballot, signature }, signal)) };
}

/** A ballot by name in an open poll. */
export const castOpenly = (voter: Voter, pollId: number, votes: readonly number[], signal?: AbortSignal) =>
  requested(voter, "polls", "cast", [pollId, ballotWord(votes)], {}, signal);

/** Lists the card's identity in the members' group. */
export async function register(voter: Voter, signal?: AbortSignal): Promise<Handed> {
  const { here, identity, member } = voter;
  if (!identity || !member) throw new TypeError("registering takes an identity and a member");
  const group = await addressOf(here, "group");
  const unlocked = { secret: identity, ...(await identify(identity)) };
  const { args, possession } = await registration(
    unlocked,
    { chainId: here.chainId, group },
    member.memberId,
  );
  return requested(voter, "group", "register", args, { possession }, signal);
}

/** Whether the card's identity is in the members' group now. */
export const isRegistered = async (identity: string): Promise<boolean> =>
  isListed((await identify(identity)).commitment);

/** A secret ballot, which nobody's name goes with. Nothing of it stays on this device. */
export async function castSecretly(
  { here, identity }: Voter,
  poll: Poll,
  votes: readonly number[],
  onProgress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<{ opening: Opening; carried: Promise<Carried> }> {
  if (!identity) throw new TypeError("a secret ballot takes an identity");
  const place = { chainId: here.chainId, polls: await addressOf(here, "polls") };
  const opening = await prepare({ place, poll, votes, secret: identity, keeping: false }, onProgress, signal);
  let taken: () => void = () => undefined;
  const isTaken = new Promise<void>((resolve) => (taken = resolve));
  const carried = cast(opening, signal, taken);
  await Promise.race([isTaken, carried]);
  return { opening, carried };
}

/** Reveals a sealed ballot by the votes that it has. */
export async function reveal(
  { here, identity }: Voter,
  poll: Poll,
  votes: readonly number[],
  signal?: AbortSignal,
): Promise<void> {
  if (!identity) throw new TypeError("revealing takes an identity");
  const place = { chainId: here.chainId, polls: await addressOf(here, "polls") };
  await revealAgain(place, poll, votes, identity, signal);
}

/** Whether this person has handed in a ballot: on a proposal, in an open poll, in a secret one. */
export async function hasVoted(
  voter: Voter,
  what: { proposalId: string } | { poll: Poll },
): Promise<boolean> {
  if ("proposalId" in what) {
    const { data } = await readAll("/v1/proposals/{proposalId}/ballots", { proposalId: what.proposalId });
    return data.some((row) => row.memberId === voter.member?.memberId && !row.followed);
  }
  const { poll } = what;
  // All of them: asking for one's own would tell whose it is.
  const { data } = await readAll("/v1/polls/{pollId}/ballots", { pollId: poll.pollId });
  if (!poll.secret) return data.some((row) => row.memberId === voter.member?.memberId && !row.followed);
  if (!voter.identity) return false;
  const scope = pollScope(voter.here.chainId, await addressOf(voter.here, "polls"), poll.pollId);
  const nullifier = String(await nullify(voter.identity, scope));
  return data.some((row) => row.nullifier === nullifier);
}

async function requested(
  { here, account }: Voter,
  module: string,
  name: string,
  args: readonly unknown[],
  more: Record<string, string>,
  signal?: AbortSignal,
): Promise<Handed> {
  if (!account) throw new TypeError(`${module}.${name} takes a member's account`);
  const request = {
    from: account.address.toLowerCase(),
    to: await addressOf(here, module),
    gas: REQUEST_GAS,
    nonce: String(crypto.getRandomValues(new BigUint64Array(1))[0]),
    deadline: Math.floor(chainNow()) + LIFETIME,
    data: await calldata(module, name, args),
  };
  const { signature, hash } = await signed(account, await forwardRequest(here, request));
  return { hash, ...(await relayed("/v1/relay/requests", { ...request, signature, ...more }, signal)) };
}

async function signed(
  account: LocalAccount,
  document: TypedData,
): Promise<{ signature: string; hash: string }> {
  const { types, primaryType, domain, message } = document;
  const { EIP712Domain: _, ...own } = types;
  const data = { types: own, primaryType, domain, message };
  return { signature: await account.signTypedData(data), hash: hashTypedData(data) };
}
