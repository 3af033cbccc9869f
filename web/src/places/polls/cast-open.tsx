/** A ballot in an open poll: it carries the member's name and is paid from the season's voice credits. */
import { useState } from "preact/hooks";
import type { Data } from "@/api/client";
import { useAll } from "@/api/live";
import { member, memberId } from "@/app/me";
import { Act } from "@/parts/act";
import { Badge, Notice, Section, When } from "@/parts/basics";
import { useCredits } from "@/places/proposals/cost";
import { wasActiveAt } from "@/places/proposals/mine";
import { t } from "@/words";
import { when } from "@/words/format";
import { inWords } from "./names";
import { Spread, sumOfSquares } from "./spread";

type Detail = Data<"/v1/polls/{pollId}">;

export function CastOpen(props: { poll: Detail; names: readonly string[] | null; voting: boolean }) {
  const { poll, names, voting } = props;
  const [votes, setVotes] = useState<number[]>(() => Array<number>(poll.options).fill(0));
  const id = memberId.value;
  const ballots = useAll(id === null ? null : "/v1/polls/{pollId}/ballots", { pollId: poll.pollId }).data;
  const credits = useCredits(poll.season);
  const mine = ballots?.find((ballot) => ballot.memberId === id);
  const sum = sumOfSquares(votes);

  if (mine) {
    return (
      <Section title={t("proposals.vote.title")}>
        <p data-ballot="cast">
          {mine.followed && t("polls.followed.mine", { voter: String(mine.voter) })}{" "}
          <bdi class="theirs">{inWords(names, mine.votes ?? [])}</bdi>. <When at={mine.castAt} />
        </p>
        <Badge tone="good">{t("proposals.vote.stands")}</Badge>
      </Section>
    );
  }
  if (!voting && sum === 0) return null;
  const cost = Math.max(0, sum - 1);
  const budget = credits ? credits.left + 1 : undefined;
  const over = t("proposals.vote.over", { when: when(poll.votingEnd) });
  const cannot = !voting
    ? over
    : member.value && !wasActiveAt(member.value, poll.electorateAt)
      ? t("proposals.vote.electorate", { when: when(poll.electorateAt) })
      : credits && cost > credits.left
        ? t("polls.tooDear", { cost, left: credits.left })
        : undefined;
  const action = async () => {
    const { ballotWord } = await import("@/proofs/purposes");
    return {
      module: "polls" as const,
      name: "cast",
      args: [poll.pollId, String(ballotWord(votes))],
      title: t("polls.signed", { votes: inWords(names, votes), title: poll.title ?? String(poll.pollId) }),
    };
  };
  return (
    <Section title={t("proposals.vote.title")} class="ballot">
      {!voting && <Notice tone="warn">{over}</Notice>}
      <Spread names={names} votes={votes} budget={budget} disabled={!voting} onChange={setVotes} />
      <p class="price">
        <strong>{t("polls.sum", { count: cost })}</strong>
        <span class="hint">
          {credits
            ? t("proposals.vote.left", {
                left: Math.max(0, credits.left - cost),
                budget: credits.budget,
                season: String(credits.season),
              })
            : t("proposals.vote.unknown")}
        </span>
      </p>
      {sum === 0 && <p class="hint">{t("polls.blank.hint")}</p>}
      <p class="final">{t("proposals.vote.final")}</p>
      <Act action={action} cannot={cannot}>
        {t("polls.cast")}
      </Act>
      {cannot === undefined && id !== null && (
        <details class="ways">
          <summary>{t("chain.act.more")}</summary>
          <p class="hint">{t("chain.act.transaction.words")}</p>
          <Act action={action} way="transaction" kind="plain">
            {t("chain.act.transaction")}
          </Act>
        </details>
      )}
    </Section>
  );
}
