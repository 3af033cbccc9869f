"""`execute`: one member's request, paid for by someone else."""

import pytest
from brownie import reverts, web3
from brownie.exceptions import VirtualMachineError

from tests.contracts.clock import advance
from tests.contracts.errors import error


def test_a_member_without_gas_acts_under_their_own_name(forwarder, target, alice, relayer, request_of):
    request = request_of(alice, value=42)
    assert web3.eth.get_balance(alice.address) == 0
    tx = forwarder.execute(request.struct, request.signed_by(alice, forwarder), {"from": relayer})
    assert tx.events["Acted"] == {"sender": alice.address, "value": 42}
    assert tx.events["Forwarded"]["from"] == alice.address
    assert tx.events["Forwarded"]["nonce"] == 7
    assert tx.events["Forwarded"]["to"] == target
    assert tx.events["Forwarded"]["success"] is True


def test_a_request_cannot_be_carried_out_twice(forwarder, alice, relayer, request_of):
    request = request_of(alice)
    signature = request.signed_by(alice, forwarder)
    forwarder.execute(request.struct, signature, {"from": relayer})
    with reverts(error("ForwarderNonceUsed", alice, 7)):
        forwarder.execute(request.struct, signature, {"from": relayer})


def test_requests_signed_together_go_in_any_order(forwarder, alice, relayer, request_of):
    for nonce in (2**256 - 1, 3, 256, 2, 0):
        request = request_of(alice, nonce=nonce, value=nonce)
        tx = forwarder.execute(request.struct, request.signed_by(alice, forwarder), {"from": relayer})
        assert tx.events["Acted"]["value"] == nonce
    assert not forwarder.isNonceUsed(alice.address, 1)


def test_a_request_that_expired_is_refused(forwarder, alice, relayer, request_of):
    request = request_of(alice)
    signature = request.signed_by(alice, forwarder)
    advance(3601)
    with reverts(error("ForwarderExpired", request.deadline)):
        forwarder.execute(request.struct, signature, {"from": relayer})


@pytest.mark.parametrize(
    "altered",
    [{"gas": 200_000}, {"nonce": 8}, {"data": "0x00"}, {"deadline": 2**48 - 1}],
    ids=lambda changes: next(iter(changes)),
)
def test_a_relayer_cannot_alter_a_request(forwarder, alice, relayer, request_of, altered):
    request = request_of(alice)
    signature = request.signed_by(alice, forwarder)
    with reverts(error("ForwarderBadSignature", alice)):
        forwarder.execute(request.but(**altered).struct, signature, {"from": relayer})


def test_a_relayer_cannot_send_a_request_to_another_module(
    ForwardingTarget, forwarder, alice, relayer, request_of
):
    request = request_of(alice)
    signature = request.signed_by(alice, forwarder)
    other = ForwardingTarget.deploy(forwarder, {"from": relayer})
    with reverts(error("ForwarderBadSignature", alice)):
        forwarder.execute(request.but(to=str(other)).struct, signature, {"from": relayer})


def test_nobody_acts_in_anothers_name(forwarder, alice, stranger, relayer, request_of):
    request = request_of(alice)
    with reverts(error("ForwarderBadSignature", alice)):
        forwarder.execute(request.struct, request.signed_by(stranger, forwarder), {"from": relayer})


@pytest.mark.parametrize(
    "foreign",
    [{"chainId": 1}, {"verifyingContract": "0x" + "11" * 20}, {"name": "Other"}, {"version": "2"}],
    ids=lambda domain: next(iter(domain)),
)
def test_a_signature_for_another_chain_or_forwarder_is_refused(
    forwarder, alice, relayer, request_of, foreign
):
    request = request_of(alice)
    with reverts(error("ForwarderBadSignature", alice)):
        forwarder.execute(request.struct, request.signed_by(alice, forwarder, **foreign), {"from": relayer})


def test_nobody_acts_as_the_zero_address(forwarder, relayer, request_of):
    """A broken signature recovers to zero, which must not count as zero's consent."""
    zero = "0x" + "00" * 20
    request = request_of(zero)
    with reverts(error("ForwarderBadSignature", zero)):
        forwarder.execute(request.struct, "0x" + "00" * 65, {"from": relayer})


def test_the_mirrored_form_of_a_signature_is_refused(forwarder, alice, relayer, request_of):
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    request = request_of(alice)
    signature = bytes.fromhex(request.signed_by(alice, forwarder))
    r, s, v = signature[:32], int.from_bytes(signature[32:64], "big"), signature[64]
    mirrored = r + (order - s).to_bytes(32, "big") + bytes([55 - v])
    with reverts(error("ForwarderBadSignature", alice)):
        forwarder.execute(request.struct, mirrored, {"from": relayer})


def test_a_failing_call_reverts_with_its_own_error_and_keeps_the_nonce(
    forwarder, target, alice, relayer, request_of
):
    request = request_of(alice, data=target.refuse.encode_input(5))
    with reverts(error("ForwardingTargetRefused", alice, 5)):
        forwarder.execute(request.struct, request.signed_by(alice, forwarder), {"from": relayer})
    assert not forwarder.isNonceUsed(alice.address, 7)


def test_a_target_that_does_not_trust_the_forwarder_gets_nothing(
    ForwardingTarget, Forwarder, forwarder, alice, relayer, request_of
):
    elsewhere = ForwardingTarget.deploy(Forwarder.deploy({"from": relayer}), {"from": relayer})
    request = request_of(alice, to=elsewhere)
    with reverts(error("ForwarderUntrustfulTarget", elsewhere)):
        forwarder.execute(request.struct, request.signed_by(alice, forwarder), {"from": relayer})


@pytest.mark.parametrize(
    "answer",
    ["", "01", "00" * 32, "00" * 31 + "02", "ff" * 32],
    ids=["nothing", "one byte", "false", "two", "all ones"],
)
def test_only_a_plain_yes_counts_as_trust(EvasiveTarget, forwarder, alice, relayer, request_of, answer):
    evasive = EvasiveTarget.deploy("0x" + answer, {"from": relayer})
    request = request_of(alice, to=evasive)
    with reverts(error("ForwarderUntrustfulTarget", evasive)):
        forwarder.execute(request.struct, request.signed_by(alice, forwarder), {"from": relayer})


def test_a_plain_yes_is_enough(EvasiveTarget, forwarder, alice, relayer, request_of):
    trusting = EvasiveTarget.deploy("0x" + "00" * 31 + "01", {"from": relayer})
    request = request_of(alice, to=trusting, data="0xdeadbeef")
    tx = forwarder.execute(request.struct, request.signed_by(alice, forwarder), {"from": relayer})
    assert tx.events["Called"]["data"] == "0xdeadbeef" + alice.address[2:].lower()


def test_the_forwarder_never_calls_itself(forwarder, alice, relayer, request_of):
    request = request_of(alice, to=forwarder, data=forwarder.cancel.encode_input(1))
    with reverts(error("ForwarderUntrustfulTarget", forwarder)):
        forwarder.execute(request.struct, request.signed_by(alice, forwarder), {"from": relayer})


def test_an_account_without_code_is_no_target(forwarder, alice, bob, relayer, request_of):
    request = request_of(alice, to=bob.address)
    with reverts(error("ForwarderUntrustfulTarget", bob)):
        forwarder.execute(request.struct, request.signed_by(alice, forwarder), {"from": relayer})


def test_a_request_that_comes_back_from_its_own_call_is_refused(
    forwarder, target, alice, relayer, request_of
):
    inner = request_of(alice, value=2)
    data = target.reenter.encode_input(inner.struct, inner.signed_by(alice, forwarder))
    outer = request_of(alice, data=data, gas=400_000)
    with reverts(error("ForwarderNonceUsed", alice, 7)):
        forwarder.execute(outer.struct, outer.signed_by(alice, forwarder), {"from": relayer})


def test_another_request_may_come_in_from_within_a_call(forwarder, target, alice, bob, relayer, request_of):
    inner = request_of(bob, value=2)
    data = target.reenter.encode_input(inner.struct, inner.signed_by(bob, forwarder))
    outer = request_of(alice, data=data, gas=400_000)
    tx = forwarder.execute(outer.struct, outer.signed_by(alice, forwarder), {"from": relayer})
    assert tx.events["Acted"]["sender"] == bob.address


def test_whatever_gas_a_relayer_gives_the_call_gets_all_that_was_signed_for_or_nothing_happens(
    forwarder, target, alice, relayer, request_of
):
    signed_for = 400_000
    request = request_of(alice, gas=signed_for)
    signature = request.signed_by(alice, forwarder)
    carried_out = refused = 0
    for gas_limit in range(440_000, 500_000, 2_000):
        try:
            result = forwarder.execute.call(
                request.struct, signature, {"from": relayer, "gas_limit": gas_limit}
            )
        except (VirtualMachineError, ValueError):
            refused += 1
        else:
            carried_out += 1
            # What the target's own first instructions use before they measure.
            assert int(str(result), 16) > signed_for - 1_000
    assert carried_out
    assert refused


def test_too_little_gas_is_said_so(forwarder, alice, relayer, request_of):
    request = request_of(alice, gas=1_000_000)
    with reverts(revert_pattern=r"ForwarderTooLittleGas: \d+, 1000000"):
        forwarder.execute(
            request.struct, request.signed_by(alice, forwarder), {"from": relayer, "gas_limit": 900_000}
        )
