"""Conflicts from their opening to their end, by commands alone."""

from __future__ import annotations

import json

import pytest

from tests.backend.commune import DAY, FOR
from tests.backend.drawing import to_number
from tests.cli.conftest import RELAYER, opened

ALICE, BOB, CAROL, STRANGER = 1, 2, 3, 19
MEMBERS = 9
OVEN = "The oven was left on overnight.\n\nIt was the third time."


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("desk"), MEMBERS, "--no-keep") as desk:
        yield desk


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """One machine for all."""
    folder = tmp_path_factory.getbasetemp() / "machine"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    return folder / "dualpower"


def mediator_of(desk, case: str) -> int:
    """Whom the draw gives."""
    shown = desk.done("case", "show", case)
    to_number(desk.commune, shown["drawId"])
    return desk.done("case", "seat-mediator", case, "--relay", who=ALICE)["mediator"]


def failed(desk, case: str) -> None:
    """Neither mediator is accepted."""
    for _ in range(2):
        mediator_of(desk, case)
        desk.done("case", "decline", case, who=BOB)


def test_a_member_opens_a_case_and_says_what_happened(desk):
    told = desk.run("case", "open", "2", OVEN, "--topic", "food", "--penalty", "10", "--relay", who=ALICE)
    assert "case 1 is open with 2: a mediator is drawn" in told.stdout
    (listed,) = desk.done("case", "list", "--member", "2", "--topic", "food")
    assert (listed["caseId"], listed["state"], listed["parties"]) == (1, "Drawing", [1, 2])
    assert listed["title"] == "The oven was left on overnight."
    shown = desk.run("case", "show", "1").stdout
    assert "member 2 to lose 10.00 points in food" in shown
    assert "It was the third time." in shown


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["2", OVEN], "say what you ask for with one of --penalty, --award and --expulsion"),
        (["2", OVEN, "--penalty", "1", "--expulsion"], "say what you ask for with one of"),
        (["2", "--penalty", "1"], "say what happened: give a text, or --file"),
        (["2,x", OVEN, "--penalty", "1"], "members are numbers, as in 5 or 5,7"),
        (["2,3", OVEN, "--penalty", "1"], "say with --of which of them"),
        (["2", OVEN, "--penalty", "much"], "points are a number"),
        (["2", OVEN, "--penalty", "1", "--topic", "music"], "there is no topic music"),
    ],
)
def test_a_case_that_is_none_is_refused_before_anything_is_sent(desk, words, told):
    ended = desk.run("case", "open", *words, who=ALICE)
    assert ended.exit_code == 2
    assert told in ended.stderr


def test_the_chain_says_in_words_why_a_case_cannot_be_opened(desk):
    ask = ["--penalty", "1"]
    assert "a case against themselves" in desk.refused("case", "open", "1", OVEN, *ask, who=ALICE)
    assert "is named twice" in desk.refused("case", "open", "2,2", OVEN, "--of", "2", *ask, who=ALICE)
    assert "member 77 is no member any more" in desk.refused("case", "open", "77", OVEN, *ask, who=ALICE)
    many = ",".join(str(member) for member in range(2, 10))
    assert "with 1 to 7 others, not 8" in desk.refused(
        "case", "open", many, OVEN, "--of", "2", *ask, who=ALICE
    )
    assert "no more than the constitution lets" in desk.refused(
        "case", "open", "2", OVEN, "--penalty", "5000", who=ALICE
    )
    assert "is not a member" in desk.refused("case", "open", "2", OVEN, *ask, who=STRANGER)
    assert "there is no case 9" in desk.refused("case", "accept", "9", who=ALICE)


def test_both_sides_and_the_mediator_accept_and_the_outcome_is_signed_by_both(desk):
    draw = desk.done("case", "show", "1")["drawId"]
    assert f"draw {draw}, which gives the mediator" in desk.refused("case", "seat-mediator", "1", who=ALICE)
    mediator = mediator_of(desk, "1")
    assert mediator not in (ALICE, BOB)
    repeated = desk.done("draw", "verify", str(draw))
    assert repeated["drawn"]["members"] == [mediator]
    assert mediator in repeated["drawn"]["order"]
    assert desk.done("draw", "show", str(draw))["title"] == "Mediator 1 for case 1"
    assert desk.done("case", "list", "--member", str(mediator))[0]["mediator"] == mediator
    desk.done("case", "evidence", "1", "I was told that somebody else would see to it.", who=BOB)
    assert desk.done("case", "accept", "1", who=ALICE)["began"] is False
    assert "has said so already" in desk.refused("case", "accept", "1", who=ALICE)
    desk.done("case", "accept", "1", "--relay", who=BOB)
    assert desk.done("case", "accept", "1", who=mediator)["began"] is True
    assert "stands at mediating" in desk.refused("case", "accept", "1", who=BOB)
    assert "no outcome of case 1 is proposed" in desk.refused("case", "sign", "1", who=ALICE)
    assert "does not mediate case 1" in desk.refused("case", "propose", "1", "I win.", who=ALICE)
    desk.done("case", "propose", "1", "Bob pays.", who=mediator)
    desk.done("case", "sign", "1", who=ALICE)
    outcome = "Bob is the last to leave on Fridays, and checks the oven."
    desk.done("case", "propose", "1", outcome, "--relay", who=mediator)
    signed = desk.run("case", "sign", "1", "--relay", who=BOB)
    assert outcome in signed.stderr
    assert desk.done("case", "sign", "1", who=ALICE)["settled"] is True
    shown = desk.run("case", "show", "1").stdout
    assert outcome in shown
    assert "Settled" in shown
    assert "stands at settled" in desk.refused("case", "withdraw", "1", who=ALICE)


def test_a_case_can_be_taken_back_by_who_opened_it(desk):
    number = str(desk.done("case", "open", "1", OVEN, "--award", "2.5", who=BOB)["caseId"])
    assert "only who did takes it back" in desk.refused("case", "withdraw", number, who=ALICE)
    assert "2.50 points in general of member 1 for member 2" in desk.run("case", "show", number).stdout
    desk.done("case", "withdraw", number, who=BOB)
    assert [c["caseId"] for c in desk.done("case", "list", "--state", "withdrawn")] == [int(number)]


def test_a_panel_votes_in_secret_and_what_it_decides_is_carried_out(desk, home):
    number = str(desk.done("case", "open", "2", OVEN, "--penalty", "8", who=CAROL)["caseId"])
    assert "stands at drawing" in desk.refused("case", "convene", number, who=ALICE)
    failed(desk, number)
    assert f"dualpower case convene {number}" in " ".join(desk.run("case", "list").stdout.split())
    draw = desk.done("case", "convene", number, "--relay", who=ALICE)["drawId"]
    to_number(desk.commune, draw)
    drawn = desk.done("case", "seat", number, who=STRANGER)["drawn"]
    assert len(drawn) == 3
    assert desk.done("draw", "verify", str(draw))["drawn"]["members"] == drawn
    assert not {BOB, CAROL} & set(drawn)

    assert desk.run("case", "commit", number, "5", who=drawn[0]).exit_code == 2
    told = desk.run("case", "commit", number, "half", "--relay", who=drawn[0])
    assert f"`dualpower case reveal {number}` on this machine" in told.stdout
    (file,) = home.glob("panels/*/*.json")
    assert file.stat().st_mode & 0o077 == 0
    content = json.loads(file.read_text())
    assert content["salt"] not in told.output
    assert content["extent"] == 2
    desk.done("case", "commit", number, "all", who=drawn[1])
    desk.done("case", "commit", number, "nothing", who=drawn[2])
    assert "has voted on case" in desk.refused("case", "commit", number, "all", who=drawn[1])
    assert "is not on the panel" in desk.refused("case", "commit", number, "all", who=BOB)

    assert "stands at committing" in desk.refused("case", "reveal", number, who=STRANGER)
    desk.commune.wait(3 * DAY + 60)
    assert "stands at revealing" in desk.refused("case", "count", number, who=STRANGER)
    ended = desk.run("case", "reveal", number, who=STRANGER)
    assert ended.stdout.count(f"on case {number}") == 3
    assert desk.run("case", "reveal", number, who=STRANGER).stderr.count("is revealed already") == 3
    assert desk.done("case", "count", number, who=STRANGER)["extent"] == 2
    shown = desk.run("case", "show", number).stdout
    assert "three" not in shown
    assert "half" in shown
    assert "can be done from" in desk.refused("case", "carry-out", number, who=STRANGER)
    (decided,) = desk.done("case", "list", "--panel", "decided")
    assert decided["caseId"] == int(number)
    desk.commune.wait(7 * DAY + 60)
    assert "could be appealed until" in desk.refused("case", "appeal", number, "No!", who=BOB)
    assert desk.done("case", "carry-out", number, "--relay", who=CAROL)["extent"] == 2
    assert desk.done("case", "show", number)["panelState"] == "Carried"


def test_a_party_appeals_and_the_members_overrule_the_panel(desk):
    number = str(desk.done("case", "open", "2", OVEN, "--penalty", "8", who=4)["caseId"])
    failed(desk, number)
    to_number(desk.commune, desk.done("case", "convene", number, who=ALICE)["drawId"])
    drawn = desk.done("case", "seat", number, who=STRANGER)["drawn"]
    for member in drawn:
        desk.done("case", "commit", number, "all", who=member)
    desk.commune.wait(3 * DAY + 60)
    desk.run("case", "reveal", number, who=STRANGER)
    assert desk.done("case", "count", number, who=STRANGER)["extent"] == 4
    assert "only those can appeal" in desk.refused("case", "appeal", number, "No!", who=CAROL)
    appealed = desk.done("case", "appeal", number, "Nobody heard me.", "--relay", who=BOB)
    sender = desk.commune.chain.receipt(appealed["transaction"])["from"]
    assert sender == desk.commune.people[RELAYER].address.lower()
    proposal = appealed["proposalId"]
    assert "Nobody heard me." in desk.run("case", "show", number).stdout
    assert f"overrule what the panel decided in case {number}" in " ".join(
        desk.run("proposals", "show", proposal).stdout.split()
    )
    desk.commune.wait(60)
    for voter in range(1, 8):
        desk.commune.send(desk.commune.people[voter], "assembly", "castBallot", int(proposal), FOR, 1)
    desk.commune.to_end(int(proposal))
    desk.done("execute", proposal, who=STRANGER)
    assert desk.done("case", "show", number)["panelState"] == "Overruled"
