"""Scopes: what two uses are told apart by, and nothing else."""

from __future__ import annotations

import pytest
from eth_abi import encode
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from tests.zk.vectors import SEMAPHORE
from zk import OutOfRange, Scope
from zk._field import R, hash_to_field

words = st.integers(0, 2**256 - 1) | st.sampled_from([0, 1, 2**256 - 1])
addresses = st.integers(0, 2**160 - 1)
scopes = st.builds(
    Scope,
    domain=st.sampled_from(["dualpower.poll", "dualpower.sign-in", "dualpower"]),
    chain_id=words,
    contract=addresses,
    purpose=words,
)


def abi_hash(types: list[str], values: list[object]) -> int:
    return int.from_bytes(keccak(encode(types, values)), "big")


@given(scopes)
def test_a_scope_is_what_solidity_computes(scope):
    contract = "0x" + scope.contract.to_bytes(20, "big").hex()
    assert scope.value == abi_hash(
        ["bytes32", "uint256", "address", "uint256"],
        [keccak(text=scope.domain), scope.chain_id, contract, scope.purpose],
    )
    assert scope.signal == abi_hash(["uint256"], [scope.value]) >> 8 < R


@given(scopes, scopes)
def test_two_uses_never_share_a_scope(one, other):
    assert (one.value == other.value) == (one.signal == other.signal) == (one == other)


def test_a_polls_purpose_is_its_number():
    assert Scope.of_poll(31337, 0xAA, 7) == Scope("dualpower.poll", 31337, 0xAA, 7)


def test_a_sign_in_is_for_one_day_and_one_node():
    scope = Scope.of_sign_in(31337, 0xAA, 20_000, "https://node.example")
    purpose = abi_hash(["uint256", "bytes32"], [20_000, keccak(text="https://node.example")])
    assert scope == Scope("dualpower.sign-in", 31337, 0xAA, purpose)
    others = {
        Scope.of_sign_in(31337, 0xAA, 20_001, "https://node.example"),
        Scope.of_sign_in(31337, 0xAA, 20_000, "https://other.example"),
        Scope.of_sign_in(31337, 0xAB, 20_000, "https://node.example"),
        Scope.of_sign_in(1, 0xAA, 20_000, "https://node.example"),
        Scope.of_poll(31337, 0xAA, 20_000),
    }
    assert len({scope.value} | {other.value for other in others}) == 6


@pytest.mark.parametrize(
    ("what", "make"),
    [
        ("chain id", lambda: Scope("d", 2**256, 1, 1)),
        ("chain id", lambda: Scope("d", -1, 1, 1)),
        ("contract", lambda: Scope("d", 1, 2**160, 1)),
        ("contract", lambda: Scope("d", 1, "0xAA", 1)),
        ("purpose", lambda: Scope("d", 1, 1, 2**256)),
        ("purpose", lambda: Scope("d", 1, 1, True)),
        ("poll id", lambda: Scope.of_poll(1, 1, 2**32)),
        ("day", lambda: Scope.of_sign_in(1, 1, -1, "https://node.example")),
    ],
)
def test_what_does_not_fit_its_word_is_refused_by_name(what, make):
    with pytest.raises(OutOfRange, match=what):
        make()


def number_in(text: str) -> int:
    """What JavaScript sees in text: a number where it looks like one in any base, else bytes32."""
    for base in (10, 0):
        try:
            return int(text, base)
        except ValueError:
            continue
    return int.from_bytes(text.encode().ljust(32, b"\0"), "big")


@pytest.mark.parametrize(
    ("text", "expected"), SEMAPHORE["hashes"], ids=[text for text, _ in SEMAPHORE["hashes"]]
)
def test_the_hash_to_the_field_is_semaphores(text, expected):
    if expected.startswith("ERR"):
        with pytest.raises(OutOfRange):
            hash_to_field(number_in(text))
    else:
        assert str(hash_to_field(number_in(text))) == expected


def test_text_that_semaphore_takes_for_a_number_collides_with_it_there():
    assert len({expected for text, expected in SEMAPHORE["hashes"] if text in ("42", "0x2a")}) == 1


@pytest.mark.parametrize("value", [2**256, -1, "42", True, 1.0])
def test_only_a_word_is_hashed_to_the_field(value):
    with pytest.raises(OutOfRange):
        hash_to_field(value)
