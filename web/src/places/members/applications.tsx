/** Who asks to join: rows, and how far somebody has come on the way in. */
import type { Data, Item } from "@/api/client";
import { useAll, useReading } from "@/api/live";
import { Badge, Bdi, isPast, Shown, When, type Tone } from "@/parts/basics";
import { t, type Key } from "@/words";
import { length } from "@/words/format";
import { useRules } from "./rules";
import { Steps, type Step } from "./steps";

export type Listed = Item<"/v1/applications">;
export type Application = Data<"/v1/applications/{applicationId}">;

/** Those that can still succeed. */
const PENDING = ["Open", "Vouched", "Contested", "Cleared"] as const;

const TONES: Record<string, Tone> = { Vouched: "good", Cleared: "good", Admitted: "good", Contested: "warn" };

export function isPending(application: Listed): boolean {
  return (PENDING as readonly string[]).includes(application.status) && !application.lapsed;
}

/** Applications that wait for somebody, the latest first. */
export function useWaiting(): Listed[] {
  const lists = PENDING.map((status) => useAll("/v1/applications", { status }).data ?? []);
  return lists
    .flat()
    .filter(isPending)
    .sort((a, b) => b.applicationId - a.applicationId);
}

export function ApplicationBadge({ application }: { application: Listed }) {
  const due = application.status === "Vouched" && isPast(application.closesAt ?? 0);
  const state = application.lapsed ? "Lapsed" : due ? "Due" : application.status;
  return <Badge tone={TONES[state] ?? "calm"}>{t(`members.application.${state}` as Key)}</Badge>;
}

export function ApplicationRow({ application }: { application: Listed }) {
  const { applicationId, introduction, vouches, closesAt, status } = application;
  const objectable = status === "Vouched" && closesAt !== null && !isPast(closesAt);
  return (
    <div class="row">
      <div class="main">
        <span class="person">
          <a href={`#/applications/${applicationId}`}>
            {t("members.application", { id: String(applicationId) })}
          </a>{" "}
          {introduction && <Bdi>{introduction}</Bdi>}
        </span>
        <small>
          {t("members.application.vouches", { count: vouches })}
          {objectable && (
            <>
              {" · "}
              {t("members.application.objectionsEnd")} <When at={closesAt} />
            </>
          )}
        </small>
      </div>
      <div class="badges">
        <ApplicationBadge application={application} />
      </div>
    </div>
  );
}

/** Where somebody is between asking and being a member; `null` is where it begins. */
export function WayIn({ application }: { application: Application | null }) {
  const rules = useRules();
  if (!rules) return null;
  return <Steps steps={stepsOf(application, rules)} />;
}

function stepsOf(application: Application | null, rules: Record<string, number>): Step[] {
  const needed = rules["admission.vouches"] ?? 0;
  const window = length(rules["admission.objectionWindow"] ?? 0);
  const probation = length(rules["admission.probation"] ?? 0);
  const status = application?.status;
  const contested = application?.proposalId != null;
  const over = status === "Withdrawn" || application?.lapsed === true;
  const stage =
    status === undefined
      ? 0
      : status === "Open"
        ? 1
        : status === "Vouched" || status === "Contested"
          ? isPast(application?.closesAt ?? Infinity) && !contested
            ? 3
            : 2
          : status === "Cleared"
            ? 3
            : status === "Admitted"
              ? 4
              : application && application.vouches >= needed
                ? 2
                : 1;
  const state = (place: number): Step["state"] =>
    place < stage ? "done" : place > stage ? "next" : over ? "failed" : "now";
  return [
    { title: t("members.way.apply"), words: t("members.way.apply.words"), state: state(0) },
    {
      title: t("members.way.vouch", { count: needed }),
      words:
        status === "Open"
          ? t("members.way.vouch.so", { count: application?.vouches ?? 0, needed })
          : t("members.way.vouch.words"),
      state: state(1),
    },
    contested
      ? { title: t("members.way.vote"), words: t("members.way.vote.words"), state: state(2) }
      : {
          title: t("members.way.object", { time: window }),
          words:
            stage === 2 && !over && application?.closesAt ? (
              <>
                {t("members.application.objectionsEnd")} <When at={application.closesAt} />
              </>
            ) : (
              t("members.way.object.words")
            ),
          state: state(2),
        },
    { title: t("members.way.admit"), words: t("members.way.admit.words"), state: state(3) },
    {
      title: t("members.way.member"),
      words: t("members.way.member.words", { time: probation }),
      state: stage === 4 ? "done" : "next",
    },
  ];
}

/** One application, live, with all that is known of it. */
export function WithApplication(props: {
  id: number;
  children: (application: Application) => preact.ComponentChildren;
}) {
  const one = useReading("/v1/applications/{applicationId}", { applicationId: props.id });
  return <Shown of={one}>{props.children}</Shown>;
}
