"""The members' group when a member's status changes: the leaf changes in the same transaction."""

import pytest

from tests.contracts.clock import advance
from tests.contracts.membership import semaphore
from tests.contracts.membership.steps import (
    acting_as,
    admit_directly,
    check_in,
    expel_directly,
    fall_silent,
    move_directly,
)
from tests.contracts.people import DAY, joined


@pytest.fixture(scope="module")
def listed(group, founders, keys):
    """All five founders are in the group; their commitments, by leaf."""
    for founder, key in zip(founders, keys, strict=False):
        group.register(*key.key, founder.tx)
    return [key.commitment for key in keys[: len(founders)]]


def emptied(leaves, *indices):
    return [0 if index in indices else leaf for index, leaf in enumerate(leaves)]


def assert_group(group, leaves, tx, member):
    """The tree has these leaves, and `tx` said so of `member`'s: nothing is left for a later transaction."""
    index = member - 1
    [expected] = semaphore.roots(leaves)
    assert [dict(event) for event in tx.events["LeafChanged"]] == [
        {"index": index, "memberId": member, "leaf": leaves[index]}
    ]
    assert [group.leafAt(i) for i in range(group.size())] == semaphore.filled(leaves)
    assert group.root() == expected
    assert group.listed() == sum(1 for leaf in leaves if leaf)


@pytest.mark.parametrize("member", [1, 2, 4, 5], ids=["first", "second", "fourth", "last"])
def test_whoever_leaves_is_out_of_the_group(group, membership, founders, listed, member):
    tx = membership.leave(founders[member - 1].tx)
    assert_group(group, emptied(listed, member - 1), tx, member)
    assert group.identityOf(member) == (0, member - 1, False)


def test_whoever_is_expelled_is_out_of_the_group(group, commune, listed):
    tx = expel_directly(commune, 3)
    assert_group(group, emptied(listed, 2), tx, 3)
    assert group.identityOf(3) == (0, 2, False)


def test_a_dormant_member_is_out_of_the_group_and_keeps_their_commitment(group, presence, membership, listed):
    tx = membership.setDormant(2, acting_as(presence))
    assert_group(group, emptied(listed, 1), tx, 2)
    assert group.identityOf(2) == (listed[1], 1, False)


def test_whoever_wakes_is_back_on_their_leaf(group, commune, founders, listed):
    fall_silent(commune, 1, 2, 3)
    tx = check_in(commune, founders[1], founders[3])
    assert tx.events["CheckedIn"]["woke"]
    assert_group(group, emptied(listed, 0, 2), tx, 2)
    assert group.identityOf(2) == (listed[1], 1, True)


def test_whoever_leaves_while_dormant_is_forgotten(group, presence, membership, bob, listed):
    membership.setDormant(2, acting_as(presence))
    tx = membership.leave(bob.tx)
    assert "LeafChanged" not in tx.events
    assert group.identityOf(2) == (0, 1, False)


def test_whoever_is_expelled_while_dormant_is_forgotten(group, presence, membership, commune, listed):
    membership.setDormant(2, acting_as(presence))
    expel_directly(commune, 2)
    assert group.identityOf(2) == (0, 1, False)


def test_an_expulsion_after_leaving_changes_nothing_more(group, membership, commune, bob, listed):
    membership.leave(bob.tx)
    tx = expel_directly(commune, 2)
    assert "LeafChanged" not in tx.events
    assert group.listed() == 4


def test_whoever_returns_is_not_in_the_group_until_they_register(
    group, membership, commune, alice, bob, carol, listed
):
    membership.leave(alice.tx)
    joined(commune, alice, (bob, carol))
    assert group.identityOf(1) == (0, 0, False)
    assert group.root() == semaphore.roots(emptied(listed, 0))[0]


def test_the_last_leafs_member_leaves_and_the_tree_keeps_its_size(
    group, membership, commune, listed, erin, keys
):
    membership.leave(erin.tx)
    membership.admit(erin.address, acting_as(commune.admission))
    tx = group.register(*keys[7].key, erin.tx)
    assert_group(group, [*listed[:4], keys[7].commitment], tx, 5)
    assert group.size() == 8


def test_members_without_an_identity_come_and_go_unnoticed(group, membership, commune, newcomer, listed):
    root = group.root()
    admit_directly(commune, newcomer)
    transactions = [
        membership.setDormant(6, acting_as(commune.presence)),
        membership.wake(6, acting_as(commune.presence)),
        membership.leave(newcomer.tx),
        expel_directly(commune, 6),
    ]
    assert ["LeafChanged" in tx.events for tx in transactions] == [False] * 4
    assert (group.root(), group.size(), group.listed()) == (root, 8, 5)


# ---------------------------------------------------------------------------------------------- recovery


def test_a_recovery_empties_the_leaf(group, commune, new_account, listed):
    """The holder of the old account may hold the identity's secret too."""
    tx = move_directly(commune, 4, new_account)
    assert_group(group, emptied(listed, 3), tx, 4)
    assert group.identityOf(4) == (0, 3, False)


def test_the_recovered_member_registers_on_the_same_leaf(group, commune, new_account, listed, keys):
    move_directly(commune, 4, new_account)
    tx = group.register(*keys[8].key, new_account.tx)
    assert_group(group, [*listed[:3], keys[8].commitment, listed[4]], tx, 4)


def test_whoever_is_recovered_while_dormant_wakes_without_the_old_identity(
    group, presence, membership, commune, new_account, listed
):
    membership.setDormant(4, acting_as(presence))
    move_directly(commune, 4, new_account)
    tx = membership.wake(4, acting_as(presence))
    assert "LeafChanged" not in tx.events
    assert group.identityOf(4) == (0, 3, False)
    assert group.root() == semaphore.roots(emptied(listed, 3))[0]


def test_a_guardians_recovery_reaches_the_group(group, recovery, commune, founders, new_account, listed):
    alice, bob, carol = founders[:3]
    recovery.setGuardians([2, 3], 2, alice.tx)
    advance(7 * DAY + 1)
    recovery.support(1, new_account.address, bob.tx)
    recovery.support(1, new_account.address, carol.tx)
    advance(7 * DAY + 1)
    tx = recovery.recover(1, bob.tx)
    assert_group(group, emptied(listed, 0), tx, 1)
