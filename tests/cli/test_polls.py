"""Polls from the question to the count, by commands alone: by name, in secret, and under seal."""

from __future__ import annotations

import json
import re
import threading

import httpx
import pytest
from eth_hash.auto import keccak

from backend.cli import api, relay
from backend.cli.identities import PASSWORD_FILE
from backend.polls import compose
from tests.backend.commune import DAY, FOR, GENERAL
from tests.cli.conftest import RELAYER, opened
from zk import Artifacts, Identity
from zk.keystore import write_keystore

ALICE, BOB, CAROL, DAVE, ERIN, LATECOMER, STRANGER = 1, 2, 3, 4, 5, 12, 19
MEMBERS = 12
PASSWORD = "four words, well remembered"
OPEN, SECRET, SEALED = "1", "2", "3"
QUESTION = "What shall we buy from this year's surplus?"
OPTIONS = ("A bread oven", "A second freezer", "Nothing; keep it")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tmp_path_factory.mktemp("identities")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Eleven of twelve members have an identity in the group; polls 1 to 3 are open, secret and sealed."""
    with opened(tmp_path_factory.mktemp("desk"), MEMBERS) as desk:
        commune = desk.commune
        for who in range(1, MEMBERS):
            commune.send(commune.people[who], "group", "register", *Identity(b"person %d" % who).public_key)
        yield desk


@pytest.fixture(autouse=True)
def home(tmp_path_factory, files, monkeypatch):
    """One machine for all: identities are told apart by their files."""
    (files / "password").write_text(f"{PASSWORD}\n")
    monkeypatch.setenv(PASSWORD_FILE, str(files / "password"))
    monkeypatch.setenv("XDG_DATA_HOME", str(files / "data"))
    return files / "data" / "dualpower"


@pytest.fixture(scope="module")
def identity(files):
    """`--identity FILE` of a person."""

    def of(who):
        file = files / f"{who}.json"
        if not file.exists():
            write_keystore(file, Identity(b"person %d" % who), PASSWORD)
        return "--identity", str(file)

    return of


def test_a_member_proposes_an_open_poll(desk):
    words = ["poll", "create", QUESTION, "--topic", "food"]
    for name in OPTIONS:
        words += ["--option", name]
    drafted = desk.run(*words, "--draft", who=ALICE)
    assert "open an open poll on 3 options" in drafted.stdout
    assert QUESTION in drafted.stdout
    proposal = desk.done(*words, "--draft", who=ALICE)["proposalId"]
    for sponsor in (ALICE, BOB):
        desk.done("sponsor", proposal, "--topic", "food", who=sponsor)
    assert desk.done(*words, who=ALICE)["proposalId"] == proposal
    # The options can be read before the vote on the proposal.
    text = desk.done("texts", "put", compose(QUESTION, OPTIONS))["textHash"]
    assert OPTIONS[1] in desk.run("texts", "show", text).stdout

    desk.commune.to_voting(int(proposal))
    for voter in (ALICE, BOB, CAROL):
        desk.done("vote", proposal, "for", who=voter)
    desk.commune.to_end(int(proposal))
    desk.done("queue", proposal, who=STRANGER)
    desk.commune.wait(DAY + 1)
    desk.done("execute", proposal, who=STRANGER)
    (listed,) = desk.done("poll", "list", "--state", "voting", "--topic", "food")
    assert (listed["pollId"], listed["title"], listed["secret"]) == (1, QUESTION, False)


def test_a_member_votes_by_name_and_pays_with_the_seasons_credits(desk):
    told = desk.run("poll", "vote", OPEN, "1=3", "A SECOND FREEZER=2", who=ALICE)
    assert told.exit_code == 0, told.output
    assert "3 votes on 1 A bread oven: 3 x 3 = 9" in told.stderr
    assert "12 of the 100 voice credits that you have left" in told.stderr
    assert "3 on option 1, 2 on option 2" in told.stdout
    assert "ballots are final" in desk.refused("poll", "vote", OPEN, "1=1", who=ALICE)
    assert desk.done("members", "show", "1")["credits"]["left"] == 88

    relayed = desk.done("poll", "vote", OPEN, "3=1", "--relay", who=BOB)
    sender = desk.commune.chain.receipt(relayed["transaction"])["from"]
    assert sender == desk.commune.people[RELAYER].address.lower()
    desk.done("poll", "vote", OPEN, "--blank", who=CAROL)


def test_more_votes_than_credits_are_refused_with_their_price(desk):
    told = desk.refused("poll", "vote", OPEN, "1=10", "2=2", who=DAVE)
    assert "costs 103 voice credits, and you have 100 left in season 1" in told
    assert "is no member's account" in desk.refused("poll", "vote", OPEN, "1=1", who=STRANGER)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            ["4=1"],
            "poll 1 has no option '4'; there are 1 A bread oven, 2 A second freezer, 3 Nothing; keep it",
        ),
        (["0=1"], "no option '0'"),
        (["An oven=1"], "no option 'An oven'"),
        (["=1"], "no option ''"),
        (["1"], "as in 2=3; got '1'"),
        (["1=x"], "as in 2=3; got '1=x'"),
        (["1=-1"], "as in 2=3"),
        (["1=0"], "takes 1 to 15 votes"),
        (["1=16"], "takes 1 to 15 votes"),
        (["1=1", "A bread oven=2"], "option 1 is given twice"),
        ([], "say what you vote for"),
        (["1=1", "--blank"], "a blank ballot gives no votes"),
    ],
)
def test_a_choice_that_is_none_is_said_to_be_none(desk, given, told):
    ended = desk.run("poll", "vote", OPEN, *given, who=DAVE)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert told in " ".join(ended.stderr.split())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--option", "a"], "2 to 60 options; got 1"),
        (["--option", "a", "--option", "b\nc"], "the options do not read back"),
        (["--option", "a", "--option", "b", "--hidden"], "only a secret poll can hide its results"),
        (["--option", "a", "--option", "b", "--author", "0x12"], "nobody proposes in another's name"),
        (["--option", "a", "--option", "b", "--topic", "opera"], "there is no topic opera"),
    ],
)
def test_a_poll_that_cannot_be_is_not_proposed(desk, words, told):
    ended = desk.run("poll", "create", "What?", *words, who=ALICE)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert told in ended.stderr


def test_an_open_poll_is_counted_again_while_it_runs(desk):
    told = desk.run("poll", "tally", OPEN)
    assert [line.split()[:2] for line in told.stdout.splitlines()[1:4]] == [
        ["3", "1"],
        ["2", "2"],
        ["1", "3"],
    ]
    assert "3 ballots counted one by one; the quorum of 3 is reached" in told.stdout
    assert "agrees with the node's tally and the chain's" in told.stdout
    alone = desk.run("poll", "tally", OPEN, "--rpc", "http://127.0.0.1:9")
    assert "no chain was asked (no chain answers at http://127.0.0.1:9" in alone.stdout
    assert desk.done("poll", "tally", OPEN)["votes"] == [3, 2, 1]


def test_there_is_no_poll_of_another_number(desk):
    for words in (["show"], ["vote", "1=1"], ["tally"], ["reveal"]):
        told = desk.refused(
            "poll", words[0], "9", *words[1:], **({"who": ALICE} if words[0] == "vote" else {})
        )
        assert "Poll 9" in told


# ------------------------------------------------------------------------------------------- in secret


@pytest.fixture(scope="module")
def secret_polls(desk):
    """Polls 2 and 3, of the same options: the first secret, the second with hidden results too."""
    commune, text = desk.commune, compose(QUESTION, OPTIONS)
    actions = [
        ("polls", commune.data("polls", "open", keccak(text.encode()), len(OPTIONS), GENERAL, True, hidden))
        for hidden in (False, True)
    ]
    draft = commune.draft(commune.people[ALICE], *actions)
    proposal = commune.propose(draft, commune.people[ALICE], commune.people[1:3])
    commune.to_voting(proposal)
    for voter in commune.people[1:4]:
        commune.send(voter, "assembly", "castBallot", proposal, FOR, 1)
    commune.to_end(proposal)
    commune.carry_out(draft)


@pytest.fixture(scope="module")
def truncated(files):
    """Artifacts of which one lacks its last byte: the proving key of the depth that these polls have."""
    folder = files / "artifacts"
    folder.mkdir()
    for file in Artifacts.locate().folder.iterdir():
        (folder / file.name).symlink_to(file)
    key = folder / "semaphore-4.zkey"
    content = key.read_bytes()
    key.unlink()
    key.write_bytes(content[:-1])
    return folder


@pytest.fixture
def paths(monkeypatch):
    """What a node is asked for from now on."""
    asked = []
    answer = api.Node._answer

    def spied(node, method, path, **options):
        asked.append(f"{method} {path}")
        return answer(node, method, path, **options)

    monkeypatch.setattr(api.Node, "_answer", spied)
    return asked


@pytest.mark.usefixtures("secret_polls")
class TestInSecret:
    def test_a_relay_casts_a_ballot_and_nobody_is_asked_about_the_member(self, desk, identity, paths):
        told = desk.run("poll", "vote", SECRET, "1=5", "2=3", *identity(ALICE))
        assert told.exit_code == 0, told.output
        assert "together 34 of the 100 credits that every ballot here has" in told.stderr
        assert "your ballot in poll 2 is cast, by nobody's name: 5 on option 1, 3 on option 2" in told.stdout
        assert desk.done("poll", "tally", SECRET)["votes"] == [5, 3, 0]
        asked = {re.sub(r"/relay/[0-9a-f]{32}$", "/relay/TICKET", path) for path in paths}
        assert asked == {
            *("GET /v1/polls/2", "GET /v1/node", "GET /v1/polls/2/group", "GET /v1/polls/2/ballots"),
            *("POST /v1/relay/secret-ballots", "GET /v1/relay/TICKET"),
        }

    def test_who_votes_again_casts_nothing(self, desk, identity):
        head = desk.commune.chain.head
        told = desk.run("poll", "vote", SECRET, "1=5", "2=3", *identity(ALICE))
        assert told.exit_code == 0, told.output
        assert "was cast already" in told.stdout
        refused = desk.refused("poll", "vote", SECRET, "3=1", *identity(ALICE))
        assert "you have voted in poll 2 already; ballots are final" in refused
        assert desk.commune.chain.head == head

    def test_from_another_machine_too_an_identity_votes_once(self, desk, identity, files, monkeypatch):
        monkeypatch.setenv("XDG_DATA_HOME", str(files / "another machine"))
        told = desk.refused("poll", "vote", SECRET, "3=1", *identity(ALICE))
        assert "this identity has voted already, and ballots are final" in told

    def test_ones_own_account_may_send_a_secret_ballot_and_is_warned(self, desk, identity):
        told = desk.run("poll", "vote", SECRET, "3=4", "--by-account", *identity(BOB), who=BOB)
        assert told.exit_code == 0, told.output
        assert "everyone sees your account send this ballot" in told.stderr
        assert "is cast by your account" in told.stdout
        transaction = re.search(r"0x[0-9a-f]{64}", told.stdout)[0]
        assert desk.commune.chain.receipt(transaction)["from"] == desk.commune.people[BOB].address.lower()

    def test_more_votes_than_a_ballots_credits_prove_nothing(self, desk, identity, home):
        before = list(home.rglob("ballots/*/*"))
        told = desk.refused("poll", "vote", SECRET, "1=10", "2=1", *identity(CAROL))
        assert "that costs 101 credits, and a ballot in poll 2 has 100" in told
        assert list(home.rglob("ballots/*/*")) == before

    def test_who_registered_after_the_poll_opened_has_no_ballot_in_it(self, desk, identity):
        desk.done("identity", "register", *identity(LATECOMER), who=LATECOMER)
        told = desk.refused("poll", "vote", SECRET, "1=1", *identity(LATECOMER))
        assert "was not in the members' group when poll 2 opened" in told

    def test_without_a_chain_the_nodes_word_is_taken_and_said_to_be_that(self, desk, identity):
        told = desk.run("poll", "vote", SECRET, "--blank", *identity(ERIN), "--rpc", "http://127.0.0.1:9")
        assert told.exit_code == 0, told.output
        assert "what poll 2 froze is the node's word, since no chain was asked" in told.stderr
        assert "is cast, by nobody's name: blank" in told.stdout
        machines = desk.run(
            "poll", "vote", SECRET, "3=1", "--json", *identity(ERIN), "--rpc", "http://127.0.0.1:9"
        )
        note, error = map(json.loads, machines.stderr.splitlines())
        assert "the node's word" in note["note"]
        assert "ballots are final" in error["error"]

    @pytest.mark.parametrize("change", ["a leaf", "the root", "the depth"])
    def test_a_node_that_makes_up_a_group_is_found_out_before_anything_is_proved(
        self, desk, identity, home, monkeypatch, change
    ):
        answer = api.Node.data

        def lying(node, path, **filters):
            data = answer(node, path, **filters)
            if change == "a leaf" and path.endswith("/group"):
                data["leaves"][3] = "1"
            if change == "the root" and path.endswith("/polls/2"):
                data["root"] = "1"
            if change == "the depth" and path.endswith("/polls/2"):
                data["depth"] += 1
            return data

        before = list(home.rglob("ballots/*/*"))
        monkeypatch.setattr(api.Node, "data", lying)
        told = desk.refused("poll", "vote", SECRET, "1=1", *identity(CAROL))
        assert ("whose root is" if change == "a leaf" else "as the chain has it") in told
        assert "use another node" in told
        assert list(home.rglob("ballots/*/*")) == before

    def test_an_interruption_loses_no_ballot_and_casts_none_twice(self, desk, identity, home, monkeypatch):
        """Under seal, where losing what was sent would lose the ballot."""
        posted = []
        cast = relay.secret_ballot

        def interrupted(node, *ballot):
            posted.append(ballot)
            if len(posted) == 2:
                # It was sent, and the answer never seen.
                cast(node, *ballot)
            if len(posted) < 3:
                raise KeyboardInterrupt
            return cast(node, *ballot)

        monkeypatch.setattr(relay, "secret_ballot", interrupted)
        words = ["poll", "vote", SEALED, "2=7", *identity(CAROL)]
        for _ in range(2):
            assert desk.run(*words).exit_code != 0
            (kept,) = home.glob("ballots/*-3/*.json")
            assert kept.stat().st_mode & 0o077 == 0
            assert kept.parent.stat().st_mode & 0o077 == 0
            opening = json.loads(kept.read_text())
            assert opening["cast"] == str(posted[-1][1])
        assert "was cast already" in desk.run(*words).stdout
        assert len(posted) == 2
        assert posted[0] == posted[1]
        assert desk.commune.call("polls", "sealedCount", int(SEALED)) == 1

    def test_another_ballot_beside_one_that_may_be_on_its_way_has_to_be_meant(
        self, desk, identity, monkeypatch
    ):
        def interrupted(node, *ballot):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(relay, "secret_ballot", interrupted)
            assert desk.run("poll", "vote", SEALED, "1=1", *identity(DAVE)).exit_code != 0
        told = desk.refused("poll", "vote", SEALED, "1=2", *identity(DAVE))
        assert "you prepared another ballot for poll 3 (1 on option 1)" in told
        desk.done("poll", "vote", SEALED, "1=2", "--instead", *identity(DAVE))

    def test_nothing_is_proved_with_a_key_that_was_cut_short(self, desk, identity, truncated, monkeypatch):
        monkeypatch.setenv("DUALPOWER_ZK_ARTIFACTS", str(truncated))
        told = desk.refused("poll", "vote", SEALED, "1=1", *identity(6))
        assert "semaphore-4.zkey is cut short" in told

    def test_hidden_results_are_hidden_until_voting_ends(self, desk):
        shown = desk.run("poll", "show", SEALED).stdout
        assert re.search(r"results +hidden until", shown)
        assert re.search(r"voted +2 of 11", shown)
        assert "are hidden until voting ends" in desk.refused("poll", "tally", SEALED)
        assert "are revealed once voting ends" in desk.refused("poll", "reveal", SEALED)
        assert "are not sealed" in desk.refused("poll", "reveal", SECRET)

    def test_a_proof_is_a_file_that_is_good_for_one_ballot_only(self, desk, identity, files):
        file = str(files / "proof.json")
        desk.done("prove", "ballot", SECRET, "2=2", "--out", file, *identity(6))
        assert desk.done("zk", "verify", file, "2=2", "--poll", SECRET)["verified"]
        held = desk.run("zk", "verify", file, "2=2", "--poll", SECRET)
        assert "holds: a member of the group when poll 2 opened casts this ballot" in held.stdout
        assert "made for another ballot" in desk.refused("zk", "verify", file, "2=3", "--poll", SECRET)
        told = desk.refused("zk", "verify", file, "--seal", "32", "--poll", SEALED)
        assert "made for something else than poll 3" in told
        assert "is open: its ballots need no proof" in desk.refused(
            "zk", "verify", file, "1=1", "--poll", OPEN
        )

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"merkleTreeDepth": 5}, "made for a tree of depth 5"),
            ({"merkleTreeDepth": 33}, "no key for trees of depth 33"),
            ({"merkleTreeRoot": "0"}, "root is 0"),
            ({"merkleTreeRoot": "5"}, "another group than the one that votes in poll 2"),
            ({"nullifier": "5"}, "the pairing does not hold"),
            ({"nullifier": str(2**255)}, "nullifier"),
            ({"scope": "5"}, "something else than poll 2"),
            ({"message": "5"}, "another ballot"),
        ],
    )
    def test_each_check_that_fails_is_named(self, desk, files, change, told):
        file = files / "changed.json"
        file.write_text(json.dumps(json.loads((files / "proof.json").read_text()) | change))
        assert told in desk.refused("zk", "verify", str(file), "2=2", "--poll", SECRET)

    @pytest.mark.parametrize("cut", [0, 1, 200, -3])
    def test_a_proof_that_was_cut_short_is_none(self, desk, files, cut):
        file = files / "cut.json"
        file.write_bytes((files / "proof.json").read_bytes()[:cut])
        ended = desk.run("zk", "verify", str(file), "2=2", "--poll", SECRET)
        assert (ended.exit_code, ended.stdout) == (2, "")
        assert "is no proof" in ended.stderr

    def test_a_proof_without_a_purpose_is_not_verified(self, desk, files):
        ended = desk.run("zk", "verify", str(files / "proof.json"), "2=2")
        assert ended.exit_code == 2
        assert "say what it has to be a proof of" in ended.stderr
        ended = desk.run("zk", "verify", str(files / "proof.json"), "2=2", "--poll", SEALED)
        assert ended.exit_code == 2
        assert "does not say what is under it: give --seal" in ended.stderr

    def test_an_option_cannot_be_given_another_name_by_a_node(self, desk, identity, monkeypatch):
        answer = api.Node.data

        def lying(node, path, **filters):
            data = answer(node, path, **filters)
            if path.endswith("/polls/2"):
                data["tally"][0]["name"], data["tally"][1]["name"] = OPTIONS[1], OPTIONS[0]
                data["text"] = data["text"].replace(*lie)
            return data

        monkeypatch.setattr(api.Node, "data", lying)
        lie = ("", "")
        assert [one["name"] for one in desk.done("poll", "show", SECRET)["tally"]] == list(OPTIONS)
        lie = ("A bread oven", "Nothing")
        told = desk.refused("poll", "vote", SECRET, "1=1", *identity(CAROL))
        assert "gives another text than 0x" in told

    def test_a_node_that_passes_a_secret_poll_off_as_open_learns_nothing(self, desk, monkeypatch, paths):
        answer = api.Node.data

        def lying(node, path, **filters):
            data = answer(node, path, **filters)
            return data | {"secret": False} if path.endswith("/polls/2") else data

        monkeypatch.setattr(api.Node, "data", lying)
        told = desk.refused("poll", "vote", SECRET, "1=1", "--relay", who=CAROL)
        assert "the node does not serve poll 2 as the chain has it (secret differ)" in told
        assert not [path for path in paths if path.startswith("POST")]

    def test_a_node_that_calls_for_ballots_too_early_learns_nothing(self, desk, monkeypatch, paths):
        answer = api.Node.data

        def lying(node, path, **filters):
            data = answer(node, path, **filters)
            return data | {"state": "Revealing"} if path.endswith("/polls/3") else data

        monkeypatch.setattr(api.Node, "data", lying)
        assert "are not revealed now: it is voting" in desk.refused("poll", "reveal", SEALED)
        assert not [path for path in paths if path.startswith("POST")]

    def test_who_stops_waiting_for_the_relay_goes_on_with_the_same_command(self, desk, identity, monkeypatch):
        chain, words = desk.commune.chain, ["poll", "vote", SECRET, "3=2", *identity(DAVE)]
        chain.rpc("evm_setAutomine", False)
        try:
            monkeypatch.setattr(relay, "PATIENCE", 1)
            told = desk.refused(*words)
            assert "the node has it and may still carry it out; give the same command again" in told
            monkeypatch.setattr(relay, "PATIENCE", 60)
            later = threading.Timer(1.5, chain.mine)
            later.start()
            resumed = desk.run(*words)
            later.join()
        finally:
            chain.rpc("evm_setAutomine", True)
        assert resumed.exit_code == 0, resumed.output
        assert "your ballot in poll 2 is cast, by nobody's name: 2 on option 3" in resumed.stdout

    def test_a_sealed_ballot_counts_once_it_is_revealed(self, desk):
        desk.commune.wait(4 * DAY + 1)
        assert "voting in poll 3 ended on" in desk.refused("poll", "vote", SEALED, "1=1")
        assert desk.done("poll", "tally", SEALED)["votes"] == [0, 0, 0]
        told = desk.run("poll", "reveal", SEALED)
        assert told.exit_code == 0, told.output
        assert len(re.findall(r"0x[0-9a-f]{64}", told.stdout)) == 2
        assert "is revealed already" in desk.run("poll", "reveal", SEALED).stdout
        assert desk.done("poll", "tally", SEALED)["votes"] == [2, 7, 0]

    def test_from_another_machine_nothing_is_revealed(self, desk, files, monkeypatch):
        monkeypatch.setenv("XDG_DATA_HOME", str(files / "another machine"))
        told = desk.refused("poll", "reveal", SEALED)
        assert "no ballot of poll 3 was prepared on this machine" in told

    def test_a_damaged_opening_is_named_and_left_alone(self, desk, home):
        damaged = next(home.glob("ballots/*-3/*.json")).with_name("damaged.json")
        damaged.write_text('{"ballot": "1"}')
        ended = desk.run("poll", "reveal", SEALED)
        assert ended.exit_code == 2
        assert "damaged.json holds no prepared ballot" in ended.stderr
        damaged.unlink()

    def test_when_revealing_is_over_nothing_is_revealed(self, desk):
        desk.commune.wait(2 * DAY + 1)
        assert "the time to reveal ballots of poll 3 was over" in desk.refused("poll", "reveal", SEALED)
        told = desk.run("poll", "tally", SEALED)
        assert "2 ballots counted one by one; the quorum of 3 is not reached" in told.stdout


def test_the_deployed_verifier_carries_the_keys_that_proofs_are_made_with(desk):
    told = desk.run("zk", "audit", "--node", desk.node)
    assert told.exit_code == 0, told.output
    assert "the verifier at" in told.stdout
    assert desk.done("zk", "audit")["agrees"]


def test_an_audit_names_the_file_that_was_cut_short(desk, truncated, files):
    told = desk.refused("zk", "audit", "--artifacts", str(truncated))
    assert "no proof made with these files is safe" in told
    assert "semaphore-4.zkey is cut short" in told
    told = desk.refused("zk", "audit", "--artifacts", str(files))
    assert "is not installed" in told


def test_a_member_signs_in_as_a_member_and_as_nobody_else(desk, identity, home, paths):
    told = desk.run("session", "start", *identity(ALICE))
    assert told.exit_code == 0, told.output
    assert f"you are signed in at {desk.node} as a member, until" in told.stdout
    assert set(paths) == {
        *("POST /v1/session/challenge", "GET /v1/node", "GET /v1/session/group", "GET /v1/group/leaves"),
        "POST /v1/session",
    }
    (kept,) = home.glob("sessions/*.json")
    assert kept.stat().st_mode & 0o077 == 0
    assert json.loads(kept.read_text())["token"] not in told.output
    assert desk.done("session", "show")["member"]
    assert "has ended" in desk.run("session", "end").stdout
    assert "begin one with `dualpower session start`" in desk.refused("session", "show")


def test_who_is_not_in_todays_group_does_not_sign_in(desk, identity):
    assert "was not in the members' group today" in desk.refused("session", "start", *identity(STRANGER))


def test_a_proof_for_another_origin_is_refused(desk, identity):
    told = desk.refused("session", "start", "--origin", "https://elsewhere.example", *identity(ALICE))
    assert "asks for a proof of something else than a sign-in" in told


def test_another_program_signs_in_with_a_proof_from_here(desk, identity, files):
    asked = httpx.post(f"{desk.node}/v1/session/challenge").json()["data"]
    file = files / "sign-in.json"
    desk.done("prove", "sign-in", "--challenge", asked["challenge"], "--out", str(file), *identity(BOB))
    signed = {"challenge": asked["challenge"], "proof": json.loads(file.read_text())}
    checked = ["zk", "verify", str(file), "--challenge"]
    held = desk.run(*checked, asked["challenge"])
    assert "holds: a member of today's group signs in" in held.stdout
    assert "made for another challenge" in desk.refused(*checked, "0x" + "12" * 32)
    told = desk.refused(*checked, asked["challenge"], "--origin", "https://elsewhere.example")
    assert "something else than a sign-in at https://elsewhere.example today" in told
    assert httpx.post(f"{desk.node}/v1/session", json=signed).json()["data"]["member"]
    ended = desk.run("prove", "sign-in", "--challenge", "0x12", "--out", str(file), *identity(BOB))
    assert (ended.exit_code, ended.stdout) == (2, "")
