"""Polls with the terms they froze, their ballots and tallies.

A secret ballot's row knows a nullifier and nothing else of whoever cast it; open ballots are in a table of
their own. A poll's state depends on the time: it is worked out when someone asks, from `POLL_STATE`.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from backend import events
from backend.polls.ballot import votes_of
from backend.project.group import MemberGroup
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table

POLL_STATES = ("Voting", "Revealing", "Closed", "Following")
SECRET_BALLOT_PROBLEMS = (
    "None",
    "NotVoting",
    "NotSecret",
    "NullifierOutOfRange",
    "NullifierUsed",
    "BallotInvalid",
    "ProofInvalid",
)


@table("polls", key=["poll_id"], indexes=[["topic"], ["text_hash"]])
class Poll(msgspec.Struct, frozen=True):
    """Times in seconds since 1970. `depth`, `root` and `listed` (how many leaves held a commitment) are the
    group's when the poll opened; 0 in open polls.

    `credits` are those of each secret ballot; open ballots are paid from the budget of `season`. Until
    `follow_end` delegations are followed in an open poll; in a secret one it is the end of voting.
    """

    poll_id: int
    text_hash: bytes
    options: int
    secret: bool
    hidden: bool
    topic: int
    season: int
    electorate_at: int
    voting_end: int
    reveal_end: int
    follow_end: int
    credits: int
    quorum: int
    depth: int
    root: Uint256
    listed: int
    opened_at: int
    opened_block: int
    opened_position: int


@table("poll_turnouts", key=["poll_id"])
class Turnout(msgspec.Struct, frozen=True):
    """`ballots` count for the quorum so far, `blank` of them without votes; `sealed` were cast with hidden
    results, revealed or not; `followed` count for the tally alone."""

    poll_id: int
    ballots: int = 0
    blank: int = 0
    sealed: int = 0
    followed: int = 0


@table("poll_tallies", key=["poll_id", "option"])
class PollTally(msgspec.Struct, frozen=True):
    """Votes for an option, counted from 0. `supporters`: ballots that gave it any, followed ones too."""

    poll_id: int
    option: int
    votes: int = 0
    supporters: int = 0


@table("poll_ballots", key=["poll_id", "member_id"], indexes=[["member_id"], ["block", "position"]])
class PollBallot(msgspec.Struct, frozen=True):
    """A ballot in an open poll. `cost`: voice credits taken from the season's budget. `followed`: cast
    because of a delegation."""

    poll_id: int
    member_id: int
    ballot: Uint256
    cost: int
    followed: bool
    cast_at: int
    block: int
    position: int


@table("secret_ballots", key=["poll_id", "nullifier"], indexes=[["poll_id", "block", "position"]])
class SecretBallot(msgspec.Struct, frozen=True):
    """`ballot` is None until it is revealed, and `seal` where results are not hidden."""

    poll_id: int
    nullifier: Uint256
    seal: Uint256 | None
    ballot: Uint256 | None
    cast_at: int
    revealed_at: int | None
    block: int
    position: int


polls = Projection("polls", tables=[Poll, Turnout, PollTally, PollBallot, SecretBallot])

# Polls.state for polls p at the time {now}.
POLL_STATE = """
CASE
  WHEN p.voting_end >= {now} THEN 'Voting'
  WHEN p.reveal_end >= {now} THEN 'Revealing'
  WHEN p.follow_end >= {now} THEN 'Following'
  ELSE 'Closed'
END
"""


@polls.on(events.PollsPollOpened)
def poll_opened(state: State, event: events.PollsPollOpened) -> None:
    terms, at = event.poll, event.at
    listed = (state.get(MemberGroup, 1) or MemberGroup()).listed
    state.insert(
        Poll(
            poll_id=event.poll_id,
            text_hash=terms.text,
            options=terms.options,
            secret=terms.secret,
            hidden=terms.hidden,
            topic=terms.topic,
            season=terms.season,
            electorate_at=terms.electorate_at,
            voting_end=terms.voting_end,
            reveal_end=terms.reveal_end,
            follow_end=terms.follow_end,
            credits=terms.credits,
            quorum=terms.quorum,
            depth=terms.depth,
            root=terms.root,
            listed=listed if terms.secret else 0,
            opened_at=at.timestamp,
            opened_block=at.block,
            opened_position=at.index,
        )
    )
    state.insert(Turnout(event.poll_id))
    for option in range(terms.options):
        state.insert(PollTally(event.poll_id, option))


@polls.on(events.PollsPollBallotCast)
def ballot_cast(state: State, event: events.PollsPollBallotCast) -> None:
    _insert(state, event, followed=False)
    _count(state, state.need(Poll, event.poll_id), event.ballot)


@polls.on(events.PollsPollBallotFollowed)
def ballot_followed(state: State, event: events.PollsPollBallotFollowed) -> None:
    _insert(state, event, followed=True)
    _add_votes(state, state.need(Poll, event.poll_id), event.ballot)
    known = state.need(Turnout, event.poll_id)
    state.put(msgspec.structs.replace(known, followed=known.followed + 1))


def _insert(
    state: State, event: events.PollsPollBallotCast | events.PollsPollBallotFollowed, *, followed: bool
) -> None:
    at = event.at
    state.insert(
        PollBallot(
            event.poll_id,
            event.member_id,
            event.ballot,
            event.cost,
            followed,
            at.timestamp,
            at.block,
            at.index,
        )
    )


@polls.on(events.PollsSecretBallotCast)
def secret_ballot_cast(state: State, event: events.PollsSecretBallotCast) -> None:
    """What the event calls the ballot is its seal where results are hidden."""
    at, poll = event.at, state.need(Poll, event.poll_id)
    seal, ballot = (event.ballot, None) if poll.hidden else (None, event.ballot)
    state.insert(
        SecretBallot(event.poll_id, event.nullifier, seal, ballot, at.timestamp, None, at.block, at.index)
    )
    if ballot is not None:
        _count(state, poll, ballot)
    else:
        known = state.need(Turnout, event.poll_id)
        state.put(msgspec.structs.replace(known, sealed=known.sealed + 1))


@polls.on(events.PollsSecretBallotRevealed)
def secret_ballot_revealed(state: State, event: events.PollsSecretBallotRevealed) -> None:
    known = state.need(SecretBallot, event.poll_id, event.nullifier)
    state.put(msgspec.structs.replace(known, ballot=event.ballot, revealed_at=event.at.timestamp))
    _count(state, state.need(Poll, event.poll_id), event.ballot)


def _count(state: State, poll: Poll, ballot: int) -> None:
    _add_votes(state, poll, ballot)
    known = state.need(Turnout, poll.poll_id)
    blank = known.blank + (ballot == 0)
    state.put(msgspec.structs.replace(known, ballots=known.ballots + 1, blank=blank))


def _add_votes(state: State, poll: Poll, ballot: int) -> None:
    for option, given in _given(votes_of(ballot, poll.options)):
        sums = state.need(PollTally, poll.poll_id, option)
        state.put(msgspec.structs.replace(sums, votes=sums.votes + given, supporters=sums.supporters + 1))


def _given(votes: Iterable[int]) -> Iterable[tuple[int, int]]:
    return ((option, given) for option, given in enumerate(votes) if given)
