"""`cancel`: a member takes back what they signed."""

from brownie import reverts

from tests.contracts.errors import error


def test_a_cancelled_request_is_refused(forwarder, accounts, relayer, request_of):
    member = accounts[3]
    tx = forwarder.cancel(7, {"from": member})
    assert tx.events["NonceCancelled"] == {"from": member, "nonce": 7}
    assert forwarder.isNonceUsed(member, 7)
    request = request_of(member)
    with reverts(error("ForwarderNonceUsed", member, 7)):
        forwarder.execute(request.struct, "0x" + "00" * 65, {"from": relayer})


def test_cancelling_touches_no_other_nonce_and_no_other_member(forwarder, accounts):
    forwarder.cancel(7, {"from": accounts[3]})
    for nonce in (6, 8, 7 + 256, 7 + 2**255):
        assert not forwarder.isNonceUsed(accounts[3], nonce)
    assert not forwarder.isNonceUsed(accounts[4], 7)


def test_what_was_carried_out_can_no_longer_be_cancelled(forwarder, accounts):
    forwarder.cancel(7, {"from": accounts[3]})
    with reverts(error("ForwarderNonceUsed", accounts[3], 7)):
        forwarder.cancel(7, {"from": accounts[3]})


def test_a_member_without_gas_cancels_by_using_the_nonce_for_something_harmless(
    forwarder, alice, relayer, request_of
):
    regretted = request_of(alice, value=1)
    harmless = request_of(alice, value=0)
    forwarder.execute(harmless.struct, harmless.signed_by(alice, forwarder), {"from": relayer})
    with reverts(error("ForwarderNonceUsed", alice, 7)):
        forwarder.execute(regretted.struct, regretted.signed_by(alice, forwarder), {"from": relayer})
