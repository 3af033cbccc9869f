"""Assignments.sol's reads."""

from __future__ import annotations

from collections.abc import Iterator

from backend.project.assignments import (
    ASSIGNMENT_STATE,
    LATE_AFTER,
    STRIKES,
    Assignment,
    Seat,
    SeatEvent,
    Volunteer,
)
from backend.read import draws
from backend.read.due import Due
from backend.read.moment import Moment


def state_sql(moment: Moment) -> str:
    """An assignment's state as an SQL expression over assignments a."""
    return ASSIGNMENT_STATE.format(now=int(moment.now))


def state_of(moment: Moment, assignment_id: int) -> str | None:
    found = moment.reader.one(
        f"SELECT {state_sql(moment)} FROM assignments a WHERE a.assignment_id = ?", (assignment_id,)
    )
    return found[0] if found else None


def assignment(moment: Moment, assignment_id: int) -> Assignment | None:
    return moment.row(Assignment, assignment_id)


def seats_of(moment: Moment, assignment_id: int) -> list[Seat]:
    return moment.rows(Seat, "assignment_id = ?", (assignment_id,))


def volunteers_of(moment: Moment, assignment_id: int) -> list[Volunteer]:
    """Who offered to do it and did not step back, in the order in which they did."""
    where = "assignment_id = ? AND withdrawn_at IS NULL"
    return moment.rows(Volunteer, where, (assignment_id,), "block, position")


def seat_held_by(moment: Moment, assignment_id: int, member_id: int) -> int:
    """The seat that a member holds, has delivered or reworks; 0 for none."""
    return moment.number(
        "SELECT seat FROM seats WHERE assignment_id = ? AND member_id = ?"
        " AND state IN ('Held', 'Delivered', 'Rework')",
        (assignment_id, member_id),
    )


def seats_held(moment: Moment, member_id: int) -> int:
    """How many seats a member holds, has delivered or reworks, in all assignments."""
    return moment.number(
        "SELECT count(*) FROM seats WHERE member_id = ? AND state IN ('Held', 'Delivered', 'Rework')",
        (member_id,),
    )


def strikes_of(moment: Moment, member_id: int) -> int:
    """How many seats a member missed or failed this season."""
    return moment.number(
        f"SELECT count(*) FROM seat_events WHERE member_id = ? AND kind IN {STRIKES} AND happened_at >= ?",
        (member_id, moment.season_start),
    )


def late_sql(moment: Moment) -> str:
    """Until when a seat's holder is not late, as an SQL expression over seats b and assignments a."""
    return LATE_AFTER.format(window=int(moment.parameters.get("work.confirmWindow", 0)))


def late_after(moment: Moment, seat: Seat) -> int | None:
    """Until when its holder is not late; None where nobody can be."""
    found = moment.reader.one(
        f"SELECT {late_sql(moment)} FROM seats b JOIN assignments a ON a.assignment_id = b.assignment_id"
        " WHERE b.assignment_id = ? AND b.seat = ?",
        (seat.assignment_id, seat.seat),
    )
    return found[0] if found else None


def is_missed(moment: Moment, seat: Seat) -> bool:
    """Whether anyone can take the seat from its holder now, who is late or no active member."""
    until = late_after(moment, seat)
    if until is None:
        return False
    active = "SELECT 1 FROM members WHERE member_id = ? AND status = 'Active'"
    return moment.now > until or not moment.number(active, (seat.member_id,))


def history_of(moment: Moment, assignment_id: int) -> list[SeatEvent]:
    return moment.rows(SeatEvent, "assignment_id = ?", (assignment_id,))


def due(moment: Moment) -> Iterator[Due]:
    """Seats to be given to volunteers, or drawn for. Where nobody volunteered the first one takes a seat."""
    select = f"SELECT a.assignment_id, a.draw_id, {state_sql(moment)} AS state FROM assignments a"
    where = "a.selected_at IS NULL AND a.cancelled_at IS NULL AND a.volunteer_until < ?"
    for assignment_id, draw_id, state in moment.reader.query(f"{select} WHERE {where}", (moment.now,)):
        ready = state == "Drawing" and draws.is_captured(moment, draw_id)
        if ready or (state == "Selecting" and volunteers_of(moment, assignment_id)):
            yield Due("assignments", "select", (assignment_id,))


def text_of_draw(moment: Moment, draw_id: int) -> str | None:
    """What a selection's draw is about, as Assignments.sol writes it. None for any other draw."""
    found = moment.number("SELECT assignment_id FROM assignments WHERE draw_id = ?", (draw_id,))
    return f"Seats of assignment {found}" if found else None
