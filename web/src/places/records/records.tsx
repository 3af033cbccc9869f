/** Everything that ever happened, newest first: in words, or event by event as the contracts said it. */
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Item } from "@/api/client";
import { useReading } from "@/api/live";
import { go, here } from "@/app/router";
import {
  AsOf,
  Button,
  Empty,
  Facts,
  Field,
  Hex,
  Loading,
  Notice,
  Page,
  Person,
  Section,
  When,
} from "@/parts/basics";
import { LongList } from "@/parts/long-list";
import { PickMember } from "@/parts/pick-member";
import { Verify } from "@/parts/verify";
import { known, spoken, t } from "@/words";
import { short } from "@/words/format";
import { KINDS } from "./kinds";
import { usePages, type Pages } from "./pages";

type Told = Item<"/v1/activity">;
type Event = Item<"/v1/events">;

const VIEWS = ["words", "events"] as const;

export default function Records() {
  const { query } = here.value;
  const view = query.get("view") === "events" ? "events" : "words";
  const shared = query.get("event");
  return (
    <Page title={t("records.title")} lead={t("records.lead")}>
      {shared && <Shared id={shared} />}
      <fieldset class="switch">
        <legend class="unseen">{t("records.view")}</legend>
        {VIEWS.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="view"
              checked={view === one}
              onChange={() => choose({ view: one === "events" ? one : null, kind: null, contract: null })}
            />
            {t(`records.view.${one}`)}
          </label>
        ))}
      </fieldset>
      {view === "words" ? <InWords /> : <Raw />}
    </Page>
  );
}

/** Changes what is asked for in the address, so that it can be shared. */
function choose(changes: Record<string, string | null>): void {
  const query = new URLSearchParams(here.value.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  go(`/records${text ? `?${text}` : ""}`);
}

function InWords() {
  const { query } = here.value;
  const kind = query.get("kind");
  const memberId = Number(query.get("memberId")) || null;
  const caseId = Number(query.get("caseId")) || null;
  const pages = usePages<"/v1/activity", Told>("/v1/activity", { kind, memberId, caseId });
  const kinds = useMemo(
    () => [...KINDS].sort((a, b) => titled(a).localeCompare(titled(b), spoken.value)),
    [spoken.value],
  );
  return (
    <>
      {caseId !== null && (
        <Notice title={t("records.case", { id: String(caseId) })}>
          <p>{t("records.case.words")}</p>
          <Button onClick={() => choose({ caseId: null })}>{t("records.all")}</Button>
        </Notice>
      )}
      <div class="filters">
        <Field label={t("records.kind")}>
          {(attributes) => (
            <select
              {...attributes}
              value={kind ?? ""}
              onChange={(event) => choose({ kind: event.currentTarget.value })}
            >
              <option value="">{t("records.any")}</option>
              {kinds.map((one) => (
                <option key={one} value={one}>
                  {titled(one)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <PickMember
          label={t("records.about")}
          value={memberId}
          allowed={() => true}
          onPick={(picked) => choose({ memberId: picked === null ? null : String(picked) })}
        />
      </div>
      <Listed pages={pages} items={pages.items} height={112}>
        {(told) => <InWordsRow told={told} />}
      </Listed>
    </>
  );
}

function titled(kind: string): string {
  const key = `records.k.${kind}`;
  return known(key) ? t(key) : kind;
}

function InWordsRow({ told }: { told: Told }) {
  return (
    <article class="record">
      <p>
        <strong>{titled(told.kind)}</strong> <span lang="en">{told.words}</span>
      </p>
      <Where id={told.id} at={told.happenedAt} block={told.block} transaction={told.transaction}>
        {told.member && <Person id={told.member.memberId} introduction={told.member.introduction} />}
        {told.otherMember && <Person id={told.otherMember.memberId} />}
      </Where>
    </article>
  );
}

function Raw() {
  const contract = here.value.query.get("contract");
  const node = useReading("/v1/node");
  const pages = usePages<"/v1/events", Event>("/v1/events", {});
  const found = useMemo(
    () => (contract ? pages.items.filter((event) => event.contract === contract) : pages.items),
    [pages.items, contract],
  );
  return (
    <>
      <div class="filters">
        <Field
          label={t("records.contract")}
          hint={contract ? t("records.searched", { count: pages.items.length }) : undefined}
        >
          {(attributes) => (
            <select
              {...attributes}
              value={contract ?? ""}
              onChange={(event) => choose({ contract: event.currentTarget.value })}
            >
              <option value="">{t("records.any")}</option>
              {Object.keys(node.data?.contracts ?? {})
                .sort()
                .map((name) => (
                  <option key={name}>{name}</option>
                ))}
            </select>
          )}
        </Field>
      </div>
      <Listed pages={pages} items={found} height={112}>
        {(event) => <RawRow event={event} />}
      </Listed>
    </>
  );
}

function RawRow({ event }: { event: Event }) {
  return (
    <article class="record">
      <p>
        <strong>
          <code>
            {event.contract}.{event.event}
          </code>
        </strong>{" "}
        <code class="arguments">{summary(event.arguments)}</code>
      </p>
      <Where
        id={event.id}
        at={event.block.timestamp}
        block={event.block.number}
        transaction={event.transaction}
      />
    </article>
  );
}

const LONGEST = 180;

function written(value: unknown): string {
  if (typeof value === "object") return JSON.stringify(value);
  return typeof value === "string" && value.startsWith("0x") ? short(value) : String(value);
}

function summary(found: object): string {
  const text = Object.entries(found)
    .map(([name, value]) => `${name} ${written(value)}`)
    .join(", ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** When and where something happened, its address to be shared, and whether that is so. */
function Where(props: {
  id: string;
  at: number;
  block: number;
  transaction: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="where">
      <small>
        {props.children} <When at={props.at} /> · {t("app.block", { number: String(props.block) })} ·{" "}
        {t("records.transaction")} <Hex value={props.transaction} />
      </small>
      <span class="actions">
        <a
          class="button quiet small"
          href={`#/records?event=${props.id}`}
          aria-label={t("records.link.to", { id: props.id })}
        >
          {t("records.link")}
        </a>
        <Verify of={{ event: props.id }} brief />
      </span>
    </div>
  );
}

/** A list that grows at its foot as somebody reads on, and at its head as the chain goes on. */
function Listed<T extends { id: string }>(props: {
  pages: Pages<unknown>;
  items: T[];
  height: number;
  children: (item: T) => ComponentChildren;
}) {
  const { pages, items } = props;
  return (
    <>
      {pages.error && (
        <Notice tone="warn" title={t(pages.error.status === 0 ? "parts.unreachable" : "parts.problem")}>
          <p>{pages.error.detail ?? pages.error.title}</p>
          <Button onClick={pages.reload}>{t("parts.again")}</Button>
        </Notice>
      )}
      <p class="hint" role="status">
        {t("records.shown", { count: items.length })}
        {pages.fresh > 0 && ` ${t("records.fresh", { count: pages.fresh })}`}
      </p>
      {pages.loading && items.length === 0 && <Loading />}
      {!pages.loading && !pages.error && items.length === 0 && <Empty>{t("records.none")}</Empty>}
      <LongList
        items={items}
        label={t("records.title")}
        height={props.height}
        keyOf={(item) => item.id}
        onEnd={pages.more}
      >
        {props.children}
      </LongList>
      {pages.next !== null && (
        <p class="older">
          <Button onClick={pages.more}>{t("records.older")}</Button>
        </p>
      )}
      {pages.block && <AsOf block={pages.block} stale={pages.stale} />}
    </>
  );
}

/** The one event that a link names. */
function Shared({ id }: { id: string }) {
  const found = useReading("/v1/events", { id });
  const event = found.data?.[0];
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(location.href);
    setCopied(true);
  };
  return (
    <Section
      title={t("records.single", { id })}
      actions={
        <>
          <Button onClick={copy}>
            <span aria-live="polite">{t(copied ? "parts.copied" : "records.copy")}</span>
          </Button>
          <Button kind="quiet" onClick={() => choose({ event: null })}>
            {t("app.close")}
          </Button>
        </>
      }
    >
      {found.loading && <Loading />}
      {found.error && <Notice tone="warn">{found.error.detail ?? found.error.title}</Notice>}
      {found.data && !event && <Notice tone="warn">{t("records.gone")}</Notice>}
      {event && (
        <>
          <Facts
            rows={[
              [
                t("records.event"),
                <code>
                  {event.contract}.{event.event}
                </code>,
              ],
              [t("records.when"), <When at={event.block.timestamp} />],
              [t("records.block"), <Block of={event} />],
              [t("records.transaction"), <Hex value={event.transaction} />],
              ...Object.entries(event.arguments).map(
                ([name, value]) =>
                  [<code>{name}</code>, <Value value={value} />] as [ComponentChildren, ComponentChildren],
              ),
            ]}
          />
          <Verify of={{ event: id }} />
        </>
      )}
    </Section>
  );
}

function Block({ of }: { of: Event }) {
  return (
    <>
      {of.block.number} <Hex value={of.block.hash} />
    </>
  );
}

function Value({ value }: { value: unknown }) {
  if (typeof value === "string" && /^0x[0-9a-f]{40,}$/.test(value)) return <Hex value={value} />;
  return <span class="value">{typeof value === "object" ? JSON.stringify(value) : String(value)}</span>;
}
