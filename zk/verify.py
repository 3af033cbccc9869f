"""Whether a proof of membership is what it says, and what was asked for.

Groth16's equation is checked last. Before it stands what keeps the equation from being asked about something
else: two numbers for one element, points outside the groups, a group that is empty, a proof for another
purpose. The table in docs/zk-checks.md says what each check is there for.

A proof may be re-randomised by anyone into another one of the same statement, so its bytes identify nothing.
What a member can do once per scope is told by the nullifier: `Verified.nullifier` belongs into a table under
a unique key (scope, nullifier), in the same transaction as what the proof permits.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from zk._backends import Backend, Equation, choose
from zk._curve import G1, G2, Q, on_g1, on_twist
from zk._field import WORD, R, hash_to_field
from zk.errors import (
    CoordinateCount,
    CoordinateOutOfRange,
    DepthRefused,
    NotAnInteger,
    OtherMessage,
    OtherScope,
    PairingFailed,
    PointAtInfinity,
    PointOffCurve,
    ProofRefused,
    RootRefused,
    RootZero,
    SignalOutOfRange,
)
from zk.keys import verification_key
from zk.message import Message
from zk.proof import Proof, words
from zk.scope import Scope

_COEFFICIENT_BITS = 128


@dataclass(frozen=True)
class Verified:
    """What a proof has shown. `(scope, nullifier)` may act once: keep it under a unique key."""

    depth: int
    root: int
    scope: int
    message: int
    nullifier: int


@dataclass(frozen=True)
class Claim:
    """A proof, and what it has to be a proof of.

    `roots`: of the groups whose members may act here. `scope` and `message`: what is to be permitted, as
    whoever verifies has worked it out, or the words themselves where another application's proofs are
    verified; never what the proof names. `depths`: that proofs for this purpose are made at.
    """

    proof: Proof
    roots: Collection[int]
    scope: Scope | int
    message: Message | int
    depths: Collection[int]


def verify(
    proof: Proof,
    *,
    roots: Collection[int],
    scope: Scope | int,
    message: Message | int,
    depths: Collection[int],
    backend: str | None = None,
) -> Verified:
    """What the proof has shown, or a `ProofRefused` that says which check failed, in the order of the checks.

    Parameters as in `Claim`. `backend`: "native" or "reference" instead of the fastest installed;
    `BackendFailed` if it cannot compute, which says nothing about the proof.
    """
    chosen = choose(backend)
    claim = Claim(proof, roots, scope, message, depths)
    equation = _equation(claim, chosen)
    if not chosen.hold([equation], [1]):
        raise PairingFailed
    return _verified(claim)


def verify_batch(claims: Sequence[Claim], *, backend: str | None = None) -> list[Verified | ProofRefused]:
    """A verdict on each claim, as `verify` would give it, at a fraction of the time when nearly all are good.

    All equations are checked as one, each raised to a random power of 128 bits that nobody can foresee; a set
    that fails is halved until the culprits stand alone. The same nullifier twice is not this function's
    concern.
    """
    chosen = choose(backend)
    verdicts: list[Verified | ProofRefused] = []
    equations: dict[int, Equation] = {}
    for index, claim in enumerate(claims):
        try:
            equations[index] = _equation(claim, chosen)
            verdicts.append(_verified(claim))
        except ProofRefused as refusal:
            verdicts.append(refusal)
    for index in _culprits(list(equations), equations, chosen):
        verdicts[index] = PairingFailed()
    return verdicts


def _culprits(indexes: list[int], equations: dict[int, Equation], backend: Backend) -> list[int]:
    """Those whose equation does not hold."""
    if not indexes:
        return []
    # A single equation needs no blinding, and an exact answer is what a verdict should rest on.
    coefficients = [1 + secrets.randbits(_COEFFICIENT_BITS) for _ in indexes] if len(indexes) > 1 else [1]
    if backend.hold([equations[index] for index in indexes], coefficients):
        return []
    if len(indexes) == 1:
        return indexes
    half = len(indexes) // 2
    return _culprits(indexes[:half], equations, backend) + _culprits(indexes[half:], equations, backend)


def _verified(claim: Claim) -> Verified:
    proof = claim.proof
    return Verified(proof.depth, proof.root, proof.scope, proof.message, proof.nullifier)


def _equation(claim: Claim, backend: Backend) -> Equation:
    """The equation to check for a claim, once everything else about it has been found good."""
    proof = claim.proof
    scope, message = words(claim.scope, claim.message)
    key = verification_key(proof.depth)
    if proof.depth not in claim.depths:
        raise DepthRefused(proof.depth, claim.depths)
    _require_numbers(proof)
    a, b, c = _points(proof.points)
    points = backend.prepare(a, b, c)
    if proof.root == 0:
        raise RootZero
    if proof.root not in claim.roots:
        raise RootRefused(proof.root)
    if proof.scope != scope:
        raise OtherScope(scope, proof.scope)
    if proof.message != message:
        raise OtherMessage(message, proof.message)
    signals = proof.root, proof.nullifier, hash_to_field(message), hash_to_field(scope)
    return Equation(key, points, signals)


def _require_numbers(proof: Proof) -> None:
    if len(proof.points) != 8:
        raise CoordinateCount(len(proof.points))
    signals = {"root": R, "nullifier": R, "message": WORD, "scope": WORD}
    for name, limit in signals.items():
        value = _integer(name, getattr(proof, name))
        if not 0 <= value < limit:
            raise SignalOutOfRange(name, value, limit)
    for index, word in enumerate(proof.points):
        name = f"points[{index}]"
        if not 0 <= _integer(name, word) < Q:
            raise CoordinateOutOfRange(name, word, Q)


def _integer(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotAnInteger(name, value)
    return value


def _points(words: Sequence[int]) -> tuple[G1, G2, G1]:
    """A, B and C of the curves from a proof's eight words."""
    ax, ay, bx1, bx0, by1, by0, cx, cy = words
    a, b, c = (ax, ay), ((bx0, bx1), (by0, by1)), (cx, cy)
    for name, point in (("A", a), ("B", b), ("C", c)):
        if point in ((0, 0), ((0, 0), (0, 0))):
            raise PointAtInfinity(name)
    for name, lies in (("A", on_g1(a)), ("B", on_twist(b)), ("C", on_g1(c))):
        if not lies:
            raise PointOffCurve(name)
    return a, b, c
