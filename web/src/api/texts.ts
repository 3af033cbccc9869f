/**
 * Texts behind hashes: introductions, reasons, proposals.
 *
 * The chain has the hash and nodes have the text, so that what a node gives is compared with the hash here.
 */
import { address } from "./client";

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
  if ((await textHash(text)) !== hash.toLowerCase()) return { state: "false" };
  remember(hash, text);
  return { state: "here", text };
}

/** The hash of a text that somebody wrote here, who then sees it before any node has it. */
export async function hashOfOwn(text: string): Promise<`0x${string}`> {
  const hash = await textHash(text);
  remember(hash, text);
  return hash;
}

function remember(hash: string, text: string): void {
  found.set(hash, text);
  if (found.size > FOUND) found.delete(found.keys().next().value as string);
}

/** How the chain refers to a text. */
export async function textHash(text: string): Promise<`0x${string}`> {
  return (await import("./keccak")).hashOf(text);
}
