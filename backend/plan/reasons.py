"""Why a seat is suggested to somebody, or to nobody: a code, what it rests on, and both in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.plan.availability import spoken
from backend.plan.inputs import Person, Seat

# Why a person cannot get a seat, in the order in which it is looked at.
OBSTACLES = {
    "barred": "may take no seats now",
    "trial": "are no newcomers, and it is a trial seat",
    "not-this": "have a part in this assignment already, or are closed out of it",
    "full": "hold as many seats as they may at once",
    "busy": "hold another seat at that time",
    "away": "have no time then",
    "share": "carry their share already, or would carry more with it",
    "elsewhere": "are suggested for other seats",
}


@dataclass(frozen=True)
class Reason:
    code: str
    words: str
    values: Mapping[str, Any] = field(default_factory=dict)


def for_suggestion(seat: Seat, person: Person, share: int, before: int) -> Iterator[Reason]:
    """`before`: minutes that the plan suggests to them besides this seat."""
    if seat.trial:
        yield Reason("trial", "a newcomer, and it is a trial seat for newcomers")
    elif person.newcomer:
        yield Reason("newcomer", "a newcomer, though it is no trial seat")
    yield from _skills(seat, person)
    yield from _time(seat, person)
    yield _turns(seat, person)
    carried = person.carried + before
    also = f", {hours(before)} of it suggested beside this" if before else ""
    yield Reason(
        "load",
        f"carries {hours(carried)} of a share of {hours(share)}{also}",
        {"carried": person.carried, "suggested": before, "share": share},
    )
    points = person.points.get(seat.kind.topic, 0)
    if points:
        yield Reason("points", f"has {points} points in the topic", {"points": points})


def for_none(obstacles: Mapping[str, int]) -> list[Reason]:
    """`obstacles`: how many people each keeps from the seat; together all there are."""
    if not any(obstacles.values()):
        return [Reason("nobody", "there are no people to suggest")]
    return [
        Reason(code, f"{obstacles[code]} {words}", {"people": obstacles[code]})
        for code, words in OBSTACLES.items()
        if obstacles.get(code)
    ]


def hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0") + " h"


def _skills(seat: Seat, person: Person) -> Iterator[Reason]:
    if not seat.skills:
        return
    if person.skills is None:
        wanted = sorted(seat.skills)
        yield Reason("skills-unsaid", f"has not said whether they can do {_and(wanted)}", {"wanted": wanted})
        return
    has, lacks = sorted(seat.skills & person.skills), sorted(seat.skills - person.skills)
    words = "; ".join(
        [*([f"can do {_and(has)}"] if has else []), *([f"has not declared {_and(lacks)}"] if lacks else [])]
    )
    yield Reason("skills", words, {"has": has, "lacks": lacks})


def _time(seat: Seat, person: Person) -> Iterator[Reason]:
    if seat.starts is None or seat.ends is None:
        return
    if person.available is None:
        yield Reason("time-unsaid", "has not said when they have time")
    else:
        zone = person.available.zone
        yield Reason(
            "time", f"has time then ({spoken(seat.starts, seat.ends, zone)}, {zone})", {"zone": zone}
        )


def _turns(seat: Seat, person: Person) -> Reason:
    times = person.lately.get(seat.kind, 0)
    often = "none" if not times else "once" if times == 1 else f"{times} times"
    words = "did none of this in the last 4 weeks" if not times else f"did this {often} in the last 4 weeks"
    if seat.unpopular:
        words += f"; it stayed open {seat.unpopular} {'time' if seat.unpopular == 1 else 'times'} lately"
    return Reason("turns", words, {"times": times, "unpopular": seat.unpopular})


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
