"""Who confirmed how much of whose work, as it counts now.

A confirmation fades like the score that it made: `amount * 2^-(age / half-life)`, rounded down to whole
micro-points, so that sums do not depend on the order in which they are added up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Given(NamedTuple):
    """One confirmation: micro-points that `member` gained on the word of `confirmer`; `at` is in seconds."""

    confirmer: int
    member: int
    amount: int
    at: int


# What each confirmer's word gave each member, micro-points: by confirmer, then by member.
Confirmations = Mapping[int, Mapping[int, int]]


def faded(given: Iterable[Given], now: int, half_life: int) -> Confirmations:
    """The confirmations as they count at `now`; those that have faded away are left out."""
    sums: defaultdict[int, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one in given:
        left = int(one.amount * 2.0 ** ((one.at - now) / half_life))
        if left > 0 and one.confirmer != one.member:
            sums[one.confirmer][one.member] += left
    return {confirmer: dict(sorted(sums[confirmer].items())) for confirmer in sorted(sums)}


def received(confirmations: Confirmations) -> dict[int, dict[int, int]]:
    """The same, by member and then by confirmer."""
    sums: dict[int, dict[int, int]] = {}
    for confirmer, given in confirmations.items():
        for member, amount in given.items():
            sums.setdefault(member, {})[confirmer] = amount
    return sums
