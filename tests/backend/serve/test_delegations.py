"""Delegations, followed ballots and notices over HTTP, of a commune in which some were followed
(tests/backend/life.py)."""

from __future__ import annotations

import pytest

from backend.delegation import LATE
from tests.backend.serve.test_commune import all_rows, get

GENERAL, FOOD = 1, 2
FEAST = 4


@pytest.fixture(scope="module")
def songs(api):
    """The proposal in which two were followed for."""
    (found,) = [row for row in all_rows(api, "/v1/proposals") if row["title"] == "Songs"]
    return found


def edges(api, **query) -> list[dict]:
    rows, cursor = [], None
    while True:
        page = get(api, "/v1/delegations", **query, **({"cursor": cursor} if cursor else {}))
        rows += page["data"]["delegations"]
        cursor = page["next"]
        if cursor is None:
            return rows


def test_delegations_are_listed_with_their_chains(api):
    rows = edges(api, topic=FOOD)
    assert [(row["memberId"], row["delegate"], row["chain"], row["end"], row["problem"]) for row in rows] == [
        (2, 4, [4], 4, None),
        (5, 2, [2, 4], 4, None),
        (6, 7, [7, 6], None, "Cycle"),
        (7, 6, [6, 7], None, "Cycle"),
    ]
    assert edges(api, topic=FOOD, limit=1) == rows
    assert len(edges(api)) == 6
    assert [row["memberId"] for row in edges(api, delegate=4)] == [2, 5, 2]
    assert [row["topic"] for row in edges(api, memberId=5)] == [GENERAL, FOOD]
    assert edges(api, memberId=3) == []


def test_a_topics_graph_tells_cycles_and_how_voices_gather(api):
    (graph,) = get(api, "/v1/delegations", topic=FOOD, limit=1)["data"]["topics"]
    # Seven was expelled; of six active members four sleeps at the end.
    active = len(all_rows(api, "/v1/members", status="Active"))
    assert (graph["name"], graph["members"], graph["delegations"]) == ("food", active, 4)
    assert (graph["cycleCount"], graph["cycles"], graph["longestChain"]) == (1, [[6, 7]], 2)
    # Two and five are spoken for by four, who is dormant, and six by seven: their voices reach nobody. The
    # others speak for themselves.
    heard = active - 3
    assert (graph["heard"], graph["delegates"], graph["mostVoices"]) == (heard, 0, [])
    assert graph["majority"] == heard // 2 + 1
    assert {row["topic"] for row in get(api, "/v1/delegations")["data"]["topics"]} == {GENERAL, FOOD}


def test_a_members_delegations_say_what_was_given_received_and_spent(api):
    shown = get(api, "/v1/members/5/delegations")["data"]
    assert [(row["topic"], row["delegate"], row["maxVotes"]) for row in shown["given"]] == [
        (GENERAL, 4, 15),
        (FOOD, 2, 31),
    ]
    assert [(row["topic"], row["delegations"], row["voices"]) for row in shown["received"]] == []
    received = get(api, "/v1/members/4/delegations")["data"]["received"]
    assert [(row["topic"], row["delegations"]) for row in received] == [(GENERAL, 2), (FOOD, 1)]


def test_followed_ballots_name_whom_they_follow_and_are_no_heads(api, songs):
    rows = all_rows(api, f"/v1/proposals/{songs['proposalId']}/ballots")
    assert [
        (row["memberId"], row["choice"], row["votes"], row["cost"], row["followed"], row["voter"])
        for row in rows
    ] == [
        (1, "For", 4, 15, False, None),
        (4, "Against", 1, 0, False, None),
        (2, "For", 2, 3, True, 1),
        (5, "For", 4, 15, True, 1),
    ]
    tally = songs["tally"]
    assert (tally["forVotes"], tally["heads"], tally["followed"], tally["passing"]) == (10, 2, 2, False)
    assert songs["followEnd"] - tally["deadline"] == 86_400
    assert songs["following"] is False
    detail = get(api, f"/v1/proposals/{songs['proposalId']}")["data"]
    assert 0 <= tally["deadline"] - LATE - detail["followedBefore"] < 3_600
    mine = all_rows(api, "/v1/members/5/ballots")
    assert [row["voter"] for row in mine if row["proposalId"] == songs["proposalId"]] == [1]


def test_a_followed_poll_tells_who_was_followed_and_what_it_counts_for(api):
    rows = all_rows(api, f"/v1/polls/{FEAST}/ballots")
    assert [(row["memberId"], row["votes"], row["followed"], row["voter"]) for row in rows] == [
        (4, [1, 2, 1], False, None),
        (5, [1, 2, 1], True, 4),
    ]
    shown = get(api, f"/v1/polls/{FEAST}")["data"]
    assert (shown["ballots"], shown["followed"], shown["quorumMet"]) == (1, 1, False)
    assert [row["votes"] for row in shown["tally"]] == [2, 4, 2]
    assert shown["followEnd"] - shown["votingEnd"] == 86_400
    assert shown["followedBefore"] <= shown["votingEnd"] - LATE
    assert get(api, "/v1/polls/2")["data"]["followedBefore"] is None


def test_followers_are_listed_until_none_is_missing(api, songs):
    path = f"/v1/proposals/{songs['proposalId']}/followers"
    rows = all_rows(api, path)
    assert rows == [
        {"memberId": 2, "voter": 1, "settled": True},
        {"memberId": 5, "voter": 1, "settled": True},
    ]
    assert all_rows(api, path, limit=1) == rows
    assert all_rows(api, path, missing="true") == []
    # Two could not pay for one vote on each option, and was passed over.
    assert [(row["memberId"], row["settled"]) for row in all_rows(api, f"/v1/polls/{FEAST}/followers")] == [
        (2, True),
        (5, True),
    ]
    assert all_rows(api, "/v1/polls/2/followers") == []
    for nothing in ("/v1/proposals/1/followers", "/v1/polls/99/followers"):
        assert api.get(nothing).status_code == 404


def test_a_node_without_a_key_says_that_it_does_not_keep(api):
    shown = get(api, "/v1/keeper")["data"]
    assert shown == {"enabled": False, "sender": None, "obstacle": None, "votes": []}
    assert "dualpower_keeper_working 0.0" in api.get("/metrics").text


def test_a_member_is_told_before_and_after(api, songs):
    rows = all_rows(api, "/v1/members/5/notices")
    assert [(row["kind"], row["voter"]["memberId"], row["topic"]) for row in rows] == [
        ("Followed", 4, GENERAL),
        ("Followed", 1, FOOD),
        ("AboutToFollow", 4, GENERAL),
        ("AboutToFollow", 1, FOOD),
    ]
    assert all_rows(api, "/v1/members/5/notices", limit=1) == rows
    before, after = rows[3], rows[1]
    assert before["at"] == songs["tally"]["deadline"] - LATE
    assert before["at"] < before["deadline"] < after["at"] <= after["followEnd"]
    assert (before["choice"], before["votes"], before["optionVotes"]) == ("For", 4, None)
    assert (after["title"], after["words"]) == ("Songs", "member 1 voted For on your behalf")
    assert rows[0]["optionVotes"] == [1, 2, 1]
    assert not any(row["pending"] for row in rows)
    assert all_rows(api, "/v1/members/5/notices", pending="true") == []
    assert all_rows(api, "/v1/members/5/notices", pending="false", limit=2) == rows


def test_who_could_not_pay_was_warned_and_got_nothing(api):
    rows = all_rows(api, "/v1/members/2/notices")
    assert [(row["kind"], row["voter"]["memberId"]) for row in rows if row["pollId"]] == [
        ("AboutToFollow", 4)
    ]


def test_who_follows_nobody_is_told_nothing(api):
    assert all_rows(api, "/v1/members/1/notices") == []
    assert all_rows(api, "/v1/members/6/notices") == []


@pytest.mark.parametrize("path", ["/v1/members/99/notices", "/v1/members/99/notices/stream"])
def test_nobodys_notices_do_not_exist(api, path):
    assert api.get(path).status_code == 404


def test_a_topic_that_there_is_not_has_no_delegations(api):
    assert api.get("/v1/delegations", params={"topic": 99}).status_code == 404


@pytest.mark.parametrize("notice", ["1-2", "1-2-3-4", "a-0-1-1", "1" * 20 + "-0-1-1", "%00"])
def test_a_notices_id_that_was_made_up_is_refused(api, notice):
    answer = api.get("/v1/members/5/notices/stream", params={"after": notice})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:dualpower:problem:notice-id-malformed")


def test_the_stream_tells_what_came_after_a_notice(api):
    rows = all_rows(api, "/v1/members/5/notices")
    with api.stream(
        "GET", "/v1/members/5/notices/stream", headers={"last-event-id": rows[3]["id"]}
    ) as stream:
        found = []
        for line in stream.iter_lines():
            if line.startswith("id: "):
                found.append(line.removeprefix("id: "))
            if len(found) == 3:
                break
    assert found == [row["id"] for row in rows[2::-1]]
