"""How members rank as seen by one of them: by the confirmations that lead there from their own.

After MeritRank (B. Nasrulin, G. Ishmaev, J. Pouwelse, "MeritRank: Sybil Tolerant Reputation for Merit-based
Tokenomics", BRAINS 2022, arXiv:2207.09950), which bounds what fake members are worth to whoever makes them,
instead of trying to tell them apart. There is no ranking for all: each is seen from somewhere, and a ring
that nobody whom you rely on has confirmed is not in yours.

`WALKS` walks start at the viewer. Each step goes from a member to one whose work they confirmed, as likely as
the points that they confirmed there weigh among all that they confirmed. Before each step a walk ends with
probability `ALPHA` (transitivity decay: who is far counts little), and it ends where somebody has confirmed
nobody. With visits(x) the walks that come by x, and through(x, y) those of them that came by y before::

    bridged(x)  if through(x, y) > BRIDGE * visits(x) for some y that is neither x nor the viewer
    score(x)  = visits(x) / WALKS * (1 - BETA if bridged(x) else 1)

The second factor is connectivity decay: of those who hang on one member alone, however many they are, most of
what the walks bring is taken. Older confirmations weigh less because they fade, which is the paper's epoch
decay. The walks are those of Python's Mersenne Twister from `seed`, so that anyone repeats them.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from backend.standing.graph import Confirmations

WALKS = 10_000
ALPHA = 0.15
BETA = 0.75
BRIDGE = 0.9


@dataclass(frozen=True)
class Seen:
    """`visits`: walks that came by. `bridge`: the member through whom nearly all of them came, if one."""

    member_id: int
    score: float
    visits: int
    bridge: int | None


@dataclass(frozen=True)
class Ranking:
    """The highest score first. Who is not in it is not reached from the viewer."""

    viewer: int
    seed: int
    seen: tuple[Seen, ...]


def ranking(confirmations: Confirmations, viewer: int, seed: int = 0) -> Ranking:
    """Without anybody for a viewer who has confirmed nobody."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret

    @cache
    def onward(member: int) -> tuple[list[int], list[int]]:
        given = confirmations.get(member, {})
        return list(given), list(accumulate(given.values()))

    visits: Counter[int] = Counter()
    through: Counter[tuple[int, int]] = Counter()
    for _ in range(WALKS):
        member, path = viewer, [viewer]
        while chance.random() >= ALPHA:
            members, weights = onward(member)
            if not members:
                break
            member = members[bisect_right(weights, chance.random() * weights[-1])]
            if member not in path:
                visits[member] += 1
                through.update((member, before) for before in path[1:])
                path.append(member)
    bridges: dict[int, int] = {}
    narrow = sorted(pair for pair, times in through.items() if times > BRIDGE * visits[pair[0]])
    for member, before in narrow:
        bridges.setdefault(member, before)
    seen = [
        Seen(member, number / WALKS * (1 - BETA if member in bridges else 1), number, bridges.get(member))
        for member, number in visits.items()
    ]
    return Ranking(viewer, seed, tuple(sorted(seen, key=lambda one: (-one.score, one.member_id))))
