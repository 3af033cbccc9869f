/** One poll: what is asked, how its options stand, and the ballots. */
import { Single, Unknown } from "@/places/proposals/single";
import { useReading } from "@/api/live";
import type { Data } from "@/api/client";
import { AsTable, Badge, Facts, Hex, Page, Section, When } from "@/parts/basics";
import { Markdown } from "@/parts/markdown";
import { Text, useText } from "@/parts/text";
import { useTopics } from "@/places/proposals/names";
import { useNow } from "@/places/proposals/phase";
import { number, t } from "@/words";
import { percent, when } from "@/words/format";
import { CastOpen } from "./cast-open";
import { CastSecret, Reveal } from "./cast-secret";
import { optionName } from "./names";
import { pollPhase, POLL_TONES, type PollPhase } from "./phase";
import { parse, type PollText } from "./text";

type Detail = Data<"/v1/polls/{pollId}">;

export default function Place({ params }: { params: Record<string, string> }) {
  const id = Number(params["id"]);
  const good = Number.isInteger(id) && id >= 1 && id < 2 ** 32;
  const found = useReading(good ? "/v1/polls/{pollId}" : null, { pollId: id });
  if (!good) return <Unknown kind="polls" />;
  return (
    <Single of={found} kind="polls">
      {(poll) => <One poll={poll} />}
    </Single>
  );
}

function One({ poll }: { poll: Detail }) {
  const now = useNow();
  const phase = pollPhase(poll, now);
  const { nameOf } = useTopics();
  const kept = useText(poll.textHash);
  const text = kept.state === "here" ? parse(kept.text) : null;
  const names = text?.options.length === poll.options ? text.options : null;
  return (
    <Page
      title={<bdi class="theirs">{text?.title || t("polls.untitled", { id: String(poll.pollId) })}</bdi>}
      lead={
        <span class="badges">
          <Badge tone={POLL_TONES[phase]}>{t(`polls.state.${phase}`)}</Badge>
          <Badge>{t(poll.secret ? "polls.kind.secret" : "polls.kind.open")}</Badge>
          {poll.hidden && <Badge>{t("polls.hidden")}</Badge>}
          <Badge>{nameOf(poll.topic)}</Badge>
        </span>
      }
    >
      <p>{inWords(poll, phase)}</p>
      <div class="sides">
        <div>
          <Section title={t("polls.asked")}>
            <Asked text={text} hash={poll.textHash} />
          </Section>
          {poll.secret ? (
            <CastSecret poll={poll} names={names} phase={phase} />
          ) : (
            <CastOpen poll={poll} names={names} voting={phase === "Voting"} />
          )}
          {phase === "Revealing" && <Reveal poll={poll} names={names} />}
        </div>
        <div>
          <Result poll={poll} names={names} phase={phase} />
          <About poll={poll} phase={phase} />
        </div>
      </div>
    </Page>
  );
}

function inWords(poll: Detail, phase: PollPhase): string {
  const ends = {
    Voting: poll.votingEnd,
    Revealing: poll.revealEnd,
    Following: poll.followEnd,
    Closed: poll.votingEnd,
  };
  return t(`polls.words.${phase}`, { when: when(ends[phase]) });
}

function Asked({ text, hash }: { text: PollText | null; hash: string }) {
  if (text === null) return <Text hash={hash} />;
  const [, ...rest] = text.question.split("\n");
  const more = rest.join("\n").trim();
  return more ? <Markdown text={more} /> : <p class="hint">{t("proposals.text.none")}</p>;
}

/** How the options stand; nothing while results are hidden. */
function Result({ poll, names, phase }: { poll: Detail; names: readonly string[] | null; phase: PollPhase }) {
  const hidden = poll.hidden && phase === "Voting";
  const most = Math.max(1, ...poll.tally.map(({ votes }) => votes));
  const sorted = [...poll.tally].sort((a, b) => b.votes - a.votes || a.option - b.option);
  const cast = poll.hidden ? poll.sealed : poll.ballots;
  return (
    <Section title={t("polls.result")}>
      {hidden ? (
        <p>{t("polls.result.hidden", { when: when(poll.votingEnd) })}</p>
      ) : (
        <>
          <div class="tally">
            <div class="bars">
              {sorted.map(({ option, votes }) => (
                <div class="bar" key={option}>
                  <bdi class="name theirs">{optionName(names, option)}</bdi>
                  <span class="figure">{t("proposals.tally.votes", { count: votes })}</span>
                  <span class="room" aria-hidden="true">
                    <span class="filled for" style={{ width: `${(votes / most) * 100}%` }} />
                  </span>
                </div>
              ))}
            </div>
          </div>
          <AsTable
            caption={t("polls.result")}
            head={[t("polls.option.head"), t("polls.votes"), t("polls.supporters")]}
            numeric={[1, 2]}
            rows={sorted.map(({ option, votes, supporters }) => [
              <bdi key={option}>{optionName(names, option)}</bdi>,
              number(votes),
              number(supporters),
            ])}
          />
        </>
      )}
      <p class="hint">
        {t("polls.turnout", { count: cast, electorate: poll.electorate })}.{" "}
        {t(poll.quorumMet ? "polls.quorum.met" : "polls.quorum.open", { count: poll.quorum })}
      </p>
    </Section>
  );
}

function About({ poll, phase }: { poll: Detail; phase: PollPhase }) {
  return (
    <Section title={t("polls.about")}>
      <Facts
        rows={[
          [t("polls.opened"), <When key="opened" at={poll.openedAt} />],
          [t("polls.votingEnd"), when(poll.votingEnd)],
          ...(poll.hidden ? [[t("polls.revealEnd"), when(poll.revealEnd)] as [string, string]] : []),
          ...(poll.followedBefore !== null
            ? [[t("polls.followEnd"), when(poll.followEnd)] as [string, string]]
            : []),
          ...(poll.secret ? [[t("polls.credits"), number(poll.credits)] as [string, string]] : []),
          ...(poll.hidden && phase !== "Voting"
            ? [[t("polls.revealed"), `${number(poll.ballots)} / ${number(poll.sealed)}`] as [string, string]]
            : []),
          ...(poll.followed > 0 ? [[t("polls.followed"), number(poll.followed)] as [string, string]] : []),
          [t("polls.turnout.share"), percent(poll.turnout)],
          [t("polls.hash"), <Hex key="hash" value={poll.textHash} />],
        ]}
      />
    </Section>
  );
}
