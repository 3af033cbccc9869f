/**
 * What needs a member now, from what the node says.
 *
 * A need is one sentence, one link, and the second after which it is too late. What the member has done already, such
 * as a ballot they cast, is no need.
 */
import type { Data, Item } from "@/api/client";
import { linkTo } from "@/app/links";
import type { Member } from "@/app/me";
import { memberName, points } from "@/words/format";
import { t, type Key } from "@/words";

export interface Need {
  key: string;
  text: string;
  /** What the link says, and where it leads; null where the page has no such place. */
  act: Key;
  href: string | null;
  /** The last moment, in seconds since 1970; null where there is none. */
  until: number | null;
  /** 0: a membership or an account is at stake. 1: somebody waits for this very member. 2: as for all members. */
  rank: 0 | 1 | 2;
}

export type Proposal = Item<"/v1/proposals">;
export type Poll = Item<"/v1/polls">;
export type Consent = Item<"/v1/consent">;
type Notice = Item<"/v1/members/{memberId}/notices">;
type Work = Data<"/v1/members/{memberId}/work">;
type Assignment = Item<"/v1/assignments">;
type Case = Data<"/v1/cases/{caseId}">;
type Application = Item<"/v1/applications">;
type Office = Data<"/v1/offices/{officeId}">;
type Penalty = Item<"/v1/penalties">;

const DAY = 86_400;
/** How long before its end a term, and before its day a sign of life, is spoken of. */
const AHEAD = 21 * DAY;
const LONGEST_TITLE = 110;

/** A text that somebody wrote, within a sentence of ours: cut short, in quotation marks, and kept in its direction. */
export function quoted(text: string | null, otherwise: string): string {
  if (!text) return otherwise;
  const short = text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE).trimEnd()}…` : text;
  return t("home.quoted", { text: `\u2068${short}\u2069` });
}

/** The membership's own troubles. */
export function ofMembership(me: Member, now: number): Need[] {
  const found: Need[] = [];
  const { recovery, presence } = me;
  const mine = linkTo(null, "/membership", "/members");
  if (recovery.request) {
    const { executableAt } = recovery.request;
    const text = t(executableAt === null ? "home.recovery.asked" : "home.recovery.soon");
    found.push(need("recovery", text, "home.act.look", mine, executableAt, 0));
  }
  if (me.status === "Dormant") {
    found.push(need("dormant", t("home.dormant"), "home.act.checkin", mine, null, 0));
  } else if (presence.dormantFrom !== null) {
    found.push(need("notice", t("home.notice"), "home.act.checkin", mine, presence.dormantFrom, 0));
  } else if (presence.dueAt - now < AHEAD) {
    found.push(need("checkin", t("home.checkin"), "home.act.checkin", mine, presence.dueAt, 1));
  }
  return found;
}

/** Accounts of others that this member guards, and that somebody asks to have moved. */
export function ofWards(wards: Member[], me: Member): Need[] {
  return wards
    .filter(({ recovery }) => recovery.request && !recovery.request.supporters.includes(me.memberId))
    .map((ward) =>
      need(
        `ward${ward.memberId}`,
        t("home.ward", { member: memberName(ward.memberId) }),
        "home.act.look",
        linkTo(ward.memberId, "/members/:id"),
        null,
        1,
      ),
    );
}

/** Votes in which a delegate is about to speak for the member, or has. */
export function ofNotices(notices: Notice[]): Need[] {
  return notices.map((notice) => {
    const delegate = memberName(notice.voter?.memberId ?? 0);
    const title = quoted(notice.title, t("home.untitled"));
    const followed = notice.kind === "Followed";
    const choice = notice.choice ? t(`home.choice.${notice.choice}`) : null;
    const kind = followed ? "followed" : "about";
    const text = choice
      ? t(`home.${kind}.choice`, { delegate, title, choice })
      : t(`home.${kind}`, { delegate, title });
    return notice.proposalId !== null
      ? need(
          `p${notice.proposalId}`,
          text,
          "home.act.vote",
          proposalLink(notice.proposalId),
          notice.deadline,
          1,
        )
      : need(`q${notice.pollId}`, text, "home.act.vote", pollLink(notice.pollId), notice.deadline, 1);
  });
}

/** Votes that close, and that the member has no ballot in. */
export function ofProposals(proposals: Proposal[], voted: Set<string>, me: Member, now: number): Need[] {
  return proposals
    .filter((it) => it.deadline > now && it.voteStart >= me.joinedAt && !voted.has(it.proposalId))
    .map((it) =>
      need(
        `p${it.proposalId}`,
        t("home.vote", { title: quoted(it.title, t("home.untitled")) }),
        "home.act.vote",
        proposalLink(it.proposalId),
        it.deadline,
        2,
      ),
    );
}

/** Polls that close. Of secret ones nobody but the member knows whether they voted. */
export function ofPolls(polls: Poll[], voted: Set<number>, me: Member, now: number): Need[] {
  return polls
    .filter((it) => it.votingEnd > now && it.openedAt >= me.joinedAt && !voted.has(it.pollId))
    .map((it) =>
      need(
        `q${it.pollId}`,
        t(it.secret ? "home.poll.secret" : "home.poll", { title: quoted(it.title, t("home.untitled")) }),
        "home.act.vote",
        pollLink(it.pollId),
        it.votingEnd,
        2,
      ),
    );
}

/** Proposals that pass if nobody objects, and that the member has not answered. */
export function ofConsent(proposals: Consent[], answered: Set<string>, me: Member, now: number): Need[] {
  return proposals
    .filter((it) => it.windowEnd > now && it.openedAt >= me.joinedAt && !answered.has(it.proposalId))
    .map((it) =>
      need(
        `c${it.proposalId}`,
        t("home.consent", { title: quoted(it.title, t("home.untitled")) }),
        "home.act.answer",
        linkTo(it.proposalId, "/consent/:id", "/consent", "/proposals"),
        it.windowEnd,
        2,
      ),
    );
}

/** Seats that are due, and reviews that the member was drawn for. */
export function ofWork(work: Work, assignments: Assignment[]): Need[] {
  const titles = new Map(assignments.map((it) => [it.assignmentId, it.title]));
  const seats = work.holds
    .filter((seat) => seat.state === "Held" || seat.state === "Rework")
    .map((seat) => {
      const title = quoted(
        titles.get(seat.assignmentId) ?? null,
        t("home.assignment", { id: String(seat.assignmentId) }),
      );
      const soonest = Math.min(seat.dueAt ?? Infinity, seat.lateAfter ?? Infinity);
      const sign = seat.lateAfter !== null && soonest === seat.lateAfter && seat.lateAfter !== seat.dueAt;
      const said = seat.state === "Rework" ? "home.rework" : sign ? "home.heartbeat" : "home.due";
      return need(
        `a${seat.assignmentId}-${seat.seat}`,
        t(said, { title }),
        "home.act.work",
        linkTo(seat.assignmentId, "/assignments/:id", "/assignments"),
        Number.isFinite(soonest) ? soonest : null,
        1,
      );
    });
  const reviews = work.asked.map((asked) =>
    need(
      `r${asked.reviewId}`,
      t("home.review", { id: String(asked.reviewId) }),
      "home.act.review",
      linkTo(asked.reviewId, "/reviews/:id", "/assignments"),
      asked.answerUntil,
      1,
    ),
  );
  return [...seats, ...reviews];
}

/** What a conflict asks of this member: as a mediator, a party, or somebody drawn to decide. */
export function ofCases(cases: Case[], me: Member, now: number): Need[] {
  return cases.flatMap((it) => {
    const said = inCase(it, me.memberId, now);
    if (!said) return [];
    const title = quoted(it.title, t("home.case", { id: String(it.caseId) }));
    const href = linkTo(it.caseId, "/cases/:id") ?? `#/records?caseId=${it.caseId}`;
    return [need(`k${it.caseId}`, t(said.words, { title }), "home.act.look", href, said.until, 1)];
  });
}

function inCase(it: Case, who: number, now: number): { words: Key; until: number | null } | null {
  const party = it.partyDetails.find((one) => one.memberId === who);
  if (it.state === "Accepting") {
    if (it.mediator === who && it.mediatorAccepted === null)
      return { words: "home.mediate", until: it.until };
    if (party && party.accepted === null && it.mediator !== null)
      return { words: "home.mediator", until: it.until };
  }
  if (it.state === "Mediating") {
    if (it.mediator === who && it.outcome === null) return { words: "home.outcome", until: it.until };
    if (party && it.outcome !== null && party.signedAt === null)
      return { words: "home.sign", until: it.until };
  }
  const panel = it.panels.at(-1);
  const seat = panel?.panelists.find((one) => one.memberId === who);
  if (panel && seat && it.panelState === "Committing" && seat.commitment === null)
    return { words: "home.panel", until: panel.commitUntil };
  if (panel && seat && it.panelState === "Revealing" && seat.commitment !== null && seat.revealedAt === null)
    return { words: "home.reveal", until: panel.revealUntil };
  const appealable = it.decision?.appealUntil ?? 0;
  if (party && it.panelState === "Decided" && appealable > now)
    return { words: "home.appeal", until: appealable };
  return null;
}

/** People who would join, and lack somebody who knows them. */
export function ofApplications(open: Application[], vouched: Set<number>, me: Member, now: number): Need[] {
  if (me.vouchesLeft === 0 || me.probationUntil > now) return [];
  return open
    .filter((it) => !it.lapsed && !vouched.has(it.applicationId))
    .map((it) =>
      need(
        `j${it.applicationId}`,
        t("home.vouch", {
          who: quoted(it.introduction, t("home.application", { id: String(it.applicationId) })),
        }),
        "home.act.vouch",
        linkTo(it.applicationId, "/applications/:id", "/members"),
        it.expiresAt,
        2,
      ),
    );
}

/** Terms that end, and pay that was earned and not taken. */
export function ofOffices(offices: Office[], me: Member, now: number): Need[] {
  return offices.flatMap((office) =>
    office.tenures
      .filter((tenure) => tenure.memberId === me.memberId && tenure.endedAt === null)
      .flatMap((tenure) => {
        const title = quoted(office.title, t("home.office", { id: String(office.officeId) }));
        const href = linkTo(office.officeId, "/offices/:id", "/offices");
        const key = `o${tenure.tenureId}`;
        const ends = tenure.heldUntil > now && tenure.heldUntil - now < AHEAD;
        return [
          ...(ends
            ? [need(`${key}end`, t("home.term", { title }), "home.act.look", href, tenure.heldUntil, 2)]
            : []),
          ...(tenure.unclaimed.some((pay) => pay.units > 0)
            ? [need(`${key}pay`, t("home.stipend", { title }), "home.act.look", href, null, 2)]
            : []),
        ];
      }),
  );
}

/** Penalties that the member can still appeal. */
export function ofPenalties(penalties: Penalty[], now: number): Need[] {
  return penalties
    .filter((it) => it.appealedAt === null && it.dueAt > now)
    .map((it) =>
      need(
        `y${it.penaltyId}`,
        t("home.penalty", { points: points(it.amount) }),
        "home.act.look",
        linkTo(null, "/reputation"),
        it.dueAt,
        1,
      ),
    );
}

/** Delegations that lead to nobody. */
export function ofDelegations(data: Data<"/v1/members/{memberId}/delegations">): Need[] {
  return data.given
    .filter((given) => given.problem !== null)
    .map((given) =>
      need(
        `d${given.topic}`,
        t("home.delegation", {
          topic: given.name ?? String(given.topic),
          delegate: memberName(given.delegate),
        }),
        "home.act.look",
        linkTo(null, "/delegation"),
        null,
        2,
      ),
    );
}

/** The most urgent first; of two about the same thing the one that says more. */
export function sorted(needs: Need[]): Need[] {
  const kept = new Map<string, Need>();
  for (const one of needs) {
    const known = kept.get(one.key);
    if (!known || one.rank < known.rank) kept.set(one.key, one);
  }
  const lastly = (one: Need) => one.until ?? Infinity;
  const first = (one: Need) => (one.rank === 0 ? 0 : 1);
  return [...kept.values()].sort(
    (a, b) => first(a) - first(b) || lastly(a) - lastly(b) || a.rank - b.rank || (a.key < b.key ? -1 : 1),
  );
}

export function proposalLink(proposalId: string): string | null {
  return linkTo(proposalId, "/proposals/:id", "/proposals");
}

export function pollLink(pollId: number | null): string | null {
  return linkTo(pollId, "/polls/:id", "/polls", "/proposals");
}

function need(
  key: string,
  text: string,
  act: Key,
  href: string | null,
  until: number | null,
  rank: Need["rank"],
): Need {
  return { key, text, act, href, until, rank };
}
