/**
 * Readings that keep themselves true: when the node's head moves, what is on the screen is read again.
 *
 * One tab listens to the node's stream for all tabs of a browser, which may keep six connections to a node.
 */
import { effect, signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { nodeAddress } from "@/app/preferences";
import {
  address,
  lastRead,
  read,
  readAll,
  Problem,
  type Block,
  type Data,
  type Path,
  type Values,
} from "./client";

export type Connection = "connecting" | "live" | "offline";

export interface Reorg {
  /** The last block that stands. */
  ancestor: { number: number; hash: string };
  /** The last block that was before, and does not. */
  dropped: number;
}

/** The block that the node has read last. */
export const head = signal<Block | null>(null);
export const connection = signal<Connection>("connecting");
/** The last time that blocks left the chain while this page was open. */
export const reorg = signal<Reorg | null>(null);

/** Counts the texts that this page gave the node: what is on the screen may know them by their hashes only. */
export const handedIn = signal(0);

type News = { node: string; connection?: Connection; head?: Block; reorg?: Reorg };

const others = new BroadcastChannel("dualpower-stream");
let measuredAt = performance.now();

/** The chain's time now, in seconds since 1970: its last block's, and what passed since. The device's own clock
 * may be wrong. */
export function chainNow(): number {
  const block = head.value;
  return block ? block.timestamp + (performance.now() - measuredAt) / 1000 : Date.now() / 1000;
}

/** Follows the chosen node until the page is closed, also when another is chosen. */
export function follow(): void {
  others.onmessage = (message: MessageEvent<News>) => take(message.data);
  effect(() => {
    const node = nodeAddress.value;
    head.value = null;
    connection.value = "connecting";
    const leaving = new AbortController();
    void navigator.locks
      .request(`dualpower-stream ${node}`, { signal: leaving.signal }, () => listen(node, leaving.signal))
      .catch(() => undefined);
    void firstHead(node);
    return () => leaving.abort();
  });
  addEventListener("offline", () => (connection.value = "offline"));
}

function listen(node: string, leaving: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stream = new EventSource(`${node}/v1/stream`);
    const tell = (news: Omit<News, "node">) => {
      take({ node, ...news });
      others.postMessage({ node, ...news });
    };
    stream.onopen = () => tell({ connection: "live" });
    stream.onerror = () => tell({ connection: "offline" });
    stream.addEventListener("head", (event) =>
      tell({ head: JSON.parse(event.data) as Block, connection: "live" }),
    );
    stream.addEventListener("reorg", (event) => tell({ reorg: JSON.parse(event.data) as Reorg }));
    leaving.addEventListener("abort", () => {
      stream.close();
      resolve();
    });
  });
}

function take(news: News): void {
  if (news.node !== nodeAddress.value) return;
  if (news.reorg) reorg.value = news.reorg;
  if (news.head) setHead(news.head);
  if (news.connection) connection.value = news.connection;
}

function setHead(block: Block): void {
  if (head.value?.hash === block.hash) return;
  measuredAt = performance.now();
  head.value = block;
}

async function firstHead(node: string): Promise<void> {
  try {
    const found = await read("/v1/node");
    if (node !== nodeAddress.value || head.value) return;
    if (found.stale) connection.value = "offline";
    setHead(found.block);
    if (!found.stale && connection.value === "connecting") connection.value = "live";
  } catch (error) {
    if (error instanceof Problem && node === nodeAddress.value) connection.value = "offline";
  }
}

export interface Live<T> {
  data: T | undefined;
  block: Block | undefined;
  next: string | null;
  error: Problem | undefined;
  /** Nothing is there to be shown yet. */
  loading: boolean;
  stale: boolean;
  reload: () => void;
}

/** What a path says, now and whenever the chain moves on. A path of null reads nothing. */
export function useReading<P extends Path>(path: P | null, values: Values = {}): Live<Data<P>> {
  return useLive(path, values, read);
}

/** All pages of a list, live. */
export function useAll<P extends Path>(path: P | null, values: Values = {}): Live<Data<P>> {
  return useLive(path, values, readAll);
}

/** What a path says, read in a way of its own, now and whenever the chain moves on. */
export function useLive<P extends Path>(path: P | null, values: Values, how: typeof read): Live<Data<P>> {
  const key = path === null ? null : address(path, values);
  const at = `${head.value?.hash} ${handedIn.value}`;
  const [, redraw] = useState(0);
  const [asked, again] = useState(0);
  const shown = useRef<{ key: string | null; live: Omit<Live<Data<P>>, "reload"> }>({
    key: null,
    live: NOTHING,
  });
  if (shown.current.key !== key) {
    const before = path !== null && how === read ? lastRead(path, values) : undefined;
    shown.current = {
      key,
      live: before ? { ...NOTHING, ...before, loading: false } : { ...NOTHING, loading: key !== null },
    };
  }
  useEffect(() => {
    if (path === null) return;
    let wanted = true;
    const show = (live: Omit<Live<Data<P>>, "reload">) => {
      if (!wanted) return;
      shown.current = { key, live };
      redraw((n) => n + 1);
    };
    how(path, values).then(
      (reading) => show({ ...reading, error: undefined, loading: false }),
      (error: unknown) => {
        const problem = error instanceof Problem ? error : new Problem(0, "failed", String(error));
        show({ ...shown.current.live, error: problem, loading: false });
      },
    );
    return () => {
      wanted = false;
    };
  }, [key, at, asked]);
  return { ...shown.current.live, reload: () => again((n) => n + 1) };
}

const NOTHING = {
  data: undefined,
  block: undefined,
  next: null,
  error: undefined,
  loading: false,
  stale: false,
};
