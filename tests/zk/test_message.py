"""Messages bind exact content, each kind in a domain of its own and within its scope."""

from __future__ import annotations

import pytest
from eth_abi import encode
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from zk import Message, NotABytes32, OutOfRange, Scope, ScopeMismatch, seal_of
from zk._field import R, hash_to_field

POLL = Scope.of_poll(31337, 0xAA, 7)
SIGN_IN = Scope.of_sign_in(31337, 0xBB, 20_000, "https://node.example")
SALT = b"\x05" * 32
words = st.integers(0, 2**256 - 1)
salts = st.binary(min_size=32, max_size=32)


def abi_hash(types: list[str], values: list[object]) -> int:
    return int.from_bytes(keccak(encode(types, values)), "big")


@given(words)
def test_a_ballots_message_is_what_the_contract_computes(ballot):
    expected = abi_hash(
        ["bytes32", "uint256", "uint256"], [keccak(text="dualpower.ballot"), POLL.value, ballot]
    )
    message = Message.of_ballot(POLL, ballot)
    assert (message.value, message.signal) == (expected, hash_to_field(expected))


@given(st.integers(0, R - 1), words, salts)
def test_a_seal_is_what_the_contract_computes(nullifier, ballot, salt):
    assert seal_of(POLL, nullifier, ballot, salt) == abi_hash(
        ["bytes32", "uint256", "uint256", "uint256", "bytes32"],
        [keccak(text="dualpower.seal"), POLL.value, nullifier, ballot, salt],
    )


@given(salts)
def test_a_sign_ins_message_is_its_challenge_within_the_scope(challenge):
    assert Message.of_sign_in(SIGN_IN, challenge).value == abi_hash(
        ["bytes32", "uint256", "bytes32"], [keccak(text="dualpower.sign-in"), SIGN_IN.value, challenge]
    )


@given(words, words)
def test_two_ballots_never_share_a_message(one, other):
    same = Message.of_ballot(POLL, one).signal == Message.of_ballot(POLL, other).signal
    assert same == (one == other)


def test_the_same_ballot_in_another_poll_is_another_message():
    assert Message.of_ballot(POLL, 1).value != Message.of_ballot(Scope.of_poll(31337, 0xAA, 8), 1).value


def test_a_seal_changes_with_everything_it_hides():
    seals = {
        seal_of(POLL, 1, 2, SALT),
        seal_of(POLL, 2, 2, SALT),
        seal_of(POLL, 1, 3, SALT),
        seal_of(POLL, 1, 2, b"\x06" * 32),
        seal_of(Scope.of_poll(31337, 0xAA, 8), 1, 2, SALT),
    }
    assert len(seals) == 5


def test_a_message_of_one_use_is_refused_in_the_scope_of_another():
    with pytest.raises(
        ScopeMismatch, match=r"dualpower\.ballot message belongs in a scope of dualpower\.poll"
    ):
        Message.of_ballot(SIGN_IN, 1)
    with pytest.raises(ScopeMismatch):
        Message.of_sign_in(POLL, SALT)
    with pytest.raises(ScopeMismatch):
        seal_of(SIGN_IN, 1, 2, SALT)


@pytest.mark.parametrize("ballot", ["42", "0x2a", b"*", 42.0, True, None, -1, 2**256])
def test_text_and_what_else_is_no_word_is_refused_as_a_ballot(ballot):
    with pytest.raises(OutOfRange, match="ballot"):
        Message.of_ballot(POLL, ballot)
    with pytest.raises(OutOfRange, match="ballot"):
        seal_of(POLL, 1, ballot, SALT)
    with pytest.raises(OutOfRange, match="message"):
        Message(POLL, ballot)


def test_a_nullifier_that_is_an_alias_is_not_sealed():
    with pytest.raises(OutOfRange, match="nullifier"):
        seal_of(POLL, 1 + R, 2, SALT)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_salt_and_a_challenge_have_32_bytes(length):
    with pytest.raises(NotABytes32, match=f"salt: {length} bytes are not 32"):
        seal_of(POLL, 1, 2, bytes(length))
    with pytest.raises(NotABytes32, match="challenge"):
        Message.of_sign_in(SIGN_IN, bytes(length))
