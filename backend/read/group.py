"""MemberGroup.sol's reads, now and at any earlier moment."""

from __future__ import annotations

from dataclasses import dataclass

from backend.project.group import MemberGroup
from backend.read.moment import Moment
from backend.store import table_of
from zk import filled

DAY = 86_400


@dataclass(frozen=True)
class Tree:
    """The group as it stood at some moment: `leaves` in the order of their indexes, 0 where one is empty or
    not given yet: a power of two of them, as the contract's tree is full.

    `depth` is what proofs for it are made at: 1 at least, whatever the path of a single leaf.
    """

    root: int
    leaves: tuple[int, ...]

    @property
    def depth(self) -> int:
        return proof_depth(len(self.leaves))

    @property
    def listed(self) -> int:
        return sum(1 for leaf in self.leaves if leaf)


def tree_depth(size: int) -> int:
    """Of a tree with `size` leaves: MemberGroup.depth."""
    return max(0, size - 1).bit_length()


def proof_depth(size: int) -> int:
    return max(1, tree_depth(size))


def group(moment: Moment) -> MemberGroup:
    return moment.row(MemberGroup, 1) or MemberGroup()


def tree_before(moment: Moment, block: int, position: int) -> Tree:
    """As it stood right before the event at (block, position)."""
    return _tree(moment, "(block, position) < (?, ?)", block, position)


def tree_through(moment: Moment, block: int, position: int) -> Tree:
    """As it stood right after the event at (block, position)."""
    return _tree(moment, "(block, position) <= (?, ?)", block, position)


def day_of(t: int) -> int:
    """Days since 1970."""
    return t // DAY


def tree_of_the_day(moment: Moment) -> Tree:
    """The one tree that sign-ins of the day are proved against.

    It is the group as it stood when the day of the head began; once a leaf has been emptied or replaced
    since, the group right after the last such change: whoever was removed is out at once, and at any moment
    all members prove against the same root, which therefore tells nothing about any of them.
    """
    begun = day_of(moment.now) * DAY
    zero = _zero()
    removed = moment.reader.one(
        "SELECT block, position FROM leaf_changes WHERE changed_at >= ? AND before <> ?"
        " ORDER BY block DESC, position DESC LIMIT 1",
        (begun, zero),
    )
    if removed is not None:
        return tree_through(moment, *removed)
    return _tree(moment, "changed_at < ?", begun)


def _tree(moment: Moment, until: str, *values: int) -> Tree:
    rows = moment.reader.query(
        "SELECT leaf_index, leaf FROM"
        " (SELECT leaf_index, leaf, row_number()"
        " OVER (PARTITION BY leaf_index ORDER BY block DESC, position DESC) AS recency"
        f" FROM leaf_changes WHERE {until}) AS latest WHERE recency = 1 ORDER BY leaf_index",
        values,
    )
    root = moment.reader.one(
        f"SELECT root FROM leaf_changes WHERE {until} ORDER BY block DESC, position DESC LIMIT 1", values
    )
    # Leaves are given out in the order of their indexes, so that none is missing.
    leaves = filled(int.from_bytes(leaf, "big") for _, leaf in rows)
    return Tree(int.from_bytes(root[0], "big") if root else 0, tuple(leaves))


def _zero() -> bytes:
    zero: bytes = table_of(MemberGroup).value_to_sql("root", 0)
    return zero
