/** What is being decided, what was, and what looks for sponsors. */
import { SearchField } from "@/parts/search-field";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Item } from "@/api/client";
import { useAll, useReading } from "@/api/live";
import { memberId } from "@/app/me";
import { AsOf, Badge, Button, Empty, Field, Notice, Page, Section, Shown, When } from "@/parts/basics";
import { LongList } from "@/parts/long-list";
import { TallyMini } from "@/charts/tally-bars";
import { consentPhase, CONSENT_TONES, type Consent } from "@/places/consent/phase";
import { pollPhase, POLL_TONES, type Poll } from "@/places/polls/phase";
import { t } from "@/words";
import { keptDrafts } from "./drafts";
import { useMyBallots, useMyNotices, type Mine, type Notified } from "./mine";
import { named, useTopics } from "./names";
import { phaseOf, PHASE_TONES, TO_DO, UNDECIDED, useNow, type Phase, type Proposal } from "./phase";

type Draft = Item<"/v1/drafts">;

/** Something to decide on, of whichever kind. `at`: its next date, or its last one. */
type Decision = { at: number; topic: number | null; title: string } & (
  | { kind: "proposal"; phase: Phase; proposal: Proposal }
  | { kind: "poll"; poll: Poll }
  | { kind: "consent"; consent: Consent }
);

const AT_FIRST = 20;
const STEP = 100;

export default function Proposals() {
  const now = useNow();
  const active = useAll("/v1/proposals", { state: "Active" });
  const pending = useAll("/v1/proposals", { state: "Pending" });
  const succeeded = useAll("/v1/proposals", { state: "Succeeded" });
  const queued = useAll("/v1/proposals", { state: "Queued" });
  const polls = useReading("/v1/polls", { limit: 200 });
  const consents = useReading("/v1/consent", { limit: 200 });
  const drafts = useAll("/v1/drafts", { opened: false });
  const [shown, setShown] = useState(AT_FIRST);
  const latest = useReading("/v1/proposals", { limit: Math.min(200, shown + STEP) });
  const { topics, nameOf } = useTopics();
  const ballots = useMyBallots();
  const notices = useMyNotices();
  const [topic, setTopic] = useState("");
  const [kind, setKind] = useState("");
  const [sought, setSought] = useState("");

  const running = [active, pending, succeeded, queued].flatMap(({ data }) => data ?? []);
  const decisions: Decision[] = [
    ...unique([...running, ...(latest.data ?? [])]).map((proposal) => ofProposal(proposal, now)),
    ...(polls.data ?? []).map(ofPoll),
    ...(consents.data ?? []).map((consent) => ofConsent(consent, now)),
  ].filter(
    (decision) =>
      (topic === "" || decision.topic === Number(topic)) &&
      (kind === "" || decision.kind === kind) &&
      decision.title.toLowerCase().includes(sought.trim().toLowerCase()),
  );
  const undecided = decisions
    .filter((decision) => isUndecided(decision, now))
    .sort((a, b) => Number(isAhead(a)) - Number(isAhead(b)) || a.at - b.at);
  const toDo = decisions.filter((decision) => isToDo(decision, now)).sort((a, b) => a.at - b.at);
  const over = decisions
    .filter((decision) => !undecided.includes(decision) && !toDo.includes(decision))
    .sort((a, b) => b.at - a.at);
  const seeking = (drafts.data ?? []).filter(
    (draft) =>
      draft.expiresAt >= now &&
      !consents.data?.some(({ proposalId }) => proposalId === draft.proposalId) &&
      kind !== "poll" &&
      (topic === "" || draft.topic === Number(topic)),
  );
  const sponsored = new Set(
    [...running, ...(latest.data ?? []), ...(consents.data ?? []), ...(drafts.data ?? [])].map(
      ({ proposalId }) => proposalId,
    ),
  );
  const row = (decision: Decision) => (
    <Row decision={decision} now={now} nameOf={nameOf} ballots={ballots} notices={notices} />
  );
  return (
    <Page
      title={t("proposals.title")}
      lead={t("proposals.lead")}
      actions={
        <a class="button primary" href="#/proposals/new">
          {t("proposals.write")}
        </a>
      }
    >
      <AboutToFollow notices={notices} />
      <details class="finding">
        <summary>{t("proposals.finding")}</summary>
        <div class="decision-filters">
          <SearchField label={t("proposals.find")} value={sought} onInput={setSought} />
          <Field label={t("proposals.topic")}>
            {(attributes) => (
              <select {...attributes} value={topic} onChange={(event) => setTopic(event.currentTarget.value)}>
                <option value="">{t("proposals.topic.all")}</option>
                {topics.map(({ topic: number, name }) => (
                  <option key={number} value={String(number)}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t("proposals.kind")}>
            {(attributes) => (
              <select {...attributes} value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
                <option value="">{t("proposals.kind.all")}</option>
                <option value="proposal">{t("proposals.kind.proposal")}</option>
                <option value="poll">{t("proposals.kind.poll")}</option>
                <option value="consent">{t("proposals.kind.consent")}</option>
              </select>
            )}
          </Field>
        </div>
      </details>
      <Section title={t("proposals.open")}>
        <Shown of={active}>
          {() =>
            undecided.length === 0 ? (
              <Empty>{t("proposals.open.none")}</Empty>
            ) : (
              <LongList items={undecided} label={t("proposals.open")} height={110} keyOf={keyOf}>
                {row}
              </LongList>
            )
          }
        </Shown>
      </Section>
      {toDo.length > 0 && (
        <Section title={t("proposals.toDo")}>
          <p class="hint">{t("proposals.toDo.hint")}</p>
          <LongList items={toDo} label={t("proposals.toDo")} height={110} keyOf={keyOf}>
            {row}
          </LongList>
        </Section>
      )}
      <Drafts drafts={seeking} sponsored={sponsored} nameOf={nameOf} />
      <Section title={t("proposals.closed")}>
        <Shown of={latest}>
          {(read) => (
            <>
              {over.length === 0 && <Empty>{t("proposals.closed.none")}</Empty>}
              <LongList items={over.slice(0, shown)} label={t("proposals.closed")} height={100} keyOf={keyOf}>
                {row}
              </LongList>
              {(over.length > shown || (latest.next && read.length < 200)) && (
                <Button onClick={() => setShown(shown + STEP)}>{t("parts.showMore")}</Button>
              )}
              {latest.next && read.length >= 200 && <p class="hint">{t("proposals.closed.older")}</p>}
            </>
          )}
        </Shown>
      </Section>
      {active.block && !active.stale && <AsOf block={active.block} />}
    </Page>
  );
}

function unique(proposals: Proposal[]): Proposal[] {
  return [...new Map(proposals.map((proposal) => [proposal.proposalId, proposal])).values()];
}

function keyOf(decision: Decision): string {
  if (decision.kind === "poll") return `poll ${decision.poll.pollId}`;
  return decision.kind === "proposal"
    ? decision.proposal.proposalId
    : `consent ${decision.consent.proposalId}`;
}

function ofProposal(proposal: Proposal, now: number): Decision {
  const phase = phaseOf(proposal, now);
  const dates: Record<Phase, number> = {
    deliberation: proposal.voteStart,
    voting: proposal.deadline,
    following: proposal.followEnd,
    passed: proposal.expiresAt,
    queued: proposal.queuedUntil ?? proposal.expiresAt,
    ready: proposal.expiresAt,
    executed: proposal.executedAt ?? proposal.followEnd,
    defeated: proposal.followEnd,
    canceled: proposal.canceledAt ?? proposal.openedAt,
    expired: proposal.expiresAt,
  };
  const { topic, title } = proposal;
  return { kind: "proposal", at: dates[phase], topic, title, phase, proposal };
}

function ofPoll(poll: Poll): Decision {
  const title = poll.title ?? t("polls.untitled", { id: String(poll.pollId) });
  return { kind: "poll", at: poll.votingEnd, topic: poll.topic, title, poll };
}

function ofConsent(consent: Consent, now: number): Decision {
  const open = consentPhase(consent, now) === "Open";
  const at = open ? consent.windowEnd : (consent.executedAt ?? consent.expiresAt);
  return { kind: "consent", at, topic: consent.topic, title: consent.title, consent };
}

function isUndecided(decision: Decision, now: number): boolean {
  if (decision.kind === "proposal") return UNDECIDED.includes(decision.phase);
  if (decision.kind === "poll") return pollPhase(decision.poll, now) !== "Closed";
  return consentPhase(decision.consent, now) === "Open";
}

/** Whether nobody can vote on it yet. */
function isAhead(decision: Decision): boolean {
  return decision.kind === "proposal" && decision.phase === "deliberation";
}

function isToDo(decision: Decision, now: number): boolean {
  if (decision.kind === "proposal") return TO_DO.includes(decision.phase);
  return decision.kind === "consent" && ["Passed", "Blocked"].includes(consentPhase(decision.consent, now));
}

function Row(props: {
  decision: Decision;
  now: number;
  nameOf: (topic: number) => string;
  ballots: Map<string, Mine> | undefined;
  notices: Notified[];
}) {
  const { decision, nameOf } = props;
  const topic = decision.topic === null ? null : nameOf(decision.topic);
  if (decision.kind === "poll") {
    const { poll } = decision;
    const phase = pollPhase(poll, props.now);
    return (
      <DecisionRow
        href={`#/polls/${poll.pollId}`}
        title={decision.title}
        badges={
          <>
            <Badge>{t(poll.secret ? "polls.kind.secret" : "polls.kind.open")}</Badge>
            <Badge tone={POLL_TONES[phase]}>{t(`polls.state.${phase}`)}</Badge>
          </>
        }
        facts={
          <>
            {topic} · {t(phase === "Voting" ? "proposals.closes" : "proposals.closed.at")}{" "}
            <When at={poll.votingEnd} />
          </>
        }
        aside={
          <small>
            {t("polls.turnout", {
              count: poll.hidden ? poll.sealed : poll.ballots,
              electorate: poll.electorate,
            })}
          </small>
        }
      />
    );
  }
  if (decision.kind === "consent") {
    const { consent } = decision;
    const phase = consentPhase(consent, props.now);
    return (
      <DecisionRow
        href={`#/consent/${consent.proposalId}`}
        title={consent.title}
        badges={
          <>
            <Badge>{t("consent.kind")}</Badge>
            <Badge tone={CONSENT_TONES[phase]}>{t(`consent.state.${phase}`)}</Badge>
          </>
        }
        facts={
          <>
            {topic} · {t(phase === "Open" ? "proposals.closes" : "proposals.closed.at")}{" "}
            <When at={consent.windowEnd} />
          </>
        }
        aside={
          <small>
            {t("consent.mini", {
              acknowledged: consent.acknowledged,
              needed: consent.needed,
              blocks: consent.blocks,
              limit: consent.blockLimit,
            })}
          </small>
        }
      />
    );
  }
  const { proposal, phase } = decision;
  return (
    <DecisionRow
      href={`#/proposals/${proposal.proposalId}`}
      title={proposal.title}
      badges={
        <>
          <Badge tone={PHASE_TONES[phase]}>{t(`proposals.phase.${phase}`)}</Badge>
          {proposal.rule !== "Ordinary" && <Badge>{named("proposals.rule", proposal.rule)}</Badge>}
          <MyVote
            proposal={proposal}
            ballot={props.ballots?.get(proposal.proposalId)}
            known={props.ballots !== undefined}
            phase={phase}
            notice={props.notices.find(({ proposalId }) => proposalId === proposal.proposalId)}
          />
        </>
      }
      facts={
        <>
          {topic ?? t("proposals.topic.none")} · {t(`proposals.next.${phase}`)} <When at={decision.at} />
        </>
      }
      aside={phase === "deliberation" ? null : <TallyMini tally={proposal.tally} />}
    />
  );
}

function DecisionRow(props: {
  href: string;
  title: string;
  badges: ComponentChildren;
  facts: ComponentChildren;
  aside: ComponentChildren;
}) {
  return (
    <div class="row decision">
      <div class="main">
        <a class="title" href={props.href}>
          <bdi class="theirs">{props.title || t("proposals.untitled")}</bdi>
        </a>
        <small>{props.facts}</small>
        <div class="badges">{props.badges}</div>
      </div>
      <div class="beside">{props.aside}</div>
    </div>
  );
}

function MyVote(props: {
  proposal: Proposal;
  ballot: Mine | undefined;
  known: boolean;
  phase: Phase;
  notice: Notified | undefined;
}) {
  const { ballot, notice } = props;
  if (ballot) {
    const choice = t(`proposals.choice.${ballot.choice}` as "proposals.choice.For");
    return (
      <Badge tone="good">
        {ballot.followed
          ? t("proposals.mine.followed", { choice, voter: String(ballot.voter) })
          : t("proposals.mine.voted", { choice })}
      </Badge>
    );
  }
  if (memberId.value === null || !props.known || props.phase !== "voting") return null;
  if (notice?.choice && notice.voter) {
    const choice = t(`proposals.choice.${notice.choice}`);
    return (
      <Badge tone="warn">{t("proposals.mine.about", { choice, voter: String(notice.voter.memberId) })}</Badge>
    );
  }
  return <Badge tone="warn">{t("proposals.mine.open")}</Badge>;
}

/** Delegates who are about to vote for me, while I can still vote myself. */
function AboutToFollow({ notices }: { notices: Notified[] }) {
  const about = notices.filter(({ kind, proposalId }) => kind === "AboutToFollow" && proposalId !== null);
  if (about.length === 0) return null;
  return (
    <Notice tone="warn" title={t("proposals.about.title", { count: about.length })}>
      <ul>
        {about.map((notice) => (
          <li key={notice.id}>
            <a href={`#/proposals/${notice.proposalId}`}>
              <bdi class="theirs">{notice.title}</bdi>
            </a>
            {": "}
            {t("proposals.about.words", {
              voter: String(notice.voter?.memberId ?? "?"),
              choice: notice.choice ? t(`proposals.choice.${notice.choice}`) : "?",
            })}{" "}
            <When at={notice.deadline} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Drafts(props: {
  drafts: Draft[];
  /** Those that the chain knows, proposals among them: what is here beside them has no sponsor yet. */
  sponsored: Set<string>;
  nameOf: (topic: number) => string;
}) {
  const { drafts, sponsored, nameOf } = props;
  const kept = keptDrafts();
  const here = [...kept].filter(([id]) => !sponsored.has(id));
  if (drafts.length === 0 && here.length === 0) return null;
  return (
    <Section title={t("proposals.drafts")}>
      <p class="hint">{t("proposals.drafts.hint")}</p>
      <ul class="list" aria-label={t("proposals.drafts")}>
        {drafts.map((draft) => (
          <li key={draft.proposalId}>
            <DecisionRow
              href={`#/proposals/draft/${draft.proposalId}`}
              title={
                kept.get(draft.proposalId)?.title ??
                t("proposals.drafts.unknown", { id: ends(draft.proposalId) })
              }
              badges={
                <Badge tone={draft.sponsors >= draft.required ? "good" : "warn"}>
                  {t("proposals.drafts.sponsors", { count: draft.sponsors, required: draft.required })}
                </Badge>
              }
              facts={
                <>
                  {nameOf(draft.topic)} · {t("proposals.drafts.expires")} <When at={draft.expiresAt} />
                </>
              }
              aside={null}
            />
          </li>
        ))}
        {here.map(([id, draft]) => (
          <li key={id}>
            <DecisionRow
              href={`#/proposals/draft/${id}`}
              title={draft.title}
              badges={<Badge>{t("proposals.drafts.here")}</Badge>}
              facts={nameOf(draft.topic)}
              aside={null}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** A long number by its ends. */
export function ends(number: string): string {
  return number.length > 12 ? `${number.slice(0, 6)}…${number.slice(-4)}` : number;
}
