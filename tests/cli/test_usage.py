"""What is asked for wrongly ends with status 2, what cannot be done with 1, and nothing in a traceback."""

from __future__ import annotations

import json
import socket

import pytest
from typer.testing import CliRunner

from backend.cli import app
from backend.deployment import MODULES

# Nothing listens on this port.
NOWHERE = ["--node", "http://127.0.0.1:9"]


@pytest.fixture
def run(monkeypatch):
    for name in ("DUALPOWER_NODE", "DUALPOWER_RPC", "DUALPOWER_KEYSTORE", "DUALPOWER_PASSWORD_FILE"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*words: str):
        result = CliRunner().invoke(app, list(words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke


def test_help_names_every_step_of_a_member(run):
    shown = run("--help")
    assert shown.exit_code == 0
    for name in (
        *("node", "members", "apply", "applications", "vouch", "object", "admit", "check-in", "attest"),
        *("dormant", "guardians", "recover", "leave", "propose", "sponsor", "proposals", "vote", "queue"),
        *("execute", "reputation", "delegate", "revoke", "follow", "delegations", "notices", "keeper"),
    ):
        assert f" {name} " in shown.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["nothing"],
        ["members"],
        ["members", "show"],
        ["vouch"],
        ["vouch", "zero"],
        ["vouch", "0"],
        ["vote", "1", "perhaps"],
        ["vote", "1", "for", "--votes", "0"],
        ["vote", "1", "for", "--votes", "32"],
        ["sponsor", "1"],
        ["vouch", "1", "--test-account", "-1"],
        ["node", "run", "--port", "0"],
        ["node", "run", "--port", "70000"],
        ["node", "run", "--deployment", "nowhere.json"],
        ["guardians", "set", "2", "--threshold", "1"],
        ["guardians", "set", "2", *NOWHERE],
        ["guardians", "set", "2", "2", *NOWHERE],
        ["guardians", "set", "--threshold", "2", *NOWHERE],
        ["recover", "support", "2", "alice", *NOWHERE],
        ["apply", *NOWHERE],
        ["apply", " ", *NOWHERE],
        ["apply", "text", "--file", "nowhere", *NOWHERE],
        ["apply", "--file", "nowhere", *NOWHERE],
        ["object", "1", *NOWHERE],
        ["check-in", "nowhere.json", *NOWHERE],
        ["proposals", "show", "freezer", *NOWHERE],
        ["proposals", "show", "-1", *NOWHERE],
        ["proposals", "show", "0x" + "f" * 65, *NOWHERE],
        ["vote", "freezer", "for", *NOWHERE],
        ["reputation", "--at", "2026-01-01", *NOWHERE],
        ["reputation", "3", "--at", "yesterday", *NOWHERE],
        ["members", "show", "alice", *NOWHERE],
        ["members", "list", "--limit", "0"],
        ["texts", "put", *NOWHERE],
        ["propose", "--adopt", "x", "--author", "0x" + "5f" * 20, *NOWHERE],
        ["delegate", "food"],
        ["delegate", "food", "alice"],
        ["delegate", "food", "3", "--votes", "0"],
        ["delegate", "food", "3", "--votes", "32"],
        ["delegate", "food", "3", "--credits", "-1"],
        ["revoke"],
        ["delegations"],
        ["delegations", "show", "alice", *NOWHERE],
        ["notices", "alice", *NOWHERE],
        ["follow", *NOWHERE],
        ["follow", "1", "--poll", "1", *NOWHERE],
        ["follow", "freezer", *NOWHERE],
        ["keeper", "--deployment", "nowhere.json"],
        ["poll", "create", *NOWHERE],
        ["poll", "create", "What?", "--option", "a", *NOWHERE],
        ["poll", "create", " ", "--option", "a", "--option", "b", *NOWHERE],
        ["poll", "create", "What?", "--option", "a", "--option", "b", "--hidden", *NOWHERE],
        ["poll", "vote", "0", "1=1", *NOWHERE],
        ["poll", "vote", "first", "1=1", *NOWHERE],
        ["prove", "ballot", "1", "1=1", *NOWHERE],
        ["prove", "sign-in", "--challenge", "0x12", "--out", "nowhere/proof.json", *NOWHERE],
        ["zk", "verify", "nowhere.json", "--poll", "1", "1=1", *NOWHERE],
        ["zk", "verify", "nowhere.json", *NOWHERE],
        ["zk", "verify", "nowhere.json", "--poll", "1", "--challenge", "0x" + "12" * 32, *NOWHERE],
        ["office", "create", *NOWHERE],
        ["office", "create", "Keeper", "--filled-by", "force", *NOWHERE],
        ["office", "create", "Keeper", "--seats", "16", *NOWHERE],
        ["office", "create", "Keeper", "--term", "6", *NOWHERE],
        ["office", "exercise", "1", *NOWHERE],
        ["office", "exercise", "1", "--adopt", "x", "--call", "constitution addTopic y", *NOWHERE],
        ["office", "show", "0", *NOWHERE],
        ["election", "stand", "first", *NOWHERE],
        ["recall", "petition", "1", "2", *NOWHERE],
        ["recall", "petition", "1", "2", " ", *NOWHERE],
        ["draw", "reveal", *NOWHERE],
        ["identity", "import", "nowhere"],
        ["identity", "export", "somewhere", "--identity", "nowhere.json"],
        ["propose", "--adopt", "x", "--draft", "--author", "alice", *NOWHERE],
    ],
)
def test_what_is_asked_for_wrongly_ends_with_status_2(run, words):
    assert run(*words).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ["members", "list"],
        ["node", "status"],
        ["applications"],
        ["vouch", "1", "--test-account", "1"],
        ["propose", "--adopt", "text", "--test-account", "1"],
        ["reputation"],
        ["relayed", "abc"],
        ["delegate", "food", "3", "--test-account", "1"],
        ["revoke", "food", "--test-account", "1"],
        ["delegations", "list"],
        ["delegations", "topics"],
        ["delegations", "show", "3"],
        ["notices", "3"],
        ["follow", "1", "--test-account", "1"],
        ["poll", "list"],
        ["poll", "show", "1"],
        ["poll", "vote", "1", "1=1"],
        ["poll", "reveal", "1"],
        ["poll", "tally", "1"],
        ["poll", "create", "What?", "--option", "a", "--option", "b", "--test-account", "1"],
        ["session", "start"],
        ["office", "list"],
        ["office", "exercise", "1", "--adopt", "text", "--test-account", "1"],
        ["election", "stand", "1", "--test-account", "1"],
        ["recall", "sign", "1", "--test-account", "1"],
        ["draw", "show", "1"],
    ],
)
def test_without_a_node_a_command_says_so_and_ends_with_status_1(run, words):
    ended = run(*words, *NOWHERE)
    assert ended.exit_code == 1
    assert ended.stdout == ""
    assert "no node answers at http://127.0.0.1:9" in ended.stderr


def test_machines_get_errors_as_json_too(run):
    ended = run("members", "list", "--json", *NOWHERE)
    assert ended.exit_code == 1
    assert "no node answers" in json.loads(ended.stderr)["error"]


def test_an_address_of_a_node_that_is_none_is_refused(run):
    ended = run("members", "list", "--node", "not a url")
    assert ended.exit_code == 1
    assert "no node answers at not a url" in ended.stderr


def test_an_attestation_file_that_holds_something_else_is_refused(run, tmp_path):
    for content in ("", "{}", "[]", '{"memberId": 1, "attester": 2, "deadline": 3, "attestation": "0xzz"}'):
        path = tmp_path / "attestation.json"
        path.write_text(content)
        ended = run("check-in", str(path), *NOWHERE)
        assert ended.exit_code == 2
        assert "holds no attestation" in ended.stderr


def test_a_node_does_not_start_where_something_else_is_served(run, tmp_path):
    deployment = tmp_path / "deployment.json"
    contracts = {module: f"0x{number:040x}" for number, module in enumerate(MODULES, start=1)}
    deployment.write_text(json.dumps({"chainId": 31337, "block": 1, "contracts": contracts}))
    words = ["node", "run", "--deployment", str(deployment), "--database", str(tmp_path / "node.sqlite")]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = run(*words, "--port", str(taken.getsockname()[1]))
    assert ended.exit_code == 1
    assert "Address already in use" in ended.stderr
    assert "nothing can be served at nowhere.invalid:8000" in run(*words, "--host", "nowhere.invalid").stderr
    assert run(*words[:-1], "/proc/nowhere/node.sqlite").exit_code == 2
