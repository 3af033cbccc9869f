"""A leaf is hashed like an inner node, and yet nobody votes with a tree of their own below theirs.

The key that a forger registers is a point (x, y) of the curve with x = Poseidon2(c1, c2), where c1 and c2
are the commitments of two identities. Its commitment Poseidon2(x, y) is then a node two levels above c1 and
c2, and proofs for both lead to the group's root. They are two steps longer than the tree is deep.
"""

import json
import subprocess

import pytest
from brownie import chain

from tests.contracts.membership.steps import admit_directly
from tests.contracts.polls.conftest import PROOF_INVALID, signal_of, votes
from tools import workspace

FORGER = """
import json, sys
from itertools import count
from zk import Identity, MerkleProof, Message, Scope, commitment_of, prove
from zk._babyjubjub import A, D
from zk._field import R
from zk._poseidon import poseidon


def square_root(n):
    # Tonelli and Shanks; 5 is no square in the field. None where n is none either.
    if pow(n, (R - 1) // 2, R) != 1:
        return None
    odd, order = (R - 1) >> 28, 28
    root, rest, unit = pow(n, (odd + 1) // 2, R), pow(n, odd, R), pow(5, odd, R)
    while rest != 1:
        square, least = rest, 0
        while square != 1:
            square, least = square * square % R, least + 1
        step = pow(unit, 1 << (order - least - 1), R)
        root, unit, order = root * step % R, step * step % R, least
        rest = rest * unit % R
    return root


def key_above_two_identities():
    for attempt in count():
        pair = [Identity.from_text(f"forger {attempt} {side}") for side in "ab"]
        x = poseidon([identity.commitment for identity in pair])
        y = square_root((1 - A * x * x) * pow(1 - D * x * x, -1, R) % R)
        if y is not None:
            return pair, (x, y)


given = json.load(sys.stdin)
pair, (x, y) = key_above_two_identities()
answer = {"key": [str(x), str(y)]}
if given:
    scope = Scope.of_poll(given["chain"], int(given["polls"], 16), given["poll"])
    message = Message.of_ballot(scope, given["ballot"])
    answer["proofs"] = []
    for side, identity in enumerate(pair):
        siblings = (pair[1 - side].commitment, y, *map(int, given["siblings"]))
        path = MerkleProof(int(given["root"]), identity.commitment, side | given["index"] << 2, siblings)
        proof = prove(identity, path, message, scope, len(siblings))
        answer["proofs"].append([proof.depth, proof.nullifier, proof.points])
print(json.dumps(answer))
"""


def forge(given=None):
    run = subprocess.run(
        [workspace.VENV / "bin" / "python", "-c", FORGER],
        input=json.dumps(given),
        env=workspace.project_env(),
        cwd=workspace.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def forged(commune, identities, newcomer, open_poll):
    """A poll opened when the thirteenth leaf was such a one, and the two ballots below it."""
    admit_directly(commune, newcomer)
    commune.group.register(*map(int, forge()["key"]), newcomer.tx)
    index = commune.group.identityOf(len(identities) + 1)["index"]
    poll = open_poll(secret=True)
    made = forge(
        {
            "chain": chain.id,
            "polls": commune.polls.address,
            "poll": poll,
            "ballot": votes(1),
            "root": str(commune.group.root()),
            "index": index,
            "siblings": [str(node) for node in commune.group.siblingsOf(index)],
        }
    )
    return poll, made["proofs"]


def test_both_ballots_are_good_for_a_deeper_tree(commune, forged):
    """Why the depth is the poll's: the verifier has keys for every depth, and the prover would choose."""
    poll, proofs = forged
    terms = commune.polls.poll(poll)
    signals = [commune.polls.messageOf(poll, votes(1)), commune.polls.scopeOf(poll)]
    hashed = [signal_of(value) for value in signals]
    for depth, nullifier, points in proofs:
        assert depth == terms["depth"] + 2
        arguments = (points[:2], [points[2:4], points[4:6]], points[6:], [terms["root"], nullifier, *hashed])
        assert commune.verifier.verifyProof(*arguments, depth)
        assert not commune.verifier.verifyProof(*arguments, terms["depth"])


def test_neither_is_taken(commune, forged, stranger):
    poll, proofs = forged
    tx = commune.polls.castSecretBatch(
        [(poll, nullifier, votes(1), points) for _, nullifier, points in proofs], stranger.tx
    )
    assert [event["problem"] for event in tx.events["SecretBallotRefused"]] == [PROOF_INVALID] * 2
    assert commune.polls.ballotCount(poll) == 0
