"""A member proves membership of the group as it is, at a depth that tells nothing about their leaf."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zk import proof as proving
from zk.errors import (
    ArtifactsMissing,
    DepthTooSmall,
    DepthUnknown,
    NotAMember,
    OutOfRange,
    PathInvalid,
    ScopeMismatch,
    WitnessRefused,
)
from zk.group import Group
from zk.identity import Identity
from zk.message import Message
from zk.proof import prove
from zk.scope import Scope
from zk.verify import verify

ALICE = Identity(b"alice")
BOB = Identity(b"bob")
STRANGER = Identity(b"stranger")
MEMBERS = [Identity(str(n).encode()).commitment for n in range(3)]
GROUP = Group([ALICE.commitment, *MEMBERS, BOB.commitment])
POLL = Scope.of_poll(31337, 0xAB, 1)
BALLOT = Message.of_ballot(POLL, 0x21)


def verified(proof, **changes):
    terms = {"roots": [GROUP.root], "scope": POLL, "message": BALLOT, "depths": [proof.depth]} | changes
    return verify(proof, **terms)


@pytest.fixture(scope="module")
def ballot():
    return prove(BOB, GROUP, BALLOT, POLL, depth=4)


def test_a_member_s_proof_verifies_and_has_their_nullifier(ballot):
    shown = verified(ballot)
    assert (shown.nullifier, shown.scope, shown.message) == (BOB.nullifier(POLL), POLL.value, BALLOT.value)
    assert ballot.depth == 4


def test_the_reference_verifies_it_too(ballot):
    assert verified(ballot, backend="reference") == verified(ballot, backend="native")


def test_two_proofs_of_one_statement_have_nothing_but_it_in_common(ballot):
    again = prove(BOB, GROUP, BALLOT, POLL, depth=4)
    assert not set(again.points) & set(ballot.points)
    assert verified(again) == verified(ballot)


def test_the_depth_is_the_group_s_for_every_leaf():
    """Bob's path is one step long, Alice's three."""
    paths = {len(GROUP.proof(0).siblings), len(GROUP.proof(4).siblings)}
    assert paths == {1, 3}
    assert {prove(member, GROUP, 1, 2).depth for member in (ALICE, BOB)} == {GROUP.depth} == {3}


def test_a_path_proves_what_the_group_does(ballot):
    assert verified(prove(BOB, GROUP.proof(4), BALLOT, POLL, depth=4)) == verified(ballot)


def test_a_path_alone_does_not_choose_the_depth():
    with pytest.raises(DepthTooSmall, match="name the group's depth"):
        prove(BOB, GROUP.proof(4), BALLOT, POLL)


def test_a_group_of_one_is_proved_at_depth_one():
    alone = prove(ALICE, Group([ALICE.commitment]), 1, 2)
    assert verify(alone, roots=[ALICE.commitment], scope=2, message=1, depths=[1]).depth == 1


def test_a_group_with_empty_leaves_is_proved_of():
    group = Group([0, 0, ALICE.commitment])
    proof = prove(ALICE, group, BALLOT, POLL, depth=4)
    assert verified(proof, roots=[group.root])


def test_who_is_not_in_the_group_is_told_before_anything_is_computed():
    with pytest.raises(NotAMember):
        prove(STRANGER, GROUP, BALLOT, POLL)
    with pytest.raises(NotAMember, match="0 leaves"):
        prove(STRANGER, Group(), BALLOT, POLL)
    with pytest.raises(PathInvalid, match="another's"):
        prove(STRANGER, GROUP.proof(0), BALLOT, POLL, depth=4)


def test_a_removed_member_proves_nothing():
    group = Group(GROUP.leaves)
    group.remove(4)
    with pytest.raises(NotAMember):
        prove(BOB, group, BALLOT, POLL)


@pytest.mark.parametrize(
    "change",
    [{"root": 0}, {"root": 5}, {"index": 0}, {"siblings": (5,)}, {"siblings": (0,) * 33}],
    ids=lambda change: str(change)[:30],
)
def test_a_path_that_leads_elsewhere_is_refused(change):
    with pytest.raises(PathInvalid):
        prove(BOB, replace(GROUP.proof(4), **change), BALLOT, POLL, depth=4)


def test_a_circuit_that_is_not_as_deep_as_the_path_is_refused():
    with pytest.raises(DepthTooSmall):
        prove(ALICE, GROUP, BALLOT, POLL, depth=2)


@pytest.mark.parametrize("depth", [33, 100])
def test_there_is_no_circuit_of_any_other_depth(depth):
    with pytest.raises(DepthUnknown):
        prove(ALICE, GROUP, BALLOT, POLL, depth=depth)


def test_a_message_of_another_scope_is_refused():
    with pytest.raises(ScopeMismatch):
        prove(BOB, GROUP, BALLOT, Scope.of_poll(31337, 0xAB, 2), depth=4)


@pytest.mark.parametrize("word", [-1, 1 << 256, True])
def test_words_are_words(word):
    with pytest.raises(OutOfRange):
        prove(BOB, GROUP, word, POLL, depth=4)
    with pytest.raises(OutOfRange):
        prove(BOB, GROUP, 1, word, depth=4)


def test_missing_artifacts_are_told(tmp_path, monkeypatch):
    monkeypatch.setenv("DUALPOWER_ZK_ARTIFACTS", str(tmp_path))
    with pytest.raises(ArtifactsMissing):
        prove(BOB, GROUP, BALLOT, POLL, depth=4)


def test_what_does_not_satisfy_the_circuit_is_an_error_without_the_secret():
    circuit, _ = proving._prover(proving.Artifacts.locate().folder, 4)
    inputs = {
        "secret": ALICE.secret_scalar,
        "merkleProofLength": 0,
        "merkleProofIndex": 0,
        "merkleProofSiblings": [0] * 4,
        "scope": 1,
        "message": 2,
    }
    assert len(circuit.witness(inputs)) % 32 == 0
    too_large = 2736030358979909402780800718157159386076813972158567259200215660948447373041
    for change in ({"secret": too_large}, {"unknown": 1}, {"merkleProofSiblings": [0] * 5}):
        with pytest.raises(WitnessRefused) as refusal:
            circuit.witness(inputs | change)
        assert str(ALICE.secret_scalar) not in str(refusal.value)
    with pytest.raises(WitnessRefused, match="8 inputs instead of 9"):
        circuit.witness({name: value for name, value in inputs.items() if name != "scope"})
