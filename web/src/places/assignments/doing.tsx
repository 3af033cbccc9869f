/** What can be done about an assignment and its seats: taking part, working, and bringing it on. */
import { useState } from "preact/hooks";
import type { Data } from "@/api/client";
import { useReading } from "@/api/live";
import { memberId } from "@/app/me";
import { Act } from "@/parts/act";
import { Button, Field, isPast, Person, When } from "@/parts/basics";
import { PickMember } from "@/parts/pick-member";
import { t } from "@/words";
import { Say } from "./say";
import type { Seat } from "./seats";

type Work = Data<"/v1/assignments/{assignmentId}">;

/** Ten-thousandths. */
const WHOLE = 10_000;

/** Offering oneself, stepping back, and giving the seats once volunteering is over. */
export function TakePart({ work }: { work: Work }) {
  const me = memberId.value;
  const id = String(work.assignmentId);
  const seat = work.eachSeat.find((one) => one.memberId === me && running(one));
  const offered = me !== null && work.volunteering.includes(me);
  const beforeSeats = ["Volunteering", "Selecting", "Drawing"].includes(work.state);
  const act = (name: string) => ({
    module: "assignments" as const,
    name,
    args: [work.assignmentId],
    title: t(`assignments.do.${name}.title` as "assignments.do.volunteer.title", { id }),
  });
  if (seat || (offered && beforeSeats)) {
    return (
      <Act kind="plain" action={act("withdraw")}>
        {t(seat ? "assignments.do.giveBack" : "assignments.do.withdraw")}
      </Act>
    );
  }
  if (work.state === "Volunteering") {
    return <Act action={act("volunteer")}>{t("assignments.do.volunteer")}</Act>;
  }
  if (work.state === "Selecting") {
    return (
      <Act kind="plain" action={act("select")}>
        {t("assignments.do.select")}
      </Act>
    );
  }
  if (work.state === "Drawing") return <Drawn work={work} action={act("select")} />;
  if (work.state !== "Open" || work.vacant === 0) return null;
  const over = work.kind === "Shift" && isPast(work.deadline);
  return (
    <Act action={act("volunteer")} cannot={over ? t("assignments.cannot.over") : undefined}>
      {t("assignments.do.take")}
    </Act>
  );
}

function running(seat: Seat): boolean {
  return seat.state === "Held" || seat.state === "Rework";
}

/** Seats that the lot gives are given once the draw has its number. */
function Drawn(props: { work: Work; action: Parameters<typeof Act>[0]["action"] }) {
  const draw = useReading("/v1/draws/{drawId}", { drawId: props.work.drawId });
  const there = draw.data?.state === "Captured";
  return (
    <Act
      kind="plain"
      {...(props.action && { action: props.action })}
      cannot={there ? undefined : t("assignments.cannot.drawing", { id: String(props.work.drawId) })}
    >
      {t("assignments.do.select")}
    </Act>
  );
}

/** What a reader can do about one seat: their own, one that is late, a shift that they saw, a stipend that is due. */
export function SeatActs({ work, seat }: { work: Work; seat: Seat }) {
  const me = memberId.value;
  const mine = seat.memberId !== null && seat.memberId === me;
  const values = { id: String(work.assignmentId), seat: String(seat.seat) };
  const args = [work.assignmentId, seat.seat];
  return (
    <>
      {mine && seat.state === "Held" && work.heartbeat > 0 && <Heartbeat work={work} seat={seat} />}
      {mine && running(seat) && work.kind === "Task" && <Deliver work={work} seat={seat} />}
      {seat.missed && (
        <Act
          kind="plain"
          action={{
            module: "assignments",
            name: "reopen",
            args,
            title: t("assignments.do.reopen.title", values),
          }}
        >
          {t("assignments.do.reopen")}
        </Act>
      )}
      {!mine && seat.state === "Held" && work.kind === "Shift" && (
        <Act
          full
          kind="plain"
          cannot={isPast(work.start) ? undefined : <NotBegun at={work.start} />}
          action={{
            module: "reviews",
            name: "confirmShift",
            args,
            title: t("assignments.do.confirm.title", values),
          }}
        >
          {t("assignments.do.confirm")}
        </Act>
      )}
      {seat.state === "Done" && work.purseId !== null && !seat.paid && (
        <Act
          kind="plain"
          action={{
            module: "assignments",
            name: "payStipend",
            args,
            title: t("assignments.do.pay.title", values),
          }}
        >
          {t("assignments.do.pay")}
        </Act>
      )}
    </>
  );
}

function NotBegun({ at }: { at: number }) {
  return (
    <>
      {t("assignments.cannot.notBegun")} <When at={at} />
    </>
  );
}

function Heartbeat({ work, seat }: { work: Work; seat: Seat }) {
  const values = { id: String(work.assignmentId), seat: String(seat.seat) };
  return (
    <details class="offer">
      <summary>{t("assignments.do.heartbeat")}</summary>
      <Say
        rows={2}
        kind="plain"
        label={t("assignments.do.heartbeat.note")}
        cannot={isPast(work.start) ? undefined : <NotBegun at={work.start} />}
        act={(note) => ({
          module: "assignments",
          name: "heartbeat",
          args: [work.assignmentId, seat.seat, note],
          title: t("assignments.do.heartbeat.title", values),
        })}
      >
        {t("assignments.do.heartbeat.give")}
      </Say>
    </details>
  );
}

interface Share {
  memberId: number;
  /** As typed. */
  percent: string;
}

function Deliver({ work, seat }: { work: Work; seat: Seat }) {
  const [others, setOthers] = useState<Share[]>([]);
  const given = others.reduce((sum, one) => sum + bps(one.percent), 0);
  const bad = others.some((one) => !(bps(one.percent) > 0)) || !(given < WHOLE);
  const shares = [
    { memberId: memberId.value ?? 0, bps: WHOLE - given },
    ...others.map((one) => ({ memberId: one.memberId, bps: bps(one.percent) })),
  ];
  const because = !isPast(work.start) ? (
    <NotBegun at={work.start} />
  ) : bad && others.length > 0 ? (
    t("assignments.cannot.shares")
  ) : undefined;
  return (
    <details class="offer" open={seat.state === "Rework" || undefined}>
      <summary>{t("assignments.do.deliver.open")}</summary>
      <Say
        required
        label={t("assignments.do.deliver.evidence")}
        hint={t("assignments.do.deliver.hint")}
        cannot={because}
        act={(evidence) => ({
          module: "reviews",
          name: "deliver",
          args: [work.assignmentId, seat.seat, evidence, others.length > 0 ? shares : []],
          title: t("assignments.do.deliver.title", {
            id: String(work.assignmentId),
            seat: String(seat.seat),
          }),
        })}
        onDone={() => setOthers([])}
      >
        {t("assignments.do.deliver")}
      </Say>
      <details>
        <summary>{t("assignments.do.share")}</summary>
        {others.map((one) => (
          <div key={one.memberId} class="shared">
            <Person id={one.memberId} plain />
            <Field label={t("assignments.do.share.percent", { id: String(one.memberId) })}>
              {(attributes) => (
                <input
                  {...attributes}
                  inputMode="decimal"
                  value={one.percent}
                  onInput={(event) => {
                    const percent = event.currentTarget.value;
                    setOthers(others.map((other) => (other === one ? { ...one, percent } : other)));
                  }}
                />
              )}
            </Field>
            <Button kind="quiet" onClick={() => setOthers(others.filter((other) => other !== one))}>
              {t("parts.remove.member", { id: String(one.memberId) })}
            </Button>
          </div>
        ))}
        <PickMember
          label={t("assignments.do.share.who")}
          value={null}
          allowed={(member) =>
            member.memberId !== memberId.value && !others.some((one) => one.memberId === member.memberId)
          }
          onPick={(id) => id !== null && setOthers([...others, { memberId: id, percent: "" }])}
        />
      </details>
    </details>
  );
}

/** Per cent as typed, with up to two decimals, in ten-thousandths; NaN for anything else. */
function bps(percent: string): number {
  return /^\d{1,3}([.,]\d{1,2})?$/.test(percent.trim())
    ? Math.round(Number(percent.replace(",", ".")) * 100)
    : NaN;
}
