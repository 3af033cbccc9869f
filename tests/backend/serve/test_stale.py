"""Answers that could mislead are not given. The application runs in this process, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import httpx
import pytest

from backend.node import make_app
from backend.serve.health import obstacle
from backend.serve.stream import Broadcast
from backend.store import Cursor, Status, Store
from tests.backend.counting import application

CURSOR = Cursor(100, "0x01", 0, 90)


def get(app, *requests: tuple[str, dict[str, str]] | str) -> list[httpx.Response]:
    async def ask() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://node") as client:
            pairs = [(wanted, {}) if isinstance(wanted, str) else wanted for wanted in requests]
            return [await client.get(path, headers=headers) for path, headers in pairs]

    return asyncio.run(ask())


@pytest.fixture
def node(chain, make_node):
    emitter = chain.deploy("Emitter")
    emitter.count(1, 1, 30)
    made = make_node(emitter)
    made.run()
    return made


@pytest.fixture
def store(node) -> Iterator[Store]:
    with closing(Store(node.settings.database, application.tables)) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/v1/counts", "/v1/events", "/v1/state"])
def test_rows_that_a_deep_reorg_made_wrong_are_never_served(node, store, path):
    app = make_app(node.settings)
    assert get(app, path)[0].status_code == 200
    store.report("stale", None, "a reorg went deeper than block 5")
    refused, ready = get(app, path, "/ready")
    assert (refused.status_code, refused.json()["type"]) == (503, "urn:dualpower:problem:stale")
    assert refused.headers["retry-after"]
    assert "stale" in ready.json()["detail"]
    store.report("live", 2)
    assert get(app, path)[0].status_code == 200


def test_a_node_without_its_first_block_says_so(node, tmp_path):
    app = make_app(replace(node.settings, database=tmp_path / "empty.sqlite"))
    for answer in get(app, "/v1/counts", "/v1/state", "/ready"):
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:dualpower:problem:not-ready")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status("live", 100, None, 1000), None),
        (Status("live", 105, None, 1000), None),
        (Status("live", 106, None, 1000), "6 blocks behind the chain's head 106"),
        (Status("live", 100, None, 900), "nothing was heard from the indexer for 100 s"),
        (Status("history", 900, None, 1000), "reading history: it is at block 100, the chain's head is 900"),
        (Status("lagging", 99, "the RPC node is at block 99, behind us", 1000), "behind us"),
        (Status("failed", None, "HandlerFailed: x", 1000), "the indexer stopped: HandlerFailed: x"),
    ],
)
def test_ready_has_a_reason_for_every_obstacle(status, reason):
    found = obstacle(CURSOR, status, 5, 1000.0)
    assert (found is None) if reason is None else (reason in found)


def test_a_client_that_reads_too_slowly_is_cut_off_and_not_buffered_for(node, monkeypatch):
    monkeypatch.setattr(Broadcast, "QUEUE", 10)

    async def flood() -> None:
        broadcast = Broadcast(make_app(node.settings).state.service)
        slow, _ = broadcast.join()
        for piece in broadcast.news():
            broadcast.offer(piece)
        assert slow not in broadcast.clients
        assert [slow.get_nowait() for _ in range(slow.qsize())] == [None]

    asyncio.run(flood())


def test_only_so_many_clients_may_listen(node, monkeypatch):
    monkeypatch.setattr(Broadcast, "CLIENTS", 0)
    (answer,) = get(make_app(node.settings), "/v1/stream")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:dualpower:problem:stream-full")


def test_an_answer_is_kept_only_until_the_database_changes(node, store):
    app = make_app(node.settings)
    first, same = get(app, "/v1/counts?limit=1", "/v1/counts?limit=1")
    assert same.content == first.content
    with store.transaction():
        store.connection.execute("UPDATE counts SET said = 'altered'")
    (altered,) = get(app, ("/v1/counts?limit=1", {"if-none-match": first.headers["etag"]}))
    assert altered.status_code == 200
    assert altered.json()["data"][0]["said"] == "altered"
