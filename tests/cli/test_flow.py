"""A newcomer joins, a proposal is made and carried out, and the node is checked: by commands alone."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys

import pytest
from eth_account import Account

from tests.backend.chains import ROOT
from tests.backend.commune import DAY
from tests.backend.processes import wait_until
from tests.cli.conftest import RELAYER

ALICE, BOB, CAROL, DAVE, NEWCOMER, STRANGER = 1, 2, 3, 4, 7, 9
MEMBER = 6


def test_a_newcomer_joins(desk):
    applied = desk.done("apply", "I bake.", who=NEWCOMER)
    application = str(applied["applicationId"])
    assert "has applied already" in desk.refused("apply", "I bake, really.", who=NEWCOMER)

    desk.done("vouch", application, who=ALICE)
    assert "takes another member's vouch" in desk.refused("vouch", application, who=ALICE)
    assert "is not a member" in desk.refused("vouch", application, who=STRANGER)
    desk.done("vouch", application, who=BOB)
    assert "can be admitted from" in desk.refused("admit", application, who=STRANGER)

    desk.commune.wait(3 * DAY + 1)
    assert desk.done("admit", application, who=STRANGER)["memberId"] == MEMBER
    assert desk.done("applications", application)["status"] == "Admitted"
    shown = desk.run("members", "show", str(MEMBER))
    assert "Active" in shown.stdout
    assert "on probation" in desk.refused("object", application, "no", who=NEWCOMER)


def test_a_proposal_goes_from_draft_to_effect(desk):
    words = ["propose", "--title", "Energy", "--call", "constitution addTopic energy"]
    proposal = desk.done(*words, "--draft", who=ALICE)["proposalId"]
    assert f"dualpower sponsor {proposal} --topic TOPIC" in desk.refused(*words, who=ALICE)
    desk.done("sponsor", proposal, "--topic", "general", who=ALICE)
    assert "all name the same" in desk.refused("sponsor", proposal, "--topic", "food", who=BOB)
    desk.done("sponsor", proposal, "--topic", "general", who=BOB)
    assert desk.done(*words, who=ALICE)["proposalId"] == proposal
    assert "is pending" in desk.refused("vote", proposal, "for", who=ALICE)

    desk.commune.to_voting(int(proposal))
    told = desk.run("vote", proposal, "for", "--votes", "3", who=ALICE)
    assert "for 8 voice credits" in told.stdout
    assert "ballots are final" in desk.refused("vote", proposal, "against", who=ALICE)
    assert "voice credits" in desk.refused("vote", proposal, "for", "--votes", "20", who=BOB)
    signed = desk.done("vote", proposal, "for", "--relay", who=BOB)
    assert signed["votes"] == 1
    assert "ballots are final" in desk.refused("vote", proposal, "for", "--relay", who=BOB)
    desk.done("vote", proposal, "against", who=CAROL)
    desk.done("vote", hex(int(proposal)), "for", who=NEWCOMER)
    assert "is active" in desk.refused("queue", proposal, who=STRANGER)

    desk.commune.to_end(int(proposal))
    desk.done("queue", proposal, who=STRANGER)
    assert "delay before it can be executed" in desk.refused("execute", proposal, who=STRANGER)
    desk.commune.wait(DAY + 1)
    desk.done("execute", proposal, who=STRANGER)

    found = desk.done("proposals", "show", proposal)
    assert (found["state"], found["tally"]["forVotes"], found["tally"]["heads"]) == ("Executed", 5, 4)
    listed = desk.done("proposals", "list", "--state", "executed", "--topic", "general")
    assert [one["proposalId"] for one in listed] == [proposal]
    assert "3 energy" in desk.run("proposals", "list", "--topic", "opera").stderr
    assert "opened already" in desk.refused(*words, who=ALICE)


def test_a_member_checks_in_with_anothers_attestation(desk, tmp_path):
    file = tmp_path / "attestation.json"
    desk.run("attest", "2", "--out", str(file), who=CAROL)
    assert "you are member 1" in desk.refused("check-in", str(file), who=ALICE)
    desk.done("check-in", str(file), who=BOB)
    assert "attested for member 2 last time" in desk.refused("check-in", str(file), who=BOB)
    assert desk.done("members", "show", "2")["presence"]["lastAttester"] == 3
    assert "sign of life that counts until" in desk.refused("dormant", "notice", "2", who=STRANGER)
    assert "sign of life that counts until" in desk.refused("dormant", "mark", "2", who=STRANGER)


def test_what_is_signed_for_the_relay_costs_the_member_nothing(desk):
    chain, penniless = desk.commune.chain, desk.commune.people[21]
    before = chain.rpc("eth_getBalance", penniless.address, "latest")
    done = desk.done("apply", "I have no ether at all.", "--relay", who=21)
    assert chain.receipt(done["transaction"])["from"] == desk.commune.people[RELAYER].address.lower()
    assert chain.rpc("eth_getBalance", penniless.address, "latest") == before
    applied = desk.done("applications", str(done["applicationId"]))
    assert applied["introduction"] == "I have no ether at all."
    assert "has applied already" in desk.refused("apply", "Me again.", "--relay", who=21)
    assert "is not a member" in desk.refused("vouch", "1", "--relay", who=STRANGER)


def test_guardians_move_a_membership_to_a_new_account(desk):
    lost, new = "4", desk.commune.people[20].address
    desk.done("guardians", "set", "1", "2", "3", who=DAVE)
    assert "is no guardian" in desk.refused("recover", "support", lost, new, who=ALICE)
    desk.commune.wait(7 * DAY + 1)
    desk.done("recover", "support", lost, new, who=ALICE)
    assert "no recovery of member 4 is scheduled" in desk.refused("recover", "complete", lost, who=STRANGER)
    told = desk.run("recover", "support", lost, new, who=BOB)
    assert "unless the old account vetoes" in told.stdout
    assert desk.done("guardians", "show", lost)["request"]["supporters"] == [1, 2]
    assert "can be moved from" in desk.refused("recover", "complete", lost, who=STRANGER)
    desk.commune.wait(7 * DAY + 1)
    desk.done("recover", "complete", lost, who=STRANGER)
    assert desk.done("members", "show", new)["memberId"] == 4


def test_keys_in_keystores_and_unlocked_accounts_act_too(desk, tmp_path, monkeypatch):
    carol = desk.commune.people[CAROL]
    keystore, password = tmp_path / "carol.json", tmp_path / "password"
    keystore.write_text(json.dumps(Account.encrypt(carol.key, "secret", kdf="pbkdf2", iterations=10)))
    password.write_text("secret\n")
    monkeypatch.setenv("DUALPOWER_PASSWORD_FILE", str(password))
    desk.done("guardians", "set", "1", "2", "--keystore", str(keystore))
    assert desk.done("guardians", "show", "3")["pending"]["guardians"] == [1, 2]

    monkeypatch.setenv("DUALPOWER_KEYSTORE", str(keystore))
    desk.done("guardians", "set", "1", "5")
    assert desk.done("guardians", "show", "3")["pending"]["guardians"] == [1, 5]
    desk.done("guardians", "set", "--account", carol.address)
    assert desk.done("guardians", "show", "3")["pending"]["guardians"] == []

    twice = desk.run("guardians", "set", "1", "2", "--keystore", str(keystore), who=CAROL)
    assert twice.exit_code == 2


def test_verify_agrees_until_a_row_is_altered_by_hand(desk):
    assert desk.done("verify")["agrees"]
    connection = sqlite3.connect(desk.database)
    with connection:
        connection.execute("UPDATE tallies SET for_votes = for_votes + 1")
    ended = desk.run("verify")
    assert ended.exit_code == 1
    assert "tables that differ: tallies" in ended.stderr
    with connection:
        connection.execute("UPDATE tallies SET for_votes = for_votes - 1")
    connection.close()
    assert desk.run("verify").exit_code == 0


def test_who_is_interrupted_while_waiting_is_told_what_was_sent(desk):
    chain = desk.commune.chain
    chain.rpc("evm_setAutomine", False)
    try:
        command = ["guardians", "set", "1", "2", "--test-account", "5"]
        places = ["--node", desk.node, "--rpc", chain.url]
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.cli", *command, *places],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_until(lambda: chain.rpc("txpool_status")["pending"] == "0x1", seconds=60)
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=30)
    finally:
        chain.mine()
        chain.rpc("evm_setAutomine", True)
    assert (process.returncode, out) == (1, "")
    transaction = re.search(r"0x[0-9a-f]{64}", told)
    assert transaction is not None, told
    assert "may still be carried out" in told
    assert chain.receipt(transaction[0])["status"] == "0x1"


def test_a_chain_that_is_not_the_nodes_is_not_written_to(desk):
    ended = desk.run("vouch", "1", "--rpc", "http://127.0.0.1:9", who=ALICE)
    assert ended.exit_code == 1
    assert "no chain answers" in ended.stderr


def test_a_member_is_heard_before_a_vote_on_expulsion(desk):
    asked = desk.done("hearings", "request", "5", "The receipts do not add up.", "--relay", who=ALICE)
    hearing = str(asked["hearingId"])
    assert "it takes a second member" in desk.refused("hearings", "join", hearing, who=ALICE)
    desk.done("hearings", "join", hearing, who=CAROL)
    assert "still being heard" in desk.refused("hearings", "vote", hearing, who=STRANGER)
    (listed,) = desk.done("hearings", "list", "--member", "5")
    assert listed["openers"] == [1, 3]
    assert "1, 3" in desk.run("hearings", "list").stdout


def test_what_a_proposal_says_at_length_is_read_from_the_node(desk):
    evidence = "Forty loaves a week, since May."
    words = ["propose", "--award", "3:food:50", "--evidence", evidence, "--text", "She bakes for all of us."]
    shown = desk.run(*words, "--draft", who=ALICE)
    assert "award member 3 50 points in topic food" in shown.stdout
    proposal = desk.done(*words, "--draft", who=ALICE)["proposalId"]
    author = desk.commune.people[ALICE].address
    assert desk.done(*words, "--draft", "--author", author, who=BOB)["proposalId"] == proposal
    for sponsor in (ALICE, BOB):
        desk.done("sponsor", proposal, "--topic", "2", who=sponsor)
    desk.done(*words, "--relay", who=ALICE)

    (text,) = desk.done("proposals", "show", proposal)["texts"]
    assert desk.run("texts", "show", text).stdout == "She bakes for all of us.\n"
    assert desk.done("texts", "put", evidence)["textHash"] != text
    assert "Nothing on the chain refers" in desk.refused("texts", "put", "Nobody has ever said this.")
    assert "only its author can cancel" in desk.refused("cancel", proposal, who=BOB)
    desk.done("cancel", proposal, who=ALICE)
    assert "Canceled" in desk.run("proposals", "list").stdout
    assert "award member 3 50 points in food" in desk.run("proposals", "show", proposal).stdout


def test_people_see_tables(desk):
    members = desk.run("members", "list").stdout.splitlines()
    assert members[0].split() == ["member", "status", "since", "account", "introduction"]
    assert "I bake." in desk.run("applications").stdout
    assert "vouched for by" in desk.run("applications", "1").stdout
    assert "half-life" in desk.run("reputation", "1", "--at", "2026-12-01").stdout
    assert "nobody has gained or lost anything yet" in desk.run("reputation").stdout
    assert "guardians" in desk.run("guardians", "show", "4").stdout
    assert "ready" in desk.run("node", "status").stdout
    assert "no such ticket" in desk.refused("relayed", "abc")
    assert "does not exist" in desk.refused("members", "show", "99")


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_leaving_is_asked_about(desk, answer):
    ended = desk.run("leave", who=5)
    assert ended.exit_code != 0
    assert desk.done("members", "show", "5")["status"] == "Active"


def test_a_member_leaves(desk):
    desk.done("leave", "--yes", who=5)
    assert desk.done("members", "show", "5")["status"] == "Left"
