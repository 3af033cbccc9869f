/**
 * Whether another source says the same as the node: another node, or the chain itself.
 *
 * The chain is asked at the very block that the node's answer is of, where it still can be, after that
 * block's hash was compared. Two nodes are read until they are at the same block; where they do not get
 * there, the answers' blocks are told with the differences.
 */
import { Problem, read, type Block, type Data } from "@/api/client";
import { STALE } from "@/api/stale";
import { addressOf, calldata, eventOf, returned } from "./abis";
import { commune, type Commune } from "./commune";
import { revertData, type Address, type Eip1193, type Hex } from "./eip1193";
import { ofWallet, refuse, Refusal } from "./refusal";
import { chainAt } from "./rpc";
import { connected } from "./wallets";

export type Source =
  { kind: "node"; address: string } | { kind: "chain"; address: string } | { kind: "wallet" };

export interface Difference {
  /** Named as in the API. */
  field: string;
  here: string;
  there: string;
}

export interface Comparison {
  source: Source;
  /** The blocks of both answers. */
  at: { here: Block; there: Pick<Block, "number" | "hash"> };
  /** Whether both answers are of the same block: only then a difference is a lie or a fault for certain. */
  sameBlock: boolean;
  /** The fields that were compared. */
  checked: string[];
  differences: Difference[];
}

type Facts = Record<string, string>;

const STATES = ["Pending", "Active", "Canceled", "Defeated", "Succeeded", "Queued", "Expired", "Executed"];
const STATUSES = ["None", "Active", "Dormant", "Left", "Expelled"];
const TRIES = 5;
const PAUSE = 700;
const PATIENCE = 15_000;

/** A proposal's state, deadline and tally. Raises a `Refusal` where the source cannot be asked. */
export function verifyProposal(proposalId: string, source: Source): Promise<Comparison> {
  const path = `/v1/proposals/${proposalId}`;
  const facts = (data: Data<"/v1/proposals/{proposalId}">): Facts => ({
    state: data.state,
    deadline: String(data.deadline),
    voteStart: String(data.voteStart),
    ...tallied(data.tally),
  });
  const asked = () => read("/v1/proposals/{proposalId}", { proposalId });
  return compared(source, path, asked, facts, async (chain) => {
    const [state, tally, deadline, terms] = await Promise.all([
      chain.view("assembly", "state", [proposalId]),
      chain.view("assembly", "tallyOf", [proposalId]) as Promise<Record<string, bigint | number>>,
      chain.view("assembly", "proposalDeadline", [proposalId]),
      chain.view("assembly", "termsOf", [proposalId]) as Promise<Record<string, number>>,
    ]);
    const counted = ["againstVotes", "forVotes", "abstainVotes", "heads", "forHeads"];
    return {
      state: STATES[Number(state)] ?? String(state),
      deadline: String(deadline),
      quorum: String(terms["quorum"]),
      ...Object.fromEntries(counted.map((name) => [name, String(tally[name])])),
    };
  });
}

/** A member's account, status and voice credits. Raises a `Refusal` where the source cannot be asked. */
export function verifyMember(memberId: number, source: Source): Promise<Comparison> {
  const path = `/v1/members/${memberId}`;
  const facts = (data: Data<"/v1/members/{memberId}">): Facts => ({
    account: data.account.toLowerCase(),
    status: data.status,
    joinedAt: String(data.joinedAt),
    founder: String(data.founder),
    probationUntil: String(data.probationUntil),
    ...(data.credits && {
      "credits.season": String(data.credits.season),
      "credits.spent": String(data.credits.spent),
      "credits.left": String(data.credits.left),
    }),
  });
  const asked = () => read("/v1/members/{memberId}", { memberId });
  return compared(source, path, asked, facts, async (chain, here) => {
    const season = here["credits.season"];
    const credits: Facts = season
      ? {
          "credits.season": String(await chain.view("constitution", "currentSeason", [])),
          "credits.spent": String(await chain.view("credits", "spentBy", [memberId, season])),
          "credits.left": String(await chain.view("credits", "creditsLeft", [memberId, season])),
        }
      : {};
    const member = (await chain.view("membership", "member", [memberId])) as Record<string, unknown>;
    return {
      account: String(member["account"]).toLowerCase(),
      status: STATUSES[Number(member["status"])] ?? String(member["status"]),
      joinedAt: String(member["joinedAt"]),
      founder: String(member["founder"]),
      probationUntil: String(await chain.view("membership", "probationUntil", [memberId])),
      ...credits,
    };
  });
}

/**
 * Which contracts the commune consists of: as another node knows them, or as its constitution on the chain
 * names them, each with code at its address, and the same code as on the wallet's chain. Raises a `Refusal` where the source cannot be asked.
 */
export function verifyContracts(source: Source): Promise<Comparison> {
  const facts = (data: Data<"/v1/node">): Facts => ({
    chainId: String(data.chainId),
    ...Object.fromEntries(Object.entries(data.contracts).map(([name, at]) => [name, at.toLowerCase()])),
  });
  return compared(
    source,
    "/v1/node",
    () => read("/v1/node"),
    facts,
    async (chain, here) => {
      const { default: functions } = await import("./functions.json");
      const found: Facts = { chainId: here["chainId"] as string };
      for (const [module, { contract }] of Object.entries(functions)) {
        if (!here[contract] || module === "constitution") continue;
        const named = String(
          await chain.view("constitution", "moduleAt", [bytes32(module)]),
        ).toLowerCase() as Address;
        found[contract] = (await chain.code(named)) === "0x" ? "0x" : named;
      }
      // Where the wallet has a chain as well, the two are compared: a node has no code of its own.
      const mine = source.kind === "chain" ? connected.peek()?.wallet.provider : null;
      if (mine) {
        const at = await commune();
        Object.assign(here, await codeHashes(chainOf(mine, at), at).catch(() => ({})));
        Object.assign(found, await codeHashes(chain, at));
      }
      return found;
    },
  );
}

/**
 * One event, by its id: as another node has it, or as the chain's receipt of its transaction has it. Raises a
 * `Refusal` where the source cannot be asked.
 */
export function verifyEvent(id: string, source: Source): Promise<Comparison> {
  const [, position] = id.split("-").map(Number);
  const facts = ([event]: Data<"/v1/events">): Facts =>
    event
      ? {
          event: `${event.contract}.${event.event}`,
          transaction: event.transaction,
          "block.number": String(event.block.number),
          "block.hash": event.block.hash,
          ...argumentsOf(event.arguments),
        }
      : { event: NONE };
  const asked = () => read("/v1/events", { id });
  return compared(source, `/v1/events?id=${id}`, asked, facts, async (chain, here) => {
    const found = here["transaction"] ? await chain.receipt(here["transaction"] as Hex) : null;
    const log = found?.logs.find((one) => Number(one.logIndex) === position);
    const told = log && (await eventOf(await commune(), log));
    if (!found || !told) return { event: NONE };
    return {
      event: `${told.contract}.${told.event}`,
      transaction: found.transactionHash,
      "block.number": String(Number(found.blockNumber)),
      "block.hash": found.blockHash,
      ...argumentsOf(told.args),
    };
  });
}

/** Where a source has no such event. */
const NONE = "–";

/** An event's arguments as texts that are equal where the arguments are, whatever writes them. */
function argumentsOf(named: object): Facts {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [`arguments.${name}`, text(value)]));
}

function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    const parts = Object.entries(value).map(([name, part]) => `${name}: ${text(part)}`);
    return `{${parts.sort().join(", ")}}`;
  }
  const written = String(value);
  return written.startsWith("0x") ? written.toLowerCase() : written;
}

/** Keccak-256 of the code at each of the commune's contracts, as `<contract>: code`, as a chain has it. */
async function codeHashes(chain: Chain, here: Commune): Promise<Facts> {
  const { keccak256 } = await import("viem");
  const codes = Object.entries(here.contracts).map(
    async ([name, at]) => [`${name}: code`, keccak256(await chain.code(at))] as const,
  );
  return Object.fromEntries(await Promise.all(codes));
}

async function compared<T>(
  source: Source,
  path: string,
  asked: () => Promise<{ data: T; block: Block }>,
  facts: (data: T) => Facts,
  onChain: (chain: Chain, here: Facts) => Promise<Facts>,
): Promise<Comparison> {
  const told = (here: Facts, there: Facts, at: Comparison["at"]): Comparison => {
    const checked = Object.keys(here).filter((name) => name in there);
    const differing = checked.filter((name) => here[name] !== there[name]);
    return {
      source,
      at,
      sameBlock: at.here.hash === at.there.hash,
      checked,
      differences: differing.map((field) => ({
        field,
        here: here[field] as string,
        there: there[field] as string,
      })),
    };
  };
  try {
    if (source.kind === "node") {
      for (let attempt = 1; ; attempt++) {
        const [mine, theirs] = await Promise.all([asked(), readAt<T>(source.address, path)]);
        const at = { here: mine.block, there: theirs.block };
        if (mine.block.hash === theirs.block.hash || attempt === TRIES)
          return told(facts(mine.data), facts(theirs.data), at);
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
    const mine = await asked();
    const chain = await opened(source, await commune());
    const block = await chain.at(mine.block);
    const here = facts(mine.data);
    return told(here, await onChain(chain, here), { here: mine.block, there: block });
  } catch (error) {
    if (error instanceof Refusal || error instanceof Problem) throw error;
    throw await ofWallet(error);
  }
}

/** What another node says of a path. */
async function readAt<T>(node: string, path: string): Promise<{ data: T; block: Block }> {
  let found: { data?: T; block?: Block };
  try {
    const response = await fetch(node.replace(/\/+$/, "") + path, {
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
    });
    // What this device kept of a node is no second source.
    found = response.headers.has(STALE) ? {} : await response.json();
  } catch {
    throw refuse("unreachable", { address: node }, "there");
  }
  if (found.data === undefined || !found.block) throw refuse("unreachable", { address: node }, "there");
  return { data: found.data, block: found.block };
}

interface Chain {
  /**
   * Asks everything after this at a block that the node named; the block there is instead where there is none
   * such.
   */
  at(block: Block): Promise<Pick<Block, "number" | "hash">>;
  view(module: string, name: string, args: readonly unknown[]): Promise<unknown>;
  code(address: Address): Promise<Hex>;
  receipt(transaction: Hex): Promise<Receipt | null>;
}

interface Receipt {
  transactionHash: Hex;
  blockNumber: Hex;
  blockHash: Hex;
  logs: { logIndex: Hex; address: Address; topics: [Hex, ...Hex[]]; data: Hex }[];
}

async function opened(source: Exclude<Source, { kind: "node" }>, here: Commune): Promise<Chain> {
  const provider = source.kind === "wallet" ? connected.peek()?.wallet.provider : chainAt(source.address);
  if (!provider) throw refuse("no-wallet");
  const found = Number(await provider.request({ method: "eth_chainId" }));
  if (found !== here.chainId)
    throw refuse("wrong-chain", { here: String(found), wanted: String(here.chainId) });
  return chainOf(provider, here);
}

function chainOf(provider: Eip1193, here: Commune): Chain {
  let tag = "latest";
  const ask = <T>(method: string, ...params: unknown[]) => provider.request({ method, params }) as Promise<T>;
  return {
    async at(block) {
      const number = `0x${block.number.toString(16)}`;
      const same = await ask<{ hash: Hex; number: Hex } | null>("eth_getBlockByNumber", number, false);
      if (same?.hash === block.hash && (await answersAt(ask, number, here))) {
        tag = number;
        return { number: block.number, hash: same.hash };
      }
      const last = await ask<{ hash: Hex; number: Hex }>("eth_getBlockByNumber", "latest", false);
      return { number: Number(last.number), hash: last.hash };
    },
    async view(module, name, args) {
      const call = { to: await addressOf(here, module), data: await calldata(module, name, args) };
      const data = await ask<Hex>("eth_call", call, tag);
      if (data === "0x") throw refuse("no-chain", {}, "elsewhere");
      return returned(module, name, data);
    },
    code: (address) => ask<Hex>("eth_getCode", address, tag),
    receipt: (transaction) => ask<Receipt | null>("eth_getTransactionReceipt", transaction),
  };
}

/** Whether the state of a block can still be asked for: many chain nodes forget it. */
async function answersAt(
  ask: (method: string, ...params: unknown[]) => Promise<unknown>,
  number: string,
  here: Commune,
): Promise<boolean> {
  const call = {
    to: await addressOf(here, "constitution"),
    data: await calldata("constitution", "currentSeason", []),
  };
  try {
    await ask("eth_call", call, number);
    return true;
  } catch (error) {
    return revertData(error) !== null;
  }
}

function tallied(tally: Data<"/v1/proposals/{proposalId}">["tally"]): Facts {
  const fields = [
    "againstVotes",
    "forVotes",
    "abstainVotes",
    "heads",
    "forHeads",
    "quorum",
    "followed",
  ] as const;
  return Object.fromEntries(fields.map((name) => [name, String(tally[name])]));
}

function bytes32(name: string): Hex {
  const hex = [...new TextEncoder().encode(name)]
    .map((octet) => octet.toString(16).padStart(2, "0"))
    .join("");
  return `0x${hex.padEnd(64, "0")}`;
}
