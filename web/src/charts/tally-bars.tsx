/**
 * How a vote stands: votes for, against and abstaining, and the lines that they have to reach.
 *
 * Each bar has a pattern of its own, its figure beside it and its threshold as a line with words, so that nothing
 * is told by colour alone.
 */
import type { Data } from "@/api/client";
import { AsTable } from "@/parts/basics";
import { number, t } from "@/words";
import { percent } from "@/words/format";

type Tally = Data<"/v1/proposals/{proposalId}/tally">;

const SIDES = ["for", "against", "abstain"] as const;
type Side = (typeof SIDES)[number];

const PPM = 1_000_000;

export function votesOf(tally: Tally): Record<Side, number> {
  return { for: tally.forVotes, against: tally.againstVotes, abstain: tally.abstainVotes };
}

/** The share of For among For and Against; null where there is neither. */
function approvalOf(tally: Tally): number | null {
  const counted = tally.forVotes + tally.againstVotes;
  return counted === 0 ? null : tally.forVotes / counted;
}

export function TallyBars({ tally }: { tally: Tally }) {
  const votes = votesOf(tally);
  const most = Math.max(1, votes.for, votes.against, votes.abstain);
  const approval = approvalOf(tally);
  const needed = tally.approvalPpm / PPM;
  return (
    <div class="tally">
      <div class="bars">
        {SIDES.map((side) => (
          <Bar
            key={side}
            pattern={side}
            label={t(`proposals.tally.${side}`)}
            figure={t("proposals.tally.votes", { count: votes[side] })}
            share={votes[side] / most}
          />
        ))}
      </div>
      <div class="bars lines">
        <Bar
          pattern="for"
          label={t("proposals.tally.approval")}
          figure={approval === null ? "–" : percent(approval)}
          share={approval ?? 0}
          line={needed}
          reached={approval !== null && tally.forVotes > tally.againstVotes && approval >= needed}
          needs={t("proposals.tally.approval.needs", { share: percent(needed) })}
        />
        <Heads
          label={t("proposals.tally.heads")}
          count={tally.heads}
          needed={tally.quorum}
          needs={t("proposals.tally.heads.needs", { count: tally.quorum })}
        />
        {tally.forHeadsNeeded > 0 && (
          <Heads
            label={t("proposals.tally.forHeads")}
            count={tally.forHeads}
            needed={tally.forHeadsNeeded}
            needs={t("proposals.tally.heads.needs", { count: tally.forHeadsNeeded })}
          />
        )}
      </div>
      <p class="hint">
        {tally.followed > 0 && `${t("proposals.tally.followed", { count: tally.followed })} `}
        {t(tally.passing ? "proposals.tally.passing" : "proposals.tally.notPassing")}
      </p>
      <AsTable
        caption={t("proposals.tally.title")}
        head={[t("proposals.tally.what"), t("proposals.tally.now"), t("proposals.tally.needed")]}
        numeric={[1, 2]}
        rows={[
          ...SIDES.map((side) => [t(`proposals.tally.${side}`), number(votes[side]), ""]),
          [t("proposals.tally.approval"), approval === null ? "–" : percent(approval), percent(needed)],
          [t("proposals.tally.heads"), number(tally.heads), number(tally.quorum)],
          [t("proposals.tally.forHeads"), number(tally.forHeads), number(tally.forHeadsNeeded)],
          [t("proposals.tally.byFollowing"), number(tally.followed), ""],
        ]}
      />
    </div>
  );
}

/** Members who voted, against how many it takes: the line is at the end, or within where more came. */
function Heads(props: { label: string; count: number; needed: number; needs: string }) {
  const most = Math.max(props.count, props.needed, 1);
  return (
    <Bar
      pattern="heads"
      label={props.label}
      figure={number(props.count)}
      share={props.count / most}
      line={props.needed / most}
      reached={props.count >= props.needed}
      needs={props.needs}
    />
  );
}

function Bar(props: {
  pattern: Side | "heads";
  label: string;
  figure: string;
  /** 0 to 1, of the bar's room. */
  share: number;
  /** Where the threshold is, 0 to 1. */
  line?: number;
  reached?: boolean;
  needs?: string;
}) {
  return (
    <div class="bar">
      <span class="name">{props.label}</span>
      <span class="figure">{props.figure}</span>
      <span class="room" aria-hidden="true">
        <span class={`filled ${props.pattern}`} style={{ width: `${props.share * 100}%` }} />
        {props.line !== undefined && (
          <span class="threshold" style={{ insetInlineStart: `${Math.min(99.4, props.line * 100)}%` }} />
        )}
      </span>
      {props.needs && (
        <span class="needs">
          <span aria-hidden="true">{props.reached ? "✓ " : "○ "}</span>
          {props.needs} · {t(props.reached ? "proposals.tally.reached" : "proposals.tally.notReached")}
        </span>
      )}
    </div>
  );
}

/** The same in small: one bar, and two figures. */
export function TallyMini({ tally }: { tally: Tally }) {
  const votes = votesOf(tally);
  const all = votes.for + votes.against + votes.abstain;
  return (
    <span class="tally-mini">
      <span class="room" aria-hidden="true">
        {all > 0 &&
          (["for", "abstain", "against"] as const).map((side) => (
            <span key={side} class={`filled ${side}`} style={{ width: `${(votes[side] / all) * 100}%` }} />
          ))}
      </span>
      <small>
        {t("proposals.tally.mini", {
          for: votes.for,
          against: votes.against,
          heads: tally.heads,
          quorum: tally.quorum,
        })}
      </small>
    </span>
  );
}
