"""The shuffle of contracts/draws/Shuffle.sol, to repeat a draw of reviewers, mediators or panels.

Whom such a draw takes is decided place by place: memberId `at(number, i, pool) + 1` for i = 0, 1, ..., and
those who cannot be taken are passed over. `number` is the captured draw's.

A Feistel network permutes the numbers below 4^k, the smallest such power not below n; walking on until a
value falls below n makes that a permutation of 0..n-1 (J. Black, P. Rogaway, "Ciphers with Arbitrary Finite
Domains", CT-RSA 2002).
"""

from __future__ import annotations

from eth_abi.abi import encode
from eth_hash.auto import keccak

ROUNDS = 10


def at(number: int, i: int, n: int) -> int:
    """What stands at place `i` of the shuffle of 0..n-1 that `number` fixes."""
    if not 0 <= i < n:
        raise ValueError(f"there is no place {i} among {n}")
    half = max(1, ((n - 1).bit_length() + 1) // 2)
    mask = (1 << half) - 1
    x = i
    while True:
        left, right = x >> half, x & mask
        for r in range(ROUNDS):
            word = keccak(encode(["uint256", "uint256", "uint256"], [number, r, right]))
            left, right = right, left ^ (int.from_bytes(word, "big") & mask)
        x = left << half | right
        if x < n:
            return x


def order(number: int, n: int) -> list[int]:
    """The whole shuffle of 0..n-1."""
    return [at(number, i, n) for i in range(n)]
