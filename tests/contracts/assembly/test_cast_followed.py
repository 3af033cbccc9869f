"""`castFollowed`: the restricted entry for ballots cast because of a delegation."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from scripts import commune as communes
from tests.contracts.clock import mine_at
from tests.contracts.errors import error, wrong_state
from tests.contracts.membership.steps import admit_directly
from tests.contracts.people import (
    ACTIVE,
    AGAINST,
    DAY,
    DEFEATED,
    FOR,
    SUCCEEDED,
    carried_out,
    draft,
    opened,
    parameter_change,
    resolution,
    to_end,
    to_voting,
    vote,
)


@pytest.fixture(scope="module")
def follower(commune, SigningWallet, alice, bob, carol, dave):
    """A contract that the commune made its follower, with a day for following."""
    module = SigningWallet.deploy(dave.address, 0, 32, dave.tx)
    law = commune.constitution
    d = draft(
        alice,
        (commune.assembly, commune.assembly.setFollower.encode_input(module.address)),
        (law, law.setParameter.encode_input(communes.bytes32("ordinary.follow"), DAY)),
    )
    tx = carried_out(commune, d, alice, [alice, bob], [alice, bob, carol])
    assert tx.events["FollowerSet"]["follower"] == module.address
    return module


@pytest.fixture(scope="module")
def follow(assembly, follower, dave):
    """Has the follower record a ballot."""

    def cast(proposal, member, support=FOR, votes=1):
        return follower.act(
            assembly, assembly.castFollowed.encode_input(proposal, member, support, votes), dave.tx
        )

    return cast


@pytest.fixture(scope="module")
def voting(commune, follower, pending):
    to_voting(commune, pending)
    return pending


@pytest.fixture(scope="module")
def pending(commune, follower, alice, bob):
    return opened(commune, resolution(commune, alice), alice, [alice, bob])


def to_following(commune, proposal):
    mine_at(commune.assembly.proposalDeadline(proposal) + 1)


def test_following_lasts_a_day_after_voting(commune, assembly, voting, alice, bob, carol):
    vote(commune, voting, [alice, bob, carol])
    deadline = assembly.proposalDeadline(voting)
    assert assembly.followEnd(voting) == deadline + DAY
    mine_at(deadline + DAY)
    assert assembly.state(voting) == ACTIVE
    mine_at(deadline + DAY + 1)
    assert assembly.state(voting) == SUCCEEDED


@pytest.mark.parametrize("who", ["alice", "stranger"])
def test_nobody_but_the_follower_records_followed_ballots(commune, assembly, voting, request, who):
    someone = request.getfixturevalue(who)
    to_following(commune, voting)
    with reverts(error("AssemblyOnlyFollower", someone)):
        assembly.castFollowed(voting, 1, FOR, 1, someone.tx)


def test_nobody_is_followed_while_voting_is_open(assembly, voting, follow):
    deadline = assembly.proposalDeadline(voting)
    with reverts(error("AssemblyNotFollowPeriod", voting, deadline, deadline + DAY)):
        follow(voting, 1)


def test_nobody_is_followed_after_the_period(commune, assembly, voting, follow):
    to_end(commune, voting)
    with reverts(wrong_state(voting, DEFEATED, ACTIVE)):
        follow(voting, 1)


def test_nobody_votes_directly_in_the_follow_period(commune, assembly, voting, alice):
    to_following(commune, voting)
    assert assembly.state(voting) == ACTIVE
    with reverts(error("AssemblyVotingClosed", voting, assembly.proposalDeadline(voting))):
        assembly.castBallot(voting, FOR, 1, alice.tx)


def test_a_followed_ballot_costs_its_member_and_is_marked(commune, assembly, voting, follow):
    to_following(commune, voting)
    tx = follow(voting, 4, AGAINST, 3)
    assert tx.events["BallotRecorded"]["followed"]
    assert tx.events["BallotRecorded"]["cost"] == 8
    assert commune.credits.spentBy(4, 1) == 8
    assert commune.credits.lastBallotDay(4, assembly.termsOf(voting)["season"]) < assembly.proposalSnapshot(
        voting
    )
    ballot = assembly.ballotOf(voting, 4)
    assert ballot["followed"]
    assert (ballot["support"], ballot["votes"]) == (AGAINST, 3)


def test_followed_ballots_count_for_the_tally_not_for_quorum(commune, assembly, voting, follow, alice, bob):
    vote(commune, voting, [alice, bob])
    to_following(commune, voting)
    for member in (3, 4, 5):
        follow(voting, member, FOR, 2)
    tally = assembly.tallyOf(voting)
    assert (tally["forVotes"], tally["heads"], tally["forHeads"]) == (8, 2, 2)
    assert tally["extendedDeadline"] == 0
    to_end(commune, voting)
    assert assembly.state(voting) == DEFEATED


def test_followed_ballots_can_turn_a_result(commune, assembly, voting, follow, alice, bob, carol):
    vote(commune, voting, [alice, bob, carol])
    to_following(commune, voting)
    follow(voting, 4, AGAINST, 3)
    to_end(commune, voting)
    assert assembly.state(voting) == DEFEATED


def test_who_voted_directly_is_never_followed_over(commune, voting, follow, alice):
    vote(commune, voting, [alice])
    to_following(commune, voting)
    with reverts(error("AssemblyAlreadyVoted", voting, 1)):
        follow(voting, 1, AGAINST)


def test_nobody_is_followed_twice(commune, voting, follow):
    to_following(commune, voting)
    follow(voting, 4)
    with reverts(error("AssemblyAlreadyVoted", voting, 4)):
        follow(voting, 4)


def test_who_was_not_in_the_electorate_is_not_followed(commune, voting, follow, newcomer):
    admit_directly(commune, newcomer)
    to_following(commune, voting)
    with reverts(error("AssemblyNotInElectorate", voting, ZERO_ADDRESS, 6)):
        follow(voting, 6)


def test_a_followed_ballot_keeps_to_the_members_budget(commune, voting, follow):
    to_following(commune, voting)
    with reverts(error("VoiceCreditsExceeded", 4, 1, 120, 100)):
        follow(voting, 4, FOR, 11)


def test_constitutional_votes_have_no_following(commune, assembly, follow, bob, carol):
    d = parameter_change(commune, bob, "assembly.sponsors", 3)
    proposal = opened(commune, d, bob, [bob, carol])
    to_voting(commune, proposal)
    to_following(commune, proposal)
    with reverts(wrong_state(proposal, DEFEATED, ACTIVE)):
        follow(proposal, 4)
