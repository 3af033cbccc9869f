"""`verify`: what a node asks before it pays; and the signatures of every kind of wallet."""

import pytest
from brownie.exceptions import VirtualMachineError

from tests.contracts.clock import mine_at


def test_a_good_request_verifies_until_it_is_carried_out(forwarder, alice, relayer, request_of):
    request = request_of(alice)
    signature = request.signed_by(alice, forwarder)
    assert forwarder.verify(request.struct, signature)
    forwarder.execute(request.struct, signature, {"from": relayer})
    assert not forwarder.verify(request.struct, signature)


def test_a_request_is_good_until_its_last_second(forwarder, alice, request_of):
    request = request_of(alice)
    signature = request.signed_by(alice, forwarder)
    mine_at(request.deadline)
    assert forwarder.verify(request.struct, signature)
    mine_at(request.deadline + 1)
    assert not forwarder.verify(request.struct, signature)


def test_a_bad_request_does_not_verify(forwarder, alice, stranger, request_of):
    request = request_of(alice)
    signature = request.signed_by(alice, forwarder)
    assert not forwarder.verify(request.struct, request.signed_by(stranger, forwarder))
    assert not forwarder.verify(request.struct, "0x")
    assert not forwarder.verify(request.struct, signature[:-2])
    assert not forwarder.verify(request.but(deadline=1).struct, signature)
    assert not forwarder.verify(request.but(to=stranger.address).struct, signature)


@pytest.mark.parametrize("length", [32, 64, 100_000], ids=["plain", "padded", "flooding"])
def test_a_contract_wallet_signs_by_erc1271_however_long_its_answer(
    SigningWallet, forwarder, target, alice, stranger, relayer, request_of, length
):
    wallet = SigningWallet.deploy(alice.address, 0, length, {"from": relayer})
    request = request_of(wallet, value=3)
    assert not forwarder.verify(request.struct, request.signed_by(stranger, forwarder))
    tx = forwarder.execute(request.struct, request.signed_by(alice, forwarder), {"from": relayer})
    assert tx.events["Acted"] == {"sender": wallet, "value": 3}
    # The flood's own memory costs the wallet 28,000; copying it would cost the relayer 37,000 more.
    assert tx.gas_used < 110_000 + 28_000 * (length > 64)


def test_an_answer_of_fewer_than_32_bytes_is_no_consent(SigningWallet, forwarder, alice, relayer, request_of):
    wallet = SigningWallet.deploy(alice.address, 0, 31, {"from": relayer})
    request = request_of(wallet)
    assert not forwarder.verify(request.struct, request.signed_by(alice, forwarder))


def test_a_wallet_that_burns_all_its_gas_is_no_consent(SigningWallet, forwarder, alice, relayer, request_of):
    wallet = SigningWallet.deploy(alice.address, 2**255, 32, {"from": relayer})
    request = request_of(wallet)
    assert not forwarder.verify(request.struct, request.signed_by(alice, forwarder))


@pytest.mark.skip_coverage  # there every call is a transaction, whose gas is not the call's
def test_however_little_gas_a_relayer_gives_a_good_wallet_signature_never_looks_bad(
    SigningWallet, forwarder, alice, relayer, request_of
):
    wallet = SigningWallet.deploy(alice.address, 90_000, 32, {"from": relayer})
    request = request_of(wallet)
    signature = request.signed_by(alice, forwarder)
    verified = refused = 0
    for gas_limit in range(60_000, 180_000, 2_500):
        try:
            assert forwarder.verify(request.struct, signature, {"from": relayer, "gas_limit": gas_limit})
            verified += 1
        except (VirtualMachineError, ValueError):
            refused += 1
    assert verified
    assert refused
