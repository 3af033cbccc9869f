"""Offices, elections, draws and petitions over HTTP, of a commune that has had three offices."""

from __future__ import annotations

import pytest

from tests.backend.commune import DAY, text_hash
from tests.backend.drawing import commitment_of, secret_of
from tests.backend.offices import (
    GROUNDS,
    KEEPER,
    KEEPER_TEXT,
    STATEMENT,
    STEWARDS,
    STIPEND,
    TERM,
    TREASURER,
    TREASURER_TEXT,
)
from tests.backend.serve.test_commune import all_rows, get

TIE, PLAIN, MIXED = 3, 4, 5


@pytest.fixture(scope="module", autouse=True)
def texts(api):
    for text in (KEEPER_TEXT, TREASURER_TEXT, STATEMENT, GROUNDS):
        assert api.put(f"/v1/texts/0x{text_hash(text).hex()}", content=text).status_code in (200, 201)


def tenures(api, office: int) -> list[dict]:
    return all_rows(api, f"/v1/offices/{office}/tenures", limit=2)


def test_offices_are_listed_with_who_holds_them_and_what_is_vacant(api):
    keeper, stewards, treasurer, _ = all_rows(api, "/v1/offices", limit=1)
    assert (keeper["title"], keeper["seats"], keeper["filling"]) == ("Keeper of the minutes", 1, "Poll")
    assert (keeper["holders"], keeper["vacant"]) == ([], 1)
    assert stewards["title"] is None
    assert stewards["abolishedAt"] is not None
    assert (stewards["holders"], stewards["vacant"], stewards["nextVacancy"]) == ([], 0, None)
    assert (treasurer["stipend"], treasurer["filling"]) == (STIPEND // 2, "DrawWithReveals")
    assert [row["officeId"] for row in all_rows(api, "/v1/offices", abolished="true")] == [STEWARDS]
    assert [row["officeId"] for row in all_rows(api, "/v1/offices", topic=1)] == [1, 2, 3, 4]
    assert all_rows(api, "/v1/offices", topic=2) == []


def test_a_mandate_is_told_by_its_functions_and_with_what_is_left(api, lived):
    shown = get(api, f"/v1/offices/{KEEPER}")["data"]
    assert shown["text"] == KEEPER_TEXT
    (entry,) = shown["mandate"]
    assert (entry["module"], entry["function"], entry["calls"]) == ("constitution", "setDaoURI", 3)
    assert (entry["callsLeft"], entry["amountLeft"]) == (3, "0")
    length = lived.commune.call("constitution", "parameter", b"commons.period".ljust(32, b"\0"))[0]
    assert shown["period"]["end"] - shown["period"]["start"] == length
    assert shown["period"]["start"] <= get(api, "/v1/node")["block"]["timestamp"] < shown["period"]["end"]


def test_what_holders_did_is_told_in_words(api):
    (keeper,) = {row["memberId"] for row in tenures(api, KEEPER)}
    rows = all_rows(api, f"/v1/offices/{KEEPER}/exercises", limit=1)
    assert [row["function"] for row in rows] == ["adopt", "setDaoURI", "adopt"]
    assert rows[1]["words"] == "say that the commune is described at https://node.example/v1/dao"
    assert rows[1]["arguments"] == {"uri": "https://node.example/v1/dao"}
    assert {row["memberId"] for row in rows} == {keeper}
    assert all_rows(api, f"/v1/offices/{KEEPER}/exercises", memberId=keeper) == rows
    assert all_rows(api, f"/v1/offices/{KEEPER}/exercises", memberId=8) == []
    text = f"/v1/texts/0x{text_hash('The hall closes at ten').hex()}"
    assert api.put(text, content="The hall closes at ten").json()["data"]["kind"] == "resolution"


def test_tenures_tell_how_they_ended(api):
    (keeper,) = tenures(api, KEEPER)
    assert (keeper["ending"], keeper["held"]) == ("Recalled", False)
    assert keeper["heldUntil"] == keeper["endedAt"] < keeper["heldFrom"] + TERM
    second, first = tenures(api, TREASURER)
    assert (first["ending"], second["ending"], second["memberId"]) == ("Recalled", "Vacated", 8)
    # Who left served until then, whenever somebody said so.
    assert second["heldUntil"] < second["endedAt"]
    assert {row["ending"] for row in tenures(api, STEWARDS)} == {"Resigned", "Abolished"}
    assert (first["stipend"], second["stipend"]) == (STIPEND, STIPEND // 2)


def test_stipends_are_paid_for_periods_that_are_over_and_once(api, lived):
    _, first = tenures(api, TREASURER)
    (paid,) = first["claimed"]
    assert 0 < paid["units"] <= STIPEND
    assert paid["periodStart"] not in [row["periodStart"] for row in first["unclaimed"]]
    for row in (paid, *first["unclaimed"]):
        start, end = row["periodStart"], row["periodStart"] + 30 * DAY
        served = min(end, first["heldUntil"]) - max(start, first["heldFrom"])
        assert row["units"] == STIPEND * served // (30 * DAY)


def test_who_was_recalled_is_barred_for_a_term(api, lived):
    (keeper,) = tenures(api, KEEPER)
    until = lived.commune.call("offices", "barredUntil", KEEPER, keeper["memberId"])
    assert until == keeper["endedAt"] + TERM
    answer = get(api, f"/v1/offices/{KEEPER}")
    shown, now = answer["data"], answer["block"]["timestamp"]
    # Whose bar is over is listed no more.
    barred = [{"memberId": keeper["memberId"], "until": until}] if now < until else []
    assert shown["barred"] == barred
    assert shown["tenures"] == []


def test_an_election_shows_who_stood_and_what_came_of_it(api):
    shown = get(api, "/v1/elections/1")["data"]
    assert (shown["stage"], shown["office"], shown["seats"]) == ("Filled", "Keeper of the minutes", 1)
    assert (shown["pollId"], shown["pollState"]) == (5, "Closed")
    assert (shown["drawId"], shown["drawState"]) == (TIE, "Captured")
    assert (shown["standing"], shown["step"]) == (2, None)
    by_member = {row["memberId"]: row for row in shown["candidates"]}
    assert list(by_member) == [3, 2, 5]
    assert by_member[5]["withdrawnAt"] is not None
    assert {by_member[member]["votes"] for member in (2, 3)} == {3}
    assert {by_member[member]["option"] for member in (2, 3)} == {0, 1}
    assert sum(row["seated"] for row in shown["candidates"]) == 1
    assert by_member[2]["title"] == STATEMENT


def test_elections_are_found_by_office_and_stage(api):
    assert [row["electionId"] for row in all_rows(api, "/v1/elections", limit=2)] == [6, 5, 4, 3, 2, 1]
    assert [row["electionId"] for row in all_rows(api, "/v1/elections", stage="Failed")] == [4]
    assert [row["electionId"] for row in all_rows(api, "/v1/elections", officeId=TREASURER)] == [5, 4, 3]
    unopposed = get(api, "/v1/elections/5")["data"]
    assert [(row["memberId"], row["seated"]) for row in unopposed["candidates"]] == [(8, True)]
    assert (unopposed["pollId"], unopposed["drawId"]) == (None, None)


def test_the_poll_of_an_election_names_its_options_though_nobody_handed_a_text_in(api):
    shown = get(api, "/v1/polls/5")["data"]
    assert shown["title"] == "Election 1 for office 1"
    assert f"0x{text_hash(shown['text']).hex()}" == shown["textHash"]
    options = {row["option"]: row["memberId"] for row in get(api, "/v1/elections/1")["data"]["candidates"]}
    assert [row["name"] for row in shown["tally"]] == [f"Member {options[n]}" for n in (0, 1)]


def test_a_draw_shows_all_that_its_number_is_made_of(api, lived):
    shown = get(api, f"/v1/draws/{PLAIN}")["data"]
    assert (shown["state"], shown["withReveals"], shown["electionId"]) == ("Captured", False, 2)
    assert shown["openerModule"] == "elections"
    assert [row["memberId"] for row in shown["members"]] == [8, 1, 2]
    assert all(row["commitment"] is None for row in shown["members"])
    block = lived.commune.chain.block(shown["targetBlock"])
    assert shown["blockHash"] == block["hash"]
    assert shown["title"] == "Election 2 for office 2"


def test_a_draw_with_reveals_shows_who_revealed(api):
    shown = get(api, f"/v1/draws/{MIXED}")["data"]
    assert (shown["reveals"], shown["retargets"], shown["state"]) == (2, 1, "Captured")
    commitments = {row["memberId"]: row["commitment"] for row in shown["members"]}
    assert commitments == {m: f"0x{commitment_of(m, secret_of(m)).hex()}" for m in (3, 5, 6)}
    secrets = {row["memberId"]: row["secret"] for row in shown["members"]}
    assert secrets == {3: f"0x{secret_of(3).hex()}", 5: f"0x{secret_of(5).hex()}", 6: None}
    seated = [row for row in get(api, "/v1/elections/3")["data"]["candidates"] if row["seated"]]
    assert [row["memberId"] in (3, 5) for row in seated] == [True]


def test_petitions_tell_who_signed_and_what_came_of_them(api):
    states = {row["petitionId"]: row["state"] for row in all_rows(api, "/v1/petitions", limit=2)}
    assert states == {1: "Lapsed", 2: "Failed", 3: "Recalled", 4: "Recalled"}
    lapsed, failed, voted, signed = (get(api, f"/v1/petitions/{number}")["data"] for number in (1, 2, 3, 4))
    assert (lapsed["text"], lapsed["signatures"], lapsed["vote"]) == (GROUNDS, 1, None)
    assert [row["memberId"] for row in lapsed["signers"]] == [lapsed["petitioner"]]
    assert (failed["signatures"], failed["vote"]) == (2, "Defeated")
    assert (voted["vote"], voted["recalledAt"]) == ("Executed", None)
    assert signed["signatures"] == signed["immediate"] > signed["needed"]
    assert signed["recalledAt"] is not None
    assert [row["petitionId"] for row in all_rows(api, "/v1/petitions", officeId=KEEPER)] == [4]
    assert [row["petitionId"] for row in all_rows(api, "/v1/petitions", state="Recalled")] == [4, 3]
    mine = all_rows(api, "/v1/petitions", memberId=voted["memberId"])
    assert voted["petitionId"] in [row["petitionId"] for row in mine]


def test_a_recall_is_voted_on_under_a_rule_of_its_own_and_in_words(api):
    voted = get(api, "/v1/petitions/3")["data"]
    proposal = get(api, f"/v1/proposals/{voted['proposalId']}")["data"]
    assert proposal["rule"] == "Recall"
    (action,) = proposal["actions"]
    assert action["words"] == f"recall member {voted['memberId']} from office {TREASURER}"


def test_a_proposal_to_create_an_office_says_what_its_holders_may_do(api):
    (row,) = [row for row in all_rows(api, "/v1/proposals") if row["title"] == "Three offices"]
    keeper, stewards, treasurer = get(api, f"/v1/proposals/{row['proposalId']}")["data"]["actions"]
    assert keeper["words"] == (
        f"create an office in general (text 0x{text_hash(KEEPER_TEXT).hex()}) with one seat, filled by poll"
        " for 120 days, whose holders may call constitution.adopt 2 times a period, and call"
        " constitution.setDaoURI once a period"
    )
    assert "with 2 seats, filled by draw for 120 days, whose holders may call nothing" in stewards["words"]
    assert "filled by draw with reveals for 120 days, paid 20 units of pay a period" in treasurer["words"]


def test_activity_tells_of_offices_in_words(api):
    rows = all_rows(api, "/v1/activity", officeId=KEEPER, limit=200)
    (keeper,) = {row["memberId"] for row in tenures(api, KEEPER)}
    words = [row["words"] for row in reversed(rows)]
    assert words[0] == "office 1 was created in general, with one seat"
    assert f"member {keeper}, holding office 1, called constitution.adopt" in words
    assert f"member {keeper} was recalled from office 1" in words
    assert "the holders of office 1 may call constitution.setDaoURI 3 times a period" in words
    everything = {row["kind"]: row["words"] for row in all_rows(api, "/v1/activity", limit=200)}
    assert everything["ElectionFilled"].startswith("election 1 seated member ")
    assert everything["ElectionFailed"] == "election 4 filled no seat"
