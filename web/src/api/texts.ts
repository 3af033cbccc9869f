/**
 * Texts behind hashes: introductions, reasons, proposals.
 *
 * The chain has the hash and nodes have the text, so that what a node gives is compared with the hash here. A node
 * takes a text only once the chain refers to it: what somebody wrote is kept on this device until then.
 */
import { effect } from "@preact/signals";
import { del, entries, set } from "idb-keyval";
import { nodeAddress } from "@/app/preferences";
import { address, readAll, send } from "./client";
import { head } from "./live";
import { Problem } from "./problem";

export type Kept =
  | { state: "here"; text: string }
  /** The node does not have it. */
  | { state: "missing" }
  /** The node gave a text with another hash. */
  | { state: "false" }
  | { state: "unreachable" };

const PATIENCE = 20_000;
const FOUND = 200;
const found = new Map<string, string>();

/** The text with a hash, if the chosen node has it. */
export async function readText(hash: string): Promise<Kept> {
  const before = found.get(hash);
  if (before !== undefined) return { state: "here", text: before };
  let response: Response;
  let text: string;
  try {
    response = await fetch(address("/v1/texts/{textHash}", { textHash: hash }), {
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
    });
    text = await response.text();
  } catch {
    return { state: "unreachable" };
  }
  if (response.status === 404) return { state: "missing" };
  if (!response.ok) return { state: "unreachable" };
  if ((await hashOf(text)) !== hash.toLowerCase()) return { state: "false" };
  found.set(hash, text);
  if (found.size > FOUND) found.delete(found.keys().next().value as string);
  return { state: "here", text };
}

export async function hashOf(text: string): Promise<`0x${string}`> {
  return (await import("./keccak")).hashOf(text);
}

const KEY = "text ";
/** How long a text is kept here whose hash never came on the chain, milliseconds. */
const LIFETIME = 60 * 86_400_000;

interface Waiting {
  text: string;
  since: number;
}

/** Those that the device has no room for: they last as long as the page is open. */
const homeless = new Map<string, Waiting>();

/** Keeps a text until the chain refers to it and the node takes it; its hash. */
export async function keepText(text: string): Promise<`0x${string}`> {
  const hash = await hashOf(text);
  found.set(hash, text);
  const waiting: Waiting = { text, since: Date.now() };
  await set(KEY + hash, waiting).catch(() => homeless.set(KEY + hash, waiting));
  return hash;
}

/** Hands the node what is kept for it, whenever the chain moves on. */
export function handInTexts(): void {
  let under = false;
  effect(() => {
    void nodeAddress.value;
    if (!head.value || under) return;
    under = true;
    void handIn()
      .catch(() => undefined)
      .finally(() => (under = false));
  });
}

async function handIn(): Promise<void> {
  const stored = await entries<string, Waiting>().catch(() => []);
  const waiting = [...stored, ...homeless].filter(([key]) => String(key).startsWith(KEY));
  if (waiting.length === 0) return;
  const wanted = new Set((await readAll("/v1/texts", { held: false })).data.map((one) => one.textHash));
  for (const [key, { text, since }] of waiting) {
    const hash = key.slice(KEY.length);
    const given = wanted.has(hash) && (await isTaken(hash, text));
    if (given || Date.now() - since > LIFETIME) {
      homeless.delete(key);
      await del(key).catch(() => undefined);
    }
  }
}

async function isTaken(hash: string, text: string): Promise<boolean> {
  try {
    await send("PUT", `/v1/texts/${hash}`, text);
    return true;
  } catch (error) {
    // What the node will not take however often it is asked is of no use here.
    return error instanceof Problem && !error.passing && error.kind !== "not-referenced";
  }
}
