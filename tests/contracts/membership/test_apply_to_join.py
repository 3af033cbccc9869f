"""Applying: asking to join."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import (
    contested,
    expel_directly,
    fall_silent,
    move_directly,
    voted,
    vouched,
)
from tests.contracts.people import AGAINST, DAY, FOR, apply

OPEN, CONTESTED, WITHDRAWN = 1, 3, 6
PROFILE = communes.text_hash("I repair bicycles.")


def test_anyone_applies_with_the_hash_of_their_introduction(admission, newcomer):
    tx = admission.applyToJoin(PROFILE, newcomer.tx)

    assert tx.return_value == 1
    assert tx.events["Applied"]["applicant"] == newcomer.address
    application = admission.application(1)
    assert application["applicant"] == newcomer.address
    assert application["status"] == OPEN
    assert application["appliedAt"] == tx.timestamp
    assert application["profile"] == tx.events["Applied"]["profile"] == "0x" + PROFILE.removeprefix("0x")
    assert admission.applicationOf(newcomer.address) == admission.applicationCount() == 1


def test_nobody_applies_without_an_introduction(admission, newcomer):
    with reverts(error("AdmissionEmptyProfile")):
        admission.applyToJoin(bytes(32), newcomer.tx)


def test_nobody_applies_who_is_a_member(admission, alice):
    with reverts(error("AdmissionAlreadyMember", alice, 1)):
        admission.applyToJoin(PROFILE, alice.tx)


def test_nobody_applies_who_is_dormant(admission, commune, alice):
    fall_silent(commune, 1)
    with reverts(error("AdmissionAlreadyMember", alice, 1)):
        admission.applyToJoin(PROFILE, alice.tx)


def test_nobody_applies_with_an_account_that_a_recovery_took_a_membership_from(
    admission, membership, commune, alice, new_account
):
    move_directly(commune, 1, new_account)
    with reverts(error("AdmissionAlreadyMember", alice, 1)):
        admission.applyToJoin(PROFILE, alice.tx)
    membership.leave(new_account.tx)
    with reverts(error("AdmissionAlreadyMember", alice, 1)):
        admission.applyToJoin(PROFILE, alice.tx)


def test_nobody_has_two_applications(admission, commune, newcomer, alice, bob):
    application = vouched(commune, newcomer, (alice, bob))
    with reverts(error("AdmissionAlreadyApplied", newcomer, application)):
        admission.applyToJoin(PROFILE, newcomer.tx)


def test_application_that_found_no_vouches_is_replaced(admission, commune, newcomer):
    first = apply(commune, newcomer)
    advance(60 * DAY)
    tx = admission.applyToJoin(PROFILE, newcomer.tx)

    assert tx.events["ApplicationWithdrawn"]["applicationId"] == first
    assert admission.application(first)["status"] == WITHDRAWN
    assert admission.applicationOf(newcomer.address) == tx.return_value == first + 1


def test_application_that_nobody_admitted_in_time_is_replaced(admission, commune, newcomer, alice, bob):
    first = vouched(commune, newcomer, (alice, bob))
    expires_at = admission.application(first)["vouchedAt"] + 63 * DAY
    mine_at(expires_at - 60)
    with reverts(error("AdmissionAlreadyApplied", newcomer, first)):
        admission.applyToJoin(PROFILE, newcomer.tx)
    mine_at(expires_at)
    admission.applyToJoin(PROFILE, newcomer.tx)
    assert admission.application(first)["status"] == WITHDRAWN


def test_whoever_lost_the_vote_applies_again_after_it(admission, commune, newcomer, alice, bob, carol, dave):
    first, proposal = contested(commune, newcomer, (alice, bob), dave)
    with reverts(error("AdmissionAlreadyApplied", newcomer, first)):
        admission.applyToJoin(PROFILE, newcomer.tx)
    voted(commune, proposal, (alice, bob, carol), AGAINST)
    admission.applyToJoin(PROFILE, newcomer.tx)
    assert admission.application(first)["status"] == WITHDRAWN


def test_whoever_won_the_vote_does_not_apply_again(admission, commune, newcomer, alice, bob, carol, dave):
    application, proposal = contested(commune, newcomer, (alice, bob), dave)
    voted(commune, proposal, (alice, bob, carol), FOR)
    with reverts(error("AdmissionAlreadyApplied", newcomer, application)):
        admission.applyToJoin(PROFILE, newcomer.tx)
    assert admission.application(application)["status"] == CONTESTED


def test_someone_who_left_applies_to_return(admission, membership, alice):
    membership.leave(alice.tx)
    tx = admission.applyToJoin(PROFILE, alice.tx)
    assert tx.events["Applied"]["applicant"] == alice.address


def test_application_ends_when_its_account_becomes_a_members_by_recovery(
    admission, commune, newcomer, alice, bob
):
    """Otherwise that account could be admitted again, without a vote, after the member is expelled."""
    application = vouched(commune, newcomer, (alice, bob))
    move_directly(commune, 5, newcomer)
    assert admission.application(application)["status"] == WITHDRAWN

    expel_directly(commune, 5)
    advance(3 * DAY)
    with reverts(error("AdmissionWrongStatus", application, WITHDRAWN)):
        admission.admit(application, newcomer.tx)


def test_only_the_register_ends_applications(admission, stranger):
    with reverts(error("AdmissionOnlyRegistry", stranger)):
        admission.onAccountMoved(1, ZERO_ADDRESS, stranger.address, stranger.tx)
    with reverts(error("AdmissionOnlyRegistry", stranger)):
        admission.onStatusChange(1, 1, 4, stranger.tx)


def test_nobody_applies_for_someone_else_by_appending_their_address(admission, newcomer, stranger):
    """The forwarder alone is believed about whom it speaks for."""
    call = admission.applyToJoin.encode_input(PROFILE) + newcomer.address[2:]
    stranger.account.transfer(admission, data=call)

    assert admission.applicationOf(newcomer.address) == 0
    assert admission.applicationOf(stranger.address) == 1


@pytest.fixture(scope="module")
def unfounded(deployer, constitution_file):
    """A commune whose founders have not signed yet."""
    return communes.deploy(deployer, constitution_file)


def test_nobody_applies_before_the_commune_is_constituted(unfounded, newcomer):
    with reverts(error("ConstitutionNotConstituted")):
        unfounded.admission.applyToJoin(PROFILE, newcomer.tx)
