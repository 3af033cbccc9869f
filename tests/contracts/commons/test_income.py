"""`receive`, `deposit`, `recordIncome`: whatever comes is in the ledger once."""

import pytest
from brownie import ZERO_ADDRESS, reverts, web3

from tests.contracts.commons.conftest import (
    CALLING,
    ETH,
    IDLE,
    NOTHING,
    REASON,
    REENTERED,
    REFUSING,
    SILENT,
    TAXING,
)
from tests.contracts.errors import error


def test_ether_is_simply_sent(commune, accounts):
    tx = accounts[30].transfer(commune.commons, 5)
    received = tx.events["Received"]
    assert received == {"asset": ETH, "from": accounts[30], "amount": 5, "reason": "0x" + NOTHING.hex()}
    with reverts(error("CommonsNothingToRecord", ETH)):
        commune.commons.recordIncome(ETH, {"from": accounts[30]})


@pytest.mark.parametrize("behaviour", [0, SILENT, TAXING])
def test_tokens_are_given_with_a_reason(commune, token, alice, behaviour):
    """What arrives counts, not what was asked for."""
    token.mint(alice.address, 100, alice.tx)
    token.approve(commune.commons, 100, alice.tx)
    token.behave(behaviour, alice.tx)
    tx = commune.commons.deposit(token, 100, REASON, alice.tx)
    arrived = 90 if behaviour == TAXING else 100
    assert tx.events["Received"] == {
        "asset": token,
        "from": alice.address,
        "amount": arrived,
        "reason": REASON,
    }
    assert token.balanceOf(commune.commons) == 1_000 + arrived
    with reverts(error("CommonsNothingToRecord", token)):
        commune.commons.recordIncome(token, alice.tx)


@pytest.mark.parametrize("behaviour", [REFUSING, IDLE])
def test_tokens_that_do_not_come_are_not_in_the_ledger(commune, token, alice, behaviour):
    token.mint(alice.address, 100, alice.tx)
    token.approve(commune.commons, 100, alice.tx)
    token.behave(behaviour, alice.tx)
    with reverts(error("CommonsTransferFailed", token, commune.commons, 100)):
        commune.commons.deposit(token, 100, REASON, alice.tx)


def test_a_token_cannot_call_back_to_count_twice(commune, token, alice):
    """The call within finds tokens that came without a word, and may not record them during the deposit."""
    token.mint(alice.address, 100, alice.tx)
    token.mint(commune.commons, 7, alice.tx)
    token.approve(commune.commons, 100, alice.tx)
    token.prepare(commune.commons, commune.commons.recordIncome.encode_input(token), alice.tx)
    token.behave(CALLING, alice.tx)
    tx = commune.commons.deposit(token, 100, REASON, alice.tx)
    assert tx.events["CalledBack"] == {"success": False, "result": REENTERED}
    assert [e["amount"] for e in tx.events["Received"]] == [100]
    assert commune.commons.recordIncome(token, alice.tx).return_value == 7


def test_a_deposit_has_a_reason_an_amount_and_a_token(commune, token, alice, stranger):
    with reverts(error("CommonsEmptyReason")):
        commune.commons.deposit(token, 1, NOTHING, alice.tx)
    with reverts(error("CommonsZeroAmount")):
        commune.commons.deposit(token, 0, REASON, alice.tx)
    for nothing in (stranger, ZERO_ADDRESS):
        with reverts(error("CommonsNoToken", nothing)):
            commune.commons.deposit(getattr(nothing, "address", nothing), 1, REASON, alice.tx)


def test_tokens_nobody_gave_leave_to_are_not_taken(commune, token, alice, stranger):
    token.mint(alice.address, 100, alice.tx)
    token.approve(commune.commons, 100, alice.tx)
    with reverts(error("CommonsTransferFailed", token, commune.commons, 1)):
        commune.commons.deposit(token, 1, REASON, stranger.tx)


def test_what_came_without_a_word_is_recorded_once(commune, token, stranger):
    token.mint(commune.commons, 5, stranger.tx)
    tx = commune.commons.recordIncome(token, stranger.tx)
    assert tx.events["Received"] == {
        "asset": token,
        "from": ZERO_ADDRESS,
        "amount": 5,
        "reason": "0x" + NOTHING.hex(),
    }
    with reverts(error("CommonsNothingToRecord", token)):
        commune.commons.recordIncome(token, stranger.tx)


def test_ether_that_was_forced_in_is_recorded(commune, ether, stranger):
    """As a contract that destroys itself can."""
    on_anvil = "anvil" in web3.client_version.lower()
    method = "anvil_setBalance" if on_anvil else "evm_setAccountBalance"
    web3.provider.make_request(method, [commune.commons.address, hex(1_009)])
    tx = commune.commons.recordIncome(ether, stranger.tx)
    assert tx.events["Received"]["amount"] == 9


def test_what_came_without_a_word_is_recorded_before_it_goes_out(commune, token, shop, timelock):
    """Else the ledger would say that more went out than ever came in."""
    commons = commune.commons
    token.mint(commons, 500, timelock)
    tx = commons.payBeyondBrake(token, shop, 1_200, REASON, timelock)
    assert [event.name for event in tx.events if event.name in ("Received", "Paid")] == ["Received", "Paid"]
    assert (tx.events["Received"]["from"], tx.events["Received"]["amount"]) == (ZERO_ADDRESS, 500)
    assert 1_000 + tx.events["Received"]["amount"] - tx.events["Paid"]["amount"] == token.balanceOf(commons)
    with reverts(error("CommonsNothingToRecord", token)):
        commons.recordIncome(token, timelock)
