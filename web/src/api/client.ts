/**
 * Requests to the chosen node, typed by its OpenAPI description.
 *
 * Answers are kept with their ETag: asking again for what has not changed costs the node and the phone a 304.
 * What the service worker answers from the device's cache, because no node could be reached, is marked stale.
 */
import type { paths } from "openapi";
import { nodeAddress } from "@/app/preferences";
import { Problem, problemOf } from "./problem";
import { STALE } from "./stale";

export { Problem } from "./problem";

type Answer<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { "application/json": infer B } } } };
}
  ? B
  : never;

/** Paths that can be read. */
export type Path = { [P in keyof paths]: [Answer<P>] extends [never] ? never : P }[keyof paths];

/** The `data` of a path's answer. */
export type Data<P extends Path> = Answer<P> extends { data: infer D } ? D : never;

/** One item of a path that answers a list. */
export type Item<P extends Path> = Data<P> extends (infer I)[] ? I : never;

/** Path parameters and query, by name; those that are null or undefined are left out. */
export type Values = Record<string, string | number | boolean | null | undefined>;

export interface Block {
  number: number;
  hash: string;
  /** Seconds since 1970. */
  timestamp: number;
}

export interface Reading<T> {
  data: T;
  /** The block that the answer is true at. */
  block: Block;
  next: string | null;
  /** Whether it comes from this device, since no node could be reached. */
  stale: boolean;
}

const KEPT = 300;
const PATIENCE = 20_000;
const MOST_PAGES = 200;

const kept = new Map<string, { tag: string; reading: Reading<unknown> }>();
const underWay = new Map<string, Promise<Reading<unknown>>>();

/** The address of a path at the chosen node. */
export function address(path: string, values: Values = {}): string {
  const query = new URLSearchParams();
  const used = new Set<string>();
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    used.add(name);
    return encodeURIComponent(String(values[name]));
  });
  for (const [name, value] of Object.entries(values)) {
    if (!used.has(name) && value != null) query.set(name, String(value));
  }
  const text = query.toString();
  return nodeAddress.value + filled + (text ? `?${text}` : "");
}

/** What the node says now. Two callers who ask for the same at once share a request. */
export async function read<P extends Path>(path: P, values: Values = {}): Promise<Reading<Data<P>>> {
  const url = address(path, values);
  let asked = underWay.get(url);
  if (!asked) {
    asked = get(url).finally(() => underWay.delete(url));
    underWay.set(url, asked);
  }
  return (await asked) as Reading<Data<P>>;
}

/** All pages of a list, as one. The block is the last page's. */
export async function readAll<P extends Path>(path: P, values: Values = {}): Promise<Reading<Data<P>>> {
  const found: unknown[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const reading: Reading<Data<P>> = await read(path, { limit: 200, ...values, cursor });
    found.push(...(reading.data as unknown[]));
    cursor = reading.next;
    if (!cursor) return { ...reading, data: found as Data<P> };
  }
  throw new Problem(0, "too-long", `${path} has more pages than can be shown`);
}

/** What was last read of an address, without asking. */
export function lastRead<P extends Path>(path: P, values: Values = {}): Reading<Data<P>> | undefined {
  return kept.get(address(path, values))?.reading as Reading<Data<P>> | undefined;
}

/** A request that changes something. Returns the answer's document, or null where there is none. */
export async function send(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<any> {
  const plain = typeof body === "string";
  const response = await attempt(nodeAddress.value + path, {
    method,
    headers: {
      ...(body === undefined
        ? {}
        : { "content-type": plain ? "text/plain; charset=utf-8" : "application/json" }),
      ...headers,
    },
    body: body === undefined ? null : plain ? body : JSON.stringify(body),
  });
  if (!response.ok) throw await problemOf(response);
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

async function get(url: string): Promise<Reading<unknown>> {
  const before = kept.get(url);
  const response = await attempt(url, before ? { headers: { "if-none-match": before.tag } } : {});
  if (response.status === 304 && before) {
    keep(url, before.tag, before.reading);
    return before.reading;
  }
  if (!response.ok) throw await problemOf(response);
  let document: { data: unknown; block: Block; next?: string | null };
  try {
    document = await response.json();
  } catch {
    throw new Problem(0, "not-a-node", "The answer is not a node's");
  }
  const stale = response.headers.has(STALE);
  const reading = { data: document.data, block: document.block, next: document.next ?? null, stale };
  const tag = response.headers.get("etag");
  if (tag && !stale) keep(url, tag, reading);
  return reading;
}

function keep(url: string, tag: string, reading: Reading<unknown>): void {
  kept.delete(url);
  kept.set(url, { tag, reading });
  if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
}

async function attempt(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, {
      ...options,
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    const slow = error instanceof DOMException && error.name === "TimeoutError";
    throw new Problem(
      0,
      slow ? "too-slow" : "unreachable",
      slow ? "The node took too long" : "The node cannot be reached",
    );
  }
}
