"""Objecting: calling for a vote on an applicant."""

import brownie
import pytest
from brownie import chain, web3

DAY = 24 * 60 * 60
OPEN, VOUCHED, CONTESTED = 1, 2, 3
REASON = web3.keccak(text="They broke an agreement with us.")


@pytest.fixture(scope="module")
def founder_count():
    """One short of the size from which it takes two objections."""
    return 19


def test_one_objection_makes_it_a_vote_in_a_small_commune(admission, assembly, vouched, newcomer, carol):
    application = vouched(newcomer)
    tx = admission.object(application, REASON, {"from": carol})

    contested = admission.application(application)
    assert contested["status"] == CONTESTED
    assert contested["objections"] == 1
    assert tx.events["Objected"]["memberId"] == 3
    assert bytes(tx.events["Objected"]["reason"]) == bytes(REASON)
    assert tx.events["ApplicationContested"]["proposalId"] == contested["proposalId"]
    created = tx.events["ProposalCreated"]
    assert created["proposer"] == admission
    assert created["targets"] == [admission]
    assert created["calldatas"] == [admission.admitByVote.encode_input(application)]
    assert created["description"] == (
        f"Admission of applicant {application}: text:{web3.keccak(text='I cook.').hex()}"
        f"#nonce={application}#proposer={admission.address.lower()}"
    )
    assert assembly.proposalProposer(contested["proposalId"]) == admission


def test_it_takes_two_objections_in_a_commune_of_twenty(
    admission, membership, commune, as_module, vouched, newcomer, accounts, carol, dave
):
    membership.admit(accounts[30], {"from": as_module(commune.admission)})
    application = vouched(newcomer)

    assert membership.activeCount() == 20
    admission.object(application, REASON, {"from": carol})
    assert admission.application(application)["status"] == VOUCHED
    admission.object(application, REASON, {"from": dave})
    assert admission.application(application)["status"] == CONTESTED


def test_nobody_objects_twice(admission, membership, commune, as_module, vouched, newcomer, accounts, carol):
    membership.admit(accounts[30], {"from": as_module(commune.admission)})
    application = vouched(newcomer)
    admission.object(application, REASON, {"from": carol})
    with brownie.reverts(f"AdmissionObjectionTwice: {application}, 3"):
        admission.object(application, REASON, {"from": carol})


def test_voucher_does_not_object(admission, vouched, newcomer, alice):
    application = vouched(newcomer)
    with brownie.reverts(f"AdmissionObjectionByVoucher: {application}, 1"):
        admission.object(application, REASON, {"from": alice})


def test_nobody_objects_before_two_have_vouched(admission, apply_to_join, newcomer, carol):
    application = apply_to_join(newcomer)
    with brownie.reverts(f"AdmissionWrongStatus: {application}, {OPEN}"):
        admission.object(application, REASON, {"from": carol})


def test_nobody_objects_after_the_window(admission, vouched, wait, newcomer, carol):
    application = vouched(newcomer)
    closed_at = admission.application(application)["vouchedAt"] + 3 * DAY
    wait(closed_at - chain.time())
    with brownie.reverts(f"AdmissionObjectionWindowClosed: {application}, {closed_at}"):
        admission.object(application, REASON, {"from": carol})


def test_nobody_objects_to_a_vote_that_is_under_way(admission, contested, newcomer, carol):
    application, _ = contested(newcomer)
    with brownie.reverts(f"AdmissionWrongStatus: {application}, {CONTESTED}"):
        admission.object(application, REASON, {"from": carol})


def test_nobody_objects_who_is_no_member(admission, vouched, newcomer, stranger):
    application = vouched(newcomer)
    with brownie.reverts(revert_pattern=f"(?i)MembershipNotMember: {stranger}"):
        admission.object(application, REASON, {"from": stranger})


def test_nobody_objects_in_probation(admission, membership, join, vouched, newcomer, stranger, accounts):
    member = join(newcomer)
    application = vouched(stranger, (accounts[3], accounts[4]))
    with brownie.reverts(f"MembershipOnProbation: {member}, {membership.probationUntil(member)}"):
        admission.object(application, REASON, {"from": newcomer})


def test_nobody_objects_while_dormant(admission, fall_silent, vouched, newcomer, carol):
    fall_silent(3)
    application = vouched(newcomer)
    with brownie.reverts("MembershipNotActive: 3, 2"):
        admission.object(application, REASON, {"from": carol})


def test_objections_of_a_season_run_out(admission, vouched, accounts, dave, erin, frank, carol):
    voucher_pairs = [(accounts[1], accounts[2]), (accounts[1], accounts[2]), (dave, erin)]
    applications = [
        vouched(applicant, pair) for applicant, pair in zip(accounts[30:33], voucher_pairs, strict=True)
    ]
    for application in applications[:2]:
        admission.object(application, REASON, {"from": carol})

    assert admission.objectionsLeft(3) == 0
    with brownie.reverts("AdmissionObjectionsExhausted: 3, 1, 2"):
        admission.object(applications[2], REASON, {"from": carol})
    assert admission.objectionsLeft(6) == 2
    admission.object(applications[2], REASON, {"from": frank})
    assert admission.objectionsLeft(6) == 1
