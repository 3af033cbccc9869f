"""Naming guardians: members who may together move one's membership to a new account."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import fall_silent
from tests.contracts.people import DAY, joined


@pytest.fixture
def guarded(recovery, alice):
    """Alice's guardians are bob, carol and dave, two of whom suffice."""
    recovery.setGuardians([2, 3, 4], 2, alice.tx)
    advance(7 * DAY)


def test_guardians_take_office_after_seven_days(recovery, alice):
    tx = recovery.setGuardians([2, 3, 4], 2, alice.tx)
    effective_at = tx.timestamp + 7 * DAY

    assert tx.events["GuardiansChangeScheduled"] == {
        "memberId": 1,
        "guardians": [2, 3, 4],
        "threshold": 2,
        "effectiveAt": effective_at,
    }
    mine_at(effective_at - 1)
    assert recovery.guardiansOf(1) == ([], 0)
    assert recovery.pendingGuardiansOf(1) == ([2, 3, 4], 2, effective_at)
    mine_at(effective_at)
    assert recovery.guardiansOf(1) == ([2, 3, 4], 2)
    assert recovery.pendingGuardiansOf(1) == ([], 0, 0)
    assert recovery.requiredSupport(1) == 2


def test_later_change_replaces_the_one_under_way_and_waits_anew(recovery, alice):
    recovery.setGuardians([2, 3], 2, alice.tx)
    advance(6 * DAY)
    recovery.setGuardians([4, 5], 2, alice.tx)
    advance(6 * DAY)
    assert recovery.guardiansOf(1) == ([], 0)
    advance(1 * DAY)
    assert recovery.guardiansOf(1) == ([4, 5], 2)


def test_guardians_are_removed_after_seven_days(recovery, guarded, alice):
    recovery.setGuardians([], 0, alice.tx)
    assert recovery.guardiansOf(1) == ([2, 3, 4], 2)
    advance(7 * DAY)
    assert recovery.guardiansOf(1) == ([], 0)


@pytest.mark.parametrize(
    ("guardians", "threshold"),
    [
        pytest.param([2, 3], 1, id="one alone would suffice"),
        pytest.param([2, 3], 3, id="more than there are"),
        pytest.param([2, 3], 0, id="none would suffice"),
        pytest.param([2], 1, id="one guardian"),
        pytest.param([], 2, id="nobody"),
        pytest.param([2, 3, 4, 5, 6, 7, 8, 9], 2, id="more than seven"),
    ],
)
def test_it_takes_two_guardians_at_least_and_seven_at_most(recovery, alice, guardians, threshold):
    with reverts(error("RecoveryBadGuardians", len(guardians), threshold, 7)):
        recovery.setGuardians(guardians, threshold, alice.tx)


def test_nobody_is_guardian_twice(recovery, alice):
    with reverts(error("RecoveryDuplicateGuardian", 2)):
        recovery.setGuardians([2, 3, 2], 2, alice.tx)


def test_nobody_is_their_own_guardian(recovery, alice):
    with reverts(error("RecoveryGuardianIneligible", 1)):
        recovery.setGuardians([1, 2], 2, alice.tx)


def test_guardian_is_a_member_awake_and_out_of_probation(recovery, commune, newcomer, alice, bob):
    fall_silent(commune, 3)
    member = joined(commune, newcomer, (alice, bob))
    for ineligible in (3, member, 99):
        with reverts(error("RecoveryGuardianIneligible", ineligible)):
            recovery.setGuardians([2, ineligible], 2, alice.tx)


def test_nobody_names_guardians_who_is_no_member(recovery, stranger):
    with reverts(error("MembershipNotMember", stranger)):
        recovery.setGuardians([2, 3], 2, stranger.tx)


def test_newcomer_names_guardians(recovery, commune, newcomer, alice, bob):
    member = joined(commune, newcomer, (alice, bob))
    recovery.setGuardians([1, 2], 2, newcomer.tx)
    assert recovery.pendingGuardiansOf(member)[0] == [1, 2]


def test_thief_cannot_change_guardians_once_enough_support_a_recovery(
    recovery, guarded, alice, bob, carol, new_account
):
    """Whoever holds the old account is `alice` to the contract."""
    recovery.support(1, new_account.address, bob.tx)
    recovery.support(1, new_account.address, carol.tx)
    with reverts(error("RecoveryRequestRunning", 1)):
        recovery.setGuardians([5, 4], 2, alice.tx)


def test_change_that_a_thief_began_before_does_not_take_effect_while_a_recovery_is_scheduled(
    recovery, membership, guarded, alice, bob, carol, new_account
):
    recovery.setGuardians([5, 4], 2, alice.tx)
    recovery.support(1, new_account.address, bob.tx)
    advance(6 * DAY)
    recovery.support(1, new_account.address, carol.tx)
    advance(7 * DAY)

    assert recovery.guardiansOf(1) == ([2, 3, 4], 2)
    recovery.recover(1, bob.tx)
    assert membership.accountOf(1) == new_account.address
    assert recovery.guardiansOf(1) == ([2, 3, 4], 2)
    assert recovery.pendingGuardiansOf(1) == ([], 0, 0)
    advance(30 * DAY)
    assert recovery.guardiansOf(1) == ([2, 3, 4], 2)


def test_support_given_before_a_change_of_guardians_does_not_count_after_it(
    recovery, guarded, alice, bob, carol, dave, new_account
):
    """Not even that of carol, who stays a guardian: she was one among others then."""
    recovery.support(1, new_account.address, carol.tx)
    recovery.setGuardians([3, 4], 2, alice.tx)
    advance(7 * DAY)

    assert recovery.requestOf(1)[0] == ZERO_ADDRESS
    with reverts(error("RecoveryNotGuardian", 1, 2)):
        recovery.support(1, new_account.address, bob.tx)
    recovery.support(1, new_account.address, dave.tx)
    assert recovery.requestOf(1) == (new_account.address, [4], 0)
    tx = recovery.support(1, new_account.address, carol.tx)
    assert tx.events["RecoveryScheduled"]["executableAt"] == tx.timestamp + 7 * DAY
