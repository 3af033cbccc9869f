"""A made-up commune at work, the same for the same seed: shifts of two weeks, tasks, and people."""

from __future__ import annotations

import random

from backend.plan import Availability, Kind, Person, Seat

# 2026-11-23, a Monday.
MONDAY = 1_795_392_000
HOUR, DAY = 3_600, 86_400
SKILLS = ("baking", "books", "cooking", "driving", "first aid", "tools")
HOURS = (
    "mon-fri 16:00-22:00",
    "sat-sun 08:00-20:00",
    "mon-sun 07:00-23:00",
    "tue 08:00-12:00, thu 08:00-12:00",
)


def seats(number: int, seed: int = 1) -> list[Seat]:
    """Seven in ten are shifts; one in ten is a trial seat."""
    chance = random.Random(seed)
    found = []
    for assignment in range(1, number + 1):
        start = MONDAY + chance.randrange(14) * DAY + chance.choice([8, 12, 16, 18]) * HOUR
        minutes = chance.choice([60, 120, 180, 240])
        times = (start, start + minutes * 60) if chance.random() < 0.7 else (None, None)
        found.append(
            Seat(
                assignment,
                1,
                Kind(chance.randint(1, 6), chance.randint(0, 3)),
                minutes,
                *times,
                trial=chance.random() < 0.1,
                skills=frozenset(chance.sample(SKILLS, chance.choice([0, 0, 1, 2]))),
                unpopular=chance.choice([0, 0, 1, 3]),
            )
        )
    return found


def people(number: int, seed: int = 2) -> list[Person]:
    """Seven in ten said what they can do, and as many when; one in ten is a newcomer."""
    chance = random.Random(seed)
    return [
        Person(
            member,
            newcomer=chance.random() < 0.1,
            carried=chance.choice([0, 60, 180, 300, 600, 1_200]),
            room=chance.randint(0, 4),
            skills=frozenset(chance.sample(SKILLS, chance.randint(1, 4))) if chance.random() < 0.7 else None,
            available=_hours(chance) if chance.random() < 0.7 else None,
            lately={Kind(chance.randint(1, 6), chance.randint(0, 3)): chance.randint(1, 3) for _ in range(2)},
            points={topic: chance.randint(0, 150) for topic in chance.sample(range(1, 7), 2)},
            barred="strikes" if chance.random() < 0.02 else None,
        )
        for member in range(1, number + 1)
    ]


def _hours(chance: random.Random) -> Availability:
    return Availability.parse(chance.choice(HOURS), "Europe/Berlin")
