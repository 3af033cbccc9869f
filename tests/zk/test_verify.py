"""A verifier takes a proof of what was asked for, and says of any other which check it fails.

What each check refuses stands in vectors/negative.json and is tried in test_negative_vectors; here are the
values that JSON cannot carry, the order of the checks, and what a caller gets.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from tests.zk.vectors import SEMAPHORE
from zk._backends import choose
from zk.errors import (
    BackendFailed,
    CoordinateCount,
    DepthRefused,
    DepthUnknown,
    NotAnInteger,
    OtherMessage,
    OtherScope,
    OutOfRange,
    PairingFailed,
    PointOffCurve,
    ProofMalformed,
    RootRefused,
    ScopeMismatch,
    SignalOutOfRange,
)
from zk.message import Message
from zk.proof import Proof
from zk.scope import Scope
from zk.verify import Claim, Verified, verify, verify_batch

PROOFS = [Proof.from_json(proof) for proof in SEMAPHORE["proofs"]]
POLL = Scope.of_poll(31337, 0xAB, 1)


def claim_of(proof: Proof, **changes: object) -> Claim:
    return replace(Claim(proof, [proof.root], proof.scope, proof.message, [proof.depth]), **changes)


def verdict(claim: Claim, backend: str | None = None) -> Verified:
    return verify(
        claim.proof,
        roots=claim.roots,
        scope=claim.scope,
        message=claim.message,
        depths=claim.depths,
        backend=backend,
    )


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: f"depth {proof.depth}")
def test_proofs_of_the_javascript_packages_verify(proof):
    shown = Verified(proof.depth, proof.root, proof.scope, proof.message, proof.nullifier)
    assert verdict(claim_of(proof), "native") == shown


def test_the_reference_verifies_and_refuses_as_the_native_backend_does():
    assert verdict(claim_of(PROOFS[0]), "reference") == verdict(claim_of(PROOFS[0]), "native")
    other = claim_of(replace(PROOFS[0], nullifier=PROOFS[0].nullifier + 1))
    for backend in ("reference", "native"):
        with pytest.raises(PairingFailed):
            verdict(other, backend)


@pytest.mark.parametrize("wrong", [True, "5", 5.0, None, b"5"], ids=repr)
@pytest.mark.parametrize("field", ["root", "nullifier", "message", "scope"])
def test_a_signal_has_to_be_an_integer(field, wrong):
    with pytest.raises(NotAnInteger, match=field):
        verdict(claim_of(replace(PROOFS[0], **{field: wrong}), roots=[PROOFS[0].root], scope=1, message=1))


@pytest.mark.parametrize("wrong", [True, "5", 5.0, None], ids=repr)
def test_a_coordinate_has_to_be_an_integer(wrong):
    with pytest.raises(NotAnInteger, match=r"points\[3\]"):
        verdict(claim_of(replace(PROOFS[0], points=(*PROOFS[0].points[:3], wrong, *PROOFS[0].points[4:]))))


@pytest.mark.parametrize("count", [0, 7, 9])
def test_a_proof_has_eight_coordinates(count):
    with pytest.raises(CoordinateCount):
        verdict(claim_of(replace(PROOFS[0], points=(PROOFS[0].points * 2)[:count])))


def test_checks_come_in_their_order():
    """Everything is wrong at once; each check that is satisfied shows the next."""
    good = PROOFS[0]
    claim = claim_of(
        replace(good, depth=33, nullifier=-1, points=(1, 3, *good.points[2:])),
        roots=[],
        scope=1,
        message=2,
        depths=[],
    )
    for error, repair in [
        (DepthUnknown, lambda c: replace(c, proof=replace(c.proof, depth=16))),
        (DepthRefused, lambda c: replace(c, depths=[16])),
        (SignalOutOfRange, lambda c: replace(c, proof=replace(c.proof, nullifier=good.nullifier))),
        (PointOffCurve, lambda c: replace(c, proof=replace(c.proof, points=good.points))),
        (RootRefused, lambda c: replace(c, roots={good.root})),
        (OtherScope, lambda c: replace(c, scope=good.scope)),
        (OtherMessage, lambda c: replace(c, message=good.message)),
        (PairingFailed, lambda c: replace(c, proof=replace(c.proof, depth=good.depth), depths={good.depth})),
    ]:
        with pytest.raises(error):
            verdict(claim)
        claim = repair(claim)
    assert verdict(claim)


def test_scope_and_message_are_those_of_the_purpose_not_of_the_proof():
    proof = replace(PROOFS[0], scope=POLL.value, message=Message.of_ballot(POLL, 5).value)
    with pytest.raises(OtherScope):
        verdict(claim_of(proof, scope=Scope.of_poll(31337, 0xAB, 2), message=7))
    with pytest.raises(OtherMessage):
        verdict(claim_of(proof, scope=POLL, message=Message.of_ballot(POLL, 6)))
    with pytest.raises(PairingFailed):
        verdict(claim_of(proof, scope=POLL, message=Message.of_ballot(POLL, 5)))


def test_a_caller_who_mixes_up_scopes_is_told_so_rather_than_the_prover():
    with pytest.raises(ScopeMismatch):
        verdict(claim_of(PROOFS[0], scope=POLL, message=Message.of_ballot(Scope.of_poll(31337, 0xAB, 2), 5)))


@pytest.mark.parametrize("word", [-1, 1 << 256, True, "1"])
def test_a_caller_s_own_words_are_words(word):
    with pytest.raises(OutOfRange):
        verdict(claim_of(PROOFS[0], scope=word))
    with pytest.raises(OutOfRange):
        verdict(claim_of(PROOFS[0], message=word))


def test_semaphore_s_json_comes_back_as_it_was():
    for proof in SEMAPHORE["proofs"]:
        assert Proof.from_json(proof).to_json() == proof


@pytest.mark.parametrize(
    "change",
    [
        {"scope": 5},
        {"scope": "0x5"},
        {"scope": "05"},
        {"scope": "-5"},
        {"scope": "+5"},
        {"scope": " 5"},
        {"scope": "5_0"},
        {"scope": "\u0665"},
        {"scope": ""},
        {"scope": "9" * 5000},
        {"merkleTreeDepth": "10"},
        {"merkleTreeDepth": True},
        {"points": ["1"] * 7},
        {"points": ["1"] * 9},
        {"points": "12345678"},
        {"points": [1] * 8},
        {"signals": []},
    ],
    ids=repr,
)
def test_only_semaphore_s_form_is_read(change):
    with pytest.raises(ProofMalformed):
        Proof.from_json({**SEMAPHORE["proofs"][0], **change})


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, b"\xff", "{}", "7"])
def test_what_is_no_proof_at_all_is_refused(text):
    with pytest.raises(ProofMalformed):
        Proof.from_json(text)


def test_a_batch_gives_every_claim_its_own_verdict():
    claims = [claim_of(proof) for proof in PROOFS] * 4
    bad = {
        0: claim_of(replace(PROOFS[0], nullifier=1)),
        5: claim_of(PROOFS[1], roots=[1]),
        9: claim_of(PROOFS[1], depths=[1]),
        14: claim_of(PROOFS[2], message=1),
        15: claim_of(replace(PROOFS[3], points=(*PROOFS[3].points[:6], *PROOFS[0].points[6:]))),
    }
    for index, claim in bad.items():
        claims[index] = claim
    verdicts = verify_batch(claims)
    assert {i: type(v) for i, v in enumerate(verdicts) if not isinstance(v, Verified)} == {
        0: PairingFailed,
        5: RootRefused,
        9: DepthRefused,
        14: OtherMessage,
        15: PairingFailed,
    }
    assert verdicts[1] == verdict(claims[1])


def test_an_empty_batch_has_no_verdicts():
    assert verify_batch([]) == []


def test_a_batch_of_bad_proofs_finds_them_all():
    claims = [claim_of(replace(PROOFS[0], nullifier=n)) for n in range(5)]
    assert [type(v) for v in verify_batch(claims)] == [PairingFailed] * 5


def test_errors_that_cancel_out_do_not_pass_in_a_batch(monkeypatch):
    """Two proofs with their C exchanged by a common difference add up to a true equation under equal
    coefficients."""
    from py_ecc.optimized_bn128 import FQ, G1, add, neg, normalize

    def shifted(proof, by):
        x, y = normalize(add((FQ(proof.points[6]), FQ(proof.points[7]), FQ(1)), by))
        return replace(proof, points=(*proof.points[:6], int(x), int(y)))

    claims = [claim_of(shifted(PROOFS[0], G1)), claim_of(shifted(PROOFS[0], neg(G1)))]
    assert [type(v) for v in verify_batch(claims)] == [PairingFailed] * 2

    monkeypatch.setattr("secrets.randbits", lambda bits: 0)
    assert [type(v) for v in verify_batch(claims, backend="native")] == [Verified] * 2, (
        "without fresh coefficients the batch would be fooled: this is what they are for"
    )


def test_the_reference_finds_the_culprit_in_a_batch():
    claims = [claim_of(PROOFS[0]), claim_of(replace(PROOFS[0], nullifier=1))]
    assert [type(v) for v in verify_batch(claims, backend="reference")] == [Verified, PairingFailed]


def test_a_panic_of_the_native_library_is_an_error(capfd):
    backend = choose("native")
    with pytest.raises(BackendFailed, match="is_on_curve"):
        backend.prepare((1, 3), ((0, 0), (0, 0)), (1, 2))
    capfd.readouterr()


def test_interrupts_pass_through_the_guard(monkeypatch):
    from zk._backends import native

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(native, "_g2", interrupted)
    with pytest.raises(KeyboardInterrupt):
        verdict(claim_of(PROOFS[0]), "native")


@pytest.mark.parametrize("name", ["gpu", ""])
def test_an_unknown_backend_is_told(name):
    with pytest.raises(BackendFailed):
        choose(name)


def test_the_reference_leaves_the_recursion_limit_alone():
    code = "import sys; from zk._backends import choose; choose('reference'); print(sys.getrecursionlimit())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(run.stdout) == 1000


def test_without_the_extra_the_reference_is_taken(monkeypatch):
    choose.cache_clear()
    monkeypatch.setattr("zk._backends.find_spec", lambda name: None)
    try:
        assert choose().name == "reference"
    finally:
        choose.cache_clear()
