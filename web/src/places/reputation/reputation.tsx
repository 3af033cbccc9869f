/** What a member's work is worth by topic: how much now, why, and how it fades. */
import { useMemo, useState } from "preact/hooks";
import type { Data, Item } from "@/api/client";
import { useAll, useReading } from "@/api/live";
import type { Place } from "@/app/routes";
import { memberId as mine } from "@/app/me";
import { go } from "@/app/router";
import {
  AsOf,
  Badge,
  Button,
  Empty,
  Facts,
  Gauge,
  Notice,
  Page,
  Person,
  Section,
  Shown,
  When,
} from "@/parts/basics";
import { PickMember } from "@/parts/pick-member";
import { memberName, points } from "@/words/format";
import { t } from "@/words";
import { Entries, type Entry } from "./entries";
import { Fading } from "./fading";
import { OverTime } from "./over-time";
import { Ranking, Report } from "./report";

type Scores = Data<"/v1/members/{memberId}/reputation">;
type Penalty = Item<"/v1/penalties">;

export default function Reputation({ params }: Place) {
  const given = Number(params["id"] ?? "");
  const id = params["id"] === undefined ? mine.value : Number.isInteger(given) && given > 0 ? given : null;
  const own = id !== null && id === mine.value;
  return (
    <Page
      title={
        id === null
          ? t("reputation.title")
          : own
            ? t("reputation.mine")
            : t("reputation.whom", { member: memberName(id) })
      }
      lead={t("reputation.lead")}
    >
      <Other id={id} />
      {id !== null && <OfMember key={id} id={id} />}
      {id !== null && <Ranking viewer={id} own={own} />}
      <Report memberId={id} />
    </Page>
  );
}

/** Whose it is, and how to look at somebody else's. */
function Other({ id }: { id: number | null }) {
  const [open, setOpen] = useState(id === null);
  if (!open)
    return (
      <p>
        {id !== null && <Person id={id} />}{" "}
        <Button kind="quiet" onClick={() => setOpen(true)}>
          {t("reputation.somebody")}
        </Button>
      </p>
    );
  return (
    <PickMember
      label={t("reputation.whose")}
      value={null}
      allowed={() => true}
      onPick={(picked) => {
        if (picked === null) return;
        setOpen(false);
        go(`/reputation/${picked}`);
      }}
    />
  );
}

function OfMember({ id }: { id: number }) {
  const scores = useReading("/v1/members/{memberId}/reputation", { memberId: id });
  const ledger = useAll("/v1/reputation", { memberId: id });
  const fading = useReading("/v1/state/{table}", { table: "fading" });
  const topics = useReading("/v1/topics", { limit: 200 });
  const names = useMemo(
    () => new Map((topics.data ?? []).map((topic) => [topic.topic, topic.name])),
    [topics.data],
  );
  const how = useMemo(() => fadingOf(fading.data), [fading.data]);
  return (
    <>
      <Section title={t("reputation.now")}>
        <Shown of={scores}>{(data) => <Now scores={data} ledger={ledger.data} fading={how} id={id} />}</Shown>
      </Section>
      <Penalties id={id} />
      <Section title={t("reputation.over")}>
        <Shown of={ledger}>
          {(entries) =>
            entries.length === 0 ? (
              <Empty>{t("reputation.why.none")}</Empty>
            ) : how && scores.data ? (
              <OverTime entries={entries} fading={how} now={scores.data.at} topics={names} />
            ) : null
          }
        </Shown>
      </Section>
      <Section title={t("reputation.why")}>
        <Shown of={ledger}>{(entries) => <Entries entries={entries} />}</Shown>
      </Section>
      {scores.block && !scores.stale && <AsOf block={scores.block} />}
    </>
  );
}

function fadingOf(rows: unknown): Fading | null {
  const row = (rows as { halfLife: number; origin: number }[] | undefined)?.[0];
  return row ? new Fading(row.halfLife, row.origin) : null;
}

function Now(props: { scores: Scores; ledger: Entry[] | undefined; fading: Fading | null; id: number }) {
  const { scores, ledger, fading } = props;
  const commune = useReading("/v1/commune");
  const cap = useReading("/v1/parameters/{name}", { name: "reputation.seasonCap" });
  const most = scores.topics.reduce((top, one) => (BigInt(one.score) > top ? BigInt(one.score) : top), 1n);
  const since = commune.data?.season?.start;
  const gained = (topic: number) =>
    (ledger ?? [])
      .filter((entry) => entry.topic === topic && since !== undefined && entry.recordedAt >= since)
      .reduce((sum, { amount }) => (amount.startsWith("-") ? sum : sum + BigInt(amount)), 0n);
  return (
    <>
      <p class="score">
        <strong>{points(scores.total)}</strong> {t("reputation.points")}
      </p>
      {scores.topics.length === 0 && <Empty>{t("reputation.none")}</Empty>}
      <ul class="list">
        {scores.topics.map((one) => (
          <li key={one.topic} class="topic">
            <span>{one.name}</span>
            <Gauge share={Number((BigInt(one.score) * 1000n) / most) / 1000} />
            <strong>{points(one.score)}</strong>
            {cap.data && since !== undefined && (
              <small>
                {t("reputation.cap", { gained: points(gained(one.topic)), cap: String(cap.data.value) })}
              </small>
            )}
          </li>
        ))}
      </ul>
      <Facts
        rows={[
          [t("reputation.halfLife"), t("reputation.days", { count: Math.round(scores.halfLife / 86_400) })],
          [
            t("reputation.later", { days: Math.round(scores.halfLife / 86_400) }),
            fading && ledger ? points(inHalfALife(ledger, fading, scores)) : "–",
          ],
          [t("reputation.confirmable"), t("reputation.amount", { points: points(scores.confirmationLeft) })],
        ]}
      />
    </>
  );
}

/** The total one half-life from now, if nothing is added until then. */
function inHalfALife(ledger: Entry[], fading: Fading, scores: Scores): bigint {
  const changes = [...ledger]
    .reverse()
    .map(({ recordedAt, amount }) => ({ at: recordedAt, amount: BigInt(amount) }));
  return fading.scores(changes, [scores.at + fading.halfLife])[0] ?? 0n;
}

/** Penalties that wait: told, and not counted. */
function Penalties({ id }: { id: number }) {
  const pending = useReading("/v1/penalties", { memberId: id, state: "Pending" });
  if (!pending.data?.length) return null;
  return (
    <Notice tone="warn" title={t("reputation.waiting", { count: pending.data.length })}>
      <p>{t("reputation.waiting.words")}</p>
      <ul>
        {pending.data.map((penalty) => (
          <li key={penalty.penaltyId}>
            <Waiting penalty={penalty} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Waiting({ penalty }: { penalty: Penalty }) {
  return (
    <>
      {t("reputation.penalty", {
        id: String(penalty.penaltyId),
        points: points(penalty.amount),
      })}{" "}
      {t(`reputation.reason.${penalty.reason}.loss`)} <When at={penalty.dueAt} />{" "}
      {penalty.appealedAt !== null && <Badge>{t("reputation.appealed")}</Badge>}
    </>
  );
}
