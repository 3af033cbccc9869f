"""Signing in as a member whom nobody names."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace

import pytest

from backend.serve.session import ChallengeModel, NewSessionModel, SessionModel
from backend.serve.view import Envelope
from backend.store.sessions import Sessions
from tests.backend.chains import anvil, free_port
from tests.backend.commune import DAY, PEOPLE, Commune
from tests.backend.mirror import Mirror
from tests.backend.polling import Polling, identity, prove
from tests.backend.processes import serving, wait_until
from tests.backend.serve.conftest import LISTED, ORIGIN
from tests.backend.serve.test_zk import refused
from zk import Message, Scope


def challenge(listed) -> dict:
    answer = listed.client.post("/v1/session/challenge")
    assert answer.status_code == 200, answer.text
    Envelope[ChallengeModel].model_validate(answer.json())
    return answer.json()["data"]


def leaves(listed) -> list[int]:
    return [int(leaf) for leaf in listed.client.get("/v1/session/group").json()["data"]["leaves"]]


def proof(listed, asked: dict, who: int, **other) -> dict:
    contract = int(listed.commune.addresses["group"], 16)
    day, origin = other.get("day", asked["day"]), other.get("origin", asked["origin"])
    scope = Scope.of_sign_in(31337, contract, day, origin)
    said = other.get("challenge", bytes.fromhex(asked["challenge"][2:]))
    given = other.get("leaves") or leaves(listed)
    return prove(who, given, asked["depth"], Message.of_sign_in(scope, said)).to_json()


def sign_in(listed, who: int):
    asked = challenge(listed)
    body = {"challenge": asked["challenge"], "proof": proof(listed, asked, who)}
    return listed.client.post("/v1/session", json=body)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_a_proof_gives_a_session_that_says_a_member_and_nothing_else(listed):
    answer = sign_in(listed, 1)
    assert answer.status_code == 201, answer.text
    Envelope[NewSessionModel].model_validate(answer.json())
    made = answer.json()["data"]
    assert set(made) == {"member", "expiresAt", "token"}
    assert 3_500 <= made["expiresAt"] - time.time() <= 3_600
    assert made["expiresAt"] % 60 == 0
    told = listed.client.get("/v1/session", headers=bearer(made["token"]))
    Envelope[SessionModel].model_validate(told.json())
    assert told.json()["data"] == {"member": True, "expiresAt": made["expiresAt"]}
    # Never kept: the next one who asks is somebody else.
    assert told.headers["cache-control"] == "no-store"
    refused(listed.client.get("/v1/session"), 401, "not-signed-in")
    refused(listed.client.get("/v1/session", headers=bearer("x" * 43)), 401, "not-signed-in")
    assert listed.client.delete("/v1/session", headers=bearer(made["token"])).status_code == 204
    refused(listed.client.get("/v1/session", headers=bearer(made["token"])), 401, "not-signed-in")


def test_the_challenge_says_what_the_client_works_out_itself(listed):
    asked = challenge(listed)
    scope = Scope.of_sign_in(31337, int(listed.commune.addresses["group"], 16), asked["day"], ORIGIN)
    assert (asked["origin"], asked["scope"]) == (ORIGIN, str(scope.value))
    assert asked["day"] == listed.commune.now // DAY
    said = Message.of_sign_in(scope, bytes.fromhex(asked["challenge"][2:]))
    assert asked["message"] == str(said.value)


def test_a_challenge_is_used_once(listed):
    asked = challenge(listed)
    body = {"challenge": asked["challenge"], "proof": proof(listed, asked, 2)}
    assert listed.client.post("/v1/session", json=body).status_code == 201
    refused(listed.client.post("/v1/session", json=body), 409, "challenge-used")


def test_challenges_that_the_node_did_not_make_are_refused(listed):
    asked = challenge(listed)
    given = bytearray.fromhex(asked["challenge"][2:])
    for at in (0, 20, 31):
        altered = bytes(byte ^ (place == at) for place, byte in enumerate(given))
        body = {"challenge": f"0x{altered.hex()}", "proof": proof(listed, asked, 3, challenge=altered)}
        refused(listed.client.post("/v1/session", json=body), 422, "challenge-unknown")


def test_proofs_for_something_else_sign_nobody_in(listed):
    asked = challenge(listed)

    def post(**other):
        body = {"challenge": asked["challenge"], "proof": proof(listed, asked, 3, **other)}
        return listed.client.post("/v1/session", json=body)

    refused(post(day=asked["day"] - 1), 422, "other-scope")
    refused(post(origin="https://other.example"), 422, "other-scope")
    refused(post(challenge=b"\1" * 32), 422, "other-message")
    own = [identity(3).commitment, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
    refused(post(leaves=own), 422, "root-refused")
    assert post().status_code == 201


def test_an_identity_signs_in_five_times_a_day(listed):
    statuses = [sign_in(listed, 4).status_code for _ in range(5)]
    assert statuses == [201] * 5
    refused(sign_in(listed, 4), 429, "too-many-sign-ins")
    assert sign_in(listed, 5).status_code == 201


def test_nothing_kept_says_who_or_joins_a_session_to_a_sign_in(listed):
    sign_in(listed, 6)
    database = sqlite3.connect(listed.settings.database)
    columns = {
        name: [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
        for name in ("sign_ins", "sessions", "used_challenges", "challenge_keys")
    }
    database.close()
    assert columns == {
        "sign_ins": ["scope", "nullifier", "ordinal", "day"],
        "sessions": ["token_hash", "ends"],
        "used_challenges": ["challenge", "ends"],
        "challenge_keys": ["id", "challenge_key"],
    }


def test_a_removed_member_is_out_at_once_and_a_newcomer_waits_for_tomorrow(listed):
    """Last of its kind: it changes who is listed."""
    commune, before = listed.commune, challenge(listed)
    newcomer_leaves = leaves(listed)
    commune.send(commune.people[LISTED], "membership", "leave")
    listed.caught_up()
    after = challenge(listed)
    assert after["root"] != before["root"]
    assert after["root"] == str(commune.call("group", "root"))
    asked = challenge(listed)
    stale = {"challenge": asked["challenge"], "proof": proof(listed, asked, LISTED, leaves=newcomer_leaves)}
    refused(listed.client.post("/v1/session", json=stale), 422, "root-refused")
    assert sign_in(listed, 7).status_code == 201
    # Whoever is listed from now on is in the root of tomorrow.
    commune.wait(91 * DAY)
    listed.polling.register(commune.people[8], 8, key=2)
    listed.caught_up()
    assert challenge(listed)["root"] == str(commune.call("group", "root"))


def test_too_small_a_group_signs_nobody_in(tmp_path):
    with anvil("--accounts", str(PEOPLE)) as chain:
        commune = Commune.founded(chain, 3)
        Polling(commune).register(commune.people[1], 1)
        commune.wait(DAY)
        settings = replace(Mirror(commune, tmp_path).settings, port=free_port(), poll=0.1)
        with serving(settings) as client:
            wait_until(lambda: client.get("/v1/group").json()["data"]["listed"] == 1)
            document = refused(client.post("/v1/session/challenge"), 409, "group-too-small")
            assert "10 are needed" in document["detail"]


@pytest.fixture
def store(tmp_path):
    from backend.commune import COMMUNE
    from backend.store import Store

    Store(tmp_path / "node.sqlite", COMMUNE.tables).close()
    made = Sessions(tmp_path / "node.sqlite")
    yield made
    made.close()


def test_what_is_over_is_forgotten(store):
    def sign(challenge: int, now: int, day: int) -> None:
        store.sign_in(
            challenge=bytes([challenge]) * 32, challenge_ends=now + 10, scope=b"s" * 32, nullifier=b"n" * 32,
            day=day, limit=5, token_hash=bytes([challenge]) * 32, ends=now + 100, now=now,
        )  # fmt: skip

    sign(1, 1_000, 10)
    assert store.ends(b"\1" * 32, 1_050) == 1_100
    assert store.ends(b"\1" * 32, 1_101) is None
    sign(2, 2_000, 12)
    assert store._query("SELECT count(*) FROM sessions") == [(1,)]
    assert store._query("SELECT count(*) FROM used_challenges") == [(1,)]
    assert store._query("SELECT day, ordinal FROM sign_ins") == [(12, 0)]
    assert store.key() == store.key()
