"""BLAKE-512 is the submission's: its published answers, and constants that come out of their derivation."""

from __future__ import annotations

from math import isqrt

import pytest

from zk._blake512 import INITIAL, PI, blake512

# BLAKE's submission to NIST, appendix B.
ANSWERS = {
    b"\x00": "97961587f6d970faba6d2478045de6d1fabd09b61ae50932054d52bc29d31be4"
    "ff9102b9f69e2bbdb83be13d4b9c06091e5fa0b48bd081b634058be0ec49beb3",
    bytes(144): "313717d608e9cf758dcb1eb0f0c3cf9fc150b2d500fb33f51c52afc99d358a2f"
    "1374b8a38bba7974e7f6ef79cab16f22ce1e649d6e01ad9589c213045d545dde",
}


@pytest.mark.parametrize("message", ANSWERS, ids=len)
def test_the_submissions_own_answers(message):
    assert blake512(message).hex() == ANSWERS[message]


def test_the_constants_are_the_first_digits_of_pi():
    # Machin: pi = 16 atan(1/5) - 4 atan(1/239), with 64 bits to spare.
    bits = 64 * len(PI) + 64

    def arctangent_of_inverse(n: int) -> int:
        total, power, k = 0, (1 << bits) // n, 0
        while power:
            total += (-1) ** k * (power // (2 * k + 1))
            power //= n * n
            k += 1
        return total

    pi = 16 * arctangent_of_inverse(5) - 4 * arctangent_of_inverse(239)
    fraction = (pi - (3 << bits)) >> 64
    assert tuple(fraction >> 64 * place & (1 << 64) - 1 for place in reversed(range(len(PI)))) == PI


def test_the_initial_value_is_made_of_square_roots_of_primes():
    primes = (2, 3, 5, 7, 11, 13, 17, 19)
    assert tuple(isqrt(prime << 128) & (1 << 64) - 1 for prime in primes) == INITIAL
