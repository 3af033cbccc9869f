"""Assignments: what is asked for, who volunteered, who holds each seat, and all that happened to the seats.

Whether members can still volunteer, a seat's holder is late, or a shift is over depends on the time: it is
worked out when someone asks, from `ASSIGNMENT_STATE`.
"""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table

# The enums of IAssignments; what is in the tables is never Unknown.
KINDS = ("Task", "Shift")
SELECTIONS = ("Draw", "Score")
ASSIGNMENT_STATES = ("Unknown", "Volunteering", "Selecting", "Drawing", "Open", "Finished", "Cancelled")
SEAT_STATES = ("Vacant", "Held", "Delivered", "Rework", "Done", "Lapsed")
RELEASES = ("Withdrew", "MissedHeartbeat", "MissedDeadline", "Gone", "Failed", "Cancelled")
# What counts as a strike.
STRIKES = ("MissedHeartbeat", "MissedDeadline", "Failed")
# What the history of seats tells.
SEAT_EVENTS = ("Taken", "Heartbeat", *RELEASES, "Delivered", "Rework", "Done", "Overturned", "Paid")


@table(
    "assignments",
    key=["assignment_id"],
    indexes=[["topic"], ["text_hash"], ["creator"], ["block", "position"]],
)
class Assignment(msgspec.Struct, frozen=True):
    """Times in seconds since 1970, lengths in seconds, `reward` of each seat in micro-points, `stipend` of
    each seat in the purse's asset's smallest parts.

    `creator`: the contract that made it, at (`block`, `position`). `deadline` and `duration` are 0 where the
    other counts, `heartbeat` where no sign of progress is asked for. `draw_id`: what selects, once opened.
    `closed_seats`: how many are done or lapsed.
    """

    assignment_id: int
    creator: bytes
    text_hash: bytes
    topic: int
    kind: str
    selection: str
    seats: int
    trial_seats: int
    volunteer_until: int
    start: int
    deadline: int
    duration: int
    heartbeat: int
    reward: int
    purse_id: int | None
    stipend: Uint256
    draw_id: int | None
    selected_at: int | None
    closed_seats: int
    created_at: int
    block: int
    position: int
    cancelled_at: int | None
    cancel_reason: bytes | None


@table("seats", key=["assignment_id", "seat"], indexes=[["member_id"]])
class Seat(msgspec.Struct, frozen=True):
    """`seat` from 1. `member_id`: who holds it or did the work, None where it is vacant.

    `signed_at`: the last heartbeat; `sign_due`: until when the next one is due, where any is asked for.
    `due_at`: the last second in which it can be delivered. `share_bps`: how much of the reward was earned.
    """

    assignment_id: int
    seat: int
    member_id: int | None
    state: str
    taken_at: int | None
    signed_at: int | None
    sign_due: int | None
    due_at: int | None
    share_bps: int
    paid: bool


@table("volunteers", key=["assignment_id", "member_id"], indexes=[["member_id"]])
class Volunteer(msgspec.Struct, frozen=True):
    """Who offered to do it before seats were given, at (`block`, `position`)."""

    assignment_id: int
    member_id: int
    volunteered_at: int
    block: int
    position: int
    withdrawn_at: int | None


@table(
    "seat_events",
    key=["block", "position"],
    indexes=[
        ["assignment_id", "block", "position"],
        ["member_id", "block", "position"],
    ],
)
class SeatEvent(msgspec.Struct, frozen=True):
    """Something that happened to a seat and who held it: one of `SEAT_EVENTS`.

    `note`: hash of a text about progress. `due_at` where the seat was taken or sent back, `strikes` that the
    member had then where it was released, `share_bps` where it was done, `amount` where it was paid.
    """

    block: int
    position: int
    assignment_id: int
    seat: int
    member_id: int
    kind: str
    happened_at: int
    note: bytes | None = None
    due_at: int | None = None
    strikes: int | None = None
    share_bps: int | None = None
    amount: Uint256 | None = None


assignments = Projection("assignments", tables=[Assignment, Seat, Volunteer, SeatEvent])

# Assignments.stateOf for assignments a at the time {now}.
ASSIGNMENT_STATE = """
CASE
  WHEN a.cancelled_at IS NOT NULL THEN 'Cancelled'
  WHEN a.closed_seats = a.seats THEN 'Finished'
  WHEN a.kind = 'Shift' AND a.deadline < {now} AND NOT EXISTS (
    SELECT 1 FROM seats b
    WHERE b.assignment_id = a.assignment_id AND b.state IN ('Held', 'Delivered', 'Rework')
  ) THEN 'Finished'
  WHEN a.selected_at IS NOT NULL THEN 'Open'
  WHEN a.volunteer_until >= {now} THEN 'Volunteering'
  WHEN a.draw_id IS NULL THEN 'Selecting'
  ELSE 'Drawing'
END
"""

# Assignments.lateAfter for seats b of assignments a, where a shift can be confirmed until {window} seconds
# after its end; NULL where nobody can be late.
LATE_AFTER = """
CASE
  WHEN b.sign_due < b.due_at THEN b.sign_due
  WHEN b.state IN ('Held', 'Rework') THEN b.due_at + CASE WHEN a.kind = 'Shift' THEN {window} ELSE 0 END
END
"""


@assignments.on(events.AssignmentsAssignmentCreated)
def assignment_created(state: State, event: events.AssignmentsAssignmentCreated) -> None:
    terms, at = event.assignment, event.at
    state.insert(
        Assignment(
            assignment_id=event.assignment_id,
            creator=event.creator,
            text_hash=terms.text,
            topic=terms.topic,
            kind=KINDS[terms.kind],
            selection=SELECTIONS[terms.selection],
            seats=terms.seats,
            trial_seats=terms.trial_seats,
            volunteer_until=terms.volunteer_until,
            start=terms.start,
            deadline=terms.deadline,
            duration=terms.duration,
            heartbeat=terms.heartbeat,
            reward=terms.reward,
            purse_id=terms.purse_id or None,
            stipend=terms.stipend,
            draw_id=None,
            selected_at=None,
            closed_seats=0,
            created_at=at.timestamp,
            block=at.block,
            position=at.index,
            cancelled_at=None,
            cancel_reason=None,
        )
    )
    for seat in range(1, terms.seats + 1):
        state.insert(_vacant(event.assignment_id, seat))


@assignments.on(events.AssignmentsVolunteered)
def volunteered(state: State, event: events.AssignmentsVolunteered) -> None:
    at = event.at
    state.put(Volunteer(event.assignment_id, event.member_id, at.timestamp, at.block, at.index, None))


@assignments.on(events.AssignmentsVolunteerWithdrew)
def volunteer_withdrew(state: State, event: events.AssignmentsVolunteerWithdrew) -> None:
    volunteer = state.need(Volunteer, event.assignment_id, event.member_id)
    state.put(msgspec.structs.replace(volunteer, withdrawn_at=event.at.timestamp))


@assignments.on(events.AssignmentsSelectionDrawn)
def selection_drawn(state: State, event: events.AssignmentsSelectionDrawn) -> None:
    _update(state, event.assignment_id, draw_id=event.draw_id)


@assignments.on(events.AssignmentsSelected)
def selected(state: State, event: events.AssignmentsSelected) -> None:
    _update(state, event.assignment_id, selected_at=event.at.timestamp)


@assignments.on(events.AssignmentsSeatTaken)
def seat_taken(state: State, event: events.AssignmentsSeatTaken) -> None:
    _update_seat(
        state,
        event.assignment_id,
        event.seat,
        member_id=event.member_id,
        state="Held",
        taken_at=event.at.timestamp,
        sign_due=_next_sign(state, event),
        due_at=event.due_at,
    )
    _tell(state, event, "Taken", due_at=event.due_at)


@assignments.on(events.AssignmentsHeartbeat)
def heartbeat(state: State, event: events.AssignmentsHeartbeat) -> None:
    signed, due = event.at.timestamp, _next_sign(state, event)
    _update_seat(state, event.assignment_id, event.seat, signed_at=signed, sign_due=due)
    _tell(state, event, "Heartbeat", note=event.note if any(event.note) else None)


@assignments.on(events.AssignmentsSeatReleased)
def seat_released(state: State, event: events.AssignmentsSeatReleased) -> None:
    left = SEAT_STATES[event.state]
    released = _vacant(event.assignment_id, event.seat)
    state.put(msgspec.structs.replace(released, state=left))
    if left == "Lapsed":
        _close_seat(state, event.assignment_id)
    _tell(state, event, RELEASES[event.why], strikes=event.strikes)


@assignments.on(events.AssignmentsSeatDelivered)
def seat_delivered(state: State, event: events.AssignmentsSeatDelivered) -> None:
    _update_seat(state, event.assignment_id, event.seat, state="Delivered", sign_due=None)
    _tell(state, event, "Delivered")


@assignments.on(events.AssignmentsSeatInRework)
def seat_in_rework(state: State, event: events.AssignmentsSeatInRework) -> None:
    _update_seat(state, event.assignment_id, event.seat, state="Rework", due_at=event.due_at)
    _tell(state, event, "Rework", due_at=event.due_at)


@assignments.on(events.AssignmentsSeatDone)
def seat_done(state: State, event: events.AssignmentsSeatDone) -> None:
    _update_seat(
        state, event.assignment_id, event.seat, state="Done", sign_due=None, share_bps=event.share_bps
    )
    _close_seat(state, event.assignment_id)
    _tell(state, event, "Done", share_bps=event.share_bps)


@assignments.on(events.AssignmentsSeatOverturned)
def seat_overturned(state: State, event: events.AssignmentsSeatOverturned) -> None:
    _update_seat(state, event.assignment_id, event.seat, share_bps=0)
    _tell(state, event, "Overturned")


@assignments.on(events.AssignmentsWorkPaid)
def work_paid(state: State, event: events.AssignmentsWorkPaid) -> None:
    _update_seat(state, event.assignment_id, event.seat, paid=True)
    _tell(state, event, "Paid", amount=event.amount)


@assignments.on(events.AssignmentsAssignmentCancelled)
def assignment_cancelled(state: State, event: events.AssignmentsAssignmentCancelled) -> None:
    _update(state, event.assignment_id, cancelled_at=event.at.timestamp, cancel_reason=event.reason)


_SeatEvent = (
    events.AssignmentsSeatTaken
    | events.AssignmentsHeartbeat
    | events.AssignmentsSeatReleased
    | events.AssignmentsSeatDelivered
    | events.AssignmentsSeatInRework
    | events.AssignmentsSeatDone
    | events.AssignmentsSeatOverturned
    | events.AssignmentsWorkPaid
)


def _tell(state: State, event: _SeatEvent, kind: str, **told: object) -> None:
    at = event.at
    whose = event.assignment_id, event.seat, event.member_id
    state.insert(msgspec.structs.replace(SeatEvent(at.block, at.index, *whose, kind, at.timestamp), **told))


def _next_sign(state: State, event: events.AssignmentsSeatTaken | events.AssignmentsHeartbeat) -> int | None:
    """Until when the next sign of progress is due, once the seat is taken or one was given."""
    found = state.need(Assignment, event.assignment_id)
    return max(event.at.timestamp, found.start) + found.heartbeat if found.heartbeat else None


def _vacant(assignment_id: int, seat: int) -> Seat:
    return Seat(
        assignment_id=assignment_id,
        seat=seat,
        member_id=None,
        state="Vacant",
        taken_at=None,
        signed_at=None,
        sign_due=None,
        due_at=None,
        share_bps=0,
        paid=False,
    )


def _update(state: State, assignment_id: int, **changes: object) -> None:
    state.put(msgspec.structs.replace(state.need(Assignment, assignment_id), **changes))


def _update_seat(state: State, assignment_id: int, seat: int, /, **changes: object) -> None:
    state.put(msgspec.structs.replace(state.need(Seat, assignment_id, seat), **changes))


def _close_seat(state: State, assignment_id: int) -> None:
    closed = state.need(Assignment, assignment_id).closed_seats + 1
    _update(state, assignment_id, closed_seats=closed)
