"""`castFollowed`: the entry for ballots that were cast because of a delegation."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.people import DAY, member_id
from tests.contracts.polls.conftest import CLOSED, FOLLOWING, VOTING, votes


@pytest.fixture(scope="module")
def poll(voters, open_poll):
    return open_poll(options=5)


@pytest.fixture(scope="module")
def cast_followed(commune):
    """Records a ballot as the follower does."""

    def send(poll, member, ballot):
        return commune.polls.castFollowed(poll, member, ballot, acting_as(commune.delegation))

    return send


def test_the_delegation_module_is_the_follower(commune):
    assert commune.polls.follower() == commune.delegation


def test_another_follower_is_told_of_and_takes_the_place_of_the_last(commune, poll, to_end_of_voting, alice):
    tx = commune.polls.setFollower(alice.address, acting_as(commune.timelock))
    assert tx.events["FollowerSet"]["follower"] == commune.polls.follower() == alice.address
    to_end_of_voting(poll)
    with reverts(error("PollsOnlyFollower", commune.delegation)):
        commune.polls.castFollowed(poll, 2, votes(1), acting_as(commune.delegation))
    commune.polls.castFollowed(poll, 2, votes(1), alice.tx)


def test_without_a_follower_nobody_is_followed(commune, poll, to_end_of_voting, alice):
    commune.polls.setFollower(ZERO_ADDRESS, acting_as(commune.timelock))
    to_end_of_voting(poll)
    with reverts(error("PollsOnlyFollower", alice)):
        commune.polls.castFollowed(poll, 2, votes(1), alice.tx)


def test_ballots_are_followed_after_voting_and_before_the_poll_is_closed(commune, poll, cast_followed):
    end = commune.polls.poll(poll)["votingEnd"]
    with reverts(error("PollsNotFollowing", poll, VOTING)):
        cast_followed(poll, 2, votes(1))
    mine_at(end + 1)
    cast_followed(poll, 2, votes(1))
    assert commune.polls.state(poll) == FOLLOWING
    mine_at(end + DAY + 1)
    with reverts(error("PollsNotFollowing", poll, CLOSED)):
        cast_followed(poll, 3, votes(1))


@pytest.mark.parametrize("hidden", [False, True])
def test_nobody_is_followed_in_a_secret_poll(
    commune, identities, open_poll, to_end_of_voting, cast_followed, hidden
):
    poll = open_poll(secret=True, hidden=hidden)
    to_end_of_voting(poll)
    state = commune.polls.state(poll)
    assert state != FOLLOWING
    with reverts(error("PollsNotFollowing", poll, state)):
        cast_followed(poll, 2, votes(1))


def test_who_joined_since_is_not_followed_for(commune, poll, to_end_of_voting, cast_followed, newcomer):
    admit_directly(commune, newcomer)
    to_end_of_voting(poll)
    member = member_id(commune, newcomer)
    with reverts(error("PollsMemberNotInElectorate", poll, member)):
        cast_followed(poll, member, votes(1))


def test_who_has_a_ballot_gets_no_other(commune, poll, to_end_of_voting, cast_followed, alice):
    me = member_id(commune, alice)
    commune.polls.cast(poll, 0, alice.tx)
    to_end_of_voting(poll)
    cast_followed(poll, 2, 0)
    for member in (me, 2):
        with reverts(error("PollsAlreadyVoted", poll, member)):
            cast_followed(poll, member, votes(1))


@pytest.mark.parametrize("bad", [votes(0, 0, 0, 0, 0, 1), 1 << 240, 1 << 254, 1 << 255])
def test_votes_for_options_that_are_not_there_are_refused(poll, to_end_of_voting, cast_followed, bad):
    to_end_of_voting(poll)
    with reverts(error("PollsBadBallot", poll, bad)):
        cast_followed(poll, 2, bad)


def test_a_followed_ballot_keeps_to_its_members_budget(commune, poll, to_end_of_voting, cast_followed):
    to_end_of_voting(poll)
    with reverts(error("VoiceCreditsExceeded", 2, 1, 120, 100)):
        cast_followed(poll, 2, votes(11))


def test_it_is_no_sign_of_life(commune, poll, to_end_of_voting, cast_followed):
    to_end_of_voting(poll)
    cast_followed(poll, 2, votes(2))
    assert commune.credits.lastBallotDay(2, 1) == 0
