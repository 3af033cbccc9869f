"""Secret ballots through the relay: what it takes, and that nothing is cast, or counted, twice."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time

import msgspec
import pytest

from backend.chain.errors import Unreachable
from backend.relay import Relay
from tests.backend.chains import CHAIN_ID, anvil
from tests.backend.commune import DAY, PEOPLE, Commune
from tests.backend.polling import Polling, ballot, identity, prove
from tests.backend.relay.test_relay import Node, request
from zk import Message, Proof, Registration

FOUNDERS = 6
SALT = b"\x07" * 32
R = 21888242871839275222246405745257275088548364400416034343698204186575808495617


@pytest.fixture
def commune():
    with anvil("--accounts", str(PEOPLE)) as chain:
        yield Commune.founded(chain, FOUNDERS, polls__minListed=4)


@pytest.fixture
def polling(commune):
    """All but six are listed."""
    made = Polling(commune)
    for number in range(1, FOUNDERS):
        made.register(commune.people[number], number)
    return made


@pytest.fixture
def node(commune, tmp_path):
    return Node(commune, tmp_path, secret_interval=0)


def item(poll: int, proof: Proof, word: int, /, **changes) -> dict:
    return {"pollId": poll, "ballot": str(word), "proof": proof.to_json()} | changes


def test_a_proved_ballot_is_cast_and_another_of_the_same_identity_is_not(node, commune, polling):
    poll = polling.open(secret=True)
    word = ballot(3, 4)
    ticket, told = node.take("secret-ballots", [item(poll, polling.proved(poll, 1, word), word)])
    assert told == [("Queued", None)]
    assert node.work(ticket) == [("Included", None)]
    assert commune.call("polls", "tally", poll) == (3, 4, 0)
    # Another proof, of another ballot: the nullifier is what counts.
    other = ballot(0, 0, 5)
    _, told = node.take("secret-ballots", [item(poll, polling.proved(poll, 1, other), other)])
    assert told == [("Refused", "PollsSecretBallotRefused")]
    assert node.sent == 1


def test_ballots_that_wait_go_in_one_transaction_and_a_late_one_is_skipped(node, commune, polling):
    poll = polling.open(secret=True)
    tickets = []
    for who in (1, 2, 3):
        word = ballot(who)
        proof = polling.proved(poll, who, word)
        tickets.append(node.take("secret-ballots", [item(poll, proof, word)])[0])
    word = ballot(0, 9)
    polling.cast_secret(commune.people[20], poll, polling.proved(poll, 2, word), word)
    assert [node.work(ticket) for ticket in tickets] == [
        [("Included", None)],
        [("Skipped", "PollsSecretBallotRefused")],
        [("Included", None)],
    ]
    (problem,) = node.service.reader.query("SELECT problem FROM relay_items WHERE ticket = ?", (tickets[1],))
    assert json.loads(problem[0])["arguments"]["problem"] == "NullifierUsed"
    assert node.sent == 1
    assert commune.call("polls", "tally", poll) == (4, 9, 0)


@pytest.mark.parametrize("whose", [6, 1])
def test_who_was_not_listed_when_the_poll_opened_has_no_proof_for_it(node, commune, polling, whose):
    """Six registers later; one takes another key later: both prove against a root that is too young."""
    poll = polling.open(secret=True)
    key = 2 if whose == 1 else 1
    if whose == 1:
        commune.wait(91 * DAY)
        poll = polling.open(secret=True)
    polling.register(commune.people[whose], whose, key=key)
    word = ballot(1)
    late = polling.proved(poll, whose, word, polling.leaves, key=key)
    _, told = node.take("secret-ballots", [item(poll, late, word)])
    assert told == [("Refused", "RelayProofRefused")]
    assert _check(node) == "RootRefused"


def _check(node: Node) -> str:
    """Of the last item that was judged."""
    return str(node.last["arguments"]["check"])


def test_each_thing_that_is_wrong_is_named(node, commune, polling):
    poll, other = polling.open(secret=True), polling.open(secret=True)
    named = polling.open()
    hidden = polling.open(secret=True, hidden=True)
    word = ballot(3, 4)
    good = polling.proved(poll, 1, word)
    as_json = good.to_json()
    turned = as_json | {"points": [*as_json["points"][:7], str(int(as_json["points"][7]) ^ 1)]}
    bad = [
        ("PollsUnknown", item(99, good, word)),
        ("PollsSecretBallotRefused", item(named, good, word)),
        ("PollsBadBallot", item(poll, good, 1 << 12)),
        ("PollsOverBudget", item(poll, good, ballot(11))),
        ("PollsSecretBallotRefused", item(hidden, good, 1)),
        ("OtherScope", item(other, good, word)),
        ("OtherMessage", item(poll, good, ballot(4, 3))),
        ("SignalOutOfRange", item(poll, good, word, proof=as_json | {"nullifier": str(good.nullifier + R)})),
        ("PairingFailed", item(poll, good, word, proof=as_json | {"nullifier": str(good.nullifier - 1)})),
        ("DepthRefused", item(poll, good, word, proof=as_json | {"merkleTreeDepth": 4})),
        ("RootZero", item(poll, good, word, proof=as_json | {"merkleTreeRoot": "0"})),
        ("PointOffCurve", item(poll, good, word, proof=turned)),
        ("RelayMalformed", item(poll, good, word, proof=as_json | {"nullifier": "0x12"})),
        ("RelayMalformed", item(poll, good, word, proof=as_json | {"points": []})),
        ("RelayMalformed", item(poll, good, word, proof=as_json | {"nullifier": str(2**256 + 1)})),
        ("RelayMalformed", item(poll, good, word, account="0x12")),
        ("RelayMalformed", {"pollId": poll}),
        ("RelayMalformed", None),
    ]
    told = []
    for _, given in bad:
        node.take("secret-ballots", [given])
        proof_refused = node.last["error"] == "RelayProofRefused"
        told.append(_check(node) if proof_refused else node.last["error"])
    assert told == [error for error, _ in bad]
    commune.wait(5 * DAY)
    node.take("secret-ballots", [item(poll, good, word)])
    assert node.last["error"] == "PollsNotVoting"
    assert node.sent == 0


def test_nobody_hands_in_for_another_but_with_their_proof(node, commune, polling):
    """A proof seen on its way can be sent by anyone, and casts what its maker meant."""
    poll = polling.open(secret=True)
    word = ballot(1, 2)
    seen = polling.proved(poll, 3, word)
    ticket, _ = node.take("secret-ballots", [item(poll, seen, word)])
    _, told = node.take("secret-ballots", [item(poll, seen, word)])
    assert told == [("Refused", "RelayOnItsWay")]
    assert node.work(ticket) == [("Included", None)]


def test_a_sealed_ballot_is_revealed_after_voting(node, commune, polling):
    poll = polling.open(secret=True, hidden=True)
    word = ballot(2, 2, 2)
    seal = polling.sealed(poll, 2, word, SALT)
    ticket, _ = node.take("secret-ballots", [item(poll, polling.proved(poll, 2, seal), seal)])
    assert node.work(ticket) == [("Included", None)]
    assert commune.call("polls", "ballotCount", poll) == 0
    opening = {
        "pollId": poll,
        "nullifier": str(identity(2).nullifier(polling.scope(poll))),
        "ballot": str(word),
        "salt": f"0x{SALT.hex()}",
    }
    node.take("reveals", [opening])
    assert node.last["error"] == "PollsNotRevealing"
    commune.wait_until(polling.poll(poll)["votingEnd"])
    for wrong, error in (
        ({"salt": f"0x{bytes(32).hex()}"}, "PollsWrongOpening"),
        ({"ballot": str(ballot(1))}, "PollsWrongOpening"),
        ({"nullifier": "5"}, "PollsWrongOpening"),
        ({"pollId": 9}, "PollsUnknown"),
        ({"salt": "0x12"}, "RelayMalformed"),
        ({"memberId": 2}, "RelayMalformed"),
    ):
        node.take("reveals", [opening | wrong])
        assert node.last["error"] == error
    ticket, told = node.take("reveals", [opening])
    assert told == [("Queued", None)]
    assert node.take("reveals", [opening])[1] == [("Refused", "RelayOnItsWay")]
    assert node.work(ticket) == [("Included", None)]
    assert commune.call("polls", "tally", poll) == (2, 2, 2)
    node.take("reveals", [opening])
    assert node.last["error"] == "PollsAlreadyRevealed"


def test_two_who_hand_in_at_once_are_not_both_taken(node, polling):
    """The queue's key decides, in the transaction that queues: not a look beforehand."""
    poll = polling.open(secret=True)
    word, other = ballot(1), ballot(2)
    given = [item(poll, polling.proved(poll, 1, w), w) for w in (word, other)]
    node.mirror.follow()

    async def both(relay: Relay):
        return await asyncio.gather(*(relay.take("secret-ballots", [one]) for one in given))

    statuses = sorted(taken.items[0].status for taken in node.do(both))
    assert statuses == ["Queued", "Refused"]
    assert node.service.reader.query("SELECT count(*) FROM relay_subjects") == [(1,)]


def test_what_the_chain_refused_may_be_handed_in_again(node, commune, polling):
    """The nullifier is free again once its item is skipped."""
    poll = polling.open(secret=True)
    word = ballot(1)
    ticket, _ = node.take("secret-ballots", [item(poll, polling.proved(poll, 1, word), word)])
    node.content.change([replaced(node, ticket, "Skipped")])
    assert node.service.reader.query("SELECT count(*) FROM relay_subjects") == [(0,)]
    ticket, told = node.take("secret-ballots", [item(poll, polling.proved(poll, 1, word), word)])
    assert told == [("Queued", None)]
    assert node.work(ticket) == [("Included", None)]


def replaced(node: Node, ticket: str, status: str):
    (found,) = [one for one in node.content.queued("secret-ballots", 10) if one.ticket == ticket]
    return msgspec.structs.replace(found, status=status)


def test_a_relay_killed_before_it_sent_sends_the_same_transaction(node, commune, polling, monkeypatch):
    poll = polling.open(secret=True)
    word = ballot(7)
    ticket, _ = node.take("secret-ballots", [item(poll, polling.proved(poll, 4, word), word)])

    async def killed(self, transaction):
        raise Unreachable("killed")

    monkeypatch.setattr(Relay, "_broadcast", killed)
    with pytest.raises(Unreachable):
        node.do(lambda relay: relay.step())
    monkeypatch.undo()
    assert node.outcome(ticket) == [("Sent", None)]
    assert node.work(ticket) == [("Included", None)]
    assert node.sent == 1
    assert commune.call("polls", "ballotCount", poll) == 1


def test_one_nullifier_cannot_keep_the_verifier_busy_and_all_have_one_pace(commune, polling, tmp_path):
    node = Node(commune, tmp_path, per_minute=2, secret_per_minute=3, secret_interval=0)
    poll = polling.open(secret=True)
    word = ballot(1)
    forged = polling.proved(poll, 1, word).to_json()
    forged["points"] = [*forged["points"][:6], "1", "2"]
    errors = []
    for _ in range(3):
        node.take("secret-ballots", [{"pollId": poll, "ballot": str(word), "proof": forged}])
        errors.append(node.last["error"])
    assert errors == ["RelayProofRefused", "RelayProofRefused", "RelayRateLimited"]
    told = [
        node.take("secret-ballots", [item(poll, polling.proved(poll, who, word), word)])[1][0]
        for who in (2, 3, 4, 5)
    ]
    assert told == [("Queued", None)] * 3 + [("Refused", "RelayRateLimited")]


def test_ballots_of_one_interval_are_sent_at_its_end_and_in_no_telling_order(commune, polling, tmp_path):
    node = Node(commune, tmp_path, secret_interval=3_600)
    poll = polling.open(secret=True)
    tickets = []
    for who in (1, 2, 3):
        word = ballot(who)
        proof = polling.proved(poll, who, word)
        tickets.append(node.take("secret-ballots", [item(poll, proof, word)])[0])
    assert node.do(lambda relay: relay.step()) is False
    assert node.sent == 0
    rows = node.service.reader.query("SELECT received_at, changed_at FROM relay_items")
    assert all(received % 3_600 == 0 and changed == received for received, changed in rows)
    queued = [one.ticket for one in node.content.queued("secret-ballots", 9)]
    assert queued == sorted(tickets)
    # As if the interval were over.
    connection = sqlite3.connect(node.mirror.settings.database)
    with connection:
        connection.execute("UPDATE relay_items SET received_at = ?", (int(time.time()) - 3_601,))
    connection.close()
    assert node.work(tickets[0]) == [("Included", None)]
    assert node.sent == 1


def test_openings_wait_for_their_interval_too(commune, polling, tmp_path):
    node = Node(commune, tmp_path, secret_interval=3_600)
    poll = polling.open(secret=True, hidden=True)
    word = ballot(1)
    seal = polling.sealed(poll, 2, word, SALT)
    polling.cast_secret(commune.people[20], poll, polling.proved(poll, 2, seal), seal)
    commune.wait_until(polling.poll(poll)["votingEnd"])
    nullifier = identity(2).nullifier(polling.scope(poll))
    opening = {
        "pollId": poll, "nullifier": str(nullifier), "ballot": str(word), "salt": f"0x{SALT.hex()}",
    }  # fmt: skip
    ticket, told = node.take("reveals", [opening])
    assert told == [("Queued", None)]
    assert node.do(lambda relay: relay.step()) is False
    assert node.sent == 0
    commune.wait_until(polling.poll(poll)["revealEnd"] - 1_800)
    node.mirror.follow()
    assert node.work(ticket) == [("Included", None)]


def test_a_poll_that_ends_soon_does_not_wait_for_its_interval(commune, polling, tmp_path):
    node = Node(commune, tmp_path, secret_interval=3_600)
    poll = polling.open(secret=True)
    word = ballot(1)
    given = item(poll, polling.proved(poll, 1, word), word)
    commune.wait_until(polling.poll(poll)["votingEnd"] - 1_800)
    ticket, _ = node.take("secret-ballots", [given])
    assert node.work(ticket) == [("Included", None)]


def test_members_register_and_vote_by_name_through_the_forwarder(node, commune, polling):
    p = commune.people
    key = identity(6).public_key
    named = polling.open()
    asked = [
        request(commune, p[6], "group", "register", *key, nonce=1, possession=possession(commune, 6)),
        request(commune, p[2], "polls", "cast", named, ballot(0, 2), nonce=1),
    ]
    ticket, told = node.take("requests", asked)
    assert told == [("Queued", None)] * 2
    assert node.work(ticket) == [("Included", None)] * 2
    assert commune.call("group", "identityOf", 6) == (identity(6).commitment, 5, True)
    assert commune.call("polls", "tally", named) == (0, 2, 0)
    opening = request(commune, p[3], "polls", "open", bytes(32), 2, 1, False, False, nonce=2)
    _, told = node.take("requests", [opening])
    assert told == [("Refused", "RelayFunctionNotAllowed")]


def possession(commune, member, *, by=None, group=None):
    """A signature with `by`'s key, the member's own unless said otherwise, over the member's registration."""
    registration = Registration(CHAIN_ID, int(group or commune.addresses["group"], 16), member)
    return f"0x{registration.sign(identity(by or member)).to_bytes().hex()}"


@pytest.mark.parametrize(
    "shown",
    [
        lambda commune: {},
        lambda commune: {"possession": possession(commune, 3)},
        lambda commune: {"possession": possession(commune, 6)},
        lambda commune: {"possession": possession(commune, 3, by=6, group=commune.addresses["polls"])},
        lambda commune: {"possession": "0x" + "ff" * 96},
    ],
    ids=["nothing", "own key", "the owner's signature for themselves", "another group", "no point"],
)
def test_nobody_registers_a_key_that_they_saw_through_the_relay(node, commune, shown):
    """A key belongs for ever to the member who registered it first."""
    seen = identity(6).public_key
    asked = request(commune, commune.people[3], "group", "register", *seen, nonce=3, **shown(commune))
    _, told = node.take("requests", [asked])
    assert told == [("Refused", "RelayPossessionUnproven")]


def test_a_registration_with_half_a_key_is_refused_by_the_relay(node, commune):
    asked = request(commune, commune.people[3], "group", "register", *identity(3).public_key, nonce=4)
    short = asked | {"data": asked["data"][:-64]}
    _, told = node.take("requests", [short])
    assert told == [("Refused", "ForwarderBadSignature")]


def test_a_removed_member_keeps_the_ballot_of_a_poll_that_listed_them(node, commune, polling):
    """The electorate is the group as it stood: that hides who left, and gives nobody a second vote."""
    poll = polling.open(secret=True)
    leaves = polling.leaves
    commune.send(commune.people[5], "membership", "leave")
    word = ballot(2)
    message = Message.of_ballot(polling.scope(poll), word)
    proof = prove(5, leaves, polling.poll(poll)["depth"], message)
    ticket, _ = node.take("secret-ballots", [item(poll, proof, word)])
    assert node.work(ticket) == [("Included", None)]
    later = polling.open(secret=True)
    stale = prove(5, leaves, 3, Message.of_ballot(polling.scope(later), word))
    node.take("secret-ballots", [item(later, stale, word)])
    assert _check(node) == "RootRefused"


def test_a_batch_whose_block_left_the_chain_is_sent_again_and_counts_once(node, commune, polling):
    """One ballot of it was skipped and handed in anew, to another end: the reorg brings both back."""
    poll = polling.open(secret=True)
    before = commune.chain.rpc("evm_snapshot")
    kept, skipped, other = ballot(1), ballot(2), ballot(0, 0, 3)
    first = [
        node.take("secret-ballots", [item(poll, polling.proved(poll, who, word), word)])[0]
        for who, word in ((1, kept), (2, skipped))
    ]
    polling.cast_secret(commune.people[20], poll, polling.proved(poll, 2, other), other)
    assert [node.work(ticket)[0][0] for ticket in first] == ["Included", "Skipped"]
    commune.chain.rpc("evm_revert", before)
    assert commune.call("polls", "ballotCount", poll) == 0
    again, told = node.take("secret-ballots", [item(poll, polling.proved(poll, 2, other), other)])
    assert told == [("Queued", None)]
    assert node.work(again) == [("Included", None)]
    assert node.outcome(first[0]) == [("Included", None)]
    assert commune.call("polls", "ballotCount", poll) == 2
    assert node.service.reader.query("SELECT count(*) FROM relay_subjects") == [(0,)]
