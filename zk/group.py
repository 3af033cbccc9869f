"""A group: the commitments of its members as leaves of a LeanIMT, the tree of Semaphore V4.

    parent = Poseidon2(left, right), or left where there is no right

The tree is as deep as its size demands, and has no zeros for leaves that are not there yet. A leaf keeps its
index for ever; a removed member's leaf is 0, hashed like any other, and may be filled again. Leaves, roots
and proofs are those of @zk-kit/lean-imt 2.2.5.

A leaf is hashed like the nodes above it, and a path may be shorter than the depth a proof is made at: then a
leaf P2(P2(c1, c2), y) proves membership for c1 and for c2. Where people choose their leaves, have the group
`filled`, and accept proofs at its depth only. Source: Privacy & Scaling Explorations, "LeanIMT: An optimized
Incremental Merkle Tree".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zk._field import is_element, require_element
from zk._poseidon import fastest
from zk.errors import GroupFull, LeafEmpty, LeafUnknown

# The deepest circuit there is a key for.
MAX_DEPTH = 32
MAX_SIZE = 1 << MAX_DEPTH

# Consecutive nodes of one level, and the position of the first.
_Run = tuple[int, list[int]]


@dataclass(frozen=True, slots=True)
class MerkleProof:
    """That `leaf` is under `root`. Bit n of `index` says that sibling n, counted from the leaf, is on the
    left; where a node has no sibling, neither has a bit, so `index` is not always the leaf's."""

    root: int
    leaf: int
    index: int
    siblings: tuple[int, ...]


class Group:
    """In memory; for use from one thread at a time. A refused change changes nothing."""

    def __init__(self, leaves: Iterable[int] = ()) -> None:
        """`leaves` as published, with 0 for those that are empty."""
        self._levels: list[list[int]] = [[]]
        self.append_many(leaves)

    @property
    def leaves(self) -> tuple[int, ...]:
        return tuple(self._levels[0])

    @property
    def size(self) -> int:
        """How many leaves there are, empty ones included."""
        return len(self._levels[0])

    @property
    def depth(self) -> int:
        """0 for up to one leaf, else ceil(log2(size))."""
        return len(self._levels) - 1

    @property
    def root(self) -> int:
        """0 for a group without leaves, and for one leaf that is empty. Nothing is ever proved against 0."""
        return self._levels[-1][0] if self.size else 0

    def index_of(self, commitment: int) -> int | None:
        """The first leaf that holds it; None for 0, which stands for nobody."""
        return self._levels[0].index(commitment) if commitment and commitment in self._levels[0] else None

    def append(self, commitment: int) -> int:
        """A new member; returns the index of their leaf."""
        index = self.size
        self._set(index, [_commitment(index, commitment)])
        return index

    def append_many(self, leaves: Iterable[int]) -> range:
        """More of a published list, with 0 for leaves emptied since; returns their indices. Faster than one
        by one."""
        new = [require_element("leaf", leaf) for leaf in leaves]
        first = self.size
        if new:
            self._set(first, new)
        return range(first, first + len(new))

    def update(self, index: int, commitment: int) -> None:
        """Another commitment for the same member, or one again after a removal."""
        self._set(self._known(index), [_commitment(index, commitment)])

    def remove(self, index: int) -> None:
        """Empties a leaf. Raises `LeafEmpty` where that was done before."""
        if not self._levels[0][self._known(index)]:
            raise LeafEmpty(index)
        self._set(index, [0])

    def proof(self, index: int) -> MerkleProof:
        """Raises `LeafUnknown`, and `LeafEmpty`: there is nobody to be proved a member."""
        leaf = self._levels[0][self._known(index)]
        if not leaf:
            raise LeafEmpty(index)
        siblings: list[int] = []
        path = 0
        for level in self._levels[:-1]:
            sibling = index ^ 1
            if sibling < len(level):
                path |= (index & 1) << len(siblings)
                siblings.append(level[sibling])
            index >>= 1
        return MerkleProof(self.root, leaf, path, tuple(siblings))

    @staticmethod
    def verify_proof(proof: MerkleProof) -> bool:
        """Whether the leaf is under the root; whose root it is, is for the caller to know. Neither is ever
        0."""
        if not all(map(is_element, (proof.root, proof.leaf, *proof.siblings))) or 0 in (
            proof.root,
            proof.leaf,
        ):
            return False
        if len(proof.siblings) > MAX_DEPTH or not 0 <= proof.index < 1 << len(proof.siblings):
            return False
        parent_of = fastest(2)
        node = proof.leaf
        for level, sibling in enumerate(proof.siblings):
            node = parent_of((sibling, node) if proof.index >> level & 1 else (node, sibling))
        return node == proof.root

    def _known(self, index: int) -> int:
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < self.size:
            raise LeafUnknown(index, self.size)
        return index

    def _set(self, first: int, leaves: list[int]) -> None:
        if first + len(leaves) > MAX_SIZE:
            raise GroupFull(first + len(leaves), MAX_SIZE)
        self._keep(self._runs(first, leaves))

    def _runs(self, first: int, leaves: list[int]) -> list[_Run]:
        """What consecutive leaves from `first` on change: one run of nodes on each level, up to the root."""
        size = max(self.size, first + len(leaves))
        runs = [(first, leaves)]
        for level in range((size - 1).bit_length()):
            runs.append(_parents(self._levels[level] if level < len(self._levels) else [], *runs[-1]))
        return runs

    def _keep(self, runs: Sequence[_Run]) -> None:
        while len(self._levels) < len(runs):
            self._levels.append([])
        for level, (first, nodes) in zip(self._levels, runs, strict=True):
            level[first : first + len(nodes)] = nodes


def parent(left: int, right: int) -> int:
    """The node above two others. Raises `OutOfRange`."""
    return fastest(2)((left, right))


def filled(leaves: Iterable[int]) -> list[int]:
    """With empty leaves up to a power of two, so that each leaf is as many steps below the root as the tree
    is deep."""
    found = list(leaves)
    size = 1 << (len(found) - 1).bit_length() if found else 0
    return found + [0] * (size - len(found))


def _parents(level: list[int], first: int, nodes: list[int]) -> _Run:
    """The parents of a run that replaces part of `level`, or follows it."""
    before = level[first - 1 : first] if first % 2 else []
    end = first + len(nodes)
    after = level[end : end + 1] if end % 2 else []
    children = [*before, *nodes, *after]
    parent_of = fastest(2)
    parents = list(map(parent_of, zip(children[::2], children[1::2], strict=False)))
    if len(children) % 2:
        parents.append(children[-1])
    return first // 2, parents


def _commitment(index: int, commitment: int) -> int:
    if require_element("commitment", commitment) == 0:
        raise LeafEmpty(index)
    return commitment
