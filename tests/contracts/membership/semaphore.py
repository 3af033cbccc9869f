"""What Semaphore's own JavaScript says: keys and commitments of identities, roots and siblings of groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.zk.javascript import javascript


@dataclass(frozen=True)
class Identity:
    """A public key on BabyJubJub, and its commitment."""

    ax: int
    ay: int
    commitment: int

    @property
    def key(self) -> tuple[int, int]:
        return self.ax, self.ay


def identities(*secrets: str) -> list[Identity]:
    """The identities that Semaphore makes from secret texts."""
    body = """
    return input.map((secret) => {
        const { publicKey, commitment } = new Identity(secret);
        return [...publicKey, commitment];
    });
    """
    return [Identity(*map(int, answer)) for answer in javascript(body, secrets)]


def filled(leaves: Sequence[int]) -> list[int]:
    """With empty leaves up to a power of two, as the members' tree has them."""
    size = 1 << (len(leaves) - 1).bit_length() if leaves else 0
    return [*leaves, *[0] * (size - len(leaves))]


def roots(*groups: Sequence[int]) -> list[int]:
    """The root of each group, given as its leaves and filled; 0 for an empty one."""
    given = [[str(leaf) for leaf in filled(leaves)] for leaves in groups]
    return [int(root) for root in javascript("return input.map((leaves) => new Group(leaves).root);", given)]


def siblings(*groups: Sequence[int]) -> list[list[list[int]]]:
    """Of each group, given as its leaves and filled, the siblings of each leaf from the bottom up."""
    body = """
    return input.map((leaves) => {
        const group = new Group(leaves);
        return leaves.map((_, index) => group.generateMerkleProof(index).siblings);
    });
    """
    answers = javascript(body, [[str(leaf) for leaf in filled(leaves)] for leaves in groups])
    return [[[int(node) for node in path] for path in group] for group in answers]
