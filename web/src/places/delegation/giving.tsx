/** Naming a delegate in one topic, within caps. */
import { useEffect, useState } from "preact/hooks";
import { read, type Item } from "@/api/client";
import { useReading } from "@/api/live";
import { memberId as mine } from "@/app/me";
import { Act } from "@/parts/act";
import { Field, Notice } from "@/parts/basics";
import { Dialog } from "@/parts/dialog";
import { PickMember } from "@/parts/pick-member";
import { t } from "@/words";
import { memberName } from "@/words/format";

/** As the contracts bound them. */
const MOST_VOTES = 31;
const MOST_CREDITS = 65_535;

export interface Caps {
  votes: number;
  credits: number;
}

export function Giving(props: {
  topics: readonly Item<"/v1/topics">[];
  topic: number | null;
  to: number | null;
  before: Caps;
  onClose: () => void;
}) {
  const [topic, setTopic] = useState(props.topic ?? props.topics[0]?.topic ?? 0);
  const [to, setTo] = useState(props.to);
  const [votes, setVotes] = useState(String(props.before.votes));
  const [credits, setCredits] = useState(String(props.before.credits));
  const name = props.topics.find((one) => one.topic === topic)?.name ?? String(topic);
  const most = within(votes, 1, MOST_VOTES);
  const budget = within(credits, 0, MOST_CREDITS);
  return (
    <Dialog title={t("delegation.give")} onClose={props.onClose}>
      <Field label={t("delegation.topic")}>
        {(attributes) => (
          <select
            {...attributes}
            value={topic}
            onChange={(event) => setTopic(Number(event.currentTarget.value))}
          >
            {props.topics.map((one) => (
              <option key={one.topic} value={one.topic}>
                {one.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <PickMember
        label={t("delegation.to")}
        value={to}
        onPick={setTo}
        allowed={(one) => one.status === "Active" && one.memberId !== mine.value}
      />
      {to !== null && <LeadsTo topic={topic} to={to} />}
      <Field
        label={t("delegation.votes")}
        hint={most === null ? null : t("delegation.votes.hint", { count: most, cost: most * most - 1 })}
        error={most === null && t("delegation.votes.bad", { most: MOST_VOTES })}
      >
        {(attributes) => (
          <input
            {...attributes}
            type="number"
            min={1}
            max={MOST_VOTES}
            value={votes}
            onInput={(event) => setVotes(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field
        label={t("delegation.credits")}
        hint={budget === null || most === null ? null : <Enough votes={most} credits={budget} />}
        error={budget === null && t("delegation.credits.bad", { most: MOST_CREDITS })}
      >
        {(attributes) => (
          <input
            {...attributes}
            type="number"
            min={0}
            max={MOST_CREDITS}
            value={credits}
            onInput={(event) => setCredits(event.currentTarget.value)}
          />
        )}
      </Field>
      <p class="hint">{t("delegation.give.words")}</p>
      <Act
        cannot={to === null ? t("delegation.to.missing") : most === null || budget === null ? "" : undefined}
        action={{
          module: "delegation",
          name: "delegate",
          args: [topic, to, most, budget],
          title: t("delegation.give.title", { member: memberName(to ?? 0), topic: name }),
        }}
      >
        {t("delegation.give.do")}
      </Act>
    </Dialog>
  );
}

/** How far a season's credits go. */
function Enough({ votes, credits }: Caps) {
  const cost = votes * votes - 1;
  return (
    <>
      {cost === 0
        ? t("delegation.credits.free")
        : t("delegation.credits.enough", { count: Math.floor(credits / cost), votes })}
    </>
  );
}

/** Where somebody's own delegation goes on to: into a circle, if it comes back to who would name them. */
function LeadsTo({ topic, to }: { topic: number; to: number }) {
  const [chain, setChain] = useState<number[] | null>(null);
  const own = useReading("/v1/members/{memberId}", { memberId: to });
  useEffect(() => {
    let wanted = true;
    setChain(null);
    read("/v1/delegations", { topic, memberId: to }).then(
      ({ data }) => wanted && setChain(data.delegations[0]?.chain ?? []),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [topic, to]);
  return (
    <>
      {own.data && own.data.status !== "Active" && (
        <Notice tone="warn">{t("delegation.to.asleep", { member: memberName(to) })}</Notice>
      )}
      {chain?.includes(mine.value ?? 0) && (
        <Notice tone="warn">{t("delegation.to.circle", { member: memberName(to) })}</Notice>
      )}
      {chain !== null && chain.length > 0 && !chain.includes(mine.value ?? 0) && (
        <p class="hint">
          {t("delegation.to.onward", { member: memberName(to), next: chain.map(memberName).join(", ") })}
        </p>
      )}
    </>
  );
}

/** A whole number within bounds; null if the text is none. */
function within(text: string, least: number, most: number): number | null {
  const value = Number(text);
  return text.trim() !== "" && Number.isInteger(value) && value >= least && value <= most ? value : null;
}
