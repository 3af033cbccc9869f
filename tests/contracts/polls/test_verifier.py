"""Verifier and polls against proofs that must be refused (tests/zk/vectors/negative.json)."""

import json
from pathlib import Path

import pytest
from brownie import reverts

VECTORS = json.loads((Path(__file__).parents[2] / "zk/vectors/negative.json").read_text(encoding="utf-8"))
ASKED = [vector for vector in VECTORS["vectors"] if vector["evm"] is not None]

# The verifier is not ours, and traces of all these proofs in one transaction fill the memory.
pytestmark = pytest.mark.skip_coverage


def arguments(vector):
    points = [int(word) for word in vector["proof"]["points"]]
    signals = [int(word) for word in vector["signals"]]
    return points[:2], [points[2:4], points[4:6]], points[6:], signals, vector["proof"]["merkleTreeDepth"]


def test_the_proof_that_the_others_were_made_from_is_good(commune):
    assert commune.verifier.verifyProof(*arguments(VECTORS["valid"]))


@pytest.mark.parametrize("vector", ASKED, ids=lambda vector: vector["name"])
def test_the_verifier_says_what_the_vector_says(commune, vector):
    if vector["evm"] == "reverts":
        with reverts():
            commune.verifier.verifyProof.call(*arguments(vector))
    else:
        assert commune.verifier.verifyProof(*arguments(vector)) == (vector["evm"] == "true")


def test_what_the_verifier_leaves_to_its_caller_the_polls_check(commune, identities, open_poll, stranger):
    """Some are good proofs for another purpose: polls use a root, depth, scope and message of their own."""
    poll = open_poll(secret=True)
    assert {"root", "purpose", "depth", "replay"} <= {v["class"] for v in ASKED if v["evm"] == "true"}
    ballots = [
        (poll, int(vector["proof"]["nullifier"]), 1, [int(word) for word in vector["proof"]["points"]])
        for vector in (VECTORS["valid"], *ASKED)
    ]
    tx = commune.polls.castSecretBatch(ballots, stranger.tx)
    assert len(tx.events["SecretBallotRefused"]) == len(ballots)
    assert commune.polls.ballotCount(poll) == 0
