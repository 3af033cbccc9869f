"""Vouching: a member's pledge for an applicant."""

import brownie
import pytest
from brownie import chain, web3

DAY = 24 * 60 * 60
OPEN, VOUCHED, CONTESTED, ADMITTED = 1, 2, 3, 5
REASON = web3.keccak(text="Harm done to others.")


@pytest.fixture
def application(apply_to_join, newcomer):
    return apply_to_join(newcomer)


def test_first_vouch_is_recorded_and_waits_for_a_second(admission, application, alice):
    tx = admission.vouch(application, {"from": alice})

    assert tx.events["Vouched"] == {"applicationId": application, "memberId": 1, "vouches": 1}
    assert admission.vouchersOf(application) == [1]
    assert admission.application(application)["status"] == OPEN
    assert admission.vouchesLeft(1) == 2


def test_second_vouch_opens_the_objection_window(admission, application, alice, bob):
    admission.vouch(application, {"from": alice})
    tx = admission.vouch(application, {"from": bob})

    assert tx.events["ObjectionWindowOpened"]["closesAt"] == tx.timestamp + 3 * DAY
    assert admission.application(application)["status"] == VOUCHED
    assert admission.application(application)["vouchedAt"] == tx.timestamp


def test_nobody_vouches_for_themselves(admission, application, newcomer):
    with brownie.reverts(revert_pattern=f"(?i)AdmissionVouchForSelf: {newcomer}"):
        admission.vouch(application, {"from": newcomer})


def test_nobody_vouches_for_a_member(admission, join, newcomer, carol):
    member = join(newcomer)
    application = admission.applicationOf(newcomer)

    assert member == 7
    with brownie.reverts(f"AdmissionWrongStatus: {application}, {ADMITTED}"):
        admission.vouch(application, {"from": carol})


def test_nobody_vouches_twice(admission, application, alice):
    admission.vouch(application, {"from": alice})
    with brownie.reverts(f"AdmissionVouchTwice: {application}, 1"):
        admission.vouch(application, {"from": alice})


def test_nobody_vouches_who_is_no_member(admission, application, stranger):
    with brownie.reverts(revert_pattern=f"(?i)MembershipNotMember: {stranger}"):
        admission.vouch(application, {"from": stranger})


def test_nobody_vouches_in_probation(admission, membership, join, apply_to_join, newcomer, stranger, wait):
    member = join(newcomer)
    until = membership.probationUntil(member)
    application = apply_to_join(stranger)

    assert until == membership.member(member)["joinedAt"] + 90 * DAY
    with brownie.reverts(f"MembershipOnProbation: {member}, {until}"):
        admission.vouch(application, {"from": newcomer})
    wait(until - chain.time())
    assert admission.vouch(application, {"from": newcomer}).status == 1


def test_nobody_vouches_while_dormant(admission, apply_to_join, fall_silent, newcomer, carol):
    fall_silent(3)
    application = apply_to_join(newcomer)
    with brownie.reverts("MembershipNotActive: 3, 2"):
        admission.vouch(application, {"from": carol})


def test_vouches_of_a_season_run_out_and_come_back_with_the_next(
    admission, apply_to_join, accounts, alice, wait
):
    for applicant in accounts[30:33]:
        admission.vouch(apply_to_join(applicant), {"from": alice})
    fourth = apply_to_join(accounts[33])

    assert admission.vouchesLeft(1) == 0
    with brownie.reverts("AdmissionVouchesExhausted: 1, 1, 3"):
        admission.vouch(fourth, {"from": alice})
    wait(90 * DAY)
    later = apply_to_join(accounts[34])
    admission.vouch(later, {"from": alice})
    assert admission.vouchesLeft(1) == 2


def test_vouch_is_spent_even_if_the_applicant_withdraws(admission, application, alice, newcomer):
    admission.vouch(application, {"from": alice})
    admission.withdraw(application, {"from": newcomer})
    assert admission.vouchesLeft(1) == 2


def test_leaving_and_returning_brings_no_vouches_back(
    admission, membership, join, apply_to_join, accounts, alice, bob, carol
):
    for applicant in accounts[30:33]:
        admission.vouch(apply_to_join(applicant), {"from": alice})
    membership.leave({"from": alice})
    assert join(alice, (bob, carol)) == 1
    assert admission.vouchesLeft(1) == 0


def test_nobody_vouches_after_the_window_has_opened(admission, vouched, newcomer, carol):
    application = vouched(newcomer)
    with brownie.reverts(f"AdmissionWrongStatus: {application}, {VOUCHED}"):
        admission.vouch(application, {"from": carol})


def test_nobody_vouches_for_an_application_that_found_no_vouches_for_60_days(
    admission, application, alice, wait
):
    expires_at = admission.application(application)["appliedAt"] + 60 * DAY
    wait(60 * DAY)
    with brownie.reverts(f"AdmissionExpired: {application}, {expires_at}"):
        admission.vouch(application, {"from": alice})


def test_nobody_vouches_for_an_application_that_does_not_exist(admission, alice):
    with brownie.reverts("AdmissionUnknownApplication: 99"):
        admission.vouch(99, {"from": alice})


def test_someone_expelled_before_is_voted_on_as_soon_as_two_vouch(
    admission, membership, assembly, as_module, apply_to_join, join, newcomer, alice, bob
):
    member = join(newcomer)
    membership.expel(member, {"from": as_module(assembly)})
    application = apply_to_join(newcomer)
    admission.vouch(application, {"from": alice})
    tx = admission.vouch(application, {"from": bob})

    assert "ObjectionWindowOpened" not in tx.events
    contested = admission.application(application)
    assert contested["status"] == CONTESTED
    assert tx.events["ApplicationContested"]["proposalId"] == contested["proposalId"]
    assert assembly.state(contested["proposalId"]) in (0, 1)


def test_a_clique_cannot_double_itself_by_vouching(admission, membership, join, vouched, accounts, wait):
    """Whoever the clique brings in vouches for nobody for 90 days, and a season takes five at most."""
    clique = [accounts[1], accounts[2]]
    first = [accounts[30 + i] for i in range(3)]
    for applicant in first:
        join(applicant, clique)

    assert [admission.vouchesLeft(i) for i in (1, 2)] == [0, 0]
    recruit = vouched(accounts[33], (accounts[3], accounts[4]))
    for member in first:
        with brownie.reverts(revert_pattern="MembershipOnProbation: .*"):
            admission.object(recruit, REASON, {"from": member})
    assert membership.activeCount() == 6 + 3
    assert admission.admissionsLeft() == 2
