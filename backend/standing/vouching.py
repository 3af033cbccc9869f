"""Who is here on whose word: everybody that a chain of vouches leads to from one member.

Every applicant needs several vouchers, so that these are no trees in the strict sense: a member is in the
tree of each of their vouchers. A tree is closed as far as its members' vouchers are in it, too: a farm of
fakes is, but for the first; the tree of somebody who brought many friends is not, where others vouched for
them as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

# Whose vouches each member was admitted on; nobody's for founders.
Vouches = Mapping[int, Collection[int]]

# Trees that are walked through: of those who vouched most often themselves.
MOST_ROOTS = 200


@dataclass(frozen=True)
class VouchingTree:
    """`size`: members below the root, of `share` of all members. `depth`: the most vouches in a row, the
    shortest way each. `closed`: of those below, how many had all their vouchers in the tree."""

    root: int
    direct: int
    size: int
    share: float
    depth: int
    closed: int


def vouching_trees(vouches: Vouches, members: int) -> list[VouchingTree]:
    """The largest first. `members`: how many there are, founders included."""
    below: defaultdict[int, list[int]] = defaultdict(list)
    for member in sorted(vouches):
        for voucher in set(vouches[member]):
            below[voucher].append(member)
    roots = sorted(below, key=lambda root: (-len(below[root]), root))[:MOST_ROOTS]
    found = [_tree(root, below, vouches, members) for root in roots]
    return sorted(found, key=lambda tree: (-tree.size, tree.root))


def _tree(root: int, below: Mapping[int, list[int]], vouches: Vouches, members: int) -> VouchingTree:
    reached, level, depth = {root}, [root], 0
    while True:
        level = sorted({one for voucher in level for one in below.get(voucher, ())} - reached)
        if not level:
            break
        reached.update(level)
        depth += 1
    others = reached - {root}
    return VouchingTree(
        root=root,
        direct=len(below[root]),
        size=len(others),
        share=len(others) / members if members else 0.0,
        depth=depth,
        closed=sum(reached.issuperset(vouches[one]) for one in others),
    )
