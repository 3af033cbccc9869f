"""Groth16's equation on zksnake's arithmetic, which is arkworks' Rust.

zksnake takes a number for the residue it stands for, and ends a computation on a point that it should not
have been given by a Rust panic: an exception that derives from BaseException, so that `except Exception` lets
it through. It therefore gets numbers in range and points on the curve only, B goes in through the decoder,
which tells bad points by an ordinary error, and what panics all the same becomes `BackendFailed`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

from zk._backends import Equation, key_terms
from zk._curve import G1, G2, Q
from zk.errors import BackendFailed, PointOutsideSubgroup

bn = import_module("zksnake._algebra").ec_bn254

_NEGATIVE = 1 << 255


class Native:
    name = "native"

    def prepare(self, a: G1, b: G2, c: G1) -> Any:
        with _panics_as_errors():
            return _g1(a), _g2(b), _g1(c)

    def hold(self, equations: Sequence[Equation], coefficients: Sequence[int]) -> bool:
        with _panics_as_errors():
            return self._hold(equations, coefficients)

    def _hold(self, equations: Sequence[Equation], coefficients: Sequence[int]) -> bool:
        left: list[Any] = []
        right: list[Any] = []
        sums: dict[G2, tuple[list[Any], list[int]]] = {}
        for (key, (a, b, c), _), coefficient in zip(equations, coefficients, strict=True):
            left.append(-(a * coefficient))
            right.append(b)
            _append(sums, key.delta, c, coefficient)
        for g2, terms in key_terms(equations, coefficients).items():
            for point, coefficient in terms.items():
                _append(sums, g2, _key_g1(point), coefficient)
        for g2, (points, scalars) in sums.items():
            left.append(bn.multiscalar_mul_g1(points, scalars))
            right.append(_key_g2(g2))
        return bool(bn.multi_pairing(left, right) == bn.multi_pairing([], []))


def _append(sums: dict[G2, tuple[list[Any], list[int]]], g2: G2, point: Any, scalar: int) -> None:
    points, scalars = sums.setdefault(g2, ([], []))
    points.append(point)
    scalars.append(scalar)


def _g1(point: G1) -> Any:
    return bn.PointG1(*point)


def _g2(point: G2) -> Any:
    """A point of the twist, decoded from arkworks' compressed form: x, and in the top bit whether y is the
    larger of its two values, by its second coefficient first."""
    (x0, x1), (y0, y1) = point
    larger = (y1, y0) > (-y1 % Q, -y0 % Q)
    try:
        decoded = bn.PointG2.from_bytes((x0 | (x1 | larger * _NEGATIVE) << 256).to_bytes(64, "little"))
    except ValueError as error:
        raise PointOutsideSubgroup("B") from error
    if (tuple(decoded.x), tuple(decoded.y)) != point:
        raise BackendFailed("native", "zksnake decoded another point than it was given")
    return decoded


_key_g1 = cache(_g1)
_key_g2 = cache(_g2)


@contextmanager
def _panics_as_errors() -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise BackendFailed("native", f"zksnake panicked: {error}") from error
