/**
 * Casting a ballot: a choice, and how strongly, with what it costs in sight before anything is signed.
 *
 * What was chosen stays on the screen whatever happens meanwhile: a vote that ends while somebody still chooses is
 * closed with the reason, and a ballot that another tab cast is shown in its place.
 */
import { useId, useState } from "preact/hooks";
import type { Data } from "@/api/client";
import { member, memberId } from "@/app/me";
import { outcomes, type Outcome } from "@/chain/follow";
import { Act, Progress } from "@/parts/act";
import { Badge, Notice, Section, When } from "@/parts/basics";
import { number, t } from "@/words";
import { when } from "@/words/format";
import { affordable, costOf, useCredits, type Credits } from "./cost";
import { wasActiveAt, useMyBallots, type Mine } from "./mine";
import type { Phase } from "./phase";

type Detail = Data<"/v1/proposals/{proposalId}">;
const CHOICES = ["For", "Against", "Abstain"] as const;
type Choice = (typeof CHOICES)[number];
/** As the contract numbers them. */
const SUPPORT = { Against: 0, For: 1, Abstain: 2 } as const;

export function Vote({ proposal, phase }: { proposal: Detail; phase: Phase }) {
  const [choice, choose] = useState<Choice | null>(null);
  const [wanted, setWanted] = useState(1);
  const ballots = useMyBallots();
  const credits = useCredits(proposal.season);
  const mine = ballots?.get(proposal.proposalId);
  const sent = useSent(proposal.proposalId);
  const voting = phase === "voting";

  if (mine) {
    return (
      <Section title={t("proposals.vote.title")}>
        <Cast ballot={mine} />
        <p>
          <a href={`#/kiosk/ballot/${proposal.proposalId}/${memberId.value}`}>{t("kiosk.paper.print")}</a>
        </p>
        {sent && sent.open && <Progress outcome={sent} />}
      </Section>
    );
  }
  if (sent && sent.state.value !== "refused") {
    return (
      <Section title={t("proposals.vote.title")}>
        <Progress outcome={sent} />
        <p class="hint">{sent.title}</p>
      </Section>
    );
  }
  if (!voting && choice === null) {
    return phase === "deliberation" ? (
      <Section title={t("proposals.vote.title")}>
        <p>
          {t("proposals.vote.soon")} <When at={proposal.voteStart} />.
        </p>
      </Section>
    ) : null;
  }

  const weighted = proposal.votesPerBallot > 1;
  const most = weighted ? affordable(credits?.left ?? Infinity, proposal.votesPerBallot) : 1;
  const votes = Math.min(wanted, most);
  const title = t("proposals.vote.signed", {
    choice: choice === null ? "" : t(`proposals.choice.${choice}`),
    count: votes,
    title: proposal.title,
  });
  const cast = async (options: { way?: "relay" | "transaction" }) => {
    const [{ castBallot }, { requireItsId }] = await Promise.all([
      import("@/chain/actions"),
      import("@/chain/proposal-id"),
    ]);
    requireItsId(proposal);
    const support = SUPPORT[choice as Choice];
    return castBallot({ proposalId: proposal.proposalId, support, votes, title }, options);
  };
  const cannot = obstacle(proposal, voting, choice);
  const label = choice
    ? t("proposals.vote.cast", { choice: t(`proposals.choice.${choice}`), count: votes })
    : t("proposals.vote.cast.none");
  return (
    <Section title={t("proposals.vote.title")} class="ballot">
      {!voting && <Notice tone="warn">{t("proposals.vote.over", { when: when(proposal.deadline) })}</Notice>}
      {sent?.state.value === "refused" && <Progress outcome={sent} />}
      <fieldset disabled={!voting}>
        <legend class="unseen">{t("proposals.vote.choice")}</legend>
        <div class="support">
          {CHOICES.map((one) => (
            <label key={one} class={`vote ${one}`}>
              <input
                type="radio"
                name={`choice-${proposal.proposalId}`}
                checked={choice === one}
                onChange={() => choose(one)}
              />
              <span class="mark" aria-hidden="true" />
              {t(`proposals.choice.${one}`)}
            </label>
          ))}
        </div>
        {weighted ? (
          <Strength votes={votes} most={most} credits={credits} onChange={setWanted} />
        ) : (
          <p class="hint">{t("proposals.vote.equal")}</p>
        )}
      </fieldset>
      <p class="final">{t("proposals.vote.final")}</p>
      <Act run={cast} cannot={cannot}>
        {label}
      </Act>
      {cannot === undefined && memberId.value !== null && (
        <details class="ways">
          <summary>{t("chain.act.more")}</summary>
          <p class="hint">{t("chain.act.transaction.words")}</p>
          <Act run={cast} way="transaction" kind="plain">
            {t("chain.act.transaction")}
          </Act>
        </details>
      )}
    </Section>
  );
}

/** Why no ballot can be cast now, beside what keeps this person from acting at all. */
function obstacle(proposal: Detail, voting: boolean, choice: Choice | null): string | undefined {
  if (!voting) return t("proposals.vote.over", { when: when(proposal.deadline) });
  if (member.value && !wasActiveAt(member.value, proposal.electorateAt)) {
    return t("proposals.vote.electorate", { when: when(proposal.electorateAt) });
  }
  return choice === null ? t("proposals.vote.choose") : undefined;
}

/** The last ballot for this proposal that was signed in this browser by the one who signs now. */
function useSent(proposalId: string): Outcome | undefined {
  const id = memberId.value;
  return outcomes.value.find(({ now }) => now.value.subject.endsWith(` ballot ${proposalId} ${id}`));
}

/** A ballot that stands. */
function Cast({ ballot }: { ballot: Mine }) {
  const choice = t(`proposals.choice.${ballot.choice}` as "proposals.choice.For");
  return (
    <div data-ballot={ballot.choice}>
      <p>
        <span class={`vote ${ballot.choice}`}>
          <span class="mark" aria-hidden="true" />
          <strong>
            {ballot.followed
              ? t("proposals.mine.followed", { choice, voter: String(ballot.voter) })
              : t("proposals.mine.voted", { choice })}
          </strong>
        </span>
      </p>
      <p>
        {t("proposals.vote.with", { count: ballot.votes })}{" "}
        {ballot.cost > 0 && t("proposals.vote.paid", { count: ballot.cost })} <When at={ballot.castAt} />.
      </p>
      <Badge tone="good">{t("proposals.vote.stands")}</Badge>
    </div>
  );
}

/** How many votes, what they cost, and what that leaves of the season. */
function Strength(props: {
  votes: number;
  most: number;
  credits: Credits | undefined;
  onChange: (votes: number) => void;
}) {
  const { votes, most, credits } = props;
  const id = useId();
  const cost = costOf(votes);
  const left = credits && credits.left - cost;
  const said =
    left === undefined
      ? t("proposals.vote.cost", { count: votes, cost })
      : t("proposals.vote.cost.left", { count: votes, cost, left });
  return (
    <div class="strength">
      <label class="label" for={id}>
        {t("proposals.vote.strength")}
      </label>
      <input
        id={id}
        type="range"
        min={1}
        max={most}
        step={1}
        value={votes}
        aria-valuetext={said}
        onInput={(event) => props.onChange(Number(event.currentTarget.value))}
      />
      <div class="costs">
        <div>
          <p class="price">
            <strong>{t("proposals.tally.votes", { count: votes })}</strong>
            <span>
              {number(votes)} × {number(votes)} − 1 = {t("proposals.vote.credits", { count: cost })}
            </span>
          </p>
          <p class="hint">
            {credits
              ? t("proposals.vote.left", {
                  left: left ?? 0,
                  budget: credits.budget,
                  season: String(credits.season),
                })
              : t("proposals.vote.unknown")}
          </p>
        </div>
        <Square votes={votes} room={credits ? Math.sqrt(credits.left + 1) : most} />
      </div>
    </div>
  );
}

/** The price as a square: one small one for each credit, the first of which is free. */
function Square({ votes, room }: { votes: number; room: number }) {
  const id = useId().replace(/[^\w-]/g, "");
  const side = Math.max(2, Math.ceil(room), votes);
  return (
    <svg class="square" viewBox={`-0.25 -0.25 ${side + 0.5} ${side + 0.5}`} aria-hidden="true">
      <defs>
        <pattern id={id} width="1" height="1" patternUnits="userSpaceOnUse">
          <rect x="0.06" y="0.06" width="0.88" height="0.88" rx="0.12" class="cell" />
        </pattern>
      </defs>
      <rect class="whole" width={room} height={room} y={side - room} rx="0.15" />
      <g transform={`translate(0 ${side - votes})`}>
        <rect width={votes} height={votes} fill={`url(#${id})`} />
      </g>
      <rect class="free" x="0.06" y={side - 0.94} width="0.88" height="0.88" rx="0.12" />
    </svg>
  );
}
