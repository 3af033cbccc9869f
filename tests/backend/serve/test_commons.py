"""The commons over HTTP, of a commune that has been given money and spent it."""

from __future__ import annotations

import pytest
from eth_abi import encode

from backend.chain.errors import RpcError
from backend.serve.tokens import LONGEST_ANSWER, decimals_in, symbol_in
from tests.backend.commune import ETH, text_hash
from tests.backend.processes import wait_until
from tests.backend.serve.test_commune import all_rows, get
from tests.backend.treasury import BADGES, ETHER, FLOUR, GIFT, KITCHEN, KITCHEN_TEXT, PERIOD, SHED


def all_rows_of(api, what: str, **query) -> list[dict]:
    return all_rows(api, f"/v1/commons/{what}", **query)


def token(api) -> str:
    """The one that came in."""
    return next(row["asset"] for row in all_rows_of(api, "ledger", kind="Income") if row["asset"] != ETH)


def test_the_summary_shows_balances_the_brake_and_what_pay_is_counted_in(api, lived):
    shown = get(api, "/v1/commons")["data"]
    commons = lived.commune
    assert shown["periodEnd"] - shown["periodStart"] == PERIOD
    assert (shown["brakeBps"], shown["pay"]["unit"], shown["pay"]["workersPay"]) == (2000, "2", 100_000)
    assert shown["pay"]["asset"] == token(api)
    balances = {row["asset"]: (row["balance"], row["brakeLeft"]) for row in shown["assets"]}
    balance = int(commons.chain.rpc("eth_getBalance", commons.addresses["commons"], "latest"), 16)
    assert balances[ETH] == (str(balance), str(commons.call("commons", "brakeLeft", ETH)))
    held = f"0x70a08231{commons.addresses['commons'][2:].rjust(64, '0')}"
    balance = int(commons.chain.rpc("eth_call", {"to": token(api), "data": held}, "latest"), 16)
    assert balances[token(api)] == (str(balance), str(commons.call("commons", "brakeLeft", token(api))))


def test_every_movement_is_in_the_ledger_with_who_and_why(api, lived):
    rows = all_rows_of(api, "ledger")
    assert all_rows_of(api, "ledger", limit=2) == rows
    moved = [(row["kind"], row["amount"], row["purseId"], row["memberId"]) for row in reversed(rows)]
    assert moved[:9] == [
        ("Income", str(2 * ETHER), None, None),
        ("Income", "300", None, None),
        ("Income", "40", None, None),
        ("Decision", str(ETHER // 4), None, None),
        ("Decision", "30", None, None),
        ("Purse", str(ETHER // 25), KITCHEN, 2),
        ("Purse", str(ETHER // 20), KITCHEN, 2),
        ("Purse", "20", SHED, 2),
        ("BeyondBrake", str(ETHER), None, None),
    ]
    found = rows[-3]
    assert (found["account"], found["reasonHash"], found["arrived"]) == (None, None, None)
    assert rows[-1]["account"] == lived.commune.people[14].address.lower()
    assert rows[-4]["reasonHash"] == f"0x{text_hash(FLOUR).hex()}"
    assert rows[-4]["arrived"] == rows[-4]["amount"]


def test_the_ledger_adds_up_to_the_balances(api):
    for asset in all_rows_of(api, "assets", limit=1):
        entries = all_rows_of(api, "ledger", asset=asset["asset"])
        total = sum(int(row["amount"]) * (1 if row["kind"] == "Income" else -1) for row in entries)
        assert str(total) == asset["balance"]


def test_the_ledger_is_searched_by_kind_asset_purse_and_member(api):
    assert {row["kind"] for row in all_rows_of(api, "ledger", kind="Income")} == {"Income"}
    assert {row["asset"] for row in all_rows_of(api, "ledger", asset=token(api))} == {token(api)}
    assert {row["purseId"] for row in all_rows_of(api, "ledger", purseId=KITCHEN)} == {KITCHEN}
    assert len(all_rows_of(api, "ledger", memberId=2, kind="Purse", limit=1)) == 3
    assert all_rows_of(api, "ledger", purseId=99) == []


@pytest.mark.parametrize(("query", "kind"), [("asset=0x12", "account-malformed"), ("kind=Theft", "invalid")])
def test_a_search_that_makes_no_sense_is_refused(api, query, kind):
    answer = api.get(f"/v1/commons/ledger?{query}")
    assert answer.status_code in (400, 422)
    assert kind in answer.json()["type"]


def test_purses_show_what_is_left_and_whose_they_are(api, lived):
    _, *rows = all_rows(api, "/v1/purses")
    assert [row["purseId"] for row in rows] == [BADGES, SHED, KITCHEN]
    assert [row["purseId"] for row in all_rows(api, "/v1/purses", closed="true")] == [SHED]
    kitchen = get(api, f"/v1/purses/{KITCHEN}")["data"]
    assert (kitchen["cap"], kitchen["closed"], kitchen["key"]) == (str(ETHER // 5), False, str(KITCHEN))
    assert kitchen["left"] == str(lived.commune.call("commons", "purseLeft", KITCHEN))
    shed = get(api, f"/v1/purses/{SHED}")["data"]
    assert (shed["closed"], shed["left"]) == (True, "0")
    missing = api.get("/v1/purses/99")
    assert (missing.status_code, missing.json()["type"]) == (404, "urn:dualpower:problem:not-found")


def test_reasons_are_read_once_the_node_has_their_texts(api):
    for text in (GIFT, KITCHEN_TEXT):
        path = f"/v1/texts/0x{text_hash(text).hex()}"
        assert api.put(path, content=text).json()["data"]["kind"] == "reason"
    assert get(api, f"/v1/purses/{KITCHEN}")["data"]["reason"] == KITCHEN_TEXT
    given = [row["reason"] for row in all_rows_of(api, "ledger", asset=token(api), kind="Income")]
    assert given == [None, GIFT]


def test_a_token_is_shown_by_its_address_and_what_it_says_of_itself(api):
    # A membership has a symbol and no decimals; the token that came in says nothing at all.
    wait_until(lambda: get(api, f"/v1/purses/{BADGES}")["data"]["token"] is not None)
    said = get(api, f"/v1/purses/{BADGES}")["data"]["token"]
    assert (len(said["symbol"]) > 0, said["decimals"]) == (True, None)
    assert get(api, f"/v1/purses/{KITCHEN}")["data"]["token"] == {"symbol": "ETH", "decimals": 18}
    assert get(api, f"/v1/purses/{SHED}")["data"]["token"] is None


def answer_of(kind: str, value: object) -> str:
    return f"0x{encode([kind], [value]).hex()}"


@pytest.mark.parametrize(
    ("answer", "symbol"),
    [
        (answer_of("string", "DAI"), "DAI"),
        (f"0x{b'MKR'.ljust(32, bytes(1)).hex()}", "MKR"),
        (answer_of("string", ""), None),
        (answer_of("string", "A" * 13), None),
        (answer_of("string", "US DOLLAR"), None),
        (answer_of("string", "\u202eIAD"), None),
        (answer_of("string", "A\nB"), None),
        (f"0x{(2**255).to_bytes(32, 'big').hex()}{'ff' * 32}", None),
        ("0x" + "00" * LONGEST_ANSWER, None),
        ("0xzz", None),
        ("0x", None),
        ("", None),
        (RpcError("eth_call", 3, "reverted", None), None),
    ],
)
def test_a_symbol_is_a_short_word_or_nothing(answer, symbol):
    assert symbol_in(answer) == symbol


@pytest.mark.parametrize(
    ("answer", "decimals"),
    [
        (answer_of("uint256", 6), 6),
        (answer_of("uint256", 36), 36),
        (answer_of("uint256", 37), None),
        (answer_of("uint256", 2**256 - 1), None),
        ("0x06", None),
        ("0x", None),
    ],
)
def test_decimals_are_a_small_number_or_nothing(answer, decimals):
    assert decimals_in(answer) == decimals
