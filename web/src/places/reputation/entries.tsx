/** Every gain and loss of a member with its reason, and on demand the transaction that brought it. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { readAll, type Item } from "@/api/client";
import { linkTo } from "@/app/links";
import { Badge, Bdi, Empty, Facts, Hex, Loading, Person, When } from "@/parts/basics";
import { LongList } from "@/parts/long-list";
import { Text } from "@/parts/text";
import { points } from "@/words/format";
import { t } from "@/words";

export type Entry = Item<"/v1/reputation">;
type Event = Item<"/v1/events">;

/** Modules that take points and never give any. */
const TAKING = ["penalties", "admission"];

export function Entries({ entries }: { entries: Entry[] }) {
  if (entries.length === 0) return <Empty>{t("reputation.why.none")}</Empty>;
  return (
    <LongList
      items={entries.map((entry, index) => ({ entry, number: entries.length - index }))}
      label={t("reputation.why")}
      height={92}
      keyOf={({ number }) => number}
    >
      {({ entry }) => <Row entry={entry} />}
    </LongList>
  );
}

function Row({ entry }: { entry: Entry }) {
  const [open, setOpen] = useState(false);
  const micro = BigInt(entry.amount);
  const none = micro === 0n;
  // Of what changed nothing only the module that asked says whether it was to be given or taken.
  const lost = micro < 0n || (none && TAKING.includes(entry.sourceModule ?? ""));
  const asked = points(entry.requested);
  return (
    <div class="gain">
      <strong class={none ? "" : lost ? "lost" : "won"}>
        {none ? "" : lost ? "−" : "+"}
        {points(lost ? -micro : micro)}
      </strong>
      <div>
        <p>
          {t(`reputation.reason.${entry.reason}.${lost ? "loss" : "gain"}`)}{" "}
          <Badge>{entry.name ?? t("reputation.across")}</Badge>
        </p>
        <small>
          <When at={entry.recordedAt} />
          {entry.confirmer !== null && (
            <>
              {" · "}
              {t("reputation.confirmed")} <Person id={entry.confirmer} />
            </>
          )}
          {none
            ? ` · ${t(lost ? "reputation.nothing.left" : "reputation.nothing", { points: asked })}`
            : !lost && micro < BigInt(entry.requested) && ` · ${t("reputation.capped", { points: asked })}`}
        </small>
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{t("reputation.source")}</summary>
          {open && <Source entry={entry} />}
        </details>
      </div>
    </div>
  );
}

/** What else the same transaction did: the review, the case or the decision that the points came of. */
function Source({ entry }: { entry: Entry }) {
  const [events, setEvents] = useState<Event[] | null>(null);
  useEffect(() => {
    let wanted = true;
    readAll("/v1/events", { block: entry.block }).then(
      (reading) => wanted && setEvents(sameTransaction(entry, reading.data)),
      () => wanted && setEvents([]),
    );
    return () => {
      wanted = false;
    };
  }, [entry.block, entry.evidence]);
  if (events === null) return <Loading />;
  const own = events.find((event) => tells(event, entry));
  return (
    <>
      <Facts
        rows={[
          ...causes(events).map(
            ({ name, id, href }) =>
              [t(`reputation.of.${name}`), href ? <a href={href}>{id}</a> : id] as [
                string,
                ComponentChildren,
              ],
          ),
          [t("reputation.module"), entry.sourceModule ?? <Hex value={entry.source} />],
          [t("reputation.block"), String(entry.block)],
          [
            t("reputation.transaction"),
            own ? (
              <>
                <Hex value={own.transaction} />{" "}
                <a href={`#/records?event=${own.id}`}>{t("reputation.event")}</a>
              </>
            ) : (
              "–"
            ),
          ],
          [t("reputation.evidence"), <Hex value={entry.evidence} />],
        ]}
      />
      <Bdi>
        <Text hash={entry.evidence} />
      </Bdi>
    </>
  );
}

function tells(event: Event, entry: Entry): boolean {
  const told = event.arguments as Record<string, unknown>;
  const amount = BigInt(entry.amount);
  return (
    (event.event === "Awarded" || event.event === "Penalised") &&
    told["memberId"] === entry.memberId &&
    told["topic"] === entry.topic &&
    told["evidence"] === entry.evidence &&
    BigInt(String(told["amount"])) === (amount < 0n ? -amount : amount)
  );
}

function sameTransaction(entry: Entry, events: Event[]): Event[] {
  const own = events.find((event) => tells(event, entry));
  return own ? events.filter((event) => event.transaction === own.transaction) : [];
}

const CAUSES = [
  ["assignmentId", "assignment", "/assignments/:id"],
  ["reviewId", "review", "/reviews/:id"],
  ["caseId", "case", "/cases/:id"],
  ["proposalId", "proposal", "/proposals/:id"],
  ["penaltyId", "penalty", "/reputation"],
  ["applicationId", "application", "/applications/:id"],
] as const;

function causes(events: Event[]) {
  return CAUSES.flatMap(([argument, name, route]) => {
    const found = events.map((event) => (event.arguments as Record<string, unknown>)[argument]);
    const ids = [...new Set(found.filter((id) => id !== undefined && id !== 0).map(String))];
    return ids.map((id) => ({ name, id, href: linkTo(id, route) }));
  });
}
