"""Groth16's equation on py-ecc, the Python library that Ethereum's specifications are written with.

py-ecc raises each pairing to (Q¹² - 1)/R bit by bit. Here the Miller loops' product is raised once, in two
parts: (Q⁶ - 1)(Q² + 1) needs no more than conjugation, a division and the Frobenius map, and only (Q⁴ - Q² +
1)/R is left for squaring and multiplying (Scott, Benger, Charlemagne, Perez, Kachisa: "On the final
exponentiation", 2008/490 on eprint). alpha and beta are the same for every key, and their Miller loop is run
once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from py_ecc.fields import optimized_bn128_FQ as FQ
from py_ecc.fields import optimized_bn128_FQ2 as FQ2
from py_ecc.fields import optimized_bn128_FQ12 as FQ12
from py_ecc.optimized_bn128.optimized_curve import add, double, is_inf, multiply, neg, twist
from py_ecc.optimized_bn128.optimized_pairing import cast_point_to_fq12, linefunc, pseudo_binary_encoding

from zk._backends import Equation, key_terms
from zk._curve import G1, G2, Q, frobenius, in_g2
from zk._field import R
from zk.errors import PointOutsideSubgroup

_HARD_PART = (Q**4 - Q**2 + 1) // R
_Point1 = tuple[FQ, FQ, FQ]
_Prepared = tuple[_Point1, G2, _Point1]


class Reference:
    name = "reference"

    def prepare(self, a: G1, b: G2, c: G1) -> _Prepared:
        if not in_g2(b):
            raise PointOutsideSubgroup("B")
        return _g1(a), b, _g1(c)

    def hold(self, equations: Sequence[Equation], coefficients: Sequence[int]) -> bool:
        product = FQ12.one()
        pairs: list[tuple[G2, _Point1]] = []
        sums: dict[G2, _Point1] = {}
        for (key, (a, b, c), _), coefficient in zip(equations, coefficients, strict=True):
            pairs.append((b, neg(multiply(a, coefficient))))
            _accumulate(sums, key.delta, multiply(c, coefficient))
        for g2, terms in key_terms(equations, coefficients).items():
            if len(terms) == 1:
                ((point, coefficient),) = terms.items()
                product *= _miller_of_key(g2, point) ** coefficient
                continue
            for point, coefficient in terms.items():
                _accumulate(sums, g2, multiply(_g1(point), coefficient))
        pairs.extend(sums.items())
        return bool(_final_exponentiation(product * miller(pairs)) == FQ12.one())


def _accumulate(sums: dict[G2, _Point1], g2: G2, point: _Point1) -> None:
    sums[g2] = add(sums[g2], point) if g2 in sums else point


def _g1(point: G1) -> _Point1:
    return FQ(point[0]), FQ(point[1]), FQ(1)


def miller(pairs: Iterable[tuple[G2, _Point1]]) -> FQ12:
    """The product of py-ecc's Miller loops over all pairs, which share the squarings.

    After the loop come the lines through Q's images under Frobenius. py-ecc raises each coordinate to the
    power of the prime for them; on the twist, where `frobenius` works, that is a conjugation and a
    multiplication.
    """
    lines = [_Line(g2, g1) for g2, g1 in pairs if not is_inf(g1)]
    numerator = denominator = FQ12.one()
    for digit in pseudo_binary_encoding[63::-1]:
        numerator, denominator = numerator * numerator, denominator * denominator
        for line in lines:
            for n, d in line.step(digit):
                numerator, denominator = numerator * n, denominator * d
    for line in lines:
        for n, d in line.last():
            numerator, denominator = numerator * n, denominator * d
    return numerator / denominator


class _Line:
    """Where the loop over one pair has come to."""

    def __init__(self, g2: G2, g1: _Point1) -> None:
        self._at = cast_point_to_fq12(g1)
        self._q = self._r = _twisted(g2)
        once = frobenius(g2)
        self._images = _twisted(once), neg(_twisted(frobenius(once)))

    def step(self, digit: int) -> Iterator[tuple[FQ12, FQ12]]:
        yield linefunc(self._r, self._r, self._at)
        self._r = double(self._r)
        if digit:
            q = self._q if digit == 1 else neg(self._q)
            yield linefunc(self._r, q, self._at)
            self._r = add(self._r, q)

    def last(self) -> Iterator[tuple[FQ12, FQ12]]:
        first, second = self._images
        yield linefunc(self._r, first, self._at)
        yield linefunc(add(self._r, first), second, self._at)


def _twisted(point: G2) -> tuple[FQ12, FQ12, FQ12]:
    return twist((FQ2(point[0]), FQ2(point[1]), FQ2.one()))


@cache
def _miller_of_key(g2: G2, g1: G1) -> FQ12:
    return miller([(g2, _g1(g1))])


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
