"""Signing in with the account that holds a membership, by a message of EIP-4361."""

from __future__ import annotations

import json
import re
import sqlite3

import pytest
from eth_account import Account
from eth_account.messages import defunct_hash_message, encode_defunct

from backend.serve.eip4361 import MessageInvalid, SignInMessage, digest
from backend.serve.session import NewSessionModel
from backend.serve.view import Envelope
from backend.serve.wallet_session import WalletChallengeModel
from tests.backend.chains import ROOT
from tests.backend.serve.conftest import LISTED
from tests.backend.serve.test_session import bearer
from tests.backend.serve.test_zk import refused

MESSAGE = """https://node.example wants you to sign in with your Ethereum account:
0x70997970C51812dc3A010C7d01b50e0d17dc79C8

Sign in as a member.

URI: https://node.example
Version: 1
Chain ID: 31337
Nonce: 9f86d081884c7d659a2feaa0c55ad015
Issued At: 2026-01-01T00:00:00Z
Expiration Time: 2026-01-01T00:05:00Z"""


def challenge(listed) -> dict:
    answer = listed.client.post("/v1/session/wallet/challenge")
    assert answer.status_code == 200, answer.text
    Envelope[WalletChallengeModel].model_validate(answer.json())
    return answer.json()["data"]


def message(asked: dict, account: str, **other: str) -> str:
    says = {
        "domain": asked["domain"],
        "uri": asked["uri"],
        "chain": str(asked["chainId"]),
        "nonce": asked["nonce"],
        "until": asked["expirationTime"],
    } | other
    return (
        f"https://{says['domain']} wants you to sign in with your Ethereum account:\n{account}\n\n"
        f"Sign in as a member.\n\nURI: {says['uri']}\nVersion: 1\nChain ID: {says['chain']}\n"
        f"Nonce: {says['nonce']}\nIssued At: {asked['issuedAt']}\nExpiration Time: {says['until']}"
    )


def post(listed, who: int, text: str, *, signer: int | None = None):
    key = listed.commune.people[who if signer is None else signer].key
    signature = Account.sign_message(encode_defunct(text=text), key).signature
    body = {"message": text, "signature": f"0x{bytes(signature).hex()}"}
    return listed.client.post("/v1/session/wallet", json=body)


def sign_in(listed, who: int, **other: str):
    account = listed.commune.people[who].address
    return post(listed, who, message(challenge(listed), account, **other))


def test_a_members_wallet_gives_a_session_that_says_a_member_and_nothing_else(listed):
    answer = sign_in(listed, 7)
    assert answer.status_code == 201, answer.text
    Envelope[NewSessionModel].model_validate(answer.json())
    assert set(answer.json()["data"]) == {"member", "expiresAt", "token"}
    token = answer.json()["data"]["token"]
    assert listed.client.get("/v1/skills", headers=bearer(token)).status_code == 200
    assert listed.client.delete("/v1/session", headers=bearer(token)).status_code == 204
    refused(listed.client.get("/v1/skills", headers=bearer(token)), 401, "not-signed-in")


def test_a_message_signs_in_once(listed):
    text = message(challenge(listed), listed.commune.people[7].address)
    assert post(listed, 7, text).status_code == 201
    refused(post(listed, 7, text), 409, "challenge-used")


@pytest.mark.parametrize(
    "other",
    [
        {"domain": "other.example"},
        {"uri": "https://other.example"},
        {"uri": "https://node.example.other.example"},
        {"chain": "1"},
    ],
)
def test_a_message_for_another_place_signs_nobody_in(listed, other):
    refused(sign_in(listed, 7, **other), 422, "message-elsewhere")


def test_a_nonce_that_the_node_did_not_give_signs_nobody_in(listed):
    refused(sign_in(listed, 7, nonce="00" * 32), 422, "challenge-unknown")
    refused(sign_in(listed, 7, nonce="notHexAtAll"), 422, "challenge-unknown")


def test_a_message_that_has_expired_signs_nobody_in(listed):
    refused(sign_in(listed, 7, until="2020-01-01T00:00:00Z"), 409, "challenge-expired")


def test_only_the_accounts_own_signature_and_only_a_members_signs_in(listed):
    asked = challenge(listed)
    text = message(asked, listed.commune.people[7].address)
    refused(post(listed, 7, text, signer=8), 422, "signature-not-theirs")
    stranger = listed.commune.people[LISTED + 3].address
    refused(post(listed, LISTED + 3, message(asked, stranger)), 403, "not-a-member")


def test_an_account_signs_in_five_times_a_day_and_leaves_no_trace_of_who_it_is(listed):
    statuses = [sign_in(listed, 9).status_code for _ in range(5)]
    assert statuses == [201] * 5
    refused(sign_in(listed, 9), 429, "too-many-sign-ins")
    database = sqlite3.connect(listed.settings.database)
    rows = database.execute("SELECT scope, nullifier FROM sign_ins").fetchall()
    database.close()
    account = listed.commune.people[9].account
    assert rows
    assert not [row for row in rows if account in row[0] + row[1]]


# The text


def test_a_message_of_the_standard_is_read():
    found = SignInMessage.parse(MESSAGE)
    assert (found.domain, found.chain_id, found.nonce[:4]) == ("node.example", 31337, "9f86")
    assert found.expires_at == found.issued_at + 300
    short = re.sub(r"\nExpiration Time.*", "", MESSAGE).replace("Sign in as a member.\n", "")
    assert (
        SignInMessage.parse(short.replace("https://node.example wants", "node.example wants")).scheme is None
    )
    assert SignInMessage.parse(f"{MESSAGE}\nRequest ID: 7\nResources:\n- https://node.example/docs").domain


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_the_page_says_in_it_is_written_with_the_letters_that_the_standard_has(language):
    words = json.loads((ROOT / f"web/src/words/{language}/chain.json").read_text())
    SignInMessage.parse(MESSAGE.replace("Sign in as a member.", words["chain.session.statement"]))


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("Version: 1", "Version: 2"),
        ("URI: https://node.example\n", ""),
        ("Chain ID: 31337", "Chain ID: x"),
        ("Nonce: 9f86d081884c7d659a2feaa0c55ad015", "Nonce: short"),
        ("0x70997970C5", "0x70997970c5"),
        ("\n\nURI", "\nURI"),
        ("Sign in as a member.", "Iniciar sesi\u00f3n."),
        ("Sign in as a member.", "Sign in.\nURI: https://other.example"),
        ("2026-01-01T00:00:00Z", "2026-13-41T00:00:00Z"),
        ("2026-01-01T00:05:00Z", "2026-01-01T00:05:00Z\nAnd one more line"),
        ("wants you to sign in", "wants you to log in"),
    ],
)
def test_a_text_that_differs_in_a_line_is_none(line, instead):
    assert line in MESSAGE
    with pytest.raises(MessageInvalid):
        SignInMessage.parse(MESSAGE.replace(line, instead))


def test_what_is_signed_is_what_wallets_sign():
    assert digest(MESSAGE) == bytes(defunct_hash_message(text=MESSAGE))
