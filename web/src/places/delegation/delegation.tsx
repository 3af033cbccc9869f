/** Who votes for whom where somebody does not vote: mine, what was given to me, and the whole, topic by topic. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Data, Item } from "@/api/client";
import { useAll, useReading } from "@/api/live";
import { memberId as mine } from "@/app/me";
import { go, here } from "@/app/router";
import { Act } from "@/parts/act";
import {
  AsOf,
  AsTable,
  Badge,
  Bdi,
  Button,
  Empty,
  Facts,
  Field,
  Notice,
  Page,
  Person,
  Section,
  Shown,
  When,
} from "@/parts/basics";
import { useMembers, type Listed } from "@/parts/pick-member";
import { Graph, type Node } from "@/charts/graph";
import { number, t, type Key } from "@/words";
import { memberName, percent } from "@/words/format";
import { Giving, type Caps } from "./giving";
import { useDelegations, type Edge, type Told, type Topic } from "./edges";

type Given = Data<"/v1/members/{memberId}/delegations">["given"][number];
type Received = Data<"/v1/members/{memberId}/delegations">["received"][number];
type Named = Item<"/v1/topics">;

export default function Delegation() {
  const topics = useAll("/v1/topics");
  return (
    <Page title={t("delegation.title")} lead={t("delegation.lead")}>
      <Shown of={topics}>
        {(named) => (
          <>
            {mine.value !== null && <Own id={mine.value} topics={named} />}
            <Whole topics={named} />
          </>
        )}
      </Shown>
    </Page>
  );
}

/** What is proposed where nobody has been named before. */
const USUAL: Caps = { votes: 2, credits: 30 };

function Own({ id, topics }: { id: number; topics: Named[] }) {
  const found = useReading("/v1/members/{memberId}/delegations", { memberId: id });
  const asked = Number(here.value.query.get("to"));
  const [giving, setGiving] = useState<{ topic: number | null; to: number | null } | null>(
    asked > 0 ? { topic: null, to: asked } : null,
  );
  const close = () => {
    setGiving(null);
    if (asked > 0) go("/delegation");
  };
  return (
    <Shown of={found}>
      {({ given, received }) => (
        <>
          <Section title={t("delegation.mine")}>
            <ul class="list">
              {topics.map((topic) => (
                <li key={topic.topic}>
                  <Mine
                    topic={topic}
                    given={given.find((one) => one.topic === topic.topic) ?? null}
                    onGive={(to) => setGiving({ topic: topic.topic, to })}
                  />
                </li>
              ))}
            </ul>
          </Section>
          {giving && (
            <Giving
              topics={topics}
              topic={giving.topic}
              to={giving.to}
              before={capsOf(given.find((one) => one.topic === giving.topic))}
              onClose={close}
            />
          )}
          {given.length > 0 && <Notices id={id} />}
          {received.length > 0 && (
            <Section title={t("delegation.toMe")}>
              {received.map((one) => (
                <ToMe key={one.topic} id={id} received={one} />
              ))}
            </Section>
          )}
        </>
      )}
    </Shown>
  );
}

function capsOf(given: Given | undefined): Caps {
  return given ? { votes: given.maxVotes, credits: given.maxCredits } : USUAL;
}

/** Who decides for me in one topic. */
function Mine(props: { topic: Named; given: Given | null; onGive: (to: number | null) => void }) {
  const { topic, given } = props;
  return (
    <div class="row delegated">
      <div class="main">
        <h3>
          <Bdi>{topic.name}</Bdi>
        </h3>
        {given === null ? <p class="hint">{t("delegation.nobody")}</p> : <Way given={given} />}
      </div>
      <div class="actions">
        <Button
          aria-label={t(given ? "delegation.change.in" : "delegation.give.in", { topic: topic.name })}
          onClick={() => props.onGive(given?.delegate ?? null)}
        >
          {t(given ? "delegation.change" : "delegation.give.do")}
        </Button>
        {given && (
          <Act
            kind="danger"
            dormant
            action={{
              module: "delegation",
              name: "revoke",
              args: [topic.topic],
              title: t("delegation.revoke.title", { topic: topic.name }),
            }}
          >
            {t("delegation.revoke")}
          </Act>
        )}
      </div>
    </div>
  );
}

function Way({ given }: { given: Given }) {
  return (
    <>
      <p>
        {t("delegation.way")} <Chain members={given.chain} />
      </p>
      {given.problem && <Notice tone="warn">{t(`delegation.problem.${given.problem}`)}</Notice>}
      <p class="hint">
        {t("delegation.caps", { count: given.maxVotes, spent: given.spent, credits: given.maxCredits })}
        {" · "}
        {t("delegation.since")} <When at={given.since} />
      </p>
    </>
  );
}

/** Members in the order in which they are asked. */
function Chain({ members }: { members: readonly number[] }) {
  return (
    <span class="chain">
      {members.map((id, place) => (
        <span key={place}>
          {place > 0 && <span class="then">{t("delegation.else")} </span>}
          <Person id={id} />
        </span>
      ))}
    </span>
  );
}

const NOTICES = 5;

/** What was voted on my behalf, or is about to be. */
function Notices({ id }: { id: number }) {
  const found = useReading("/v1/members/{memberId}/notices", { memberId: id, limit: NOTICES });
  if (!found.data || found.data.length === 0) return null;
  return (
    <Section title={t("delegation.notices")}>
      <ul class="list">
        {found.data.map((one) => (
          <li key={one.id} class="row">
            <div class="main">
              <a
                href={
                  one.proposalId !== null ? `#/proposals/${one.proposalId}` : `#/polls/${one.pollId ?? ""}`
                }
              >
                <Bdi>{one.title ?? t("delegation.vote")}</Bdi>
              </a>
              <small>
                {one.voter ? <Person id={one.voter.memberId} /> : t("delegation.your")}{" "}
                {t(one.kind === "Followed" ? "delegation.followed" : "delegation.about")}
                {" · "}
                <When at={one.at} />
              </small>
            </div>
            {one.pending && <Badge tone="warn">{t("delegation.pending")}</Badge>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** How much speaks through me in one topic, and whose voices they are. */
function ToMe({ id, received }: { id: number; received: Received }) {
  const found = useDelegations(received.topic);
  const told = found.data?.topics[0];
  const names = found.data?.delegations.filter((edge) => edge.delegate === id) ?? [];
  const share = told && told.heard > 0 ? received.voices / told.heard : 0;
  return (
    <div class="received">
      <h3>
        <Bdi>{received.name ?? received.topic}</Bdi>
      </h3>
      <p>
        {received.voices > 0
          ? t("delegation.speaks", { count: received.voices, share: percent(share) })
          : t("delegation.passes")}
      </p>
      <p class="several">
        {names.map((edge) => (
          <Person key={edge.memberId} id={edge.memberId} />
        ))}
      </p>
    </div>
  );
}

/** Everybody's delegations in a topic that can be chosen. */
function Whole({ topics }: { topics: Named[] }) {
  const asked = Number(here.value.query.get("topic"));
  const [topic, setTopic] = useState<number | null>(null);
  const first = useDelegations(null).data?.topics;
  const busiest = first && [...first].sort((a, b) => b.delegations - a.delegations)[0]?.topic;
  const chosen = topic ?? (topics.some((one) => one.topic === asked) ? asked : (busiest ?? null));
  const found = useDelegations(chosen);
  return (
    <Section title={t("delegation.whole")}>
      <Field label={t("delegation.topic")}>
        {(attributes) => (
          <select
            {...attributes}
            value={chosen ?? topics[0]?.topic}
            onChange={(event) => setTopic(Number(event.currentTarget.value))}
          >
            {topics.map((one) => (
              <option key={one.topic} value={one.topic}>
                {one.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {chosen === null && first ? (
        <Empty>{t("delegation.none")}</Empty>
      ) : (
        <Shown of={found}>
          {(told) =>
            told.delegations.length === 0 ? (
              <Empty>{t("delegation.none")}</Empty>
            ) : (
              <Concentration told={told} />
            )
          }
        </Shown>
      )}
      {found.block && !found.stale && chosen !== null && <AsOf block={found.block} />}
    </Section>
  );
}

function Concentration({ told }: { told: Told }) {
  const topic = told.topics[0] as Topic;
  const members = useMembers();
  return (
    <>
      <p>
        {t("delegation.sum", { count: topic.delegations, members: topic.members })}{" "}
        {t("delegation.majority", { count: topic.majority })}
      </p>
      {topic.heard < topic.members && (
        <Notice tone="warn">{t("delegation.unheard", { count: topic.members - topic.heard })}</Notice>
      )}
      <Most topic={topic} members={members} />
      <Picture told={told} topic={topic} members={members} />
      <AsTable
        caption={t("delegation.table")}
        head={[
          t("delegation.member"),
          t("delegation.delegate"),
          t("delegation.leadsTo"),
          t("delegation.votes"),
          t("delegation.credits"),
        ]}
        numeric={[3, 4]}
        rows={told.delegations.map((edge) => [
          <Person key="from" id={edge.memberId} />,
          <Person key="to" id={edge.delegate} />,
          edge.end === null ? (
            t(`delegation.nowhere.${edge.problem}` as Key)
          ) : (
            <Person key="end" id={edge.end} />
          ),
          number(edge.maxVotes),
          number(edge.maxCredits),
        ])}
      />
    </>
  );
}

const SHOWN = 5;

/** Who would speak for most. */
function Most({ topic, members }: { topic: Topic; members: Listed[] | undefined }) {
  if (topic.mostVoices.length === 0) return null;
  return (
    <>
      <h3>{t("delegation.most")}</h3>
      <ol class="most">
        {topic.mostVoices.slice(0, SHOWN).map((one) => (
          <li key={one.memberId}>
            <Person
              id={one.memberId}
              introduction={members?.find((listed) => listed.memberId === one.memberId)?.introduction ?? null}
            />
            <span class="bar" aria-hidden="true">
              <span style={{ inlineSize: `${one.share * 100}%` }} />
            </span>
            <span>{t("delegation.voices", { count: one.voices, share: percent(one.share) })}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

function Picture(props: { told: Told; topic: Topic; members: Listed[] | undefined }) {
  const { told, topic, members } = props;
  const [selected, setSelected] = useState<number | null>(null);
  const { nodes, follows, lost } = useMemo(() => graphOf(told, members), [told, members]);
  useEffect(() => setSelected(null), [topic.topic]);
  const one = selected === null ? undefined : nodes.find((node) => node.id === selected);
  return (
    <>
      <h3>{t("delegation.picture")}</h3>
      <Graph
        label={t("delegation.picture")}
        nodes={nodes}
        follows={follows}
        lost={lost}
        selected={selected}
        onSelect={setSelected}
      />
      {one && <Selected id={one.id} told={told} members={members} weight={one.weight} />}
    </>
  );
}

/** What the picture shows of the member who was chosen in it. */
function Selected(props: { id: number; told: Told; members: Listed[] | undefined; weight: number }) {
  const { id, told, members } = props;
  const edge = told.delegations.find((one) => one.memberId === id);
  const named = told.delegations.filter((one) => one.delegate === id).map((one) => one.memberId);
  const listed = members?.find((one) => one.memberId === id);
  return (
    <div class="selected" role="status">
      <p>
        <Person id={id} introduction={listed?.introduction ?? null} />{" "}
        {listed && listed.status !== "Active" && (
          <Badge tone="warn">{t(`members.status.${listed.status}` as Key)}</Badge>
        )}
      </p>
      <Facts
        rows={[
          [
            t("delegation.delegate"),
            edge ? (
              <>
                <Chain members={edge.chain} />
                {edge.problem && <small> {t(`delegation.problem.${edge.problem}`)}</small>}
              </>
            ) : (
              t("delegation.self")
            ),
          ],
          [t("delegation.namedBy"), named.length > 0 ? <Some ids={named} /> : t("members.nobody")],
          ...(edge ? [] : [[t("delegation.speaksFor"), number(props.weight)] as [string, string]]),
        ]}
      />
    </div>
  );
}

const NAMED = 24;

function Some({ ids }: { ids: readonly number[] }) {
  return (
    <span class="several">
      {ids.slice(0, NAMED).map((id) => (
        <Person key={id} id={id} />
      ))}
      {ids.length > NAMED && t("delegation.andMore", { count: ids.length - NAMED })}
    </span>
  );
}

/** The picture's circles and arrows. How many speak through somebody is counted along the arrows. */
function graphOf(told: Told, members: Listed[] | undefined) {
  const edges = told.delegations;
  const follows = new Map(edges.map((edge) => [edge.memberId, edge.delegate]));
  const status = new Map(members?.map((one) => [one.memberId, one.status]));
  const gone = (id: number) => (status.get(id) ?? "Active") !== "Active";
  const dead = (edge: Edge) => edge.problem !== null || (edge.end !== null && gone(edge.end));
  const lost = new Set(edges.filter(dead).map((edge) => edge.memberId));
  const weights = new Map<number, number>();
  for (const edge of edges) {
    for (const id of new Set(edge.problem ? [edge.delegate] : edge.chain)) {
      weights.set(id, (weights.get(id) ?? 1) + 1);
    }
  }
  const ids = new Set(edges.flatMap((edge) => [edge.memberId, edge.delegate]));
  const nodes = [...ids].map((id): Node => {
    const weight = weights.get(id) ?? 1;
    const tone = id === mine.value ? "mine" : lost.has(id) || gone(id) ? "lost" : null;
    return {
      id,
      label: String(id),
      words: wordsOf(id, follows, lost, weight),
      weight,
      ...(tone && { tone }),
    };
  });
  return { nodes, follows, lost };
}

function wordsOf(
  id: number,
  follows: ReadonlyMap<number, number>,
  lost: ReadonlySet<number>,
  weight: number,
): string {
  const to = follows.get(id);
  const values = { member: memberName(id), delegate: to === undefined ? "" : memberName(to), count: weight };
  if (to === undefined) return t("delegation.node.end", values);
  return t(lost.has(id) ? "delegation.node.lost" : "delegation.node", values);
}
