"""Proposals with the terms they froze, their actions, ballots and tallies.

What depends on the time, a proposal's state above all, is not stored: it is worked out when someone asks,
from `STATE`, for the timestamp of the block that the answer is true at.
"""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.constitution import RULE_KINDS
from backend.project.membership import Account
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table

STATES = ("Pending", "Active", "Canceled", "Defeated", "Succeeded", "Queued", "Expired", "Executed")
CHOICES = ("Against", "For", "Abstain")
PERSON_VOTES = ("Person", "Admission", "Expulsion", "Recall")
PPM = 1_000_000


@table(
    "proposals",
    key=["proposal_id"],
    indexes=[["opened_block", "opened_position"], ["author"], ["topic"], ["proposer"]],
)
class Proposal(msgspec.Struct, frozen=True):
    """Times in seconds since 1970, lengths in seconds.

    `author` is a memberId; None, with topic 0, for votes opened by a module. `electorate_at`: who was active
    then may vote. `queued_until`: when a queued proposal can be executed.
    """

    proposal_id: Uint256
    author: int | None
    proposer: bytes
    rule: str
    topic: int
    season: int
    quorum: int
    for_heads_needed: int
    electorate_at: int
    approval_ppm: int
    follow: int
    queue: int
    late_extension: int
    expiry: int
    pin: bytes
    description: str
    vote_start: int
    vote_end: int
    opened_at: int
    opened_block: int
    opened_position: int
    queued_at: int | None
    queued_until: int | None
    executed_at: int | None
    canceled_at: int | None


@table("actions", key=["proposal_id", "position"])
class Action(msgspec.Struct, frozen=True):
    """One call of a proposal; `position` from 0."""

    proposal_id: Uint256
    position: int
    target: bytes
    amount: Uint256
    calldata: bytes


@table("tallies", key=["proposal_id"])
class Tally(msgspec.Struct, frozen=True):
    """Sums of ballots. Votes count followed ballots too, heads only direct ones.

    `passing`: whether the numbers would pass it now. `deadline`: the end of direct voting, a late quorum's
    extension included. `followed` counts followed ballots.
    """

    proposal_id: Uint256
    deadline: int
    against_votes: int = 0
    for_votes: int = 0
    abstain_votes: int = 0
    for_heads: int = 0
    heads: int = 0
    followed: int = 0
    extended_deadline: int | None = None
    passing: bool = False


@table("ballots", key=["proposal_id", "member_id"], indexes=[["member_id"], ["block", "position"]])
class Ballot(msgspec.Struct, frozen=True):
    """`cost`: voice credits taken from the season's budget. `followed`: cast because of a delegation."""

    proposal_id: Uint256
    member_id: int
    support: int
    votes: int
    cost: int
    followed: bool
    cast_at: int
    block: int
    position: int
    reason: str


assembly = Projection("assembly", tables=[Proposal, Action, Tally, Ballot])

# Assembly.state for proposals p and tallies t at the time {now}: OpenZeppelin's core states, Active until the
# follow period ends, and Expired once a passed proposal's time to be executed is over.
STATE = """
CASE
  WHEN p.executed_at IS NOT NULL THEN 'Executed'
  WHEN p.canceled_at IS NOT NULL THEN 'Canceled'
  WHEN p.vote_start >= {now} THEN 'Pending'
  WHEN t.deadline + p.follow >= {now} THEN 'Active'
  WHEN t.passing = 0 THEN 'Defeated'
  WHEN t.deadline + p.follow + p.expiry < {now} THEN 'Expired'
  WHEN p.queued_until IS NULL THEN 'Succeeded'
  ELSE 'Queued'
END
"""


@assembly.on(events.DocketProposalOpened)
def proposal_opened(state: State, event: events.DocketProposalOpened) -> None:
    """The terms, in the transaction that creates the proposal and before it says the rest."""
    terms, at = event.terms, event.at
    state.insert(
        Proposal(
            proposal_id=event.proposal_id,
            author=event.author or None,
            proposer=b"",
            rule=RULE_KINDS[terms.kind],
            topic=terms.topic,
            season=terms.season,
            quorum=terms.quorum,
            for_heads_needed=terms.for_heads,
            electorate_at=terms.electorate_at,
            approval_ppm=terms.approval_ppm,
            follow=terms.follow,
            queue=terms.queue,
            late_extension=terms.late_extension,
            expiry=terms.expiry_hours * 3_600,
            pin=event.pin,
            description="",
            vote_start=0,
            vote_end=0,
            opened_at=at.timestamp,
            opened_block=at.block,
            opened_position=at.index,
            queued_at=None,
            queued_until=None,
            executed_at=None,
            canceled_at=None,
        )
    )


@assembly.on(events.AssemblyProposalCreated)
def proposal_created(state: State, event: events.AssemblyProposalCreated) -> None:
    _update(
        state,
        event.proposal_id,
        proposer=event.proposer,
        description=event.description,
        vote_start=event.vote_start,
        vote_end=event.vote_end,
    )
    state.insert(Tally(event.proposal_id, event.vote_end))
    calls = zip(event.targets, event.values, event.calldatas, strict=True)
    for position, (target, amount, calldata) in enumerate(calls):
        state.insert(Action(event.proposal_id, position, target, amount, calldata))


@assembly.on(events.AssemblyBallotRecorded)
def ballot_recorded(state: State, event: events.AssemblyBallotRecorded) -> None:
    at, support, votes = event.at, event.support, event.votes
    state.insert(
        Ballot(
            event.proposal_id,
            event.member_id,
            support,
            votes,
            event.cost,
            event.followed,
            at.timestamp,
            at.block,
            at.index,
            "",
        )
    )
    known = state.need(Tally, event.proposal_id)
    head = 0 if event.followed else 1
    against = known.against_votes + (votes if support == 0 else 0)
    in_favour = known.for_votes + (votes if support == 1 else 0)
    heads, for_heads = known.heads + head, known.for_heads + (head if support == 1 else 0)
    state.put(
        Tally(
            proposal_id=event.proposal_id,
            deadline=known.deadline,
            against_votes=against,
            for_votes=in_favour,
            abstain_votes=known.abstain_votes + (votes if support == 2 else 0),
            for_heads=for_heads,
            heads=heads,
            followed=known.followed + (not head),
            extended_deadline=known.extended_deadline,
            passing=_passes(state.need(Proposal, event.proposal_id), against, in_favour, heads, for_heads),
        )
    )


def _passes(terms: Proposal, against: int, in_favour: int, heads: int, for_heads: int) -> bool:
    return (
        heads >= terms.quorum
        and in_favour > against
        and in_favour * PPM >= terms.approval_ppm * (in_favour + against)
        and for_heads >= terms.for_heads_needed
    )


@assembly.on(events.AssemblyVoteCast)
def vote_cast(state: State, event: events.AssemblyVoteCast) -> None:
    _give_reason(state, event.proposal_id, event.voter, event.reason)


@assembly.on(events.AssemblyVoteCastWithParams)
def vote_cast_with_params(state: State, event: events.AssemblyVoteCastWithParams) -> None:
    _give_reason(state, event.proposal_id, event.voter, event.reason)


def _give_reason(state: State, proposal_id: int, voter: bytes, reason: str) -> None:
    """OpenZeppelin's event follows ours, and is the one that carries the voter's words."""
    if not reason:
        return
    member_id = state.need(Account, voter).member_id
    state.put(msgspec.structs.replace(state.need(Ballot, proposal_id, member_id), reason=reason))


@assembly.on(events.AssemblyProposalExtended)
def proposal_extended(state: State, event: events.AssemblyProposalExtended) -> None:
    known = state.need(Tally, event.proposal_id)
    deadline = max(known.deadline, event.extended_deadline)
    state.put(msgspec.structs.replace(known, extended_deadline=event.extended_deadline, deadline=deadline))


@assembly.on(events.AssemblyProposalQueued)
def proposal_queued(state: State, event: events.AssemblyProposalQueued) -> None:
    _update(state, event.proposal_id, queued_at=event.at.timestamp, queued_until=event.eta_seconds)


@assembly.on(events.AssemblyProposalExecuted)
def proposal_executed(state: State, event: events.AssemblyProposalExecuted) -> None:
    _update(state, event.proposal_id, executed_at=event.at.timestamp)


@assembly.on(events.AssemblyProposalCanceled)
def proposal_canceled(state: State, event: events.AssemblyProposalCanceled) -> None:
    _update(state, event.proposal_id, canceled_at=event.at.timestamp)


def _update(state: State, proposal_id: int, **changes: object) -> None:
    state.put(msgspec.structs.replace(state.need(Proposal, proposal_id), **changes))
