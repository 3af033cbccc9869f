/** What needs this member now; for everybody else, what this commune is and how to join. */
import { useMemo } from "preact/hooks";
import type { Data } from "@/api/client";
import { head, useReading } from "@/api/live";
import { linkTo } from "@/app/links";
import { account, member } from "@/app/me";
import { AsOf, Empty, Facts, Loading, Notice, Page, Section, Shown, When } from "@/parts/basics";
import { day, memberName } from "@/words/format";
import { number, t } from "@/words";
import { pollLink, proposalLink, quoted, type Consent, type Need, type Poll, type Proposal } from "./needs";
import { useNeeds } from "./mine";

export default function Home() {
  const decided = useDecided();
  const me = member.value;
  if (account.value !== null && me === undefined) return <Loading />;
  if (me && ["Active", "Dormant"].includes(me.status)) return <Mine decided={decided} />;
  return <Visitor decided={decided} />;
}

/** What the commune is deciding now. */
export interface Decided {
  proposals: ReturnType<typeof useReading<"/v1/proposals">>;
  polls: ReturnType<typeof useReading<"/v1/polls">>;
  consent: ReturnType<typeof useReading<"/v1/consent">>;
}

function useDecided(): Decided {
  return {
    proposals: useReading("/v1/proposals", { state: "Active" }),
    polls: useReading("/v1/polls", { state: "Voting" }),
    consent: useReading("/v1/consent", { state: "Open" }),
  };
}

function Mine({ decided }: { decided: Decided }) {
  const me = member.value!;
  const { needs, loading, error } = useNeeds(me, decided);
  const { credits } = me;
  return (
    <Page title={t("home.title", { member: memberName(me.memberId) })} lead={lead(needs.length, loading)}>
      <Section title={t("home.needs")}>
        {error && (
          <Notice tone="warn" title={t("home.partly")}>
            {error.detail ?? error.title}
          </Notice>
        )}
        {needs.length > 0 && (
          <ul class="list needs" aria-label={t("home.needs")}>
            {needs.map((one) => (
              <li key={one.key}>
                <NeedRow need={one} />
              </li>
            ))}
          </ul>
        )}
        {loading && needs.length === 0 && <Loading />}
        {!loading && !error && needs.length === 0 && <Empty>{t("home.nothing")}</Empty>}
      </Section>
      <div class="cards">
        <Lately memberId={me.memberId} />
        {credits && (
          <Section title={t("home.season")}>
            <Facts
              rows={[
                [t("home.credits"), t("home.credits.left", { left: credits.left, budget: credits.budget })],
                [t("home.vouches"), number(me.vouchesLeft)],
                [t("home.present"), <When at={me.presence.dueAt} />],
              ]}
            />
          </Section>
        )}
      </div>
      {head.value && <AsOf block={head.value} />}
    </Page>
  );
}

function lead(count: number, loading: boolean): string {
  if (loading && count === 0) return t("home.lead.looking");
  return count === 0 ? t("home.lead.nothing") : t("home.lead", { count });
}

/** What all members can do until it closes; of all else they are told when it is due. */
const CLOSING: Need["act"][] = ["home.act.vote", "home.act.answer", "home.act.vouch"];

function NeedRow({ need }: { need: Need }) {
  return (
    <div class={`row need rank${need.rank}`}>
      <div class="main">
        <p>{need.text}</p>
        {need.until !== null && (
          <small>
            {t(CLOSING.includes(need.act) ? "home.closes" : "home.is.due")} <When at={need.until} />
          </small>
        )}
      </div>
      {need.href && (
        <a class={`button ${need.rank === 2 ? "" : "primary"}`} href={need.href}>
          {t(need.act)}
        </a>
      )}
    </div>
  );
}

/** The last things that happened to this member, as the node tells them. */
function Lately({ memberId }: { memberId: number }) {
  const activity = useReading("/v1/activity", { memberId, limit: 5 });
  const records = linkTo(null, "/records");
  return (
    <Section
      title={t("home.lately")}
      actions={records && <a href={`${records}?memberId=${memberId}`}>{t("home.lately.all")}</a>}
    >
      <Shown of={activity}>
        {(rows) => (
          <ul class="list">
            {rows.map((row) => (
              <li key={row.id}>
                <p class="happened">
                  <span lang="en">{row.words}</span>{" "}
                  <small>
                    <When at={row.happenedAt} />
                  </small>
                </p>
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </Section>
  );
}

function Visitor({ decided }: { decided: Decided }) {
  const commune = useReading("/v1/commune");
  const join = linkTo(null, "/join", "/members");
  return (
    <Page title={t("home.welcome")} lead={t("home.welcome.words")}>
      {account.value !== null && <Newcomer />}
      <Section
        title={t("home.join")}
        actions={
          join && (
            <a class="button primary" href={join}>
              {t("home.act.join")}
            </a>
          )
        }
      >
        <p>{t("home.join.words")}</p>
        {commune.data?.chainId === LOCAL && <p>{t("home.demo")}</p>}
      </Section>
      <div class="cards">
        <Section title={t("home.now")}>
          <Deciding decided={decided} />
        </Section>
        <Section title={t("home.commune")}>
          <Shown of={commune}>{(data) => <Figures commune={data} />}</Shown>
        </Section>
      </div>
      {head.value && <AsOf block={head.value} />}
    </Page>
  );
}

/** Chains that people run on their own machine to try things. */
const LOCAL = 31337;

function Figures({ commune }: { commune: Data<"/v1/commune"> }) {
  const { season, members } = commune;
  return (
    <Facts
      rows={[
        [t("home.members"), number(members.active)],
        [t("home.dormants"), number(members.dormant)],
        [t("home.since"), commune.constitutedAt === null ? "–" : day(commune.constitutedAt)],
        [
          t("home.season"),
          season ? (
            <>
              {number(season.season)}, {t("home.season.ends")} <When at={season.end} />
            </>
          ) : (
            "–"
          ),
        ],
        [t("home.admissions"), number(commune.admissionsLeft)],
        [t("home.chain"), String(commune.chainId)],
      ]}
    />
  );
}

/** Somebody who signed in, and is no member (yet). */
function Newcomer() {
  const mine = useReading("/v1/applications", { applicant: account.value });
  const open = mine.data?.find((one) => !["Admitted", "Withdrawn"].includes(one.status) && !one.lapsed);
  const left = member.value?.status === "Left" || member.value?.status === "Expelled";
  if (!mine.data) return null;
  if (!open) return <Notice>{t(left ? "home.gone" : "home.stranger")}</Notice>;
  return (
    <Notice tone="good" title={t("home.applied")}>
      {t(`home.applied.${open.status as "Open" | "Vouched" | "Contested" | "Cleared"}`, {
        count: open.vouches,
      })}
    </Notice>
  );
}

interface Line {
  key: string;
  title: string;
  href: string | null;
  until: number;
}

const SHOWN = 6;

function Deciding({ decided }: { decided: Decided }) {
  const lines = useMemo(
    () =>
      [
        ...(decided.proposals.data ?? []).map(ofProposal),
        ...(decided.polls.data ?? []).map(ofPoll),
        ...(decided.consent.data ?? []).map(ofConsent),
      ].sort((a, b) => a.until - b.until),
    [decided.proposals.data, decided.polls.data, decided.consent.data],
  );
  const readings = Object.values(decided);
  const error = readings.find((reading) => reading.error)?.error;
  if (error && lines.length === 0) return <Notice tone="warn">{error.detail ?? error.title}</Notice>;
  if (readings.some((reading) => reading.loading)) return <Loading />;
  if (lines.length === 0) return <Empty>{t("home.now.nothing")}</Empty>;
  return (
    <ul class="list">
      {lines.slice(0, SHOWN).map((line) => (
        <li key={line.key}>
          <p class="happened">
            {line.href ? <a href={line.href}>{line.title}</a> : line.title}{" "}
            <small>
              {t("home.closes")} <When at={line.until} />
            </small>
          </p>
        </li>
      ))}
    </ul>
  );
}

function ofProposal(it: Proposal): Line {
  const until = it.following ? it.followEnd : it.deadline;
  return {
    key: it.proposalId,
    title: quoted(it.title, t("home.untitled")),
    href: proposalLink(it.proposalId),
    until,
  };
}

function ofPoll(it: Poll): Line {
  return {
    key: `q${it.pollId}`,
    title: quoted(it.title, t("home.untitled")),
    href: pollLink(it.pollId),
    until: it.votingEnd,
  };
}

function ofConsent(it: Consent): Line {
  const href = linkTo(it.proposalId, "/consent/:id", "/consent");
  return { key: it.proposalId, title: quoted(it.title, t("home.untitled")), href, until: it.windowEnd };
}
