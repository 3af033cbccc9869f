"""A registration is relayed only for who holds the key, and for nothing else they signed."""

from __future__ import annotations

import dataclasses

import pytest
from eth_abi import encode
from eth_utils.crypto import keccak

from zk import (
    Identity,
    KeyUnusable,
    OutOfRange,
    PossessionUnproven,
    Registration,
    Signature,
    SignatureMalformed,
)
from zk._babyjubjub import BASE8, NEUTRAL, L, Point, add, multiply
from zk._field import R, hash_to_field

ALICE = Identity.from_text("alice")
BOB = Identity.from_text("bob")
REGISTRATION = Registration(chain_id=31337, group=0xAA, member_id=7)
GENERATOR = Point(
    995203441582195749578291179787384436505546430278305826713579947235728471134,
    5472060717959818805561601436314318772137091100104008585924551046643952123905,
)
SMALL = multiply(GENERATOR, L)


def test_who_holds_the_key_may_register_it():
    REGISTRATION.check(ALICE.public_key, REGISTRATION.sign(ALICE))


def test_what_is_signed_names_the_chain_the_group_and_the_member():
    words = [keccak(text="dualpower.registration"), 31337, "0x" + "00" * 19 + "aa", 7]
    value = int.from_bytes(keccak(encode(["bytes32", "uint256", "address", "uint32"], words)), "big")
    assert REGISTRATION.message == hash_to_field(value)


@pytest.mark.parametrize("change", [{"chain_id": 1}, {"group": 0xAB}, {"member_id": 8}])
def test_a_signature_for_another_registration_is_refused(change):
    signature = dataclasses.replace(REGISTRATION, **change).sign(ALICE)
    with pytest.raises(PossessionUnproven, match="member 7"):
        REGISTRATION.check(ALICE.public_key, signature)


def test_nobody_registers_the_key_of_another():
    with pytest.raises(PossessionUnproven):
        REGISTRATION.check(ALICE.public_key, REGISTRATION.sign(BOB))


def test_a_signature_of_anything_else_is_refused():
    with pytest.raises(PossessionUnproven):
        REGISTRATION.check(ALICE.public_key, ALICE.sign(7))
    with pytest.raises(PossessionUnproven):
        REGISTRATION.check(ALICE.public_key, Signature(NEUTRAL, 0))


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ((1, 1), "no point of BabyJubJub"),
        ((ALICE.public_key.x + R, ALICE.public_key.y), "no point of BabyJubJub"),
        ((ALICE.public_key.x, -ALICE.public_key.y), "no point of BabyJubJub"),
        ((ALICE.public_key.y, ALICE.public_key.x), "no point of BabyJubJub"),
        (NEUTRAL, "its secret is 0"),
        ((0, R - 1), "its secret is 0 or it has none"),
        (SMALL, "outside the subgroup"),
        (GENERATOR, "outside the subgroup"),
        (add(ALICE.public_key, SMALL), "outside the subgroup"),
    ],
)
def test_a_key_that_proves_nothing_is_refused_even_with_a_signature(key, problem):
    forged = Signature(multiply(BASE8, 5), 5)
    for signature in (REGISTRATION.sign(ALICE), forged):
        with pytest.raises(KeyUnusable, match=problem):
            REGISTRATION.check(key, signature)


@pytest.mark.parametrize("field", ["chain_id", "group", "member_id"])
@pytest.mark.parametrize("value", [-1, 2**256, "7", True])
def test_a_registration_of_what_does_not_fit_is_refused(field, value):
    with pytest.raises(OutOfRange, match=field.replace("_", " ")):
        dataclasses.replace(REGISTRATION, **{field: value})


def test_a_signature_keeps_its_bytes():
    signature = Registration(1, 2, 3).sign(Identity.create())
    assert len(signature.to_bytes()) == 96
    assert Signature.from_bytes(signature.to_bytes()) == signature


@pytest.mark.parametrize("length", [0, 64, 95, 97])
def test_bytes_of_another_length_are_no_signature(length):
    with pytest.raises(SignatureMalformed, match=f"96 bytes, not {length}"):
        Signature.from_bytes(bytes(length))
