"""What makes one plan better than another, exactly and in whole numbers.

Rules that no suggestion breaks. A person gets a seat only if they

1. may take seats at all, and that assignment in particular;
2. are a newcomer, where the seat is a trial seat;
3. hold no seat at that time, and have not said that they have no time then;
4. carry no more than the share with it. The share is what everybody would carry were all that is carried
   and all open seats divided evenly among those who may take seats, rounded up, and one longest open seat
   more: nobody can be asked to stop short of it, and nobody is asked beyond.

In one plan a person gets at most one of the seats that overlap one another in time, or through others that
do; at most one seat of an assignment; no more seats than they have room for, nor more without a set time than
they have room for such; and no more than would keep to the share were all of them as long as the longest that
they could get (one always).

Of all plans that keep to this, the best has first as few seats empty as can be, then the least total of these
costs, then the least lot::

    suggestion of a seat to a person
        load      P(carried + minutes)^2 - P(carried)^2, where P(x) = 100 x / share (rounded down): per cent
        skills    3000 * missing / wanted (rounded down); 2000 where they have not said what they can do
        time      1000 where they have not said when they have time
        turns     200 * min(times, 10) * (1 + min(unpopular, 9)): how often they did such work lately
        seasoned  1500 where a newcomer would get a seat that is not a trial seat
        standing  3 * (100 - min(points, 100)), by their points in the topic
    a person's k-th seat in the plan
        again     2 (k - 1) P(mean)^2, where mean is the mean of the open seats' minutes, rounded up

    lot           the first byte of SHA-256("assignment:place:member") of every suggestion

Load is convex: the same seat costs who carries much more than who carries little. With seats that are all
alike, load and again together are what the square of the whole load grows by; where they differ, `again`
reckons an earlier seat of the same plan as a mean one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from backend.plan.inputs import Person, Seat

SKILLS = 3000
SKILLS_UNSAID = 2000
TIME_UNSAID = 1000
TURN = 200
MOST_TURNS = 10
MOST_UNPOPULAR = 9
SEASONED = 1500
STANDING = 3
MOST_POINTS = 100
LOTS = 256


@dataclass(frozen=True)
class Measure:
    """What costs are measured by; minutes."""

    share: int
    mean: int

    @classmethod
    def of(cls, seats: Sequence[Seat], people: Sequence[Person]) -> Measure:
        able = [person for person in people if person.barred is None]
        wanted = sum(seat.minutes for seat in seats)
        if not able or not seats:
            return cls(0, 0)
        even = -(-(sum(person.carried for person in able) + wanted) // len(able))
        return cls(even + max(seat.minutes for seat in seats), -(-wanted // len(seats)))

    def per_cent(self, minutes: int) -> int:
        return 100 * minutes // self.share


def cost(seat: Seat, person: Person, measure: Measure) -> int:
    """Of suggesting this seat to this person."""
    return (
        measure.per_cent(person.carried + seat.minutes) ** 2
        - measure.per_cent(person.carried) ** 2
        + skills_cost(seat, person)
        + (TIME_UNSAID if person.available is None and seat.starts is not None else 0)
        + TURN * min(person.lately.get(seat.kind, 0), MOST_TURNS) * (1 + min(seat.unpopular, MOST_UNPOPULAR))
        + (SEASONED if person.newcomer and not seat.trial else 0)
        + STANDING * (MOST_POINTS - min(person.points.get(seat.kind.topic, 0), MOST_POINTS))
    )


def skills_cost(seat: Seat, person: Person) -> int:
    if not seat.skills:
        return 0
    if person.skills is None:
        return SKILLS_UNSAID
    return SKILLS * len(seat.skills - person.skills) // len(seat.skills)


def again(k: int, measure: Measure) -> int:
    """Of a person's k-th seat in the plan, from 1."""
    return 2 * (k - 1) * measure.per_cent(measure.mean) ** 2


def lot(seat: Seat, person: Person) -> int:
    """Decides between plans that are as good."""
    return hashlib.sha256(f"{seat.assignment}:{seat.place}:{person.member_id}".encode()).digest()[0]


def runs(seats: Sequence[Seat]) -> list[int]:
    """For each seat a number, the same for two of which one person gets one at most: seats of one assignment,
    and seats at a set time that overlap, or are joined by others that do."""
    number: dict[int, int] = {}
    timed = sorted(
        {
            (seat.starts, seat.ends, seat.assignment)
            for seat in seats
            if seat.starts is not None and seat.ends is not None
        }
    )
    end, run = None, 0
    for starts, ends, assignment in timed:
        if end is None or starts >= end:
            run, end = run + 1, ends
        end = max(end, ends)
        number[assignment] = run
    for seat in sorted(seats, key=lambda seat: seat.id):
        if seat.assignment not in number:
            number[seat.assignment] = run = run + 1
    return [number[seat.assignment] for seat in seats]
