"""`./dev demo` as a visitor runs it: a chain, a commune that lives on it, and a node that knows it."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from scripts import scenario

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, "dev", "demo"]


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port):
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture(scope="module")
def ports():
    return {name: free_port() for name in ("DEMO_PORT", "API_PORT", "CHAIN_PORT")}


@pytest.fixture(scope="module")
def environment(ports, tmp_path_factory):
    """A demo beside any other of this checkout: ports and a deployment record of its own."""
    record = tmp_path_factory.mktemp("demo") / "deployment.json"
    return (
        os.environ | {name: str(port) for name, port in ports.items()} | {"DUALPOWER_DEPLOYMENT": str(record)}
    )


@pytest.fixture(scope="module")
def demo(environment):
    """A running demo and what it told; stopped as a visitor stops it."""
    with subprocess.Popen(
        COMMAND, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        told = []
        try:
            for line in process.stdout:
                told.append(line)
                if "(Ctrl-C stops everything)" in line and "is up" in line:
                    break
            yield process, "".join(told)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.communicate(timeout=60)


@pytest.fixture(scope="module")
def api(demo, ports):
    """Ask the demo's node."""

    def get(path):
        with urllib.request.urlopen(f"http://127.0.0.1:{ports['API_PORT']}{path}", timeout=10) as answer:
            body = answer.read().decode()
            return json.loads(body)["data"] if "json" in answer.headers["content-type"] else body

    return get


@pytest.fixture(scope="module")
def food_coop():
    return scenario.read(scenario.SCENARIOS / "food-coop.toml")


def test_the_story_is_told_to_its_end(demo):
    process, told = demo
    assert process.poll() is None, told[-3000:]
    for line in ("no externally owned account holds any power", "DEFEATED", "the chain refuses"):
        assert line in told
    words = " ".join(told.split())
    assert "posted to the node, which sent them" in words
    assert "10 ballots proved at home" in words
    assert "handed to the node one by one" in words
    assert "The node's keeper has ballots filled in for Wanda (For, 2) and Xavi (For, 2)" in words
    for refused in (
        *("OfficesOutsideMandate", "CommonsPurseExceeded", "OfficesFrozen", "OfficesNotHolder"),
        *("AssignmentsVolunteeredTwice", "AssignmentsFull", "AssignmentsNotHolder", "ReviewsOwnShift"),
        *("MediationAgainstSelf", "CasePanelsTooEarly"),
    ):
        assert f"the chain refuses: {refused}" in words
    assert "agrees: " in told


def test_the_node_knows_everyone_by_what_they_wrote(api, food_coop):
    members = {m["memberId"]: m for m in api("/v1/members?limit=100")}
    assert len(members) == 25
    assert {m["status"] for m in members.values()} == {"Active", "Left", "Expelled"}
    names = {p.number: p.name for p in food_coop.people if not p.founder}
    assert {i: m["introduction"] for i, m in members.items() if not m["founder"]} == {
        i: name for i, name in names.items() if i in members
    }
    [open_one] = [a for a in api("/v1/applications?limit=100") if a["status"] == "Open"]
    assert open_one["introduction"] == "Zora"


def test_the_node_shows_a_decision_of_every_rule_and_two_that_are_open(api):
    proposals = api("/v1/proposals?limit=100")
    assert {p["rule"] for p in proposals} == {
        "Ordinary", "Constitutional", "Person", "Admission", "Expulsion", "Recall"
    }  # fmt: skip
    states = sorted(p["state"] for p in proposals)
    assert states == ["Active", "Defeated", "Defeated", *["Executed"] * 13, "Pending"]


def test_the_node_counts_a_secret_poll_and_does_not_know_who_voted(api):
    [poll] = [found for found in api("/v1/polls") if found["secret"]]
    assert (poll["state"], poll["secret"], poll["ballots"]) == ("Closed", True, 10)
    tally = {option["name"]: option["votes"] for option in api("/v1/polls/1")["tally"]}
    assert tally == {"A hardship fund": 46, "A freezer": 19, "Lower prices": 19}
    ballots = api("/v1/polls/1/ballots?limit=100")
    assert {ballot["memberId"] for ballot in ballots} == {None}
    assert len({ballot["nullifier"] for ballot in ballots}) == 10


def test_who_was_expelled_or_moved_to_a_new_key_is_out_of_the_group(api):
    # Fourteen registered; of them Selim was expelled.
    group = api("/v1/group")
    assert group["listed"] == 13
    assert api("/v1/polls/1")["electorate"] == 14


def test_the_decisions_changed_what_they_were_about(api, food_coop):
    number = {p.name: p.number for p in food_coop.people}
    assert api("/v1/parameters/presence.period")["value"] == 15_552_000
    assert [t["name"] for t in api("/v1/topics")] == ["general", "food", "care", "tools"]
    # Eighty points, a month ago.
    assert int(api(f"/v1/members/{number['Femi']}/reputation")["total"]) > 60_000_000
    assert len(api(f"/v1/members/{number['Ines']}")["accounts"]) == 2
    assert len(api(f"/v1/members/{number['Tove']}")["accounts"]) == 2


def test_an_office_was_filled_by_votes_and_one_by_lot_and_a_holder_was_recalled(api, food_coop):
    number = {p.name: p.number for p in food_coop.people}
    buyers, auditors = api("/v1/offices")
    assert (buyers["filling"], buyers["holders"]) == ("Poll", [number["Carla"]])
    stood = {number[name] for name in ("Dmitri", "Hugo", "Ines", "Mira", "Pavel", "Rosa")}
    assert (auditors["filling"], len(auditors["holders"])) == ("Draw", 3)
    assert set(auditors["holders"]) < stood
    assert [bar["memberId"] for bar in api("/v1/offices/1")["barred"]] == [number["Viktor"]]
    assert api("/v1/draws/1")["state"] == "Captured"


def test_money_went_out_by_decision_and_from_a_purse_and_no_faster_than_the_brake(api):
    [ether] = api("/v1/commons")["assets"]
    assert int(ether["balance"]) == 2_140_000_000_000_000_000
    ledger = api("/v1/commons/ledger")
    assert [(entry["kind"], int(entry["amount"]) // 10**16) for entry in reversed(ledger)] == [
        ("Income", 250),
        ("Decision", 15),
        ("Purse", 12),
        ("Purse", 7),
        ("Work", 2),
    ]


def test_one_thing_passed_by_consent_and_one_went_to_the_vote(api):
    assert {found["title"]: found["state"] for found in api("/v1/consent")} == {
        "A green door": "Executed",
        "Fireworks for the summer party": "Escalated",
    }


def test_a_decision_can_be_followed_to_who_did_the_work_and_what_it_earned(api, food_coop):
    number = {p.name: p.number for p in food_coop.people}
    trace = api("/v1/assignments/1/trace")
    assert trace["decision"]["title"] == "The work of this summer"
    assert trace["decision"]["ballots"]["tally"]["heads"] == 10
    [seat] = trace["seats"]
    [review] = seat["reviews"]
    assert [step["arguments"]["round"] for step in review["delivered"]] == [1, 2]
    assert len(review["verdicts"]) == 4
    earned = [a for a in review["awards"] if a["arguments"]["memberId"] == number["Dmitri"]]
    assert sum(int(a["arguments"]["amount"]) for a in earned) == 8_000_000
    steps = [
        *trace["decision"]["executed"],
        trace["created"],
        *review["delivered"],
        *review["verdicts"],
        *earned,
    ]
    assert all(step["transaction"].startswith("0x") for step in steps)
    assert len({step["transaction"] for step in steps}) > 5


def test_work_that_was_missed_was_done_by_another_and_what_nobody_took_is_on_the_board(api, food_coop):
    number = {p.name: p.number for p in food_coop.people}
    labels = api("/v1/assignments/5")
    assert (labels["state"], labels["eachSeat"][0]["memberId"]) == ("Finished", number["Tove"])
    assert api(f"/v1/members/{number['Hugo']}/work")["missed"] == 1
    assert {found["assignmentId"] for found in api("/v1/board")} >= {6}


def test_one_conflict_was_settled_and_a_panel_decided_the_other(api):
    cases = {found["caseId"]: found for found in api("/v1/cases")}
    assert {i: (c["state"], c["panelState"]) for i, c in cases.items()} == {
        1: ("Settled", None),
        2: ("Convened", "Carried"),
    }


def test_the_node_holds_the_texts(api, food_coop):
    charter = api("/v1/commune")["charter"]
    assert api(f"/v1/texts/{charter}") == food_coop.charter


def test_ctrl_c_stops_everything(demo, ports):
    process, _ = demo
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "stopped" in output
    assert is_free(ports["DEMO_PORT"])
    assert is_free(ports["API_PORT"])


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["bakery"], "the scenarios are: food-coop"),
        (["food-coop", "bakery"], "takes a scenario and --play-once"),
        (["--once"], "takes a scenario and --play-once, not '--once'"),
    ],
)
def test_a_demo_of_nothing_is_refused_before_anything_starts(environment, arguments, complaint):
    refused = subprocess.run(
        [*COMMAND, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert refused.returncode != 0
    assert complaint in refused.stderr
    assert "starting" not in refused.stdout
