/** One office: what its holders may do, who they are, what they did, and how it is given and taken back. */
import type { Data, Item } from "@/api/client";
import { useAll, useReading } from "@/api/live";
import { memberId } from "@/app/me";
import type { Place } from "@/app/routes";
import { Act } from "@/parts/act";
import { Markdown } from "@/parts/markdown";
import {
  AsOf,
  isPast,
  Badge,
  Bdi,
  Empty,
  Facts,
  Hex,
  Page,
  Person,
  Section,
  Shown,
  Table,
  When,
} from "@/parts/basics";
import { amount, day, length } from "@/words/format";
import { known, number, t, type Key } from "@/words";
import { Say } from "@/places/assignments/say";
import { bodyOf, useTopics } from "@/places/assignments/brief";
import { Election } from "./election";
import { Recall } from "./recall";
import { titleOf } from "./offices";

type Detail = Data<"/v1/offices/{officeId}">;
type Tenure = Item<"/v1/offices/{officeId}/tenures">;

export default function Office({ params }: Place) {
  const office = useReading("/v1/offices/{officeId}", { officeId: params["id"] });
  const title = office.data ? (
    <Bdi>{titleOf(office.data)}</Bdi>
  ) : (
    t("offices.untitled", { id: String(params["id"]) })
  );
  return (
    <Page title={title} lead={<Back />}>
      <Shown of={office}>{(found) => <Whole office={found} />}</Shown>
      {office.block && !office.stale && <AsOf block={office.block} />}
    </Page>
  );
}

function Back() {
  return <a href="#/offices">{t("offices.all")}</a>;
}

function Whole({ office }: { office: Detail }) {
  const topic = useTopics();
  const body = bodyOf(office.text ?? "");
  return (
    <>
      {office.abolishedAt !== null && (
        <p>
          <Badge tone="bad">{t("offices.abolished")}</Badge> <When at={office.abolishedAt} />
        </p>
      )}
      {office.text === null && <p class="hint">{t("parts.missingText", { hash: office.textHash })}</p>}
      {body && <Markdown text={body} />}
      <Facts
        rows={[
          [t("offices.topic"), <Bdi>{topic(office.topic)}</Bdi>],
          [t("offices.seats.name"), t("offices.seats", { count: office.seats })],
          [t("offices.term"), length(office.term)],
          [t("offices.filling"), t(`offices.filling.${office.filling}`)],
          ...(office.stipend > 0
            ? [
                [t("offices.stipend"), t("offices.stipend.units", { count: office.stipend })] as [
                  string,
                  string,
                ],
              ]
            : []),
        ]}
      />
      <div class="halves">
        <Holders office={office} />
        <Mandate office={office} />
      </div>
      <Purses officeId={office.officeId} />
      <Election office={office} />
      <Recall office={office} />
      <Exercises officeId={office.officeId} />
      <Tenures officeId={office.officeId} />
    </>
  );
}

function Holders({ office }: { office: Detail }) {
  return (
    <Section title={t("offices.holders")}>
      {office.tenures.length === 0 && <Empty>{t("offices.nobody")}</Empty>}
      <ul class="list">
        {office.tenures.map((tenure) => (
          <li key={tenure.tenureId} class="row">
            <div class="main">
              <Person id={tenure.memberId} />
              <small>
                {t("offices.from.until", { from: day(tenure.heldFrom), until: day(tenure.heldUntil) })}
              </small>
            </div>
            <div class="badges">
              {tenure.held ? (
                <Badge tone="good">{t("offices.holds")}</Badge>
              ) : (
                <Badge>{t("offices.holds.later")}</Badge>
              )}
              {tenure.frozen && <Badge tone="warn">{t("offices.frozen")}</Badge>}
            </div>
          </li>
        ))}
      </ul>
      {office.vacant > 0 && <p class="hint">{t("offices.vacant", { count: office.vacant })}</p>}
      {office.vacant === 0 && office.nextVacancy !== null && (
        <p class="hint">
          {t("offices.nextVacancy")} <When at={office.nextVacancy} />
        </p>
      )}
      {office.tenures.map((tenure) => (
        <Holder key={tenure.tenureId} office={office} tenure={tenure} />
      ))}
      {office.barred.map((bar) => (
        <p key={bar.memberId} class="hint">
          <Person id={bar.memberId} /> {t("offices.barred", { until: day(bar.until) })}
        </p>
      ))}
    </Section>
  );
}

/** What can be done about a tenure: giving it up, freeing the seat of who is gone, paying what was earned. */
function Holder({ office, tenure }: { office: Detail; tenure: Tenure }) {
  const who = t("parts.member", { id: String(tenure.memberId) });
  const gone = !tenure.held && isPast(tenure.heldFrom) && !isPast(tenure.heldUntil);
  const [earned] = tenure.unclaimed;
  return (
    <>
      {tenure.memberId === memberId.value && (
        <Act
          kind="danger"
          action={{
            module: "offices",
            name: "resign",
            args: [office.officeId],
            title: t("offices.do.resign.title", { id: String(office.officeId) }),
          }}
        >
          {t("offices.do.resign")}
        </Act>
      )}
      {gone && (
        <Act
          kind="plain"
          action={{
            module: "offices",
            name: "vacate",
            args: [office.officeId, tenure.memberId],
            title: t("offices.do.vacate.title", { who }),
          }}
        >
          {t("offices.do.vacate.title", { who })}
        </Act>
      )}
      {earned && (
        <>
          <p class="hint">
            {t("offices.do.stipend.due", { who, count: earned.units, day: day(earned.periodStart) })}
          </p>
          <Act
            kind="plain"
            action={{
              module: "offices",
              name: "claimStipend",
              args: [tenure.tenureId, earned.periodStart],
              title: t("offices.do.stipend.title", { who }),
            }}
          >
            {t("offices.do.stipend")}
          </Act>
        </>
      )}
    </>
  );
}

/** The call of a mandate that needs nothing but a text; others are for the command line. */
function Use({ office }: { office: Detail }) {
  const { data: node } = useReading("/v1/node");
  if (memberId.value === null || !office.holders.includes(memberId.value)) return null;
  const target = node?.contracts["Constitution"];
  const has = (name: string) =>
    office.mandate.some((one) => one.module === "constitution" && one.function === name && one.callsLeft > 0);
  const title = t("offices.do.use.title", { id: String(office.officeId) });
  const made = async (name: string, argument: string) => {
    const { calldata } = await import("@/chain/actions");
    const data = await calldata("constitution", name, [argument]);
    return { module: "offices" as const, name: "exercise", args: [office.officeId, target, data], title };
  };
  return (
    <>
      {has("adopt") && (
        <details class="offer">
          <summary>{t("offices.do.adopt.open")}</summary>
          <Say required label={t("offices.do.adopt.text")} act={(hash) => made("adopt", hash)}>
            {t("offices.do.adopt")}
          </Say>
        </details>
      )}
    </>
  );
}

/** What a call of the mandate lets holders do, in words where there are some. */
function power(entry: {
  module: string | null;
  function: string | null;
  target: string;
  selector: string;
}): string {
  const key = `offices.may.${entry.module}.${entry.function}`;
  if (known(key)) return t(key);
  return t("offices.may.call", {
    call: `${entry.module ?? entry.target}.${entry.function ?? entry.selector}`,
  });
}

function Mandate({ office }: { office: Detail }) {
  return (
    <Section title={t("offices.mandate")}>
      {office.mandate.length === 0 ? (
        <p>{t("offices.mandate.none")}</p>
      ) : (
        <>
          <p class="hint">{t("offices.mandate.lead")}</p>
          <ul class="list">
            {office.mandate.map((entry) => (
              <li key={`${entry.target}${entry.selector}`} class="stack">
                <span>{power(entry)}</span>
                <small>{t("offices.mandate.calls", { count: entry.calls, left: entry.callsLeft })}</small>
                {entry.argument > 0 && (
                  <small>
                    {t("offices.mandate.cap", {
                      cap: number(BigInt(entry.cap)),
                      left: number(BigInt(entry.amountLeft)),
                    })}
                  </small>
                )}
              </li>
            ))}
          </ul>
          <p class="hint">
            {t("offices.mandate.period")} <When at={office.period.end} />
          </p>
          <Use office={office} />
        </>
      )}
    </Section>
  );
}

function Purses({ officeId }: { officeId: number }) {
  const purses = useAll("/v1/purses");
  const tied =
    purses.data?.filter((purse) => purse.module === "offices" && purse.key === String(officeId)) ?? [];
  if (tied.length === 0) return null;
  return (
    <Section title={t("offices.purses")}>
      <ul class="list">
        {tied.map((purse) => {
          const shown = (units: string) =>
            amount(units, purse.token?.decimals ?? 0, purse.token?.symbol ?? "");
          const spent = share(purse.spent, purse.cap);
          return (
            <li key={purse.purseId} class="stack">
              <span>
                {t("offices.purse.left", { left: shown(purse.left), cap: shown(purse.cap) })}{" "}
                {purse.closed && <Badge tone="bad">{t("offices.purse.closed")}</Badge>}
              </span>
              <meter
                min={0}
                max={1}
                value={1 - spent}
                aria-label={t("offices.purse.name", { id: String(purse.purseId) })}
              />
              {purse.reason && (
                <small>
                  <Bdi>{purse.reason}</Bdi>
                </small>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

/** Spent of a cap, from 0 to 1. */
function share(spent: string, cap: string): number {
  return BigInt(cap) === 0n ? 1 : Number((BigInt(spent) * 1000n) / BigInt(cap)) / 1000;
}

function Exercises({ officeId }: { officeId: number }) {
  const made = useReading("/v1/offices/{officeId}/exercises", { officeId, limit: 20 });
  return (
    <Section title={t("offices.exercises")}>
      <Shown of={made}>
        {(found) =>
          found.length === 0 ? (
            <Empty>{t("offices.exercises.none")}</Empty>
          ) : (
            <ul class="list">
              {found.map((done) => (
                <li key={`${done.transaction}${done.calldata}`} class="row">
                  <div class="main">
                    <Person id={done.memberId} /> <Bdi>{done.words}</Bdi>
                    <small>
                      <When at={done.exercisedAt} />
                    </small>
                  </div>
                  <Hex value={done.transaction} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Section>
  );
}

function Tenures({ officeId }: { officeId: number }) {
  const all = useAll("/v1/offices/{officeId}/tenures", { officeId });
  if (!all.data?.length) return null;
  return (
    <Section title={t("offices.tenures")}>
      <Table
        caption={t("offices.tenures.table")}
        head={[
          t("offices.tenures.who"),
          t("offices.tenures.from"),
          t("offices.tenures.until"),
          t("offices.tenures.end"),
        ]}
        rows={all.data.map((tenure) => [
          <Person id={tenure.memberId} />,
          day(tenure.heldFrom),
          day(tenure.heldUntil),
          ended(tenure),
        ])}
      />
    </Section>
  );
}

function ended(tenure: Tenure): string {
  if (tenure.ending) return t(`offices.ending.${tenure.ending}` as Key);
  return tenure.held ? t("offices.holds") : "";
}
