"""An office from its creation to its holder's recall, by commands alone."""

from __future__ import annotations

import json

import pytest

from tests.backend.commune import DAY, FOR, GENERAL, text_hash
from tests.backend.drawing import decide
from tests.backend.offices import TERM
from tests.cli.conftest import RELAYER, opened

ALICE, BOB, CAROL, DAVE, ERIN, STRANGER = 1, 2, 3, 4, 5, 19
MEMBERS = 7
KEEPER, TREASURER = "1", "2"
WHAT_FOR = "Keeper of the minutes\n\nWrites down what we decide."


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("desk"), MEMBERS, "--no-keep", draw__reveal=10) as desk:
        yield desk


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """One machine for all."""
    folder = tmp_path_factory.getbasetemp() / "machine"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    return folder / "dualpower"


def decided(desk, words: list[str], topic: str = "general") -> str:
    """A proposal from its draft to its execution, with everyone in favour."""
    proposal = desk.done(*words, "--draft", who=ALICE)["proposalId"]
    for sponsor in (ALICE, BOB):
        desk.done("sponsor", proposal, "--topic", topic, who=sponsor)
    assert desk.done(*words, who=ALICE)["proposalId"] == proposal
    desk.commune.to_voting(int(proposal))
    for voter in (ALICE, BOB, CAROL, DAVE):
        desk.commune.send(desk.commune.people[voter], "assembly", "castBallot", int(proposal), FOR, 1)
    desk.commune.to_end(int(proposal))
    desk.done("queue", proposal, who=STRANGER)
    desk.commune.wait(3 * DAY)
    desk.done("execute", proposal, who=STRANGER)
    return proposal


def mine(desk, blocks: int) -> None:
    desk.commune.chain.rpc("anvil_mine", hex(blocks))


def test_members_decide_that_there_is_an_office(desk):
    words = ["office", "create", WHAT_FOR, "--term", "60", "--stipend", "100"]
    words += ["--may", "constitution.adopt:1", "--may", "constitution.addTopic:3"]
    drafted = desk.run(*words, "--draft", who=ALICE)
    assert "create the office 'Keeper of the minutes' with 1 seat" in drafted.stdout
    proposal = decided(desk, words)
    shown = desk.run("proposals", "show", proposal).stdout
    assert "whose holders may call constitution.adopt once a period" in " ".join(shown.split())
    (listed,) = desk.done("office", "list")
    assert (listed["officeId"], listed["title"], listed["vacant"]) == (1, "Keeper of the minutes", 1)
    told = desk.run("office", "show", KEEPER).stdout
    assert "nobody holds a seat, or will" in told
    assert "constitution.adopt, 1 of 1 times left in this period" in told
    assert WHAT_FOR.rpartition("\n")[2] in told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("constitution.adopt", "--may takes module.function:calls"),
        ("constitution.adopt:0", "--may takes module.function:calls"),
        ("constitution.adopt:1:2", "--may takes module.function:calls"),
        ("adopt:1", "--may takes module.function:calls"),
        ("kitchen.cook:1", "kitchen is no module of the commune"),
        ("constitution.bake:1", "constitution has no function bake"),
        ("constitution.adopt:1:textHash:5", "textHash is no amount among the arguments of adopt(textHash)"),
        ("polls.open:1:9:5", "9 is no amount among the arguments of open("),
        ("polls.open:1:options:many", "a cap is a whole number"),
    ],
)
def test_a_mandate_that_is_none_is_refused_before_anything_is_sent(desk, given, told):
    ended = desk.run("office", "mandate", KEEPER, "--may", given, "--draft", who=ALICE)
    assert ended.exit_code == 2
    assert told in ended.stderr


def test_an_amount_in_a_mandate_is_named_or_counted(desk):
    by_name, by_place = (
        desk.done("office", "mandate", KEEPER, "--may", may, "--draft", who=ALICE)["calldatas"]
        for may in ("polls.open:2:options:9", "polls.open:2:2:9")
    )
    assert by_name == by_place


def test_members_stand_and_are_voted_for_by_name(desk):
    assert "all seats" not in desk.run("election", "open", KEEPER, who=ALICE).stdout
    told = desk.refused("election", "open", KEEPER, who=BOB)
    assert "election 1 for office 1 is running already" in told
    statement = "I was at every meeting, and write fast."
    relayed = desk.done("election", "stand", "1", statement, "--relay", who=BOB)
    sender = desk.commune.chain.receipt(relayed["transaction"])["from"]
    assert sender == desk.commune.people[RELAYER].address.lower()
    desk.done("election", "stand", "1", who=CAROL)
    assert "stands in election 1 already" in desk.refused("election", "stand", "1", who=CAROL)
    desk.done("election", "stand", "1", who=DAVE)
    desk.done("election", "withdraw", "1", who=DAVE)
    assert "does not stand" in desk.refused("election", "withdraw", "1", who=DAVE)
    assert "members can stand in election 1 until" in desk.refused("election", "start", "1", who=ALICE)
    shown = desk.run("election", "show", "1").stdout
    assert statement in shown
    assert "withdrew" in shown

    desk.commune.wait(7 * DAY + 1)
    assert "dualpower election start 1" in desk.run("election", "list").stdout
    assert "one could stand in election 1 until" in desk.refused("election", "stand", "1", who=ERIN)
    assert desk.done("election", "start", "1", who=STRANGER)["pollId"] == 1
    assert "poll 1, which decides election 1, is not over" in desk.refused("election", "fill", "1", who=BOB)
    cast = desk.run("poll", "vote", "1", "Member 2=3", "Member 3=1", "--relay", who=ALICE)
    assert cast.exit_code == 0, cast.output
    desk.done("poll", "vote", "1", "1=1", who=ERIN)
    desk.done("poll", "vote", "1", "--blank", who=DAVE)
    assert "Member 2" in desk.run("poll", "show", "1").stdout
    desk.commune.wait(6 * DAY)
    assert desk.done("election", "fill", "1", who=STRANGER)["seated"] == [BOB]
    assert desk.done("office", "show", KEEPER)["holders"] == [BOB]
    (held,) = desk.done("office", "list", "--held-by", str(BOB))
    assert held["officeId"] == 1
    assert desk.done("office", "list", "--held-by", str(CAROL)) == []
    assert "all seats of office 1 are taken" in desk.refused("election", "open", KEEPER, who=ALICE)


def test_a_holder_does_what_the_mandate_lists_and_nothing_else(desk):
    resolution = "The minutes are read aloud before we part."
    exercised = desk.run("office", "exercise", KEEPER, "--adopt", resolution, "--relay", who=BOB)
    assert "you used the mandate of office 1: adopt a text as a resolution" in exercised.stdout
    hashed = f"0x{text_hash(resolution).hex()}"
    assert desk.run("texts", "show", hashed).stdout.strip() == resolution
    again = desk.refused("office", "exercise", KEEPER, "--adopt", "And again.", who=BOB)
    assert "made this call as often as they may in this period: 1 times" in again
    beyond = desk.refused(
        "office", "exercise", KEEPER, "--call", "constitution setCharter " + hashed, who=BOB
    )
    assert "the mandate of office 1 does not list" in beyond
    # A mandate may list what its holders would need another power for.
    within = desk.refused("office", "exercise", KEEPER, "--call", "constitution addTopic music", who=BOB)
    assert "the mandate allows the call, but it was refused" in within
    assert "has no power to do this: it takes a proposal" in within
    assert "holds no seat in office 1" in desk.refused(
        "office", "exercise", KEEPER, "--adopt", "Mine.", who=CAROL
    )
    assert desk.run("office", "exercise", KEEPER, who=BOB).exit_code == 2
    told = desk.run("office", "show", KEEPER, "--exercises").stdout
    assert f"adopt the text {hashed} as a resolution" in told
    assert "constitution.adopt, 0 of 1 times left in this period" in told


def test_a_stipend_is_claimed_for_a_period_that_is_over(desk):
    assert "no stipend of office 1 to claim" in desk.refused("office", "stipend", KEEPER, who=BOB)
    desk.commune.chain.rpc("anvil_setBalance", desk.commune.addresses["commons"], hex(10**18))
    desk.commune.wait(31 * DAY)
    paid = desk.done("office", "stipend", KEEPER, "--relay", who=BOB)
    assert 0 < paid["units"] <= 100
    assert (
        "no stipend of office 1 to claim"
        not in desk.run("office", "stipend", KEEPER, "--member", str(BOB), who=STRANGER).stdout
    )


def test_a_holder_is_recalled_by_those_who_gave_the_office(desk):
    grounds = "The minutes of May are missing."
    assert desk.run("recall", "petition", KEEPER, "2", who=CAROL).exit_code == 2
    told = desk.run("recall", "petition", KEEPER, "2", grounds, "--relay", who=CAROL)
    assert "petition 1 to recall member 2 from office 1 is open" in told.stdout
    assert "sign that one with `dualpower recall sign 1`" in desk.refused(
        "recall", "petition", KEEPER, "2", grounds, who=DAVE
    )
    assert "neither holds nor will hold a seat" in desk.refused(
        "recall", "petition", KEEPER, "3", grounds, who=DAVE
    )
    desk.done("recall", "sign", "1", "--relay", who=DAVE)
    assert "has signed petition 1 already" in desk.refused("recall", "sign", "1", who=DAVE)
    vote = desk.done("recall", "sign", "1", who=ERIN)["proposalId"]
    shown = desk.run("recall", "show", "1").stdout
    assert "3; 3 open a vote, 4 recall" in shown
    assert grounds in shown
    assert "yes, purses frozen" in desk.run("office", "show", KEEPER).stdout
    (listed,) = desk.done("recall", "list", "--state", "voting", "--office", KEEPER)
    assert (listed["petitionId"], listed["signatures"]) == (1, 3)
    assert "recall member 2 from office 1" in desk.run("proposals", "show", vote).stdout
    at_once = desk.run("recall", "sign", "1", who=ALICE)
    assert "as the 4th: that recalls the holder at once" in at_once.stdout
    assert desk.done("office", "show", KEEPER)["holders"] == []
    assert "barred" in desk.run("office", "show", KEEPER).stdout
    assert "holds no seat" in desk.refused("office", "exercise", KEEPER, "--adopt", "Mine!", who=BOB)
    assert "nobody can sign it now" in desk.refused("recall", "sign", "1", who=6)


def test_who_stands_where_much_depends_on_the_draw_keeps_a_secret(desk, home):
    terms = (text_hash("Treasurer"), GENERAL, 1, 2, TERM, 0, False)
    decide(desk.commune, "offices", "create", terms, [])
    assert desk.done("election", "open", TREASURER, who=ALICE)["electionId"] == 2
    told = desk.run("election", "stand", "2", who=ALICE)
    assert "run `dualpower draw reveal` on this machine, or lose your place" in told.stdout
    for who in (CAROL, DAVE):
        desk.done("election", "stand", "2", "--relay", who=who)
    (file, *_) = sorted(home.glob("draws/*/*.json"))
    assert file.stat().st_mode & 0o077 == 0
    content = json.loads(file.read_text())
    assert content["secret"] not in told.output
    desk.commune.wait(7 * DAY + 1)
    assert desk.done("election", "start", "2", who=STRANGER)["drawId"] == 1
    assert "is revealing, and would have to be capturable" in desk.refused("draw", "capture", "1", who=BOB)
    assert "which decides election 2, has no number yet" in desk.refused("election", "fill", "2", who=BOB)


def test_secrets_are_revealed_and_the_number_decides(desk):
    told = desk.run("draw", "reveal", "1", who=STRANGER)
    assert told.stdout.count("is in draw 1") == 3
    again = desk.run("draw", "reveal", "1", who=STRANGER)
    assert again.stdout.count("is revealed already") == 3
    shown = desk.run("draw", "show", "1").stdout
    assert "1, 3, 4" in shown
    mine(desk, 400)
    assert "is missed" in desk.refused("draw", "capture", "1", who=STRANGER)
    (missed,) = desk.done("draw", "list", "--state", "missed")
    block = desk.done("draw", "retarget", "1", who=STRANGER)["targetBlock"]
    assert block > missed["targetBlock"]
    mine(desk, block + 1 - desk.commune.chain.head)
    assert f"to be captured by block {block + 256}" in desk.run("draw", "show", "1").stdout
    assert desk.done("draw", "capture", "1", who=STRANGER)["number"]
    (seated,) = desk.done("election", "fill", "2", who=STRANGER)["seated"]
    assert seated in (ALICE, CAROL, DAVE)
    desk.done("office", "resign", TREASURER, who=seated)
    assert "holds no seat" in desk.refused("office", "resign", TREASURER, who=seated)
    assert desk.done("office", "show", TREASURER)["vacant"] == 1
    assert "there is no seat of member" in desk.refused("office", "vacate", TREASURER, str(seated), who=BOB)
