/**
 * Drafts: what would be done, in which words, by whom.
 *
 * The chain knows a draft only by the id that its proposal will have, OpenZeppelin's hash of the calls and the
 * description's hash; sponsors sign that id. So a draft is handed from person to person whole, in a link, and whoever
 * opens it works out the id again: a changed word is another draft.
 */
import { textHash } from "@/api/texts";
import { commune } from "@/chain/commune";
import type { Address, Hex } from "@/chain/eip1193";
import { t } from "@/words";
import { amount, points, short } from "@/words/format";

/** What a draft would have done. Amounts are whole numbers of the smallest parts, as text. */
export type Deed =
  | { kind: "adopt"; text: string }
  | {
      kind: "pay";
      asset: Address;
      decimals: number;
      symbol: string;
      to: Address;
      amount: string;
      reason: string;
    }
  | { kind: "award"; member: number; topic: number; micro: string; evidence: string }
  | { kind: "poll"; text: string; options: number; topic: number; secret: boolean; hidden: boolean };

export interface Draft {
  version: 1;
  by: "vote" | "consent";
  author: Address;
  title: string;
  /** Why, at length, as Markdown; may be empty. */
  body: string;
  /** Tells drafts apart that are the same in everything else. */
  nonce: number;
  topic: number;
  deeds: Deed[];
}

/** A draft as the chain takes it. */
export interface DrawnUp {
  id: string;
  targets: Address[];
  calldatas: Hex[];
  description: string;
  /** All that it names by a hash. */
  texts: string[];
}

const MOST = 200_000;

export async function drawnUp(draft: Draft): Promise<DrawnUp> {
  const [{ addressOf, calldata }, { proposalIdOf }, here] = await Promise.all([
    import("@/chain/abis"),
    import("@/chain/proposal-id"),
    commune(),
  ]);
  const call = async (module: string, name: string, ...args: unknown[]) => ({
    target: await addressOf(here, module),
    data: await calldata(module, name, args),
  });
  const calls = await Promise.all(
    draft.deeds.map(async (deed) => {
      switch (deed.kind) {
        case "adopt":
          return call("constitution", "adopt", await textHash(deed.text));
        case "pay":
          return call("commons", "pay", deed.asset, deed.to, deed.amount, await textHash(deed.reason));
        case "award":
          // Reason 0 is a decision; 0 at the end is no source.
          return call(
            ...(["reputation", "award", deed.member, deed.topic, deed.micro, 0] as const),
            await textHash(deed.evidence),
            0,
          );
        case "poll":
          return call(
            ...(["polls", "open", await textHash(deed.text), deed.options, deed.topic] as const),
            deed.secret,
            deed.hidden,
          );
      }
    }),
  );
  const proposer = draft.by === "consent" ? await addressOf(here, "consent") : draft.author;
  const body = draft.body.trim() ? `\n\ntext:${await textHash(draft.body)}` : "";
  const description = `${draft.title}${body}#nonce=${draft.nonce}#proposer=${proposer.toLowerCase()}`;
  const [targets, calldatas] = [calls.map(({ target }) => target), calls.map(({ data }) => data)];
  const id = proposalIdOf(
    targets,
    calls.map(() => "0"),
    calldatas,
    await textHash(description),
  );
  const texts = [...(draft.body.trim() ? [draft.body] : []), ...draft.deeds.map(textOf)];
  return { id, targets, calldatas, description, texts };
}

/** The text that a deed names by its hash. */
export function textOf(deed: Deed): string {
  if (deed.kind === "pay") return deed.reason;
  return deed.kind === "award" ? deed.evidence : deed.text;
}

/** What a deed does, in words. */
export function deedInWords(deed: Deed, nameOf: (topic: number) => string): string {
  switch (deed.kind) {
    case "adopt":
      return t("proposals.deeds.adopt.words");
    case "pay":
      return t("proposals.deeds.pay.words", {
        amount: amount(deed.amount, deed.decimals, deed.symbol),
        to: short(deed.to),
      });
    case "award":
      return t("proposals.deeds.award.words", {
        member: String(deed.member),
        points: points(deed.micro),
        topic: nameOf(deed.topic),
      });
    case "poll":
      return t(deed.secret ? "proposals.deeds.poll.secret" : "proposals.deeds.poll.words", {
        count: deed.options,
        topic: nameOf(deed.topic),
      });
  }
}

const KEY = "dualpower.draft.";

/** Those of this device, by id. */
export function keptDrafts(): Map<string, Draft> {
  const found = new Map<string, Draft>();
  try {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(KEY)) continue;
      const draft = read(localStorage.getItem(name) ?? "");
      if (draft) found.set(name.slice(KEY.length), draft);
    }
  } catch {
    // A closed storage keeps none.
  }
  return found;
}

/** Whether it could be kept. */
export function keepDraft(id: string, draft: Draft): boolean {
  try {
    localStorage.setItem(KEY + id, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function forgetDraft(id: string): void {
  try {
    localStorage.removeItem(KEY + id);
  } catch {
    // Nothing is kept there.
  }
}

/** A draft as text for a link. */
export async function packed(draft: Draft): Promise<string> {
  const bytes = await through(
    new TextEncoder().encode(JSON.stringify(draft)),
    new CompressionStream("deflate-raw"),
  );
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The draft of a link; null if it is none. */
export async function unpacked(text: string): Promise<Draft | null> {
  try {
    const whole = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    const bytes = Uint8Array.from(whole, (letter) => letter.charCodeAt(0));
    const plain = await through(bytes, new DecompressionStream("deflate-raw"));
    return read(new TextDecoder().decode(plain));
  } catch {
    return null;
  }
}

async function through(bytes: Uint8Array<ArrayBuffer>, change: GenericTransformStream): Promise<Uint8Array> {
  const stream = new Blob([bytes])
    .stream()
    .pipeThrough<Uint8Array>(change as ReadableWritablePair<Uint8Array, Uint8Array<ArrayBuffer>>);
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST) throw new RangeError("a draft of a link is not that long");
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A draft that somebody else may have made: every field is what it has to be, or it is none. */
function read(json: string): Draft | null {
  try {
    const given = JSON.parse(json) as Draft;
    const good =
      given.version === 1 &&
      ["vote", "consent"].includes(given.by) &&
      isAddress(given.author) &&
      isText(given.title) &&
      isText(given.body) &&
      isNumber(given.nonce) &&
      isNumber(given.topic) &&
      Array.isArray(given.deeds) &&
      given.deeds.length > 0 &&
      given.deeds.every(isDeed);
    return good ? given : null;
  } catch {
    return null;
  }
}

function isDeed(deed: Deed): boolean {
  switch (deed.kind) {
    case "adopt":
      return isText(deed.text);
    case "pay":
      return (
        isAddress(deed.asset) &&
        isAddress(deed.to) &&
        isNumber(deed.decimals) &&
        deed.decimals <= 77 &&
        isText(deed.symbol) &&
        /^\d{1,78}$/.test(deed.amount) &&
        isText(deed.reason)
      );
    case "award":
      return (
        isNumber(deed.member) &&
        isNumber(deed.topic) &&
        /^\d{1,30}$/.test(deed.micro) &&
        isText(deed.evidence)
      );
    case "poll":
      return (
        isText(deed.text) &&
        isNumber(deed.options) &&
        isNumber(deed.topic) &&
        typeof deed.secret === "boolean" &&
        typeof deed.hidden === "boolean"
      );
    default:
      return false;
  }
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isAddress = (value: unknown): value is Address => isText(value) && /^0x[0-9a-fA-F]{40}$/.test(value);
