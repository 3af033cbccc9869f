/**
 * Whether a second node, which read the same chain by itself, holds the same.
 *
 * Both say a hash of every table at a block. At the same block equal hashes mean equal rows; where a table differs,
 * its rows are read from both until the first that is not the same in both is found.
 */
import { useState } from "preact/hooks";
import type { Block } from "@/api/client";
import { STALE } from "@/api/stale";
import { nodeAddress, nodeFrom } from "@/app/preferences";
import { Button, Field, Hex, Notice, Section } from "@/parts/basics";
import { t } from "@/words";

interface State {
  stateHash: string;
  tables: Record<string, string>;
}

interface Answer<T> {
  data: T;
  block: Block;
  next?: string | null;
}

interface Row {
  table: string;
  /** The first row that differs, as each node has it; null where a node has no such row. */
  here: string | null;
  there: string | null;
}

type Outcome =
  | { kind: "same"; block: Block; tables: number }
  | { kind: "differs"; block: Block; rows: Row[] }
  | { kind: "apart"; here: Block; there: Block }
  | { kind: "forked"; here: Block; there: Block }
  | { kind: "failed"; why: string };

const TRIES = 8;
const PAUSE = 600;
const PAGES = 50;

export function Compare() {
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const other = typed.trim() === "" ? null : nodeFrom(typed);
  const bad = typed.trim() !== "" && other === null;
  const same = other !== null && other === nodeAddress.value;
  const compare = async (event: Event) => {
    event.preventDefault();
    if (other === null || same) return;
    setBusy(true);
    setOutcome(null);
    setOutcome(await compared(nodeAddress.value, other));
    setBusy(false);
  };
  return (
    <Section title={t("node.compare")}>
      <p>{t("node.compare.words")}</p>
      <form class="side-by-side" onSubmit={compare}>
        <Field
          label={t("node.compare.address")}
          error={bad ? t("settings.node.bad") : same && t("node.compare.itself")}
        >
          {(attributes) => (
            <input
              {...attributes}
              type="url"
              inputMode="url"
              autocomplete="off"
              placeholder="https://"
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          )}
        </Field>
        <Button type="submit" kind="primary" busy={busy} disabled={busy || other === null || same}>
          {t("node.compare.do")}
        </Button>
      </form>
      <div aria-live="polite">{outcome && <Told outcome={outcome} />}</div>
    </Section>
  );
}

function Told({ outcome }: { outcome: Outcome }) {
  switch (outcome.kind) {
    case "same":
      return (
        <Notice
          tone="good"
          title={t("node.same", { block: String(outcome.block.number), count: outcome.tables })}
        />
      );
    case "differs":
      return (
        <Notice
          tone="bad"
          title={t("node.differs", {
            block: String(outcome.block.number),
            tables: outcome.rows.map((row) => row.table).join(", "),
          })}
        >
          <p>{t("node.differs.words")}</p>
          {outcome.rows.map((row) => (
            <Differing key={row.table} row={row} />
          ))}
        </Notice>
      );
    case "apart":
      return (
        <Notice tone="warn" title={t("node.apart")}>
          {t("node.apart.words", { here: String(outcome.here.number), there: String(outcome.there.number) })}
        </Notice>
      );
    case "forked":
      return (
        <Notice tone="bad" title={t("node.forked", { block: String(outcome.here.number) })}>
          <p>{t("node.forked.words")}</p>
          <Hex value={outcome.here.hash} /> <Hex value={outcome.there.hash} />
        </Notice>
      );
    case "failed":
      return (
        <Notice tone="warn" title={t("node.failed")}>
          {outcome.why}
        </Notice>
      );
  }
}

function Differing({ row }: { row: Row }) {
  if (row.here === null && row.there === null) return null;
  return (
    <dl class="differing">
      <dt>{t("node.row.here", { table: row.table })}</dt>
      <dd>
        <code>{row.here ?? t("node.row.none")}</code>
      </dd>
      <dt>{t("node.row.there", { table: row.table })}</dt>
      <dd>
        <code>{row.there ?? t("node.row.none")}</code>
      </dd>
    </dl>
  );
}

async function compared(here: string, there: string): Promise<Outcome> {
  try {
    for (let attempt = 1; ; attempt++) {
      const [mine, theirs] = await Promise.all([
        ask<State>(here, "/v1/state"),
        ask<State>(there, "/v1/state"),
      ]);
      if (mine.block.hash === theirs.block.hash) return await judged(here, there, mine, theirs);
      if (attempt === TRIES)
        return {
          kind: mine.block.number === theirs.block.number ? "forked" : "apart",
          here: mine.block,
          there: theirs.block,
        };
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  } catch (error) {
    return { kind: "failed", why: error instanceof Error ? error.message : String(error) };
  }
}

async function judged(
  here: string,
  there: string,
  mine: Answer<State>,
  theirs: Answer<State>,
): Promise<Outcome> {
  const names = [...new Set([...Object.keys(mine.data.tables), ...Object.keys(theirs.data.tables)])];
  const differing = names.filter((name) => mine.data.tables[name] !== theirs.data.tables[name]);
  const block = mine.block;
  if (differing.length === 0 && mine.data.stateHash === theirs.data.stateHash)
    return { kind: "same", block, tables: names.length };
  const rows: Row[] = [];
  for (const table of differing) rows.push(await firstDifference(here, there, table));
  return { kind: "differs", block, rows };
}

/** Pages come in the order of the rows' keys on both nodes, so the first difference is where they part. */
async function firstDifference(here: string, there: string, table: string): Promise<Row> {
  const cursors: [string | null, string | null] = [null, null];
  for (let page = 0; page < PAGES; page++) {
    const of = (cursor: string | null) =>
      `?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`;
    const path = `/v1/state/${encodeURIComponent(table)}`;
    const [mine, theirs] = await Promise.all([
      ask<unknown[]>(here, path + of(cursors[0])),
      ask<unknown[]>(there, path + of(cursors[1])),
    ]).catch(() => [null, null] as const);
    if (!mine || !theirs) break;
    for (let n = 0; n < Math.max(mine.data.length, theirs.data.length); n++) {
      const [left, right] = [mine.data[n], theirs.data[n]].map((row) =>
        row === undefined ? null : JSON.stringify(row),
      ) as [string | null, string | null];
      if (left !== right) return { table, here: left, there: right };
    }
    cursors[0] = mine.next ?? null;
    cursors[1] = theirs.next ?? null;
    if (!cursors[0] || !cursors[1]) break;
  }
  return { table, here: null, there: null };
}

async function ask<T>(node: string, path: string): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(node + path, {
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(20_000),
    });
  } catch {
    throw new Error(t("node.failed.reach", { node: node || location.origin }));
  }
  // What this device kept of a node is no second source.
  if (response.headers.has(STALE)) throw new Error(t("node.failed.reach", { node: node || location.origin }));
  const body = await response.json().catch(() => null);
  if (!response.ok || typeof body?.block?.hash !== "string")
    throw new Error(t("node.failed.answer", { node: node || location.origin }));
  return body as Answer<T>;
}
