"""Drafts and their sponsors, and hearings."""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table


@table("drafts", key=["proposal_id"])
class Draft(msgspec.Struct, frozen=True):
    """What is known of a proposal before it opens: its id, topic and sponsors.

    `since`: the first sponsor of the present round; an expired round is replaced by the next sponsor's.
    """

    proposal_id: Uint256
    topic: int
    sponsors: int
    since: int
    opened_at: int | None


@table("sponsors", key=["proposal_id", "member_id"], indexes=[["member_id"]])
class Sponsor(msgspec.Struct, frozen=True):
    """`position`: the how-manieth sponsor, from 1."""

    proposal_id: Uint256
    member_id: int
    position: int
    sponsored_at: int


@table("hearings", key=["hearing_id"], indexes=[["member_id"]])
class Hearing(msgspec.Struct, frozen=True):
    """On a member's expulsion. `grounds`: hash of a text. Two members open it; `started_at` when the second
    joined."""

    hearing_id: int
    member_id: int
    opener: int
    second_opener: int | None
    grounds: bytes
    requested_at: int
    started_at: int | None
    proposal_id: Uint256 | None


docket = Projection("docket", tables=[Draft, Sponsor, Hearing])


@docket.on(events.DocketSponsored)
def sponsored(state: State, event: events.DocketSponsored) -> None:
    now = event.at.timestamp
    known = state.get(Draft, event.proposal_id)
    if known is None or event.sponsors == 1:
        for old in state.select(Sponsor, proposal_id=event.proposal_id):
            state.delete(Sponsor, event.proposal_id, old.member_id)
        known = Draft(event.proposal_id, event.topic, 0, now, None)
    state.put(msgspec.structs.replace(known, sponsors=event.sponsors))
    state.put(Sponsor(event.proposal_id, event.member_id, event.sponsors, now))


@docket.on(events.DocketProposalOpened)
def proposal_opened(state: State, event: events.DocketProposalOpened) -> None:
    if known := state.get(Draft, event.proposal_id):
        state.put(msgspec.structs.replace(known, opened_at=event.at.timestamp))


@docket.on(events.DocketHearingRequested)
def hearing_requested(state: State, event: events.DocketHearingRequested) -> None:
    state.insert(
        Hearing(
            hearing_id=event.hearing_id,
            member_id=event.member_id,
            opener=event.opener,
            second_opener=None,
            grounds=event.grounds,
            requested_at=event.at.timestamp,
            started_at=None,
            proposal_id=None,
        )
    )


@docket.on(events.DocketHearingStarted)
def hearing_started(state: State, event: events.DocketHearingStarted) -> None:
    known = state.need(Hearing, event.hearing_id)
    state.put(msgspec.structs.replace(known, second_opener=event.opener, started_at=event.at.timestamp))


@docket.on(events.DocketHearingVoteOpened)
def hearing_vote_opened(state: State, event: events.DocketHearingVoteOpened) -> None:
    known = state.need(Hearing, event.hearing_id)
    state.put(msgspec.structs.replace(known, proposal_id=event.proposal_id))
