"""Delegations, topic by topic, and what following has done and cost.

What a chain leads to is not stored: it is worked out when someone asks, by backend.delegation, from the
delegations as they stood at a vote's `electorate_at` and the ballots there are.
"""

from __future__ import annotations

import msgspec

from backend import events
from backend.delegation import FOLLOW_PROBLEMS
from backend.project.assembly import Proposal
from backend.project.polls import Poll
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table


@table("delegations", key=["member_id", "topic"], indexes=[["topic", "member_id"], ["delegate", "topic"]])
class Delegation(msgspec.Struct, frozen=True):
    """A member's delegation as it stands; `delegate` is None once it is revoked. `max_votes` on one thing,
    `max_credits` in a season; `since` in seconds since 1970."""

    member_id: int
    topic: int
    delegate: int | None
    max_votes: int
    max_credits: int
    since: int


@table(
    "delegation_changes",
    key=["block", "position"],
    indexes=[["topic", "changed_at"], ["member_id", "topic", "changed_at"]],
)
class DelegationChange(msgspec.Struct, frozen=True):
    """Every delegation ever made, changed or revoked (`delegate` None)."""

    block: int
    position: int
    member_id: int
    topic: int
    delegate: int | None
    max_votes: int
    max_credits: int
    changed_at: int


@table(
    "followings",
    key=["block", "position"],
    indexes=[["member_id", "followed_at"], ["proposal_id", "member_id"], ["poll_id", "member_id"]],
)
class Following(msgspec.Struct, frozen=True):
    """A ballot that a member has because of a delegation: in a proposal or a poll, as `voter` voted."""

    block: int
    position: int
    member_id: int
    voter: int
    proposal_id: Uint256 | None
    poll_id: int | None
    followed_at: int


@table("follow_skips", key=["proposal_id", "member_id"])
class FollowSkip(msgspec.Struct, frozen=True):
    """Why a member was passed over, when they last were: what the ballot's place is empty for."""

    proposal_id: Uint256
    member_id: int
    problem: str


@table("poll_follow_skips", key=["poll_id", "member_id"])
class PollFollowSkip(msgspec.Struct, frozen=True):
    """The same in a poll."""

    poll_id: int
    member_id: int
    problem: str


@table("follow_spending", key=["member_id", "topic", "season"])
class FollowSpending(msgspec.Struct, frozen=True):
    """Voice credits that following in a topic has cost a member in a season."""

    member_id: int
    topic: int
    season: int
    spent: int


delegation = Projection(
    "delegation",
    tables=[Delegation, DelegationChange, Following, FollowSkip, PollFollowSkip, FollowSpending],
)


@delegation.on(events.DelegationDelegated)
def delegated(state: State, event: events.DelegationDelegated) -> None:
    at, to = event.at, event.delegate or None
    caps = event.max_votes, event.max_credits
    state.put(Delegation(event.member_id, event.topic, to, *caps, at.timestamp))
    state.insert(DelegationChange(at.block, at.index, event.member_id, event.topic, to, *caps, at.timestamp))


@delegation.on(events.DelegationFollowed)
def followed(state: State, event: events.DelegationFollowed) -> None:
    at = event.at
    state.insert(
        Following(at.block, at.index, event.member_id, event.voter, event.proposal_id, None, at.timestamp)
    )


@delegation.on(events.DelegationPollFollowed)
def poll_followed(state: State, event: events.DelegationPollFollowed) -> None:
    at = event.at
    state.insert(
        Following(at.block, at.index, event.member_id, event.voter, None, event.poll_id, at.timestamp)
    )


@delegation.on(events.DelegationFollowSkipped)
def follow_skipped(state: State, event: events.DelegationFollowSkipped) -> None:
    state.put(FollowSkip(event.proposal_id, event.member_id, FOLLOW_PROBLEMS[event.problem]))


@delegation.on(events.DelegationPollFollowSkipped)
def poll_follow_skipped(state: State, event: events.DelegationPollFollowSkipped) -> None:
    state.put(PollFollowSkip(event.poll_id, event.member_id, FOLLOW_PROBLEMS[event.problem]))


@delegation.on(events.AssemblyBallotRecorded)
def ballot_recorded(state: State, event: events.AssemblyBallotRecorded) -> None:
    if event.followed:
        terms = state.need(Proposal, event.proposal_id)
        _spend(state, event.member_id, terms.topic, terms.season, event.cost)


@delegation.on(events.PollsPollBallotFollowed)
def poll_ballot_followed(state: State, event: events.PollsPollBallotFollowed) -> None:
    terms = state.need(Poll, event.poll_id)
    _spend(state, event.member_id, terms.topic, terms.season, event.cost)


def _spend(state: State, member_id: int, topic: int, season: int, cost: int) -> None:
    if cost:
        known = state.get(FollowSpending, member_id, topic, season)
        spent = cost + (known.spent if known else 0)
        state.put(FollowSpending(member_id, topic, season, spent))
