"""Texts by their hashes: what is taken, what is refused, and what they outlast."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace

import httpx
import pytest

from backend.chain import Rpc
from backend.deployment import load
from backend.node import make_sync
from tests.backend.chains import free_port
from tests.backend.commune import CHARTER, text_hash
from tests.backend.processes import serving

PROFILE = "I am Six"
REASONED = "Why we thank the cooks"


def path_of(text: str | bytes) -> str:
    content = text if isinstance(text, str) else text.decode("latin-1")
    return f"/v1/texts/0x{text_hash(content).hex()}"


def refused(answer: httpx.Response, status: int, kind: str) -> dict:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["type"] == f"urn:dualpower:problem:{kind}"
    return document


def test_a_text_that_the_chain_refers_to_is_kept_and_given_back(api):
    assert api.get("/v1/members/6").json()["data"]["introduction"] is None
    refused(api.get(path_of(PROFILE)), 404, "text-unknown")
    first = api.put(path_of(PROFILE), content=PROFILE)
    assert first.status_code == 201
    assert first.json()["data"]["kind"] == "profile"
    assert first.json()["data"]["size"] == len(PROFILE)
    again = api.put(path_of(PROFILE), content=PROFILE)
    assert again.status_code == 200
    assert again.json()["data"] == first.json()["data"]
    found = api.get(path_of(PROFILE))
    assert found.text == PROFILE
    assert found.headers["content-type"] == "text/plain; charset=utf-8"
    assert found.headers["x-content-type-options"] == "nosniff"
    unchanged = api.get(path_of(PROFILE), headers={"if-none-match": found.headers["etag"]})
    assert unchanged.status_code == 304


def test_an_introduction_is_shown_once_the_node_has_it(api):
    text = "I am person 7"
    assert api.put(path_of(text), content=text).status_code == 201
    assert api.get("/v1/members/7").json()["data"]["introduction"] == text
    assert api.get("/v1/dao/members/7").json()["description"] == text


@pytest.mark.parametrize("text", [CHARTER, REASONED, "We cook on Fridays", "work", "Seven took the till"])
def test_every_kind_of_text_that_the_chain_names_is_taken(api, text):
    assert api.put(path_of(text), content=text).status_code == 201


def test_a_text_that_nothing_refers_to_may_come_later(api):
    answer = api.put(path_of("Nobody asked"), content="Nobody asked")
    document = refused(answer, 404, "not-referenced")
    assert answer.headers["retry-after"]
    assert "try again" in document["detail"]


def test_a_text_with_another_hash_is_refused(api):
    refused(api.put(path_of(PROFILE), content=PROFILE + "!"), 422, "hash-mismatch")


@pytest.mark.parametrize("name", ["0x12", "abc", "0x" + "g" * 64, "0x" + "0" * 65, "%20"])
def test_what_is_no_hash_is_refused(api, name):
    assert api.put(f"/v1/texts/{name}", content="x").status_code in (400, 422)
    assert api.get(f"/v1/texts/{name}").status_code in (400, 422)


def test_what_is_no_text_is_refused(api):
    refused(api.put(path_of(b"\xff\xfe"), content=b"\xff\xfe"), 415, "not-utf8")


def test_a_text_that_is_too_large_is_refused_however_it_is_sent(api):
    large = "x" * 65_537
    refused(api.put(path_of(large), content=large), 413, "body-too-large")

    def pieces():
        for _ in range(2_000):
            yield b"x" * 65_536

    # The node stops reading; a client that goes on writing may see the connection close first.
    try:
        answer = api.put(path_of(large), content=pieces())
    except httpx.TransportError:
        return
    assert answer.status_code == 413


def test_the_list_tells_which_texts_are_missing(api):
    missing = api.get("/v1/texts", params={"held": "false", "limit": 200}).json()["data"]
    held = api.get("/v1/texts", params={"held": "true", "limit": 200}).json()["data"]
    assert missing
    assert held
    assert all(row["size"] is None for row in missing)
    text = "I am Eight"
    assert f"0x{text_hash(text).hex()}" in [row["textHash"] for row in missing]


def test_texts_are_no_state_and_outlast_a_rebuild(lived, tmp_path):
    folder = tmp_path
    target = sqlite3.connect(folder / "node.sqlite")
    sqlite3.connect(lived.settings.database).backup(target)
    target.close()
    settings = replace(lived.settings, database=folder / "node.sqlite", port=free_port(), poll=0.1)
    with serving(settings) as client:
        before = client.get("/v1/state").json()["data"]["stateHash"]
        assert client.put(path_of(CHARTER), content=CHARTER).status_code in (200, 201)
        assert client.get("/v1/state").json()["data"]["stateHash"] == before

    async def start_over() -> None:
        rpc = Rpc(settings.rpc_url)
        sync = make_sync(settings, rpc, load(settings.deployment))
        while await sync.step():
            pass
        sync.projector.restart(sync.cursor, sync._origin)
        await rpc.close()
        sync.store.close()

    asyncio.run(start_over())
    with serving(settings) as client:
        assert client.get("/v1/state").json()["data"]["stateHash"] == before
        assert client.get(path_of(CHARTER)).text == CHARTER


def test_metrics_count_texts(api):
    lines = api.get("/metrics").text.splitlines()
    (held,) = (line for line in lines if line.startswith("dualpower_texts "))
    assert float(held.split()[1]) >= 1
