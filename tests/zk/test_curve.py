"""The fast subgroup check says what the definition says, also of points that are nearly in the group."""

from __future__ import annotations

import random

import pytest
from py_ecc import optimized_bn128 as bn

from zk import _curve
from zk._backends import reference
from zk._curve import BN_X, Q, fp2_mul, fp2_square, has_order_r, in_g2, on_g1, on_twist
from zk._field import R
from zk.keys import verification_key

COFACTOR = 2 * Q - R
SMALLEST_FACTOR = 10069


def square_root(a):
    """In Q², where Q is 3 modulo 4; None for the half that has none."""
    norm = pow(a[0] * a[0] + a[1] * a[1], (Q + 1) // 4, Q)
    if (norm * norm - a[0] * a[0] - a[1] * a[1]) % Q:
        return None
    for root in (norm, -norm):
        half = (a[0] + root) * pow(2, -1, Q) % Q
        x = pow(half, (Q + 1) // 4, Q)
        if x and x * x % Q == half:
            return x, a[1] * pow(2 * x, -1, Q) % Q
    return None


def point_of_twist(seed):
    rng = random.Random(seed)
    while True:
        x = rng.randrange(Q), rng.randrange(Q)
        cube = fp2_mul(fp2_square(x), x)
        y = square_root(tuple((c + b) % Q for c, b in zip(cube, _curve._TWIST_B, strict=True)))
        if y:
            return x, y


def times(point, scalar):
    x, y = bn.normalize(bn.multiply((bn.FQ2(point[0]), bn.FQ2(point[1]), bn.FQ2.one()), scalar))
    return tuple(map(int, x.coeffs)), tuple(map(int, y.coeffs))


def test_parameters_are_those_of_the_curve():
    x = BN_X
    assert 36 * x**4 + 36 * x**3 + 24 * x**2 + 6 * x + 1 == Q
    assert 36 * x**4 + 36 * x**3 + 18 * x**2 + 6 * x + 1 == R
    assert (bn.field_modulus, bn.curve_order) == (Q, R)
    assert tuple(map(int, bn.b2.coeffs)) == _curve._TWIST_B
    assert COFACTOR % SMALLEST_FACTOR == 0


@pytest.mark.parametrize("seed", range(5))
def test_points_of_the_twist_outside_the_group_are_told(seed):
    point = point_of_twist(seed)
    assert on_twist(point)
    assert not in_g2(point)
    assert not has_order_r(point)


def test_points_of_small_order_and_sums_with_them_are_told():
    point = point_of_twist(1)
    small = times(point, R * COFACTOR // SMALLEST_FACTOR)
    assert on_twist(small)
    assert not in_g2(small)
    member = times(point, COFACTOR)
    both = times(point, R * COFACTOR // SMALLEST_FACTOR + COFACTOR)
    assert in_g2(member)
    assert has_order_r(member)
    assert on_twist(both)
    assert not in_g2(both)
    assert not has_order_r(both)


def test_every_pinned_key_consists_of_points_of_the_groups():
    for depth in range(1, 33):
        key = verification_key(depth)
        assert all(on_g1(point) for point in (key.alpha, *key.ic))
        assert all(on_twist(point) and in_g2(point) for point in (key.beta, key.gamma, key.delta))


def test_points_off_the_curves_are_told():
    assert on_g1((1, 2))
    assert not on_g1((1, 3))
    key = verification_key(1)
    x, (y0, y1) = key.delta
    assert not on_twist((x, (y0, y1 + 1)))
    assert not on_twist((x, (y0 + 1, y1)))


def test_the_reference_pairs_as_py_ecc_does():
    """Up to what the final exponentiation removes, and with the squarings shared."""
    pairs = [(times_of_key(2), bn.multiply(bn.G1, 3)), (times_of_key(5), bn.multiply(bn.G1, 7))]
    expected = bn.FQ12.one()
    for g2, g1 in pairs:
        expected *= bn.pairing((bn.FQ2(g2[0]), bn.FQ2(g2[1]), bn.FQ2.one()), g1)
    assert reference._final_exponentiation(reference.miller(pairs)) == expected


def times_of_key(scalar):
    return times(verification_key(1).gamma, scalar)
