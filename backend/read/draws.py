"""Draws.sol's reads."""

from __future__ import annotations

from collections.abc import Iterator

from backend.project.draws import DRAW_STATE, HASHES_KEPT, Draw, DrawMember
from backend.read.due import Due
from backend.read.moment import Moment


def state_sql(moment: Moment) -> str:
    """A draw's state as an SQL expression over draws d."""
    return DRAW_STATE.format(block=int(moment.block))


def state_of(moment: Moment, draw_id: int) -> str | None:
    found = moment.reader.one(f"SELECT {state_sql(moment)} FROM draws d WHERE d.draw_id = ?", (draw_id,))
    return found[0] if found else None


def due(moment: Moment) -> Iterator[Due]:
    """Draws whose number anyone may bring about in the next block; those first that have their block."""
    state = DRAW_STATE.format(block=int(moment.block) + 1)
    found = moment.reader.query(
        f"SELECT draw_id, state FROM (SELECT d.draw_id, d.target_block, {state} AS state FROM draws d) AS s"
        " WHERE state IN ('Capturable', 'Missed') ORDER BY state, target_block"
    )
    for draw_id, reached in found:
        yield Due("draws", "capture" if reached == "Capturable" else "retarget", (draw_id,))


def is_captured(moment: Moment, draw_id: int | None) -> bool:
    """Whether a draw has its number."""
    found = moment.row(Draw, draw_id) if draw_id is not None else None
    return found is not None and found.number is not None


def pool_of(moment: Moment, draw_id: int) -> list[DrawMember]:
    """In the order in which it was committed."""
    return moment.rows(DrawMember, "draw_id = ?", (draw_id,), "position")


def capture_by(draw: Draw) -> int:
    """The last block in which the number can be captured."""
    return draw.target_block + HASHES_KEPT
