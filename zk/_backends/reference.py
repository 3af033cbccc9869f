"""Groth16's equation on py-ecc, the Python library that Ethereum's specifications are written with.

py-ecc raises each pairing to (Q¹² - 1)/R bit by bit. Here the Miller loops' product is raised once, in two
parts: (Q⁶ - 1)(Q² + 1) needs no more than conjugation, a division and the Frobenius map, and only (Q⁴ - Q² +
1)/R is left for squaring and multiplying (Scott, Benger, Charlemagne, Perez, Kachisa: "On the final
exponentiation", 2008/490 on eprint). alpha and beta are the same for every key, and their Miller loop is run
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from py_ecc.fields import optimized_bn128_FQ as FQ
from py_ecc.fields import optimized_bn128_FQ2 as FQ2
from py_ecc.fields import optimized_bn128_FQ12 as FQ12
from py_ecc.optimized_bn128.optimized_curve import add, is_inf, multiply, neg
from py_ecc.optimized_bn128.optimized_pairing import pairing

from zk._backends import Equation, key_terms
from zk._curve import G1, G2, Q, in_g2
from zk._field import R
from zk.errors import PointOutsideSubgroup

_HARD_PART = (Q**4 - Q**2 + 1) // R
_Prepared = tuple["_Point1", "_Point2", "_Point1"]
_Point1 = tuple[FQ, FQ, FQ]
_Point2 = tuple[FQ2, FQ2, FQ2]


class Reference:
    name = "reference"

    def prepare(self, a: G1, b: G2, c: G1) -> _Prepared:
        if not in_g2(b):
            raise PointOutsideSubgroup("B")
        return _g1(a), _g2(b), _g1(c)

    def hold(self, equations: Sequence[Equation], coefficients: Sequence[int]) -> bool:
        product = FQ12.one()
        sums: dict[G2, _Point1] = {}
        for (key, (a, b, c), _), coefficient in zip(equations, coefficients, strict=True):
            product *= _miller(b, neg(multiply(a, coefficient)))
            _accumulate(sums, key.delta, multiply(c, coefficient))
        for g2, terms in key_terms(equations, coefficients).items():
            if len(terms) == 1:
                ((point, coefficient),) = terms.items()
                product *= _miller_of_key(point, g2) ** coefficient
                continue
            for point, coefficient in terms.items():
                _accumulate(sums, g2, multiply(_g1(point), coefficient))
        for g2, total in sums.items():
            product *= _miller(_g2(g2), total)
        return bool(_final_exponentiation(product) == FQ12.one())


def _accumulate(sums: dict[G2, _Point1], g2: G2, point: _Point1) -> None:
    sums[g2] = add(sums[g2], point) if g2 in sums else point


def _g1(point: G1) -> _Point1:
    return FQ(point[0]), FQ(point[1]), FQ(1)


def _g2(point: G2) -> _Point2:
    return FQ2(point[0]), FQ2(point[1]), FQ2.one()


def _miller(g2: _Point2, g1: _Point1) -> FQ12:
    if is_inf(g1):
        return FQ12.one()
    return pairing(g2, g1, final_exponentiate=False)


@cache
def _miller_of_key(g1: G1, g2: G2) -> FQ12:
    return _miller(_g2(g2), _g1(g1))


def _final_exponentiation(value: FQ12) -> FQ12:
    value = _conjugate(value) / value
    value = _frobenius_squared(value) * value
    return value**_HARD_PART


def _conjugate(value: FQ12) -> FQ12:
    """value to the power Q⁶: w, of which py-ecc's coefficients are those of 1, w, w² ..., becomes -w."""
    return FQ12([-c if i % 2 else c for i, c in enumerate(value.coeffs)])


@cache
def _root_of_unity() -> int:
    """w to the power Q² - 1; w⁶ is 9 + i, so it is the norm of 9 + i to the power (Q - 1)/6."""
    return pow(82, (Q - 1) // 6, Q)


def _frobenius_squared(value: FQ12) -> FQ12:
    root = _root_of_unity()
    return FQ12([int(c) * pow(root, i, Q) % Q for i, c in enumerate(value.coeffs)])
