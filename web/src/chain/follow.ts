/**
 * What comes of what was signed here: on its way, in a block, final; or refused, or taken back by the chain.
 *
 * It counts as included once the node has read the block that it is in, and as final once the chain says so
 * of that block; where nobody can be asked, after `DEPTH` more blocks. On a chain of this machine, which
 * finalises nothing, one more block or a few seconds count. If the block leaves the chain, it is undone and
 * followed again: a relay sends it anew by itself.
 *
 * Everything is kept in this browser, so that closing the page loses nothing, and told to its other tabs.
 */
import {
  batch,
  computed,
  effect,
  signal,
  untracked,
  type ReadonlySignal,
  type Signal,
} from "@preact/signals";
import { createStore, del, entries, set } from "idb-keyval";
import { textHash } from "@/api/texts";
import { Problem, read, send, type Block, type Data } from "@/api/client";
import { connection, handedIn as counted, head, reorg } from "@/api/live";
import { nodeAddress } from "@/app/preferences";
import { LOCAL_CHAINS } from "./commune";
import type { Address, Eip1193, Hex } from "./eip1193";
import { ofError, ofProblem, Refusal } from "./refusal";
import { chainAddress, chainAt } from "./rpc";
import { connected } from "./wallets";

export type State = "signing" | "queued" | "sent" | "included" | "final" | "refused" | "undone";

/** What was signed for a relay, as it is posted. */
export interface Posted {
  path: string;
  body: unknown;
}

/** An outcome as it is kept. */
export interface Kept {
  id: string;
  /** In words. */
  title: string;
  /** Two with the same subject are the same act. */
  subject: string;
  account: Address;
  node: string;
  chainId: number;
  way: "relay" | "transaction";
  state: State;
  /** When it was signed, by the device's clock, in milliseconds. */
  at: number;
  /** The head when it was signed: it can only be in a later block. */
  after: number;
  posted: Posted | null;
  /** Texts that the node is still to be given: it takes them once their hashes are on the chain. */
  texts: readonly string[];
  ticket: string | null;
  tx: Hex | null;
  block: { number: number; hash: string } | null;
  /** When it became final, by the device's clock, in milliseconds. */
  finalAt: number | null;
  /** Why it was refused or undone, in words. */
  reason: string | null;
  /** The error behind it. */
  code: string | null;
}

export class Outcome {
  readonly now: Signal<Kept>;
  readonly state: ReadonlySignal<State>;

  constructor(kept: Kept) {
    this.now = signal(kept);
    this.state = computed(() => this.now.value.state);
  }

  get id(): string {
    return this.now.value.id;
  }
  get title(): string {
    return this.now.value.title;
  }
  get tx(): Hex | null {
    return this.now.value.tx;
  }
  get block(): { number: number; hash: string } | null {
    return this.now.value.block;
  }
  get reason(): string | null {
    return this.now.value.reason;
  }
  get code(): string | null {
    return this.now.value.code;
  }
  /** Whether more may come of it. */
  get open(): boolean {
    return this.state.value !== "final" && this.state.value !== "refused";
  }
}

/** The latest first. */
export const outcomes = signal<Outcome[]>([]);
/** Whether outcomes can be kept beyond this page: storage may be full or closed. */
export const keeping = signal(true);

/** Blocks after which what nobody calls final is taken for final: two epochs of Ethereum. */
export const DEPTH = 64;
const LOCAL_FINAL = 5_000;
const KEPT_FOR = 30 * 86_400_000;
const MOST = 200;
const EVENT_PAGES = 20;

const store = createStore("dualpower-outcomes", "kept");
const others = new BroadcastChannel("dualpower-outcomes");
/** What another tab is asking its wallet about, by subject: until when that is believed. */
const asked = new Map<string, number>();
const ASKED_FOR = 300_000;

type News = { kept: Kept } | { gone: string } | { asking: string } | { askedNoMore: string };

let started = false;

/** Takes up what earlier pages left, and follows everything from now on. */
export function followAll(): void {
  if (started) return;
  started = true;
  others.onmessage = ({ data }: MessageEvent<News>) => hear(data);
  addEventListener("pagehide", () => {
    for (const outcome of outcomes.peek())
      if (outcome.state.peek() === "signing") tell({ askedNoMore: outcome.now.peek().subject });
  });
  void entries<string, Kept>(store).then(
    (found) => {
      const now = Date.now();
      for (const [id, kept] of found) {
        // Nobody can answer a wallet's question of a page that is gone.
        const over = !unfinished(kept) && now - kept.at > KEPT_FOR;
        if (over || kept.state === "signing") void del(id, store).catch(() => undefined);
        else if (!byId(id)) place(new Outcome(kept));
      }
    },
    () => (keeping.value = false),
  );
  effect(() => {
    const told = reorg.value;
    if (told) untracked(() => takeBack(told.ancestor.number));
  });
  effect(() => {
    void head.value;
    void connection.value;
    untracked(() => void look());
  });
  setInterval(() => void look(), 1_000);
}

function unfinished(kept: Kept): boolean {
  return kept.state !== "final" && kept.state !== "refused";
}

function byId(id: string): Outcome | undefined {
  return outcomes.peek().find((one) => one.now.peek().id === id);
}

function place(outcome: Outcome): void {
  const all = [...outcomes.peek(), outcome].sort((one, other) => other.now.peek().at - one.now.peek().at);
  outcomes.value = all.slice(0, MOST);
}

function hear(news: News): void {
  if ("kept" in news) {
    const mine = byId(news.kept.id);
    if (mine) mine.now.value = news.kept;
    else place(new Outcome(news.kept));
    asked.delete(news.kept.subject);
  } else if ("gone" in news)
    outcomes.value = outcomes.peek().filter((one) => one.now.peek().id !== news.gone);
  else if ("asking" in news) asked.set(news.asking, Date.now() + ASKED_FOR);
  else asked.delete(news.askedNoMore);
}

function tell(news: News): void {
  others.postMessage(news);
}

/** A new outcome, which a wallet is being asked about. */
export function begin(
  about: Omit<
    Kept,
    "id" | "state" | "at" | "after" | "posted" | "ticket" | "tx" | "block" | "finalAt" | "reason" | "code"
  >,
): Outcome {
  const id = crypto.getRandomValues(new Uint32Array(4)).join("-");
  const outcome = new Outcome({
    ...about,
    id,
    state: "signing",
    at: Date.now(),
    after: head.peek()?.number ?? 0,
    ...{ posted: null, ticket: null, tx: null, block: null, finalAt: null, reason: null, code: null },
  });
  place(outcome);
  tell({ asking: about.subject });
  return outcome;
}

/**
 * The act that is on its way, or was done, with this subject; `elsewhere` where another tab asks its wallet.
 */
export function found(subject: string, done: boolean): Outcome | "elsewhere" | null {
  const states: State[] = done
    ? ["signing", "queued", "sent", "included", "final", "undone"]
    : ["signing", "queued", "sent"];
  const node = nodeAddress.peek();
  const mine = outcomes.peek().find((one) => {
    const kept = one.now.peek();
    return kept.subject === subject && kept.node === node && states.includes(kept.state);
  });
  return mine ?? ((asked.get(subject) ?? 0) > Date.now() ? "elsewhere" : null);
}

/** Writes down what is known of an outcome now. */
export function change(outcome: Outcome, changes: Partial<Kept>): void {
  const kept = { ...outcome.now.peek(), ...changes };
  // What was signed is kept for as long as it may have to be sent again, and no longer.
  if (!unfinished(kept) && !LOCAL_CHAINS.includes(kept.chainId)) kept.posted = null;
  outcome.now.value = kept;
  tell({ kept });
  if (kept.state !== "signing") void set(kept.id, kept, store).catch(() => (keeping.value = false));
}

/** Takes an outcome off the list. What is on its way stays on its way. */
export function dismiss(outcome: Outcome): void {
  const { id, subject } = outcome.now.peek();
  outcomes.value = outcomes.peek().filter((one) => one !== outcome);
  tell({ askedNoMore: subject });
  tell({ gone: id });
  void del(id, store).catch(() => undefined);
}

/** Resolves once it has come so far. Raises a `Refusal` if it is refused. */
export function reached(
  outcome: Outcome,
  state: "sent" | "included" | "final" = "included",
): Promise<Outcome> {
  const far: State[] = {
    sent: ["sent", "included", "final"],
    included: ["included", "final"],
    final: ["final"],
  }[state] as State[];
  return new Promise((resolve, reject) => {
    const stop: { now?: () => void } = {};
    let ended = false;
    const end = (what: () => void) => {
      ended = true;
      stop.now?.();
      what();
    };
    stop.now = effect(() => {
      const now = outcome.state.value;
      if (ended) return;
      if (far.includes(now)) end(() => resolve(outcome));
      else if (now === "refused")
        end(() => reject(new Refusal("reverted", outcome.reason ?? "", outcome.code)));
    });
    if (ended) stop.now();
  });
}

/** Blocks after `ancestor` left the chain. */
function takeBack(ancestor: number): void {
  batch(() => {
    for (const outcome of outcomes.peek()) {
      const { block, state, node } = outcome.now.peek();
      const gone = node === nodeAddress.peek() && block !== null && block.number > ancestor;
      if (gone && (state === "included" || state === "final"))
        change(outcome, {
          state: "undone",
          block: null,
          tx: outcome.now.peek().way === "relay" ? null : outcome.now.peek().tx,
        });
    }
  });
}

let looking = false;

/** One look at everything that is open. */
async function look(): Promise<void> {
  if (looking) return;
  looking = true;
  try {
    for (const outcome of outcomes.peek()) {
      const kept = outcome.now.peek();
      if (kept.node !== nodeAddress.peek() || !unfinished(kept) || kept.state === "signing") continue;
      await step(outcome).catch((error: unknown) => {
        // A node or a chain that is away now is asked again.
        if (!(error instanceof Problem) && !(error instanceof Refusal)) throw error;
      });
    }
  } finally {
    looking = false;
  }
}

async function step(outcome: Outcome): Promise<void> {
  const { state, way, ticket, posted } = outcome.now.peek();
  if (state === "queued") return alone(outcome, () => post(outcome));
  if (state === "included") return (await handedIn(outcome)) ? settle(outcome) : undefined;
  if (way === "transaction") return watchTransaction(outcome);
  if (ticket) return watchTicket(outcome, ticket);
  if (posted) return alone(outcome, () => post(outcome));
}

/** In one tab at a time: two that sent the same would have one of them refused. */
async function alone(outcome: Outcome, act: () => Promise<void>): Promise<void> {
  const { id, state } = outcome.now.peek();
  if (!navigator.locks) return act();
  await navigator.locks.request(`dualpower-outcome ${id}`, { ifAvailable: true }, async (lock) => {
    if (lock && outcome.state.peek() === state) await act();
  });
}

/** Hands to the relay what was signed for it; where it cannot be reached, it waits. Raises a `Refusal`. */
export async function post(outcome: Outcome): Promise<void> {
  const { posted } = outcome.now.peek();
  if (!posted) return;
  try {
    const answer = (await send("POST", posted.path, posted.body)) as { data: { ticket: string } };
    change(outcome, { state: "sent", ticket: answer.data.ticket, reason: null, code: null });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const items = error.body["items"] as
      { problem: { error: string; arguments: { ticket?: string } } | null }[] | undefined;
    const problem = items?.[0]?.problem;
    // Handed in before, by a page that was closed before it heard of it.
    if (
      problem?.error === "RelayOnItsWay" &&
      problem.arguments.ticket &&
      outcome.state.peek() !== "signing"
    ) {
      change(outcome, { state: "sent", ticket: problem.arguments.ticket });
      return;
    }
    if (!items && error.passing && error.status !== 429) {
      if (outcome.state.peek() !== "queued") change(outcome, { state: "queued" });
      return;
    }
    const refusal = await ofProblem(error);
    if (outcome.state.peek() !== "signing")
      change(outcome, { state: "refused", reason: refusal.message, code: refusal.error });
    throw refusal;
  }
}

async function watchTicket(outcome: Outcome, ticket: string): Promise<void> {
  let told: Data<"/v1/relay/{ticket}">;
  try {
    told = (await read("/v1/relay/{ticket}", { ticket })).data;
  } catch (error) {
    // The node lost its tickets: what was signed is as good as before.
    if (error instanceof Problem && error.status === 404) change(outcome, { ticket: null, state: "queued" });
    else throw error;
    return;
  }
  const item = told.items[0];
  if (!item) return;
  if (item.status === "Included") {
    if (item.transaction === null || item.block === null) {
      const at = head.peek();
      change(outcome, { state: "included", block: at && { number: at.number, hash: at.hash } });
      return;
    }
    if (outcome.now.peek().tx !== item.transaction) change(outcome, { tx: item.transaction as Hex });
    const block = await blockWith(item.transaction, item.block);
    if (block) change(outcome, { state: "included", block });
  } else if (item.status === "Failed" || item.status === "Skipped" || item.status === "Refused") {
    const { problem } = item;
    const refusal = problem ? await ofError(problem.error, problem.arguments) : null;
    const tx = item.transaction as Hex | null;
    change(outcome, { state: "refused", tx, reason: refusal?.message ?? null, code: problem?.error ?? null });
  }
}

async function watchTransaction(outcome: Outcome): Promise<void> {
  const { tx, after } = outcome.now.peek();
  if (!tx) return;
  const chain = chainOf(outcome);
  if (chain) {
    const receipt = (await ask(chain, "eth_getTransactionReceipt", [tx])) as { status: Hex } | null;
    if (receipt && Number(receipt.status) !== 1) {
      const refusal = await ofError("UnknownError", {});
      change(outcome, { state: "refused", reason: refusal.message, code: refusal.error });
      return;
    }
  }
  const block = await blockWith(tx, after + 1);
  if (block) change(outcome, { state: "included", block });
}

/** The block in which the node has read a transaction's events, not before block `first`. */
async function blockWith(tx: string, first: number): Promise<Block | null> {
  let cursor: string | null = null;
  for (let page = 0; page < EVENT_PAGES; page++) {
    const events: { data: Data<"/v1/events">; next: string | null } = await read("/v1/events", {
      limit: 200,
      cursor,
    });
    const mine = events.data.find((event) => event.transaction === tx);
    if (mine) return mine.block;
    const last = events.data.at(-1);
    if (!last || last.block.number < first || !events.next) return null;
    cursor = events.next;
  }
  return null;
}

async function settle(outcome: Outcome): Promise<void> {
  const { block, chainId, tx } = outcome.now.peek();
  const now = head.peek();
  if (!block || !now) return;
  if (LOCAL_CHAINS.includes(chainId)) {
    seen.set(outcome, seen.get(outcome) ?? Date.now());
    if (now.number > block.number || Date.now() - (seen.get(outcome) as number) > LOCAL_FINAL)
      await finish(outcome, tx, block.number);
    return;
  }
  const chain = chainOf(outcome);
  const finalised = chain ? await finalisedAt(chain) : null;
  if (block.number <= (finalised ?? now.number - DEPTH)) await finish(outcome, tx, block.number);
}

const seen = new WeakMap<Outcome, number>();

/** Gives the node the texts that the act named; whether it has them all. */
async function handedIn(outcome: Outcome): Promise<boolean> {
  for (const text of outcome.now.peek().texts) {
    const hash = await textHash(text);
    try {
      await send("PUT", `/v1/texts/${hash}`, text);
      counted.value++;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // It does not know the hash yet.
      if (error.passing || error.status === 404 || error.status === 409) return false;
      change(outcome, { reason: error.message, code: error.kind });
    }
    change(outcome, { texts: outcome.now.peek().texts.filter((one) => one !== text) });
  }
  return true;
}

/** Final is what is still there: a reorg may have come while the page was closed. */
async function finish(outcome: Outcome, tx: Hex | null, number: number): Promise<void> {
  if (tx && !(await blockWith(tx, number))) change(outcome, { state: "undone", block: null });
  else change(outcome, { state: "final", finalAt: Date.now() });
}

async function finalisedAt(chain: Eip1193): Promise<number | null> {
  const block = (await ask(chain, "eth_getBlockByNumber", ["finalized", false])) as { number: Hex } | null;
  return block ? Number(block.number) : null;
}

/** Who can be asked about the chain that an outcome is on. */
function chainOf(outcome: Outcome): Eip1193 | null {
  const now = connected.peek();
  if (now?.chainId === outcome.now.peek().chainId) return now.wallet.provider;
  return chainAddress.peek() ? chainAt(chainAddress.peek() as string) : null;
}

/** Null where the chain does not say. */
async function ask(chain: Eip1193, method: string, params: unknown[]): Promise<unknown> {
  return chain.request({ method, params }).catch(() => null);
}
