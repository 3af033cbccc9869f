"""The relay over HTTP, on a node of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.relay import RelaySettings
from backend.serve.relay import RelayedModel, RelayModel
from backend.serve.view import Envelope
from tests.backend.chains import anvil, free_port
from tests.backend.commune import FOR, PEOPLE, Commune
from tests.backend.mirror import Mirror
from tests.backend.processes import serving, wait_until
from tests.backend.relay.test_relay import ballot, request


@pytest.fixture(scope="module")
def commune():
    with anvil("--accounts", str(PEOPLE)) as chain:
        yield Commune.founded(chain, 5)


@pytest.fixture(scope="module")
def vote(commune):
    p = commune.people
    action = ("constitution", commune.data("constitution", "addTopic", "music"))
    proposal = commune.propose(commune.draft(p[1], action), p[1], (p[1], p[2]))
    commune.to_voting(proposal)
    return proposal


@pytest.fixture(scope="module")
def settings(commune, vote, tmp_path_factory):
    mirror = Mirror(commune, tmp_path_factory.mktemp("relay"))
    relay = RelaySettings(test_key=9, poll=0.1, per_minute=6)
    return replace(mirror.settings, port=free_port(), poll=0.1, relay=relay)


@pytest.fixture(scope="module")
def relaying(settings, commune):
    with serving(settings) as client:
        wait_until(lambda: client.get("/v1/node").json()["block"]["number"] == commune.chain.head)
        yield client


def finished(client, ticket: str) -> dict:
    shown = {}

    def done() -> bool:
        answer = client.get(f"/v1/relay/{ticket}")
        Envelope[RelayedModel].model_validate(answer.json())
        shown.update(answer.json()["data"])
        return shown["status"] != "Waiting"

    wait_until(done)
    return shown


def test_a_signed_ballot_is_cast_and_shown(relaying, commune, vote):
    answer = relaying.post("/v1/relay/ballots", json=ballot(commune, commune.people[1], vote, FOR, 4))
    assert answer.status_code == 202
    Envelope[RelayedModel].model_validate(answer.json())
    ticket = answer.json()["data"]["ticket"]
    assert answer.headers["location"] == f"/v1/relay/{ticket}"
    shown = finished(relaying, ticket)
    assert (shown["status"], shown["reason"]) == ("Done", None)
    (item,) = shown["items"]
    assert commune.chain.receipt(item["transaction"])["blockNumber"] == hex(item["block"])
    wait_until(lambda: relaying.get(f"/v1/proposals/{vote}/ballots").json()["data"])
    (cast,) = relaying.get(f"/v1/proposals/{vote}/ballots").json()["data"]
    assert (cast["memberId"], cast["choice"], cast["votes"]) == (1, "For", 4)


def test_a_list_is_partly_done(relaying, commune, vote):
    good = ballot(commune, commune.people[2], vote)
    answer = relaying.post("/v1/relay/ballots", json=[good, good | {"memberId": 77}])
    assert answer.status_code == 202
    shown = finished(relaying, answer.json()["data"]["ticket"])
    assert shown["status"] == "Partly"
    assert [item["status"] for item in shown["items"]] == ["Included", "Refused"]
    assert shown["items"][1]["problem"]["error"] == "AssemblyNotInElectorate"
    assert "member id 77" in shown["reason"]


def test_where_nothing_is_taken_the_answer_is_a_problem(relaying, commune, vote):
    answer = relaying.post("/v1/relay/ballots", json=ballot(commune, commune.people[3], vote) | {"votes": 9})
    assert answer.status_code == 422
    document = answer.json()
    assert document["type"] == "urn:dualpower:problem:relay-refused"
    assert document["items"][0]["problem"]["error"] == "AssemblyBadSignature"
    assert "bad signature" in document["detail"]


def test_who_asks_for_too_much_is_told_when_to_come_back(relaying, commune):
    who = commune.people[4]
    asked = [request(commune, who, "docket", "sponsor", n, 1, nonce=n) for n in range(6)]
    assert relaying.post("/v1/relay/requests", json=asked).status_code == 202
    answer = relaying.post(
        "/v1/relay/requests", json=request(commune, who, "docket", "sponsor", 9, 1, nonce=9)
    )
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"[]", 422),
        (b"[" + b",".join([b"1"] * 101) + b"]", 422),
        (b"null", 422),
        (b"7", 422),
        (b"[" * 2_000 + b"]" * 2_000, 400),
        (b"x" * (4 * 1024 * 1024 + 1), 413),
    ],
)
def test_bodies_that_hold_nothing_signed_are_refused(relaying, body, status):
    for path in ("/v1/relay/ballots", "/v1/relay/requests"):
        answer = relaying.post(path, content=body, headers={"content-type": "application/json"})
        assert answer.status_code in ((status, 422) if status == 400 else (status,)), answer.text
        assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_ticket_is_a_problem(relaying):
    assert relaying.get("/v1/relay/nothing").status_code == 404


def test_a_node_says_what_it_relays_and_a_node_that_does_not_says_so(relaying, api, commune):
    about = relaying.get("/v1/relay").json()
    Envelope[RelayModel].model_validate(about)
    assert about["data"]["enabled"] is True
    assert about["data"]["sender"] == commune.people[9].address.lower()
    assert "vouch" in about["data"]["functions"]["admission"]
    assert api.get("/v1/relay").json()["data"]["enabled"] is False
    answer = api.post("/v1/relay/ballots", json={})
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:dualpower:problem:no-relay"


def test_metrics_count_what_was_relayed(relaying):
    text = relaying.get("/metrics").text
    assert 'dualpower_relay_items{status="Included"}' in text
    assert "dualpower_relay_working 1.0" in text
    assert "dualpower_relay_balance_wei" in text


def test_what_was_queued_is_sent_by_the_next_start(commune, vote, settings, tmp_path):
    """The first node cannot pay; it is stopped, and its successor can."""
    sender = commune.people[10].address
    commune.chain.rpc("anvil_setBalance", sender, "0x1")
    poor = replace(
        settings,
        database=tmp_path / "node.sqlite",
        port=free_port(),
        relay=RelaySettings(test_key=10, poll=0.1),
    )
    with serving(poor) as client:
        wait_until(lambda: client.get("/v1/node").json()["block"]["number"] == commune.chain.head)
        answer = client.post("/v1/relay/ballots", json=ballot(commune, commune.people[5], vote))
        ticket = answer.json()["data"]["ticket"]
        wait_until(lambda: client.get("/v1/relay").json()["data"]["obstacle"])
        assert client.get(f"/v1/relay/{ticket}").json()["data"]["items"][0]["status"] == "Queued"
    commune.chain.rpc("anvil_setBalance", sender, hex(10**20))
    with serving(replace(poor, port=free_port())) as client:
        assert finished(client, ticket)["status"] == "Done"
    assert commune.call("assembly", "ballotOf", vote, 5)[0] is True
