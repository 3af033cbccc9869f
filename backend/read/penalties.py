"""Penalties.sol's reads."""

from __future__ import annotations

from collections.abc import Iterator

from backend.project.penalties import Penalty
from backend.read.due import Due
from backend.read.moment import Moment


def penalty(moment: Moment, penalty_id: int) -> Penalty | None:
    return moment.row(Penalty, penalty_id)


def pending_of(moment: Moment, member_id: int) -> list[Penalty]:
    """What a member may lose, and has not lost yet."""
    return moment.rows(Penalty, "member_id = ? AND state = 'Pending'", (member_id,))


def due(moment: Moment) -> Iterator[Due]:
    """Penalties that waited long enough."""
    for found in moment.rows(Penalty, "state = 'Pending' AND due_at <= ?", (moment.now,), "due_at"):
        yield Due("penalties", "carryOut", (found.penalty_id,))
