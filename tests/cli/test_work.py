"""Work from its proposal to its award, by commands alone."""

from __future__ import annotations

from datetime import UTC, datetime

import icalendar
import pytest

from tests.backend.commune import DAY
from tests.cli.conftest import RELAYER, opened
from tests.cli.test_offices import decided, mine

ALICE, BOB, CAROL, DAVE, ERIN, STRANGER = 1, 2, 3, 4, 5, 19
MEMBERS = 7
PAINTING, FIRE, COUNTING, SHOP = "1", "2", "3", "4"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("desk"), MEMBERS, "--no-keep") as desk:
        yield desk


def time_of(desk, days: float) -> str:
    """So many days from the chain's now."""
    return datetime.fromtimestamp(desk.commune.now + int(days * DAY), UTC).isoformat()


def captured(desk, draw: int) -> None:
    mine(desk, 20)
    desk.done("draw", "capture", str(draw), who=STRANGER)


def test_members_decide_on_several_assignments_at_once(desk, tmp_path):
    file = tmp_path / "party.toml"
    file.write_text(
        'title = "A party in a white hall"\n'
        '[[assignment]]\ntext = "Paint the hall\\n\\nSkills: painting\\nHours: 6\\n\\nTwo coats."\n'
        'topic = "food"\nreward = 10\nvolunteering = 12\ndays = 7\nheartbeat = 2\n'
        '[[assignment]]\ntext = "Watch the fire"\ntopic = "food"\nkind = "shift"\nreward = 2\n'
        "volunteering = 12\n"
        f"start = {time_of(desk, 70)}\nend = {time_of(desk, 70.2)}\n"
    )
    drafted = desk.run("work", "propose", str(file), "--draft", who=ALICE)
    assert "create a task: 'Paint the hall', with 1 seat; a shift: 'Watch the fire'" in drafted.stdout
    decided(desk, ["work", "propose", str(file)], "food")
    board = desk.run("work", "board").stdout
    assert "Paint the hall" in board
    assert "volunteer" in board
    words = ["work", "propose", "--text", "Count the stores", "--topic", "general", "--reward", "2.5"]
    decided(desk, [*words, "--days", "3", "--select-by", "score"])
    (counting,) = desk.done("work", "list", "--topic", "general")
    assert (counting["selection"], counting["duration"]) == ("Score", 3 * DAY)
    assert (counting["reward"], counting["title"]) == ("2500000", "Count the stores")
    assert "Two coats." in desk.run("work", "show", PAINTING).stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--text", "Bake"], "an assignment needs a topic and a reward"),
        (["--topic", "food", "--reward", "1"], "give a file with assignments, or one with --text"),
        (["--text", "Bake", "--topic", "music", "--reward", "1"], "there is no topic music"),
        (["--text", "Bake", "--topic", "food", "--reward", "much"], "points are a number"),
        (["--text", "B", "--topic", "food", "--reward", "1", "--select-by", "age"], "select_by is draw or"),
        (["--text", "B", "--topic", "food", "--reward", "1", "--stipend", "1"], "needs the purse"),
        (["--text", "B", "--topic", "food", "--reward", "1", "--end", "2030-01-01T10:00Z"], "its start and"),
        (
            ["--text", "B", "--topic", "food", "--reward", "1", "--start", "2030-01-01T10:00"],
            "lacks its offset",
        ),
        (["--text", "B", "--topic", "food", "--reward", "1", "--start", "noon"], "a time is written as in"),
    ],
)
def test_a_brief_that_is_none_is_refused_before_anything_is_sent(desk, words, told):
    ended = desk.run("work", "propose", *words, "--draft", who=ALICE)
    assert ended.exit_code == 2
    assert told in ended.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "it takes at least one [[assignment]]"),
        ("[[assignment]]\ncolour = 1", "an assignment has no colour"),
        ("[[assignment]]\ntext = ''", "needs a text"),
        ("[[assignment]]\ntext = 'B'\ntopic = 'food'\nreward = 1\nseats = 'two'", "seats is a whole number"),
        ("[[assignment]]\ntext = 'B'\ntopic = 'food'\nreward = 1\ndays = 'few'", "days is a number of days"),
        ("[[assignment]]\ntext='B'\ntopic='food'\nreward=1\nkind='shift'\ndays=1", "its start and its end"),
        ("colour = 1\n[[assignment]]\ntext = 'B'\ntopic = 'food'\nreward = 1", "unknown fields colour"),
        ("[[assignment]", "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_reason(desk, tmp_path, content, told):
    file = tmp_path / "briefs.toml"
    file.write_text(content)
    ended = desk.run("work", "propose", str(file), "--draft", who=ALICE)
    assert ended.exit_code == 2
    assert told in ended.stderr


def test_members_volunteer_and_the_lot_selects(desk):
    relayed = desk.done("work", "volunteer", PAINTING, "--relay", who=BOB)
    sender = desk.commune.chain.receipt(relayed["transaction"])["from"]
    assert sender == desk.commune.people[RELAYER].address.lower()
    told = desk.refused("work", "volunteer", PAINTING, who=BOB)
    assert "member 2 volunteers for assignment 1 already" in told
    desk.done("work", "volunteer", PAINTING, who=CAROL)
    desk.done("work", "withdraw", PAINTING, who=CAROL)
    assert "does not volunteer" in desk.refused("work", "withdraw", PAINTING, who=CAROL)
    assert "is not a member" in desk.refused("work", "volunteer", PAINTING, who=STRANGER)
    assert "is volunteering, so this cannot be done" in desk.refused("work", "select", PAINTING, who=DAVE)
    desk.done("work", "volunteer", FIRE, who=DAVE)
    desk.done("work", "volunteer", COUNTING, who=CAROL)
    desk.done("work", "volunteer", COUNTING, who=ERIN)
    desk.commune.wait_until(desk.done("work", "show", PAINTING)["volunteerUntil"])
    for assignment in (PAINTING, FIRE, COUNTING):
        assert desk.done("work", "select", assignment, who=STRANGER)["drawId"] is None
    shown = desk.done("work", "show", COUNTING)
    assert shown["holders"] == [3]
    assert "no seat of assignment 1 is free" in desk.refused("work", "volunteer", PAINTING, who=ERIN)


def test_a_holder_gives_signs_and_delivers_and_reviewers_send_it_back(desk):
    assert "you hold no seat of assignment 1" in desk.refused("work", "heartbeat", PAINTING, who=CAROL)
    desk.done("work", "heartbeat", PAINTING, "--note", "The first coat is dry.", "--relay", who=BOB)
    shares = ("--share", "2:70", "--share", "4:30")
    told = desk.run("work", "deliver", PAINTING, "One coat.", "--share", "2:x", who=BOB)
    assert (told.exit_code, "--share takes member:percent" in told.stderr) == (2, True)
    done = desk.done("work", "deliver", PAINTING, "One coat.", *shares, who=BOB)
    assert done["reviewId"] == 1
    told = desk.refused("review", "seat", "1", who=STRANGER)
    assert "has no number yet" in told
    (listed,) = desk.done("review", "list", "--assignment", PAINTING)
    captured(desk, listed["drawId"])
    asked = desk.done("review", "seat", "1", who=STRANGER)["asked"]
    assert len(asked) == 2
    outsider = next(member for member in (1, 3, 5, 6, 7) if member not in asked)
    assert "was not drawn to review 1" in desk.refused(
        *("review", "give", "1", "Good.", "--accept", "90"), who=outsider
    )
    first, second = asked
    desk.done("review", "give", "1", "Good.", "--accept", "90", "--relay", who=first)
    assert "that is final" in desk.refused("review", "give", "1", "So so.", "--accept", "9", who=first)
    told = desk.run("review", "give", "1", "Well.", who=second)
    assert (told.exit_code, "one of --accept and --rework" in told.stderr) == (2, True)
    desk.done("review", "give", "1", "It shines through.", "--rework", who=second)
    assert desk.done("work", "show", PAINTING)["eachSeat"][0]["state"] == "Rework"
    desk.done("work", "deliver", PAINTING, "Two coats.", *shares, "--relay", who=BOB)
    for reviewer in asked:
        desk.done("review", "give", "1", "White at last.", "--accept", "100", who=reviewer)
    shown = desk.run("review", "show", "1").stdout
    assert "It shines through." in shown
    assert "Accepted" in shown
    assert "100 %" in shown


def test_the_trace_goes_from_the_ballots_to_the_points(desk):
    told = desk.run("work", "trace", PAINTING).stdout
    parts = [
        *("sponsored a draft", "voted For", "a proposal was executed", "volunteers for assignment 1"),
        *("took seat 1 of assignment 1", "gave a sign of progress", "delivered seat 1"),
        *("asked for rework", "review 1 accepted the work", "(Assignment)"),
    ]
    places = [told.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)
    assert desk.done("work", "trace", PAINTING)["decision"]["title"] == "A party in a white hall"
    history = desk.run("work", "history", "2").stdout
    assert "1 of 1 seats taken" in history
    assert "was asked to work on it again" in history


def test_who_does_not_answer_can_appeal_what_they_may_lose(desk):
    desk.done("work", "deliver", COUNTING, "Forty jars.", who=CAROL)
    (drawing,) = desk.done("review", "list", "--state", "drawing")
    captured(desk, drawing["drawId"])
    silent, other = desk.done("review", "seat", "2", who=STRANGER)["asked"]
    assert "has time until" in desk.refused("review", "redraw", "2", who=STRANGER)
    desk.commune.wait(3 * DAY + 60)
    assert "could be answered until" in desk.refused(
        *("review", "give", "2", "Late.", "--accept", "90"), who=silent
    )
    desk.done("review", "redraw", "2", who=STRANGER)
    penalties = {row["memberId"]: str(row["penaltyId"]) for row in desk.done("penalty", "list")}
    mine_, theirs = penalties[silent], penalties[other]
    assert desk.done("penalty", "list", "--member", str(silent), "--state", "pending")
    told = desk.refused("penalty", "appeal", theirs, "I was ill.", who=silent)
    assert f"penalty {theirs} is not of the member who holds" in told
    desk.done("penalty", "appeal", mine_, "I was ill.", "--relay", who=silent)
    assert "appealed already" in desk.refused("penalty", "appeal", mine_, "Really.", who=silent)
    assert "can be carried out from" in desk.refused("penalty", "carry-out", theirs, who=STRANGER)
    (waiting,) = desk.done("reputation", str(silent))["scores"]["pending"]
    assert (waiting["penaltyId"], waiting["amount"]) == (int(mine_), "1000000")
    assert "1.00 points, which count from" in desk.run("reputation", str(silent)).stdout
    decided(desk, ["penalty", "strike", mine_, "--reason", "They were ill"], "food")
    desk.commune.wait(10 * DAY)
    told = desk.run("penalty", "carry-out", theirs, who=STRANGER).stdout
    assert f"penalty {theirs} is carried out" in told
    states = {row["penaltyId"]: row["state"] for row in desk.done("penalty", "list")}
    assert (states[int(mine_)], states[int(theirs)]) == ("Struck", "Carried")


def test_members_decide_where_reviewers_are_missing(desk):
    decided(desk, ["review", "decide", "2", "--share", "80"])
    (review,) = desk.done("review", "list", "--assignment", COUNTING)
    assert (review["state"], review["byVote"], review["shareBps"]) == ("Accepted", True, 8_000)
    assert "has no stipend to be paid" in desk.refused("work", "pay", COUNTING, "1", who=STRANGER)
    assert "stands" not in desk.refused("review", "abandon", "2", who=STRANGER)


def test_a_shift_is_confirmed_by_somebody_else_and_missed_ones_return(desk):
    desk.commune.wait_until(desk.done("work", "show", FIRE)["start"])
    assert "cannot confirm their own shift" in desk.refused("review", "confirm", FIRE, "1", who=DAVE)
    assert "has time until" in desk.refused("work", "reopen", FIRE, "1", who=STRANGER)
    told = desk.run("review", "confirm", FIRE, "1", "--relay", who=ERIN).stdout
    assert "you confirmed seat 1 of assignment 2, for 2.00 points" in told
    assert desk.done("work", "history", "4")["done"] == 1


def test_what_comes_again_is_opened_by_its_rule(desk, tmp_path):
    rule = tmp_path / "rule.txt"
    first = datetime.fromtimestamp(desk.commune.now + 20 * DAY, UTC)
    rule.write_text(f"DTSTART:{first:%Y%m%dT%H%M%SZ}\nRRULE:FREQ=WEEKLY;COUNT=3\n")
    words = ["series", "propose", str(rule), "--text", "Open the shop", "--topic", "food", "--opens", "15"]
    drafted = desk.run(*words, "--draft", who=ALICE).stdout
    assert "begin a series of 3" in " ".join(drafted.split())
    bad = tmp_path / "bad.txt"
    bad.write_text("every monday")
    ended = desk.run("series", "propose", str(bad), "--text", "Open", "--draft", who=ALICE)
    assert (ended.exit_code, "says no times" in ended.stderr) == (2, True)
    decided(desk, words, "food")
    shown = desk.done("series", "show", "1")
    assert [row["number"] for row in shown["coming"]] == [0, 1, 2]
    feed = icalendar.Calendar.from_ical(desk.run("work", "calendar").stdout)
    assert [str(entry["summary"]) for entry in feed.walk("VEVENT")].count("Open the shop") == 3
    assert desk.done("series", "open", "1", who=STRANGER)["assignmentId"] == int(SHOP)
    assert "is open: it is assignment 4" in desk.refused("series", "open", "1", "0", who=STRANGER)
    assert "can be opened from" in desk.refused("series", "open", "1", "2", who=STRANGER)
    assert "has 3 occurrences" in desk.refused("series", "open", "1", "3", who=STRANGER)
    assert desk.done("work", "show", SHOP)["seriesId"] == 1
    written = tmp_path / "work.ics"
    told = desk.run("work", "calendar", "--topic", "food", "--output", str(written)).stdout
    assert "to subscribe: http" in told
    assert written.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    decided(desk, ["series", "stop", "1", "--reason", "It is closed"])
    assert "series 1 was stopped" in desk.refused("series", "open", "1", "1", who=STRANGER)


def test_a_vote_cancels_what_is_not_needed(desk):
    words = ["work", "propose", "--text", "Weed the beds", "--topic", "food", "--reward", "1"]
    decided(desk, words, "food")
    (weeding,) = desk.done("work", "list", "--state", "volunteering")
    number = str(weeding["assignmentId"])
    decided(desk, ["work", "cancel", number, "--reason", "It snows"])
    assert [row["assignmentId"] for row in desk.done("work", "list", "--state", "cancelled")] == [int(number)]
    assert "is cancelled, so this cannot be done" in desk.refused("work", "volunteer", number, who=ALICE)
