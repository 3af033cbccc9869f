"""The planner's rules and objective once more, from their description and by trying every plan."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import ceil, floor

from backend.plan import Person, Seat


@dataclass(frozen=True)
class Best:
    """`given`: who gets each seat, by the seat's id. `filled` and `cost` as the objective has them."""

    filled: int
    cost: int
    given: dict[tuple[int, int], int]


def share_of(seats: Sequence[Seat], people: Sequence[Person]) -> int:
    able = [p for p in people if not p.barred]
    if not able or not seats:
        return 0
    everything = sum(p.carried for p in able) + sum(s.minutes for s in seats)
    return ceil(Fraction(everything, len(able))) + max(s.minutes for s in seats)


def best(seats: Sequence[Seat], people: Sequence[Person]) -> Best:
    share = share_of(seats, people)
    mean = ceil(Fraction(sum(s.minutes for s in seats), len(seats))) if seats else 0
    together = _together(seats)
    longest = {p.member_id: max((s.minutes for s in seats if _may(s, p, share)), default=0) for p in people}
    found: list[tuple[int, int, int, dict[tuple[int, int], int]]] = []
    for plan in _plans(seats, people, share):
        if any(a != b and plan[a.id] == plan[b.id] for a, b in together if a.id in plan and b.id in plan):
            continue
        own = {p.member_id: [s for s in seats if plan.get(s.id) == p.member_id] for p in people}
        if any(
            len(own[p.member_id]) > min(p.room, max(1, (share - p.carried) // longest[p.member_id]))
            for p in people
            if own[p.member_id]
        ):
            continue
        if any(len([s for s in own[p.member_id] if s.starts is None]) > p.task_room for p in people):
            continue
        cost = sum(_cost(s, p, share) for p in people for s in own[p.member_id])
        for p in people:
            n = len(own[p.member_id])
            cost += n * (n - 1) * _per_cent(mean, share) ** 2 if n > 1 else 0
        lots = sum(
            hashlib.sha256(f"{place[0]}:{place[1]}:{member}".encode()).digest()[0]
            for place, member in plan.items()
        )
        found.append((-len(plan), cost, lots, plan))
    empty, cost, _, given = min(found, key=lambda one: one[:3])
    return Best(-empty, cost, given)


def _plans(
    seats: Sequence[Seat], people: Sequence[Person], share: int
) -> Iterator[dict[tuple[int, int], int]]:
    if not seats:
        yield {}
        return
    first, *rest = seats
    takers = [p.member_id for p in people if _may(first, p, share)]
    for plan in _plans(rest, people, share):
        yield plan
        for member in takers:
            yield {**plan, first.id: member}


def _may(seat: Seat, person: Person, share: int) -> bool:
    timed = seat.starts is not None and seat.ends is not None
    return not (
        person.barred
        or person.room < 1
        or (seat.starts is None and person.task_room < 1)
        or seat.assignment in person.not_these
        or (seat.trial and not person.newcomer)
        or person.carried + seat.minutes > share
        or (timed and any(not (ends <= seat.starts or starts >= seat.ends) for starts, ends in person.busy))
        or (timed and person.available is not None and not person.available.covers(seat.starts, seat.ends))
    )


def _together(seats: Sequence[Seat]) -> list[tuple[Seat, Seat]]:
    """Pairs of seats of which one person gets one: the transitive closure of what overlaps."""
    groups = [{seat} for seat in seats]
    merged = True
    while merged:
        merged = False
        for a, b in combinations(groups, 2):
            if any(_touch(x, y) for x in a for y in b):
                groups.remove(a)
                groups.remove(b)
                groups.append(a | b)
                merged = True
                break
    return [pair for group in groups for pair in combinations(group, 2)]


def _touch(a: Seat, b: Seat) -> bool:
    if a.assignment == b.assignment:
        return True
    if a.starts is None or b.starts is None or a.ends is None or b.ends is None:
        return False
    return a.starts < b.ends and b.starts < a.ends


def _cost(seat: Seat, person: Person, share: int) -> int:
    load = _per_cent(person.carried + seat.minutes, share) ** 2 - _per_cent(person.carried, share) ** 2
    if not seat.skills:
        skills = 0
    elif person.skills is None:
        skills = 2000
    else:
        skills = floor(
            3000 * Fraction(len([s for s in seat.skills if s not in person.skills]), len(seat.skills))
        )
    unsaid = 1000 if seat.starts is not None and person.available is None else 0
    turns = 200 * min(person.lately.get(seat.kind, 0), 10) * (1 + min(seat.unpopular, 9))
    seasoned = 1500 if person.newcomer and not seat.trial else 0
    standing = 3 * (100 - min(person.points.get(seat.kind.topic, 0), 100))
    return load + skills + unsaid + turns + seasoned + standing


def _per_cent(minutes: int, share: int) -> int:
    return floor(100 * Fraction(minutes, share))
