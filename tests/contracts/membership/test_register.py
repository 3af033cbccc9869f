"""Listing an identity in the members' group."""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.membership import semaphore
from tests.contracts.membership.steps import (
    acting_as,
    admit_directly,
    expel_directly,
    fall_silent,
    move_directly,
    to_season,
)
from tests.contracts.people import DORMANT, EXPELLED, LEFT

FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617
# BabyJubJub's neutral point, whose secret is 0, and the one of order 2: all with x = 0.
NEUTRAL, HALF = (0, 1), (0, FIELD - 1)


def on_curve(x, y):
    return (168700 * x * x + y * y - 1 - 168696 * x * x * y * y) % FIELD == 0


# ---------------------------------------------------------------------------------------------- registering


def test_a_member_lists_their_identity(group, alice, keys):
    tx = group.register(*keys[0].key, alice.tx)

    assert tx.events["IdentityRegistered"] == {
        "memberId": 1,
        "index": 0,
        "ax": keys[0].ax,
        "ay": keys[0].ay,
        "commitment": keys[0].commitment,
    }
    assert tx.events["LeafChanged"] == {
        "index": 0,
        "memberId": 1,
        "leaf": keys[0].commitment,
    }
    assert group.identityOf(1) == (keys[0].commitment, 0, True)
    assert group.ownerOf(keys[0].commitment) == 1
    assert (group.size(), group.depth(), group.listed()) == (1, 0, 1)
    assert group.leafAt(0) == group.root() == keys[0].commitment


def test_an_empty_group_has_no_root(group):
    assert (group.root(), group.size(), group.depth(), group.listed()) == (0, 0, 0, 0)
    assert group.identityOf(1) == (0, 0, False)


def test_each_member_has_a_leaf_of_their_own_and_the_root_is_semaphores(group, founders, keys):
    listed = [key.commitment for key in keys[: len(founders)]]
    expected = semaphore.roots(*(listed[:count] for count in range(1, 6)))
    for index, founder in enumerate(founders):
        group.register(*keys[index].key, founder.tx)
        assert group.root() == expected[index]
        assert group.identityOf(index + 1)["index"] == index
    assert [group.leafAt(index) for index in range(8)] == [*listed, 0, 0, 0]
    assert (group.size(), group.depth(), group.listed()) == (8, 3, 5)


def test_a_newcomer_on_probation_registers(group, commune, newcomer, keys):
    admit_directly(commune, newcomer)
    group.register(*keys[0].key, newcomer.tx)
    assert group.identityOf(6)["listed"]


# ---------------------------------------------------------------------------------------------- who may not


def test_a_stranger_registers_nothing(group, stranger, keys):
    with reverts(error("MembershipNotMember", stranger)):
        group.register(*keys[0].key, stranger.tx)


def test_a_dormant_member_registers_nothing(group, commune, alice, keys):
    fall_silent(commune, 1)
    with reverts(error("MembershipNotActive", 1, DORMANT)):
        group.register(*keys[0].key, alice.tx)


def test_an_expelled_member_registers_nothing(group, commune, alice, keys):
    expel_directly(commune, 1)
    with reverts(error("MembershipNotActive", 1, EXPELLED)):
        group.register(*keys[0].key, alice.tx)


def test_whoever_has_left_registers_nothing(group, membership, alice, keys):
    membership.leave(alice.tx)
    with reverts(error("MembershipNotActive", 1, LEFT)):
        group.register(*keys[0].key, alice.tx)


def test_an_account_that_a_recovery_emptied_registers_nothing(group, commune, alice, new_account, keys):
    move_directly(commune, 1, new_account)
    with reverts(error("MembershipNotMember", alice)):
        group.register(*keys[0].key, alice.tx)


# ---------------------------------------------------------------------------------------------- bad keys


@pytest.mark.parametrize(
    "alias",
    [
        lambda x, y: (x + FIELD, y),
        lambda x, y: (x, y + FIELD),
        lambda x, y: (x + FIELD, y + FIELD),
        lambda x, y: (x + 4 * FIELD, y),
        lambda x, y: (2**256 - FIELD + x, y),
        lambda x, y: (x, 2**256 - FIELD + y),
    ],
    ids=["x + r", "y + r", "both + r", "x + 4 r", "x - r as an unsigned word", "y - r as an unsigned word"],
)
def test_a_key_has_one_spelling(group, alice, keys, alias):
    x, y = alias(*keys[0].key)
    assert max(x, y) < 2**256
    with reverts(error("MemberGroupOffCurve", x, y)):
        group.register(x, y, alice.tx)


@pytest.mark.parametrize(
    "move",
    [
        lambda x, y: (y, x),
        lambda x, y: (x + 1, y),
        lambda x, y: (x, y - 1),
        lambda x, y: (x, 0),
        lambda x, y: (0, 0),
        lambda x, y: (0, 2),
        lambda x, y: (2**256 - 1, 2**256 - 1),
    ],
    ids=["swapped", "x + 1", "y - 1", "(x, 0)", "(0, 0)", "(0, 2)", "(-1, -1) as unsigned words"],
)
def test_a_key_off_the_curve_is_refused(group, alice, keys, move):
    x, y = move(*keys[0].key)
    assert max(x, y) >= FIELD or not on_curve(x, y)
    with reverts(error("MemberGroupOffCurve", x, y)):
        group.register(x, y, alice.tx)


@pytest.mark.parametrize("key", [NEUTRAL, HALF], ids=["(0, 1)", "(0, -1)"])
def test_a_key_whose_secret_everybody_knows_is_refused(group, alice, key):
    assert on_curve(*key)
    with reverts(error("MemberGroupWeakKey", *key)):
        group.register(*key, alice.tx)


# ---------------------------------------------------------------------------------------------- whose key


def test_a_key_belongs_to_whoever_registered_it_first(group, alice, bob, keys):
    group.register(*keys[0].key, alice.tx)
    with reverts(error("MemberGroupKeyTaken", keys[0].commitment, 1)):
        group.register(*keys[0].key, bob.tx)


def test_a_key_stays_its_owners_after_they_replaced_it(group, alice, bob, keys):
    group.register(*keys[0].key, alice.tx)
    group.register(*keys[1].key, alice.tx)
    with reverts(error("MemberGroupKeyTaken", keys[0].commitment, 1)):
        group.register(*keys[0].key, bob.tx)


def test_a_key_stays_its_owners_after_they_left(group, membership, alice, bob, keys):
    group.register(*keys[0].key, alice.tx)
    membership.leave(alice.tx)
    with reverts(error("MemberGroupKeyTaken", keys[0].commitment, 1)):
        group.register(*keys[0].key, bob.tx)


def test_nobody_replaces_a_key_by_itself(group, alice, keys):
    group.register(*keys[0].key, alice.tx)
    with reverts(error("MemberGroupKeyUnchanged", keys[0].commitment)):
        group.register(*keys[0].key, alice.tx)


def test_a_member_goes_back_to_an_earlier_key_of_their_own(group, commune, alice, keys):
    group.register(*keys[0].key, alice.tx)
    group.register(*keys[1].key, alice.tx)
    to_season(commune, 2)
    group.register(*keys[0].key, alice.tx)
    assert group.leafAt(0) == keys[0].commitment


# ---------------------------------------------------------------------------------------------- again


def test_a_new_key_takes_the_old_ones_place_in_the_same_transaction(group, alice, bob, keys):
    group.register(*keys[0].key, alice.tx)
    group.register(*keys[1].key, bob.tx)
    tx = group.register(*keys[2].key, alice.tx)

    [expected] = semaphore.roots([keys[2].commitment, keys[1].commitment])
    assert tx.events["LeafChanged"] == {
        "index": 0,
        "memberId": 1,
        "leaf": keys[2].commitment,
    }
    assert group.root() == expected
    assert (group.size(), group.listed()) == (2, 2)


def test_a_member_registers_again_once_a_season(group, commune, alice, keys):
    group.register(*keys[0].key, alice.tx)
    group.register(*keys[1].key, alice.tx)
    with reverts(error("MemberGroupReregistered", 1, 1)):
        group.register(*keys[2].key, alice.tx)
    to_season(commune, 2)
    group.register(*keys[2].key, alice.tx)
    with reverts(error("MemberGroupReregistered", 1, 2)):
        group.register(*keys[3].key, alice.tx)


def test_recovery_makes_one_more_registration_free(group, commune, alice, new_account, keys):
    group.register(*keys[0].key, alice.tx)
    group.register(*keys[1].key, alice.tx)
    move_directly(commune, 1, new_account)
    group.register(*keys[2].key, new_account.tx)
    assert group.identityOf(1) == (keys[2].commitment, 0, True)
    with reverts(error("MemberGroupReregistered", 1, 1)):
        group.register(*keys[3].key, new_account.tx)


def test_a_recovery_before_the_first_registration_gives_nothing_more(group, commune, new_account, keys):
    move_directly(commune, 1, new_account)
    group.register(*keys[0].key, new_account.tx)
    group.register(*keys[1].key, new_account.tx)
    with reverts(error("MemberGroupReregistered", 1, 1)):
        group.register(*keys[2].key, new_account.tx)


def test_whoever_returns_registers_again_on_their_old_leaf(group, membership, commune, alice, bob, keys):
    group.register(*keys[0].key, alice.tx)
    group.register(*keys[1].key, bob.tx)
    membership.leave(alice.tx)
    membership.admit(alice.address, acting_as(commune.admission))
    assert group.identityOf(1) == (0, 0, False)

    group.register(*keys[0].key, alice.tx)
    assert group.identityOf(1) == (keys[0].commitment, 0, True)
    assert group.size() == 2
    with reverts(error("MemberGroupReregistered", 1, 1)):
        group.register(*keys[2].key, alice.tx)


def test_leaving_and_returning_gives_no_second_registration_in_a_season(
    group, membership, commune, alice, keys
):
    group.register(*keys[0].key, alice.tx)
    group.register(*keys[1].key, alice.tx)
    membership.leave(alice.tx)
    membership.admit(alice.address, acting_as(commune.admission))
    with reverts(error("MemberGroupReregistered", 1, 1)):
        group.register(*keys[2].key, alice.tx)
    to_season(commune, 2)
    group.register(*keys[2].key, alice.tx)
    assert group.identityOf(1)["listed"]


def test_whoever_is_no_forwarder_speaks_for_nobody(group, alice, stranger, keys):
    data = group.register.encode_input(*keys[0].key) + alice.address[2:]
    with reverts(error("MembershipNotMember", stranger)):
        stranger.account.transfer(group, data=data)
