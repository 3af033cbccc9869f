"""What computes pairings: py-ecc, written in Python and read by many, or zksnake's Rust where it is
installed.

Both answer the same questions in the same way, and only about points that `zk.verify` has found to have
coordinates in range and to lie on their curves. `native` is taken when it is there; a caller may name either.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any, NamedTuple, Protocol

from zk._curve import G1, G2
from zk._field import R
from zk.errors import BackendFailed
from zk.keys import VerificationKey


class Equation(NamedTuple):
    """e(a, b) = e(alpha, beta) · e(ic[0] + signals · ic[1..], gamma) · e(c, delta), with `points` as
    prepared."""

    key: VerificationKey
    points: Any
    signals: tuple[int, int, int, int]


def key_terms(equations: Sequence[Equation], coefficients: Sequence[int]) -> dict[G2, dict[G1, int]]:
    """The keys' part of the equations' product: for each point of G2, points of G1 with what they are
    multiplied by.

    Proofs under one key share all of these points, so a batch costs little more than its own points.
    """
    terms: dict[G2, dict[G1, int]] = {}
    for (key, _, signals), coefficient in zip(equations, coefficients, strict=True):
        beta, gamma = terms.setdefault(key.beta, {}), terms.setdefault(key.gamma, {})
        beta[key.alpha] = (beta.get(key.alpha, 0) + coefficient) % R
        for point, signal in zip(key.ic, (1, *signals), strict=True):
            gamma[point] = (gamma.get(point, 0) + coefficient * signal) % R
    return terms


class Backend(Protocol):
    name: str

    def prepare(self, a: G1, b: G2, c: G1) -> Any:
        """Points of the curves in the backend's form; `PointOutsideSubgroup` if `b` does not belong to G2."""

    def hold(self, equations: Sequence[Equation], coefficients: Sequence[int]) -> bool:
        """Whether the product of all equations, each to its coefficient's power, holds."""


NAMES = ("native", "reference")


@cache
def choose(name: str | None = None) -> Backend:
    """The backend of that name, or the fastest installed; `BackendFailed` if it is unknown or not
    installed."""
    if name is None:
        name = "native" if find_spec("zksnake") else "reference"
    if name == "native":
        try:
            from zk._backends.native import Native
        except ImportError as error:
            raise BackendFailed("native", "zksnake is not installed (the extra `native` has it)") from error
        return Native()
    if name == "reference":
        # Importing py-ecc sets Python's recursion limit to 100,000. Deep input to any parser of the process
        # would then overrun the stack instead of raising RecursionError.
        limit = sys.getrecursionlimit()
        from zk._backends.reference import Reference

        sys.setrecursionlimit(limit)
        return Reference()
    raise BackendFailed(name, f"no such backend; there are {', '.join(NAMES)}")
