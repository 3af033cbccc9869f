"""Elections: who stood for the seats of an office, and who took them by poll, by draw or unopposed."""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.offices import Office
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import table

# IElections.Stage; what is in the tables is never None.
STAGES = ("None", "Standing", "Polling", "Drawing", "Filled", "Failed")


@table("elections", key=["election_id"], indexes=[["office_id"], ["stage"], ["poll_id"], ["draw_id"]])
class Election(msgspec.Struct, frozen=True):
    """`stand_until`: the last second of standing. `vacant_from`: when the seats fall vacant.

    `seats` to fill, None until standing is over; `draw_id` of the filling, or of a tie.
    """

    election_id: int
    office_id: int
    stage: str
    filling: str
    opened_at: int
    stand_until: int
    vacant_from: int
    seats: int | None
    poll_id: int | None
    draw_id: int | None
    over_at: int | None


@table("candidates", key=["election_id", "member_id"], indexes=[["member_id"]])
class Candidate(msgspec.Struct, frozen=True):
    """Stood at (`block`, `position`). `statement`: hash of a text, or None.

    `option`: their place in the poll, from 0. `certain`: elected before others drew for the last seats.
    `seated`: took a seat.
    """

    election_id: int
    member_id: int
    statement: bytes | None
    commitment: bytes | None
    stood_at: int
    block: int
    position: int
    withdrawn_at: int | None
    option: int | None
    certain: bool
    seated: bool


elections = Projection("elections", tables=[Election, Candidate])


def _update(state: State, election_id: int, **changes: object) -> None:
    state.put(msgspec.structs.replace(state.need(Election, election_id), **changes))


def _update_candidate(state: State, election_id: int, member_id: int, **changes: object) -> None:
    state.put(msgspec.structs.replace(state.need(Candidate, election_id, member_id), **changes))


@elections.on(events.ElectionsElectionOpened)
def election_opened(state: State, event: events.ElectionsElectionOpened) -> None:
    state.insert(
        Election(
            election_id=event.election_id,
            office_id=event.office_id,
            stage="Standing",
            filling=state.need(Office, event.office_id).filling,
            opened_at=event.at.timestamp,
            stand_until=event.stand_until,
            vacant_from=event.from_,
            seats=None,
            poll_id=None,
            draw_id=None,
            over_at=None,
        )
    )


@elections.on(events.ElectionsCandidateStood)
def candidate_stood(state: State, event: events.ElectionsCandidateStood) -> None:
    state.put(
        Candidate(
            election_id=event.election_id,
            member_id=event.member_id,
            statement=event.statement if any(event.statement) else None,
            commitment=event.commitment if any(event.commitment) else None,
            stood_at=event.at.timestamp,
            block=event.at.block,
            position=event.at.index,
            withdrawn_at=None,
            option=None,
            certain=False,
            seated=False,
        )
    )


@elections.on(events.ElectionsCandidateWithdrew)
def candidate_withdrew(state: State, event: events.ElectionsCandidateWithdrew) -> None:
    _update_candidate(state, event.election_id, event.member_id, withdrawn_at=event.at.timestamp)


@elections.on(events.ElectionsElectionPolled)
def election_polled(state: State, event: events.ElectionsElectionPolled) -> None:
    _update(state, event.election_id, stage="Polling", poll_id=event.poll_id, seats=event.seats)
    for option, member_id in enumerate(event.candidates):
        _update_candidate(state, event.election_id, member_id, option=option)


@elections.on(events.ElectionsElectionDrawn)
def election_drawn(state: State, event: events.ElectionsElectionDrawn) -> None:
    """After a poll this is for the last seats: what it counts are not all that there are to fill."""
    seats = event.seats + len(event.certain)
    _update(state, event.election_id, stage="Drawing", draw_id=event.draw_id, seats=seats)
    for member_id in event.certain:
        _update_candidate(state, event.election_id, member_id, certain=True)


@elections.on(events.ElectionsElectionFilled)
def election_filled(state: State, event: events.ElectionsElectionFilled) -> None:
    _update(state, event.election_id, stage="Filled", over_at=event.at.timestamp)
    for member_id in event.seated:
        _update_candidate(state, event.election_id, member_id, seated=True)


@elections.on(events.ElectionsElectionFailed)
def election_failed(state: State, event: events.ElectionsElectionFailed) -> None:
    _update(state, event.election_id, stage="Failed", over_at=event.at.timestamp)
