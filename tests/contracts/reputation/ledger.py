"""Two readings of the same ledger: the contract's integers, step by step, and exact arithmetic.

`Accumulator` is the formula of `contracts/reputation/IReputation.sol`, written down a second time. `exact` is
what it stands for: the sum of amount * 2^-((T - t) / h), to 80 digits.
"""

from decimal import Decimal, localcontext

DIGITS = 80
UNIT = 10**18
REBASE_AFTER = 60


def _factors():
    """2^(1/2), 2^(1/4), ... 2^(2^-64) in 64 binary places, rounded."""
    with localcontext() as context:
        context.prec = DIGITS
        root, factors = Decimal(2), []
        for _ in range(64):
            root = root.sqrt()
            factors.append(int((root * 2**64).to_integral_value()))
    return factors


FACTORS = _factors()


def exp2(x):
    """2^(x / 2^64) in 1e-18, for 0 <= x < 2^64, as PRBMath works it out."""
    result = 1 << 191
    for i, factor in enumerate(FACTORS):
        if x >> (63 - i) & 1:
            result = (result * factor) >> 64
    return (result * UNIT) >> 191


class Accumulator:
    """What one topic, or the total, of one member holds."""

    def __init__(self, origin, half_life):
        self.origin, self.half_life = origin, half_life
        self.mantissa = self.base = 0

    def position(self, t):
        half_lives, rest = divmod(t - self.origin, self.half_life)
        return half_lives, exp2((rest << 64) // self.half_life)

    def change(self, t, amount):
        """Add `amount` (micro-points, negative for a penalty) at time `t`."""
        half_lives, factor = self.position(t)
        if self.mantissa == 0:
            self.base = half_lives
        elif half_lives - self.base > REBASE_AFTER:
            self.mantissa >>= half_lives - self.base
            self.base = half_lives
        step = (abs(amount) * factor) << (half_lives - self.base)
        self.mantissa = self.mantissa + step if amount > 0 else max(0, self.mantissa - step)
        assert self.mantissa < 2**192
        assert self.base < 2**16

    def score(self, t):
        half_lives, factor = self.position(t)
        return (self.mantissa >> max(0, half_lives - self.base)) // factor


def exact(entries, t, half_life):
    """The score at `t` of a ledger of (time, amount) entries, as a real number."""
    with localcontext() as context:
        context.prec = DIGITS
        score = Decimal(0)
        for at, amount in entries:
            if at <= t:
                score += amount * Decimal(2) ** (-Decimal(t - at) / half_life)
        return score
