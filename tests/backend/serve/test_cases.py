"""Conflicts over HTTP, of a commune that had some of every kind."""

from __future__ import annotations

import pytest

from tests.backend.commune import DAY, GENERAL, POINT, text_hash
from tests.backend.conflicts import GROUNDS, OTHER_SIDE, OUTCOME, OVEN
from tests.backend.serve.test_commune import all_rows, get

CHALLENGED, SETTLED, WITHDRAWN, DECIDED, DISMISSED, OVERRULED, UPHELD, GRANTED, EXPELLED = range(1, 10)


@pytest.fixture(scope="module", autouse=True)
def texts(api):
    for text in (OVEN, OTHER_SIDE, OUTCOME, GROUNDS):
        assert api.put(f"/v1/texts/0x{text_hash(text).hex()}", content=text).status_code in (200, 201)


def case(api, number: int) -> dict:
    return get(api, f"/v1/cases/{number}")["data"]


def numbers(api, **query) -> list[int]:
    return [row["caseId"] for row in all_rows(api, "/v1/cases", limit=2, **query)]


def test_cases_are_found_by_state_topic_and_whom_they_concern(api):
    assert numbers(api) == list(range(EXPELLED, 0, -1))
    assert numbers(api, state="Settled") == [SETTLED]
    assert numbers(api, state="Withdrawn") == [WITHDRAWN]
    assert numbers(api, panelState="Overruled") == [OVERRULED]
    assert numbers(api, panelState="Dismissed") == [DISMISSED]
    assert set(numbers(api, state="Convened", topic=GENERAL)) >= {DECIDED, DISMISSED, OVERRULED, UPHELD}
    settled = case(api, SETTLED)
    assert SETTLED in numbers(api, memberId=settled["mediator"])
    (panelist, *_) = case(api, DECIDED)["panels"][0]["panelists"]
    assert DECIDED in numbers(api, memberId=panelist["memberId"])
    assert set(numbers(api, memberId=2)) >= {DECIDED, OVERRULED}


def test_a_settled_case_shows_who_was_asked_and_what_was_agreed(api):
    shown = case(api, SETTLED)
    claimant = shown["claimant"]
    assert shown["parties"] == [claimant, 3, 6]
    assert shown["remedy"] == {"kind": "Penalty", "memberId": 3, "amount": str(10 * POINT)}
    assert (shown["title"], shown["state"]) == ("The oven was left on overnight.", "Settled")
    assert (shown["panelState"], shown["decision"], shown["panels"], shown["step"]) == (None, None, [], None)
    assert [(given["memberId"], given["text"]) for given in shown["given"]] == [
        (claimant, OVEN),
        (6, OTHER_SIDE),
    ]
    first, second = shown["asked"]
    assert (shown["mediator"], shown["mediators"]) == (second["memberId"], 2)
    assert first["memberId"] not in (second["memberId"], *shown["parties"])
    said = {(row["mediators"], row["memberId"]): row["accepted"] for row in shown["answers"]}
    assert said[1, 6] is False
    assert said[1, 3] is said[2, 6] is said[2, second["memberId"]] is True
    assert shown["outcomeText"] == OUTCOME
    assert all(party["accepted"] and party["signedAt"] for party in shown["partyDetails"])
    assert get(api, f"/v1/draws/{first['drawId']}")["data"]["text"] == f"Mediator 1 for case {SETTLED}"


def test_a_panels_votes_are_shown_once_they_are_revealed(api):
    shown = case(api, DECIDED)
    assert (shown["state"], shown["panelState"]) == ("Convened", "Carried")
    (panel,) = shown["panels"]
    assert (panel["round"], panel["seats"], len(panel["panelists"])) == (1, 3, 3)
    assert panel["revealUntil"] - panel["commitUntil"] == 2 * DAY
    half, full, silent = panel["panelists"]
    assert (half["extent"], full["extent"], silent["extent"]) == (2, 4, None)
    assert (silent["silent"], silent["commitment"]) == (True, None)
    assert (half["silent"], half["penaltyId"]) == (False, None)
    assert silent["penaltyId"] is not None
    decision = shown["decision"]
    # Of two the lower one.
    assert decision["extent"] == 2
    assert decision["appealUntil"] == decision["decidedAt"] + 7 * DAY < decision["carriedAt"]
    assert int(decision["amount"]) <= 4 * POINT
    assert decision["appellant"] is decision["proposalId"] is decision["vote"] is None
    assert get(api, f"/v1/draws/{panel['drawId']}")["data"]["title"] == f"Panel 1 for case {DECIDED}"


def test_an_appeal_shows_why_and_what_the_members_said(api):
    overruled, upheld = case(api, OVERRULED)["decision"], case(api, UPHELD)["decision"]
    assert (overruled["appellant"], upheld["appellant"]) == (1, 5)
    assert overruled["groundsText"] == upheld["groundsText"] == GROUNDS
    assert (overruled["vote"], upheld["vote"]) == ("Executed", "Defeated")
    assert overruled["overruledAt"] is not None
    assert overruled["carriedAt"] is None
    assert upheld["carriedAt"] is not None
    proposal = get(api, f"/v1/proposals/{overruled['proposalId']}")["data"]
    assert proposal["actions"][0]["words"] == f"overrule what the panel decided in case {OVERRULED}"


def test_the_members_decide_where_two_panels_were_silent(api):
    shown = case(api, GRANTED)
    first, second = shown["panels"]
    drawn = [{panelist["memberId"] for panelist in panel["panelists"]} for panel in (first, second)]
    assert not drawn[0] & drawn[1]
    assert all(panelist["silent"] for panel in (first, second) for panelist in panel["panelists"])
    decision = shown["decision"]
    assert (decision["extent"], decision["decidedAt"], decision["vote"]) == (4, None, "Executed")
    assert decision["askedAt"] < decision["carriedAt"]


def test_an_expulsion_is_the_members_vote(api):
    shown = case(api, EXPELLED)
    decision = shown["decision"]
    assert shown["remedy"]["kind"] == "Expulsion"
    assert (decision["appealUntil"], decision["vote"]) == (None, "Executed")
    assert decision["movedAt"] == decision["carriedAt"]
    member = shown["remedy"]["memberId"]
    assert get(api, f"/v1/members/{member}")["data"]["status"] == "Expelled"


def test_a_case_about_a_review_names_it(api):
    shown = case(api, CHALLENGED)
    assert shown["remedy"] == {"kind": "Overturn", "memberId": None, "amount": "0"}
    assert get(api, f"/v1/reviews/{shown['reviewId']}")["data"]["state"] == "Overturned"


def test_what_happened_in_a_case_is_told_in_words(api):
    told = [row["words"] for row in all_rows(api, "/v1/activity", caseId=DECIDED)]
    assert (
        told[-1]
        == f"member 1 opened case {DECIDED} with member 2, asking that member 2 lose 8 points in general"
    )
    assert f"the panel of case {DECIDED} granted half of what it asks for" in told
    assert told[0].startswith(f"the decision in case {DECIDED} was carried out")
    told = [row["words"] for row in all_rows(api, "/v1/activity", caseId=SETTLED)]
    assert told[0] == f"case {SETTLED} is settled: its parties agreed"
