/**
 * What a proof is for and what it says, as numbers: the same as `zk/scope.py`, `zk/message.py`, `zk/registration.py`
 * and the contract Polls compute, who never take them from a prover.
 */
import { concatHex, keccak256, numberToHex, type Address, type Hex } from "viem";
import { hashOf } from "@/api/keccak";

const word = (value: bigint): Hex => numberToHex(value, { size: 32 });
const hashWord = (text: string): bigint => BigInt(hashOf(text));
const hashWords = (...values: bigint[]): bigint => BigInt(keccak256(concatHex(values.map(word))));

/** What the circuit sees of a word of the chain: 248 bits of its hash, which fit the field. */
export const signalOf = (value: bigint): bigint => hashWords(value) >> 8n;

/** A secret ballot in one poll; `polls` is the contract Polls. */
export const pollScope = (chainId: number, polls: Address, pollId: number): bigint =>
  hashWords(hashWord("dualpower.poll"), BigInt(chainId), BigInt(polls), BigInt(pollId));

/** Signing in on one day (since 1970) at one node; `origin` is its address as browsers send it. */
export const signInScope = (chainId: number, group: Address, day: number, origin: string): bigint =>
  hashWords(
    hashWord("dualpower.sign-in"),
    BigInt(chainId),
    BigInt(group),
    hashWords(BigInt(day), hashWord(origin)),
  );

/** A poll's ballot, or its seal where results are hidden. */
export const ballotMessage = (scope: bigint, ballot: bigint): bigint =>
  hashWords(hashWord("dualpower.ballot"), scope, ballot);

export const signInMessage = (scope: bigint, challenge: Hex): bigint =>
  hashWords(hashWord("dualpower.sign-in"), scope, BigInt(challenge));

/** What stands for a ballot until it is revealed. `salt` is 32 random bytes: without it, ballots can be guessed. */
export const sealOf = (scope: bigint, nullifier: bigint, ballot: bigint, salt: Hex): bigint =>
  hashWords(hashWord("dualpower.seal"), scope, nullifier, ballot, BigInt(salt));

/** What a key signs to show that whoever registers it for a member holds it. An element of the field. */
export const registrationMessage = (chainId: number, group: Address, memberId: number): bigint =>
  signalOf(hashWords(hashWord("dualpower.registration"), BigInt(chainId), BigInt(group), BigInt(memberId)));

export const MOST_VOTES = 15;
export const MOST_OPTIONS = 60;

/** A ballot's word: four bits of votes for each option, from the lowest (`contracts/polls/PollBallot.sol`). */
export const ballotWord = (votes: readonly number[]): bigint =>
  votes.reduce((sum, given, option) => sum | (BigInt(given) << BigInt(4 * option)), 0n);

export const ballotCost = (votes: readonly number[]): number =>
  votes.reduce((sum, given) => sum + given * given, 0);

/** The votes in a ballot's word on each of `options`. */
export const votesOf = (ballot: bigint, options: number): number[] =>
  Array.from({ length: options }, (_, option) => Number((ballot >> BigInt(4 * option)) & 15n));
