/** The small things that every place is made of. */
import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { chainNow, head, type Live } from "@/api/live";
import type { Block } from "@/api/client";
import { memberId as mine } from "@/app/me";
import { distance, memberName, short, when as written } from "@/words/format";
import { t } from "@/words";

/** A place's heading, and what belongs beside it. */
export function Page(props: {
  title: ComponentChildren;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <>
      <header class="page-head">
        <div>
          <h1>{props.title}</h1>
          {props.lead && <p class="lead">{props.lead}</p>}
        </div>
        {props.actions && <div class="actions">{props.actions}</div>}
      </header>
      {props.children}
    </>
  );
}

/** A card with a heading of its own. */
export function Section(props: {
  title: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
  class?: string;
}) {
  const id = useId();
  return (
    <section class={`card ${props.class ?? ""}`} aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{props.title}</h2>
        {props.actions && <div class="actions">{props.actions}</div>}
      </div>
      {props.children}
    </section>
  );
}

type ButtonKind = "primary" | "plain" | "quiet" | "danger";

export function Button(
  props: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: ButtonKind; busy?: boolean },
) {
  const { kind = "plain", busy, children, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      class={`button ${kind} ${props.class ?? ""}`}
      aria-busy={busy || undefined}
    >
      {children}
    </button>
  );
}

/** A label, its control, what is to be known about it, and what is wrong with what was entered. */
export function Field(props: {
  label: ComponentChildren;
  hint?: ComponentChildren;
  error?: ComponentChildren;
  children: (attributes: {
    id: string;
    "aria-describedby": string;
    "aria-invalid": boolean;
  }) => ComponentChildren;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.children({
        id,
        "aria-describedby": `${id}-hint ${id}-error`,
        "aria-invalid": Boolean(props.error),
      })}
      <p class="hint" id={`${id}-hint`}>
        {props.hint}
      </p>
      <p class="wrong" id={`${id}-error`} role="alert">
        {props.error}
      </p>
    </div>
  );
}

export type Tone = "good" | "bad" | "warn" | "calm";

export function Badge(props: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`badge ${props.tone ?? "calm"}`}>{props.children}</span>;
}

/** Something that the reader should know now. */
export function Notice(props: {
  tone?: Tone;
  title?: ComponentChildren;
  children?: ComponentChildren;
  onDismiss?: () => void;
}) {
  return (
    <div class={`notice ${props.tone ?? "calm"}`} role={props.tone === "bad" ? "alert" : "status"}>
      <div>
        {props.title && <strong>{props.title}</strong>}
        {props.children && <div>{props.children}</div>}
      </div>
      {props.onDismiss && (
        <Button kind="quiet" onClick={props.onDismiss}>
          {t("app.dismiss")}
        </Button>
      )}
    </div>
  );
}

export function Empty(props: { children?: ComponentChildren }) {
  return <p class="empty">{props.children ?? t("parts.empty")}</p>;
}

export function Loading() {
  return (
    <p class="loading" role="status">
      <span class="spinner" aria-hidden="true" />
      {t("app.loading")}
    </p>
  );
}

/** What a reading has, or why it has nothing yet. */
export function Shown<T>(props: { of: Live<T>; children: (data: T) => ComponentChildren }) {
  const { data, error, block, stale, reload } = props.of;
  return (
    <>
      {error && (
        <Notice
          tone={error.passing ? "warn" : "bad"}
          title={t(error.status === 0 ? "parts.unreachable" : "parts.problem")}
        >
          <p>{error.detail ?? error.title}</p>
          <Button onClick={reload}>{t("parts.again")}</Button>
        </Notice>
      )}
      {stale && block && <AsOf block={block} stale />}
      {data !== undefined ? props.children(data) : !error && <Loading />}
    </>
  );
}

/** The block that figures are true at. */
export function AsOf(props: { block: Block; stale?: boolean }) {
  const values = { number: String(props.block.number), when: written(props.block.timestamp) };
  return <p class="as-of">{t(props.stale ? "parts.stale" : "parts.asOf", values)}</p>;
}

/** A time, as distance by the chain's clock; the exact one on demand. */
export function When(props: { at: number }) {
  void head.value;
  return (
    <time dateTime={new Date(props.at * 1000).toISOString()} title={written(props.at)}>
      {distance(props.at)}
    </time>
  );
}

/** Whether a time has come, by the chain's clock. */
export function isPast(at: number): boolean {
  void head.value;
  return chainNow() >= at;
}

/** A text that somebody wrote, kept apart from ours in whatever direction it runs. */
export function Bdi(props: { children: ComponentChildren }) {
  return <bdi class="theirs">{props.children}</bdi>;
}

/** A member, by number; with how they introduced themselves where that is known. */
export function Person(props: { id: number; introduction?: string | null; plain?: boolean }) {
  const shown = (
    <>
      {memberName(props.id)}
      {mine.value === props.id && ` (${t("parts.you")})`}
    </>
  );
  return (
    <span class="person">
      {props.plain ? shown : <a href={`#/members/${props.id}`}>{shown}</a>}
      {props.introduction && (
        <>
          {" "}
          <Bdi>{props.introduction}</Bdi>
        </>
      )}
    </span>
  );
}

/** Hexadecimal of a chain: short, whole on demand, copied by a click. */
export function Hex(props: { value: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(props.value);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <span class="hex">
      <code title={props.value}>{short(props.value)}</code>
      <Button
        kind="quiet"
        class="small"
        onClick={copy}
        aria-label={`${t("parts.copy")} ${short(props.value)}`}
      >
        <span aria-live="polite">{t(copied ? "parts.copied" : "parts.copy")}</span>
      </Button>
    </span>
  );
}

/** Rows of name and value. */
export function Facts(props: { rows: [ComponentChildren, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {props.rows.map(([name, value], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A table that scrolls by itself where it is too wide for the screen. */
export function Table(props: {
  caption: string;
  head: ComponentChildren[];
  rows: ComponentChildren[][];
  numeric?: number[];
}) {
  const align = (column: number) => (props.numeric?.includes(column) ? "numeric" : undefined);
  return (
    <div class="table" tabIndex={0} role="group" aria-label={props.caption}>
      <table>
        <caption class="unseen">{props.caption}</caption>
        <thead>
          <tr>
            {props.head.map((cell, column) => (
              <th key={column} scope="col" class={align(column)}>
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} class={align(column)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A picture's figures, for those who would rather read them. */
export function AsTable(props: {
  caption: string;
  head: ComponentChildren[];
  rows: ComponentChildren[][];
  numeric?: number[];
}) {
  return (
    <details class="as-table">
      <summary>{t("parts.asTable")}</summary>
      <Table {...props} />
    </details>
  );
}

/** Shares of a whole (0 to 1) as a bar, and where a mark stands on it. What it says has to stand beside it in words. */
export function Gauge(props: { share: number; mark?: number }) {
  return (
    <span class="gauge" aria-hidden="true">
      <span style={{ inlineSize: `${100 * props.share}%` }} />
      {props.mark !== undefined && <i style={{ insetInlineStart: `${100 * props.mark}%` }} />}
    </span>
  );
}
