/**
 * Texts that people wrote, as Markdown.
 *
 * marked only takes them apart; the pieces become elements one by one, and what is not listed here, HTML above all,
 * is shown as the text that it is. Nothing is ever parsed as HTML, and images are links: showing one would tell its
 * server who reads.
 */
import type { Token, Tokens } from "marked";
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { t } from "@/words";
import { Button } from "./basics";
import { lexed } from "./lexed";

/** Characters up to which a text is formatted, and of which a longer one is shown at first. */
const MOST = 100_000;
const AT_FIRST = 4_000;
/** Lists and quotes within one another, beyond which they are shown plain. */
const DEPTH = 12;

export function Markdown(props: { text: string }) {
  const [parts, showParts] = useState(1);
  const tokens = useMemo(() => (props.text.length <= MOST ? lexed(props.text) : null), [props.text]);
  if (tokens)
    return (
      <div class="prose theirs" dir="auto">
        {blocks(tokens, 0)}
      </div>
    );
  const shown = AT_FIRST * parts;
  return (
    <div class="prose">
      <p class="hint">{t("parts.longText", { count: props.text.length })}</p>
      <pre class="plain theirs" dir="auto">
        {props.text.slice(0, shown)}
      </pre>
      {shown < props.text.length && (
        <Button onClick={() => showParts(parts * 2)}>{t("parts.showMore")}</Button>
      )}
    </div>
  );
}

function blocks(tokens: Token[], depth: number): ComponentChildren {
  return tokens.map((token, index) => <Block key={index} token={token} depth={depth} />);
}

function Block({ token, depth }: { token: Token; depth: number }) {
  const within = () =>
    depth < DEPTH ? blocks((token as { tokens?: Token[] }).tokens ?? [], depth + 1) : token.raw;
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      return <Heading token={token as Tokens.Heading} depth={depth} />;
    case "paragraph":
      return <p>{inline((token as Tokens.Paragraph).tokens, depth)}</p>;
    case "text":
      return (
        <>
          {(token as Tokens.Text).tokens
            ? inline((token as Tokens.Text).tokens as Token[], depth)
            : (token as Tokens.Text).text}
        </>
      );
    case "blockquote":
      return <blockquote>{within()}</blockquote>;
    case "code":
      return (
        <pre>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case "hr":
      return <hr />;
    case "list":
      return <List token={token as Tokens.List} depth={depth} />;
    case "table":
      return <Grid token={token as Tokens.Table} depth={depth} />;
    default:
      return <p>{token.raw}</p>;
  }
}

/** One level below the place's own headings. */
function Heading({ token, depth }: { token: Tokens.Heading; depth: number }) {
  const Level = `h${Math.min(6, token.depth + 2)}` as "h3";
  return <Level>{inline(token.tokens, depth)}</Level>;
}

function List({ token, depth }: { token: Tokens.List; depth: number }) {
  if (depth >= DEPTH) return <p>{token.raw}</p>;
  const items = token.items.map((item, index) => (
    <li key={index}>
      {item.task && <span>{item.checked ? "☑ " : "☐ "}</span>}
      {blocks(
        item.tokens.filter((inner) => (inner.type as string) !== "checkbox"),
        depth + 1,
      )}
    </li>
  ));
  return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}

function Grid({ token, depth }: { token: Tokens.Table; depth: number }) {
  return (
    <div
      class="table"
      tabIndex={0}
      role="group"
      aria-label={token.header
        .map((cell) => cell.text)
        .join(", ")
        .slice(0, 80)}
    >
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col">
                {inline(cell.tokens, depth)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{inline(cell.tokens, depth)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inline(tokens: Token[], depth: number): ComponentChildren {
  if (depth > DEPTH) return tokens.map((token) => token.raw).join("");
  return tokens.map((token, index) => <Inline key={index} token={token} depth={depth + 1} />);
}

function Inline({ token, depth }: { token: Token; depth: number }) {
  const within = () => inline((token as { tokens?: Token[] }).tokens ?? [], depth);
  switch (token.type) {
    case "strong":
      return <strong>{within()}</strong>;
    case "em":
      return <em>{within()}</em>;
    case "del":
      return <del>{within()}</del>;
    case "codespan":
      return <code>{(token as Tokens.Codespan).text}</code>;
    case "br":
      return <br />;
    case "link":
      return <Link href={(token as Tokens.Link).href}>{within()}</Link>;
    case "image":
      return (
        <Link href={(token as Tokens.Image).href}>
          {(token as Tokens.Image).text || (token as Tokens.Image).href}
        </Link>
      );
    case "text":
    case "escape":
      return <>{(token as Tokens.Text).text}</>;
    default:
      return <>{token.raw}</>;
  }
}

/** A link that says where it leads, and leads there only over the web. Others are text. */
function Link(props: { href: string; children: ComponentChildren }) {
  let url: URL;
  try {
    url = new URL(props.href);
  } catch {
    return <>{props.children}</>;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return <>{props.children}</>;
  return (
    <a
      href={url.href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={t("parts.outside", { host: url.host })}
    >
      <bdi>{props.children}</bdi> <bdi class="host">({url.host})</bdi>
    </a>
  );
}
