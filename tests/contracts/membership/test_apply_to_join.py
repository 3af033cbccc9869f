"""Applying: asking to join."""

import brownie
import pytest
from brownie import ZERO_ADDRESS, chain, web3

from scripts import commune as law

DAY = 24 * 60 * 60
OPEN, CONTESTED, WITHDRAWN = 1, 3, 6
PROFILE = web3.keccak(text="I repair bicycles.")


def test_anyone_applies_with_the_hash_of_their_introduction(admission, newcomer):
    tx = admission.applyToJoin(PROFILE, {"from": newcomer})

    assert tx.return_value == 1
    assert tx.events["Applied"]["applicant"] == newcomer
    application = admission.application(1)
    assert application["applicant"] == newcomer
    assert application["status"] == OPEN
    assert application["appliedAt"] == tx.timestamp
    assert bytes(application["profile"]) == bytes(PROFILE)
    assert admission.applicationOf(newcomer) == admission.applicationCount() == 1


def test_nobody_applies_without_an_introduction(admission, newcomer):
    with brownie.reverts("AdmissionEmptyProfile: "):
        admission.applyToJoin(bytes(32), {"from": newcomer})


def test_nobody_applies_who_is_a_member(admission, alice):
    with brownie.reverts(revert_pattern=f"(?i)AdmissionAlreadyMember: {alice}, 1"):
        admission.applyToJoin(PROFILE, {"from": alice})


def test_nobody_applies_who_is_dormant(admission, fall_silent, alice):
    fall_silent(1)
    with brownie.reverts(revert_pattern=f"(?i)AdmissionAlreadyMember: {alice}, 1"):
        admission.applyToJoin(PROFILE, {"from": alice})


def test_nobody_applies_with_an_account_that_a_recovery_took_a_membership_from(
    admission, membership, commune, as_module, alice, new_account
):
    membership.moveAccount(1, new_account, {"from": as_module(commune.recovery)})
    with brownie.reverts(revert_pattern=f"(?i)AdmissionAlreadyMember: {alice}, 1"):
        admission.applyToJoin(PROFILE, {"from": alice})


def test_nobody_has_two_applications(admission, vouched, newcomer):
    application = vouched(newcomer)
    with brownie.reverts(revert_pattern=f"(?i)AdmissionAlreadyApplied: {newcomer}, {application}"):
        admission.applyToJoin(PROFILE, {"from": newcomer})


def test_application_that_found_no_vouches_is_replaced(admission, apply_to_join, newcomer, wait):
    first = apply_to_join(newcomer)
    wait(60 * DAY)
    tx = admission.applyToJoin(PROFILE, {"from": newcomer})

    assert tx.events["ApplicationWithdrawn"]["applicationId"] == first
    assert admission.application(first)["status"] == WITHDRAWN
    assert admission.applicationOf(newcomer) == tx.return_value == first + 1


def test_application_that_nobody_admitted_in_time_is_replaced(admission, vouched, newcomer, wait):
    first = vouched(newcomer)
    wait(62 * DAY)
    with brownie.reverts(revert_pattern="AdmissionAlreadyApplied: .*"):
        admission.applyToJoin(PROFILE, {"from": newcomer})
    wait(1 * DAY)
    admission.applyToJoin(PROFILE, {"from": newcomer})
    assert admission.application(first)["status"] == WITHDRAWN


def test_whoever_lost_the_vote_applies_again_after_it(
    admission, contested, vote, wait, newcomer, alice, bob, carol
):
    first, proposal = contested(newcomer)
    vote(proposal, 0, (alice, bob, carol))
    with brownie.reverts(revert_pattern=f"(?i)AdmissionAlreadyApplied: {newcomer}, {first}"):
        admission.applyToJoin(PROFILE, {"from": newcomer})
    wait(4 * DAY)
    admission.applyToJoin(PROFILE, {"from": newcomer})
    assert admission.application(first)["status"] == WITHDRAWN


def test_whoever_won_the_vote_does_not_apply_again(
    admission, contested, vote, wait, newcomer, alice, bob, carol
):
    application, proposal = contested(newcomer)
    vote(proposal, 1, (alice, bob, carol))
    wait(4 * DAY)
    with brownie.reverts(revert_pattern=f"(?i)AdmissionAlreadyApplied: {newcomer}, {application}"):
        admission.applyToJoin(PROFILE, {"from": newcomer})
    assert admission.application(application)["status"] == CONTESTED


def test_someone_who_left_applies_to_return(admission, membership, alice):
    membership.leave({"from": alice})
    tx = admission.applyToJoin(PROFILE, {"from": alice})
    assert tx.events["Applied"]["applicant"] == alice


def test_application_ends_when_its_account_becomes_a_members_by_recovery(
    admission, membership, commune, as_module, vouched, wait, newcomer
):
    """Otherwise the account could be admitted again, without a vote, after the member is expelled."""
    application = vouched(newcomer)
    membership.moveAccount(5, newcomer, {"from": as_module(commune.recovery)})

    assert admission.application(application)["status"] == WITHDRAWN
    membership.expel(5, {"from": as_module(commune.assembly)})
    wait(3 * DAY)
    with brownie.reverts(f"AdmissionWrongStatus: {application}, {WITHDRAWN}"):
        admission.admit(application, {"from": newcomer})


def test_only_the_register_ends_applications(admission, stranger):
    with brownie.reverts(revert_pattern=f"(?i)AdmissionOnlyRegistry: {stranger}"):
        admission.onAccountMoved(1, ZERO_ADDRESS, stranger, {"from": stranger})
    with brownie.reverts(revert_pattern=f"(?i)AdmissionOnlyRegistry: {stranger}"):
        admission.onStatusChange(1, 1, 4, {"from": stranger})


def test_relayed_application_is_the_signers(admission, commune, accounts, newcomer, stranger):
    """The forwarder appends whom it speaks for; anyone else appending an address speaks for themselves."""
    call = admission.applyToJoin.encode_input(PROFILE) + newcomer.address[2:]

    stranger.transfer(admission.address, data=call)
    assert admission.applicationOf(newcomer) == 0
    assert admission.applicationOf(stranger) == 1


@pytest.fixture(scope="module")
def unfounded(accounts):
    """A commune whose founders have not signed yet."""
    return law.deploy(accounts[0], law.Constitution.load())


def test_nobody_applies_before_the_commune_is_constituted(unfounded, newcomer):
    with brownie.reverts("ConstitutionNotConstituted: "):
        unfounded.admission.applyToJoin(PROFILE, {"from": newcomer})
    assert chain[-1].gasUsed > 0
