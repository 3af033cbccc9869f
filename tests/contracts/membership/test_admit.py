"""Admitting: what ends an application well."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import (
    REASON,
    admit_directly,
    contested,
    execute,
    to_season,
    voted,
    vouched,
)
from tests.contracts.people import DAY, MEMBER_ACTIVE, apply, joined, person

OPEN, CONTESTED, CLEARED, ADMITTED = 1, 3, 4, 5


def test_anyone_admits_after_the_window(admission, membership, commune, newcomer, stranger, alice, bob):
    application = vouched(commune, newcomer, (alice, bob))
    mine_at(admission.application(application)["vouchedAt"] + 3 * DAY)
    tx = admission.admit(application, stranger.tx)

    assert tx.return_value == 6
    assert tx.events["ApplicationAdmitted"] == {"applicationId": application, "memberId": 6}
    member = membership.member(6)
    assert member["account"] == newcomer.address
    assert member["status"] == MEMBER_ACTIVE
    assert member["joinedAt"] == member["since"] == tx.timestamp
    assert not member["founder"]
    assert admission.application(application)["status"] == ADMITTED
    assert admission.vouchersOfMember(6) == [1, 2]
    assert admission.isVoucherOf(2, 6)
    assert not admission.isVoucherOf(3, 6)


def test_nobody_is_admitted_before_the_window_closes(admission, commune, newcomer, alice, bob):
    application = vouched(commune, newcomer, (alice, bob))
    admissible_at = admission.application(application)["vouchedAt"] + 3 * DAY
    mine_at(admissible_at - 60)
    with reverts(error("AdmissionTooEarly", application, admissible_at)):
        admission.admit(application, newcomer.tx)


def test_nobody_is_admitted_without_vouches(admission, commune, newcomer):
    application = apply(commune, newcomer)
    advance(3 * DAY)
    with reverts(error("AdmissionWrongStatus", application, OPEN)):
        admission.admit(application, newcomer.tx)


def test_nobody_is_admitted_after_objections_without_a_vote(admission, commune, newcomer, alice, bob, carol):
    application, _ = contested(commune, newcomer, (alice, bob), carol)
    advance(10 * DAY)
    with reverts(error("AdmissionWrongStatus", application, CONTESTED)):
        admission.admit(application, newcomer.tx)


def test_nobody_is_admitted_twice(admission, commune, newcomer, alice, bob):
    joined(commune, newcomer, (alice, bob))
    application = admission.applicationOf(newcomer.address)
    with reverts(error("AdmissionWrongStatus", application, ADMITTED)):
        admission.admit(application, newcomer.tx)


def test_nobody_is_admitted_whose_voucher_has_left(admission, membership, commune, newcomer, alice, bob):
    application = vouched(commune, newcomer, (alice, bob))
    membership.leave(bob.tx)
    advance(3 * DAY)
    with reverts(error("AdmissionVoucherLost", application, 2)):
        admission.admit(application, newcomer.tx)


def test_nobody_is_admitted_60_days_after_the_window(admission, commune, newcomer, alice, bob):
    application = vouched(commune, newcomer, (alice, bob))
    expires_at = admission.application(application)["vouchedAt"] + 63 * DAY
    mine_at(expires_at)
    with reverts(error("AdmissionExpired", application, expires_at)):
        admission.admit(application, newcomer.tx)


def test_unknown_application_is_not_admitted(admission, stranger):
    with reverts(error("AdmissionUnknownApplication", 1)):
        admission.admit(1, stranger.tx)


@pytest.fixture
def full_season(commune, alice, bob, carol, dave):
    """Five newcomers, which is all that a season of a commune of five takes."""
    for i, vouchers in enumerate([(alice, bob)] * 3 + [(carol, dave)] * 2):
        joined(commune, person(30 + i), vouchers)


def test_season_takes_five_newcomers_and_the_next_takes_more(
    admission, commune, full_season, newcomer, dave, erin
):
    application = vouched(commune, newcomer, (dave, erin))
    advance(3 * DAY)

    assert admission.admissionsLeft() == 0
    with reverts(error("AdmissionSeasonFull", 1, 5)):
        admission.admit(application, newcomer.tx)
    # Within the 60 days in which the application can be admitted.
    mine_at(admission.application(application)["vouchedAt"] + 62 * DAY)
    with reverts(error("AdmissionSeasonFull", 1, 5)):
        admission.admit(application, newcomer.tx)


def test_next_season_has_room_again(admission, commune, full_season, newcomer, dave, erin):
    to_season(commune, 2)
    assert admission.admissionsLeft() == 5
    joined(commune, newcomer, (dave, erin))
    assert admission.admissionsLeft() == 4


def test_share_of_a_large_commune_replaces_the_minimum(admission, membership, commune):
    """20 % of those active when the season started, whoever has joined since."""
    admit_directly(commune, *(person(i) for i in range(10, 41)))
    assert membership.activeCount() == 36
    assert admission.admissionsLeft() == 5

    to_season(commune, 2)
    assert membership.activeAtSeasonStart() == 36
    assert admission.admissionsLeft() == 7
    admit_directly(commune, *(person(i) for i in range(41, 46)))
    assert membership.activeAtSeasonStart() == 36
    assert admission.admissionsLeft() == 7


def test_cleared_applicant_waits_for_room_and_needs_no_vouchers_any_more(
    admission, membership, commune, full_season, newcomer, alice, bob, carol, dave, erin
):
    application = vouched(commune, newcomer, (dave, erin))
    opening = admission.object(application, REASON, alice.tx)
    advance(2)
    voted(commune, opening.events["ApplicationContested"]["proposalId"], (alice, bob, carol))
    execute(commune, opening, newcomer)

    assert admission.application(application)["status"] == CLEARED
    assert membership.memberIdOf(newcomer.address) == 0
    with reverts(error("AdmissionSeasonFull", 1, 5)):
        admission.admit(application, newcomer.tx)
    membership.leave(erin.tx)
    to_season(commune, 3)
    admission.admit(application, newcomer.tx)
    assert membership.memberIdOf(newcomer.address) == 11
