"""Polls and the group over HTTP, of a commune that has held an open, a secret and a hidden one."""

from __future__ import annotations

import pytest

from tests.backend.commune import text_hash
from tests.backend.life import BANNER, SONG
from tests.backend.polling import OVEN, Polling, ballot, identity
from tests.backend.processes import wait_until
from tests.backend.serve.test_commune import all_rows, get
from zk import Group, filled

OPEN, SECRET, HIDDEN, FOLLOWED = 1, 2, 3, 4


def test_polls_are_found_by_state_topic_and_kind(api):
    everything = all_rows(api, "/v1/polls")
    # The last is an election's.
    assert [row["pollId"] for row in everything] == [5, 4, 3, 2, 1]
    assert all_rows(api, "/v1/polls", limit=1) == everything
    assert [row["pollId"] for row in all_rows(api, "/v1/polls", secret="true")] == [3, 2]
    assert [row["pollId"] for row in all_rows(api, "/v1/polls", secret="false")] == [5, 4, 1]
    assert [row["pollId"] for row in all_rows(api, "/v1/polls", topic=2)] == [1]
    assert len(all_rows(api, "/v1/polls", state="Closed", limit=2)) == 5
    assert all_rows(api, "/v1/polls", state="Voting") == []


def test_an_open_poll_shows_its_terms_turnout_and_tally(api):
    shown = get(api, f"/v1/polls/{OPEN}")["data"]
    terms = ("secret", "hidden", "topic", "options", "credits", "root", "depth", "state")
    assert [shown[name] for name in terms] == [False, False, 2, 3, 0, None, None, "Closed"]
    assert [row["votes"] for row in shown["tally"]] == [3, 3, 2]
    assert [row["supporters"] for row in shown["tally"]] == [1, 2, 1]
    # One and four for something, three blank; of seven who were active.
    cast = ("ballots", "blank", "sealed", "electorate", "quorumMet")
    assert [shown[name] for name in cast] == [3, 1, 0, 7, True]
    assert shown["turnout"] == round(3 / 7, 4)


def test_open_ballots_are_the_members(api):
    rows = all_rows(api, f"/v1/polls/{OPEN}/ballots", limit=2)
    assert [(row["memberId"], row["votes"], row["cost"]) for row in rows] == [
        (1, [3, 1, 0], 9),
        (3, [0, 0, 0], 0),
        (4, [0, 2, 2], 7),
    ]
    assert all(row["nullifier"] is None and row["seal"] is None for row in rows)


def test_secret_ballots_are_nobodys(api, lived):
    polling = Polling(lived.commune)
    rows = all_rows(api, f"/v1/polls/{SECRET}/ballots")
    # Four voted twice: the second ballot never was.
    expected = {
        str(identity(number).nullifier(polling.scope(SECRET))): votes
        for number, votes in ((1, [10, 0]), (4, [5, 5]), (7, [0, 0]))
    }
    assert {row["nullifier"]: row["votes"] for row in rows} == expected
    assert all(row["memberId"] is None and row["cost"] is None for row in rows)
    shown = get(api, f"/v1/polls/{SECRET}")["data"]
    assert [row["votes"] for row in shown["tally"]] == [15, 5]
    assert (shown["ballots"], shown["blank"], shown["electorate"]) == (3, 1, 6)


def test_a_sealed_ballot_counts_once_it_is_revealed(api, lived):
    rows = all_rows(api, f"/v1/polls/{HIDDEN}/ballots")
    assert all(row["seal"] for row in rows)
    assert [(row["votes"], row["ballot"], row["revealedAt"] is None) for row in rows] == [
        (None, None, True),
        ([0, 3, 4], str(ballot(0, 3, 4)), False),
    ]
    shown = get(api, f"/v1/polls/{HIDDEN}")["data"]
    assert [row["votes"] for row in shown["tally"]] == [0, 3, 4]
    assert (shown["ballots"], shown["sealed"], shown["turnout"]) == (1, 2, round(2 / 6, 4))
    assert shown["revealEnd"] > shown["votingEnd"]
    assert shown["quorumMet"] is False


def test_options_have_names_once_the_node_has_the_text(api):
    before = get(api, f"/v1/polls/{HIDDEN}")["data"]
    assert (before["title"], before["text"]) == (None, None)
    assert [row["name"] for row in before["tally"]] == [None] * 3
    path = f"/v1/texts/0x{text_hash(BANNER).hex()}"
    assert api.put(path, content=BANNER).json()["data"]["kind"] == "poll"
    after = get(api, f"/v1/polls/{HIDDEN}")["data"]
    assert (after["title"], after["text"]) == ("Which colour is our banner?", BANNER)
    assert [row["name"] for row in after["tally"]] == ["Red", "Black", "Green"]


@pytest.mark.parametrize("text", [OVEN, SONG, "Which songs?"])
def test_texts_of_polls_are_taken_also_of_such_as_were_only_proposed(api, text):
    assert api.put(f"/v1/texts/0x{text_hash(text).hex()}", content=text).status_code in (200, 201)


def test_the_group_is_served_whole_and_leads_to_its_root(api, lived):
    wait_until(lambda: get(api, "/v1/group")["data"]["agrees"])
    shown = get(api, "/v1/group")["data"]
    leaves = all_rows(api, "/v1/group/leaves", limit=3)
    assert [row["index"] for row in leaves] == list(range(7))
    tree = Group(filled(int(row["leaf"]) for row in leaves))
    assert (str(tree.root), tree.size, tree.depth) == (shown["root"], shown["size"], shown["depth"])
    assert shown["root"] == str(lived.commune.call("group", "root"))
    assert shown["listed"] == lived.commune.call("group", "listed")
    # Seven was expelled, four sleeps, and two and one have new keys.
    assert sum(row["leaf"] == "0" for row in leaves) == 7 - shown["listed"] >= 2


def test_a_polls_group_is_the_one_it_opened_with(api, lived):
    terms = Polling(lived.commune).poll(SECRET)
    shown = get(api, f"/v1/polls/{SECRET}/group")["data"]
    assert (shown["root"], shown["depth"]) == (str(terms["root"]), terms["depth"])
    given = [identity(n).commitment for n in (1, 2, 3, 4, 5, 7)]
    assert [int(leaf) for leaf in shown["leaves"]] == [*given, 0, 0]
    assert str(Group(map(int, shown["leaves"])).root) == shown["root"]
    assert shown["root"] != get(api, "/v1/group")["data"]["root"]
    answer = api.get(f"/v1/polls/{OPEN}/group")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:dualpower:problem:poll-not-secret")


def test_no_path_takes_one_leaf_or_one_member(api):
    paths = api.get("/openapi.json").json()["paths"]
    about = [path for path in paths if "group" in path or "leaves" in path]
    assert sorted(about) == [
        "/v1/group",
        "/v1/group/leaves",
        "/v1/polls/{pollId}/group",
        "/v1/session/group",
    ]
    for path in about:
        names = {parameter["name"] for parameter in paths[path]["get"].get("parameters", [])}
        assert names <= {"limit", "cursor", "pollId"}


def test_activity_tells_of_polls_and_never_who_voted_in_secret(api):
    rows = all_rows(api, "/v1/activity", limit=200)
    words = {row["kind"]: row["words"] for row in rows if row["pollId"] in (OPEN, SECRET, HIDDEN, FOLLOWED)}
    assert words == {
        "PollOpened": "an open poll opened in food: poll 1",
        "PollBallotCast": "member 1 voted in poll 1",
        "PollBallotFollowed": "member 5 voted in poll 4 by following",
        "SecretBallotCast": "a secret ballot was cast in poll 2",
        "SecretBallotRevealed": "a sealed ballot was revealed in poll 3",
    }
    secret = [row for row in rows if row["kind"].startswith("SecretBallot")]
    about = all_rows(api, "/v1/activity", pollId=SECRET)
    assert [row["kind"] for row in about] == ["SecretBallotCast"] * 3 + ["PollOpened"]
    assert len(secret) == 6
    assert all(row["member"] is None and row["otherMember"] is None for row in secret)


def test_a_proposal_to_open_a_poll_says_so_in_words(api):
    (row,) = [row for row in all_rows(api, "/v1/proposals") if row["title"] == "Music"]
    action = get(api, f"/v1/proposals/{row['proposalId']}")["data"]["actions"][1]
    assert action["words"] == (
        "ask the members, in a secret poll in general, to choose among 2 options"
        f" (text 0x{text_hash('Which songs?').hex()})"
    )


def test_a_ballot_in_an_open_poll_is_a_sign_of_life(api, lived):
    """Shown by the contract as well: tests/backend/read/test_agreement.py compares every day."""
    season = get(api, f"/v1/polls/{OPEN}")["data"]["season"]
    assert lived.commune.call("credits", "spentBy", 1, season) >= 9
