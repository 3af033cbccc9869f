"""Ballots proved by our own Python, `zk`, which works out scope, message and seal by itself.

It runs in the node's environment, which Brownie's is not.
"""

import json
import subprocess

import pytest
from brownie import chain

from tests.contracts.polls.conftest import votes
from tools import workspace

SALT = b"\x5a" * 32
CLIENT = """
import json, sys
from zk import Group, Identity, Message, Scope, prove, seal_of

given = json.load(sys.stdin)
who = Identity.from_text(given["of"])
scope = Scope.of_poll(given["chain"], int(given["polls"], 16), given["poll"])
nullifier, ballot = who.nullifier(scope), given["ballot"]
if given["salt"]:
    ballot = seal_of(scope, nullifier, ballot, bytes.fromhex(given["salt"]))
proof = prove(who, Group(given["leaves"]), Message.of_ballot(scope, ballot), scope, given["depth"])
print(json.dumps([proof.root, nullifier, proof.nullifier, ballot, proof.points]))
"""


@pytest.fixture(scope="module")
def proved(commune, identities, leaves):
    """Has our Python make someone's ballot, under a seal where there is a salt."""

    def make(poll, who, ballot, salt=b""):
        terms = commune.polls.poll(poll)
        given = {
            "of": identities[who].private_key,
            "chain": chain.id,
            "polls": commune.polls.address,
            "poll": poll,
            "ballot": ballot,
            "salt": salt.hex(),
            "leaves": leaves(),
            "depth": terms["depth"],
        }
        run = subprocess.run(
            [workspace.VENV / "bin" / "python", "-c", CLIENT],
            input=json.dumps(given),
            env=workspace.project_env(),
            cwd=workspace.ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        root, foretold, nullifier, sent, points = json.loads(run.stdout)
        assert (root, nullifier) == (terms["root"], foretold)
        return poll, nullifier, sent, points

    return make


def test_a_proof_by_our_python_is_taken(commune, identities, open_poll, proved, alice, stranger):
    poll = open_poll(secret=True)
    commune.polls.castSecret(proved(poll, alice, votes(2, 3)), stranger.tx)
    assert commune.polls.tally(poll) == (2, 3, 0, 0, 0)


def test_a_seal_by_our_python_opens(
    commune, identities, open_poll, proved, alice, stranger, to_end_of_voting
):
    poll = open_poll(secret=True, hidden=True)
    _, nullifier, seal, points = proved(poll, alice, votes(2, 3), SALT)
    commune.polls.castSecret((poll, nullifier, seal, points), stranger.tx)
    to_end_of_voting(poll)
    commune.polls.reveal(poll, nullifier, votes(2, 3), SALT, stranger.tx)
    assert commune.polls.tally(poll) == (2, 3, 0, 0, 0)


def test_both_clients_give_a_member_the_same_nullifier(identities, open_poll, proved, secret_ballot, alice):
    poll = open_poll(secret=True)
    assert proved(poll, alice, votes(1))[1] == secret_ballot(poll, alice, votes(1)).nullifier
