"""What every path does, asked of a running node on a running chain."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from dataclasses import replace

import msgspec
import pytest

from backend.node import Settings, rebuild
from tests.backend.chains import anvil, free_port
from tests.backend.processes import serving, wait_until
from tests.backend.proxy import proxied


@pytest.fixture(scope="module")
def emitter():
    with anvil() as chain:
        made = chain.deploy("Emitter")
        for number in range(8):
            made.count(number % 3, 10 * number, 4)
        yield made


@pytest.fixture(scope="module")
def settings(emitter, tmp_path_factory):
    folder = tmp_path_factory.mktemp("api")
    (folder / "deployment.json").write_bytes(msgspec.json.encode(emitter.deployment))
    return Settings(
        emitter.chain.url,
        folder / "deployment.json",
        folder / "node.sqlite",
        application="tests.backend.counting:application",
        port=free_port(),
        poll=0.1,
    )


@pytest.fixture(scope="module")
def api(settings):
    with serving(settings) as client:
        yield client


def caught_up(api, emitter) -> None:
    wait_until(lambda: api.get("/v1/node").json()["block"]["number"] == emitter.chain.head)


def problem(answer, status: int, kind: str) -> dict:
    document = answer.json()
    assert answer.status_code == document["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert document["type"] == f"urn:dualpower:problem:{kind}"
    assert document["title"]
    return document


def test_every_answer_names_the_block_it_is_true_at(api, emitter):
    caught_up(api, emitter)
    block = emitter.chain.block(emitter.chain.head)
    for path in ("/v1/node", "/v1/events", "/v1/counts", "/v1/state"):
        answer = api.get(path)
        assert answer.status_code == 200
        assert answer.json()["block"] == {
            "number": int(block["number"], 16),
            "hash": block["hash"],
            "timestamp": int(block["timestamp"], 16),
        }
        assert answer.headers["x-block-number"] == str(int(block["number"], 16))
        assert answer.headers["x-block-hash"] == block["hash"]


def test_an_unchanged_answer_is_not_sent_again(api, emitter):
    caught_up(api, emitter)
    first = api.get("/v1/counts?limit=2")
    again = api.get("/v1/counts?limit=2", headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    emitter.count(1, 1, 1)
    caught_up(api, emitter)
    fresh = api.get("/v1/counts?limit=2", headers={"if-none-match": first.headers["etag"]})
    assert fresh.status_code == 200
    assert fresh.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("filters", [("/v1/counts", {}), ("/v1/events", {}), ("/v1/counts", {"who": 11})])
def test_pages_show_every_row_once(api, emitter, filters):
    path, query = filters
    caught_up(api, emitter)
    whole = api.get(path, params=query | {"limit": 200}).json()["data"]
    joined, step = [], 1 if query else 5
    page = api.get(path, params=query | {"limit": step}).json()
    while page["next"]:
        assert len(page["data"]) == step
        joined += page["data"]
        page = api.get(path, params=query | {"limit": step, "cursor": page["next"]}).json()
    assert [*joined, *page["data"]] == whole
    assert whole


def test_events_can_be_asked_for_by_their_block_and_by_their_id(api, emitter):
    emitter.count(2, 1, 3)
    block = emitter.chain.head
    caught_up(api, emitter)
    listed = api.get("/v1/events", params={"block": block}).json()["data"]
    assert [event["id"] for event in listed] == [f"{block}-{index}" for index in (2, 1, 0)]
    for event in listed:
        assert api.get("/v1/events", params={"id": event["id"]}).json()["data"] == [event]
    for absent in ({"block": block + 1}, {"id": f"{block}-3"}, {"id": "9" * 20 + "-0"}):
        assert api.get("/v1/events", params=absent).json()["data"] == []
    problem(api.get("/v1/events", params={"id": "latest"}), 400, "event-id-malformed")


@pytest.mark.parametrize("cursor", ["zzz", "a" * 43, "\0", "kwIDRY2nq3ZB", "=", "🍞", "AAAA.AAAA"])
def test_a_cursor_that_was_made_up_is_refused(api, cursor):
    problem(api.get("/v1/counts", params={"cursor": cursor}), 400, "cursor-malformed")


def test_a_cursor_of_another_listing_or_filter_is_refused(api):
    cursor = api.get("/v1/counts?limit=1").json()["next"]
    assert api.get("/v1/counts", params={"cursor": cursor}).status_code == 200
    problem(api.get("/v1/events", params={"cursor": cursor}), 400, "cursor-malformed")
    problem(api.get("/v1/counts", params={"cursor": cursor, "who": 1}), 400, "cursor-malformed")
    altered = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    problem(api.get("/v1/counts", params={"cursor": altered}), 400, "cursor-malformed")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=many", "limit=-1", "who=x", "cursor=" + "a" * 500]
)
def test_a_malformed_query_is_refused_with_the_place_that_is_wrong(api, query):
    document = problem(api.get(f"/v1/counts?{query}"), 422, "invalid-request")
    assert document["errors"][0]["where"] == f"query.{query.partition('=')[0]}"


def test_a_mistyped_parameter_is_refused_rather_than_ignored(api):
    document = problem(api.get("/v1/counts?whom=3"), 400, "unknown-parameter")
    assert document["detail"] == "whom"
    assert document["known"] == ["cursor", "limit", "who"]


def test_strange_paths_and_methods_are_problems_too(api):
    problem(api.get("/v1/nothing"), 404, "no-such-path")
    problem(api.delete("/v1/counts"), 405, "method-not-allowed")


def test_other_origins_may_read(api):
    answer = api.get("/v1/node", headers={"origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "X-Block-Number" in answer.headers["access-control-expose-headers"]


def test_openapi_shows_rows_as_they_are_sent_with_an_example_for_each_field(api):
    schemas = api.get("/openapi.json").json()["components"]["schemas"]
    shown = api.get("/v1/counts?limit=1").json()["data"][0]
    assert set(schemas["Count"]["properties"]) == set(shown)
    assert schemas["Count"]["properties"]["counter"]["type"] == "string"
    for name in ("Count", "BlockModel", "EventModel", "NodeModel", "StateModel"):
        for field, described in schemas[name]["properties"].items():
            assert "examples" in described or "$ref" in described, f"{name}.{field}"


def test_metrics_count_requests_by_route(api):
    api.get("/v1/counts?limit=7")
    api.get("/v1/surely/not/there")
    text = api.get("/metrics").text
    assert 'dualpower_http_requests_total{method="GET",route="/v1/counts",status="200"}' in text
    assert "surely" not in text
    assert "dualpower_ready 1.0" in text


def test_the_state_hash_is_the_chains_own_and_notices_a_row_altered_by_hand(api, emitter, settings, tmp_path):
    caught_up(api, emitter)
    before = api.get("/v1/state").json()
    rebuilt, cursor = asyncio.run(rebuild(settings, tmp_path / "again.sqlite", emitter.chain.head))
    assert (before["data"]["stateHash"], before["block"]["hash"]) == (rebuilt.state_hash, cursor.hash)
    alter(settings, "UPDATE totals SET events = events + 1")
    altered = api.get("/v1/state").json()
    assert altered["block"] == before["block"]
    assert altered["data"]["stateHash"] != rebuilt.state_hash
    differing = {name for name, found in altered["data"]["tables"].items() if found != rebuilt.tables[name]}
    assert differing == {"totals"}
    alter(settings, "UPDATE totals SET events = events - 1")
    assert api.get("/v1/state").json() == before


def alter(settings: Settings, change: str) -> None:
    connection = sqlite3.connect(settings.database)
    with connection:
        connection.execute(change)
    connection.close()


def test_ready_says_why_not(emitter, settings, tmp_path):
    """A node whose RPC goes away, and comes back."""
    with proxied(emitter.chain.url) as proxy:
        elsewhere = replace(settings, rpc_url=proxy.url, database=tmp_path / "node.sqlite", port=free_port())
        with serving(elsewhere) as client:
            proxy.fault = lambda calls, real: (503, b"", {})
            wait_until(lambda: client.get("/ready").status_code == 503)
            document = problem(client.get("/ready"), 503, "not-ready")
            assert document["phase"] == "retrying"
            assert f"{proxy.url} answers 503" in document["detail"]
            assert client.get("/health").status_code == 200
            assert client.get("/v1/counts").status_code == 200
            proxy.fault = None
            wait_until(lambda: client.get("/ready").status_code == 200)


def events_of(lines, count: int) -> list[dict[str, str]]:
    """The next events of a stream, news of the head left out."""
    found, current = [], {}
    deadline = time.monotonic() + 20
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            current[name] = value
        elif current:
            if "data" in current and current["event"] != "head":
                found.append(current)
            current = {}
        if len(found) == count:
            return found
        assert time.monotonic() < deadline
    raise AssertionError(f"the stream ended after {found}")


def test_the_stream_resumes_after_the_last_event_a_client_saw_and_goes_on_live(api, emitter):
    caught_up(api, emitter)
    seen = api.get("/v1/events?limit=3").json()["data"]
    with api.stream("GET", "/v1/stream", headers={"last-event-id": seen[2]["id"]}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        replayed = events_of(lines, 2)
        assert [event["id"] for event in replayed] == [seen[1]["id"], seen[0]["id"]]
        assert json.loads(replayed[0]["data"]) == seen[1]
        emitter.count(2, 77, 1)
        (live,) = events_of(lines, 1)
        assert live["event"] == "Emitter.Counted"
        assert json.loads(live["data"])["arguments"]["who"] == 77
        assert live["id"] == f"{emitter.chain.head}-0"


def test_the_stream_tells_of_a_reorg_and_of_what_took_the_place(api, emitter):
    emitter.count(2, 1, 1)
    caught_up(api, emitter)
    dropped = emitter.chain.head
    with api.stream("GET", "/v1/stream") as answer:
        lines = answer.iter_lines()
        emitter.chain.rpc("anvil_reorg", 1, [])
        emitter.count(0, 9, 1)
        (reorg,) = events_of(lines, 1)
        while reorg["event"] != "reorg":
            (reorg,) = events_of(lines, 1)
        (event,) = events_of(lines, 1)
    assert json.loads(reorg["data"])["ancestor"]["number"] == dropped - 1
    assert json.loads(event["data"])["arguments"]["who"] == 9
    # Someone who saw the dropped block's event, and was away during the reorg, is told as well.
    with api.stream("GET", "/v1/stream", headers={"last-event-id": f"{dropped}-0"}) as answer:
        told, again = events_of(answer.iter_lines(), 2)
    assert told["event"] == "reorg"
    assert json.loads(again["data"])["arguments"]["who"] == 9


@pytest.mark.parametrize("event_id", ["x", "5", "5-", "-5-1", "5-1-2", "9" * 40 + "-1"])
def test_an_event_id_that_was_made_up_is_refused(api, event_id):
    problem(api.get("/v1/stream", headers={"last-event-id": event_id}), 400, "event-id-malformed")
