"""Liquid democracy in the words of `IDelegation`, worked out without the contract's ways of doing it.

The contract walks from a member to whoever votes for them. Here it goes from those who voted, backwards:
who delegated to them and did not vote, who delegated to those, and so on for eight hops. Whom nobody reaches
gets no ballot, be it for a cycle, a chain too long or one that ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

HOUR = 3_600
HOPS = 8
LATE = 24 * HOUR


@dataclass(frozen=True)
class Lent:
    """What a member had delegated when the vote opened."""

    to: int
    max_votes: int
    max_credits: int


@dataclass(frozen=True)
class Ballot:
    """Votes on each thing: one in a proposal, whose `support` counts; each option in a poll."""

    support: int
    votes: tuple[int, ...]

    @property
    def cost(self) -> int:
        """In credits; the decision brings one of its own."""
        return max(0, sum(v * v for v in self.votes) - 1)

    def with_at_most(self, votes: int) -> Ballot:
        return Ballot(self.support, tuple(min(v, votes) for v in self.votes))


@dataclass(frozen=True)
class Cast:
    """A direct ballot; `at` in seconds since voting started."""

    ballot: Ballot
    at: int

    def binds(self, voting: int) -> bool:
        """Whether its hour was over a day before the end, `voting` seconds after the start."""
        return (self.at // HOUR + 1) * HOUR <= voting - LATE


def voters_of(lent: Mapping[int, Lent], cast: Mapping[int, Cast], voting: int) -> dict[int, int]:
    """Who votes for whom: members without a ballot of their own, and the voter whose ballot they follow."""
    lenders: dict[int, set[int]] = defaultdict(set)
    for member, delegation in lent.items():
        if member not in cast:
            lenders[delegation.to].add(member)
    found: dict[int, int] = {}
    for voter, ballot in cast.items():
        level = {voter}
        for _ in range(HOPS):
            level = {lender for member in level for lender in lenders[member]}
            if ballot.binds(voting):
                found |= dict.fromkeys(level, voter)
    return found


def affordable(ballot: Ballot, lent: Lent, credits: int) -> Ballot | None:
    """The ballot with as many votes as caps and credits allow, lowered one by one."""
    for votes in range(lent.max_votes, 0, -1):
        lowered = ballot.with_at_most(votes)
        if lowered.cost <= min(credits, lent.max_credits):
            return lowered
    return None


def followed_ballots(
    lent: Mapping[int, Lent],
    cast: Mapping[int, Cast],
    voting: int,
    credits: Mapping[int, int],
    electorate: Collection[int],
) -> dict[int, Ballot]:
    """The ballots filled in for members. `credits` are what each has left in the season."""
    found = {
        member: affordable(cast[voter].ballot, lent[member], credits[member])
        for member, voter in voters_of(lent, cast, voting).items()
        if member in electorate
    }
    return {member: ballot for member, ballot in found.items() if ballot is not None}
