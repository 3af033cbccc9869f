/**
 * Acting in a member's name: signed for the node's relay, which pays, or by a transaction of one's own.
 *
 * Every act is tried on the chain first where the wallet can be asked, so that nobody signs what would be
 * refused.
 */
import { read, send, type Data } from "@/api/client";
import { chainNow, head } from "@/api/live";
import { Problem } from "@/api/problem";
import { member as me } from "@/app/me";
import { number } from "@/words";
import { addressOf, calldata } from "./abis";
import { commune, LOCAL_CHAINS, type Commune, type Module } from "./commune";
import type { Address, Hex } from "./eip1193";
import { revertData } from "./eip1193";
import { begin, change, dismiss, found, post, type Outcome, type Posted } from "./follow";
import { countedFrom } from "./lapse";
import { asRefusal, ofData, refuse, Refusal } from "./refusal";
import {
  attestation,
  declaration,
  forwardRequest,
  memberBallot,
  normalised,
  withdrawal,
  type TypedData,
} from "./typed";
import { connected, type Connected } from "./wallets";

export { calldata } from "./abis";
export { outcomes, reached, dismiss, type Outcome } from "./follow";
export { Refusal } from "./refusal";

export interface Action {
  module: Module;
  /** The function. */
  name: string;
  /** Whole numbers may be text, as the API has them. */
  args: readonly unknown[];
  /** What it is, in words, translated. */
  title: string;
  /** Texts whose hashes it puts on the chain: the node gets them once they stand there. */
  texts?: readonly string[];
  /** With the registration of a key: the key's own signature over it. */
  possession?: Hex;
}

export interface BallotToCast {
  proposalId: string | bigint;
  /** 0 against, 1 for, 2 abstain. */
  support: 0 | 1 | 2;
  /** n votes cost n x n - 1 voice credits. */
  votes: number;
  title: string;
}

export interface Options {
  /** By the relay where the node relays it, else by a transaction. */
  way?: "relay" | "transaction";
  /** Who signs, if not the wallet that is connected. */
  wallet?: Connected;
}

/**
 * How long a signed request can be carried out, in seconds: a chain that nobody writes to may stand still.
 */
const LIFETIME = 86_400;
/** Gas that a request is signed for. What is not used costs nobody anything; too little makes it fail. */
const REQUEST_GAS = 1_500_000;
/** Of those whose cost grows with a proposal's actions. */
const PROPOSAL_GAS = 4_500_000;
const PROPOSAL_FUNCTIONS = new Set(["propose", "queue", "execute", "cancel"]);
const GAS_MARGIN = 125n;
/** How long the wallet's chain is waited for when something is tried, in milliseconds. */
const TRIAL = 5_000;
const RELAY_KNOWN = 60_000;
/** Bytes of a text that nodes take, and of a call that relays take. */
const LONGEST_TEXT = 65_536;
const LONGEST_CALL = 32_768;
/** What the relay carries out for people who are no members, or no longer. */
const FOR_ANYONE = new Set([
  ...["admission.applyToJoin", "admission.withdraw"],
  ...["mediation.giveEvidence", "mediation.accept", "mediation.decline", "mediation.sign"],
  ...["panels.appeal", "penalties.appeal"],
]);

/**
 * Has a contract called in somebody's name. Raises a `Refusal` where it is refused before it is on its way.
 */
export async function perform(action: Action, options: Options = {}): Promise<Outcome> {
  const { module, name, args, title, texts = [] } = action;
  return attempt(async () => {
    const { here, who } = await ready(options);
    for (const text of texts) shortEnough(new TextEncoder().encode(text).length, LONGEST_TEXT);
    const to = await addressOf(here, module);
    const data = await calldata(module, name, args);
    shortEnough(data.length / 2 - 1, LONGEST_CALL);
    const way = options.way ?? (await wayOf(module, name));
    if (options.way !== "transaction" && !FOR_ANYONE.has(`${module}.${name}`)) await memberOf(who.account);
    const subject = `${here.chainId} ${who.account} ${to} ${data}`;
    notTwice(found(subject, false));
    await tried(who, { to, data });
    if (way === "transaction") return transacted({ here, who, to, data, title, subject, texts });
    const request = {
      from: who.account,
      to,
      gas: PROPOSAL_FUNCTIONS.has(name) ? PROPOSAL_GAS : REQUEST_GAS,
      nonce: String(crypto.getRandomValues(new BigUint64Array(1))[0]),
      deadline: bounded(here, head.peek() ? Math.floor(chainNow()) : await blockTime()) + LIFETIME,
      data,
    };
    const more = action.possession ? { possession: action.possession } : {};
    return relayed(
      { here, who, title, subject, texts },
      await forwardRequest(here, request),
      (signature) => ({
        path: "/v1/relay/requests",
        body: { ...request, signature, ...more },
      }),
    );
  });
}

/** Casts a ballot, which is final. Raises a `Refusal` where it is refused before it is on its way. */
export async function castBallot(ballot: BallotToCast, options: Options = {}): Promise<Outcome> {
  const { support, votes, title } = ballot;
  const proposalId = String(ballot.proposalId);
  return attempt(async () => {
    const { here, who } = await ready(options);
    const member = await memberOf(who.account);
    if (member.status === "Dormant") throw refuse("dormant");
    const to = await addressOf(here, "assembly");
    const data = await calldata("assembly", "castBallot", [proposalId, support, votes]);
    const subject = `${here.chainId} ballot ${proposalId} ${member.memberId}`;
    notTwice(found(subject, true));
    await tried(who, { to, data });
    const way = options.way ?? (await wayOf("assembly", "castBallot"));
    if (way === "transaction") return transacted({ here, who, to, data, title, subject, texts: [] });
    const cast = { proposalId, memberId: member.memberId, support, votes };
    return relayed({ here, who, title, subject, texts: [] }, await memberBallot(here, cast), (signature) => ({
      path: "/v1/relay/ballots",
      body: { ...cast, signature },
    }));
  });
}

/** What another member needs to check in, as `dualpower attest` writes it. */
export interface Attestation {
  memberId: number;
  attester: number;
  checkIn: number;
  deadline: number;
  attestation: Hex;
}

/** Signs, for another member, that they live. Sends nothing. */
export async function attest(memberId: number, days: number, options: Options = {}): Promise<Attestation> {
  return attempt(async () => {
    const { here, who } = await ready(options);
    const [mine, theirs] = await Promise.all([
      memberOf(who.account),
      read("/v1/members/{memberId}", { memberId }),
    ]);
    const message = {
      memberId,
      attester: mine.memberId,
      checkIn: theirs.data.presence.checkIns,
      deadline: bounded(here, await blockTime()) + days * 86_400,
    };
    return { ...message, attestation: await signed(who, await attestation(here, message)) };
  });
}

/** Says what a member can do, and when they have time, in the place of what they said before. */
export async function declareSkills(
  said: { skills: string; availability: string; zone: string },
  options: Options = {},
): Promise<void> {
  return attempt(async () => {
    const { here, who } = await ready(options);
    const { memberId } = await memberOf(who.account);
    const declaredAt = await blockTime();
    const signature = await signed(who, await declaration(here, { memberId, ...said, declaredAt }));
    await send("PUT", `/v1/members/${memberId}/skills`, { ...said, declaredAt, signature });
  });
}

/** Takes back what was said. */
export async function withdrawSkills(options: Options = {}): Promise<void> {
  return attempt(async () => {
    const { here, who } = await ready(options);
    const { memberId } = await memberOf(who.account);
    const declaredAt = await blockTime();
    const signature = await signed(who, await withdrawal(here, { memberId, declaredAt }));
    await send("DELETE", `/v1/members/${memberId}/skills?declaredAt=${declaredAt}&signature=${signature}`);
  });
}

/** Whether the node relays a function now. */
async function wayOf(module: Module, name: string): Promise<"relay" | "transaction"> {
  const relay = await relayOf();
  return relay === null || (relay.enabled && relay.functions[module]?.includes(name))
    ? "relay"
    : "transaction";
}

/** Signs typed data. Raises a `Refusal`. */
async function signed(who: Connected, document: TypedData): Promise<Hex> {
  const params = [who.account, JSON.stringify(document)];
  return normalised((await who.wallet.provider.request({ method: "eth_signTypedData_v4", params })) as Hex);
}

/** Whose wallet acts where. Raises a `Refusal` where there is none, or it is elsewhere. */
async function ready(options: Options): Promise<{ here: Commune; who: Connected }> {
  const who = options.wallet ?? connected.peek();
  if (!who) throw refuse("no-wallet");
  const here = await commune();
  if (who.chainId !== here.chainId)
    throw refuse("wrong-chain", { here: String(who.chainId), wanted: String(here.chainId) });
  return { here, who };
}

/**
 * The member who holds an account; the last known where no node can be asked. Raises a `Refusal` if nobody
 * does.
 */
async function memberOf(account: Address): Promise<{ memberId: number; status: string }> {
  const member = await read("/v1/members", { account }).then(
    ({ data }) => data[0],
    (error: unknown) => {
      const before = me.peek();
      if (error instanceof Problem && error.passing && before?.account.toLowerCase() === account)
        return before;
      throw error;
    },
  );
  if (!member || (member.status !== "Active" && member.status !== "Dormant")) throw refuse("no-member");
  return member;
}

/** Raises a `Refusal` of what nobody would take, before anybody is asked to sign it. */
function shortEnough(size: number, limit: number): void {
  const kilobytes = (bytes: number) => number(bytes / 1_000);
  if (size > limit) throw refuse("too-long", { size: kilobytes(size), limit: kilobytes(limit) });
}

function notTwice(before: Outcome | "elsewhere" | null): void {
  if (before === "elsewhere") throw refuse("already", {}, "elsewhere");
  if (before) throw refuse("already", {}, before.state.peek() === "signing" ? "signing" : "sent");
}

/** The time that a deadline is counted from, which is the chain's as far as the device's clock can vouch for it. */
function bounded(here: Commune, chain: number): number {
  return countedFrom(chain, Date.now() / 1000, LOCAL_CHAINS.includes(here.chainId));
}

/** The time of the last block: what is signed as of now is compared with it. */
async function blockTime(): Promise<number> {
  return (await read("/v1/node")).block.timestamp;
}

let relayKnown: { at: number; node: string; relay: Data<"/v1/relay"> } | null = null;

/** What the node relays; null where it cannot be asked now. */
async function relayOf(): Promise<Data<"/v1/relay"> | null> {
  const { node } = await commune();
  if (relayKnown?.node === node && performance.now() - relayKnown.at < RELAY_KNOWN) return relayKnown.relay;
  try {
    relayKnown = { at: performance.now(), node, relay: (await read("/v1/relay")).data };
    return relayKnown.relay;
  } catch (error) {
    if (error instanceof Problem && error.passing) return relayKnown?.node === node ? relayKnown.relay : null;
    throw error;
  }
}

/**
 * Raises a `Refusal` where the chain says that it would refuse in its next block: where nobody writes, the
 * last one is of long ago. A wallet that cannot be asked says nothing.
 */
async function tried(who: Connected, call: { to: Address; data: Hex }): Promise<void> {
  const asked = who.wallet.provider.request({
    method: "eth_call",
    params: [{ from: who.account, ...call }, "pending"],
  });
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), TRIAL));
  try {
    await Promise.race([asked, late]);
  } catch (error) {
    const data = revertData(error);
    if (data !== null && data !== "0x") throw await ofData(data);
  }
}

interface Signing {
  here: Commune;
  who: Connected;
  title: string;
  subject: string;
  texts: readonly string[];
}

function begun({ here, who, title, subject, texts }: Signing, way: "relay" | "transaction"): Outcome {
  return begin({ title, subject, texts, account: who.account, node: here.node, chainId: here.chainId, way });
}

async function relayed(
  signing: Signing,
  document: TypedData,
  signedBody: (signature: Hex) => Posted,
): Promise<Outcome> {
  const outcome = begun(signing, "relay");
  try {
    const signature = await signed(signing.who, document);
    return await posted(outcome, signedBody(signature));
  } catch (error) {
    dismiss(outcome);
    throw error;
  }
}

async function posted(outcome: Outcome, given: Posted): Promise<Outcome> {
  outcome.now.value = { ...outcome.now.peek(), posted: given };
  try {
    await post(outcome);
    return outcome;
  } catch (error) {
    dismiss(outcome);
    throw error;
  }
}

async function transacted({ to, data, ...signing }: Signing & { to: Address; data: Hex }): Promise<Outcome> {
  const { account, wallet } = signing.who;
  const outcome = begun(signing, "transaction");
  try {
    const call = { from: account, to, data };
    const estimate = (await wallet.provider.request({ method: "eth_estimateGas", params: [call] })) as Hex;
    const gas = `0x${((BigInt(estimate) * GAS_MARGIN) / 100n).toString(16)}`;
    const tx = (await wallet.provider.request({
      method: "eth_sendTransaction",
      params: [{ ...call, gas }],
    })) as Hex;
    change(outcome, { state: "sent", tx });
    return outcome;
  } catch (error) {
    dismiss(outcome);
    throw error;
  }
}

async function attempt<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof Refusal ? error : await asRefusal(error);
  }
}
