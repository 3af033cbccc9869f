/** What is open now: to volunteer for, to take, or to take back from somebody who is late. */
import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import type { Item } from "@/api/client";
import { useAll } from "@/api/live";
import { AsOf, Badge, Bdi, Button, Empty, Field, Person, Shown, When, type Tone } from "@/parts/basics";
import { day, length } from "@/words/format";
import { t } from "@/words";
import { useTopics } from "./brief";
import { inPoints, WorkPage, workTitle } from "./frame";

type Open = Item<"/v1/board">;

const TONES: Record<Open["step"], Tone> = {
  Volunteer: "good",
  Take: "good",
  Select: "warn",
  Wait: "calm",
  Reopen: "warn",
};

export default function Board() {
  const board = useAll("/v1/board");
  const topic = useTopics();
  const [only, setOnly] = useState("");
  const topics = [...new Set(board.data?.map((open) => open.topic))].sort((a, b) => a - b);
  return (
    <WorkPage>
      <Shown of={board}>
        {(all) => {
          const found = all.filter((open) => only === "" || String(open.topic) === only);
          return (
            <>
              {topics.length > 1 && (
                <Field label={t("assignments.topic.name")}>
                  {(attributes) => (
                    <select
                      {...attributes}
                      value={only}
                      onChange={(event) => setOnly(event.currentTarget.value)}
                    >
                      <option value="">{t("assignments.topic.all")}</option>
                      {topics.map((one) => (
                        <option key={one} value={String(one)}>
                          {topic(one)}
                        </option>
                      ))}
                    </select>
                  )}
                </Field>
              )}
              {found.length === 0 && <Empty>{t("assignments.board.none")}</Empty>}
              <div class="cards">
                {found.map((open) => (
                  <Card key={open.assignmentId} open={open} topic={topic(open.topic)} />
                ))}
              </div>
            </>
          );
        }}
      </Shown>
      <Planned />
      {board.block && !board.stale && <AsOf block={board.block} />}
    </WorkPage>
  );
}

/** Suggestions carry the code of proofs: it is loaded when they are asked for. */
function Planned() {
  const [Shown, show] = useState<ComponentType | null>(null);
  if (Shown) return <Shown />;
  return (
    <p class="apart">
      <Button onClick={() => void import("./suggestions").then((found) => show(() => found.default))}>
        {t("assignments.plan.open")}
      </Button>
    </p>
  );
}

function Card({ open, topic }: { open: Open; topic: string }) {
  return (
    <article class="card" aria-labelledby={`work-${open.assignmentId}`}>
      <h2 id={`work-${open.assignmentId}`}>
        <a href={`#/assignments/${open.assignmentId}`}>
          <Bdi>{workTitle(open)}</Bdi>
        </a>
      </h2>
      <div class="badges gapped">
        <Badge tone={TONES[open.step]}>{t(`assignments.step.${open.step}`)}</Badge>
        <Badge>
          <Bdi>{topic}</Bdi>
        </Badge>
        <Badge>{t(`assignments.kind.${open.kind}`)}</Badge>
        {open.trialSeats > 0 && (
          <Badge tone="good">{t("assignments.trial", { count: open.trialSeats })}</Badge>
        )}
      </div>
      <p>
        {t("assignments.free", { count: open.vacant, seats: String(open.seats) })}
        {open.volunteers > 0 && <> · {t("assignments.volunteers", { count: open.volunteers })}</>}
      </p>
      <p class="hint">
        {inPoints(open.reward)}
        {open.minutes !== null && <> · {length(open.minutes * 60)}</>} · <Time open={open} />
        {open.where && (
          <>
            {" "}
            · <Bdi>{open.where}</Bdi>
          </>
        )}
      </p>
      {open.skills.length > 0 && (
        <p class="hint">
          {t("assignments.skills")} <Bdi>{open.skills.join(", ")}</Bdi>
        </p>
      )}
      {open.missed.map((late) => (
        <p key={late.seat} class="hint">
          {t("assignments.late", { seat: String(late.seat) })} <Person id={late.memberId} />
        </p>
      ))}
    </article>
  );
}

function Time({ open }: { open: Open }) {
  if (open.state === "Volunteering") {
    return (
      <>
        {t("assignments.volunteerEnds")} <When at={open.volunteerUntil} />
      </>
    );
  }
  if (open.kind === "Shift") return <>{day(open.start)}</>;
  if (open.deadline > 0) {
    return (
      <>
        {t("assignments.deadline")} <When at={open.deadline} />
      </>
    );
  }
  return <>{t("assignments.duration", { length: length(open.duration) })}</>;
}
