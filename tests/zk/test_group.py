"""A group is the tree of the official packages, whatever happens to its members."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.zk.javascript import javascript
from tests.zk.vectors import SEMAPHORE
from zk import Group, GroupFull, LeafEmpty, LeafUnknown, MerkleProof, OutOfRange, filled, group
from zk._field import R
from zk._poseidon import poseidon

commitments = st.integers(1, R - 1)


def plain(proof: MerkleProof) -> dict[str, object]:
    """As the vectors write a proof."""
    siblings = [str(sibling) for sibling in proof.siblings]
    return {"root": str(proof.root), "leaf": str(proof.leaf), "index": proof.index, "siblings": siblings}


def small(size: int) -> Group:
    return Group(range(1, size + 1))


def slow_root(leaves: list[int]) -> int:
    """The definition: pairs are hashed, a node without a right one moves up."""
    while len(leaves) > 1:
        pairs = [leaves[n : n + 2] for n in range(0, len(leaves), 2)]
        leaves = [poseidon(pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return leaves[0] if leaves else 0


# ------------------------------------------------------------------ the official packages


@pytest.mark.parametrize("tree", SEMAPHORE["trees"], ids=lambda tree: f"{len(tree['l'])} leaves")
def test_a_tree_of_the_vectors_agrees(tree):
    leaves = [int(leaf) for leaf in tree["l"]]
    built, grown = Group(leaves), Group()
    for leaf in leaves:
        grown.append(leaf)
    assert str(built.root) == str(grown.root) == tree["root"]
    for key, index in (("p", len(leaves) - 1), ("q", len(leaves) // 2)):
        assert plain(built.proof(index)) == plain(grown.proof(index)) == tree[key]
    built.update(len(leaves) // 2, 7)
    assert str(built.root) == tree["upd"]


# Of one step: how many leaves are added, then which are replaced, emptied and (by update) filled again.
STORIES = [
    [{"add": n % 7 + 1, "update": [n % 5], "remove": [n // 2], "fill": [n // 2] if n % 2 else []}]
    for n in range(12)
] + [
    [{"add": 1, "update": [], "remove": [], "fill": []}] * 17,
    [
        {"add": 3, "update": [0], "remove": [1], "fill": []},
        {"add": 2, "update": [4], "remove": [2], "fill": [1]},
    ],
    [{"add": 100, "update": [0, 64, 99], "remove": [98, 99, 1], "fill": [99]}] * 3,
    [{"add": 33, "update": [], "remove": list(range(33)), "fill": [32]}],
]


def told(story):
    """Roots after each change of ours, and all proofs at the end."""
    ours, roots, leaf = Group(), [], 10**70
    for step in story:
        new = [leaf := leaf + 1 for _ in range(step["add"])]
        ours.append_many(new)
        roots.append(str(ours.root))
        for kind in ("update", "remove", "fill"):
            for index in step[kind]:
                index %= ours.size
                if kind == "remove":
                    if ours.leaves[index]:
                        ours.remove(index)
                else:
                    leaf += 1
                    ours.update(index, leaf)
                roots.append(str(ours.root))
    proofs = [plain(ours.proof(n)) for n, value in enumerate(ours.leaves) if value]
    return {"roots": roots, "proofs": proofs, "depth": ours.depth, "size": ours.size}


def test_groups_with_updates_and_removals_are_those_of_semaphore():
    theirs = javascript(
        """
        return input.map((story) => {
            const group = new Group(); const roots = []; let leaf = 10n ** 70n;
            const tree = group.leanIMT;
            for (const step of story) {
                group.addMembers(Array.from({ length: step.add }, () => (leaf += 1n)));
                roots.push(group.root);
                for (const kind of ["update", "remove", "fill"]) {
                    for (let index of step[kind]) {
                        index %= group.size;
                        if (kind === "remove") { if (group.members[index] !== 0n) group.removeMember(index); }
                        else { leaf += 1n; tree.update(index, leaf); }
                        roots.push(group.root);
                    }
                }
            }
            const proofs = group.members
                .map((member, index) => (member === 0n ? null : group.generateMerkleProof(index)))
                .filter((proof) => proof !== null)
                .map(({ root, leaf, index, siblings }) => ({ root, leaf, index, siblings }));
            return { roots, proofs, depth: group.depth, size: group.size };
        });
        """,
        STORIES,
    )
    assert theirs == [told(story) for story in STORIES]


def test_semaphore_verifies_our_proofs_and_we_verify_its():
    ours = Group(SEMAPHORE_LEAVES)
    ours.remove(3)
    given = [plain(ours.proof(index)) for index in range(ours.size) if index != 3]
    verdicts = javascript(
        """
        const numbers = ({ root, leaf, index, siblings }) =>
            ({ root: BigInt(root), leaf: BigInt(leaf), index, siblings: siblings.map(BigInt) });
        const tree = new Group([1n]).leanIMT;
        return input.map((proof) => tree.verifyProof(numbers(proof)));
        """,
        given,
    )
    assert verdicts == [True] * len(given)
    assert all(Group.verify_proof(ours.proof(index)) for index in range(ours.size) if index != 3)


SEMAPHORE_LEAVES = [int(leaf) for leaf in SEMAPHORE["trees"][9]["l"]]


# ------------------------------------------------------------------ what always holds


class GroupLife(RuleBasedStateMachine):
    """Members come, change, go and come back; the tree is always that of the leaves."""

    @initialize(leaves=st.lists(commitments | st.just(0), max_size=20))
    def founded(self, leaves):
        self.group, self.leaves = Group(leaves), list(leaves)

    @rule(leaf=commitments)
    def appended(self, leaf):
        assert self.group.append(leaf) == len(self.leaves)
        self.leaves.append(leaf)

    @rule(leaves=st.lists(commitments | st.just(0), max_size=9))
    def many_appended(self, leaves):
        assert list(self.group.append_many(leaves)) == list(
            range(len(self.leaves), len(self.leaves) + len(leaves))
        )
        self.leaves += leaves

    @precondition(lambda self: self.leaves)
    @rule(data=st.data(), leaf=commitments)
    def updated(self, data, leaf):
        index = data.draw(st.integers(0, len(self.leaves) - 1))
        self.group.update(index, leaf)
        self.leaves[index] = leaf

    @precondition(lambda self: any(self.leaves))
    @rule(data=st.data())
    def removed(self, data):
        index = data.draw(st.sampled_from([n for n, leaf in enumerate(self.leaves) if leaf]))
        self.group.remove(index)
        self.leaves[index] = 0

    @invariant()
    def the_tree_is_that_of_its_leaves(self):
        assert list(self.group.leaves) == self.leaves
        assert self.group.root == slow_root(self.leaves)
        assert self.group.depth == max(len(self.leaves) - 1, 0).bit_length()

    @invariant()
    def each_member_has_a_proof_and_no_empty_leaf_has(self):
        for index, leaf in enumerate(self.leaves):
            if leaf:
                proof = self.group.proof(index)
                assert (proof.leaf, proof.root) == (leaf, self.group.root)
                assert Group.verify_proof(proof)
            else:
                with pytest.raises(LeafEmpty):
                    self.group.proof(index)


TestGroupLife = GroupLife.TestCase
TestGroupLife.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)


@settings(max_examples=60, deadline=None)
@given(size=st.integers(1, 40), data=st.data())
def test_a_proof_altered_anywhere_proves_nothing(size, data):
    proof = small(size).proof(data.draw(st.integers(0, size - 1)))
    fields = {
        "root": proof.root + 1,
        "leaf": proof.leaf + 100,
        "siblings": (*proof.siblings, 1),
    }
    if proof.siblings:
        place = data.draw(st.integers(0, len(proof.siblings) - 1))
        changed = list(proof.siblings)
        changed[place] += 1
        fields["siblings"] = tuple(changed)
        fields["index"] = proof.index ^ (1 << place)
    name = data.draw(st.sampled_from(sorted(fields)))
    assert not Group.verify_proof(replaced(proof, **{name: fields[name]}))


def replaced(proof: MerkleProof, **fields) -> MerkleProof:
    values = {name: getattr(proof, name) for name in ("root", "leaf", "index", "siblings")}
    return MerkleProof(**(values | fields))


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize("alias", [R, R + 1, -1, 2**256, True, "1"])
def test_a_leaf_that_is_no_field_element_is_refused_and_changes_nothing(alias):
    members = small(5)
    before = members.root
    for change in (
        lambda: members.append(alias),
        lambda: members.append_many([1, alias]),
        lambda: members.update(0, alias),
    ):
        with pytest.raises(OutOfRange):
            change()
    assert (members.root, members.size) == (before, 5)


@pytest.mark.parametrize("name", ["root", "leaf", "siblings", "index"])
def test_an_alias_of_a_good_proof_is_refused(name):
    proof = small(8).proof(5)
    aliases = {
        "root": proof.root + R,
        "leaf": proof.leaf + R,
        "siblings": (proof.siblings[0] + R, *proof.siblings[1:]),
        "index": proof.index + 8,
    }
    assert Group.verify_proof(proof)
    assert not Group.verify_proof(replaced(proof, **{name: aliases[name]}))
    assert not Group.verify_proof(replaced(proof, index=proof.index - 8))


def test_nothing_is_under_root_zero_and_an_empty_leaf_is_nobody():
    assert Group().root == 0
    assert not Group.verify_proof(MerkleProof(root=0, leaf=0, index=0, siblings=()))
    members = small(4)
    members.remove(1)
    siblings = (members.leaves[0], poseidon((3, 4)))
    forged = MerkleProof(root=members.root, leaf=0, index=1, siblings=siblings)
    assert poseidon((poseidon((1, 0)), siblings[1])) == members.root
    assert not Group.verify_proof(forged)


def test_a_commitment_of_zero_is_refused():
    members = small(2)
    with pytest.raises(LeafEmpty, match="leaf 2 is empty"):
        members.append(0)
    with pytest.raises(LeafEmpty, match="leaf 1 is empty"):
        members.update(1, 0)


def test_a_member_is_removed_once():
    members = small(3)
    members.remove(1)
    with pytest.raises(LeafEmpty, match="leaf 1"):
        members.remove(1)
    assert members.leaves == (1, 0, 3)


@pytest.mark.parametrize("index", [-1, 3, 2**40, True, "0"])
def test_an_unknown_leaf_is_refused(index):
    members = small(3)
    for ask in (members.proof, members.remove, lambda n: members.update(n, 9)):
        with pytest.raises(LeafUnknown, match="of a group of 3"):
            ask(index)


def test_a_group_does_not_outgrow_the_deepest_circuit(monkeypatch):
    monkeypatch.setattr(group, "MAX_SIZE", 4)
    members = small(4)
    with pytest.raises(GroupFull, match="5 leaves are more than the 4"):
        members.append(9)
    assert members.size == 4


def test_a_member_is_found_by_commitment_and_nobody_by_zero():
    members = small(3)
    members.remove(0)
    assert (members.index_of(3), members.index_of(99), members.index_of(0)) == (2, None, None)


def test_a_proof_taken_before_a_removal_is_under_the_old_root_alone():
    members = small(6)
    proof = members.proof(2)
    members.remove(2)
    assert Group.verify_proof(proof)
    assert proof.root != members.root


# ------------------------------------------------------------------ no room below a leaf


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, 9, 17])
def test_in_a_filled_group_every_leaf_is_as_deep_as_the_tree(count):
    leaves = list(range(1, count + 1))
    group = Group(filled(leaves))
    assert list(group.leaves[:count]) == leaves
    assert group.depth == Group(leaves).depth
    assert {len(group.proof(index).siblings) for index in range(count)} <= {group.depth}


def test_in_one_that_is_not_the_last_leaf_may_have_room_below_it():
    assert len(small(5).proof(4).siblings) == 1 < small(5).depth
