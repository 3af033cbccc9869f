"""From seats and people to suggestions with their reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backend.plan import objective, reasons
from backend.plan.inputs import Person, Seat, check
from backend.plan.objective import Measure
from backend.plan.reasons import Reason


class SolverMissing(Exception):
    def __init__(self) -> None:
        super().__init__("planning needs OR-tools: install dualpower[plan]")


@dataclass(frozen=True)
class Suggestion:
    seat: Seat
    member_id: int
    cost: int
    why: tuple[Reason, ...]


@dataclass(frozen=True)
class Unfilled:
    """A seat for which nobody is suggested."""

    seat: Seat
    why: tuple[Reason, ...]


@dataclass(frozen=True)
class Plan:
    """`share`: minutes that nobody is asked to go beyond. `cost` as in `backend.plan.objective`, without the
    lots; comparable between plans for the same input alone. Suggestions and seats in the order of their
    ids."""

    suggestions: tuple[Suggestion, ...]
    unfilled: tuple[Unfilled, ...]
    share: int
    cost: int


def plan(seats: Sequence[Seat], people: Sequence[Person]) -> Plan:
    """The best plan, the same for the same input in any order. Raises `PlanInvalid` and `SolverMissing`."""
    check(seats, people)
    try:
        from backend.plan.assign import assign
    except ImportError:
        raise SolverMissing from None
    seats = sorted(seats, key=lambda seat: seat.id)
    people = sorted(people, key=lambda person: person.member_id)
    possible = _Possible(seats, people, Measure.of(seats, people))
    # A lot is less than any difference in cost.
    scale = objective.LOTS * len(seats) + 1
    chosen = assign(
        objective.runs(seats),
        {
            pair: cost * scale + objective.lot(seats[pair[0]], people[pair[1]])
            for pair, cost in possible.costs.items()
        },
        [
            [objective.again(k, possible.measure) * scale for k in range(1, most + 1)]
            for most in possible.places
        ],
        {at for at, seat in enumerate(seats) if seat.starts is None},
        [person.task_room for person in people],
    )
    return _told(possible, chosen)


class _Possible:
    """Which pairs may be and what they cost, by the places of seats and people; how many seats each person
    may get; and what keeps each seat from everybody else."""

    def __init__(self, seats: Sequence[Seat], people: Sequence[Person], measure: Measure) -> None:
        self.seats, self.people, self.measure = seats, people, measure
        self.costs: dict[tuple[int, int], int] = {}
        self.obstacles: list[Counter[str]] = [Counter() for _ in seats]
        longest = [0] * len(people)
        for person_at, person in enumerate(people):
            times: dict[tuple[int | None, int | None], str | None] = {}
            for seat_at, seat in enumerate(seats):
                found = _obstacle(seat, person, measure.share, times)
                if found is not None:
                    self.obstacles[seat_at][found] += 1
                    continue
                self.costs[seat_at, person_at] = objective.cost(seat, person, measure)
                longest[person_at] = max(longest[person_at], seat.minutes)
        self.places = [
            min(person.room, max(1, (measure.share - person.carried) // longest[at])) if longest[at] else 0
            for at, person in enumerate(people)
        ]


def _obstacle(
    seat: Seat, person: Person, share: int, times: dict[tuple[int | None, int | None], str | None]
) -> str | None:
    """What keeps a person from a seat, whatever else is planned. `times` keeps what was found of times."""
    if person.barred is not None:
        return "barred"
    if seat.trial and not person.newcomer:
        return "trial"
    if seat.assignment in person.not_these:
        return "not-this"
    if person.room == 0 or (seat.starts is None and person.task_room == 0):
        return "full"
    at = seat.starts, seat.ends
    if at not in times:
        times[at] = _clash(seat, person)
    if (clash := times[at]) is not None:
        return clash
    return "share" if person.carried + seat.minutes > share else None


def _clash(seat: Seat, person: Person) -> str | None:
    if seat.starts is None or seat.ends is None:
        return None
    if any(starts < seat.ends and seat.starts < ends for starts, ends in person.busy):
        return "busy"
    return (
        "away"
        if person.available is not None and not person.available.covers(seat.starts, seat.ends)
        else None
    )


def _told(possible: _Possible, chosen: dict[int, int]) -> Plan:
    seats, people, measure = possible.seats, possible.people, possible.measure
    given: Counter[int] = Counter()
    for seat_at, person_at in chosen.items():
        given[person_at] += seats[seat_at].minutes
    suggestions, unfilled = [], []
    for at, seat in enumerate(seats):
        if at not in chosen:
            obstacles = possible.obstacles[at]
            others = len(people) - obstacles.total()
            unfilled.append(Unfilled(seat, tuple(reasons.for_none({**obstacles, "elsewhere": others}))))
            continue
        person = people[chosen[at]]
        why = reasons.for_suggestion(seat, person, measure.share, given[chosen[at]] - seat.minutes)
        suggestions.append(Suggestion(seat, person.member_id, possible.costs[at, chosen[at]], tuple(why)))
    numbers = Counter(chosen.values())
    later = sum(objective.again(k, measure) for number in numbers.values() for k in range(1, number + 1))
    return Plan(
        tuple(suggestions), tuple(unfilled), measure.share, sum(one.cost for one in suggestions) + later
    )
