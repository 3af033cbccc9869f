"""Poseidon over BN254's scalar field, with circomlib's parameters: x**5, 8 full rounds, 1 to 16 inputs.

Grassi, Khovratovich, Rechberger, Roy, Schofnegger: "Poseidon: A New Hash Function for Zero-Knowledge Proof
Systems" (eprint 2019/458). The permutation works on t elements, a capacity of 0 and then the inputs; the hash
is the first of them afterwards. No table of constants is kept here: they come out of the paper's Grain LFSR
(its appendix E) when a width is first used, in some milliseconds, and tests hold them to the tables others
publish.

Three implementations give the same answer, and `poseidon` takes the fastest that is installed: light-poseidon
(Rust, up to 12 inputs), this file's on gmpy2's integers, this file's on Python's. None of them runs in
constant time: whoever shares the machine may learn something about a secret that is hashed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, reduce
from importlib import import_module
from importlib.util import find_spec
from itertools import chain, islice
from operator import add, mul, xor
from typing import NamedTuple

from zk._field import R, require_element
from zk.errors import InputCount

Hash = Callable[[Sequence[int]], int]

MAX_INPUTS = 16
_FULL_ROUNDS = 8
# By the number of inputs, from 1 on (circomlib's, for 128 bits of security).
_PARTIAL_ROUNDS = (56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68)

_BITS = R.bit_length()
_GRAIN_BITS = 80
_GRAIN_TAPS = (62, 51, 38, 23, 13, 0)
_GRAIN_WARM_UP = 160
_LIGHT_MAX_INPUTS = 12


def poseidon(inputs: Sequence[int]) -> int:
    """The hash of 1 to 16 field elements. Raises `OutOfRange` and `InputCount`."""
    if not 1 <= len(inputs) <= MAX_INPUTS:
        raise InputCount(len(inputs), MAX_INPUTS)
    return fastest(len(inputs))([require_element("Poseidon input", value) for value in inputs])


@cache
def fastest(inputs: int) -> Hash:
    """The hash of so many inputs, which it takes for what `poseidon` has checked."""
    return next(
        implementation(inputs)
        for name, implementation in IMPLEMENTATIONS.items()
        if name in installed(inputs)
    )


@cache
def installed(inputs: int) -> tuple[str, ...]:
    """Names in `IMPLEMENTATIONS` that this machine has for so many inputs, the fastest first."""
    found = ["python"]
    if find_spec("gmpy2"):
        found.insert(0, "gmpy2")
    if inputs <= _LIGHT_MAX_INPUTS and find_spec("light_poseidon_python"):
        found.insert(0, "light-poseidon")
    return tuple(found)


def _python(inputs: int) -> Hash:
    return _permuting(parameters(inputs), R)


def _gmpy2(inputs: int) -> Hash:
    mpz = import_module("gmpy2").mpz
    plain = parameters(inputs)
    numbers = Parameters(*([[mpz(number) for number in row] for row in table] for table in plain))
    permuting = _permuting(numbers, mpz(R))
    return lambda values: int(permuting(values))


def _light_poseidon(inputs: int) -> Hash:
    hash_bytes = import_module("light_poseidon_python").Hasher(inputs).hash_bytes_be
    # Lists of small numbers cross over faster than bytes, which it takes apart one by one as well.
    return lambda values: int(hash_bytes([list(value.to_bytes(32, "big")) for value in values]), 16)


IMPLEMENTATIONS: dict[str, Callable[[int], Hash]] = {
    "light-poseidon": _light_poseidon,
    "gmpy2": _gmpy2,
    "python": _python,
}


# The permutation, as in the paper's figure 2


class Parameters(NamedTuple):
    """`constants` holds a row for each round, added before it; `matrix` mixes after it."""

    constants: list[list[int]]
    matrix: list[list[int]]


def _permuting(parameters: Parameters, modulus: int) -> Hash:
    """`modulus` is R as the kind of integer to count with, like all of `parameters`."""
    constants, matrix = parameters
    first, *later = constants
    partial = range(_FULL_ROUNDS // 2, len(constants) - _FULL_ROUNDS // 2)
    # Each round ends by adding the next one's constants, and no round follows the last.
    rounds = [
        (1 if number in partial else len(first), list(zip(matrix, row, strict=True)))
        for number, row in enumerate([*later, [0] * len(first)])
    ]

    def permute(values: Sequence[int]) -> int:
        state: list[int] = list(map(add, [0, *values], first))
        for raised, lines in rounds:
            for index in range(raised):
                value = state[index]
                square = value * value % modulus
                state[index] = square * square % modulus * value % modulus
            state = [sum(map(mul, line, state), constant) % modulus for line, constant in lines]
        return state[0]

    return permute


# Its numbers


@cache
def parameters(inputs: int) -> Parameters:
    """Round constants are drawn until one is below R; the Cauchy matrix is 1 / (x + y), of numbers reduced
    mod R."""
    t, partial_rounds = inputs + 1, _PARTIAL_ROUNDS[inputs - 1]
    drawn = _drawn(t, partial_rounds)
    below_r = filter(R.__gt__, drawn)
    constants = [list(islice(below_r, t)) for _ in range(_FULL_ROUNDS + partial_rounds)]
    xs, ys = list(islice(drawn, t)), list(islice(drawn, t))
    return Parameters(constants, [[pow(x + y, -1, R) for y in ys] for x in xs])


def _drawn(t: int, partial_rounds: int) -> Iterator[int]:
    """Numbers of R's length. Of each two bits of the LFSR the first decides whether the second is used."""
    bits = islice(chain.from_iterable(_grain(t, partial_rounds)), _GRAIN_WARM_UP, None)
    used = (second for first, second in zip(bits, bits, strict=False) if first == "1")
    while True:
        yield int("".join(islice(used, _BITS)), 2)


def _grain(t: int, partial_rounds: int) -> Iterator[str]:
    """The LFSR's output, ever longer strings of 0 and 1. Its seed says what the numbers are for: a prime
    field, x**alpha, its length, t, the rounds.

    Bit n + 80 is the sum of the bits n + tap. As squaring is linear over GF(2), bit n + 80 k is the sum of
    the bits n + k tap for every power of two k: so 18 k bits come at once.
    """
    seed = f"{1:02b}{0:04b}{_BITS:012b}{t:012b}{_FULL_ROUNDS:010b}{partial_rounds:010b}" + "1" * 30
    bits, length = int(seed[::-1], 2), _GRAIN_BITS
    while True:
        k = 1 << (length // _GRAIN_BITS).bit_length() - 1
        start, new = length - _GRAIN_BITS * k, (_GRAIN_BITS - max(_GRAIN_TAPS)) * k
        block = reduce(xor, (bits >> start + tap * k for tap in _GRAIN_TAPS)) & ((1 << new) - 1)
        bits |= block << length
        length += new
        yield f"{block:0{new}b}"[::-1]
