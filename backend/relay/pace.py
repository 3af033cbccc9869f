"""How much a member may ask for: so many items a minute, with some in hand."""

from __future__ import annotations

import time
from collections.abc import Hashable


class Allowance:
    """A token bucket for each key. `per_minute` is both the rate and what a full bucket holds."""

    KEPT = 10_000

    def __init__(self, per_minute: int) -> None:
        self._most = float(per_minute)
        self._rate = per_minute / 60
        self._buckets: dict[Hashable, tuple[float, float]] = {}

    def take(self, key: Hashable) -> float | None:
        """Takes one; None if there was one, else the seconds until there is."""
        now = time.monotonic()
        left, at = self._buckets.pop(key, (self._most, now))
        left = min(self._most, left + (now - at) * self._rate)
        if len(self._buckets) >= self.KEPT:
            # The longest unused comes first: it is as full as a new one, or nearly.
            del self._buckets[next(iter(self._buckets))]
        if left < 1:
            self._buckets[key] = (left, now)
            return (1 - left) / self._rate
        self._buckets[key] = (left - 1, now)
        return None
