"""Admitting: what ends an application well."""

import brownie
import pytest
from brownie import chain, web3

DAY = 24 * 60 * 60
OPEN, CONTESTED, CLEARED, ADMITTED = 1, 3, 4, 5
ACTIVE = 1


def test_anyone_admits_after_the_window(admission, membership, vouched, wait, newcomer, stranger):
    application = vouched(newcomer)
    wait(3 * DAY)
    tx = admission.admit(application, {"from": stranger})

    assert tx.return_value == 7
    assert tx.events["ApplicationAdmitted"] == {"applicationId": application, "memberId": 7}
    member = membership.member(7)
    assert member["account"] == newcomer
    assert member["status"] == ACTIVE
    assert member["joinedAt"] == tx.timestamp
    assert not member["founder"]
    assert admission.application(application)["status"] == ADMITTED
    assert admission.vouchersOfMember(7) == [1, 2]
    assert admission.isVoucherOf(2, 7)
    assert not admission.isVoucherOf(3, 7)


def test_nobody_is_admitted_before_the_window_closes(admission, vouched, wait, newcomer, stranger):
    application = vouched(newcomer)
    admissible_at = admission.application(application)["vouchedAt"] + 3 * DAY
    wait(3 * DAY - 60)
    with brownie.reverts(f"AdmissionTooEarly: {application}, {admissible_at}"):
        admission.admit(application, {"from": stranger})
    wait(60)
    admission.admit(application, {"from": stranger})


def test_nobody_is_admitted_without_vouches(admission, apply_to_join, wait, newcomer):
    application = apply_to_join(newcomer)
    wait(3 * DAY)
    with brownie.reverts(f"AdmissionWrongStatus: {application}, {OPEN}"):
        admission.admit(application, {"from": newcomer})


def test_nobody_is_admitted_after_objections_without_a_vote(admission, contested, wait, newcomer):
    application, _ = contested(newcomer)
    wait(10 * DAY)
    with brownie.reverts(f"AdmissionWrongStatus: {application}, {CONTESTED}"):
        admission.admit(application, {"from": newcomer})


def test_nobody_is_admitted_twice(admission, join, newcomer):
    join(newcomer)
    application = admission.applicationOf(newcomer)
    with brownie.reverts(f"AdmissionWrongStatus: {application}, {ADMITTED}"):
        admission.admit(application, {"from": newcomer})


def test_nobody_is_admitted_whose_voucher_has_left(admission, membership, vouched, wait, newcomer, bob):
    application = vouched(newcomer)
    membership.leave({"from": bob})
    wait(3 * DAY)
    with brownie.reverts(f"AdmissionVoucherLost: {application}, 2"):
        admission.admit(application, {"from": newcomer})


def test_nobody_is_admitted_60_days_after_the_window(admission, vouched, wait, newcomer):
    application = vouched(newcomer)
    expired_at = admission.application(application)["vouchedAt"] + 63 * DAY
    wait(63 * DAY)
    with brownie.reverts(f"AdmissionExpired: {application}, {expired_at}"):
        admission.admit(application, {"from": newcomer})


def test_unknown_application_is_not_admitted(admission, stranger):
    with brownie.reverts("AdmissionUnknownApplication: 1"):
        admission.admit(1, {"from": stranger})


@pytest.fixture
def full_season(admission, membership, join, accounts):
    """Five newcomers, which is all that a season of a commune of six takes."""
    pairs = [(accounts[1], accounts[2])] * 2 + [(accounts[3], accounts[4])] * 3
    for applicant, pair in zip(accounts[30:35], pairs, strict=True):
        join(applicant, pair)


def test_season_takes_five_newcomers_and_the_next_takes_more(
    admission, membership, full_season, vouched, wait, newcomer, erin, frank
):
    application = vouched(newcomer, (erin, frank))
    wait(3 * DAY)

    assert admission.admissionsLeft() == 0
    with brownie.reverts("AdmissionSeasonFull: 1, 5"):
        admission.admit(application, {"from": newcomer})
    wait(90 * DAY - 18 * DAY)
    assert admission.admissionsLeft() == 5
    assert admission.admit(application, {"from": newcomer}).return_value == 12


def test_vote_that_is_won_admits_at_once(
    admission, membership, contested, vote, execute, wait, newcomer, alice, bob, carol, stranger
):
    application, proposal = contested(newcomer)
    vote(proposal, 1, (alice, bob, carol))
    wait(3 * DAY + 60)
    tx = execute(proposal, stranger)

    assert tx.events["ApplicationCleared"]["applicationId"] == application
    assert tx.events["ApplicationAdmitted"]["memberId"] == 7
    assert membership.memberIdOf(newcomer) == 7
    assert admission.vouchersOfMember(7) == [1, 2]


def test_vote_that_is_won_waits_for_room_in_the_season(
    admission, membership, full_season, vouched, vote, execute, wait, newcomer, accounts, stranger
):
    application = vouched(newcomer, (accounts[5], accounts[6]))
    admission.object(application, web3.keccak(text="no"), {"from": accounts[1]})
    proposal = admission.application(application)["proposalId"]
    vote(proposal, 1, accounts[2:5])
    wait(3 * DAY + 60)
    execute(proposal, stranger)

    assert admission.application(application)["status"] == CLEARED
    assert membership.memberIdOf(newcomer) == 0
    with brownie.reverts("AdmissionSeasonFull: 1, 5"):
        admission.admit(application, {"from": newcomer})
    wait(90 * DAY)
    admission.admit(application, {"from": newcomer})
    assert membership.memberIdOf(newcomer) == 12


def test_vote_that_is_won_outlives_the_vouchers(
    admission, membership, contested, vote, execute, wait, newcomer, alice, bob, carol, dave
):
    _, proposal = contested(newcomer)
    vote(proposal, 1, (bob, carol, dave))
    membership.leave({"from": alice})
    wait(3 * DAY + 60)
    execute(proposal, newcomer)
    assert membership.memberIdOf(newcomer) == 7


def test_vote_that_is_lost_admits_nobody(
    admission, contested, vote, execute, wait, newcomer, alice, bob, carol
):
    _, proposal = contested(newcomer)
    vote(proposal, 0, (alice, bob, carol))
    wait(3 * DAY + 60)
    with brownie.reverts(revert_pattern="GovernorUnexpectedProposalState: .*"):
        execute(proposal, newcomer)


def test_only_the_assembly_clears_an_applicant(admission, contested, newcomer, alice):
    application, _ = contested(newcomer)
    with brownie.reverts(revert_pattern=f"(?i)AccessManagedUnauthorized: {alice}"):
        admission.admitByVote(application, {"from": alice})


def test_assembly_clears_only_who_was_contested(admission, commune, as_module, vouched, newcomer):
    application = vouched(newcomer)
    with brownie.reverts(f"AdmissionWrongStatus: {application}, 2"):
        admission.admitByVote(application, {"from": as_module(commune.assembly)})


def test_share_of_a_large_commune_replaces_the_minimum(admission, membership, commune, as_module, accounts, wait):
    """20 % of those active when the season started, not of those who have joined since."""
    gate = as_module(admission)
    for account in accounts[7:37]:
        membership.admit(account, {"from": gate})

    assert membership.activeCount() == 36
    assert admission.admissionsLeft() == 5
    wait(commune.constitution.constitutedAt() + 90 * DAY - chain.time())
    assert membership.activeAtSeasonStart() == 36
    assert admission.admissionsLeft() == 7
    membership.admit(accounts[38], {"from": gate})
    assert membership.activeAtSeasonStart() == 36
