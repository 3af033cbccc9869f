"""What a relay's transaction did for one of the many whose requests it carried."""

from __future__ import annotations

from backend.cli.contracts import Happened
from backend.cli.refusals import sentence
from backend.cli.relay import brought_about
from backend.decode import Refusal

ALICE, BOB = "0x" + "aa" * 20, "0x" + "bb" * 20


def forwarded(account: str, nonce: int) -> Happened:
    return Happened("Forwarder", "Forwarded", {"from": account, "nonce": str(nonce), "success": True})


def vouched(member: int) -> Happened:
    return Happened("Admission", "Vouched", {"memberId": member})


BATCH = [
    vouched(1),
    forwarded(ALICE, 1),
    vouched(2),
    Happened("Admission", "ObjectionWindowOpened", {}),
    forwarded(BOB, 1),
    forwarded(ALICE, 2),
]


def test_a_member_is_told_of_their_own_request_only():
    assert brought_about(BATCH, ALICE, "1") == [vouched(1)]
    assert [event.event for event in brought_about(BATCH, BOB, "1")] == ["Vouched", "ObjectionWindowOpened"]
    assert brought_about(BATCH, ALICE, "2") == []


def test_an_account_is_the_same_however_its_hex_digits_are_written():
    assert brought_about(BATCH, "0x" + "Aa" * 20, "1") == [vouched(1)]


def test_nothing_is_told_of_a_request_that_was_not_in_the_batch():
    assert brought_about(BATCH, BOB, "9") == []


def test_a_relay_that_says_less_than_the_contract_is_understood():
    told = sentence(Refusal("AdmissionVouchTwice", {"memberId": 3}))
    assert told == "the contract refused: AdmissionVouchTwice(memberId 3)"


def test_the_relays_own_reasons_have_words():
    assert "proposal is Defeated" in sentence(Refusal("RelayVotingIsOver", {"state": "Defeated"}))
    assert "signed: votes is no whole number" in sentence(
        Refusal("RelayMalformed", {"reason": "votes is no whole number of 8 bits"})
    )
