"""`castBallot`: a member's own ballot."""

import pytest
from brownie import reverts

from tests.contracts.errors import error, wrong_state
from tests.contracts.membership.steps import admit_directly, expel_directly, move_directly
from tests.contracts.people import (
    ABSTAIN,
    ACTIVE,
    AGAINST,
    DEFEATED,
    FOR,
    PENDING,
    opened,
    parameter_change,
    person,
    resolution,
    to_end,
    to_voting,
)


def test_a_ballot_is_recorded_with_its_choice_votes_and_cost(assembly, voting, alice):
    tx = assembly.castBallot(voting, ABSTAIN, 3, alice.tx)
    assert tx.events["BallotRecorded"] == {
        "proposalId": voting,
        "memberId": 1,
        "support": ABSTAIN,
        "votes": 3,
        "kind": 1,
        "cost": 8,
        "followed": False,
    }
    assert tx.events["VoteCast"] == {
        "voter": alice.address,
        "proposalId": voting,
        "support": ABSTAIN,
        "weight": 3,
        "reason": "",
    }
    ballot = assembly.ballotOf(voting, 1).dict()
    cast_at = ballot.pop("castAt")
    assert ballot == {"cast": True, "support": ABSTAIN, "votes": 3, "followed": False}
    assert 0 <= tx.timestamp - cast_at < 3600
    assert assembly.hasVoted(voting, alice.address)


def test_votes_add_up_by_choice_and_heads_by_member(assembly, voting, founders):
    for voter, support, votes in zip(
        founders, (AGAINST, FOR, FOR, ABSTAIN, FOR), (2, 3, 1, 4, 10), strict=True
    ):
        assembly.castBallot(voting, support, votes, voter.tx)
    assert assembly.tallyOf(voting).dict() == {
        "againstVotes": 2,
        "forVotes": 14,
        "abstainVotes": 4,
        "forHeads": 3,
        "heads": 5,
        "extendedDeadline": 0,
    }
    assert assembly.proposalVotes(voting) == (2, 14, 4)


# ------------------------------------------------------------------ what


@pytest.mark.parametrize("support", [3, 4, 255])
def test_unknown_choice_is_refused(assembly, voting, alice, support):
    with reverts(error("AssemblyUnknownSupport", support)):
        assembly.castBallot(voting, support, 1, alice.tx)


@pytest.mark.parametrize("votes", [0, 32, 255])
def test_a_ballot_has_one_to_31_votes(assembly, voting, alice, votes):
    with reverts(error("AssemblyVotesOutOfRange", votes, 31)):
        assembly.castBallot(voting, FOR, votes, alice.tx)


def test_nobody_votes_beyond_their_budget(commune, assembly, voting, alice, bob, carol):
    with reverts(error("VoiceCreditsExceeded", 1, 1, 120, 100)):
        assembly.castBallot(voting, FOR, 11, alice.tx)
    assembly.castBallot(voting, FOR, 10, alice.tx)
    other = opened(commune, resolution(commune, bob), bob, [bob, carol])
    to_voting(commune, other)
    with reverts(error("VoiceCreditsExceeded", 1, 1, 3, 1)):
        assembly.castBallot(other, FOR, 2, alice.tx)
    assembly.castBallot(other, FOR, 1, alice.tx)
    assert commune.credits.creditsLeft(1, 1) == 1


def test_a_constitutional_vote_is_one_member_one_vote(commune, assembly, bob, carol):
    proposal = opened(commune, parameter_change(commune, bob, "assembly.sponsors", 3), bob, [bob, carol])
    to_voting(commune, proposal)
    with reverts(error("AssemblyVotesOutOfRange", 2, 1)):
        assembly.castBallot(proposal, FOR, 2, bob.tx)
    tx = assembly.castBallot(proposal, FOR, 1, bob.tx)
    assert tx.events["BallotRecorded"]["kind"] == 0
    assert tx.events["BallotRecorded"]["cost"] == 0


# ------------------------------------------------------------------ once


def test_nobody_votes_twice(assembly, voting, alice):
    assembly.castBallot(voting, FOR, 1, alice.tx)
    for support in (FOR, AGAINST):
        with reverts(error("AssemblyAlreadyVoted", voting, 1)):
            assembly.castBallot(voting, support, 1, alice.tx)
    with reverts(error("AssemblyAlreadyVoted", voting, 1)):
        assembly.castVote(voting, AGAINST, alice.tx)


def test_recovery_during_a_vote_gives_no_second_ballot(commune, assembly, voting, alice):
    new_account = person(9)
    assembly.castBallot(voting, FOR, 1, alice.tx)
    move_directly(commune, 1, new_account)
    with reverts(error("AssemblyAlreadyVoted", voting, 1)):
        assembly.castBallot(voting, AGAINST, 1, new_account.tx)
    assert assembly.hasVoted(voting, new_account.address)


def test_after_a_recovery_the_new_account_votes_and_the_old_one_does_not(commune, assembly, voting, alice):
    new_account = person(9)
    move_directly(commune, 1, new_account)
    with reverts(error("AssemblyNotInElectorate", voting, alice, 0)):
        assembly.castBallot(voting, FOR, 1, alice.tx)
    assembly.castBallot(voting, FOR, 1, new_account.tx)
    assert assembly.ballotOf(voting, 1)["cast"]


def test_neighbours_in_a_storage_slot_keep_their_own_ballots(commune, assembly, bob, carol):
    """Members 15 to 17 lie in two slots of sixteen."""
    crowd = [person(i) for i in range(10, 22)]
    admit_directly(commune, *crowd)
    proposal = opened(commune, resolution(commune, bob), bob, [bob, carol])
    to_voting(commune, proposal)
    cast = {15: (AGAINST, 2), 16: (FOR, 9), 17: (ABSTAIN, 3)}
    for member, (support, votes) in cast.items():
        assembly.castBallot(proposal, support, votes, crowd[member - 6].tx)
    for member in range(1, 18):
        ballot = assembly.ballotOf(proposal, member)
        assert ballot["cast"] == (member in cast)
        if ballot["cast"]:
            assert (ballot["support"], ballot["votes"]) == cast[member]


# ------------------------------------------------------------------ when


def test_nobody_votes_before_the_start(commune, assembly, alice, bob, carol):
    proposal = opened(commune, resolution(commune, bob), bob, [bob, carol])
    with reverts(wrong_state(proposal, PENDING, ACTIVE)):
        assembly.castBallot(proposal, FOR, 1, alice.tx)


def test_nobody_votes_after_the_end(commune, assembly, voting, alice):
    to_end(commune, voting)
    with reverts(wrong_state(voting, DEFEATED, ACTIVE)):
        assembly.castBallot(voting, FOR, 1, alice.tx)


def test_nobody_votes_on_what_does_not_exist(assembly, alice):
    with reverts(error("GovernorNonexistentProposal", 12345)):
        assembly.castBallot(12345, FOR, 1, alice.tx)


# ------------------------------------------------------------------ who


def test_stranger_has_no_ballot(assembly, voting, stranger):
    with reverts(error("AssemblyNotInElectorate", voting, stranger, 0)):
        assembly.castBallot(voting, FOR, 1, stranger.tx)


def test_who_joins_between_publication_and_voting_has_no_ballot(commune, assembly, bob, carol, newcomer):
    proposal = opened(commune, resolution(commune, bob), bob, [bob, carol])
    admit_directly(commune, newcomer)
    to_voting(commune, proposal)
    with reverts(error("AssemblyNotInElectorate", proposal, newcomer, 0)):
        assembly.castBallot(proposal, FOR, 1, newcomer.tx)


def test_who_joined_before_publication_has_a_ballot(commune, assembly, bob, carol, newcomer):
    admit_directly(commune, newcomer)
    proposal = opened(commune, resolution(commune, bob), bob, [bob, carol])
    to_voting(commune, proposal)
    assembly.castBallot(proposal, FOR, 1, newcomer.tx)


def test_who_has_left_since_has_no_ballot(commune, assembly, voting, erin):
    commune.membership.leave(erin.tx)
    with reverts(error("AssemblyNotInElectorate", voting, erin, 0)):
        assembly.castBallot(voting, FOR, 1, erin.tx)


def test_who_left_and_came_back_since_has_no_ballot(commune, assembly, voting, erin):
    commune.membership.leave(erin.tx)
    admit_directly(commune, erin)
    with reverts(error("AssemblyNotInElectorate", voting, erin, 0)):
        assembly.castBallot(voting, FOR, 1, erin.tx)


def test_who_was_expelled_since_has_no_ballot(commune, assembly, voting, erin):
    expel_directly(commune, 5)
    with reverts(error("AssemblyNotInElectorate", voting, erin, 0)):
        assembly.castBallot(voting, FOR, 1, erin.tx)
