/** One decision by itself, whatever its kind. */
import type { ComponentChildren } from "preact";
import type { Live } from "@/api/live";
import { AsOf, Empty, Page, Shown } from "@/parts/basics";
import { t } from "@/words";

const UNKNOWN = {
  proposals: ["proposals.unknown", "proposals.unknown.words"],
  polls: ["polls.unknown", "polls.unknown.words"],
} as const;

type Kind = keyof typeof UNKNOWN;

/** What the node says of it; that there is none, where the node knows none of that number. */
export function Single<T>(props: { of: Live<T>; kind: Kind; children: (found: T) => ComponentChildren }) {
  const { of, kind } = props;
  if (of.error?.status === 404) return <Unknown kind={kind} />;
  return (
    <Shown of={of}>
      {(found) => (
        <>
          {props.children(found)}
          {of.block && !of.stale && <AsOf block={of.block} />}
        </>
      )}
    </Shown>
  );
}

export function Unknown({ kind }: { kind: Kind }) {
  const [title, words] = UNKNOWN[kind];
  return (
    <Page title={t(title)}>
      <Empty>{t(words)}</Empty>
      <a href="#/proposals">{t("proposals.back")}</a>
    </Page>
  );
}
