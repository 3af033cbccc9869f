"""The formulas of IDraws."""

from __future__ import annotations

from collections.abc import Sequence

from eth_abi.abi import encode
from eth_hash.auto import keccak

# How many blocks back the EVM knows hashes of.
REACH = 256

_DRAW = keccak(b"dualpower.draw")
_SECRET = keccak(b"dualpower.secret")


def pool_of_members(member_ids: Sequence[int]) -> bytes:
    """The pool of a draw among people."""
    return keccak(encode(["uint32[]"], [list(member_ids)]))


def commitment_of(member_id: int, secret: bytes) -> bytes:
    return keccak(encode(["bytes32", "uint32", "bytes32"], [_SECRET, member_id, secret]))


def mix_after(mix: bytes, member_id: int, secret: bytes) -> bytes:
    """The mix once one more secret is revealed; it begins with 32 zero bytes."""
    return keccak(encode(["bytes32", "uint32", "bytes32"], [mix, member_id, secret]))


def number_of(chain_id: int, draws: bytes, draw_id: int, pool: bytes, block_hash: bytes, mix: bytes) -> int:
    """`draws`: the address of the contract."""
    kinds = ["bytes32", "uint256", "address", "uint32", "bytes32", "bytes32", "bytes32"]
    word = keccak(encode(kinds, [_DRAW, chain_id, draws, draw_id, pool, block_hash, mix]))
    return int.from_bytes(word, "big")


def pick(number: int, n: int, k: int) -> list[int]:
    """Which `k` of `n` the number takes, in order. Fewer are the beginning of more."""
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} cannot be taken")
    moved: dict[int, int] = {}
    taken = []
    for i in range(k):
        j = i + int.from_bytes(keccak(encode(["uint256", "uint256"], [number, i])), "big") % (n - i)
        taken.append(moved.get(j, j))
        moved[j] = moved.get(i, i)
    return taken


def target_after(target: int, block: int, delay: int) -> int:
    """The block that decides after `target` was missed, for whoever asks in `block`."""
    step = REACH + 1 + delay
    return target + -(-(block + delay - target) // step) * step
