"""BabyJubJub (EIP-2494), the twisted Edwards curve a x**2 + y**2 = 1 + d x**2 y**2 over BN254's scalar field.

Circuits over BN254 compute on it cheaply. It has 8 L points, L prime; keys live in the subgroup of order L
that `BASE8` generates. As a is a square and d is none, one formula adds any two points (Bernstein, Birkner,
Joye, Lange, Peters: "Twisted Edwards Curves", 2008). Nothing here runs in constant time.
"""

from __future__ import annotations

from typing import NamedTuple

from zk._field import R, is_element


class Point(NamedTuple):
    x: int
    y: int


A = 168700
D = 168696
L = 2736030358979909402780800718157159386076813972158567259200215660948447373041
COFACTOR = 8
NEUTRAL = Point(0, 1)
BASE8 = Point(
    5299619240641551281634865583518297030282874472190772894086521144482721001553,
    16950150798460657717958625567821834550301663161624707787222815936182638968203,
)

_Projective = tuple[int, int, int]


def is_on_curve(point: tuple[int, int]) -> bool:
    x, y = point
    if not (is_element(x) and is_element(y)):
        return False
    xx, yy = x * x, y * y
    return (A * xx + yy - 1 - D * xx * yy) % R == 0


def is_in_subgroup(point: tuple[int, int]) -> bool:
    """Whether it is a multiple of `BASE8`; the neutral element is one too."""
    return is_on_curve(point) and multiply(point, L) == NEUTRAL


def add(left: tuple[int, int], right: tuple[int, int]) -> Point:
    return _affine(_add((*left, 1), (*right, 1)))


def multiply(point: tuple[int, int], scalar: int) -> Point:
    """Of a point on the curve, with a scalar from 0 on."""
    total, power = (0, 1, 1), (*point, 1)
    while scalar:
        if scalar & 1:
            total = _add(total, power)
        power = _add(power, power)
        scalar >>= 1
    return _affine(total)


def _add(left: _Projective, right: _Projective) -> _Projective:
    (x1, y1, z1), (x2, y2, z2) = left, right
    z, x, y = z1 * z2 % R, x1 * x2 % R, y1 * y2 % R
    zz, cross = z * z, D * x % R * y
    less, more = (zz - cross) % R, (zz + cross) % R
    mixed = (x1 + y1) * (x2 + y2) - x - y
    return z * less % R * mixed % R, z * more % R * (y - A * x) % R, less * more % R


def _affine(point: _Projective) -> Point:
    x, y, z = point
    inverse = pow(z, -1, R)
    return Point(x * inverse % R, y * inverse % R)
