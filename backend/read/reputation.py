"""Reputation.sol's reads: scores now and at a past time, in micro-points."""

from __future__ import annotations

from backend.project.fading import POINT, Accumulator, Fading
from backend.project.reputation import TOTAL, FadingRow
from backend.read.moment import Moment


def fading(moment: Moment) -> Fading:
    row = moment.row(FadingRow, 1)
    if row is None:
        raise LookupError("the reputation contract is not deployed yet")
    return Fading(row.half_life, row.origin)


def score_at(moment: Moment, member_id: int, topic: int = TOTAL, t: int | None = None) -> int:
    """`t` is not after now. Topic 0 is the total over all topics."""
    t = moment.now if t is None else t
    found = moment.reader.one(
        "SELECT mantissa, base FROM score_checkpoints"
        " WHERE member_id = ? AND topic = ? AND changed_at <= ? ORDER BY changed_at DESC LIMIT 1",
        (member_id, topic, t),
    )
    if found is None:
        return 0
    return fading(moment).score(Accumulator(int.from_bytes(found[0], "big"), found[1]), t)


def topics_of(moment: Moment, member_id: int) -> list[int]:
    """Topics in which the member ever gained."""
    rows = moment.reader.query(
        "SELECT topic FROM scores WHERE member_id = ? AND topic > 0 ORDER BY topic", (member_id,)
    )
    return [topic for (topic,) in rows]


def award_room(moment: Moment, member_id: int, topic: int) -> int:
    """What the member can still gain in the topic this season."""
    gained = moment.number(
        "SELECT amount FROM season_gains WHERE member_id = ? AND topic = ? AND season = ?",
        (member_id, topic, moment.season or 0),
    )
    return max(0, moment.parameters["reputation.seasonCap"] * POINT - gained)


def confirmation_left(moment: Moment, member_id: int) -> int:
    """What the member can still confirm of others this season."""
    confirmed = moment.number(
        "SELECT amount FROM season_confirmations WHERE confirmer = ? AND season = ?",
        (member_id, moment.season or 0),
    )
    return max(0, moment.parameters["reputation.confirmations"] * POINT - confirmed)
