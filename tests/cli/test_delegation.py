"""Members delegate, are warned, and are followed for: by commands alone. The node has `--no-keep`, so that
somebody has to do it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest

from tests.backend.chains import ROOT
from tests.backend.commune import DAY, FOR, PEOPLE
from tests.backend.polling import OVEN, Polling, ballot
from tests.backend.processes import wait_until
from tests.cli.conftest import opened

ALICE, BOB, CAROL, DAVE, ERIN, STRANGER = 1, 2, 3, 4, 5, 9
KEEPER = PEOPLE - 2


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("desk"), 6, "--no-keep") as desk:
        yield desk


@pytest.fixture(scope="module")
def delegated(desk):
    """On food Bob and Carol follow Alice, and Dave follows Bob."""
    told = desk.run("delegate", "food", "1", "--votes", "3", who=BOB)
    assert "member 1 votes for you on food where you do not: with 3 votes at most" in told.stdout
    desk.done("delegate", "food", "1", "--credits", "0", "--relay", who=CAROL)
    desk.done("delegate", "2", "2", who=DAVE)
    desk.commune.wait(60)


def test_delegations_are_shown_with_where_they_lead(desk, delegated):
    rows = desk.done("delegations", "list", "--topic", "food")
    assert [(row["memberId"], row["chain"], row["maxVotes"], row["maxCredits"]) for row in rows] == [
        (2, [1], 3, 30),
        (3, [1], 2, 0),
        (4, [2, 1], 2, 30),
    ]
    assert "2 > 1" in desk.run("delegations", "list").stdout
    assert [row["memberId"] for row in desk.done("delegations", "list", "--delegate", "2")] == [4]
    shown = desk.run("delegations", "show", "1").stdout
    assert "named by 2, speaks for 4" in shown
    assert "follows 2 > 1 (leads to 1), with 2 votes at most" in desk.run("delegations", "show", "4").stdout
    assert re.search(r"food +3 +1 +66\.7%", desk.run("delegations", "topics").stdout)


def test_what_cannot_be_delegated_is_told_in_words(desk, delegated):
    assert "you vote for yourself anyway" in desk.refused("delegate", "food", "1", who=ALICE)
    assert "member 99 is not active" in desk.refused("delegate", "food", "99", who=ALICE)
    assert "is no member" in desk.refused("delegate", "food", "1", who=STRANGER)
    assert "member 1 has no delegation" in desk.refused("revoke", "food", who=ALICE)
    assert "member 1 has no delegation" in desk.refused("revoke", "food", "--relay", who=ALICE)
    assert "food" in desk.run("delegate", "opera", "1", who=BOB).stderr


def test_who_closes_a_ring_is_told(desk, delegated):
    ended = desk.run("delegate", "food", "4", who=ALICE)
    assert ended.exit_code == 0
    assert "member 4's own delegation leads back to you" in ended.stderr
    desk.done("revoke", "food", "--relay", who=ALICE)
    assert desk.done("delegations", "show", "1")["given"] == []


def test_members_are_warned_and_then_followed_for_by_hand(desk, delegated):
    proposal = open_proposal(desk, ALICE)
    desk.commune.send(desk.commune.people[ALICE], "assembly", "castBallot", proposal, FOR, 3)
    assert desk.done("notices", "4") == []
    desk.commune.wait_until(desk.commune.call("assembly", "proposalDeadline", proposal) - DAY + 1)
    told = desk.run("notices", "4", "--pending").stdout
    assert "member 1 is about to vote For on your behalf: vote yourself if you disagree" in told
    desk.done("vote", str(proposal), "against", who=DAVE)
    assert desk.done("notices", "4", "--pending") == []
    assert "delegations are followed from" in desk.refused("follow", str(proposal), who=STRANGER)

    desk.commune.wait_until(desk.commune.call("assembly", "proposalDeadline", proposal) + 1)
    assert "now" in desk.run("proposals", "show", str(proposal)).stdout
    assert "2 of 2 members have a ballot now" in desk.run("follow", str(proposal), who=STRANGER).stdout
    assert "all who follow in this vote" in desk.run("follow", str(proposal), who=STRANGER).stdout
    shown = desk.done("proposals", "show", str(proposal))
    # Alice's three, Bob's three, and one by Carol, who pays for nothing.
    assert (shown["tally"]["forVotes"], shown["tally"]["followed"], shown["tally"]["heads"]) == (7, 2, 2)
    assert "member 1 voted For on your behalf" in desk.run("notices", "2").stdout


def test_a_keeper_follows_for_all_in_a_poll_and_stops_when_asked(desk, delegated, tmp_path):
    poll = Polling(desk.commune).open(OVEN, 3)
    desk.commune.send(desk.commune.people[ALICE], "polls", "cast", poll, ballot(2, 1))
    assert "delegations are followed from" in desk.refused("follow", "--poll", str(poll), who=STRANGER)
    desk.commune.wait_until(Polling(desk.commune).poll(poll)["votingEnd"] + 1)
    command = [
        *(sys.executable, "-m", "backend.cli", "keeper", "--rpc", desk.commune.chain.url, "--poll", "0.1"),
        *("--test-account", str(KEEPER), "--deployment", str(desk.deployment)),
        *("--database", str(tmp_path / "keeper.sqlite")),
    ]
    process = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    )
    try:
        # Bob, and Dave through Bob; Carol would pay nothing, and two options are too dear for that.
        wait_until(lambda: desk.commune.call("polls", "followedCount", poll) == 2)
    finally:
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert f"poll {poll}: 3 members follow" in said
    assert said.rstrip().endswith("stopped")
    assert desk.commune.call("polls", "ballotOf", poll, 3)[0] is False
    told = desk.run("poll", "tally", str(poll)).stdout
    assert "3 ballots counted one by one, 2 of them by following" in told
    assert "all who follow in this vote" in desk.run("follow", "--poll", str(poll), who=STRANGER).stdout


def open_proposal(desk, author: int) -> int:
    commune = desk.commune
    topic = ("constitution", commune.data("constitution", "addTopic", "music"))
    draft = commune.draft(commune.people[author], topic, text="Music")
    proposal = commune.propose(draft, commune.people[author], commune.people[1:3], 2)
    commune.to_voting(proposal)
    return proposal
