"""Proofs made here verify with Semaphore's JavaScript packages, and theirs verify here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.zk.javascript import javascript
from zk.group import Group
from zk.identity import Identity
from zk.message import Message
from zk.proof import Proof, prove
from zk.scope import Scope
from zk.verify import verify

POLL = Scope.of_poll(31337, 0xAB, 7)
BALLOT = Message.of_ballot(POLL, 0x13)
DEPTH = 4
ALICE = Identity(b"alice")
GROUP = Group([1, 0, 2, 3, ALICE.commitment])

BOTH_WAYS = """
const { generateProof, verifyProof } = load("@semaphore-protocol/proof");
const identity = Identity.import(input.identity);
const group = new Group(input.leaves.map(BigInt));
const artifacts = path.join(modules, "@zk-kit/semaphore-artifacts", `semaphore-${input.depth}`);
const local = { wasm: `${artifacts}.wasm`, zkey: `${artifacts}.zkey` };
const statement = [BigInt(input.message), BigInt(input.scope)];
const made = await generateProof(identity, group, ...statement, input.depth, local);
return { made, verdicts: await Promise.all(input.proofs.map((proof) => verifyProof(proof))) };
"""


@pytest.fixture(scope="module")
def ours():
    return prove(ALICE, GROUP, BALLOT, POLL, DEPTH)


@pytest.fixture(scope="module")
def theirs(ours):
    altered = replace(ours, nullifier=ours.nullifier + 1)
    return javascript(
        BOTH_WAYS,
        {
            "identity": ALICE.export(),
            "leaves": [str(leaf) for leaf in GROUP.leaves],
            "message": str(BALLOT.value),
            "scope": str(POLL.value),
            "depth": DEPTH,
            "proofs": [ours.to_json(), altered.to_json()],
        },
    )


def test_javascript_verifies_our_proof_and_not_an_altered_one(theirs):
    assert theirs["verdicts"] == [True, False]


def test_javascript_s_proof_verifies_here(ours, theirs):
    proof = Proof.from_json(theirs["made"])
    terms = {"roots": [GROUP.root], "scope": POLL, "message": BALLOT, "depths": [DEPTH]}
    assert verify(proof, **terms) == verify(ours, **terms)
    assert replace(proof, points=ours.points) == ours
