"""Recovery by guardians: support for a new account, its seven days, and the move."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import (
    acting_as,
    admit_directly,
    contested,
    expel_directly,
    fall_silent,
    move_directly,
)
from tests.contracts.people import DAY, DORMANT, FOR, LEFT, joined, vote


@pytest.fixture(scope="module")
def commune(commune, alice):
    """Alice's guardians are bob, carol and dave, two of whom suffice."""
    commune.recovery.setGuardians([2, 3, 4], 2, alice.tx)
    advance(7 * DAY)
    return commune


@pytest.fixture
def scheduled(recovery, bob, carol, new_account):
    """The transaction by which the second guardian supported the new account."""
    recovery.support(1, new_account.address, bob.tx)
    return recovery.support(1, new_account.address, carol.tx)


def test_two_guardians_move_a_membership_after_seven_days(
    recovery, membership, scheduled, alice, stranger, new_account
):
    executable_at = scheduled.timestamp + 7 * DAY
    assert scheduled.events["RecoveryScheduled"] == {
        "memberId": 1,
        "newAccount": new_account.address,
        "executableAt": executable_at,
    }
    assert recovery.requestOf(1) == (new_account.address, [2, 3], executable_at)
    mine_at(executable_at)
    tx = recovery.recover(1, stranger.tx)

    assert tx.events["Recovered"] == {
        "memberId": 1,
        "from": alice.address,
        "to": new_account.address,
        "byVote": False,
    }
    assert membership.accountOf(1) == new_account.address
    assert membership.memberIdOf(new_account.address) == 1
    assert membership.memberIdOf(alice.address) == 0
    assert recovery.requestOf(1) == (ZERO_ADDRESS, [], 0)


def test_nobody_is_recovered_before_the_seven_days_are_over(recovery, scheduled, bob):
    executable_at = scheduled.timestamp + 7 * DAY
    mine_at(executable_at - 60)
    with reverts(error("RecoveryTooEarly", 1, executable_at)):
        recovery.recover(1, bob.tx)


def test_one_guardian_alone_recovers_nobody(recovery, bob, new_account):
    recovery.support(1, new_account.address, bob.tx)
    advance(8 * DAY)
    with reverts(error("RecoveryNoRequest", 1)):
        recovery.recover(1, bob.tx)


def test_guardian_who_left_meanwhile_no_longer_counts(
    recovery, membership, scheduled, bob, carol, dave, new_account
):
    membership.leave(carol.tx)
    advance(7 * DAY)
    with reverts(error("RecoveryTooFewSupporters", 1, 1, 2)):
        recovery.recover(1, bob.tx)
    recovery.support(1, new_account.address, dave.tx)
    recovery.recover(1, bob.tx)
    assert membership.accountOf(1) == new_account.address


def test_guardian_back_on_probation_does_not_count(
    recovery, membership, commune, alice, bob, carol, erin, new_account
):
    recovery.support(1, new_account.address, bob.tx)
    membership.leave(bob.tx)
    joined(commune, bob, (alice, erin))
    recovery.support(1, new_account.address, carol.tx)

    assert recovery.requestOf(1) == (new_account.address, [3], 0)
    with reverts(error("MembershipOnProbation", 2, membership.probationUntil(2))):
        recovery.support(1, new_account.address, bob.tx)


def test_guardian_who_counts_again_can_say_so_again(
    recovery, membership, commune, alice, bob, carol, dave, new_account
):
    """Bob supported, slept while carol did, and was woken: his word decides when he repeats it."""
    recovery.support(1, new_account.address, bob.tx)
    membership.setDormant(2, acting_as(commune.presence))
    recovery.support(1, new_account.address, carol.tx)
    membership.wake(2, acting_as(commune.presence))
    tx = recovery.support(1, new_account.address, bob.tx)
    assert tx.events["RecoveryScheduled"]["newAccount"] == new_account.address


def test_strangers_and_other_members_support_nothing(recovery, stranger, erin, new_account):
    with reverts(error("MembershipNotMember", stranger)):
        recovery.support(1, new_account.address, stranger.tx)
    with reverts(error("RecoveryNotGuardian", 1, 5)):
        recovery.support(1, new_account.address, erin.tx)


def test_guardian_supports_once(recovery, bob, new_account):
    recovery.support(1, new_account.address, bob.tx)
    with reverts(error("RecoverySupportTwice", 1, 2)):
        recovery.support(1, new_account.address, bob.tx)


def test_support_for_different_accounts_does_not_add_up(recovery, bob, carol, dave, thief, new_account):
    recovery.support(1, thief.address, bob.tx)
    recovery.support(1, new_account.address, carol.tx)
    assert recovery.requestOf(1) == (new_account.address, [3], 0)
    tx = recovery.support(1, new_account.address, dave.tx)
    assert tx.events["RecoveryScheduled"]["newAccount"] == new_account.address


def test_guardian_changes_their_mind_before_it_is_scheduled(recovery, bob, carol, thief, new_account):
    recovery.support(1, thief.address, bob.tx)
    recovery.support(1, new_account.address, bob.tx)
    assert recovery.requestOf(1) == (new_account.address, [2], 0)
    recovery.support(1, thief.address, carol.tx)
    assert recovery.requestOf(1) == (thief.address, [3], 0)


def test_no_other_account_is_supported_once_one_is_scheduled(recovery, scheduled, dave, thief, new_account):
    with reverts(error("RecoveryOtherAccountRunning", 1, new_account)):
        recovery.support(1, thief.address, dave.tx)


def test_membership_moves_to_no_members_account(recovery, membership, bob, erin):
    with reverts(error("RecoveryAccountTaken", erin)):
        recovery.support(1, erin.address, bob.tx)
    membership.leave(erin.tx)
    with reverts(error("RecoveryAccountTaken", erin)):
        recovery.support(1, erin.address, bob.tx)


def test_membership_moves_to_no_account_that_ever_held_one(recovery, commune, bob, erin, new_account):
    move_directly(commune, 5, new_account)
    with reverts(error("RecoveryAccountTaken", erin)):
        recovery.support(1, erin.address, bob.tx)


def test_membership_does_not_move_to_an_account_that_joined_meanwhile(
    recovery, commune, scheduled, bob, new_account
):
    admit_directly(commune, new_account)
    advance(7 * DAY)
    with reverts(error("RecoveryAccountTaken", new_account)):
        recovery.recover(1, bob.tx)


def test_membership_does_not_move_to_nowhere(recovery, bob):
    with reverts(error("RecoveryZeroAccount")):
        recovery.support(1, ZERO_ADDRESS, bob.tx)


def test_support_that_found_no_second_voice_lapses_after_30_days(recovery, bob, carol, new_account):
    tx = recovery.support(1, new_account.address, bob.tx)
    mine_at(tx.timestamp + 30 * DAY)
    assert recovery.requestOf(1) == (ZERO_ADDRESS, [], 0)
    recovery.support(1, new_account.address, carol.tx)
    assert recovery.requestOf(1) == (new_account.address, [3], 0)


def test_scheduled_recovery_that_nobody_completed_lapses_after_30_days(
    recovery, scheduled, alice, bob, new_account
):
    """Else a recovery that cannot be completed would keep the member from changing guardians for ever."""
    lapses_at = scheduled.timestamp + 37 * DAY
    mine_at(lapses_at - 60)
    with reverts(error("RecoveryRequestRunning", 1)):
        recovery.setGuardians([4, 5], 2, alice.tx)
    mine_at(lapses_at)
    with reverts(error("RecoveryNoRequest", 1)):
        recovery.recover(1, bob.tx)
    recovery.setGuardians([4, 5], 2, alice.tx)
    assert recovery.pendingGuardiansOf(1)[0] == [4, 5]


def test_dormant_member_is_recovered_and_stays_dormant(
    recovery, membership, commune, bob, carol, new_account
):
    fall_silent(commune, 1)
    recovery.support(1, new_account.address, bob.tx)
    recovery.support(1, new_account.address, carol.tx)
    advance(7 * DAY)
    recovery.recover(1, bob.tx)
    assert membership.accountOf(1) == new_account.address
    assert membership.statusOf(1) == DORMANT


def test_leaving_ends_a_recovery(recovery, membership, scheduled, alice, bob, carol, new_account):
    tx = membership.leave(alice.tx)
    assert tx.events["RecoveryCancelled"]["memberId"] == 1
    advance(7 * DAY)
    with reverts(error("RecoveryNotMember", 1)):
        recovery.recover(1, bob.tx)
    with reverts(error("RecoveryNotMember", 1)):
        recovery.support(1, new_account.address, carol.tx)
    assert membership.statusOf(1) == LEFT


def test_expulsion_ends_a_recovery_for_a_later_return_too(recovery, commune, scheduled, bob, alice):
    expel_directly(commune, 1)
    admit_directly(commune, alice)
    advance(7 * DAY)
    with reverts(error("RecoveryNoRequest", 1)):
        recovery.recover(1, bob.tx)


def test_recovery_during_a_vote_brings_no_second_ballot(
    recovery, commune, scheduled, newcomer, alice, bob, carol, dave, erin, new_account
):
    mine_at(scheduled.timestamp + 6 * DAY)
    _, proposal = contested(commune, newcomer, (bob, carol), dave)
    vote(commune, proposal, (alice,))
    mine_at(scheduled.timestamp + 7 * DAY)
    recovery.recover(1, bob.tx)

    with reverts(error("AssemblyAlreadyVoted", proposal, 1)):
        commune.assembly.castBallot(proposal, FOR, 1, new_account.tx)
    with reverts(error("AssemblyNotInElectorate", proposal, alice, 0)):
        commune.assembly.castBallot(proposal, FOR, 1, alice.tx)
    assert commune.assembly.tallyOf(proposal)["heads"] == 1


def test_recovered_member_votes_from_the_new_account_in_a_vote_opened_before(
    recovery, commune, scheduled, newcomer, alice, bob, carol, dave, new_account
):
    mine_at(scheduled.timestamp + 6 * DAY)
    _, proposal = contested(commune, newcomer, (bob, carol), dave)
    mine_at(scheduled.timestamp + 7 * DAY)
    recovery.recover(1, bob.tx)
    with reverts(error("AssemblyNotInElectorate", proposal, alice, 0)):
        commune.assembly.castBallot(proposal, FOR, 1, alice.tx)
    vote(commune, proposal, (new_account,))
    assert commune.assembly.ballotOf(proposal, 1)["cast"]


def test_only_the_register_reports_changes(recovery, stranger):
    with reverts(error("RecoveryOnlyRegistry", stranger)):
        recovery.onStatusChange(1, 1, 3, stranger.tx)
    with reverts(error("RecoveryOnlyRegistry", stranger)):
        recovery.onAccountMoved(1, ZERO_ADDRESS, stranger.address, stranger.tx)
