"""How the voices of a topic gather, were everybody to leave a vote to their delegates.

Each member has one voice. It goes to who ends their chain; voices on cycles, on chains that are too long and
on chains that end with somebody inactive go to nobody. The Gini coefficient is that of the voices in all
active members' hands, also of those who have given theirs away: 0 where everybody speaks for themselves, near
1 where one speaks for all::

    G = 2 (sum of i x_i) / (n sum of x_i) - (n + 1) / n        x_1 <= ... <= x_n
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from backend.delegation.chains import chains


@dataclass(frozen=True)
class Concentration:
    """`members`: the active ones; `heard`: how many of their voices reach an active member; `delegates`: how
    many speak for others too. `largest_share` is of the voices heard. `majority`: how few members hold more
    than half of them together; 0 where no voice is heard.
    """

    members: int
    heard: int
    delegates: int
    largest_share: float
    gini: float
    majority: int


def weights(delegates: Mapping[int, int], active: Collection[int]) -> dict[int, int]:
    """How many voices each active member has who has any, their own included."""
    ends = chains(delegates)
    held = Counter(ends[member].end if member in ends else member for member in active)
    return {member: voices for member, voices in held.items() if member in active}


def concentration(held: Mapping[int, int], members: int) -> Concentration:
    """From what `weights` says, and the number of active members."""
    ascending = sorted(held.values())
    heard, silent = sum(ascending), members - len(ascending)
    if not heard:
        return Concentration(members, 0, 0, 0.0, 0.0, 0)
    ranked = sum((silent + place) * voices for place, voices in enumerate(ascending, start=1))
    return Concentration(
        members=members,
        heard=heard,
        delegates=sum(voices > 1 for voices in ascending),
        largest_share=ascending[-1] / heard,
        gini=2 * ranked / (members * heard) - (members + 1) / members,
        majority=_majority(ascending, heard),
    )


def _majority(ascending: list[int], heard: int) -> int:
    together = 0
    for count, voices in enumerate(reversed(ascending), start=1):
        together += voices
        if 2 * together > heard:
            return count
    raise AssertionError("all voices together are more than half of them")
