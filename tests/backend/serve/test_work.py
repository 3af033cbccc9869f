"""Work over HTTP: from the board to the trace of what it earned."""

from __future__ import annotations

from dataclasses import replace

import icalendar
import pytest

from tests.backend.chains import anvil, free_port
from tests.backend.commune import DAY, FOOD, GENERAL, PEOPLE, Commune, text_hash
from tests.backend.life import SMALL
from tests.backend.mirror import Mirror
from tests.backend.processes import serving, wait_until
from tests.backend.serve.test_commune import all_rows, get
from tests.backend.working import COUNT, GOOD, ONE_COAT, PAINT, PARTY, SHOP, STIPEND, THIN, TWO_COATS, work

PAINTING, COUNTING, PARTYING, WATERING, SHOPPING, CANCELLED = range(1, 7)
TEXTS = (PAINT, COUNT, PARTY, SHOP, ONE_COAT, TWO_COATS, GOOD, THIN)


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """A commune of seven in which work was decided on, done and missed; and a node that holds its texts."""
    with anvil("--accounts", str(PEOPLE)) as chain:
        commune = Commune.founded(chain, 6, **SMALL)
        commune.join(commune.people[14], (commune.people[2], commune.people[3]))
        commune.wait(95 * DAY)
        work(commune, lambda what: None)
        mirror = Mirror(commune, tmp_path_factory.mktemp("worked"))
        mirror.follow()
        with serving(replace(mirror.settings, port=free_port(), poll=0.1)) as client:
            wait_until(lambda: client.get("/v1/node").json()["block"]["number"] == chain.head)
            for text in TEXTS:
                answer = client.put(f"/v1/texts/0x{text_hash(text).hex()}", content=text)
                assert answer.status_code in (200, 201)
            yield commune, client


@pytest.fixture(scope="module")
def api(worked):
    return worked[1]


@pytest.fixture(scope="module")
def commune(worked):
    return worked[0]


def traced(api, assignment: int) -> dict:
    return get(api, f"/v1/assignments/{assignment}/trace")["data"]


def test_the_board_shows_what_waits_for_somebody(api):
    rows = {row["assignmentId"]: row for row in all_rows(api, "/v1/board", limit=1)}
    painting = rows[PAINTING]
    assert (painting["step"], painting["vacant"]) == ("Reopen", 0)
    assert [(late["seat"], late["memberId"]) for late in painting["missed"]] == [(2, 5)]
    assert not {COUNTING, PARTYING, CANCELLED} & rows.keys()
    assert PAINTING not in {row["assignmentId"] for row in all_rows(api, "/v1/board", topic=GENERAL)}


def test_an_assignment_says_what_its_text_says_and_who_has_its_seats(api):
    shown = get(api, f"/v1/assignments/{PAINTING}")["data"]
    assert (shown["title"], shown["minutes"], shown["where"]) == ("Paint the hall", 360, "The hall")
    assert shown["skills"] == ["ladders", "painting"]
    done, held = shown["eachSeat"]
    assert (done["state"], done["shareBps"], done["reviewId"]) == ("Done", 9_000, 1)
    assert (held["state"], held["memberId"], held["missed"]) == ("Held", 5, True)
    assert held["lateAfter"] < held["dueAt"]
    counted = get(api, f"/v1/assignments/{COUNTING}")["data"]
    assert (counted["state"], counted["eachSeat"][0]["paid"]) == ("Finished", True)
    absent = get(api, f"/v1/assignments/{PARTYING}")["data"]["eachSeat"][1]
    assert (absent["state"], absent["memberId"]) == ("Lapsed", None)


def test_assignments_are_found_by_state_topic_kind_member_and_series(api):
    def found(**query) -> list[int]:
        return [row["assignmentId"] for row in all_rows(api, "/v1/assignments", limit=2, **query)]

    assert found() == [6, 5, 4, 3, 2, 1]
    assert found(state="Cancelled") == [CANCELLED]
    assert found(topic=GENERAL) == [COUNTING]
    assert found(kind="Task", topic=FOOD) == [WATERING, PAINTING]
    assert found(seriesId=1) == [CANCELLED, SHOPPING]
    assert WATERING in found(member=6)
    assert api.get("/v1/assignments?state=Lost").status_code == 422
    assert api.get("/v1/assignments/7").status_code == 404
    assert api.get("/v1/assignments/7/trace").status_code == 404


def test_every_step_from_the_ballots_to_the_award_is_a_transaction_on_the_chain(api, commune):
    trace = traced(api, PAINTING)
    decision, (painted, _) = trace["decision"], trace["seats"]
    assert decision["title"] == "A party in a white hall"
    assert [step["kind"] for step in decision["opened"]] == ["Sponsored", "Sponsored", "ProposalOpened"]
    assert [ballot["memberId"] for ballot in decision["ballots"]["first"]] == [1, 2, 3, 5]
    assert get(api, decision["ballots"]["link"])["data"] == decision["ballots"]["first"]
    assert [step["kind"] for step in decision["executed"]] == ["ProposalQueued", "ProposalExecuted"]
    assert decision["executed"][-1]["transaction"] == trace["created"]["transaction"]
    offered = [step["kind"] for step in trace["volunteers"]]
    assert offered.count("Volunteered") == 4
    assert offered[-3:] == ["SelectionDrawn", "DrawCaptured", "Selected"]
    (review,) = painted["reviews"]
    assert [step["arguments"]["round"] for step in review["delivered"]] == [1, 2]
    assert [step["arguments"]["verdict"] for step in review["verdicts"]] == [1, 2, 1, 1]
    assert [step["kind"] for step in review["concluded"]] == ["ReworkAsked", "ReviewConcluded"]
    painter = painted["steps"][0]["arguments"]["memberId"]
    earned = [step for step in review["awards"] if step["arguments"]["memberId"] == painter]
    assert {step["transaction"] for step in earned} == {review["concluded"][-1]["transaction"]}
    assert sum(int(step["arguments"]["requested"]) for step in earned) == 9_000_000
    paid_reviewers = [step["arguments"]["memberId"] for step in review["awards"] if step not in earned]
    assert sorted(paid_reviewers) == sorted({step["arguments"]["memberId"] for step in review["verdicts"]})
    for step in _every_step(trace):
        receipt = commune.chain.receipt(step["transaction"])
        assert (int(receipt["blockNumber"], 16), receipt["status"]) == (step["block"], "0x1")
        assert int(commune.chain.block(step["block"])["timestamp"], 16) == step["happenedAt"]
        assert api.get(step["link"]).status_code == 200


def test_what_was_given_and_taken_back_again_is_told_of_each_seat(api):
    _, second = traced(api, PAINTING)["seats"]
    told = [step["words"] for step in second["steps"]]
    assert told[0].endswith("took seat 2 of assignment 1")
    assert told[1].endswith("gave no sign of progress and lost seat 2 of assignment 1")
    assert told[2].endswith("took seat 2 of assignment 1")
    assert told[3].endswith("gave up seat 2 of assignment 1")
    assert told[4:] == ["member 5 took seat 2 of assignment 1"]
    assert second["reviews"] == []


def test_a_stipend_and_a_shift_are_at_the_end_of_their_traces(api):
    (counted,) = traced(api, COUNTING)["seats"]
    assert counted["paid"]["arguments"]["amount"] == str(STIPEND * 9 // 10)
    (review,) = counted["reviews"]
    assert review["concluded"][-1]["words"] == (
        "review 2 accepted the work by vote, for 90 percent of its reward"
    )
    assert "ReviewerReplaced" in {step["kind"] for step in review["reviewers"]}
    came = traced(api, PARTYING)["seats"][0]
    (award,) = came["awards"]
    assert award["arguments"]["confirmer"] == came["confirmed"]["arguments"]["confirmer"]
    assert award["transaction"] == came["confirmed"]["transaction"]


def test_what_a_holder_made_leads_to_the_office_and_the_exercise(api):
    trace = traced(api, WATERING)
    assert (trace["decision"], trace["series"]) == (None, None)
    mandate = trace["mandate"]
    assert (mandate["memberId"], mandate["link"]) == (5, "/v1/offices/1")
    assert mandate["exercised"]["transaction"] == trace["created"]["transaction"]
    assert mandate["exercised"]["words"] == "member 5, holding office 1, called assignments.create"


def test_an_occurrence_leads_to_its_series_and_the_proposal_that_made_that(api):
    trace = traced(api, SHOPPING)
    series, decision = trace["series"], trace["decision"]
    assert (series["seriesId"], series["occurrence"]) == (1, 0)
    assert decision["title"] == "The shop opens every week"
    assert decision["executed"][-1]["transaction"] == series["created"]["transaction"]
    assert series["opened"]["transaction"] == trace["created"]["transaction"]
    assert traced(api, CANCELLED)["cancelled"]["kind"] == "AssignmentCancelled"


def test_reviews_tell_who_was_asked_and_what_they_said_in_each_round(api):
    shown = get(api, "/v1/reviews/1")["data"]
    assert (shown["state"], shown["round"], shown["shareBps"], shown["step"]) == ("Accepted", 2, 9_000, None)
    assert [delivery["text"] for delivery in shown["deliveries"]] == [ONE_COAT, TWO_COATS]
    said = [(row["round"], row["verdict"], row["mark"], row["text"]) for row in shown["reviewers"]]
    assert sorted(said) == [
        (1, "Accept", 80, GOOD),
        (1, "Rework", 0, THIN),
        (2, "Accept", 80, GOOD),
        (2, "Accept", 100, GOOD),
    ]
    by_vote = get(api, "/v1/reviews/2")["data"]
    assert (by_vote["byVote"], by_vote["challengeableUntil"]) == (True, 0)
    assert [share["bps"] for share in by_vote["shares"]] == [7_000, 3_000]
    replaced = [row for row in by_vote["reviewers"] if row["replacedAt"] is not None]
    assert sorted(row["penaltyId"] for row in replaced) == [1, 2]
    assert [row["reviewId"] for row in all_rows(api, "/v1/reviews", limit=1)] == [2, 1]
    reviewer = shown["reviewers"][0]["memberId"]
    assert 1 in [row["reviewId"] for row in all_rows(api, "/v1/reviews", reviewer=reviewer)]
    assert all_rows(api, "/v1/reviews", state="Failed") == []
    assert api.get("/v1/reviews/3").status_code == 404


def test_the_draws_of_work_say_what_they_are_about_though_nobody_handed_a_text_in(api):
    selecting = get(api, f"/v1/assignments/{PAINTING}")["data"]["drawId"]
    assert get(api, f"/v1/draws/{selecting}")["data"]["text"] == "Seats of assignment 1"
    for draw in (selecting, get(api, "/v1/reviews/1")["data"]["drawId"]):
        shown = get(api, f"/v1/draws/{draw}")["data"]
        assert f"0x{text_hash(shown['text']).hex()}" == shown["textHash"]


def test_penalties_show_what_became_of_them(api):
    struck, carried = all_rows(api, "/v1/penalties", limit=1)
    assert (struck["state"], struck["taken"]) == ("Struck", None)
    assert struck["appealedAt"] <= struck["endedAt"]
    assert (carried["state"], carried["sourceModule"]) == ("Carried", "reviews")
    assert int(carried["taken"]) <= int(carried["amount"]) == 1_000_000
    assert all_rows(api, "/v1/penalties", state="Pending") == []
    assert get(api, f"/v1/members/{carried['memberId']}/reputation")["data"]["pending"] == []


def test_a_member_s_work_counts_what_they_did_and_missed(api, commune):
    lost = traced(api, PAINTING)["seats"][1]["steps"][1]["arguments"]["memberId"]
    for member in range(1, 8):
        shown = get(api, f"/v1/members/{member}/work")["data"]
        assert shown["strikes"] == commune.call("assignments", "strikesOf", member)
        assert shown["seatsHeld"] == commune.call("assignments", "seatsHeld", member)
        assert shown["missed"] == shown["noShows"] + (member == lost)
    watering = get(api, "/v1/members/6/work")["data"]
    assert (WATERING, 1) in [(seat["assignmentId"], seat["seat"]) for seat in watering["holds"]]
    assert (watering["noShows"], watering["missed"]) == (1, 1)
    told = all_rows(api, f"/v1/members/{lost}/work/history", limit=1)
    assert "MissedHeartbeat" in [row["kind"] for row in told]
    assert {row["title"] for row in told if row["assignmentId"] == PAINTING} == {"Paint the hall"}
    assert api.get("/v1/members/99/work").status_code == 404


def test_a_series_that_was_stopped_has_nothing_to_come(api):
    (listed,) = all_rows(api, "/v1/series")
    assert (listed["state"], listed["opened"], listed["nextStart"]) == ("Stopped", 2, None)
    shown = get(api, "/v1/series/1")["data"]
    assert [row["assignmentId"] for row in shown["openedOnes"]] == [SHOPPING, CANCELLED]
    assert shown["coming"] == []
    assert api.get("/v1/series/2").status_code == 404


def test_the_calendar_is_the_same_bytes_until_something_happens(api):
    first = api.get("/v1/calendar.ics")
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["x-block-hash"].startswith("0x")
    again = api.get("/v1/calendar.ics", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


def test_the_calendar_has_shifts_starts_and_deadlines(api):
    entries = list(icalendar.Calendar.from_ical(api.get("/v1/calendar.ics").content).walk("VEVENT"))
    uids = [str(entry["uid"]) for entry in entries]
    assert len(uids) == len(set(uids))
    by_title = {str(entry["summary"]): entry for entry in entries}
    shop = get(api, f"/v1/assignments/{SHOPPING}")["data"]
    assert by_title["Open the shop"]["dtstart"].dt.timestamp() == shop["start"]
    assert by_title["Open the shop"]["dtend"].dt.timestamp() == shop["deadline"]
    assert str(by_title["Open the shop"]["location"]) == "The shop"
    assert {"Start: Paint the hall", "Due: Paint the hall"} <= by_title.keys()
    mine = icalendar.Calendar.from_ical(api.get("/v1/calendar.ics?member=5").content).walk("VEVENT")
    assert "Due: Paint the hall" in {str(entry["summary"]) for entry in mine}
    general = api.get(f"/v1/calendar.ics?topic={GENERAL}").text
    assert "Paint" not in general


def _every_step(part) -> list[dict]:
    if isinstance(part, dict) and "words" in part:
        return [part]
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
    return [step for one in inner for step in _every_step(one)]
