"""The old account's one veto against a recovery, for its owner or for a thief."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance
from tests.contracts.errors import error
from tests.contracts.people import DAY


@pytest.fixture(scope="module")
def commune(commune, alice, bob):
    """Two of bob, carol and dave guard alice; alice and carol together guard bob."""
    commune.recovery.setGuardians([2, 3, 4], 2, alice.tx)
    commune.recovery.setGuardians([1, 3], 2, bob.tx)
    advance(7 * DAY)
    return commune


@pytest.fixture
def scheduled(recovery, bob, carol, new_account):
    recovery.support(1, new_account.address, bob.tx)
    return recovery.support(1, new_account.address, carol.tx)


@pytest.fixture
def vetoed(recovery, scheduled, alice):
    advance(6 * DAY)
    return recovery.veto(alice.tx)


def test_old_account_stops_a_recovery(recovery, membership, vetoed, alice, bob, new_account):
    assert vetoed.events["RecoveryVetoed"] == {"memberId": 1, "newAccount": new_account.address}
    assert recovery.vetoSpent(1)
    advance(7 * DAY)
    with reverts(error("RecoveryNoRequest", 1)):
        recovery.recover(1, bob.tx)
    assert membership.accountOf(1) == alice.address


def test_second_recovery_takes_one_guardian_more(recovery, vetoed, bob, carol, dave, new_account):
    assert recovery.requiredSupport(1) == 3
    recovery.support(1, new_account.address, bob.tx)
    tx = recovery.support(1, new_account.address, carol.tx)
    assert "RecoveryScheduled" not in tx.events
    tx = recovery.support(1, new_account.address, dave.tx)
    assert tx.events["RecoveryScheduled"]["executableAt"] == tx.timestamp + 7 * DAY


def test_thief_cannot_veto_twice(recovery, membership, vetoed, alice, bob, carol, dave, new_account):
    for guardian in (bob, carol, dave):
        recovery.support(1, new_account.address, guardian.tx)
    with reverts(error("RecoveryVetoSpent", 1)):
        recovery.veto(alice.tx)
    advance(7 * DAY)
    recovery.recover(1, bob.tx)
    assert membership.accountOf(1) == new_account.address


def test_all_guardians_are_enough_where_there_is_none_more(
    recovery, membership, alice, bob, carol, new_account
):
    for guardian in (alice, carol):
        recovery.support(2, new_account.address, guardian.tx)
    recovery.veto(bob.tx)
    assert recovery.requiredSupport(2) == 2
    for guardian in (alice, carol):
        recovery.support(2, new_account.address, guardian.tx)
    advance(7 * DAY)
    recovery.recover(2, alice.tx)
    assert membership.accountOf(2) == new_account.address


def test_thief_who_changes_guardians_and_then_vetoes_gains_nothing(
    recovery, membership, alice, bob, carol, dave, new_account
):
    """The change was due before the veto; it waits seven days from it, time for the guardians to answer."""
    recovery.setGuardians([4, 5], 2, alice.tx)
    recovery.support(1, new_account.address, bob.tx)
    recovery.support(1, new_account.address, carol.tx)
    advance(7 * DAY)
    tx = recovery.veto(alice.tx)

    assert tx.events["GuardiansChangeScheduled"]["effectiveAt"] == tx.timestamp + 7 * DAY
    assert recovery.guardiansOf(1) == ([2, 3, 4], 2)
    advance(6 * DAY)
    for guardian in (bob, carol, dave):
        recovery.support(1, new_account.address, guardian.tx)
    advance(7 * DAY)
    recovery.recover(1, bob.tx)
    assert membership.accountOf(1) == new_account.address


def test_owner_who_vetoed_bad_guardians_replaces_them(recovery, vetoed, alice, bob, new_account):
    recovery.setGuardians([3, 5], 2, alice.tx)
    advance(7 * DAY)
    assert recovery.guardiansOf(1) == ([3, 5], 2)
    with reverts(error("RecoveryNotGuardian", 1, 2)):
        recovery.support(1, new_account.address, bob.tx)


def test_veto_is_there_again_once_new_guardians_are_in_office(
    recovery, vetoed, alice, carol, erin, new_account
):
    recovery.setGuardians([3, 5], 2, alice.tx)
    advance(7 * DAY)
    assert not recovery.vetoSpent(1)
    for guardian in (carol, erin):
        recovery.support(1, new_account.address, guardian.tx)
    assert recovery.veto(alice.tx).events["RecoveryVetoed"]["memberId"] == 1


def test_veto_is_there_again_after_a_recovery(recovery, vetoed, bob, carol, dave, new_account, stranger):
    for guardian in (bob, carol, dave):
        recovery.support(1, new_account.address, guardian.tx)
    advance(7 * DAY)
    recovery.recover(1, bob.tx)
    assert not recovery.vetoSpent(1)
    for guardian in (bob, carol):
        recovery.support(1, stranger.address, guardian.tx)
    assert recovery.veto(new_account.tx).events["RecoveryVetoed"]["newAccount"] == stranger.address


def test_nothing_is_vetoed_before_enough_support_it(recovery, alice, bob, new_account):
    recovery.support(1, new_account.address, bob.tx)
    with reverts(error("RecoveryNothingToVeto", 1)):
        recovery.veto(alice.tx)
    assert not recovery.vetoSpent(1)


def test_lapsed_recovery_costs_no_veto(recovery, scheduled, alice):
    advance(37 * DAY)
    with reverts(error("RecoveryNothingToVeto", 1)):
        recovery.veto(alice.tx)


def test_only_the_member_vetoes(recovery, scheduled, bob, stranger):
    with reverts(error("RecoveryNothingToVeto", 2)):
        recovery.veto(bob.tx)
    with reverts(error("RecoveryNotMember", 0)):
        recovery.veto(stranger.tx)
