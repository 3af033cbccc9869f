/** A member's scores over time, worked out from the ledger as the contract does, and how they will fade. */
import { useMemo } from "preact/hooks";
import { LineChart } from "@/charts/line-chart";
import { AsTable } from "@/parts/basics";
import { day, points } from "@/words/format";
import { spoken, t } from "@/words";
import { Fading, type Change } from "./fading";
import type { Entry } from "./entries";

/** How finely lines are drawn. */
const FINENESS = 140;
/** Rows of the table, at most: the last changes, now, and what is ahead. */
const CHANGES = 40;
const AHEAD = 4;

export function OverTime(props: {
  entries: Entry[];
  fading: Fading;
  now: number;
  topics: Map<number, string>;
}) {
  const { entries, fading, now, topics } = props;
  const series = useMemo(() => seriesOf(entries), [entries]);
  const drawn = useMemo(() => {
    const first = series.total[0]?.at ?? now;
    const start = first - Math.max(1, Math.round((now - first) / 50));
    const end = now + Math.max(fading.halfLife, Math.round((now - first) / 3));
    const even = Array.from({ length: FINENESS }, (_, index) =>
      Math.round(start + ((end - start) * index) / (FINENESS - 1)),
    );
    const steps = series.total.flatMap(({ at }) => [at - 1, at]);
    return [...new Set([...even, ...steps, now])].filter((at) => at >= start).sort((a, b) => a - b);
  }, [series, fading, now]);
  const names = [
    t("reputation.total"),
    ...series.topics.map(([topic]) => topics.get(topic) ?? String(topic)),
  ];
  const all: Change[][] = [series.total, ...series.topics.map(([, changes]) => changes)];
  const told = useMemo(() => {
    const changes = [...new Set(series.total.map(({ at }) => at))].slice(-CHANGES);
    const later = Array.from({ length: AHEAD }, (_, index) =>
      Math.round(now + ((index + 1) * fading.halfLife) / 2),
    );
    return [...new Set([...changes, now, ...later])].sort((a, b) => a - b);
  }, [series, fading, now]);
  const heights = useMemo(
    () => all.map((changes) => fading.scores(changes, drawn).map((micro) => Number(micro) / 1e6)),
    [series, fading, drawn],
  );
  const columns = useMemo(() => all.map((changes) => fading.scores(changes, told)), [series, fading, told]);
  return (
    <>
      <LineChart
        label={t("reputation.chart", { lines: names.join(", ") })}
        times={drawn}
        lines={names.map((name, index) => ({ name, values: heights[index] as number[] }))}
        now={now}
        ahead={t("reputation.ahead")}
        dated={(at) =>
          new Intl.DateTimeFormat(spoken.value, { month: "short", year: "numeric" }).format(at * 1000)
        }
      />
      <p class="hint">{t("reputation.ahead.words")}</p>
      <AsTable
        caption={t("reputation.over")}
        head={[t("reputation.when"), ...names]}
        numeric={names.map((_, index) => index + 1)}
        rows={told.map((at, row) => [
          <>
            <time dateTime={new Date(at * 1000).toISOString()}>{day(at)}</time>
            {at > now && ` (${t("reputation.expected")})`}
          </>,
          ...columns.map((scores) => (
            <data value={String(scores[row])}>{points(scores[row] as bigint)}</data>
          )),
        ])}
      />
    </>
  );
}

/** The changes of the total and of each topic, oldest first; the topics with the most changes first. */
function seriesOf(entries: Entry[]): { total: Change[]; topics: [number, Change[]][] } {
  const topics = new Map<number, Change[]>();
  const total: Change[] = [];
  for (const entry of [...entries].reverse()) {
    const change = { at: entry.recordedAt, amount: BigInt(entry.amount) };
    total.push(change);
    topics.set(entry.topic, [...(topics.get(entry.topic) ?? []), change]);
  }
  return { total, topics: [...topics].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]) };
}
