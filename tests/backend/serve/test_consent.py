"""Consent over HTTP, of a commune in which something passed by it, was blocked, lapsed and expired."""

from __future__ import annotations

import pytest

from tests.backend.commune import FOOD, text_hash
from tests.backend.consenting import DOUBTS, KETTLE, WHISTLE
from tests.backend.serve.test_commune import all_rows, get

STATES = ("Expired", "Lapsed", "Escalated", "Executed")


@pytest.fixture
def kettle(api) -> str:
    (found,) = all_rows(api, "/v1/consent", state="Executed")
    return found["proposalId"]


def test_proposals_are_found_by_state_topic_and_opener(api):
    everything = all_rows(api, "/v1/consent")
    assert tuple(row["state"] for row in everything) == STATES
    assert all_rows(api, "/v1/consent", limit=1) == everything
    for state in STATES:
        assert [row["state"] for row in all_rows(api, "/v1/consent", state=state, limit=1)] == [state]
    assert all_rows(api, "/v1/consent", state="Open") == []
    assert [row["opener"] for row in all_rows(api, "/v1/consent", opener=3)] == [3, 3]
    assert len(all_rows(api, "/v1/consent", topic=FOOD)) == 4
    assert api.get("/v1/consent?state=Unknown").status_code == 422


def test_a_proposal_shows_its_terms_counts_and_what_it_would_do(api, kettle):
    shown = get(api, f"/v1/consent/{kettle}")["data"]
    assert get(api, f"/v1/consent/{hex(int(kettle))}")["data"] == shown
    assert (shown["title"], shown["opener"], shown["topic"]) == (KETTLE, 1, FOOD)
    counts = ("acknowledged", "needed", "blocks", "blockLimit", "stoodAside")
    assert [shown[name] for name in counts] == [3, 3, 0, 2, 1]
    assert [sponsor["memberId"] for sponsor in shown["sponsors"]] == [1, 2]
    (action,) = shown["actions"]
    assert action["words"] == f"adopt the text 0x{text_hash(KETTLE).hex()} as a resolution"
    assert shown["descriptionHash"] == f"0x{text_hash(shown['description']).hex()}"


def test_responses_are_everyones_last_word(api, kettle):
    path = f"/v1/consent/{kettle}/responses"
    rows = all_rows(api, path, limit=2)
    assert [(row["memberId"], row["response"]) for row in rows] == [
        (1, "Acknowledge"),
        (3, "StandAside"),
        (5, "Acknowledge"),
        (2, "Acknowledge"),
    ]
    assert [row["memberId"] for row in all_rows(api, path, response="StandAside")] == [3]
    assert [row["response"] for row in all_rows(api, path, memberId=2)] == ["Acknowledge"]
    assert rows[1]["reasonHash"] == f"0x{text_hash(WHISTLE).hex()}"


def test_reasons_are_read_once_the_node_has_their_texts(api):
    (blocked,) = all_rows(api, "/v1/consent", state="Escalated")
    answer = api.put(f"/v1/texts/0x{text_hash(DOUBTS).hex()}", content=DOUBTS)
    assert answer.json()["data"]["kind"] == "reason"
    rows = all_rows(api, f"/v1/consent/{blocked['proposalId']}/responses")
    assert [(row["response"], row["reason"]) for row in rows] == [("Block", DOUBTS)] * 2


def test_a_blocked_one_is_the_ordinary_proposal_of_the_same_id(api):
    (blocked,) = all_rows(api, "/v1/consent", state="Escalated")
    vote = get(api, f"/v1/proposals/{blocked['proposalId']}")["data"]
    assert (vote["rule"], vote["topic"], vote["title"]) == ("Ordinary", FOOD, blocked["title"])
    assert [sponsor["memberId"] for sponsor in vote["sponsors"]] == [1, 2]
    kinds = [row["kind"] for row in all_rows(api, "/v1/activity", proposal_id=blocked["proposalId"])]
    assert "ConsentEscalated" in kinds


def test_the_list_shows_what_may_pass_and_no_longer_what_may_not(api):
    (adopt,) = all_rows(api, "/v1/consent/allowances")
    assert (adopt["module"], adopt["function"], adopt["key"], adopt["cap"]) == (
        "constitution",
        "adopt",
        None,
        None,
    )


@pytest.mark.parametrize("path", ["/v1/consent/12345", "/v1/consent/12345/responses"])
def test_an_unknown_proposal_is_not_found(api, path):
    answer = api.get(path)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:dualpower:problem:not-found")


def test_an_id_that_is_none_is_refused(api):
    answer = api.get("/v1/consent/kettle")
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:dualpower:problem:proposal-id-malformed")
