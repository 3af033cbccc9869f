/** An assignment's seats, and who holds them. */
import type { Data } from "@/api/client";
import { Badge, Person, When, type Tone } from "@/parts/basics";
import { share } from "@/words/format";
import { t } from "@/words";

type Work = Data<"/v1/assignments/{assignmentId}">;
export type Seat = Work["eachSeat"][number];

export const SEAT_TONES: Record<Seat["state"], Tone> = {
  Vacant: "calm",
  Held: "good",
  Delivered: "warn",
  Rework: "warn",
  Done: "good",
  Lapsed: "bad",
};

/** Ten-thousandths. */
const WHOLE = 10_000;

export function SeatRow(props: { work: Work; seat: Seat; children?: preact.ComponentChildren }) {
  const { work, seat } = props;
  const running = seat.state === "Held" || seat.state === "Rework";
  return (
    <li class="stack" aria-label={t("assignments.seat.number", { seat: String(seat.seat) })}>
      <div class="row flat">
        <div class="main">
          <strong>{t("assignments.seat.number", { seat: String(seat.seat) })}</strong>{" "}
          {seat.memberId !== null && <Person id={seat.memberId} />}
          {running && seat.dueAt !== null && (
            <small>
              {t("assignments.due")} <When at={seat.dueAt} />
            </small>
          )}
          {running && work.heartbeat > 0 && seat.lateAfter !== null && (
            <small>
              {t("assignments.lateAfter")} <When at={seat.lateAfter} />
            </small>
          )}
          {seat.confirmer !== null && (
            <small>
              {t("assignments.confirmedBy")} <Person id={seat.confirmer} />
            </small>
          )}
          {seat.reviewId !== null && (
            <small>
              <a href={`#/reviews/${seat.reviewId}`}>
                {t("assignments.review.number", { id: String(seat.reviewId) })}
              </a>
            </small>
          )}
        </div>
        <div class="badges">
          {seat.seat <= work.trialSeats && seat.state === "Vacant" && (
            <Badge>{t("assignments.seat.trial")}</Badge>
          )}
          {seat.missed && <Badge tone="bad">{t("assignments.missed")}</Badge>}
          {seat.shareBps > 0 && seat.shareBps < WHOLE && (
            <Badge>{t("assignments.earned", { share: share(seat.shareBps) })}</Badge>
          )}
          {seat.paid && <Badge>{t("assignments.paid")}</Badge>}
          <Badge tone={SEAT_TONES[seat.state]}>{t(`assignments.seat.${seat.state}`)}</Badge>
        </div>
      </div>
      {props.children}
    </li>
  );
}
