/** One assignment: what is to be done, who does it, and the unbroken chain from the decision to the award. */
import type { Data } from "@/api/client";
import { useReading } from "@/api/live";
import type { Place } from "@/app/routes";
import { AsOf, Badge, Bdi, Facts, Page, Person, Section, Shown, When, type Tone } from "@/parts/basics";
import { Markdown } from "@/parts/markdown";
import { amount, length, when } from "@/words/format";
import { t } from "@/words";
import { SeatActs, TakePart } from "./doing";
import { bodyOf, useTopics } from "./brief";
import { inPoints, workTitle } from "./frame";
import { SeatRow } from "./seats";
import { Trace } from "./trace";

export type Work = Data<"/v1/assignments/{assignmentId}">;

const TONES: Record<Work["state"], Tone> = {
  Volunteering: "good",
  Selecting: "warn",
  Drawing: "warn",
  Open: "good",
  Finished: "calm",
  Cancelled: "bad",
};

export default function Assignment({ params }: Place) {
  const id = Number(params["id"]);
  const work = useReading("/v1/assignments/{assignmentId}", { assignmentId: params["id"] });
  return (
    <Page
      title={<Bdi>{workTitle(work.data ?? { assignmentId: id, title: null })}</Bdi>}
      lead={<a href="#/assignments">{t("assignments.all")}</a>}
    >
      <Shown of={work}>{(found) => <Whole work={found} />}</Shown>
      {work.block && !work.stale && <AsOf block={work.block} />}
    </Page>
  );
}

function Whole({ work }: { work: Work }) {
  const topic = useTopics();
  return (
    <>
      <div class="badges gapped">
        <Badge tone={TONES[work.state]}>{t(`assignments.state.${work.state}`)}</Badge>
        <Badge>
          <Bdi>{topic(work.topic)}</Bdi>
        </Badge>
        <Badge>{t(`assignments.kind.${work.kind}`)}</Badge>
      </div>
      {work.text === null ? (
        <p class="hint">{t("parts.missingText", { hash: work.textHash })}</p>
      ) : (
        <Markdown text={bodyOf(work.text)} />
      )}
      <div class="halves">
        <Section title={t("assignments.terms")}>
          <Terms work={work} />
        </Section>
        <Section title={t("assignments.seats")}>
          <ul class="list">
            {work.eachSeat.map((seat) => (
              <SeatRow key={seat.seat} work={work} seat={seat}>
                <SeatActs work={work} seat={seat} />
              </SeatRow>
            ))}
          </ul>
          <TakePart work={work} />
          {work.volunteering.length > 0 && (
            <>
              <h3>{t("assignments.volunteering")}</h3>
              <ul class="plain-list">
                {work.volunteering.map((memberId) => (
                  <li key={memberId}>
                    <Person id={memberId} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </Section>
      </div>
      <Trace assignmentId={work.assignmentId} />
    </>
  );
}

function Terms({ work }: { work: Work }) {
  const purse = useReading(work.purseId === null ? null : "/v1/purses/{purseId}", { purseId: work.purseId });
  const token = purse.data?.token;
  const rows: [preact.ComponentChildren, preact.ComponentChildren][] = [
    [t("assignments.reward"), inPoints(work.reward)],
  ];
  if (work.purseId !== null) {
    rows.push([
      t("assignments.stipend"),
      t("assignments.stipend.from", {
        amount: amount(work.stipend, token?.decimals ?? 0, token?.symbol ?? ""),
        id: String(work.purseId),
      }),
    ]);
  }
  if (work.minutes !== null) rows.push([t("assignments.takes"), length(work.minutes * 60)]);
  if (work.where) rows.push([t("assignments.where"), <Bdi>{work.where}</Bdi>]);
  if (work.skills.length > 0) rows.push([t("assignments.skills.name"), <Bdi>{work.skills.join(", ")}</Bdi>]);
  rows.push(
    [t("assignments.volunteerUntil"), <Time at={work.volunteerUntil} />],
    [t("assignments.start"), <Time at={work.start} />],
  );
  if (work.deadline > 0) {
    rows.push([
      t(work.kind === "Shift" ? "assignments.end" : "assignments.deadline"),
      <Time at={work.deadline} />,
    ]);
  }
  if (work.duration > 0) rows.push([t("assignments.time"), length(work.duration)]);
  if (work.heartbeat > 0) {
    rows.push([
      t("assignments.heartbeat"),
      t("assignments.heartbeat.every", { length: length(work.heartbeat) }),
    ]);
  }
  if (work.trialSeats > 0)
    rows.push([t("assignments.reserved"), t("assignments.trial", { count: work.trialSeats })]);
  rows.push([
    t("assignments.selection"),
    <>
      {t(`assignments.selection.${work.selection}`)}{" "}
      {work.drawId !== null && (
        <a href={`#/draws/${work.drawId}`}>{t("assignments.draw", { id: String(work.drawId) })}</a>
      )}
    </>,
  ]);
  if (work.seriesId !== null) {
    rows.push([
      t("assignments.ofSeries"),
      <a href={`#/series/${work.seriesId}`}>
        {t("assignments.series.number", { id: String(work.seriesId) })}
      </a>,
    ]);
  }
  return <Facts rows={rows} />;
}

function Time({ at }: { at: number }) {
  return (
    <>
      {when(at)} (<When at={at} />)
    </>
  );
}
