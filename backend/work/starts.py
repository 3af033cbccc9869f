"""The Merkle tree of a series' starts, by which anyone proves to the chain when an occurrence begins.

It is OpenZeppelin's StandardMerkleTree of (uint32 index, uint48 start), as `ISeries` defines it: whoever has
the rule's text can open an occurrence, and nobody can open another one than the decision named.
"""

from __future__ import annotations

from collections.abc import Sequence

from eth_abi.abi import encode
from eth_hash.auto import keccak


def root_of(starts: Sequence[int]) -> bytes:
    """The root of the tree of these starts."""
    return _tree(starts)[0]


def proof_of(starts: Sequence[int], index: int) -> list[bytes]:
    """What proves the start with this number to the chain."""
    tree, place = _tree(starts), _place_of(starts, index)
    proof = []
    while place:
        proof.append(tree[place + 1 if place % 2 else place - 1])
        place = (place - 1) // 2
    return proof


def leaf_of(index: int, start: int) -> bytes:
    return keccak(keccak(encode(["uint32", "uint48"], [index, start])))


def _tree(starts: Sequence[int]) -> list[bytes]:
    """The root first; below node i are nodes 2i + 1 and 2i + 2, and leaves stand at the end, backwards."""
    leaves = sorted(leaf_of(index, start) for index, start in enumerate(starts))
    tree = [b""] * (len(leaves) - 1) + leaves[::-1]
    for node in range(len(leaves) - 2, -1, -1):
        tree[node] = keccak(b"".join(sorted(tree[2 * node + 1 : 2 * node + 3])))
    return tree


def _place_of(starts: Sequence[int], index: int) -> int:
    leaves = sorted(leaf_of(number, start) for number, start in enumerate(starts))
    return 2 * len(leaves) - 2 - leaves.index(leaf_of(index, starts[index]))
