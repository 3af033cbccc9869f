"""BabyJubJub's parameters come out of their definition, and its formula is the group law."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from zk._babyjubjub import (
    BASE8,
    COFACTOR,
    NEUTRAL,
    A,
    D,
    L,
    Point,
    add,
    is_in_subgroup,
    is_on_curve,
    multiply,
)
from zk._field import R

# EIP-2494: the Montgomery curve's coefficient, and the point of order 8 L that BASE8 comes from.
MONTGOMERY_A = 168698
GENERATOR = Point(
    995203441582195749578291179787384436505546430278305826713579947235728471134,
    5472060717959818805561601436314318772137091100104008585924551046643952123905,
)
scalars = st.integers(0, 8 * L)


def is_square(value: int) -> bool:
    return pow(value, (R - 1) // 2, R) == 1


def is_probably_prime(number: int) -> bool:
    return all(pow(base, number - 1, number) == 1 for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37))


def test_the_coefficients_are_those_of_the_montgomery_curve():
    assert (A, D) == (MONTGOMERY_A + 2, MONTGOMERY_A - 2)
    assert is_square(A)
    assert not is_square(D)


def test_the_base_is_eight_times_the_generator_and_has_order_l():
    assert is_probably_prime(L)
    assert is_probably_prime(R)
    assert is_on_curve(GENERATOR)
    assert multiply(GENERATOR, COFACTOR) == BASE8
    assert multiply(BASE8, L) == NEUTRAL != BASE8
    # Hasse's bound leaves one multiple of L for the number of points.
    assert abs(COFACTOR * L - (R + 1)) <= 2 * (1 << 127)


def test_the_generator_is_the_first_point_found_from_the_montgomery_side():
    # v**2 = u**3 + A u**2 + u at u = 7, taken over to the Edwards curve by x = u / v, y = (u - 1) / (u + 1).
    u = 7
    square = (u**3 + MONTGOMERY_A * u**2 + u) % R
    assert is_square(square)
    x, y = GENERATOR
    assert y == (u - 1) * pow(u + 1, -1, R) % R
    v = u * pow(x, -1, R) % R
    assert v * v % R == square


@settings(max_examples=20, deadline=None)
@given(scalars, scalars)
def test_multiplying_is_adding(m, n):
    assert add(multiply(GENERATOR, m), multiply(GENERATOR, n)) == multiply(GENERATOR, m + n)
    assert add(multiply(GENERATOR, m), NEUTRAL) == multiply(GENERATOR, m)


@settings(max_examples=20, deadline=None)
@given(scalars)
def test_every_multiple_is_on_the_curve_and_its_negative_undoes_it(n):
    point = multiply(GENERATOR, n)
    assert is_on_curve(point)
    assert add(point, (-point.x % R, point.y)) == NEUTRAL


@settings(max_examples=15, deadline=None)
@given(scalars)
def test_a_point_is_in_the_subgroup_if_it_is_a_multiple_of_the_base(n):
    assert is_in_subgroup(multiply(GENERATOR, n)) == (n % COFACTOR == 0)


def test_points_off_the_curve_and_aliases_are_no_points():
    x, y = BASE8
    for point in ((x + R, y), (x, y + R), (x - R, y), (x + 1, y), (y, x), (0, 0), (1, 1), (True, 0)):
        assert not is_on_curve(point)
        assert not is_in_subgroup(point)
