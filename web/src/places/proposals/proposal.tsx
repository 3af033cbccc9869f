/** One proposal: what it says and would do, how it stands, and what can be done about it now. */
import { Single } from "./single";
import type { ComponentChildren } from "preact";
import type { Data, Item } from "@/api/client";
import { useAll, useReading } from "@/api/live";
import { TallyBars } from "@/charts/tally-bars";
import { Badge, Bdi, Empty, Facts, Hex, Notice, Page, Person, Section, Shown, When } from "@/parts/basics";
import { LongList } from "@/parts/long-list";
import { Markdown } from "@/parts/markdown";
import { Text } from "@/parts/text";
import { Verify } from "@/parts/verify";
import { t } from "@/words";
import { length, short, when } from "@/words/format";
import { Deeds } from "./deeds";
import { useMyNotices } from "./mine";
import { named, useTopics } from "./names";
import { hasDelay, phaseOf, PHASE_TONES, useNow, type Phase } from "./phase";
import { Vote } from "./vote";

type Detail = Data<"/v1/proposals/{proposalId}">;
type Ballot = Item<"/v1/proposals/{proposalId}/ballots">;

export default function Place({ params }: { params: Record<string, string> }) {
  const id = params["id"] as string;
  const found = useReading("/v1/proposals/{proposalId}", { proposalId: id });
  return (
    <Single of={found} kind="proposals">
      {(proposal) => <One proposal={proposal} />}
    </Single>
  );
}

function One({ proposal }: { proposal: Detail }) {
  const now = useNow();
  const phase = phaseOf(proposal, now);
  const { nameOf } = useTopics();
  return (
    <Page
      title={<bdi class="theirs">{proposal.title || t("proposals.untitled")}</bdi>}
      lead={
        <span class="badges">
          <Badge tone={PHASE_TONES[phase]}>{t(`proposals.phase.${phase}`)}</Badge>
          <Badge>{named("proposals.rule", proposal.rule)}</Badge>
          {proposal.topic !== null && <Badge>{nameOf(proposal.topic)}</Badge>}
        </span>
      }
    >
      <p>{inWords(proposal, phase)}</p>
      <div class="sides">
        <div>
          <Section title={t("proposals.what")}>
            <Said proposal={proposal} />
            <h3>{t("proposals.actions")}</h3>
            <Actions actions={proposal.actions} />
          </Section>
        </div>
        <div>
          <Vote proposal={proposal} phase={phase} />
          <Deeds proposal={proposal} phase={phase} />
          <Section
            title={t("proposals.tally.title")}
            actions={<Verify of={{ proposal: proposal.proposalId }} />}
          >
            <TallyBars tally={proposal.tally} />
          </Section>
          <Timeline proposal={proposal} phase={phase} now={now} />
          <Followers proposal={proposal} phase={phase} />
          <Provenance proposal={proposal} />
        </div>
        <div>
          <Ballots proposal={proposal} />
        </div>
      </div>
    </Page>
  );
}

/** The state in a sentence, with its next date. */
function inWords(proposal: Detail, phase: Phase) {
  const dates: Record<Phase, number | null> = {
    deliberation: proposal.voteStart,
    voting: proposal.deadline,
    following: proposal.followEnd,
    passed: proposal.expiresAt,
    queued: proposal.queuedUntil,
    ready: proposal.expiresAt,
    executed: proposal.executedAt,
    defeated: proposal.followEnd,
    canceled: proposal.canceledAt,
    expired: proposal.expiresAt,
  };
  const date = dates[phase];
  return t(`proposals.words.${phase}`, { when: date === null ? "?" : when(date) });
}

/** What the description says beside its title, and the texts that it names. */
function Said({ proposal }: { proposal: Detail }) {
  const rest = bodyOf(proposal.description);
  return (
    <>
      {rest && <Markdown text={rest} />}
      {proposal.texts.map((hash) => (
        <Text key={hash} hash={hash} />
      ))}
      {!rest && proposal.texts.length === 0 && <p class="hint">{t("proposals.text.none")}</p>}
    </>
  );
}

/** A description without its title, the texts that it names and its suffix. */
export function bodyOf(description: string): string {
  const said = description
    .replace(/#nonce=[0-9]+#proposer=0x[0-9a-fA-F]{40}$/, "")
    .replace(/text:0x[0-9a-fA-F]{64}/g, "");
  const [, ...rest] = said.replace(/^[\s:]+/, "").split("\n");
  return rest.join("\n").trim();
}

/** What would be done, as the node reads the calls; texts that they name can be read. */
export function Actions({ actions }: { actions: Detail["actions"] }) {
  if (actions.length === 0) return <Empty>{t("proposals.actions.none")}</Empty>;
  return (
    <ol class="deeds">
      {actions.map((action) => (
        <li key={action.position}>
          <Bdi>{action.words.replace(/0x[0-9a-fA-F]{64}/g, short)}</Bdi>
          <Named action={action} />
          <details>
            <summary>{t("proposals.actions.call")}</summary>
            <Facts
              rows={[
                [t("proposals.actions.target"), <Target key="target" action={action} />],
                ...Object.entries(action.arguments ?? {}).map(
                  ([name, value]): [string, ComponentChildren] => [
                    name,
                    <code key={name} class="argument">
                      {typeof value === "string" ? value : JSON.stringify(value)}
                    </code>,
                  ],
                ),
                [t("proposals.actions.data"), <Hex key="data" value={action.calldata} />],
              ]}
            />
          </details>
        </li>
      ))}
    </ol>
  );
}

function Target({ action }: { action: Detail["actions"][number] }) {
  return (
    <>
      {action.module && `${action.module}${action.function ? `.${action.function}` : ""} `}
      <Hex value={action.target} />
    </>
  );
}

/** The arguments of the commune's functions that are hashes of texts. */
const TEXTS = new Set(["textHash", "text", "evidence", "reason", "description", "terms", "grounds", "scope"]);

function Named({ action }: { action: Detail["actions"][number] }) {
  const hashes = Object.entries(action.arguments ?? {}).filter(
    ([name, value]) => TEXTS.has(name) && typeof value === "string" && /^0x[0-9a-f]{64}$/i.test(value),
  );
  return (
    <>
      {hashes
        .filter(([, value]) => !/^0x0+$/.test(value as string))
        .map(([name, value]) => (
          <div key={name} class="quoted">
            <Text hash={value as string} />
          </div>
        ))}
    </>
  );
}

/** Its dates, past and to come. */
function Timeline({ proposal, phase, now }: { proposal: Detail; phase: Phase; now: number }) {
  const follows = proposal.followEnd > proposal.deadline;
  const stopped = ["defeated", "canceled"].includes(phase);
  const steps: [string, number | null, string?][] = [
    [t("proposals.time.opened"), proposal.openedAt],
    [t("proposals.time.start"), proposal.voteStart],
    [
      t("proposals.time.end"),
      proposal.deadline,
      proposal.tally.extendedDeadline !== null ? t("proposals.time.extended") : undefined,
    ],
    ...(follows ? [[t("proposals.time.followEnd"), proposal.followEnd] as [string, number]] : []),
    ...(proposal.canceledAt !== null
      ? [[t("proposals.time.canceled"), proposal.canceledAt] as [string, number]]
      : []),
    ...(stopped || phase === "expired"
      ? []
      : [
          ...(hasDelay(proposal)
            ? ([
                [
                  t("proposals.time.queued"),
                  proposal.queuedAt,
                  t("proposals.time.delay", { length: length(proposal.queue) }),
                ],
                ...(proposal.queuedUntil === null ? [] : [[t("proposals.time.due"), proposal.queuedUntil]]),
              ] as [string, number | null, string?][])
            : []),
          [t("proposals.time.executed"), proposal.executedAt] as [string, number | null],
        ]),
    ...(proposal.executedAt === null && !stopped
      ? [[t("proposals.time.expires"), proposal.expiresAt] as [string, number]]
      : []),
  ];
  return (
    <Section title={t("proposals.time.title")}>
      <ol class="dates">
        {steps.map(([name, at, more], index) => (
          <li key={index} class={at !== null && at <= now ? "past" : "ahead"}>
            <span>{name}</span>
            <small>
              {at === null ? t("proposals.time.open") : <When at={at} />}
              {at !== null && ` · ${when(at)}`}
              {more && ` · ${more}`}
            </small>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** Who leaves this vote to whom, as it stands. */
function Followers({ proposal, phase }: { proposal: Detail; phase: Phase }) {
  const follows = proposal.followEnd > proposal.deadline && phase !== "canceled";
  const followers = useAll(follows ? "/v1/proposals/{proposalId}/followers" : null, {
    proposalId: proposal.proposalId,
  });
  const mine = useMyNotices().find(({ proposalId }) => proposalId === proposal.proposalId);
  if (!follows) return null;
  return (
    <Section title={t("proposals.followers")}>
      {mine?.voter && mine.choice && phase === "voting" && (
        <Notice tone="warn">
          {t("proposals.about.words", {
            voter: String(mine.voter.memberId),
            choice: t(`proposals.choice.${mine.choice}`),
          })}{" "}
          <When at={mine.deadline} />
        </Notice>
      )}
      <p class="hint">{t("proposals.followers.hint")}</p>
      <Shown of={followers}>
        {(all) =>
          all.length === 0 ? (
            <Empty>{t("proposals.followers.none")}</Empty>
          ) : (
            <LongList
              items={all}
              label={t("proposals.followers")}
              height={48}
              keyOf={(follower) => follower.memberId}
            >
              {(follower) => (
                <div class="row small">
                  <span>
                    <Person id={follower.memberId} /> <span aria-hidden="true">→</span>
                    <span class="unseen">{t("proposals.followers.follows")}</span>{" "}
                    <Person id={follower.voter} />
                  </span>
                  {follower.settled && <Badge tone="good">{t("proposals.followers.settled")}</Badge>}
                </div>
              )}
            </LongList>
          )
        }
      </Shown>
    </Section>
  );
}

/** Every ballot: votes here are public. */
function Ballots({ proposal }: { proposal: Detail }) {
  const ballots = useAll("/v1/proposals/{proposalId}/ballots", { proposalId: proposal.proposalId });
  return (
    <Section
      title={t("proposals.ballots")}
      actions={<a href={`#/kiosk/blank/${proposal.proposalId}`}>{t("kiosk.blank.link")}</a>}
    >
      <Shown of={ballots}>
        {(all) =>
          all.length === 0 ? (
            <Empty>{t("proposals.ballots.none")}</Empty>
          ) : (
            <>
              <p class="hint">{t("proposals.ballots.count", { count: all.length })}</p>
              <LongList
                items={[...all].reverse()}
                label={t("proposals.ballots")}
                height={64}
                keyOf={(ballot) => ballot.memberId}
              >
                {(ballot) => <BallotRow ballot={ballot} />}
              </LongList>
            </>
          )
        }
      </Shown>
    </Section>
  );
}

function BallotRow({ ballot }: { ballot: Ballot }) {
  return (
    <div class="row small">
      <div class="main">
        <Person id={ballot.memberId} />
        <small>
          <When at={ballot.castAt} />
          {ballot.followed && ballot.voter !== null && (
            <> · {t("proposals.ballots.followed", { voter: String(ballot.voter) })}</>
          )}
          {ballot.reason && (
            <>
              {" "}
              · <Bdi>{ballot.reason}</Bdi>
            </>
          )}
        </small>
      </div>
      <span class={`vote ${ballot.choice}`}>
        <span class="mark" aria-hidden="true" />
        {t(`proposals.choice.${ballot.choice}`)} · {t("proposals.tally.votes", { count: ballot.votes })}
      </span>
    </div>
  );
}

/** Where it comes from, and where it is recorded. */
function Provenance({ proposal }: { proposal: Detail }) {
  const events = useReading("/v1/events", { block: proposal.block, limit: 200 }).data;
  const opened = events?.find(
    ({ event, arguments: values }) =>
      event === "ProposalOpened" && String(values["proposalId"]) === proposal.proposalId,
  );
  return (
    <Section title={t("proposals.provenance")}>
      <Facts
        rows={[
          [
            t("proposals.author"),
            proposal.author === null ? (
              t("proposals.author.module")
            ) : (
              <Person
                key="author"
                id={proposal.author}
                introduction={proposal.authorPerson?.introduction ?? null}
              />
            ),
          ],
          ...(proposal.sponsors.length > 0
            ? [
                [
                  t("proposals.sponsors"),
                  <span key="sponsors" class="sponsors">
                    {proposal.sponsors.map(({ memberId }) => (
                      <Person key={memberId} id={memberId} />
                    ))}
                  </span>,
                ] as [string, ComponentChildren],
              ]
            : []),
          [t("proposals.electorate"), when(proposal.electorateAt)],
          [t("proposals.id"), <Hex key="id" value={`0x${BigInt(proposal.proposalId).toString(16)}`} />],
        ]}
      />
      {opened && <a href={`#/records?event=${opened.id}`}>{t("proposals.records")}</a>}
    </Section>
  );
}
