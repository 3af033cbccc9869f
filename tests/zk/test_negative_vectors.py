"""Both backends refuse every negative vector, by the check that the vector names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zk import errors
from zk.errors import ProofRefused
from zk.proof import Proof
from zk.verify import Claim, Verified, verify, verify_batch

FILE = json.loads((Path(__file__).parent / "vectors/negative.json").read_text())
VECTORS = FILE["vectors"]


def claim_of(vector):
    """Read without `Proof.from_json`, which would refuse many of the numbers for their form."""
    proof, purpose = vector["proof"], vector["purpose"] or FILE["purpose"]
    return Claim(
        Proof(
            proof["merkleTreeDepth"],
            *(int(proof[name]) for name in ("merkleTreeRoot", "nullifier", "message", "scope")),
            tuple(map(int, proof["points"])),
        ),
        [int(root) for root in purpose["roots"]],
        int(purpose["scope"]),
        int(purpose["message"]),
        purpose["depths"],
    )


def verdict_on(vector, backend):
    claim = claim_of(vector)
    try:
        return verify(
            claim.proof,
            roots=claim.roots,
            scope=claim.scope,
            message=claim.message,
            depths=claim.depths,
            backend=backend,
        )
    except ProofRefused as refusal:
        return refusal


@pytest.mark.parametrize("backend", ["native", "reference"])
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_named_check_refuses(vector, backend):
    expected = getattr(errors, vector["check"]) if vector["check"] else Verified
    assert type(verdict_on(vector, backend)) is expected


def test_a_batch_refuses_each_by_the_same_check_and_lets_the_others_pass():
    verdicts = verify_batch([claim_of(vector) for vector in VECTORS])
    found = [None if isinstance(verdict, Verified) else type(verdict).__name__ for verdict in verdicts]
    assert found == [vector["check"] for vector in VECTORS]


def test_a_replay_is_told_by_its_nullifier_and_by_nothing_else():
    first = verdict_on(FILE["valid"], "native")
    replays = [vector for vector in VECTORS if vector["class"] == "replay"]
    assert [verdict_on(vector, "native") for vector in replays] == [first] * 3
    assert len({tuple(vector["proof"]["points"]) for vector in replays}) == 3


def test_what_has_no_place_in_json_is_refused_as_json_too():
    for vector in VECTORS:
        numbers = [int(n) for n in (vector["proof"]["nullifier"], *vector["proof"]["points"])]
        if any(number < 0 for number in numbers):
            with pytest.raises(errors.ProofMalformed):
                Proof.from_json(vector["proof"])


def test_every_check_that_a_proof_can_fail_has_a_vector():
    """Three concern values that JSON cannot carry, and one has subclasses for its vectors."""
    elsewhere = {"ProofMalformed", "CoordinateCount", "NotAnInteger", "PointRefused"}
    checks = {
        name
        for name, error in vars(errors).items()
        if isinstance(error, type) and issubclass(error, ProofRefused)
    }
    assert checks - {"ProofRefused"} - elsewhere == {vector["check"] for vector in VECTORS if vector["check"]}


def test_signals_for_the_contract_are_words():
    for vector in (FILE["valid"], *VECTORS):
        assert (vector["signals"] is None) == (vector["evm"] is None)
        if vector["evm"] is not None:
            numbers = [*vector["signals"], *vector["proof"]["points"], vector["proof"]["merkleTreeDepth"]]
            assert all(0 <= int(number) < 1 << 256 for number in numbers), vector["name"]
