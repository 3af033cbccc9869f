"""What a plan is made from. Hours are whole minutes, times are seconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backend.plan.availability import Availability

MOST_SEATS = 1_000
MOST_PEOPLE = 20_000
LONGEST = 7 * 24 * 60


class PlanInvalid(ValueError):
    """An input that cannot be planned for; the message says which and why."""


@dataclass(frozen=True, order=True)
class Kind:
    """What counts as the same work: a series, or else whatever else there is in a topic (`series` is 0)."""

    topic: int
    series: int = 0


@dataclass(frozen=True)
class Seat:
    """An open seat. `starts` and `ends` where it is work at a set time, else None for both. `minutes`: of
    work. `trial`: kept for newcomers. `unpopular`: how often seats of its kind stayed empty or were reopened
    lately."""

    assignment: int
    place: int
    kind: Kind
    minutes: int
    starts: int | None = None
    ends: int | None = None
    trial: bool = False
    skills: frozenset[str] = frozenset()
    unpopular: int = 0

    @property
    def id(self) -> tuple[int, int]:
        return self.assignment, self.place


@dataclass(frozen=True)
class Person:
    """A member who could take seats. `carried`: minutes of the seats held now and in the last season.
    `room`: how many more they may hold, and `task_room`: of
    these, how many without a set time. `lately`: how many seats of a kind they took in the last four weeks.
    `busy`: when they hold seats at a set time. `not_these`: assignments that they cannot take. `barred`: may
    take none at all, for the reason in `barred`. `skills` and `available` are None where they said nothing.
    `points`: scores by topic."""

    member_id: int
    newcomer: bool = False
    carried: int = 0
    room: int = 1
    task_room: int = MOST_SEATS
    skills: frozenset[str] | None = None
    available: Availability | None = None
    lately: Mapping[Kind, int] = field(default_factory=dict)
    busy: Sequence[tuple[int, int]] = ()
    not_these: frozenset[int] = frozenset()
    points: Mapping[int, int] = field(default_factory=dict)
    barred: str | None = None


def check(seats: Sequence[Seat], people: Sequence[Person]) -> None:
    """Raises `PlanInvalid`."""
    if len(seats) > MOST_SEATS or len(people) > MOST_PEOPLE:
        raise PlanInvalid(
            f"a plan takes {MOST_SEATS} seats and {MOST_PEOPLE} people at most;"
            f" got {len(seats)} and {len(people)}"
        )
    if len({seat.id for seat in seats}) < len(seats):
        raise PlanInvalid("a seat is there twice")
    if len({person.member_id for person in people}) < len(people):
        raise PlanInvalid("a person is there twice")
    for seat in seats:
        name = f"seat {seat.place} of assignment {seat.assignment}"
        if not 0 < seat.minutes <= LONGEST:
            raise PlanInvalid(f"{name} takes 1 to {LONGEST} minutes; got {seat.minutes}")
        if (seat.starts is None) != (seat.ends is None):
            raise PlanInvalid(f"{name} has a beginning or an end without the other")
        if seat.starts is not None and seat.ends is not None and seat.ends <= seat.starts:
            raise PlanInvalid(f"{name} ends at {seat.ends}, before it begins at {seat.starts}")
        if seat.unpopular < 0:
            raise PlanInvalid(f"{name} stayed empty {seat.unpopular} times")
    times: dict[int, tuple[int | None, int | None]] = {}
    for seat in seats:
        if times.setdefault(seat.assignment, (seat.starts, seat.ends)) != (seat.starts, seat.ends):
            raise PlanInvalid(f"the seats of assignment {seat.assignment} are at different times")
    for person in people:
        if person.carried < 0 or person.room < 0 or person.task_room < 0:
            raise PlanInvalid(
                f"member {person.member_id} carries {person.carried} minutes and has room for {person.room},"
                f" of which {person.task_room} tasks"
            )
