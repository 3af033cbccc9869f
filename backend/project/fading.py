"""How reputation fades, in the integers of contracts/reputation/IReputation.sol.

A score halves every half-life. What was gained is stored once, in units that grow as time goes on: an
accumulator is (mantissa, base), and its score at T is `(mantissa >> (k(T) - base)) / E(T)`, where k counts
whole half-lives since the origin and E(T) = 2^(the rest) in 1e-18. The exponential is PRBMath's `exp2` on
192.64-bit fixed point: one factor 2^(2^-i), rounded to 64 binary places, for each bit of the fraction. With
the same integers the node's scores equal the contract's to the last micro-point.
"""

from __future__ import annotations

from math import isqrt
from typing import NamedTuple

POINT = 1_000_000
REBASE_AFTER = 60

_UNIT = 10**18
_PLACES = 64


def _factors() -> tuple[int, ...]:
    """2^(2^-i) for i from 1 to 64, rounded to 64 binary places; by repeated square roots to 400 places."""
    precision = 400
    value, factors = 2 << precision, []
    for _ in range(_PLACES):
        value = isqrt(value << precision)
        factors.append((value + (1 << (precision - _PLACES - 1))) >> (precision - _PLACES))
    return tuple(factors)


FACTORS = _factors()


def exp2(fraction: int) -> int:
    """2^(fraction / 2^64) in 1e-18, for 0 <= fraction < 2^64; the result is at least 1e18, below 2e18."""
    result = 1 << 191
    for place, factor in enumerate(FACTORS, 1):
        if fraction >> (_PLACES - place) & 1:
            result = result * factor >> _PLACES
    return result * _UNIT >> 191


class Accumulator(NamedTuple):
    mantissa: int = 0
    base: int = 0


class Fading(NamedTuple):
    """`half_life` in seconds, `origin` in seconds since 1970."""

    half_life: int
    origin: int

    def position(self, t: int) -> tuple[int, int]:
        """Whole half-lives since the origin, and 2^(the rest) in 1e-18."""
        elapsed = t - self.origin
        return elapsed // self.half_life, exp2(((elapsed % self.half_life) << _PLACES) // self.half_life)

    def changed(self, accumulator: Accumulator, amount: int, t: int) -> Accumulator:
        """After a gain (or, below 0, a loss) of `amount` micro-points at `t`."""
        half_lives, factor = self.position(t)
        mantissa, base = accumulator
        if mantissa == 0:
            base = half_lives
        elif half_lives - base > REBASE_AFTER:
            mantissa >>= half_lives - base
            base = half_lives
        step = (abs(amount) * factor) << (half_lives - base)
        return Accumulator(mantissa + step if amount > 0 else max(0, mantissa - step), base)

    def score(self, accumulator: Accumulator, t: int) -> int:
        """Micro-points at `t`, rounded down."""
        if accumulator.mantissa == 0:
            return 0
        half_lives, factor = self.position(t)
        return (accumulator.mantissa >> (half_lives - accumulator.base)) // factor
