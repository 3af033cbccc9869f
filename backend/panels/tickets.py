"""From a lottery with weights to a list of tickets, of which each is drawn as likely as any other.

First the panels' numbers of tickets: their weights rounded down, then the rest, one by one and by exchanges,
so that the sum over people of the squared distance from their chance, by their chance (chi-squared: who has
little loses little), becomes as small as it does. Then who sits: of people who are alike, those who are on
the fewest tickets so far, so that two of them differ by one at most.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backend.panels.fairest import Lottery
from backend.panels.pool import People


def issue(people: People, lottery: Lottery, tickets: int, seed: int) -> list[list[int]]:
    """The panels by places of people, sorted; ties are broken by the seed."""
    numbers = apportion(lottery, tickets)
    on = [0] * len(people)
    issued: list[list[int]] = []
    for panel in np.repeat(lottery.panels, numbers, axis=0):
        seated: list[int] = []
        for kind in np.flatnonzero(panel):
            seated += _seat(people, lottery.kinds[kind], int(panel[kind]), on, f"{seed}:{len(issued)}")
        for place in seated:
            on[place] += 1
        issued.append(sorted(seated))
    return sorted(issued)


def apportion(lottery: Lottery, tickets: int) -> NDArray[np.int64]:
    """How many tickets each panel gets."""
    panels = lottery.panels.astype(np.float64)
    given = lottery.weights @ panels
    numbers = np.floor(lottery.weights * tickets + 1e-6).astype(np.int64)
    # What a kind lacks in places on tickets; below 0 where it has too many.
    lacks = given * tickets - numbers @ panels
    similar = panels / given @ panels.T
    own = np.diag(similar).copy()
    for _ in range(tickets - int(numbers.sum())):
        added = int(np.argmax(2 * (panels / given @ lacks) - own))
        numbers[added] += 1
        lacks -= panels[added]
    while True:
        worth = panels / given @ lacks
        # Putting the panel of the column in the place of the row's.
        gains = 2 * (worth[None, :] - worth[:, None]) - (own[None, :] + own[:, None] - 2 * similar)
        gains[numbers == 0] = -np.inf
        taken, added = divmod(int(np.argmax(gains)), len(numbers))
        if gains[taken, added] <= 1e-9:
            return numbers
        numbers[taken] -= 1
        numbers[added] += 1
        lacks += panels[taken] - panels[added]


def _seat(people: People, kind: Sequence[int], seats: int, on: Sequence[int], salt: str) -> list[int]:
    if seats == len(kind):
        return list(kind)

    def turn(place: int) -> tuple[int, bytes]:
        return on[place], hashlib.sha256(f"{salt}:{people.people[place].id}".encode()).digest()

    return sorted(kind, key=turn)[:seats]
