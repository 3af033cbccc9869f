"""Confirmations as communes and rings make them."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable

from backend.standing import Given

POINT = 1_000_000


def honest(members: int, entries: int, seed: int, apart: Collection[int] = ()) -> list[Given]:
    """Anybody confirms anybody; those in `apart` deal with the others one time in ten."""
    chance = random.Random(seed)
    found = []
    while len(found) < entries:
        confirmer, member = chance.sample(range(1, members + 1), 2)
        if (confirmer in apart) == (member in apart) or chance.random() < 0.1:
            found.append(Given(confirmer, member, chance.randint(1, 10) * POINT, 0))
    return found


def everybody_each_other(members: Iterable[int], points: int = 5) -> list[Given]:
    known = list(members)
    return [Given(a, b, points * POINT, 0) for a in known for b in known if a != b]


def round_robin(members: Iterable[int], onward: int, points: int = 5) -> list[Given]:
    """Each confirms the next few, so that no two confirm each other."""
    known = list(members)
    assert 2 * onward < len(known)
    return [
        Given(one, known[(place + step) % len(known)], points * POINT, 0)
        for place, one in enumerate(known)
        for step in range(1, onward + 1)
    ]
