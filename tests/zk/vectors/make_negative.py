"""Writes negative.json: what a verifier must refuse, made from real proofs, with the check that refuses it.

`python -m tests.zk.vectors.make_negative` writes it anew, with proofs that differ as all proofs do;
test_negative_vectors holds it to both backends, and the contract's tests to the EVM's verifier. See the
README for its form.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from py_ecc import optimized_bn128 as bn

from tests.zk.test_curve import COFACTOR, SMALLEST_FACTOR, point_of_twist
from zk import _groth16
from zk import proof as proving
from zk._curve import Q
from zk._field import R, hash_to_field
from zk.artifacts import Artifacts
from zk.group import Group
from zk.identity import Identity
from zk.keys import verification_key
from zk.message import Message
from zk.proof import Proof, prove
from zk.scope import Scope

FILE = Path(__file__).with_name("negative.json")
DEPTH = 4
CHAIN = 31337
POLLS = 0x5FBDB2315678AFECB367F032D93F642F64180AA3
ALICE, BOB, OUTSIDER = (Identity(name.encode()) for name in ("alice", "bob", "outsider"))
OTHERS = [Identity(str(n).encode()).commitment for n in range(3)]
GROUP = Group([*OTHERS, ALICE.commitment, BOB.commitment])
POLL = Scope.of_poll(CHAIN, POLLS, 1)
BALLOT = Message.of_ballot(POLL, 0x21)

TRUE, FALSE, REVERTS = "true", "false", "reverts"
Points = tuple[int, ...]


def main() -> None:
    good = prove(ALICE, GROUP, BALLOT, POLL, DEPTH)
    file = {
        "generated": "by python -m tests.zk.vectors.make_negative, not by hand",
        "purpose": _purpose(),
        "valid": _vector("the proof that the others were made from", good, None, TRUE),
        "vectors": [
            vector
            for kind, vectors in {
                "alias": aliases(good),
                "point": points(good),
                "words": words(good),
                "depth": depths(good),
                "root": roots(good),
                "purpose": purposes(good),
                "statement": statements(good),
                "replay": replays(good),
            }.items()
            for vector in ({"class": kind, **vector} for vector in vectors)
        ],
    }
    FILE.write_text(json.dumps(file, indent=1) + "\n")


def aliases(good: Proof) -> Iterator[dict[str, Any]]:
    """Other numbers for the same element: each would be another nullifier, or another proof, to who takes
    them."""
    for name in ("root", "nullifier"):
        value = getattr(good, name)
        for change, text in ((R, "+ r"), (2 * R, "+ 2r"), (-R, "- r")):
            evm = FALSE if 0 <= value + change < 1 << 256 else None
            yield _vector(f"{name} {text}", _with(good, **{name: value + change}), "SignalOutOfRange", evm)
    for name in ("message", "scope"):
        for change, text in ((1 << 256, "+ 2^256"), (-(1 << 256), "- 2^256")):
            changed = _with(good, **{name: getattr(good, name) + change})
            yield _vector(f"{name} {text}", changed, "SignalOutOfRange", None)
    for index, word in enumerate(good.points):
        yield _vector(f"{_name(index)} + q", _with_word(good, index, word + Q), "CoordinateOutOfRange", FALSE)
        yield _vector(f"{_name(index)} - q", _with_word(good, index, word - Q), "CoordinateOutOfRange", None)
    yield _vector("A.x is q, for 0", _with_word(good, 0, Q), "CoordinateOutOfRange", FALSE)


def points(good: Proof) -> Iterator[dict[str, Any]]:
    for index in (1, 5, 7):
        off = _with_word(good, index, (good.points[index] + 1) % Q)
        yield _vector(f"{_name(index)} + 1", off, "PointOffCurve", FALSE)
    for first, last, name in ((0, 2, "A"), (2, 6, "B"), (6, 8, "C")):
        nothing = (*good.points[:first], *[0] * (last - first), *good.points[last:])
        yield _vector(f"{name} at infinity", _with(good, points=nothing), "PointAtInfinity", FALSE)
    yield _vector("all points at infinity", _with(good, points=(0,) * 8), "PointAtInfinity", FALSE)
    small = bn.multiply(_lifted(point_of_twist(1)), R * COFACTOR // SMALLEST_FACTOR)
    outside = {
        "B on the twist, outside the subgroup": _lifted(point_of_twist(2)),
        f"B of order {SMALLEST_FACTOR}": small,
        f"B plus a point of order {SMALLEST_FACTOR}": bn.add(_b(good), small),
    }
    for name, b in outside.items():
        changed = _with(good, points=(*good.points[:2], *_b_words(b), *good.points[6:]))
        yield _vector(name, changed, "PointOutsideSubgroup", FALSE)


def words(good: Proof) -> Iterator[dict[str, Any]]:
    ax, ay, bx1, bx0, by1, by0, cx, cy = good.points
    orders = {
        "A's coordinates swapped": ((ay, ax, bx1, bx0, by1, by0, cx, cy), "PointOffCurve"),
        "B's words in the order of JSON": ((ax, ay, bx0, bx1, by0, by1, cx, cy), "PointOffCurve"),
        "B's coordinates swapped": ((ax, ay, by1, by0, bx1, bx0, cx, cy), "PointOffCurve"),
        "A and C swapped": ((cx, cy, bx1, bx0, by1, by0, ax, ay), "PairingFailed"),
        "A negated": ((ax, Q - ay, bx1, bx0, by1, by0, cx, cy), "PairingFailed"),
        "C in A's place too": ((cx, cy, bx1, bx0, by1, by0, cx, cy), "PairingFailed"),
    }
    for name, (changed, check) in orders.items():
        yield _vector(name, _with(good, points=changed), check, FALSE)


def depths(good: Proof) -> Iterator[dict[str, Any]]:
    yield _vector("depth 0", _with(good, depth=0), "DepthUnknown", REVERTS)
    yield _vector("depth -1", _with(good, depth=-1), "DepthUnknown", None)
    yield _vector("depth 33", _with(good, depth=33), "DepthUnknown", None)
    deeper = prove(ALICE, GROUP, BALLOT, POLL, DEPTH + 1)
    yield _vector("made at a depth that is not this purpose's", deeper, "DepthRefused", TRUE)
    both = _purpose(depths=[DEPTH, DEPTH + 1])
    yield _vector(
        "under the key of another depth", _with(good, depth=DEPTH + 1), "PairingFailed", FALSE, both
    )


def roots(good: Proof) -> Iterator[dict[str, Any]]:
    empty = _of_the_empty_group()
    yield _vector("root zero", empty, "RootZero", TRUE)
    yield _vector("root zero where the group is empty", empty, "RootZero", TRUE, _purpose(roots=[0]))
    before = prove(ALICE, Group(GROUP.leaves[:-1]), BALLOT, POLL, DEPTH)
    yield _vector("stale root: before the last member joined", before, "RootRefused", TRUE)
    without = Group(GROUP.leaves)
    without.remove(3)
    removed = _purpose(roots=[without.root])
    yield _vector("stale root: from before the member was removed", good, "RootRefused", TRUE, removed)
    elsewhere = prove(ALICE, Group([ALICE.commitment, 5]), BALLOT, POLL, DEPTH)
    yield _vector("root of another commune", elsewhere, "RootRefused", TRUE)
    yield _vector("no root is acceptable", good, "RootRefused", TRUE, _purpose(roots=[]))
    here = _with(elsewhere, root=GROUP.root)
    yield _vector("another commune's proof under this one's root", here, "PairingFailed", FALSE)


def purposes(good: Proof) -> Iterator[dict[str, Any]]:
    others = {
        "another poll's scope": Scope.of_poll(CHAIN, POLLS, 2),
        "another chain's scope": Scope.of_poll(1, POLLS, 1),
        "another contract's scope": Scope.of_poll(CHAIN, POLLS + 1, 1),
        "a scope for signing in": Scope.of_sign_in(CHAIN, POLLS, 20_000, "https://node.example"),
    }
    for name, scope in others.items():
        foreign = prove(ALICE, GROUP, BALLOT.value, scope, DEPTH)
        yield _vector(name, foreign, "OtherScope", TRUE)
    changed = _purpose(message=Message.of_ballot(POLL, 0x12).value)
    yield _vector("ballot changed after proving", good, "OtherMessage", TRUE, changed)


def statements(good: Proof) -> Iterator[dict[str, Any]]:
    """The proof says what it should, and proves something else."""
    yield _vector("nullifier + 1", _with(good, nullifier=good.nullifier + 1), "PairingFailed", FALSE)
    another = _with(good, nullifier=BOB.nullifier(POLL))
    yield _vector("another member's nullifier", another, "PairingFailed", FALSE)
    yield _vector("nullifier 0", _with(good, nullifier=0), "PairingFailed", FALSE)
    foreign = prove(ALICE, GROUP, BALLOT.value, Scope.of_poll(CHAIN, POLLS, 2), DEPTH)
    yield _vector(
        "another poll's proof under this one's scope",
        _with(foreign, scope=POLL.value),
        "PairingFailed",
        FALSE,
    )
    other = Message.of_ballot(POLL, 0x12).value
    claimed = _purpose(message=other)
    yield _vector(
        "another ballot under this proof", _with(good, message=other), "PairingFailed", FALSE, claimed
    )


def replays(good: Proof) -> Iterator[dict[str, Any]]:
    """These verify, as they must: the nullifier is the same, and that is what admits no second use."""
    yield _vector("replayed as it is", good, None, TRUE)
    yield _vector("re-randomised by a stranger", _re_randomised(good), None, TRUE)
    yield _vector("made again by the member", prove(ALICE, GROUP, BALLOT, POLL, DEPTH), None, TRUE)


def _of_the_empty_group() -> Proof:
    """The circuit puts out root 0 for a path that is said to be longer than the tree is deep."""
    circuit, key = proving._prover(Artifacts.locate().folder, DEPTH)
    witness = circuit.witness(
        {
            "secret": OUTSIDER.secret_scalar,
            "merkleProofLength": DEPTH + 1,
            "merkleProofIndex": 0,
            "merkleProofSiblings": [0] * DEPTH,
            "scope": POLL.signal,
            "message": BALLOT.signal,
        }
    )
    root, nullifier = (int.from_bytes(witness[at : at + 32], "little") for at in (32, 64))
    return Proof(DEPTH, root, nullifier, BALLOT.value, POLL.value, _groth16.prove(key, witness))


def _re_randomised(good: Proof) -> Proof:
    """A·x, (B + delta·y)/x and C + A·y satisfy the same equation for any x and y."""
    rng = random.Random(1)
    x, y = rng.randrange(1, R), rng.randrange(1, R)
    a = (bn.FQ(good.points[0]), bn.FQ(good.points[1]), bn.FQ.one())
    c = (bn.FQ(good.points[6]), bn.FQ(good.points[7]), bn.FQ.one())
    delta = _lifted(verification_key(good.depth).delta)
    b = bn.multiply(bn.add(_b(good), bn.multiply(delta, y)), pow(x, -1, R))
    ends = [bn.normalize(bn.multiply(a, x)), bn.normalize(bn.add(c, bn.multiply(a, y)))]
    first, last = (tuple(map(int, end)) for end in ends)
    return _with(good, points=(*first, *_b_words(b), *last))


def _lifted(point: Any) -> Any:
    return bn.FQ2(point[0]), bn.FQ2(point[1]), bn.FQ2.one()


def _b(proof: Proof) -> Any:
    x1, x0, y1, y0 = proof.points[2:6]
    return _lifted(((x0, x1), (y0, y1)))


def _b_words(point: Any) -> Points:
    (x0, x1), (y0, y1) = (map(int, coordinate.coeffs) for coordinate in bn.normalize(point))
    return x1, x0, y1, y0


def _name(index: int) -> str:
    return ("A.x", "A.y", "B.x.c1", "B.x.c0", "B.y.c1", "B.y.c0", "C.x", "C.y")[index]


def _with(proof: Proof, **changes: Any) -> Proof:
    return Proof(**{**vars(proof), **changes})


def _with_word(proof: Proof, index: int, word: int) -> Proof:
    return _with(proof, points=(*proof.points[:index], word, *proof.points[index + 1 :]))


def _purpose(**changes: Any) -> dict[str, Any]:
    terms = {"roots": [GROUP.root], "scope": POLL.value, "message": BALLOT.value, "depths": [DEPTH]} | changes
    return {
        "roots": [str(root) for root in terms["roots"]],
        "scope": str(terms["scope"]),
        "message": str(terms["message"]),
        "depths": terms["depths"],
    }


def _vector(
    name: str, proof: Proof, check: str | None, evm: str | None, purpose: dict[str, Any] | None = None
) -> dict[str, Any]:
    signals = [proof.root, proof.nullifier, *map(_signal, (proof.message, proof.scope))]
    return {
        "name": name,
        "check": check,
        "evm": evm,
        "proof": proof.to_json(),
        "signals": None if evm is None else [str(signal) for signal in signals],
        "purpose": purpose,
    }


def _signal(word: int) -> int:
    return hash_to_field(word) if 0 <= word < 1 << 256 else word


if __name__ == "__main__":
    main()
