/** A member's own work: what they hold, what is due, what they are asked to review, and what became of the rest. */
import type { Item } from "@/api/client";
import { useReading } from "@/api/live";
import { account, member } from "@/app/me";
import { AsOf, Badge, Bdi, Empty, Facts, Loading, Notice, Section, Shown, When } from "@/parts/basics";

import { number, t } from "@/words";
import { inPoints, WorkPage, workTitle } from "./frame";
import { Say } from "./say";
import { SEAT_TONES } from "./seats";

type Event = Item<"/v1/members/{memberId}/work/history">;

export default function Mine() {
  const who = member.value;
  return (
    <WorkPage>
      {account.value === null ? (
        <Notice>{t("assignments.mine.signIn")}</Notice>
      ) : who === undefined ? (
        <Loading />
      ) : who === null ? (
        <Notice tone="warn">{t("parts.cannot.member")}</Notice>
      ) : (
        <OfMember memberId={who.memberId} />
      )}
    </WorkPage>
  );
}

function OfMember({ memberId }: { memberId: number }) {
  const work = useReading("/v1/members/{memberId}/work", { memberId });
  const assignments = useReading("/v1/assignments", { member: memberId, limit: 200 });
  const titled = (id: number) => {
    const found = assignments.data?.find((one) => one.assignmentId === id);
    return workTitle(found ?? { assignmentId: id, title: null });
  };
  return (
    <>
      <Shown of={work}>
        {(found) => (
          <>
            {found.asked.length > 0 && (
              <Section title={t("assignments.asked")}>
                <ul class="list">
                  {found.asked.map((asked) => (
                    <li key={asked.reviewId} class="row">
                      <a href={`#/reviews/${asked.reviewId}`}>
                        {t("assignments.review.number", { id: String(asked.reviewId) })}
                      </a>
                      <span>
                        {t("assignments.answerUntil")} <When at={asked.answerUntil} />
                      </span>
                    </li>
                  ))}
                </ul>
              </Section>
            )}
            <Section title={t("assignments.holds")}>
              {found.holds.length === 0 && <Empty>{t("assignments.holds.none")}</Empty>}
              <ul class="list">
                {found.holds.map((seat) => (
                  <li key={`${seat.assignmentId}-${seat.seat}`} class="row">
                    <div class="main">
                      <a href={`#/assignments/${seat.assignmentId}`}>
                        <Bdi>{titled(seat.assignmentId)}</Bdi>
                      </a>
                      {seat.dueAt !== null && (
                        <small>
                          {t("assignments.due")} <When at={seat.dueAt} />
                        </small>
                      )}
                    </div>
                    <div class="badges">
                      {seat.missed && <Badge tone="bad">{t("assignments.missed")}</Badge>}
                      <Badge tone={SEAT_TONES[seat.state]}>{t(`assignments.seat.${seat.state}`)}</Badge>
                    </div>
                  </li>
                ))}
              </ul>
              <p class="hint">
                {t("assignments.limit", { count: found.seatsHeld, limit: String(found.seatsLimit) })}
                {found.strikes > 0 && (
                  <>
                    {" "}
                    {t("assignments.strikes", { count: found.strikes, limit: String(found.strikesLimit) })}
                  </>
                )}
              </p>
            </Section>
            {found.volunteersFor.length > 0 && (
              <Section title={t("assignments.offers")}>
                <ul class="plain-list">
                  {found.volunteersFor.map((id) => (
                    <li key={id}>
                      <a href={`#/assignments/${id}`}>
                        <Bdi>{titled(id)}</Bdi>
                      </a>
                    </li>
                  ))}
                </ul>
              </Section>
            )}
            <Section title={t("assignments.record")}>
              <Facts
                rows={[
                  [
                    t("assignments.record.done"),
                    t("assignments.record.of", { count: found.done, taken: String(found.taken) }),
                  ],
                  [t("assignments.record.missed"), number(found.missed)],
                  [t("assignments.record.failed"), number(found.failed)],
                  [t("assignments.record.withdrew"), number(found.withdrew)],
                  [t("assignments.record.reviews"), number(found.reviewsDone)],
                  [t("assignments.record.reviewsMissed"), number(found.reviewsMissed)],
                  [t("assignments.record.shifts"), number(found.shiftsConfirmed)],
                  [t("assignments.record.left"), inPoints(found.shiftConfirmationLeft)],
                ]}
              />
            </Section>
          </>
        )}
      </Shown>
      <History memberId={memberId} />
      <Penalties memberId={memberId} />
      {work.block && !work.stale && <AsOf block={work.block} />}
    </>
  );
}

function History({ memberId }: { memberId: number }) {
  const history = useReading("/v1/members/{memberId}/work/history", { memberId, limit: 20 });
  return (
    <Section title={t("assignments.history")}>
      <Shown of={history}>
        {(found) =>
          found.length === 0 ? (
            <Empty>{t("assignments.history.none")}</Empty>
          ) : (
            <ul class="list">
              {found.map((event) => (
                <li key={`${event.transaction}${event.assignmentId}${event.kind}`} class="row">
                  <Happened event={event} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Section>
  );
}

function Happened({ event }: { event: Event }) {
  return (
    <>
      <div class="main">
        {t(`assignments.happened.${event.kind}`)}{" "}
        <a href={`#/assignments/${event.assignmentId}`}>
          <Bdi>{workTitle(event)}</Bdi>
        </a>
      </div>
      <When at={event.happenedAt} />
    </>
  );
}

function Penalties({ memberId }: { memberId: number }) {
  const penalties = useReading("/v1/penalties", { memberId, limit: 20 });
  if (!penalties.data?.length) return null;
  return (
    <Section title={t("assignments.penalties")}>
      <p class="hint">{t("assignments.penalties.lead")}</p>
      <ul class="list">
        {penalties.data.map((penalty) => (
          <li key={penalty.penaltyId}>
            <div class="row">
              <div class="main">
                {inPoints(penalty.amount)}
                <small>
                  {penalty.state === "Pending" ? (
                    <>
                      {t("assignments.penalties.from")} <When at={penalty.dueAt} />
                    </>
                  ) : (
                    <When at={penalty.endedAt ?? penalty.imposedAt} />
                  )}
                </small>
              </div>
              <Badge
                tone={penalty.state === "Carried" ? "bad" : penalty.state === "Pending" ? "warn" : "calm"}
              >
                {t(`assignments.penalty.${penalty.state}`)}
              </Badge>
            </div>
            {penalty.state === "Pending" && penalty.appealedAt === null && (
              <details class="offer">
                <summary>{t("assignments.do.appeal")}</summary>
                <Say
                  required
                  dormant
                  kind="plain"
                  label={t("assignments.do.appeal.why")}
                  act={(grounds) => ({
                    module: "penalties",
                    name: "appeal",
                    args: [penalty.penaltyId, grounds],
                    title: t("assignments.do.appeal.title", { id: String(penalty.penaltyId) }),
                  })}
                >
                  {t("assignments.do.appeal")}
                </Say>
              </details>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
