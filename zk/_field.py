"""The scalar field of BN254, in which the circuits count, and how numbers of the chain enter it.

`R` is the order of BN254's groups (EIP-197: the curve that Ethereum's precompiles know). A circuit's signals,
a hash and a secret are elements of the integers modulo R; a word of the chain has 256 bits and may be larger,
so what comes from there is hashed first, and the hash is cut to 248 bits (`hash_to_field`). Every number is
checked where it enters: x and x + R are one element and two numbers, and whoever takes both can be voted at
twice.
"""

from __future__ import annotations

from typing import TypeGuard

from zk.errors import OutOfRange

R = 21888242871839275222246405745257275088548364400416034343698204186575808495617
WORD = 1 << 256


def is_element(value: object) -> TypeGuard[int]:
    """Booleans are integers to Python, and none here."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < R


def require_element(what: str, value: object) -> int:
    """`value`, or `OutOfRange`."""
    if not is_element(value):
        raise OutOfRange(what, value, R)
    return value


def require_below(what: str, value: object, limit: int) -> int:
    """`value`, if it is an integer from 0 to `limit` - 1; else `OutOfRange`."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < limit:
        raise OutOfRange(what, value, limit)
    return value


def keccak(data: bytes) -> bytes:
    # It searches for an implementation while it is imported, which takes longer than all of this package.
    from eth_hash.auto import keccak

    return keccak(data)


def words(*values: int) -> bytes:
    """What Solidity's `abi.encode` makes of values of static types."""
    return b"".join(require_below("word", value, WORD).to_bytes(32, "big") for value in values)


def hash_words(*values: int) -> int:
    """`uint256(keccak256(abi.encode(...)))`."""
    return int.from_bytes(keccak(words(*values)), "big")


def hash_to_field(value: int) -> int:
    """Semaphore's `keccak256(value) >> 8`: a uint256 as a signal, without aliases since 2**248 < R."""
    return hash_words(value) >> 8
