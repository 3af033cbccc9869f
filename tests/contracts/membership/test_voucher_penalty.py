"""What an expulsion costs those who vouched for the member."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance
from tests.contracts.errors import error
from tests.contracts.membership.steps import REASON, acting_as, execute, expel_directly, voted, vouched
from tests.contracts.people import DAY, EXPELLED, GENERAL, joined

POINT = 1_000_000
DECISION, VOUCHER = 0, 1
WITHDRAWN = 6


@pytest.fixture
def member(commune, newcomer, alice, bob):
    """A newcomer's memberId; alice (100 points) and bob (20 points) vouched."""
    awarder = acting_as(commune.timelock)
    for voucher, points in ((1, 100), (2, 20)):
        commune.reputation.award(voucher, GENERAL, points * POINT, DECISION, REASON, 0, awarder)
    return joined(commune, newcomer, (alice, bob))


def points(commune, member):
    return int(commune.reputation.totalScore(member)) / POINT


def test_vouchers_of_an_expelled_newcomer_lose_up_to_50_points_each(admission, commune, member, newcomer):
    before = points(commune, 1)
    tx = expel_directly(commune, member)

    assert before - points(commune, 1) == pytest.approx(50, rel=1e-4)
    assert points(commune, 2) == pytest.approx(0, abs=1e-5)
    penalties = tx.events["Penalised"]
    assert {event["memberId"] for event in penalties} == {1, 2}
    assert {event["reason"] for event in penalties} == {VOUCHER}
    application = admission.applicationOf(newcomer.address)
    assert {int(str(event["evidence"]), 16) for event in penalties} == {application}


def test_voucher_who_opened_the_hearing_pays_nothing(
    membership, commune, member, alice, bob, carol, dave, erin
):
    hearing = commune.docket.requestHearing(member, REASON, alice.tx).return_value
    commune.docket.joinHearing(hearing, carol.tx)
    advance(7 * DAY + 1)
    opening = commune.docket.openExpulsion(hearing, carol.tx)
    advance(2)
    voted(commune, opening.return_value, (alice, bob, carol, dave, erin))
    tx = execute(commune, opening, bob)

    assert membership.statusOf(member) == EXPELLED
    assert {event["memberId"] for event in tx.events["Penalised"]} == {2}


def test_vouchers_pay_nothing_for_a_member_of_more_than_180_days(commune, member):
    advance(180 * DAY + 1)
    assert "Penalised" not in expel_directly(commune, member).events


def test_leaving_before_the_expulsion_spares_the_vouchers_nothing(membership, commune, member, newcomer):
    membership.leave(newcomer.tx)
    tx = expel_directly(commune, member)
    assert {event["memberId"] for event in tx.events["Penalised"]} == {1, 2}


def test_nobody_pays_for_a_founder(commune, member):
    assert "Penalised" not in expel_directly(commune, 5).events


def test_expulsion_ends_an_application_of_someone_who_had_left(
    admission, membership, commune, alice, bob, erin
):
    """Else a return that two had vouched for already would need no vote."""
    membership.leave(erin.tx)
    application = vouched(commune, erin, (alice, bob))
    expel_directly(commune, 5)
    advance(3 * DAY)
    with reverts(error("AdmissionWrongStatus", application, WITHDRAWN)):
        admission.admit(application, erin.tx)
