"""Objecting: calling for a vote on an applicant."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import REASON, admit_directly, contested, fall_silent, vouched
from tests.contracts.people import DAY, DORMANT, apply, joined, person

OPEN, VOUCHED, CONTESTED = 1, 2, 3


@pytest.fixture(scope="module")
def founders():
    """Nineteen: one short of the size from which it takes two objections."""
    return [person(i) for i in range(10, 29)]


def test_one_objection_makes_it_a_vote_in_a_small_commune(admission, commune, newcomer, alice, bob, carol):
    application = vouched(commune, newcomer, (alice, bob))
    tx = admission.object(application, REASON, carol.tx)

    after = admission.application(application)
    assert after["status"] == CONTESTED
    assert after["objections"] == 1
    assert tx.events["Objected"]["memberId"] == 3
    assert tx.events["ApplicationContested"]["proposalId"] == after["proposalId"]
    created = tx.events["ProposalCreated"]
    assert created["proposer"] == admission
    assert created["targets"] == [admission]
    assert created["calldatas"] == [admission.admitByVote.encode_input(application)]
    profile = communes.text_hash(f"I am person {newcomer.index}").removeprefix("0x")
    assert created["description"] == (
        f"Admission of applicant {application}: text:0x{profile}"
        f"#nonce={application}#proposer={admission.address.lower()}"
    )


def test_it_takes_two_objections_in_a_commune_of_twenty(
    admission, membership, commune, newcomer, alice, bob, carol, dave
):
    admit_directly(commune, person(30))
    application = vouched(commune, newcomer, (alice, bob))

    assert membership.activeCount() == 20
    admission.object(application, REASON, carol.tx)
    assert admission.application(application)["status"] == VOUCHED
    admission.object(application, REASON, dave.tx)
    assert admission.application(application)["status"] == CONTESTED


def test_nobody_objects_twice(admission, commune, newcomer, alice, bob, carol):
    admit_directly(commune, person(30))
    application = vouched(commune, newcomer, (alice, bob))
    admission.object(application, REASON, carol.tx)
    with reverts(error("AdmissionObjectionTwice", application, 3)):
        admission.object(application, REASON, carol.tx)


def test_voucher_does_not_object(admission, commune, newcomer, alice, bob):
    application = vouched(commune, newcomer, (alice, bob))
    with reverts(error("AdmissionObjectionByVoucher", application, 1)):
        admission.object(application, REASON, alice.tx)


def test_nobody_objects_before_two_have_vouched(admission, commune, newcomer, carol):
    application = apply(commune, newcomer)
    with reverts(error("AdmissionWrongStatus", application, OPEN)):
        admission.object(application, REASON, carol.tx)


def test_nobody_objects_after_the_window(admission, commune, newcomer, alice, bob, carol):
    application = vouched(commune, newcomer, (alice, bob))
    closed_at = admission.application(application)["vouchedAt"] + 3 * DAY
    mine_at(closed_at)
    with reverts(error("AdmissionObjectionWindowClosed", application, closed_at)):
        admission.object(application, REASON, carol.tx)


def test_nobody_objects_to_a_vote_that_is_under_way(admission, commune, newcomer, alice, bob, carol, dave):
    application, _ = contested(commune, newcomer, (alice, bob), dave)
    with reverts(error("AdmissionWrongStatus", application, CONTESTED)):
        admission.object(application, REASON, carol.tx)


def test_nobody_objects_who_is_no_member(admission, commune, newcomer, stranger, alice, bob):
    application = vouched(commune, newcomer, (alice, bob))
    with reverts(error("MembershipNotMember", stranger)):
        admission.object(application, REASON, stranger.tx)


def test_nobody_objects_in_probation(admission, membership, commune, newcomer, stranger, alice, bob):
    member = joined(commune, newcomer, (alice, bob))
    application = vouched(commune, stranger, (alice, bob))
    with reverts(error("MembershipOnProbation", member, membership.probationUntil(member))):
        admission.object(application, REASON, newcomer.tx)


def test_nobody_objects_while_dormant(admission, commune, newcomer, alice, bob, carol):
    fall_silent(commune, 3)
    application = vouched(commune, newcomer, (alice, bob))
    with reverts(error("MembershipNotActive", 3, DORMANT)):
        admission.object(application, REASON, carol.tx)


def test_objections_of_a_season_run_out(admission, commune, alice, bob, carol, dave):
    first, second, third = (vouched(commune, person(i), (alice, bob)) for i in (30, 31, 32))
    admission.object(first, REASON, carol.tx)
    admission.object(second, REASON, carol.tx)

    assert admission.objectionsLeft(3) == 0
    with reverts(error("AdmissionObjectionsExhausted", 3, 1, 2)):
        admission.object(third, REASON, carol.tx)
    admission.object(third, REASON, dave.tx)
    assert admission.objectionsLeft(4) == 1
