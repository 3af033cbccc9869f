"""Fading in integers: constants against their derivation and source, scores against real numbers."""

import re
from decimal import Decimal, getcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.project.fading import FACTORS, POINT, Accumulator, Fading, exp2
from tests.backend.chains import NODE_MODULES

getcontext().prec = 60
DAY = 86_400
FADING = Fading(90 * DAY, 1_700_000_000)


def test_factors_are_those_of_the_contract_s_library():
    source = (NODE_MODULES / "@prb/math/src/Common.sol").read_text()
    body = source[source.index("function exp2") :]
    constants = re.findall(r"result = \(result \* (0x[0-9A-Fa-f]+)\) >> 64", body[: body.index("\n}\n")])
    assert [int(constant, 16) for constant in constants] == list(FACTORS)


@given(st.integers(0, 2**64 - 1))
def test_exp2_is_the_real_number_to_seventeen_digits(fraction):
    real = Decimal(2) ** (Decimal(fraction) / Decimal(2**64)) * 10**18
    assert abs(exp2(fraction) - real) <= 16
    assert 10**18 <= exp2(fraction) < 2 * 10**18


@given(
    st.lists(
        st.tuples(st.integers(0, 3_650 * DAY), st.integers(-200 * POINT, 200 * POINT).filter(bool)),
        min_size=1,
        max_size=12,
    ),
    st.integers(0, 400 * DAY),
)
def test_a_score_is_what_real_numbers_say_and_never_negative(changes, later):
    accumulator, real, last = Accumulator(), Decimal(0), 0
    for elapsed, amount in sorted(changes):
        real *= Decimal(2) ** (-Decimal(elapsed - last) / FADING.half_life)
        # As the contract does it: a penalty takes what there is at most.
        taken = max(amount, -FADING.score(accumulator, FADING.origin + elapsed))
        if taken:
            accumulator = FADING.changed(accumulator, taken, FADING.origin + elapsed)
        real, last = max(Decimal(0), real + taken), elapsed
    real *= Decimal(2) ** (-Decimal(later) / FADING.half_life)
    score = FADING.score(accumulator, FADING.origin + last + later)
    assert score >= 0
    assert abs(score - real) <= 2 * len(changes)


@pytest.mark.parametrize("half_lives", [0, 1, 2, 59, 60, 61, 200])
def test_a_score_halves_each_half_life_until_nothing_is_left(half_lives):
    accumulator = FADING.changed(Accumulator(), 100 * POINT, FADING.origin)
    t = FADING.origin + half_lives * FADING.half_life
    assert abs(FADING.score(accumulator, t) - (100 * POINT >> half_lives)) <= 1
    # A gain after a long time is exact again: the accumulator moves on to newer units.
    gained = FADING.changed(accumulator, 7 * POINT, t)
    assert abs(FADING.score(gained, t) - (100 * POINT >> half_lives) - 7 * POINT) <= 1
