"""`pay` and `payBeyondBrake`: money moves on a decision's word, and no faster than the brake lets it."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from scripts import commune as communes
from tests.contracts.clock import mine_at, now
from tests.contracts.commons.conftest import (
    BEYOND_BRAKE,
    DECISION,
    ETH,
    NOTHING,
    PERIOD,
    REASON,
    REENTERED,
    next_period,
)
from tests.contracts.errors import error
from tests.contracts.people import DAY, carried_out, draft


def test_members_decide_to_pay_somebody(commune, ether, founders, alice, bob, shop):
    """By the ordinary rule; what went, to whom and why is in the ledger."""
    data = commune.commons.pay.encode_input(ether, shop, 200, REASON)
    assert commune.constitution.ruleOf(commune.commons, data[:10]) == communes.ORDINARY
    before = shop.balance()
    tx = carried_out(commune, draft(alice, (commune.commons, data)), alice, (alice, bob), founders)
    assert shop.balance() == before + 200
    assert tx.events["Paid"] == {
        "asset": ETH,
        "to": shop,
        "amount": 200,
        "arrived": 200,
        "kind": DECISION,
        "purseId": 0,
        "by": 0,
        "reason": REASON,
    }


def test_the_brake_is_a_fifth_of_what_was_there_at_first(commune, ether, shop, timelock):
    commons = commune.commons
    assert commons.brakeLeft(ether) == 200
    commons.pay(ether, shop, 150, REASON, timelock)
    assert commons.brakeLeft(ether) == 50
    with reverts(error("CommonsBraked", ETH, 51, 50)):
        commons.pay(ether, shop, 51, REASON, timelock)
    commons.pay(ether, shop, 50, REASON, timelock)
    with reverts(error("CommonsBraked", ETH, 1, 0)):
        commons.pay(ether, shop, 1, REASON, timelock)


def test_income_in_the_same_period_loosens_no_brake(commune, ether, shop, timelock, accounts):
    commune.commons.pay(ether, shop, 200, REASON, timelock)
    accounts[30].transfer(commune.commons, 10_000)
    assert commune.commons.brakeLeft(ether) == 0
    next_period()
    assert commune.commons.brakeLeft(ether) == 10_800 // 5


def test_beyond_the_brake_it_takes_the_constitutional_rule(commune, ether, founders, alice, bob, shop):
    data = commune.commons.payBeyondBrake.encode_input(ether, shop, 900, REASON)
    assert commune.constitution.ruleOf(commune.commons, data[:10]) == communes.CONSTITUTIONAL
    tx = carried_out(commune, draft(alice, (commune.commons, data)), alice, (alice, bob), founders)
    assert (tx.events["Paid"]["amount"], tx.events["Paid"]["kind"]) == (900, BEYOND_BRAKE)


def test_a_payment_beyond_the_brake_leaves_to_others_what_they_had(commune, ether, shop, timelock):
    commons = commune.commons
    commons.pay(ether, shop, 150, REASON, timelock)
    commons.payBeyondBrake(ether, shop, 400, REASON, timelock)
    assert commons.brakeLeft(ether) == 50
    commons.payBeyondBrake(ether, shop, 410, REASON, timelock)
    assert commons.brakeLeft(ether) == 40, "no more than there is"
    commons.pay(ether, shop, 40, REASON, timelock)


def test_each_asset_has_its_own_brake(commune, ether, token, shop, timelock):
    commune.commons.pay(ether, shop, 200, REASON, timelock)
    assert (commune.commons.brakeLeft(ether), commune.commons.brakeLeft(token)) == (0, 200)
    commune.commons.pay(token, shop, 200, REASON, timelock)
    assert token.balanceOf(shop) == 200


@pytest.mark.parametrize("length", [7, 60])
def test_another_length_of_periods_frees_nothing(commune, ether, shop, timelock, length):
    """Shorter or longer: what was spent counts until the old period would have been over."""
    commons = commune.commons
    old_end = commons.periodOf(now()) + PERIOD
    commons.pay(ether, shop, 200, REASON, timelock)
    commune.constitution.setParameter(communes.bytes32("commons.period"), length * DAY, timelock)
    assert commons.brakeLeft(ether) == 0
    mine_at(old_end - 60)
    with reverts(error("CommonsBraked", ETH, 1, 0)):
        commons.pay(ether, shop, 1, REASON, timelock)
    mine_at(old_end + 60 * DAY)
    assert commons.brakeLeft(ether) == 160


@pytest.mark.parametrize("beyond", [False, True])
def test_what_is_no_payment_is_refused(commune, ether, stranger, shop, timelock, beyond):
    commons = commune.commons
    pay = commons.payBeyondBrake if beyond else commons.pay
    with reverts(error("CommonsEmptyReason")):
        pay(ether, shop, 1, NOTHING, timelock)
    with reverts(error("CommonsZeroAmount")):
        pay(ether, shop, 0, REASON, timelock)
    for nobody in (ZERO_ADDRESS, commons):
        with reverts(error("CommonsBadReceiver", nobody)):
            pay(ether, nobody, 1, REASON, timelock)
    with reverts(error("CommonsShort", ETH, 1_001, 1_000)):
        pay(ether, shop, 1_001, REASON, timelock)
    with reverts(error("CommonsNoToken", stranger)):
        pay(stranger.address, shop, 1, REASON, timelock)


def test_a_receiver_who_refuses_money_is_not_paid(commune, ether, timelock):
    """The constitution takes none; nothing counts as spent."""
    refusing = commune.constitution
    with reverts(error("CommonsTransferFailed", ETH, refusing, 10)):
        commune.commons.pay(ether, refusing, 10, REASON, timelock)
    assert commune.commons.brakeLeft(ether) == 200


def test_a_receiver_cannot_call_back_while_it_is_paid(commune, ether, project_contracts, deployer, timelock):
    """Not even by sending some of the money back."""
    receiver = project_contracts["ReenteringTarget"].deploy({"from": deployer})
    commons = commune.commons
    for data in (commons.recordIncome.encode_input(ether), b""):
        receiver.prepare(commons, data, {"from": deployer})
        tx = commons.pay(ether, receiver, 10, REASON, timelock)
        assert tx.events["CalledBack"]["success"] is False
        assert tx.events["CalledBack"]["result"] == REENTERED


def test_only_a_decision_pays(commune, ether, alice, shop, stranger):
    for who in (alice, stranger):
        for pay in (commune.commons.pay, commune.commons.payBeyondBrake):
            with reverts(error("AccessManagedUnauthorized", who)):
                pay(ether, shop, 1, REASON, who.tx)
