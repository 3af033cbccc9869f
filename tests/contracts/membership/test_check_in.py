"""Checking in: showing once a year, with another member's attestation, that one is alive."""

import pytest
from brownie import SigningWallet, accounts, history, reverts

from tests.contracts.clock import now
from tests.contracts.errors import error
from tests.contracts.membership.steps import attestation, check_in, fall_silent, move_directly
from tests.contracts.people import DAY, DORMANT, MEMBER_ACTIVE, joined


def test_member_checks_in_with_another_members_attestation(presence, commune, alice, bob):
    tx = check_in(commune, alice, bob)

    assert tx.events["CheckedIn"] == {"memberId": 1, "attester": 2, "checkIn": 0, "woke": False}
    assert presence.checkInCount(1) == 1
    assert presence.lastAttester(1) == 2
    assert presence.lastSign(1) == tx.timestamp


def test_nobody_attests_for_themselves(presence, commune, alice):
    with reverts(error("PresenceAttestedBySelf", 1)):
        presence.checkIn(*attestation(commune, 1, 1, by=alice), alice.tx)


def test_voucher_does_not_attest_for_whom_they_brought_in(presence, commune, newcomer, alice, bob, carol):
    member = joined(commune, newcomer, (alice, bob))
    with reverts(error("PresenceAttestedByVoucher", member, 2)):
        presence.checkIn(*attestation(commune, member, 2, by=bob), newcomer.tx)
    assert check_in(commune, newcomer, carol).events["CheckedIn"]["attester"] == 3


def test_voucher_attests_where_fewer_than_three_others_could(
    presence, membership, commune, newcomer, alice, bob, erin
):
    joined(commune, newcomer, (alice, bob))
    membership.leave(erin.tx)
    assert check_in(commune, newcomer, bob).events["CheckedIn"]["attester"] == 2


def test_nobody_attests_for_the_same_member_twice_running(presence, commune, alice, bob, carol):
    check_in(commune, alice, bob)
    with reverts(error("PresenceSameAttesterTwice", 1, 2)):
        presence.checkIn(*attestation(commune, 1, 2, by=bob), alice.tx)
    check_in(commune, alice, carol)
    assert check_in(commune, alice, bob).events["CheckedIn"]["checkIn"] == 2


def test_same_member_attests_twice_running_where_fewer_than_three_others_could(
    membership, commune, alice, bob, erin
):
    check_in(commune, alice, bob)
    membership.leave(erin.tx)
    assert check_in(commune, alice, bob).events["CheckedIn"]["checkIn"] == 1


def test_attestation_is_the_named_attesters(presence, commune, alice, stranger):
    with reverts(error("PresenceBadAttestation", 1, 2)):
        presence.checkIn(*attestation(commune, 1, 2, by=stranger), alice.tx)


def test_attestation_is_not_used_twice(presence, commune, alice, bob, carol):
    used = attestation(commune, 1, 2, by=bob)
    presence.checkIn(*used, alice.tx)
    check_in(commune, alice, carol)
    with reverts(error("PresenceBadAttestation", 1, 2)):
        presence.checkIn(*used, alice.tx)


def test_attestation_for_another_chain_is_refused(presence, commune, alice, bob):
    with reverts(error("PresenceBadAttestation", 1, 2)):
        presence.checkIn(*attestation(commune, 1, 2, by=bob, chain_id=1), alice.tx)


def test_attestation_for_another_member_is_refused(presence, commune, alice, bob, carol):
    with reverts(error("PresenceBadAttestation", 3, 2)):
        presence.checkIn(*attestation(commune, 1, 2, by=bob), carol.tx)


def test_attestation_is_refused_after_its_deadline(presence, commune, alice, bob):
    deadline = now() - 1
    with reverts(error("PresenceAttestationExpired", deadline)):
        presence.checkIn(*attestation(commune, 1, 2, by=bob, deadline=deadline), alice.tx)


def test_attestation_is_good_for_30_days_at_most(presence, commune, alice, bob):
    deadline = now() + 31 * DAY
    with reverts(revert_pattern=f"PresenceAttestationTooLong: {deadline}, .*"):
        presence.checkIn(*attestation(commune, 1, 2, by=bob, deadline=deadline), alice.tx)


def test_attester_is_out_of_probation(presence, commune, newcomer, alice, bob):
    member = joined(commune, newcomer, (alice, bob))
    with reverts(error("PresenceAttesterIneligible", member)):
        presence.checkIn(*attestation(commune, 1, member, by=newcomer), alice.tx)


def test_attester_is_awake(presence, commune, alice, bob):
    fall_silent(commune, 2)
    with reverts(error("PresenceAttesterIneligible", 2)):
        presence.checkIn(*attestation(commune, 1, 2, by=bob), alice.tx)


def test_attester_is_a_member(presence, membership, commune, alice, bob, stranger):
    membership.leave(bob.tx)
    with reverts(error("PresenceAttesterIneligible", 2)):
        presence.checkIn(*attestation(commune, 1, 2, by=bob), alice.tx)
    with reverts(error("PresenceAttesterIneligible", 99)):
        presence.checkIn(*attestation(commune, 1, 99, by=stranger), alice.tx)


def test_nobody_checks_in_who_is_no_member(presence, membership, commune, stranger, alice, bob):
    with reverts(error("PresenceNotMember", 0)):
        presence.checkIn(*attestation(commune, 0, 2, by=bob), stranger.tx)
    membership.leave(alice.tx)
    with reverts(error("PresenceNotMember", 1)):
        presence.checkIn(*attestation(commune, 1, 2, by=bob), alice.tx)


def test_late_check_in_wakes_a_dormant_member(presence, membership, commune, alice, bob):
    fall_silent(commune, 1)
    assert membership.statusOf(1) == DORMANT
    tx = check_in(commune, alice, bob)

    assert tx.events["CheckedIn"]["woke"]
    assert membership.statusOf(1) == MEMBER_ACTIVE
    assert presence.lastSign(1) == tx.timestamp


def test_thief_with_the_old_account_attests_nothing_after_a_recovery(
    presence, commune, alice, bob, new_account
):
    move_directly(commune, 2, new_account)
    with reverts(error("PresenceBadAttestation", 1, 2)):
        presence.checkIn(*attestation(commune, 1, 2, by=bob), alice.tx)
    presence.checkIn(*attestation(commune, 1, 2, by=new_account), alice.tx)
    assert presence.checkInCount(1) == 1


@pytest.fixture
def wallet_of():
    """A contract wallet that answers for a person, using this much gas."""
    return lambda owner, gas: SigningWallet.deploy(owner.address, gas, 32, {"from": accounts[0]})


def test_contract_wallet_attests_by_erc_1271(presence, commune, wallet_of, alice, bob, stranger):
    move_directly(commune, 2, wallet_of(bob, 0))
    with reverts(error("PresenceBadAttestation", 1, 2)):
        presence.checkIn(*attestation(commune, 1, 2, by=stranger), alice.tx)
    presence.checkIn(*attestation(commune, 1, 2, by=bob), alice.tx)
    assert presence.lastAttester(1) == 2


def test_contract_wallet_that_burns_gas_is_cut_short(presence, commune, wallet_of, alice, bob):
    move_directly(commune, 2, wallet_of(bob, 5_000_000))
    with reverts(error("PresenceBadAttestation", 1, 2)):
        presence.checkIn(*attestation(commune, 1, 2, by=bob), {**alice.tx, "gas_limit": 2_000_000})
    assert history[-1].gas_used < 300_000
