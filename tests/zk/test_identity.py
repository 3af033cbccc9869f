"""An identity is Semaphore's: the same private key gives the same everything, and it shows no secret."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.zk.javascript import javascript
from tests.zk.vectors import SEMAPHORE
from zk import (
    Identity,
    OutOfRange,
    PrivateKeyMalformed,
    Scope,
    Signature,
    commitment_of,
    verify_signature,
)
from zk._babyjubjub import BASE8, COFACTOR, NEUTRAL, L, Point, add, multiply
from zk._field import R
from zk._poseidon import poseidon


def of_vector(vector) -> Identity:
    return Identity.from_hex(vector["k"]) if vector["hex"] else Identity.from_text(vector["k"])


def points(values) -> Point:
    return Point(*map(int, values))


# ------------------------------------------------------------------ the official packages


@pytest.mark.parametrize("vector", SEMAPHORE["identities"], ids=lambda vector: vector["exp"][:16] or "empty")
def test_an_identity_of_the_vectors_agrees(vector):
    identity = of_vector(vector)
    assert str(identity.secret_scalar) == vector["secret"]
    assert identity.public_key == points(vector["pub"])
    assert str(identity.commitment) == vector["c"]
    assert identity.export() == vector["exp"]
    message, (r8, s) = int(vector["msg"]), vector["sig"]
    assert identity.sign(message) == Signature(points(r8), int(s))
    assert verify_signature(identity.public_key, message, Signature(points(r8), int(s)))


def test_there_are_forty_identities_and_all_but_the_empty_one_are_imported():
    exports = [vector for vector in SEMAPHORE["identities"] if vector["exp"]]
    assert (len(SEMAPHORE["identities"]), len(exports)) == (40, 39)
    for vector in exports:
        assert str(Identity.from_export(vector["exp"]).commitment) == vector["c"]


def test_identities_cross_to_javascript_and_back():
    made = [Identity.create() for _ in range(12)]
    rng = random.Random(5)
    made += [
        Identity(rng.randbytes(length)) for length in (1, 31, 33, 110, 111, 112, 127, 128, 129, 255, 300)
    ]
    messages = [rng.randrange(R) for _ in made]
    signatures = [identity.sign(message) for identity, message in zip(made, messages, strict=True)]
    theirs = javascript(
        """
        const point = (values) => values.map(BigInt);
        return {
            ours: input.map(({ exported, message, signature }) => {
                const identity = Identity.import(exported);
                const { R8, S } = identity.signMessage(BigInt(message));
                return {
                    secret: identity.secretScalar, key: identity.publicKey, commitment: identity.commitment,
                    exported: identity.export(), signature: [R8, S],
                    verified: Identity.verifySignature(BigInt(message),
                        { R8: point(signature[0]), S: BigInt(signature[1]) }, identity.publicKey),
                };
            }),
            theirs: Array.from({ length: 12 }, () => {
                const identity = new Identity();
                const { R8, S } = identity.signMessage(7n);
                return { exported: identity.export(), commitment: identity.commitment, signature: [R8, S] };
            }),
        };
        """,
        [
            {"exported": i.export(), "message": str(m), "signature": [list(map(str, s.r8)), str(s.s)]}
            for i, m, s in zip(made, messages, signatures, strict=True)
        ],
    )
    for identity, signature, answer in zip(made, signatures, theirs["ours"], strict=True):
        assert answer == {
            "secret": str(identity.secret_scalar),
            "key": list(map(str, identity.public_key)),
            "commitment": str(identity.commitment),
            "exported": identity.export(),
            "signature": [list(map(str, signature.r8)), str(signature.s)],
            "verified": True,
        }
    for answer in theirs["theirs"]:
        identity = Identity.from_export(answer["exported"])
        assert str(identity.commitment) == answer["commitment"]
        r8, s = answer["signature"]
        assert identity.sign(7) == Signature(points(r8), int(s))


# ------------------------------------------------------------------ keys


def test_created_identities_differ_and_hold_32_random_bytes():
    made = [Identity.create() for _ in range(20)]
    assert len({identity.commitment for identity in made}) == 20
    assert {len(identity.export()) for identity in made} == {44}


def test_the_secrets_are_in_no_text_an_identity_shows():
    identity = Identity.from_text("a secret that must not be seen")
    shown = f"{identity!r} {identity} {[identity]}"
    assert shown.count(str(identity.commitment)) == 3
    for secret in (
        str(identity.secret_scalar),
        identity.export(),
        "must not be seen",
        hex(identity.secret_scalar),
    ):
        assert secret not in shown
    assert not hasattr(identity, "__dict__")


@pytest.mark.parametrize(
    "text", ["", "not base64!", "bWVtYmVyLTA", "bWVtYmVyLTA=\n", "b=Vt", "é", " bWVtYmVyLTA="]
)
def test_what_is_no_export_is_refused_without_showing_it(text):
    with pytest.raises(PrivateKeyMalformed) as refused:
        Identity.from_export(text)
    assert not text or text not in str(refused.value)


@pytest.mark.parametrize("digits", ["0", "0xabc", "zz", "ab cd", "é"])
def test_what_is_not_hexadecimal_is_refused_without_showing_it(digits):
    with pytest.raises(PrivateKeyMalformed) as refused:
        Identity.from_hex(digits)
    assert f" {digits} " not in str(refused.value)


def test_hexadecimal_digits_may_begin_with_0x():
    assert Identity.from_hex("0xABcd").commitment == Identity(b"\xab\xcd").commitment


def test_text_without_a_form_in_utf_8_is_refused():
    with pytest.raises(PrivateKeyMalformed):
        Identity.from_text("\ud800")


def test_the_secret_scalar_is_that_of_the_public_key():
    identity = Identity.create()
    assert identity.public_key == multiply(BASE8, identity.secret_scalar)
    assert identity.commitment == commitment_of(identity.public_key) == poseidon(identity.public_key)
    assert 0 < identity.secret_scalar < L


# ------------------------------------------------------------------ nullifiers


def test_a_nullifier_is_one_per_identity_and_scope():
    people = [Identity.from_text(name) for name in ("alice", "bob")]
    scopes = [Scope.of_poll(31337, 0xAA, number) for number in range(3)]
    nullifiers = {person.nullifier(scope) for person in people for scope in scopes}
    assert len(nullifiers) == 6
    assert people[0].nullifier(scopes[0]) == poseidon((scopes[0].signal, people[0].secret_scalar))


# ------------------------------------------------------------------ signatures


@settings(max_examples=15, deadline=None)
@given(key=st.binary(max_size=200), message=st.integers(0, R - 1), other=st.integers(0, R - 1))
def test_a_signature_is_for_one_message(key, message, other):
    identity = Identity(key)
    signature = identity.sign(message)
    assert verify_signature(identity.public_key, message, signature)
    assert verify_signature(identity.public_key, other, signature) == (other == message)


ALICE = Identity.from_text("alice")
BOB = Identity.from_text("bob")
SIGNED = ALICE.sign(42)
# A point of order 8 L: on the curve, outside the subgroup.
GENERATOR = Point(
    995203441582195749578291179787384436505546430278305826713579947235728471134,
    5472060717959818805561601436314318772137091100104008585924551046643952123905,
)
SMALL = multiply(GENERATOR, L)


@pytest.mark.parametrize(
    ("public_key", "message", "signature"),
    [
        (BOB.public_key, 42, SIGNED),
        (ALICE.public_key, 42 + R, SIGNED),
        (ALICE.public_key, -1, SIGNED),
        (ALICE.public_key, 42, Signature(SIGNED.r8, SIGNED.s + L)),
        (ALICE.public_key, 42, Signature(SIGNED.r8, -1)),
        (ALICE.public_key, 42, Signature(SIGNED.r8, True)),
        (ALICE.public_key, 42, Signature(Point(SIGNED.r8.x + R, SIGNED.r8.y), SIGNED.s)),
        (Point(ALICE.public_key.x, ALICE.public_key.y + R), 42, SIGNED),
        (ALICE.public_key, 42, Signature(Point(1, 1), SIGNED.s)),
        (ALICE.public_key, 42, Signature(Point(SIGNED.r8.y, SIGNED.r8.x), SIGNED.s)),
        (ALICE.public_key, 42, Signature(add(SIGNED.r8, SMALL), SIGNED.s)),
        (Point(-ALICE.public_key.x % R, ALICE.public_key.y), 42, SIGNED),
        (GENERATOR, 42, SIGNED),
        (NEUTRAL, 42, Signature(multiply(BASE8, 5), 5)),
        (SMALL, 42, Signature(multiply(BASE8, 5), 5)),
    ],
)
def test_a_signature_altered_aliased_or_of_a_weak_key_is_refused(public_key, message, signature):
    assert not verify_signature(public_key, message, signature)


def test_the_key_of_small_order_would_fool_the_bare_equation():
    forged = Signature(multiply(BASE8, 5), 5)
    assert SMALL != NEUTRAL
    assert multiply(SMALL, COFACTOR) == NEUTRAL
    assert multiply(BASE8, forged.s) == add(forged.r8, multiply(SMALL, COFACTOR * 123456789))


@pytest.mark.parametrize("message", [R, -1, "42", True])
def test_only_a_field_element_is_signed(message):
    with pytest.raises(OutOfRange, match="message"):
        ALICE.sign(message)
