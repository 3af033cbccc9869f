"""`verify`: what a node asks before it pays."""

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


def test_a_contract_wallet_signs_by_erc1271(
    SigningWallet, forwarder, target, alice, stranger, relayer, request_of
):
    wallet = SigningWallet.deploy(alice.address, 0, 32, {"from": relayer})
    request = request_of(wallet, value=3)
    assert not forwarder.verify(request.struct, request.signed_by(stranger, forwarder))
    tx = forwarder.execute(request.struct, request.signed_by(alice, forwarder), {"from": relayer})
    assert tx.events["Acted"] == {"sender": wallet, "value": 3}
