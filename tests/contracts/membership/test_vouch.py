"""Vouching: a member's pledge for an applicant."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import REASON, expel_directly, fall_silent, to_season, vouched
from tests.contracts.people import DAY, DORMANT, PENDING, apply, joined, person

OPEN, VOUCHED, CONTESTED, ADMITTED = 1, 2, 3, 5


@pytest.fixture
def application(commune, newcomer):
    return apply(commune, newcomer)


def test_first_vouch_is_recorded_and_waits_for_a_second(admission, application, alice):
    tx = admission.vouch(application, alice.tx)

    assert tx.events["Vouched"] == {"applicationId": application, "memberId": 1, "vouches": 1}
    assert admission.vouchersOf(application) == [1]
    assert admission.application(application)["status"] == OPEN
    assert admission.vouchesLeft(1) == 2


def test_second_vouch_opens_the_objection_window(admission, application, alice, bob):
    admission.vouch(application, alice.tx)
    tx = admission.vouch(application, bob.tx)

    assert tx.events["ObjectionWindowOpened"]["closesAt"] == tx.timestamp + 3 * DAY
    assert admission.application(application)["status"] == VOUCHED
    assert admission.application(application)["vouchedAt"] == tx.timestamp


def test_nobody_vouches_for_themselves(admission, application, newcomer):
    with reverts(error("AdmissionVouchForSelf", newcomer)):
        admission.vouch(application, newcomer.tx)


def test_nobody_vouches_for_a_member(admission, commune, newcomer, alice, bob, carol):
    joined(commune, newcomer, (alice, bob))
    application = admission.applicationOf(newcomer.address)
    with reverts(error("AdmissionWrongStatus", application, ADMITTED)):
        admission.vouch(application, carol.tx)


def test_nobody_vouches_twice(admission, application, alice):
    admission.vouch(application, alice.tx)
    with reverts(error("AdmissionVouchTwice", application, 1)):
        admission.vouch(application, alice.tx)


def test_nobody_vouches_who_is_no_member(admission, application, stranger):
    with reverts(error("MembershipNotMember", stranger)):
        admission.vouch(application, stranger.tx)


def test_nobody_vouches_in_probation(admission, membership, commune, newcomer, stranger, alice, bob):
    member = joined(commune, newcomer, (alice, bob))
    until = membership.probationUntil(member)

    assert until == membership.member(member)["joinedAt"] + 90 * DAY
    mine_at(until - 60)
    application = apply(commune, stranger)
    with reverts(error("MembershipOnProbation", member, until)):
        admission.vouch(application, newcomer.tx)
    mine_at(until)
    admission.vouch(application, newcomer.tx)
    assert admission.vouchersOf(application) == [member]


def test_nobody_vouches_while_dormant(admission, commune, newcomer, carol):
    fall_silent(commune, 3)
    application = apply(commune, newcomer)
    with reverts(error("MembershipNotActive", 3, DORMANT)):
        admission.vouch(application, carol.tx)


def test_vouches_of_a_season_run_out_and_come_back_with_the_next(admission, commune, alice):
    for i in range(30, 33):
        admission.vouch(apply(commune, person(i)), alice.tx)
    fourth = apply(commune, person(33))

    assert admission.vouchesLeft(1) == 0
    with reverts(error("AdmissionVouchesExhausted", 1, 1, 3)):
        admission.vouch(fourth, alice.tx)
    to_season(commune, 2)
    admission.vouch(apply(commune, person(34)), alice.tx)
    assert admission.vouchesLeft(1) == 2


def test_vouch_is_spent_even_if_the_applicant_withdraws(admission, application, alice, newcomer):
    admission.vouch(application, alice.tx)
    admission.withdraw(application, newcomer.tx)
    assert admission.vouchesLeft(1) == 2


def test_leaving_and_returning_brings_no_vouches_back(admission, membership, commune, alice, bob, carol):
    for i in range(30, 33):
        admission.vouch(apply(commune, person(i)), alice.tx)
    membership.leave(alice.tx)
    assert joined(commune, alice, (bob, carol)) == 1
    assert admission.vouchesLeft(1) == 0


def test_nobody_vouches_after_the_window_has_opened(admission, commune, newcomer, alice, bob, carol):
    application = vouched(commune, newcomer, (alice, bob))
    with reverts(error("AdmissionWrongStatus", application, VOUCHED)):
        admission.vouch(application, carol.tx)


def test_nobody_vouches_for_an_application_that_found_no_vouches_for_60_days(admission, application, alice):
    expires_at = admission.application(application)["appliedAt"] + 60 * DAY
    mine_at(expires_at)
    with reverts(error("AdmissionExpired", application, expires_at)):
        admission.vouch(application, alice.tx)


def test_nobody_vouches_for_an_application_that_does_not_exist(admission, alice):
    with reverts(error("AdmissionUnknownApplication", 99)):
        admission.vouch(99, alice.tx)


def test_someone_expelled_before_is_voted_on_as_soon_as_two_vouch(admission, commune, newcomer, alice, bob):
    expel_directly(commune, joined(commune, newcomer, (alice, bob)))
    application = apply(commune, newcomer)
    admission.vouch(application, alice.tx)
    tx = admission.vouch(application, bob.tx)

    assert "ObjectionWindowOpened" not in tx.events
    proposal = tx.events["ApplicationContested"]["proposalId"]
    assert admission.application(application)["status"] == CONTESTED
    assert admission.application(application)["proposalId"] == proposal
    assert commune.assembly.state(proposal) == PENDING


def test_a_clique_cannot_double_itself_by_vouching(admission, membership, commune, alice, bob, carol, dave):
    """Whom it brings in neither vouches nor objects for 90 days, and its own vouches are spent."""
    recruits = [person(i) for i in range(30, 33)]
    for recruit in recruits:
        joined(commune, recruit, (alice, bob))

    assert [admission.vouchesLeft(i) for i in (1, 2)] == [0, 0]
    assert admission.admissionsLeft() == 2
    application = vouched(commune, person(33), (carol,))
    contested = vouched(commune, person(34), (carol, dave))
    for member, recruit in enumerate(recruits, start=6):
        until = membership.probationUntil(member)
        with reverts(error("MembershipOnProbation", member, until)):
            admission.vouch(application, recruit.tx)
        with reverts(error("MembershipOnProbation", member, until)):
            admission.object(contested, REASON, recruit.tx)
    advance(DAY)
    assert membership.activeCount() == 5 + 3
