"""A secret poll from the members' machines through relay, chain, index and tally, and a search of all that
the node holds and tells for anything that says whose ballot is whose: tests/backend/linking.py says how it is
searched. Planted links show that the search finds what it looks for.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import sqlite3
from dataclasses import replace

import httpx
import msgspec
import pytest

from backend.relay import RelaySettings
from backend.verify import verify
from tests.backend.chains import free_port
from tests.backend.linking import KNOWING, Voter, ballot_marks, links, opened, traces, voter_marks
from tests.backend.polling import ballot
from tests.backend.processes import ready, serving, spawn, wait_until
from tests.backend.serve.conftest import LISTED, RELAY
from tests.backend.serve.test_commune import all_rows

VOTERS = range(1, LISTED + 1)


@pytest.fixture(scope="module")
def poll(listed):
    made = listed.polling.open(secret=True)
    listed.caught_up()
    return made


@pytest.fixture(scope="module")
def voters(listed, poll):
    """All hand in, in an order that is known here, and wait until they are told that it is done."""
    handed_in = []
    for number in random.Random(7).sample(list(VOTERS), LISTED):
        word = ballot(number % 4, 0, number % 3)
        proof = listed.polling.proved(poll, number, word)
        headers = {
            "user-agent": f"agent-of-{number:03}",
            "x-forwarded-for": f"10.9.8.{number}",
            "cookie": f"who={number:03}-is-here",
        }
        body = {"pollId": poll, "ballot": str(word), "proof": proof.to_json()}
        answer = listed.client.post("/v1/relay/secret-ballots", json=body, headers=headers)
        assert answer.status_code == 202, answer.text
        assert "set-cookie" not in answer.headers
        handed_in.append(Voter(number, word, proof, headers, answer.json()["data"]["ticket"]))

    def done() -> bool:
        return all(status(listed, voter.ticket) == "Done" for voter in handed_in)

    wait_until(done, seconds=120)
    listed.caught_up()
    return handed_in


def status(listed, ticket: str) -> str:
    told: str = listed.client.get(f"/v1/relay/{ticket}").json()["data"]["status"]
    return told


def test_ballots_of_all_through_the_relay_make_the_tally(listed, poll, voters):
    expected = [sum((voter.word >> 4 * option) & 15 for voter in voters) for option in range(3)]
    assert list(listed.commune.call("polls", "tally", poll)) == expected
    shown = listed.client.get(f"/v1/polls/{poll}").json()["data"]
    assert [row["votes"] for row in shown["tally"]] == expected
    assert (shown["ballots"], shown["turnout"], shown["quorumMet"]) == (LISTED, 1.0, True)
    ballots = all_rows(listed.client, f"/v1/polls/{poll}/ballots")
    assert {row["nullifier"]: row["ballot"] for row in ballots} == {
        str(voter.proof.nullifier): str(voter.word) for voter in voters
    }


def test_no_row_of_any_table_links_a_ballot_to_a_voter(listed, voters):
    database = opened(listed)
    knowing, found = links(listed, voters, database)
    database.close()
    assert found == []
    assert knowing <= KNOWING
    assert {"logs", "secret_ballots", "relay_items"} <= knowing


def test_the_search_finds_what_it_looks_for(listed, voters, tmp_path):
    target = sqlite3.connect(tmp_path / "spoilt.sqlite")
    source = opened(listed)
    source.backup(target)
    source.close()
    voter = voters[3]
    account = listed.commune.people[voter.number].account
    packed = msgspec.msgpack.encode([account, voter.proof.nullifier.to_bytes(32, "big")])
    target.execute("CREATE TABLE planted (content BYTEA)")
    target.execute("INSERT INTO planted VALUES (?)", (packed,))
    target.execute(
        "INSERT INTO texts VALUES (?, ?, 0)", (b"x", f"{voter.ticket} {voter.headers['user-agent']}".encode())
    )
    knowing, found = links(listed, voters, target)
    target.close()
    assert knowing - KNOWING == {"planted", "texts"}
    assert sorted(row.partition(":")[0] for row in found) == ["planted", "texts"]


def test_no_file_keeps_where_a_request_came_from_and_no_log_names_a_ballot(listed, voters):
    assert listed.log.stat().st_size > 0
    assert traces(listed, voters) == []


def test_traces_are_found_where_there_are_some(listed, voters, tmp_path):
    spoilt = tmp_path / "node.log"
    planted = f"{voters[2].headers['cookie']} {voters[5].proof.nullifier}"
    spoilt.write_bytes(listed.log.read_bytes() + planted.encode())
    assert len(traces(replace(listed, log=spoilt), voters)) == 2


def test_metrics_count_and_name_nobody(listed, voters):
    text = listed.client.get("/metrics").content
    for voter in voters:
        assert not any(mark in text for mark in ballot_marks(voter) | voter_marks(listed, voter))
    assert b'dualpower_proofs_total{outcome="good"}' in text
    assert b"dualpower_group_agrees 1.0" in text


def test_events_of_ballots_name_no_member(listed, poll, voters):
    events = [
        event
        for event in all_rows(listed.client, "/v1/events", limit=200)
        if event["contract"] == "Polls" and event["event"] == "SecretBallotCast"
    ]
    ours = [event for event in events if event["arguments"]["pollId"] == poll]
    assert len(ours) == LISTED
    assert all(set(event["arguments"]) == {"pollId", "nullifier", "ballot"} for event in ours)
    senders = {
        listed.commune.chain.rpc("eth_getTransactionByHash", event["transaction"])["from"] for event in ours
    }
    assert senders == {listed.commune.people[RELAY].address.lower()}


def test_the_order_on_the_chain_is_not_the_order_of_handing_in(listed, poll, voters):
    """Within a batch it is the order of tickets, which are random."""
    database = opened(listed)
    placed = database.execute(
        "SELECT batch, place, ticket FROM relay_items WHERE kind = 'secret-ballots' ORDER BY batch, place"
    ).fetchall()
    times = database.execute(
        "SELECT DISTINCT received_at % 2 FROM relay_items WHERE kind = 'secret-ballots'"
    ).fetchall()
    database.close()
    by_batch = itertools.groupby(placed, key=lambda row: row[0])
    assert all(
        [row[2] for row in batch] == sorted(row[2] for row in batch)
        for batch in (list(group) for _, group in by_batch)
    )
    assert times == [(0,)]


def test_handing_in_twice_by_http_is_told(listed, poll, voters):
    voter = voters[0]
    body = {"pollId": poll, "ballot": str(voter.word), "proof": voter.proof.to_json()}
    answer = listed.client.post("/v1/relay/secret-ballots", json=body)
    assert answer.status_code == 422
    (item,) = answer.json()["items"]
    assert item["problem"]["arguments"]["problem"] == "NullifierUsed"
    # A list would say that its ballots are one person's.
    answer = listed.client.post("/v1/relay/secret-ballots", json=[body])
    assert (answer.status_code, answer.json()["items"][0]["problem"]["error"]) == (422, "RelayMalformed")


def test_two_nodes_hold_the_same_and_neither_knows_more(listed, voters, tmp_path):
    """A node that rebuilds from the chain has the ballots, and no relay's queue."""
    verdict = asyncio.run(
        verify(
            str(listed.client.base_url),
            replace(listed.settings, database=tmp_path / "rebuilt.sqlite", relay=None),
        )
    )
    assert verdict.agrees
    database = sqlite3.connect(tmp_path / "rebuilt.sqlite")
    knowing, found = links(listed, voters, database)
    database.close()
    assert (found, knowing <= KNOWING - {"relay_items", "relay_transactions"}) == ([], True)


def test_a_node_that_was_killed_sends_what_it_took(listed, poll, tmp_path):
    """With SIGKILL, before the interval was over. Its successor has the queue, and no other memory."""
    other = listed.polling.open(secret=True)
    waiting = replace(
        listed.settings,
        database=tmp_path / "node.sqlite",
        port=free_port(),
        relay=RelaySettings(test_key=RELAY - 1, poll=0.1, secret_interval=3_600),
    )
    word = ballot(1, 1, 1)
    body = {"pollId": other, "ballot": str(word), "proof": listed.polling.proved(other, 2, word).to_json()}
    process = spawn("run", waiting, log=tmp_path / "first.log")
    with httpx.Client(base_url=f"http://127.0.0.1:{waiting.port}", timeout=20) as client:
        wait_until(lambda: ready(client), process)
        wait_until(lambda: client.get(f"/v1/polls/{other}").status_code == 200)
        answer = client.post("/v1/relay/secret-ballots", json=body)
        assert answer.status_code == 202, answer.text
        ticket = answer.json()["data"]["ticket"]
    process.kill()
    process.wait(20)
    assert listed.commune.call("polls", "ballotCount", other) == 0
    prompt = replace(waiting, port=free_port(), relay=replace(waiting.relay, secret_interval=0))
    with serving(prompt) as client:
        wait_until(lambda: client.get(f"/v1/relay/{ticket}").json()["data"]["status"] == "Done")
    assert listed.commune.call("polls", "tally", other) == (1, 1, 1)
