"""`payForWork`: a purse's controller pays a member for work, by a rule of its own."""

import pytest
from brownie import reverts

from tests.contracts.commons.conftest import ETH, NOTHING, PURSES, REASON, WORK, next_period
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, expel_directly
from tests.contracts.people import member_id


@pytest.fixture(scope="module")
def controller(payers):
    """Sends as the purse's controller does."""
    return acting_as(payers)


def test_the_controller_pays_a_member(commune, purse, controller, bob):
    before, member = bob.account.balance(), member_id(commune, bob)
    tx = commune.commons.payForWork(purse.id, member, 60, REASON, controller)
    assert bob.account.balance() == before + 60
    assert tx.events["Paid"] == {
        "asset": ETH,
        "to": bob.account,
        "amount": 60,
        "arrived": 60,
        "kind": WORK,
        "purseId": purse.id,
        "by": member,
        "reason": REASON,
    }
    assert commune.commons.purseLeft(purse.id) == 40


def test_nobody_else_pays_from_it(commune, purse, alice, bob, stranger, timelock):
    """Not even who holds the purse, or a decision: decisions pay as such."""
    member = member_id(commune, alice)
    for sender in (bob.tx, stranger.tx, timelock, acting_as(commune.assignments)):
        with reverts(error("CommonsNotController", purse.id, sender["from"])):
            commune.commons.payForWork.call(purse.id, member, 1, REASON, sender)


def test_purses_cap_holds_together_with_what_its_holder_pays(commune, purse, controller, alice, bob, shop):
    member = member_id(commune, alice)
    commune.commons.payFromPurse(purse.id, shop, 70, REASON, bob.tx)
    with reverts(error("CommonsPurseExceeded", purse.id, 31, 30)):
        commune.commons.payForWork.call(purse.id, member, 31, REASON, controller)
    commune.commons.payForWork(purse.id, member, 30, REASON, controller)
    next_period()
    commune.commons.payForWork(purse.id, member, 100, REASON, controller)


def test_the_brake_holds(commune, purse, controller, timelock, alice, shop):
    commune.commons.pay(ETH, shop, 150, REASON, timelock)
    with reverts(error("CommonsBraked", ETH, 51, 50)):
        commune.commons.payForWork.call(purse.id, member_id(commune, alice), 51, REASON, controller)


def test_who_was_expelled_is_paid_for_what_they_did(commune, purse, controller, alice):
    member = member_id(commune, alice)
    expel_directly(commune, member)
    before = alice.account.balance()
    commune.commons.payForWork(purse.id, member, 10, REASON, controller)
    assert alice.account.balance() == before + 10


def test_what_is_nothing_or_for_nobody_is_refused(commune, purse, controller, alice):
    pay, member = commune.commons.payForWork, member_id(commune, alice)
    with reverts(error("CommonsZeroAmount")):
        pay.call(purse.id, member, 0, REASON, controller)
    with reverts(error("CommonsEmptyReason")):
        pay.call(purse.id, member, 1, NOTHING, controller)
    with reverts(error("MembershipUnknownMember", 99)):
        pay.call(purse.id, 99, 1, REASON, controller)
    with reverts(error("CommonsUnknownPurse", 99)):
        pay.call(99, member, 1, REASON, controller)


def test_a_closed_purse_and_a_controller_that_is_no_more_pay_nobody(
    commune, purse, payers, controller, timelock, alice
):
    member = member_id(commune, alice)
    commune.powers.revokeRole(PURSES, payers, timelock)
    with reverts(error("CommonsNoController", payers)):
        commune.commons.payForWork.call(purse.id, member, 1, REASON, controller)
    commune.powers.grantRole(PURSES, payers, 0, timelock)
    commune.commons.closePurse(purse.id, timelock)
    with reverts(error("CommonsPurseClosed", purse.id)):
        commune.commons.payForWork.call(purse.id, member, 1, REASON, controller)
