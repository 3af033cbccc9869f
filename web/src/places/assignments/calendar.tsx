/** Work by the day: shifts, starts and deadlines of a month, and what comes of series. */
import { useState } from "preact/hooks";
import { address, type Item } from "@/api/client";
import { chainNow, head, useAll } from "@/api/live";
import { memberId } from "@/app/me";
import { AsOf, Badge, Bdi, Button, Empty, Section, Shown, type Tone } from "@/parts/basics";
import { spoken, t } from "@/words";
import { WorkPage, workTitle } from "./frame";

type Kind = "shift" | "start" | "deadline" | "coming";

interface Entry {
  kind: Kind;
  /** Seconds since 1970. */
  at: number;
  until: number | null;
  title: string;
  href: string;
}

const TONES: Record<Kind, Tone> = { shift: "good", start: "calm", deadline: "warn", coming: "calm" };
const DAY = 86_400_000;

export default function Calendar() {
  const mine = memberId.value;
  const [own, setOwn] = useState(false);
  const [moved, move] = useState(0);
  const work = useAll("/v1/assignments", { member: own ? mine : null });
  const series = useAll("/v1/series");
  void head.value;
  const now = new Date(chainNow() * 1000);
  const month = new Date(now.getFullYear(), now.getMonth() + moved, 1);
  return (
    <WorkPage>
      <div class="card-head">
        <h2 aria-live="polite">{named(month)}</h2>
        <div class="actions">
          <Button onClick={() => move(moved - 1)}>{t("assignments.calendar.before")}</Button>
          <Button onClick={() => move(0)} disabled={moved === 0}>
            {t("assignments.calendar.today")}
          </Button>
          <Button onClick={() => move(moved + 1)}>{t("assignments.calendar.after")}</Button>
        </div>
      </div>
      {mine !== null && (
        <p class="choice">
          <label>
            <input type="checkbox" checked={own} onChange={(event) => setOwn(event.currentTarget.checked)} />
            {t("assignments.calendar.own")}
          </label>
        </p>
      )}
      <Shown of={work}>
        {(found) => (
          <Month month={month} now={now} entries={entriesOf(found, own ? [] : (series.data ?? []))} />
        )}
      </Shown>
      <Subscribe own={own ? mine : null} />
      {work.block && !work.stale && <AsOf block={work.block} />}
    </WorkPage>
  );
}

function named(month: Date): string {
  return new Intl.DateTimeFormat(spoken.value, { month: "long", year: "numeric" }).format(month);
}

function entriesOf(work: Item<"/v1/assignments">[], series: Item<"/v1/series">[]): Entry[] {
  const entries: Entry[] = [];
  for (const one of work) {
    if (one.state === "Cancelled") continue;
    const title = workTitle(one);
    const href = `#/assignments/${one.assignmentId}`;
    if (one.kind === "Shift")
      entries.push({ kind: "shift", at: one.start, until: one.deadline, title, href });
    else {
      entries.push({ kind: "start", at: one.start, until: null, title, href });
      if (one.deadline > 0) entries.push({ kind: "deadline", at: one.deadline, until: null, title, href });
    }
  }
  for (const one of series) {
    if (one.nextStart === null || one.state !== "Running") continue;
    const title = one.title ?? t("assignments.series.number", { id: String(one.seriesId) });
    const href = `#/series/${one.seriesId}`;
    entries.push({ kind: "coming", at: one.nextStart, until: one.nextStart + one.length, title, href });
  }
  return entries.sort((a, b) => a.at - b.at);
}

/** The month as a grid where there is room, and always as a list. */
function Month({ month, now, entries }: { month: Date; now: Date; entries: Entry[] }) {
  const next = new Date(month.getFullYear(), month.getMonth() + 1, 1);
  const within = entries.filter((one) => one.at * 1000 >= +month && one.at * 1000 < +next);
  return (
    <>
      <Grid month={month} now={now} entries={within} />
      {within.length === 0 && <Empty>{t("assignments.calendar.none")}</Empty>}
      <ul class="list" aria-label={named(month)}>
        {within.map((entry) => (
          <li key={`${entry.href}${entry.kind}`} class="row">
            <div class="main">
              <a href={entry.href}>
                <Bdi>{entry.title}</Bdi>
              </a>
              <small>{time(entry)}</small>
            </div>
            <Badge tone={TONES[entry.kind]}>{t(`assignments.calendar.${entry.kind}`)}</Badge>
          </li>
        ))}
      </ul>
    </>
  );
}

function time(entry: Entry): string {
  const format = new Intl.DateTimeFormat(spoken.value, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
  });
  const from = new Date(entry.at * 1000);
  return entry.until === null ? format.format(from) : format.formatRange(from, new Date(entry.until * 1000));
}

function Grid({ month, now, entries }: { month: Date; now: Date; entries: Entry[] }) {
  // Weeks begin on Monday.
  const before = (month.getDay() + 6) % 7;
  const days = new Date(month.getFullYear(), month.getMonth() + 1, 0).getDate();
  const weeks = Math.ceil((before + days) / 7);
  const weekday = new Intl.DateTimeFormat(spoken.value, { weekday: "short" });
  const on = (date: number) => entries.filter((entry) => new Date(entry.at * 1000).getDate() === date);
  return (
    <table class="month">
      <caption class="unseen">{named(month)}</caption>
      <thead>
        <tr>
          {[...Array(7).keys()].map((column) => (
            <th key={column} scope="col">
              {weekday.format(new Date(+month + (column - before) * DAY + DAY / 2))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[...Array(weeks).keys()].map((week) => (
          <tr key={week}>
            {[...Array(7).keys()].map((column) => {
              const date = week * 7 + column - before + 1;
              if (date < 1 || date > days) return <td key={column} />;
              const today = now.getDate() === date && now.getMonth() === month.getMonth();
              return (
                <td key={column} class={today ? "today" : undefined}>
                  <span class="date">{date}</span>
                  {on(date).map((entry) => (
                    <a key={`${entry.href}${entry.kind}`} href={entry.href} class={`entry ${entry.kind}`}>
                      <Bdi>{entry.title}</Bdi>
                    </a>
                  ))}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The same for one's own calendar program. */
function Subscribe({ own }: { own: number | null }) {
  const url = new URL(address("/v1/calendar.ics", { member: own }), location.href).href;
  return (
    <Section title={t("assignments.calendar.yours")} class="apart">
      <p>{t("assignments.calendar.yours.lead")}</p>
      <p>
        <a href={url} class="address">
          {url}
        </a>
      </p>
    </Section>
  );
}
