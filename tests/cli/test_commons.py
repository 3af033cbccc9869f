"""Money by commands: given, found, paid from a purse, and every refusal in words."""

from __future__ import annotations

import pytest

from backend.cli import money
from backend.cli.errors import Misused
from tests.backend.commune import ETH, text_hash
from tests.backend.drawing import decide
from tests.backend.treasury import ETHER, KITCHEN, KITCHEN_TEXT, SHED, Treasury
from tests.cli.conftest import opened

ALICE, BOB, STRANGER = 1, 2, 19


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("desk"), 5) as desk:
        yield desk


@pytest.fixture(scope="module")
def treasury(desk):
    """A purse of ETH and one of tokens, from which Alice may pay."""
    c = desk.commune
    made = Treasury(c)
    for number, asset, cap in ((KITCHEN, ETH, ETHER // 10), (SHED, made.token, 20)):
        decide(c, "commons", "openPurse", made.payers, number, asset, cap, text_hash(KITCHEN_TEXT))
        made.allow(number, c.people[ALICE])
    return made


@pytest.fixture(scope="module")
def baker(desk):
    return desk.commune.people[15].address


def test_eth_is_given_as_it_is(desk, treasury):
    assert desk.done("commons", "deposit", "ETH", "2.5", who=STRANGER)["amount"] == str(5 * ETHER // 2)
    assert "2.5 ETH" in desk.run("commons", "show").stdout
    (income,) = desk.done("commons", "ledger")
    assert income["account"] == desk.commune.people[STRANGER].address.lower()


def test_tokens_are_given_with_a_reason_after_letting_the_commons_take_them(desk, treasury):
    who = desk.commune.people[BOB]
    treasury.mint(who.address, 500)
    given = ("commons", "deposit", treasury.token, "300", "From the summer feast")
    assert desk.done(*given, who=BOB)["amount"] == "300"
    shown = desk.run("commons", "ledger", "--asset", treasury.token).stdout
    assert f"300 of {treasury.token.lower()}" in shown
    assert "From the summer feast" in shown


def test_more_tokens_than_one_has_are_refused(desk, treasury):
    told = desk.refused("commons", "deposit", treasury.token, "9000", "Too much", who=BOB)
    assert f"{treasury.token} did not move 9000" in told


def test_what_came_without_a_word_is_recorded_once_by_anyone(desk, treasury):
    treasury.mint(desk.commune.addresses["commons"], 40)
    assert desk.done("commons", "income", treasury.token, "--relay", who=BOB)["transaction"]
    told = desk.refused("commons", "income", treasury.token, who=STRANGER)
    assert "that the commons has is in the ledger" in told


def test_who_holds_a_purse_pays_from_it_also_without_gas(desk, treasury, baker):
    desk.done("purse", "pay", str(KITCHEN), baker, "0.04", "Flour", who=ALICE)
    desk.done("purse", "pay", str(SHED), baker, "5", "Nails", "--relay", who=ALICE)
    shown = desk.run("purse", "show", str(KITCHEN)).stdout
    assert "0.06 ETH" in shown
    assert "Flour" in shown
    listed = {row["purseId"]: row["left"] for row in desk.done("purse", "list")}
    assert listed == {KITCHEN: str(ETHER * 6 // 100), SHED: "15"}
    assert [row["memberId"] for row in desk.done("commons", "ledger", "--purse", str(SHED))] == [ALICE]
    assert desk.done("purse", "list", "--closed") == []


@pytest.mark.parametrize(
    ("amount", "who", "told"),
    [
        ("0.0600001", ALICE, "purse 1 has 60000000000000000 left in this period"),
        ("0.01", STRANGER, "is not a member"),
    ],
)
def test_a_purse_pays_no_more_than_it_has_and_for_nobody_else(desk, treasury, baker, amount, who, told):
    assert told in desk.refused("purse", "pay", str(KITCHEN), baker, amount, "More flour", who=who)


def test_nobody_pays_themselves(desk, treasury):
    alice = desk.commune.people[ALICE].address
    assert "cannot be paid" in desk.refused("purse", "pay", str(KITCHEN), alice, "0.01", "Me", who=ALICE)


def test_an_unknown_purse_is_told(desk):
    assert "Purse 9 does not exist" in desk.refused("purse", "show", "9")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["commons", "deposit", "ETH", "1", "A gift"], "no reason with it"),
        (["commons", "deposit", "0x" + "11" * 20, "1"], "say why"),
        (["commons", "deposit", "gold", "1"], "an asset is ETH, or a token's address"),
        (["commons", "deposit", "ETH", "much"], "ETH takes a number"),
        (["commons", "deposit", "ETH", "0.0"], "above 0"),
        (["commons", "deposit", "0x" + "11" * 20, "0.5", "Half"], "whole number of its smallest parts"),
        (["purse", "pay", "1", "baker", "1", "Flour"], "an account is 0x and 40 hex digits"),
        (["purse", "pay", "1", "0x" + "11" * 20, "1"], "say why"),
    ],
)
def test_what_makes_no_sense_is_told_before_anything_is_sent(desk, words, told):
    ended = desk.run(*words, who=ALICE)
    assert ended.exit_code == 2
    assert told in ended.stderr


def test_an_address_without_a_token_is_told(desk):
    told = desk.refused("commons", "deposit", "0x" + "11" * 20, "1", "Nothing", who=ALICE)
    assert "there is no token at" in told


@pytest.mark.parametrize(
    ("given", "amount"),
    [("1", 10**18), ("0.05", 5 * 10**16), ("0.000000000000000001", 1), ("12.5", 125 * 10**17)],
)
def test_eth_is_written_and_read_with_decimals(given, amount):
    assert money.amount_of(given, money.ETH) == amount
    assert money.shown(amount, money.ETH, None) == f"{given} ETH"


@pytest.mark.parametrize("given", ["", "-1", "1e3", "0.0000000000000000001", "1,5", ".5", "1.", "½"])
def test_what_is_no_amount_is_refused(given):
    with pytest.raises(Misused):
        money.amount_of(given, money.ETH)
