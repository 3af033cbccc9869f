"""`executeBatch`: many members' requests in one transaction; a bad one harms nobody."""

from brownie import reverts
from eth_utils import keccak

from tests.contracts.errors import error


def test_a_batch_carries_out_all_its_requests(forwarder, alice, bob, relayer, request_of):
    signers = [alice, bob, alice]
    requests = [request_of(signer, nonce=nonce, value=nonce) for nonce, signer in enumerate(signers)]
    tx = send(forwarder, relayer, requests, signers)
    assert tx.return_value == 3
    assert [event["sender"] for event in tx.events["Acted"]] == [alice.address, bob.address, alice.address]
    assert [event["value"] for event in tx.events["Acted"]] == [0, 1, 2]


def test_each_bad_request_is_skipped_with_its_reason_and_keeps_its_nonce(
    forwarder, target, alice, bob, stranger, relayer, request_of
):
    used = request_of(bob, nonce=1)
    forwarder.execute(used.struct, used.signed_by(bob, forwarder), {"from": relayer})
    requests = {
        "good": request_of(alice, nonce=10),
        "ForwarderExpired": request_of(alice, nonce=11).but(deadline=1),
        "ForwarderNonceUsed": used,
        "ForwarderUntrustfulTarget": request_of(alice, nonce=12, to=stranger.address),
        "ForwarderBadSignature": request_of(stranger, nonce=13),
        "ForwarderTooLittleGas": request_of(alice, nonce=14, gas=2**256 - 1),
        "last": request_of(alice, nonce=15),
    }
    signers = [alice, alice, bob, alice, alice, alice, alice]
    tx = send(forwarder, relayer, list(requests.values()), signers)
    assert tx.return_value == 2
    assert [event["nonce"] for event in tx.events["Forwarded"]] == [10, 15]

    skipped = {event["index"]: event for event in tx.events["RequestSkipped"]}
    for index, (name, request) in enumerate(requests.items()):
        if not name.startswith("Forwarder"):
            continue
        assert str(skipped[index]["reason"]).startswith(selector(forwarder, name)), name
        assert skipped[index]["from"] == request.sender
        assert skipped[index]["nonce"] == request.nonce
        assert forwarder.isNonceUsed(request.sender, request.nonce) == (name == "ForwarderNonceUsed")


def test_a_request_sent_twice_in_a_batch_counts_once(forwarder, alice, relayer, request_of):
    request = request_of(alice)
    tx = send(forwarder, relayer, [request, request], [alice, alice])
    assert tx.return_value == 1
    assert tx.events["RequestSkipped"]["index"] == 1


def test_a_call_that_fails_uses_its_nonce_and_says_why(forwarder, target, alice, bob, relayer, request_of):
    failing = request_of(alice, data=target.refuse.encode_input(5))
    fine = request_of(bob)
    tx = send(forwarder, relayer, [failing, fine], [alice, bob])
    assert tx.return_value == 1
    forwarded = tx.events["Forwarded"][0]
    assert forwarded["success"] is False
    assert str(forwarded["result"]).endswith("5")
    assert alice.address[2:].lower() in str(forwarded["result"])
    assert forwarder.isNonceUsed(alice.address, 7)


def test_a_call_that_burns_its_gas_leaves_enough_for_the_others(
    forwarder, target, alice, bob, relayer, request_of
):
    burning = request_of(alice, data=target.burn.encode_input(), gas=500_000)
    fine = request_of(bob)
    tx = send(forwarder, relayer, [burning, fine], [alice, bob], gas_limit=1_000_000)
    assert tx.return_value == 1
    assert tx.events["Acted"]["sender"] == bob.address


def test_a_call_that_returns_a_flood_does_not_make_the_batch_pay_for_logging_it(
    forwarder, target, alice, relayer, request_of
):
    flooding = request_of(alice, data=target.flood.encode_input(50_000), gas=100_000)
    tx = send(forwarder, relayer, [flooding], [alice])
    assert tx.return_value == 1
    assert len(bytes.fromhex(str(tx.events["Forwarded"]["result"])[2:])) == 1_024


def test_a_wallet_that_burns_gas_is_skipped_and_the_others_go_through(
    SigningWallet, forwarder, alice, bob, relayer, request_of
):
    burning = SigningWallet.deploy(alice.address, 2**255, 32, {"from": relayer})
    requests = [request_of(burning), request_of(bob)]
    tx = send(forwarder, relayer, requests, [alice, bob])
    assert tx.return_value == 1
    assert str(tx.events["RequestSkipped"]["reason"]).startswith(selector(forwarder, "ForwarderBadSignature"))
    # The wallet got its 100,000 and not a gas more.
    assert tx.gas_used < 100_000 + 130_000


def test_every_request_needs_a_signature(forwarder, alice, relayer, request_of):
    request = request_of(alice)
    with reverts(error("ForwarderLengthMismatch", 1, 0)):
        forwarder.executeBatch([request.struct], [], {"from": relayer})


def test_an_empty_batch_does_nothing(forwarder, relayer):
    assert forwarder.executeBatch([], [], {"from": relayer}).return_value == 0


def send(forwarder, relayer, requests, signers, **options):
    signatures = [
        request.signed_by(signer, forwarder) for request, signer in zip(requests, signers, strict=True)
    ]
    structs = [request.struct for request in requests]
    return forwarder.executeBatch(structs, signatures, {"from": relayer, **options})


def selector(contract, error):
    """The first four bytes of an error's data, as the ABI has them."""
    entry = next(entry for entry in contract.abi if entry["type"] == "error" and entry["name"] == error)
    signature = f"{error}({','.join(field['type'] for field in entry['inputs'])})"
    return "0x" + keccak(text=signature)[:4].hex()
