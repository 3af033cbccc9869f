"""What a place in the members' group costs in gas, beside Semaphore's own contract.

Whole transactions, in groups of 10, 500 and 10,000. Both trees are put into storage as they would stand, and
compared after every step with the one worked out in Python. What a step costs depends on where in the tree it
falls, so that each figure is a mean: of eight registrations in a row, or of the first, a middle and the last
member. docs/benchmarks.md says how to read them.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import mean

from brownie import accounts

from benchmarks._results import Row, publish, transcript
from benchmarks._semaphore import TREES_SLOT, Semaphore, put, slot_of
from scripts import commune as communes
from tests.contracts.membership.semaphore import Identity, identities
from tests.contracts.membership.steps import admit_directly
from tests.contracts.people import Person, founded_by
from zk import filled
from zk._poseidon import poseidon
from zk.group import Group

SIZES = (10, 500, 10_000)
IN_A_ROW = 8
FOUNDERS, NEWCOMERS = range(1, 10), range(10, 40)
# The first leaves are three people's, one of whom leaves at each size.
FIRST = (1, 2, 3)
NOBODY = Person(9)
# Where MemberGroup.sol keeps its nodes, and in one slot how many leaves are given (32 bits) and listed.
NODES_SLOT, COUNTS_SLOT = 3, 36
TRANSACTION = 21_000
SENDER = {"from": accounts[0]}
LIMITS = {f"gas.register{size}": ("ratio", 1.6) for size in ("", ".10", ".500", ".10000")}


class Groups:
    """The commune's group, and a group of Semaphore's with the same leaves."""

    def __init__(self) -> None:
        self.commune = founded_by([Person(i) for i in FOUNDERS], accounts[0], communes.Constitution.load())
        admit_directly(self.commune, *(Person(i) for i in NEWCOMERS))
        self.ours, self.semaphore = self.commune.group, Semaphore(accounts[0])
        self.theirs = -1
        self.keys = iter(identities(*(f"key {number}" for number in range(64))))
        self.newcomers = map(Person, NEWCOMERS)
        # As the commune's tree is, and as Semaphore's.
        self.full, self.lean = Group(), Group()
        self.held: dict[int, Identity] = {}

    def start(self) -> None:
        for number in FIRST:
            self.register(Person(number))

    def grow(self, size: int) -> None:
        """Give leaves to numbers until there are so many, and put both trees as they would stand then."""
        leaves = [*self.lean.leaves, *range(1_000_000 + self.lean.size, 1_000_000 + size)]
        self.full, self.lean = Group(filled(leaves)), Group(leaves)
        self._put_ours(size)
        self._put_theirs(size)
        self._compare()

    def register(self, who: Person) -> int:
        """Gas of a first registration."""
        key = next(self.keys)
        gas = int(self.ours.register(*key.key, who.tx).gas_used)
        index = self.lean.append(key.commitment)
        self.held[index] = key
        if index == self.full.size:
            self.full.append_many([0] * max(1, index))
        self.full.update(index, key.commitment)
        return gas

    def add(self) -> int:
        """Gas of giving Semaphore the leaf that was registered last."""
        tx = self.semaphore.contract.addMember(self.theirs, self.lean.leaves[-1], SENDER)
        self._compare()
        return int(tx.gas_used)

    def replace(self, who: Person, index: int) -> tuple[int, int]:
        """Gas of a new key for the leaf at `index`, and of the same at Semaphore."""
        key, siblings, old = next(self.keys), self.lean.proof(index).siblings, self.lean.leaves[index]
        ours = self.ours.register(*key.key, who.tx).gas_used
        arguments = (self.theirs, old, key.commitment, siblings)
        theirs = self.semaphore.contract.updateMember(*arguments, SENDER).gas_used
        for tree in (self.full, self.lean):
            tree.update(index, key.commitment)
        self._compare()
        return int(ours), int(theirs)

    def leave(self, who: Person, index: int) -> tuple[int, int]:
        """Gas of leaving, and of removing a member at Semaphore."""
        siblings, old = self.lean.proof(index).siblings, self.lean.leaves[index]
        ours = self.commune.membership.leave(who.tx).gas_used
        theirs = self.semaphore.contract.removeMember(self.theirs, old, siblings, SENDER).gas_used
        for tree in (self.full, self.lean):
            tree.remove(index)
        self._compare()
        return int(ours), int(theirs)

    def _put_ours(self, size: int) -> None:
        """The nodes that appending reads, and those beside the paths of members."""
        leaves, nodes = self.lean.leaves, {}
        for level in range(size.bit_length()):
            if size >> level & 1:
                position = (size >> level) - 1
                nodes[level, position] = Group(leaves[position << level :][: 1 << level]).root
        for index in self.held:
            if leaves[index]:
                for level, sibling in enumerate(self.full.proof(index).siblings):
                    position = index >> level ^ 1
                    if (position + 1) << level <= size:
                        nodes[level, position] = sibling
        for (level, position), node in nodes.items():
            put(self.ours, slot_of(NODES_SLOT, level << 32 | position), node)
        put(self.ours, COUNTS_SLOT, sum(1 for leaf in leaves if leaf) << 32 | size)

    def _put_theirs(self, size: int) -> None:
        """Size and depth, the last node of each level at an even place, and where members are."""
        self.semaphore.contract.createGroup(SENDER)
        self.theirs = int(self.semaphore.contract.groupCounter()) - 1
        tree, last = self.lean, size - 1
        siblings, node = iter(tree.proof(last).siblings), tree.leaves[last]
        slot = slot_of(TREES_SLOT, self.theirs)
        put(self.semaphore.contract, slot, size)
        put(self.semaphore.contract, slot + 1, tree.depth)
        for level in range(tree.depth):
            side = next(siblings) if last >> level & 1 else node
            put(self.semaphore.contract, slot_of(slot + 2, level), side)
            node = poseidon([side, node]) if last >> level & 1 else node
        put(self.semaphore.contract, slot_of(slot + 2, tree.depth), tree.root)
        for index in self.held:
            if tree.leaves[index]:
                put(self.semaphore.contract, slot_of(slot + 3, tree.leaves[index]), index + 1)

    def _compare(self) -> None:
        if self.ours.root() != self.full.root:
            raise RuntimeError(f"the group is not that of its {self.lean.size} leaves")
        if self.semaphore.contract.getMerkleTreeRoot(self.theirs) != self.lean.root:
            raise RuntimeError(f"Semaphore's group is not that of its {self.lean.size} leaves")


def main() -> None:
    """Measure, print and write build/bench/zk_group_gas.json."""
    with transcript("zk_group_gas"):
        rows = measured()
    publish("zk_group_gas", rows, LIMITS)


def measured() -> list[Row]:
    groups = Groups()
    groups.start()
    unlisted = int(groups.commune.membership.leave(NOBODY.tx).gas_used)
    rows = []
    for size, first in zip(SIZES, FIRST, strict=True):
        middle, last = next(groups.newcomers), next(groups.newcomers)
        groups.grow(size // 2)
        groups.register(middle)
        groups.grow(size)

        registered = [(groups.register(last), groups.add())]
        for _ in range(IN_A_ROW - 1):
            last = next(groups.newcomers)
            registered.append((groups.register(last), groups.add()))
        rows.append(row(f"gas.register.{size}", registered, "addMember"))

        members = [(Person(first), first - 1), (middle, size // 2), (last, groups.lean.size - 1)]
        replaced = [groups.replace(*member) for member in members]
        rows.append(row(f"gas.register.again.{size}", replaced, "updateMember"))
        left = [groups.leave(*member) for member in members]
        rows.append(row(f"gas.leave.{size}", left, "removeMember"))
        # As if it were a transaction of its own.
        removed = [(ours - unlisted + TRANSACTION, theirs) for ours, theirs in left]
        rows.append(row(f"gas.remove.{size}", removed, "removeMember"))
    [headline] = [r for r in rows if r.id == "gas.register.500"]
    return [Row("gas.register", headline.value, "gas", headline.reference, headline.reference_value), *rows]


def row(name: str, pairs: Iterable[tuple[int, int]], reference: str) -> Row:
    """The means of ours and theirs."""
    ours, theirs = zip(*pairs, strict=True)
    return Row(name, round(mean(ours)), "gas", reference, round(mean(theirs)))
