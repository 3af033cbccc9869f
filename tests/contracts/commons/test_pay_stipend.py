"""`payStipend` and `setPayUnit`: nobody gets more than the constitution's worker's pay for a period."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import now
from tests.contracts.commons.conftest import ETH, NOTHING, PERIOD, REASON, STIPEND
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import member_id

UNIT = 10**12
WORKERS_PAY = 100_000


@pytest.fixture(scope="module")
def full(commune, accounts):
    """A commons that can pay ten stipends in a period."""
    accounts[30].transfer(commune.commons, 50 * WORKERS_PAY * UNIT)


@pytest.fixture(scope="module")
def offices(commune):
    """Sends as the office of a stipend does."""
    return acting_as(commune.offices)


@pytest.fixture
def period():
    return now() - now() % PERIOD


@pytest.fixture(scope="module")
def bobs(commune, bob):
    return member_id(commune, bob)


def test_pay_is_counted_in_millionths_of_an_ether_at_first(commune):
    assert commune.commons.payUnit() == (ETH, UNIT)


def test_a_stipend_goes_to_the_members_account(commune, full, bob, bobs, period, offices):
    before = bob.account.balance()
    tx = commune.commons.payStipend(bobs, period, 60_000, REASON, offices)
    assert bob.account.balance() == before + 60_000 * UNIT
    paid = tx.events["Paid"]
    assert (paid["to"], paid["amount"], paid["kind"], paid["by"]) == (
        bob.address,
        60_000 * UNIT,
        STIPEND,
        bobs,
    )
    assert commune.commons.payLeft(bobs, period) == 40_000


def test_nobody_gets_more_than_a_worker_whatever_they_hold(commune, full, alice, bobs, period, offices):
    commons = commune.commons
    commons.payStipend(bobs, period, 60_000, REASON, offices)
    with reverts(error("CommonsAboveWorkersPay", bobs, period, 40_001, 40_000)):
        commons.payStipend(bobs, period, 40_001, REASON, offices)
    commons.payStipend(bobs, period, 40_000, REASON, offices)
    with reverts(error("CommonsAboveWorkersPay", bobs, period, 1, 0)):
        commons.payStipend(bobs, period, 1, REASON, offices)
    commons.payStipend(member_id(commune, alice), period, 100_000, REASON, offices)
    commons.payStipend(bobs, period - PERIOD, 100_000, REASON, offices)


def test_a_lower_workers_pay_holds_at_once(commune, full, bobs, period, timelock, offices):
    commune.commons.payStipend(bobs, period, 60_000, REASON, offices)
    commune.constitution.setParameter(communes.bytes32("commons.workerPay"), 50_000, timelock)
    assert commune.commons.payLeft(bobs, period) == 0


def test_stipends_are_under_the_brake_too(commune, token, bobs, period, timelock, offices):
    commune.commons.setPayUnit(token, 10, timelock)
    with reverts(error("CommonsBraked", token, 210, 200)):
        commune.commons.payStipend(bobs, period, 21, REASON, offices)
    commune.commons.payStipend(bobs, period, 20, REASON, offices)


def test_a_stipend_is_for_a_period(commune, full, bobs, period, offices):
    for nothing in (period + 1, period - 1, period + PERIOD):
        with reverts(error("CommonsNotAPeriod", nothing)):
            commune.commons.payStipend(bobs, nothing, 1, REASON, offices)


def test_what_is_no_stipend_is_refused(commune, full, bobs, period, offices):
    with reverts(error("CommonsZeroAmount")):
        commune.commons.payStipend(bobs, period, 0, REASON, offices)
    with reverts(error("CommonsEmptyReason")):
        commune.commons.payStipend(bobs, period, 1, NOTHING, offices)
    with reverts(error("MembershipUnknownMember", 99)):
        commune.commons.payStipend(99, period, 1, REASON, offices)


def test_members_may_decide_to_be_paid_in_a_token(commune, token, bob, bobs, period, timelock, offices):
    tx = commune.commons.setPayUnit(token, 2, timelock)
    assert tx.events["PayUnitSet"] == {"asset": token, "unit": 2}
    commune.commons.payStipend(bobs, period, 30, REASON, offices)
    assert token.balanceOf(bob.address) == 60


def test_a_unit_is_worth_something(commune, stranger, timelock):
    with reverts(error("CommonsZeroUnit")):
        commune.commons.setPayUnit(ETH, 0, timelock)
    with reverts(error("CommonsNoToken", stranger)):
        commune.commons.setPayUnit(stranger.address, 1, timelock)
