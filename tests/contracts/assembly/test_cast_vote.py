"""`castVote` and its variants: OpenZeppelin's entries, for the clients that know no other."""

import pytest
from brownie import reverts
from eth_abi import encode

from tests.contracts.errors import error
from tests.contracts.people import AGAINST, FOR


def test_cast_vote_gives_one_vote(assembly, voting, alice):
    tx = assembly.castVote(voting, AGAINST, alice.tx)
    assert tx.events["VoteCast"]["weight"] == 1
    assert assembly.proposalVotes(voting) == (1, 0, 0)


def test_cast_vote_with_reason_logs_the_reason(assembly, voting, alice):
    tx = assembly.castVoteWithReason(voting, FOR, "It is about time", alice.tx)
    assert tx.events["VoteCast"]["reason"] == "It is about time"
    assert assembly.ballotOf(voting, 1)["votes"] == 1


def test_cast_vote_with_params_takes_the_number_of_votes(assembly, voting, alice):
    params = encode(["uint8"], [7])
    tx = assembly.castVoteWithReasonAndParams(voting, FOR, "Very much so", params, alice.tx)
    assert tx.events["VoteCastWithParams"]["weight"] == 7
    assert tx.events["BallotRecorded"]["cost"] == 48


@pytest.mark.parametrize("length", [1, 31, 33, 64])
def test_params_of_another_length_are_refused(assembly, voting, alice, length):
    with reverts(error("AssemblyBadParams", length)):
        assembly.castVoteWithReasonAndParams(voting, FOR, "", b"\0" * length, alice.tx)


@pytest.mark.parametrize(("votes", "said"), [(0, 0), (32, 32), (256 + 1, 255), (2**256 - 1, 255)])
def test_params_beyond_a_ballots_votes_are_refused(assembly, voting, alice, votes, said):
    with reverts(error("AssemblyVotesOutOfRange", said, 31)):
        assembly.castVoteWithReasonAndParams(voting, FOR, "", encode(["uint256"], [votes]), alice.tx)


def test_stranger_has_no_vote_whatever_the_entry(assembly, voting, stranger):
    refusal = error("AssemblyNotInElectorate", voting, stranger, 0)
    with reverts(refusal):
        assembly.castVote(voting, FOR, stranger.tx)
    with reverts(refusal):
        assembly.castVoteWithReason(voting, FOR, "", stranger.tx)
    with reverts(refusal):
        assembly.castVoteWithReasonAndParams(voting, FOR, "", b"", stranger.tx)
