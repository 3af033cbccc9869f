"""Tokens that do not keep to the rules: what counts is how balances moved."""

from brownie import reverts

from tests.contracts.commons.conftest import (
    CALLING,
    GREEDY,
    IDLE,
    REASON,
    REENTERED,
    REFUSING,
    SILENT,
    TAXING,
)
from tests.contracts.errors import error


def test_a_token_that_returns_nothing_is_paid(commune, token, shop, timelock):
    token.behave(SILENT, timelock)
    tx = commune.commons.pay(token, shop, 100, REASON, timelock)
    assert (tx.events["Paid"]["amount"], tx.events["Paid"]["arrived"]) == (100, 100)
    assert token.balanceOf(shop) == 100


def test_a_token_that_says_no_is_not_paid(commune, token, shop, timelock):
    """Whether it says so, or says yes and does nothing; nothing counts as spent."""
    for behaviour in (REFUSING, IDLE):
        token.behave(behaviour, timelock)
        with reverts(error("CommonsTransferFailed", token, shop, 100)):
            commune.commons.pay(token, shop, 100, REASON, timelock)
    assert commune.commons.brakeLeft(token) == 200


def test_a_token_that_fails_without_a_word_is_not_paid(commune, token, shop, timelock):
    """A contract that knows no such function."""
    law = commune.constitution
    with reverts():
        commune.commons.pay(law, shop, 100, REASON, timelock)


def test_what_a_token_keeps_on_the_way_is_the_receivers_loss(commune, token, shop, timelock):
    token.behave(TAXING, timelock)
    tx = commune.commons.pay(token, shop, 100, REASON, timelock)
    assert (tx.events["Paid"]["amount"], tx.events["Paid"]["arrived"]) == (100, 90)
    with reverts(error("CommonsNothingToRecord", token)):
        commune.commons.recordIncome(token, timelock)


def test_a_token_that_takes_more_than_asked_is_not_paid(commune, token, shop, timelock):
    token.behave(GREEDY, timelock)
    with reverts(error("CommonsTookMore", token, 100, 101)):
        commune.commons.pay(token, shop, 100, REASON, timelock)
    assert token.balanceOf(commune.commons) == 1_000


def test_a_token_cannot_call_back_while_it_is_paid(commune, token, shop, timelock):
    """Neither for more income nor for another payment."""
    commons = commune.commons
    for call in (
        commons.recordIncome.encode_input(token),
        commons.deposit.encode_input(token, 1, REASON),
        commons.payFromPurse.encode_input(1, shop, 1, REASON),
    ):
        token.prepare(commons, call, timelock)
        token.behave(CALLING, timelock)
        tx = commons.pay(token, shop, 10, REASON, timelock)
        assert tx.events["CalledBack"] == {"success": False, "result": REENTERED}
        assert [paid["amount"] for paid in tx.events["Paid"]] == [10]
