/** One member: who they are, what became of their membership, and what others can do for them. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { read, type Data, type Item } from "@/api/client";
import { chainNow, useReading } from "@/api/live";
import { memberId as mine, type Member } from "@/app/me";
import type { Place } from "@/app/routes";
import {
  AsOf,
  Bdi,
  Empty,
  Facts,
  Hex,
  isPast,
  Notice,
  Page,
  Person,
  Section,
  Shown,
  Table,
  When,
} from "@/parts/basics";
import { Act } from "@/parts/act";
import { Text } from "@/parts/text";
import { Verify } from "@/parts/verify";
import { number, t, type Key } from "@/words";
import { memberName, points } from "@/words/format";
import { whyNotAttest } from "./checkin";
import { Hearings } from "./hearings";
import { MemberBadges } from "./members";
import { People } from "./people";
import { Recovery } from "./recovery";

type Rows = [ComponentChildren, ComponentChildren][];

export default function Place({ params }: Place) {
  const id = Number(params["id"]);
  if (!Number.isSafeInteger(id) || id < 1 || id >= 2 ** 32) {
    return <Notice tone="warn" title={t("members.unknown")} />;
  }
  return <One id={id} />;
}

function One({ id }: { id: number }) {
  const one = useReading("/v1/members/{memberId}", { memberId: id });
  if (one.error?.status === 404) return <Notice tone="warn" title={t("members.unknown")} />;
  return (
    <Shown of={one}>
      {(member) => (
        <Page
          title={memberName(member.memberId)}
          lead={member.introduction && <Bdi>{member.introduction}</Bdi>}
          actions={
            <div class="badges">
              <MemberBadges member={member} />
            </div>
          }
        >
          <Profile member={member} />
          {one.block && !one.stale && <AsOf block={one.block} />}
          <Verify of={{ member: member.memberId }} />
        </Page>
      )}
    </Shown>
  );
}

function Profile({ member }: { member: Member }) {
  return (
    <>
      {member.memberId === mine.value && (
        <p>
          <a class="button" href="#/membership">
            {t("members.mine")}
          </a>
        </p>
      )}
      {member.profile && (
        <Section title={t("members.introduction")}>
          <Text hash={member.profile} />
        </Section>
      )}
      <Section title={t("members.membership")}>
        <Facts rows={membershipOf(member)} />
      </Section>
      <Signs member={member} />
      <InShort member={member} />
      <Ballots id={member.memberId} />
      <Guardians member={member} />
      <Recovery member={member} />
      <Hearings member={member} />
      <History member={member} />
    </>
  );
}

function membershipOf(one: Member): Rows {
  const rows: Rows = [
    [
      t("members.status"),
      <>
        {t(`members.status.${one.status}` as Key)} · <When at={one.since} />
      </>,
    ],
    [t("members.joinedAt"), <When key="joined" at={one.joinedAt} />],
  ];
  if (one.firstJoinedAt !== one.joinedAt) {
    rows.push([t("members.firstJoinedAt"), <When key="first" at={one.firstJoinedAt} />]);
  }
  if (one.probationUntil > chainNow()) {
    rows.push([t("members.probationUntil"), <When key="probation" at={one.probationUntil} />]);
  }
  rows.push([
    t("members.vouchedBy"),
    one.vouchers.length > 0 ? (
      <People ids={one.vouchers} />
    ) : one.founder ? (
      t("members.vouchedBy.founder")
    ) : (
      t("members.nobody")
    ),
  ]);
  if (one.applicationId !== null) {
    rows.push([
      t("members.appliedWith"),
      <a key="application" href={`#/applications/${one.applicationId}`}>
        {t("members.application", { id: String(one.applicationId) })}
      </a>,
    ]);
  }
  rows.push([t("members.account"), <Hex key="account" value={one.account} />]);
  return rows;
}

/** Signs of life, and what follows where there are none. */
function Signs({ member }: { member: Member }) {
  if (member.status !== "Active" && member.status !== "Dormant") return null;
  return (
    <Section title={t("members.signs")}>
      <Facts rows={signsOf(member)} />
      {member.memberId !== mine.value && <ForThem member={member} />}
    </Section>
  );
}

/** What others do where somebody is to show that they live, or does not. */
function ForThem({ member }: { member: Member }) {
  const { memberId, presence, status } = member;
  const because = mine.value === null ? null : whyNotAttest(member);
  const silent = status === "Active" && isPast(presence.dueAt);
  return (
    <>
      <div class="actions">
        <a class="button" href={`#/checkin?member=${memberId}`}>
          {t("members.attest")}
        </a>
      </div>
      {because && <p class="hint">{because}</p>}
      {silent && presence.noticeAt === null && (
        <>
          <p>{t("members.absent.words")}</p>
          <Act
            kind="plain"
            action={{
              module: "presence",
              name: "giveNotice",
              args: [memberId],
              title: t("members.absent.notice.title", { member: memberName(memberId) }),
            }}
          >
            {t("members.absent.notice")}
          </Act>
        </>
      )}
      {silent && presence.dormantFrom !== null && (
        <Act
          kind="plain"
          cannot={isPast(presence.dormantFrom) ? undefined : t("members.absent.wait")}
          action={{
            module: "presence",
            name: "markDormant",
            args: [memberId],
            title: t("members.absent.mark.title", { member: memberName(memberId) }),
          }}
        >
          {t("members.absent.mark")}
        </Act>
      )}
    </>
  );
}

export function signsOf({ presence, status }: Member): Rows {
  const rows: Rows = [[t("members.signs.last"), <When key="last" at={presence.lastSign} />]];
  if (status === "Dormant") {
    rows.push([t("members.signs.next"), t("members.signs.dormant")]);
    return rows;
  }
  rows.push([
    isPast(presence.dueAt) ? t("members.signs.wasDue") : t("members.signs.due"),
    <When key="due" at={presence.dueAt} />,
  ]);
  if (presence.noticeAt !== null) {
    rows.push([t("members.signs.notice"), <When key="notice" at={presence.noticeAt} />]);
  }
  if (presence.dormantFrom !== null) {
    rows.push([t("members.signs.dormantFrom"), <When key="dormant" at={presence.dormantFrom} />]);
  }
  return rows;
}

/** Their voice, standing and delegates, each with the way to all of it. */
function InShort({ member }: { member: Member }) {
  const { credits, reputation, memberId } = member;
  return (
    <div class="cards halves">
      <Section title={t("members.voice")}>
        <Facts
          rows={[
            [
              t("members.credits"),
              credits
                ? t("members.credits.left", { left: credits.left, budget: credits.budget })
                : t("members.credits.none"),
            ],
            [t("members.vouchesLeft"), number(member.vouchesLeft)],
            [t("members.objectionsLeft"), number(member.objectionsLeft)],
          ]}
        />
      </Section>
      <Section
        title={t("members.reputation")}
        actions={<a href={`#/reputation/${memberId}`}>{t("members.reputation.all")}</a>}
      >
        <Facts
          rows={[
            [t("members.reputation.total"), points(reputation.total)],
            ...reputation.topics
              .slice(0, 4)
              .map(
                (one) =>
                  [<Bdi key={one.topic}>{one.name}</Bdi>, points(one.score)] as [
                    ComponentChildren,
                    ComponentChildren,
                  ],
              ),
          ]}
        />
      </Section>
      <Delegations id={memberId} />
    </div>
  );
}

function Delegations({ id }: { id: number }) {
  const found = useReading("/v1/members/{memberId}/delegations", { memberId: id });
  return (
    <Section
      title={t("members.delegation")}
      actions={<a href="#/delegation">{t("members.delegation.all")}</a>}
    >
      {id !== mine.value && mine.value !== null && (
        <p>
          <a class="button" href={`#/delegation?to=${id}`}>
            {t("members.delegation.give")}
          </a>
        </p>
      )}
      <Shown of={found}>
        {({ given, received }) =>
          given.length + received.length === 0 ? (
            <Empty>{t("members.delegation.none")}</Empty>
          ) : (
            <Facts
              rows={[
                ...given.map((one): [ComponentChildren, ComponentChildren] => [
                  <Bdi key={one.topic}>{one.name ?? one.topic}</Bdi>,
                  <>
                    {t("members.delegation.to")} <Person id={one.delegate} />
                  </>,
                ]),
                ...received.map((one): [ComponentChildren, ComponentChildren] => [
                  <Bdi key={one.topic}>{one.name ?? one.topic}</Bdi>,
                  one.voices > 0
                    ? t("members.delegation.from", { count: one.delegations, voices: one.voices })
                    : t("members.delegation.passes", { count: one.delegations }),
                ]),
              ]}
            />
          )
        }
      </Shown>
    </Section>
  );
}

const BALLOTS = 8;

function Ballots({ id }: { id: number }) {
  const [limit, setLimit] = useState(BALLOTS);
  const found = useReading("/v1/members/{memberId}/ballots", { memberId: id, limit });
  return (
    <Section title={t("members.ballots")}>
      <Shown of={found}>
        {(ballots) =>
          ballots.length === 0 ? (
            <Empty>{t("members.ballots.none")}</Empty>
          ) : (
            <>
              <Table
                caption={t("members.ballots.table")}
                head={[
                  t("members.ballots.on"),
                  t("members.ballots.choice"),
                  t("members.ballots.votes"),
                  t("members.ballots.when"),
                ]}
                numeric={[2]}
                rows={ballots.map((one) => [
                  <Title key="title" proposalId={one.proposalId} />,
                  <Choice key="choice" ballot={one} />,
                  number(one.votes),
                  <When key="when" at={one.castAt} />,
                ])}
              />
              {found.next !== null && limit < 200 && (
                <button type="button" class="button" onClick={() => setLimit(Math.min(200, limit * 4))}>
                  {t("parts.showMore")}
                </button>
              )}
            </>
          )
        }
      </Shown>
    </Section>
  );
}

function Choice({ ballot }: { ballot: Item<"/v1/members/{memberId}/ballots"> }) {
  return (
    <>
      {t(`members.choice.${ballot.choice}` as Key)}
      {ballot.followed && ballot.voter !== null && (
        <small>
          {" "}
          {t("members.ballots.following")} <Person id={ballot.voter} />
        </small>
      )}
    </>
  );
}

/** A proposal by its title, which is read once. */
function Title({ proposalId }: { proposalId: string }) {
  const [title, setTitle] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    read("/v1/proposals/{proposalId}", { proposalId }).then(
      ({ data }) => wanted && setTitle(data.title),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [proposalId]);
  return (
    <a href={`#/proposals/${proposalId}`}>
      {title ? <Bdi>{title}</Bdi> : t("members.proposal", { id: `${proposalId.slice(0, 6)}…` })}
    </a>
  );
}

function Guardians({ member }: { member: Member }) {
  const { guardians, guardianOf } = member.recovery;
  if (guardians.guardians.length === 0 && guardianOf.length === 0) return null;
  const rows: Rows = [];
  if (guardians.guardians.length > 0) {
    rows.push([t("members.guardians"), <People key="guardians" ids={guardians.guardians} />]);
    rows.push([t("members.guardians.takes"), number(guardians.threshold)]);
  }
  if (guardianOf.length > 0) rows.push([t("members.guardianOf"), <People key="of" ids={guardianOf} />]);
  return (
    <Section title={t("members.guardians")}>
      <Facts rows={rows} />
    </Section>
  );
}

function History({ member }: { member: Data<"/v1/members/{memberId}"> }) {
  return (
    <Section title={t("members.history")}>
      <ol class="history">
        {member.history.map((one) => (
          <li key={`${one.block}${one.toStatus}`}>
            {t(`members.history.${one.toStatus}` as Key)} <When at={one.changedAt} />
          </li>
        ))}
        {member.accounts.slice(1).map((one) => (
          <li key={one.account}>
            {t("members.history.moved")} <Hex value={one.account} /> <When at={one.heldFrom} />
          </li>
        ))}
      </ol>
    </Section>
  );
}
