"""Consent by commands, from a draft to what passed, was blocked, and went to the vote."""

from __future__ import annotations

import pytest

from tests.backend.commune import DAY
from tests.backend.treasury import ETHER, Treasury
from tests.cli.conftest import opened

ALICE, BOB, CAROL, DAN, STRANGER = 1, 2, 3, 4, 19
FLOUR = "Flour for the bakery."


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("desk"), 5) as desk:
        Treasury(desk.commune).give(desk.commune.people[STRANGER], 10 * ETHER)
        yield desk


@pytest.fixture(scope="module")
def baker(desk):
    return desk.commune.people[15].address


@pytest.fixture(scope="module")
def flour(desk, baker):
    """A payment that is open for consent."""
    words = ("consent", "open", "--pay", f"ETH:{baker}:0.05", "--reason", FLOUR, "--title", "Flour")
    drafted = desk.done(*words, "--draft", who=ALICE)
    assert drafted["proposer"] == desk.commune.addresses["consent"]
    told = desk.refused(*words, who=ALICE)
    assert "the draft has 0 of the 2 sponsors it takes" in told
    for who in (ALICE, BOB):
        desk.done("sponsor", drafted["proposalId"], "--topic", "food", who=who)
    assert desk.done(*words, "--relay", who=ALICE)["proposalId"] == drafted["proposalId"]
    return drafted["proposalId"]


def test_what_is_open_is_listed_with_what_it_takes(desk, flour):
    shown = desk.run("consent", "list", "--state", "open", "--topic", "food").stdout
    assert "0 of 3" in shown
    assert flour in shown
    shown = desk.run("consent", "show", flour).stdout
    assert "pay 0.05 ETH" in shown
    assert "nobody has responded yet" in shown


def test_members_respond_with_and_without_gas_and_may_change_their_minds(desk, flour):
    assert "you agree" in desk.run("consent", "acknowledge", flour, who=ALICE).stdout
    desk.done("consent", "block", flour, "Too dear", "--relay", who=BOB)
    desk.done("consent", "stand-aside", flour, "I eat no bread", who=CAROL)
    shown = desk.run("consent", "show", flour).stdout
    assert "Too dear" in shown
    assert "stands aside" in shown
    assert "has said so already" in desk.refused("consent", "acknowledge", flour, who=ALICE)
    desk.done("consent", "acknowledge", flour, who=BOB)
    desk.done("consent", "acknowledge", flour, who=DAN)
    assert "is not a member" in desk.refused("consent", "acknowledge", flour, "--relay", who=STRANGER)
    assert "has no say in this" in desk.refused("consent", "acknowledge", flour, who=STRANGER)


def test_one_cannot_block_without_a_reason(desk, flour):
    ended = desk.run("consent", "block", flour, who=CAROL)
    assert ended.exit_code == 2
    assert "say why" in ended.stderr


def test_what_passed_is_carried_out_once_after_the_window(desk, flour, baker):
    assert "it is open, and would have to be passed" in desk.refused(
        "consent", "execute", flour, who=STRANGER
    )
    desk.commune.wait(3 * DAY + 1)
    assert "it is passed" in desk.refused("consent", "escalate", flour, who=STRANGER)
    before = int(desk.commune.chain.rpc("eth_getBalance", baker, "latest"), 16)
    desk.done("consent", "execute", flour, who=STRANGER)
    assert int(desk.commune.chain.rpc("eth_getBalance", baker, "latest"), 16) - before == ETHER // 20
    assert "it is executed" in desk.refused("consent", "execute", flour, who=STRANGER)
    (paid,) = desk.done("commons", "ledger", "--limit", "1")
    assert (paid["kind"], paid["reason"]) == ("Decision", FLOUR)


def test_what_is_blocked_goes_to_the_vote_with_the_same_id(desk):
    words = ("consent", "open", "--adopt", "We lock the door at night")
    drafted = desk.done(*words, "--draft", who=BOB)["proposalId"]
    for who in (ALICE, BOB):
        desk.done("sponsor", drafted, "--topic", "general", who=who)
    desk.done(*words, who=BOB)
    for who in (CAROL, DAN):
        desk.done("consent", "block", drafted, "I lost my key", who=who)
    desk.commune.wait(3 * DAY + 1)
    desk.done("consent", "escalate", drafted, who=STRANGER)
    assert desk.done("proposals", "show", drafted)["rule"] == "Ordinary"
    assert desk.done("consent", "show", drafted)["state"] == "Escalated"


def test_what_is_not_on_the_list_or_over_its_cap_is_refused(desk, baker):
    shown = desk.run("consent", "allowances").stdout
    assert "constitution.adopt" in shown
    assert "100000000000000000" in shown
    told = desk.refused("consent", "open", "--call", "constitution addTopic care", who=CAROL)
    assert "may not pass by consent" in told
    dear = ("consent", "open", "--pay", f"ETH:{baker}:0.06", "--pay", f"ETH:{baker}:0.05", "--reason", FLOUR)
    assert "adds up to 110000000000000000" in desk.refused(*dear, who=CAROL)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "nothing is put to consent"),
        (["--pay", "ETH:0.05", "--reason", "Flour"], "--pay takes asset:to:amount"),
        (["--pay", f"ETH:0x{'11' * 20}:0.05"], "a payment needs --reason"),
        (["--pay", f"ETH:0x{'11' * 20}:0", "--reason", "Flour"], "above 0"),
    ],
)
def test_a_draft_that_makes_no_sense_is_told(desk, words, told):
    ended = desk.run("consent", "open", *words, who=CAROL)
    assert ended.exit_code == 2
    assert told in ended.stderr


def test_a_payment_is_proposed_like_anything_else(desk, baker):
    drafted = desk.done("propose", "--pay", f"ETH:{baker}:1", "--reason", FLOUR, "--draft", who=CAROL)
    assert drafted["targets"] == [desk.commune.addresses["commons"]]
