"""Whose ballot a member follows in a vote, and with how many votes.

The first member on the chain who voted directly decides, unless their ballot came too late to bind anybody. A
vote's chains are those of its `electorateAt`, and its ballots are final when following begins, so that the
order in which members are followed for changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import isqrt
from typing import NamedTuple

from backend.delegation.chains import Chain, chain_of, chains
from backend.polls.ballot import MOST_VOTES, cost_of, votes_of, word_of

# Seconds before the end of direct voting in which ballots bind nobody but who casts them.
LATE = 86_400
# The chain keeps the hour of a ballot, counted from the start of voting.
HOUR = 3_600

# As in IDelegation.FollowProblem.
FOLLOW_PROBLEMS = (
    "None",
    "NotInElectorate",
    "HasBallot",
    "NoDelegate",
    "Cycle",
    "ChainTooLong",
    "LateBallot",
    "NotAffordable",
)


class Outcome(NamedTuple):
    """`voter`: whose ballot decides; 0 where none does, for `problem`."""

    voter: int
    problem: str = "None"


def binds_before(voting_from: int, deadline: int) -> int:
    """Only ballots cast before this second are followed: those whose hour ended `LATE` before the deadline.
    Times in seconds since 1970."""
    return voting_from + (deadline - LATE - voting_from) // HOUR * HOUR


def outcomes(
    delegates: Mapping[int, int], direct: Mapping[int, bool], of: Iterable[int] | None = None
) -> dict[int, Outcome]:
    """For each member who delegates (or those of `of` who do), from the direct ballots: whether that of a
    member binds. Who voted themselves is left out."""
    found = chains(delegates, direct, of)
    return {member: _outcome(chain, direct) for member, chain in found.items() if member not in direct}


def outcome_of(delegate_of: Callable[[int], int], direct: Mapping[int, bool], member: int) -> Outcome:
    """The same for one member; `delegate_of` gives 0 for who names nobody."""
    if member in direct:
        return Outcome(0, "HasBallot")
    chain = chain_of(delegate_of, member, direct)
    return Outcome(0, "NoDelegate") if chain is None else _outcome(chain, direct)


def _outcome(chain: Chain, direct: Mapping[int, bool]) -> Outcome:
    if chain.problem is not None:
        return Outcome(0, chain.problem)
    binding = direct.get(chain.end)
    if binding is None:
        return Outcome(0, "NoDelegate")
    return Outcome(chain.end) if binding else Outcome(0, "LateBallot")


def followers(delegates: Mapping[int, int], direct: Mapping[int, bool]) -> dict[int, int]:
    """Whose ballot each member follows who follows one."""
    found = outcomes(delegates, direct).items()
    return {member: outcome.voter for member, outcome in found if outcome.voter}


def afforded_votes(votes: int, most: int, credits: int) -> int:
    """Of a proposal's ballot: n votes cost n^2 - 1 credits, so that one is always possible."""
    return max(1, min(votes, most, isqrt(credits + 1)))


def afforded_ballot(ballot: int, options: int, most: int, credits: int) -> int | None:
    """A poll's ballot with each option's votes lowered to the largest number that can be paid for; None where
    even one vote on each is too much. The poll brings one credit of its own."""
    votes = votes_of(ballot, options)
    for ceiling in range(min(most, MOST_VOTES), 0, -1):
        lowered = [min(given, ceiling) for given in votes]
        if cost_of(lowered) - 1 <= credits:
            return word_of(dict(enumerate(lowered)), options)
    return None
