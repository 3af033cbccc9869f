"""Delegation.sol's reads: of one member, and of all who follow in a vote at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from backend.delegation import (
    LATE,
    Outcome,
    afforded_ballot,
    afforded_votes,
    binds_before,
    followers,
    outcome_of,
    path,
)
from backend.project.assembly import Ballot, Proposal
from backend.project.delegation import Delegation, DelegationChange, FollowSpending
from backend.project.polls import PollBallot
from backend.read import credits, membership
from backend.read.moment import Moment
from backend.store import table_of

# Of proposals p and tallies t, and of polls p: those in which delegations are followed.
_FOLLOWED_PROPOSALS = (
    " FROM proposals p JOIN tallies t ON t.proposal_id = p.proposal_id"
    " WHERE p.rule = 'Ordinary' AND p.follow > 0 AND p.canceled_at IS NULL"
)
_FOLLOWED_POLLS = " FROM polls p WHERE p.follow_end > p.voting_end"
_PROPOSAL_COLUMNS = (
    "p.proposal_id, p.topic, p.season, p.electorate_at, p.vote_start, t.deadline, t.deadline + p.follow,"
    " p.opened_block, p.opened_position"
)
_POLL_COLUMNS = (
    "p.poll_id, p.topic, p.season, p.electorate_at, p.opened_at, p.voting_end, p.follow_end,"
    " p.opened_block, p.opened_position, p.options"
)


@dataclass(frozen=True)
class Vote:
    """A proposal or a poll in which delegations are followed; times in seconds since 1970. `deadline`: the
    end of direct voting. It was opened by the event at (`opened_block`, `opened_position`)."""

    proposal_id: int | None
    poll_id: int | None
    topic: int
    season: int
    electorate_at: int
    voting_from: int
    deadline: int
    follow_end: int
    opened_block: int
    opened_position: int
    options: int = 0

    @property
    def announced_at(self) -> int:
        """From then on it is settled who is followed by whom, unless they vote themselves."""
        return self.deadline - LATE

    @property
    def binds_before(self) -> int:
        return binds_before(self.voting_from, self.deadline)


@dataclass(frozen=True)
class FollowedBallot:
    """What following gives a member, as things stand; `problem` other than "None" says why nothing.
    `ballot` in a poll, else `support` and `votes`."""

    problem: str
    voter: int = 0
    support: int = 0
    votes: int = 0
    ballot: int = 0


def delegation_of(moment: Moment, member_id: int, topic: int) -> Delegation | None:
    found = moment.row(Delegation, member_id, topic)
    return found if found is not None and found.delegate is not None else None


def delegation_at(moment: Moment, member_id: int, topic: int, t: int) -> Delegation | None:
    """As it stood at the end of second `t`."""
    last = moment.row(Delegation, member_id, topic)
    if last is not None and last.since > t:
        older = moment.rows(
            DelegationChange,
            "member_id = ? AND topic = ? AND changed_at <= ?",
            (member_id, topic, t),
            "block DESC, position DESC LIMIT 1",
        )
        last = next((_as_it_was(change) for change in older), None)
    return last if last is not None and last.delegate is not None else None


def _as_it_was(change: DelegationChange) -> Delegation:
    caps = change.max_votes, change.max_credits
    return Delegation(change.member_id, change.topic, change.delegate, *caps, change.changed_at)


def delegates_now(moment: Moment, topic: int) -> dict[int, int]:
    """Everybody's delegate in a topic, by the memberId of who delegates."""
    return dict(
        moment.reader.query(
            "SELECT member_id, delegate FROM delegations WHERE topic = ? AND delegate IS NOT NULL", (topic,)
        )
    )


def delegates_at(moment: Moment, topic: int, t: int) -> dict[int, int]:
    """The same, as it stood at the end of second `t`."""
    found = dict(
        moment.reader.query(
            "SELECT member_id, delegate FROM delegations"
            " WHERE topic = ? AND since <= ? AND delegate IS NOT NULL",
            (topic, t),
        )
    )
    # Of who has changed their mind since, what they said last before.
    before = dict(
        moment.reader.query(
            "SELECT c.member_id, c.delegate FROM delegation_changes c"
            " JOIN delegations d ON d.member_id = c.member_id AND d.topic = c.topic"
            " WHERE c.topic = ? AND d.since > ? AND c.changed_at <= ? ORDER BY c.block, c.position",
            (topic, t, t),
        )
    )
    return found | {member: delegate for member, delegate in before.items() if delegate is not None}


def follow_spent(moment: Moment, member_id: int, topic: int, season: int) -> int:
    known = moment.row(FollowSpending, member_id, topic, season)
    return known.spent if known else 0


def vote_on(moment: Moment, proposal_id: int) -> Vote | None:
    """None where delegations are not followed in it."""
    key = table_of(Proposal).value_to_sql("proposal_id", proposal_id)
    return next(iter(_votes_on(moment, " AND p.proposal_id = ?", (key,))), None)


def vote_in(moment: Moment, poll_id: int) -> Vote | None:
    """The same for a poll."""
    return next(iter(_votes_in(moment, " AND p.poll_id = ?", (poll_id,))), None)


def votes_being_followed(moment: Moment) -> list[Vote]:
    """Those whose follow period is now, the one that ends first before the others."""
    proposals = _votes_on(
        moment, " AND t.deadline < ? AND t.deadline + p.follow >= ?", (moment.now, moment.now)
    )
    polls = _votes_in(moment, " AND p.voting_end < ? AND p.follow_end >= ?", (moment.now, moment.now))
    return sorted([*proposals, *polls], key=lambda vote: (vote.follow_end, vote.opened_block))


def votes_announced(moment: Moment, topics: Iterable[int], since: int, until: int) -> list[Vote]:
    """Those in `topics` whose last day of voting began between `since` and `until`, the latest first."""
    among = ", ".join(map(str, sorted(topics))) or "NULL"
    times = since + LATE, until + LATE
    proposals = _votes_on(moment, f" AND p.topic IN ({among}) AND t.deadline BETWEEN ? AND ?", times)
    polls = _votes_in(moment, f" AND p.topic IN ({among}) AND p.voting_end BETWEEN ? AND ?", times)
    return sorted(
        [*proposals, *polls],
        key=lambda vote: (vote.announced_at, vote.opened_block, vote.opened_position),
        reverse=True,
    )


def _votes_on(moment: Moment, also: str, arguments: tuple[Any, ...]) -> list[Vote]:
    rows = moment.reader.query(f"SELECT {_PROPOSAL_COLUMNS}{_FOLLOWED_PROPOSALS}{also}", arguments)
    return [Vote(int.from_bytes(row[0], "big"), None, *row[1:]) for row in rows]


def _votes_in(moment: Moment, also: str, arguments: tuple[Any, ...]) -> list[Vote]:
    rows = moment.reader.query(f"SELECT {_POLL_COLUMNS}{_FOLLOWED_POLLS}{also}", arguments)
    return [Vote(None, *row) for row in rows]


# What following gives


def outcome(moment: Moment, vote: Vote, member_id: int) -> FollowedBallot:
    """What following would give a member with the ballots there are."""
    who = membership.member(moment, member_id)
    if who is None or not membership.may_vote(moment, who, vote.electorate_at):
        return FollowedBallot("NotInElectorate")
    if has_ballot(moment, vote, member_id):
        return FollowedBallot("HasBallot")
    found = chain_outcome(moment, vote, member_id)
    if not found.voter:
        return FollowedBallot(found.problem)
    own = delegation_at(moment, member_id, vote.topic, vote.electorate_at)
    if own is None:
        return FollowedBallot("NoDelegate")
    budget = credits.budget_of(moment, who, vote.season)
    spent = follow_spent(moment, member_id, vote.topic, vote.season)
    limit = max(0, min((budget.budget or 0) - budget.spent, own.max_credits - spent))
    if vote.poll_id is not None:
        cast = moment.need(PollBallot, vote.poll_id, found.voter)
        lowered = afforded_ballot(cast.ballot, vote.options, own.max_votes, limit)
        if lowered is None:
            return FollowedBallot("NotAffordable")
        return FollowedBallot("None", found.voter, ballot=lowered)
    given = moment.need(Ballot, vote.proposal_id, found.voter)
    votes = afforded_votes(given.votes, own.max_votes, limit)
    return FollowedBallot("None", found.voter, given.support, votes)


def chain_outcome(moment: Moment, vote: Vote, member_id: int, until: int | None = None) -> Outcome:
    """Whose ballot a member's chain leads to, whether or not they have one themselves; with `until` only
    ballots cast until then are looked at."""

    @cache
    def delegate_of(member: int) -> int:
        found = delegation_at(moment, member, vote.topic, vote.electorate_at)
        return found.delegate or 0 if found is not None else 0

    others = set(path(delegate_of, member_id)) - {member_id}
    return outcome_of(delegate_of, direct_ballots(moment, vote, others, until), member_id)


def direct_ballots(
    moment: Moment, vote: Vote, of: Iterable[int] | None = None, until: int | None = None
) -> dict[int, bool]:
    """Who voted themselves, and whether it binds those who follow them."""
    where, arguments = _ballots_of(vote)
    if of is not None:
        where += f" AND member_id IN ({', '.join(map(str, sorted(of))) or 'NULL'})"
    if until is not None:
        where += f" AND cast_at <= {until}"
    rows = moment.reader.query(
        f"SELECT member_id, cast_at < ? FROM {where} AND followed = 0", (vote.binds_before, *arguments)
    )
    return {member: bool(binding) for member, binding in rows}


def has_ballot(moment: Moment, vote: Vote, member_id: int) -> bool:
    where, arguments = _ballots_of(vote)
    return moment.reader.one(f"SELECT 1 FROM {where} AND member_id = ?", (*arguments, member_id)) is not None


def _ballots_of(vote: Vote) -> tuple[str, tuple[Any, ...]]:
    if vote.poll_id is not None:
        return "poll_ballots WHERE poll_id = ?", (vote.poll_id,)
    return "ballots WHERE proposal_id = ?", (table_of(Ballot).value_to_sql("proposal_id", vote.proposal_id),)


@dataclass(frozen=True)
class Following:
    """What it takes to find all followers of a vote: who delegated to whom, who voted and whether it binds,
    and who may be followed for."""

    delegates: dict[int, int]
    direct: dict[int, bool]
    electorate: set[int]

    def followers(self) -> dict[int, int]:
        """Whose ballot each member follows, whether or not that is on the chain yet. May run in another
        thread than the reading."""
        found = followers(self.delegates, self.direct)
        return {member: voter for member, voter in found.items() if member in self.electorate}


def following(moment: Moment, vote: Vote) -> Following:
    return Following(
        delegates_at(moment, vote.topic, vote.electorate_at),
        direct_ballots(moment, vote),
        electorate(moment, vote.electorate_at),
    )


def followed_for(moment: Moment, vote: Vote) -> set[int]:
    """Who has a ballot because of a delegation."""
    where, arguments = _ballots_of(vote)
    rows = moment.reader.query(f"SELECT member_id FROM {where} AND followed = 1", arguments)
    return {member for (member,) in rows}


def passed_over(moment: Moment, vote: Vote) -> set[int]:
    """Who was tried and got none. When following begins all that it depends on is settled, so that another
    try would give none either."""
    _, key = _ballots_of(vote)
    skips = (
        "poll_follow_skips WHERE poll_id" if vote.poll_id is not None else "follow_skips WHERE proposal_id"
    )
    rows = moment.reader.query(f"SELECT member_id FROM {skips} = ?", key)
    return {member for (member,) in rows}


def electorate(moment: Moment, t: int) -> set[int]:
    """Who was active at `t` and has not left, been expelled or joined anew since."""
    steady = moment.reader.query(
        "SELECT member_id FROM members WHERE status = 'Active' AND since <= ? AND joined_at <= ?", (t, t)
    )
    changed = moment.reader.query(
        "SELECT member_id FROM members"
        " WHERE status IN ('Active', 'Dormant') AND joined_at <= ? AND (status <> 'Active' OR since > ?)",
        (t, t),
    )
    return {member for (member,) in steady} | {
        member for (member,) in changed if membership.active_at(moment, member, t)
    }
