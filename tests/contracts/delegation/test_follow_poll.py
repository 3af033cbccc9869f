"""`followPoll`: the same in open polls, where every option's votes are capped."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import mine_at
from tests.contracts.delegation.conftest import (
    CHAIN_TOO_LONG,
    CYCLE,
    HAS_BALLOT,
    LATE_BALLOT,
    NO_DELEGATE,
    NOT_AFFORDABLE,
    NOT_IN_ELECTORATE,
)
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, admit_directly, expel_directly
from tests.contracts.people import DAY, FOOD, HOUSING, member_id
from tests.contracts.polls.conftest import CLOSED, FOLLOWING, votes

HOUR = 3_600


@pytest.fixture(scope="module")
def cast(commune):
    def send(poll, who, *each):
        return commune.polls.cast(poll, votes(*each), who.tx)

    return send


@pytest.fixture(scope="module")
def follow(commune, stranger):
    """Has a stranger send a page of followers; returns who was passed over, and why."""

    def send(poll, *people):
        members = [who if isinstance(who, int) else member_id(commune, who) for who in people]
        tx = commune.delegation.followPoll(poll, members, stranger.tx)
        if "PollFollowSkipped" not in tx.events:
            return []
        return [(event["memberId"], event["problem"]) for event in tx.events["PollFollowSkipped"]]

    return send


@pytest.fixture(scope="module")
def ballot(commune):
    """(ballot, followed) of someone's ballot, or None."""

    def of(poll, who):
        cast, given, followed, _ = commune.polls.ballotOf(poll, member_id(commune, who))
        return (given, followed) if cast else None

    return of


def test_anyone_has_a_ballot_filled_in_for_who_delegated(
    commune, delegation, delegate, open_poll, to_following_of_poll, alice, bob, stranger
):
    delegate(alice, bob)
    poll = open_poll()
    commune.polls.cast(poll, votes(3, 0, 1), bob.tx)
    to_following_of_poll(poll)
    assert commune.polls.state(poll) == FOLLOWING
    me = member_id(commune, alice)
    assert delegation.followPoll.call(poll, [me], stranger.tx) == 1
    tx = delegation.followPoll(poll, [me], stranger.tx)
    assert tx.events["PollFollowed"] == {"pollId": poll, "memberId": me, "voter": member_id(commune, bob)}
    assert tx.events["PollBallotFollowed"] == {
        "pollId": poll,
        "memberId": me,
        "ballot": votes(3, 0, 1),
        "cost": 9,
    }
    assert commune.polls.tally(poll) == (6, 0, 2, 0, 0)
    assert (commune.polls.ballotCount(poll), commune.polls.followedCount(poll)) == (1, 1)
    assert commune.polls.ballotOf(poll, me)[:3] == (True, votes(3, 0, 1), True)
    assert delegation.followSpent(me, FOOD, 1) == commune.credits.spentBy(me, 1) == 9


def test_a_blank_ballot_is_followed_too(
    delegate, open_poll, cast, to_following_of_poll, follow, ballot, alice, bob
):
    delegate(alice, bob)
    poll = open_poll()
    cast(poll, bob)
    to_following_of_poll(poll)
    assert follow(poll, alice) == []
    assert ballot(poll, alice) == (0, True)


# -------------------------------------------------------------------- who is followed for, and whom


def test_who_voted_is_never_followed_over_and_nobody_is_followed_for_twice(
    commune, delegate, open_poll, cast, to_following_of_poll, follow, ballot, alice, bob, carol
):
    for who in (alice, carol):
        delegate(who, bob)
    poll = open_poll()
    cast(poll, bob, 1)
    cast(poll, carol)
    to_following_of_poll(poll)
    me, other = member_id(commune, alice), member_id(commune, carol)
    assert follow(poll, carol, alice, alice) == [(other, HAS_BALLOT), (me, HAS_BALLOT)]
    assert follow(poll, alice) == [(me, HAS_BALLOT)]
    assert (ballot(poll, alice), ballot(poll, carol)) == ((votes(1), True), (0, False))
    assert commune.polls.tally(poll)[0] == 2


def test_the_nearest_direct_voter_decides(
    chain, open_poll, cast, to_following_of_poll, follow, ballot, alice, bob, carol, dave
):
    chain(alice, bob, carol, dave)
    poll = open_poll()
    cast(poll, dave, 5)
    cast(poll, carol, 0, 2)
    to_following_of_poll(poll)
    follow(poll, bob)
    follow(poll, alice)
    assert ballot(poll, alice) == ballot(poll, bob) == (votes(0, 2), True)


def test_chains_end_as_they_do_in_proposals(
    commune, chain, open_poll, cast, to_following_of_poll, follow, founders, others
):
    """Too long, in a cycle, with nobody."""
    chain(*founders, *others[:5])
    chain(others[5], others[6], others[5])
    poll = open_poll()
    cast(poll, others[4])
    to_following_of_poll(poll)
    found = dict(follow(poll, founders[0], founders[1], others[6], others[3]))
    assert found == {
        member_id(commune, founders[0]): CHAIN_TOO_LONG,
        member_id(commune, others[6]): CYCLE,
    }
    empty = open_poll()
    to_following_of_poll(empty)
    assert follow(empty, others[3]) == [(member_id(commune, others[3]), NO_DELEGATE)]


def test_who_is_not_in_the_electorate_is_not_followed_for(
    commune, delegate, open_poll, cast, to_following_of_poll, follow, alice, bob, erin, newcomer
):
    delegate(erin, bob)
    gone = member_id(commune, erin)
    poll = open_poll()
    admit_directly(commune, newcomer)
    delegate(newcomer, bob)
    expel_directly(commune, gone)
    cast(poll, bob, 1)
    to_following_of_poll(poll)
    new = member_id(commune, newcomer)
    assert follow(poll, newcomer, gone, 99) == [(who, NOT_IN_ELECTORATE) for who in (new, gone, 99)]


def test_a_delegate_expelled_in_mid_vote_keeps_the_ballot_they_cast(
    commune, delegate, open_poll, cast, to_following_of_poll, follow, ballot, alice, bob
):
    delegate(alice, bob)
    poll = open_poll()
    cast(poll, bob, 2)
    expel_directly(commune, member_id(commune, bob))
    to_following_of_poll(poll)
    follow(poll, alice)
    assert ballot(poll, alice) == (votes(2), True)


def test_what_was_delegated_after_the_snapshot_does_not_count(
    commune, delegate, open_poll, cast, to_following_of_poll, follow, alice, bob
):
    poll = open_poll()
    delegate(alice, bob)
    cast(poll, bob, 1)
    to_following_of_poll(poll)
    assert follow(poll, alice) == [(member_id(commune, alice), NO_DELEGATE)]


def test_delegations_on_other_topics_do_not_count(
    commune, delegate, open_poll, cast, to_following_of_poll, follow, alice, bob
):
    delegate(alice, bob, topic=HOUSING)
    poll = open_poll()
    cast(poll, bob, 1)
    to_following_of_poll(poll)
    assert follow(poll, alice) == [(member_id(commune, alice), NO_DELEGATE)]


# -------------------------------------------------------------------- when


@pytest.mark.parametrize(("hours", "late"), [(0, False), (20, False), (71, False), (72, True), (95, True)])
def test_a_ballot_of_the_last_day_binds_nobody(
    commune, delegate, open_poll, cast, to_following_of_poll, follow, alice, bob, hours, late
):
    """To the hour since the opening, of the 96 that voting lasts; 18 hours and more fill a byte's seconds."""
    delegate(alice, bob)
    poll = open_poll()
    opening = commune.polls.poll(poll)["electorateAt"] + 1
    mine_at(opening + hours * HOUR + 30)
    cast(poll, bob, 1)
    assert commune.polls.ballotOf(poll, member_id(commune, bob))[3] == opening + hours * HOUR
    to_following_of_poll(poll)
    assert follow(poll, alice) == ([(member_id(commune, alice), LATE_BALLOT)] if late else [])


def test_following_starts_after_voting_and_ends_with_its_day(
    commune, delegation, delegate, open_poll, cast, alice, bob, stranger
):
    delegate(alice, bob)
    poll = open_poll()
    cast(poll, bob, 1)
    end = commune.polls.poll(poll)["votingEnd"]
    members = [member_id(commune, alice)]
    for moment, is_open in ((end, False), (end + 1, True), (end + DAY, True), (end + DAY + 1, False)):
        mine_at(moment)
        if is_open:
            assert delegation.followPoll.call(poll, members, stranger.tx) == 1
        else:
            with reverts(error("DelegationNotFollowPeriod", poll, end, end + DAY)):
                delegation.followPoll.call(poll, members, stranger.tx)
    assert commune.polls.state(poll) == CLOSED


def test_nobody_votes_any_more_while_others_are_followed_for(commune, open_poll, to_following_of_poll, alice):
    poll = open_poll()
    to_following_of_poll(poll)
    with reverts(error("PollsNotVoting", poll, FOLLOWING)):
        commune.polls.cast(poll, votes(1), alice.tx)


def test_polls_opened_without_a_follow_period_have_none(commune, open_poll, follow, alice):
    commune.constitution.setParameter(communes.bytes32("ordinary.follow"), 0, acting_as(commune.timelock))
    poll = open_poll()
    with reverts(error("DelegationNoFollowing", poll)):
        follow(poll, alice)


def test_where_there_is_no_poll_there_is_no_following(follow, alice):
    with reverts(error("PollsUnknown", 7)):
        follow(7, alice)


# -------------------------------------------------------------------- what it costs


@pytest.mark.parametrize(
    ("cap", "credits", "given", "cost"),
    [
        (2, 1000, (2, 2, 1), 8),
        (1, 1000, (1, 1, 1), 2),
        (31, 1000, (7, 3, 1), 58),
        (31, 57, (6, 3, 1), 45),
        (31, 18, (3, 3, 1), 18),
        (31, 17, (2, 2, 1), 8),
        (2, 3, (1, 1, 1), 2),
    ],
)
def test_every_options_votes_are_lowered_alike(
    commune,
    delegate,
    open_poll,
    cast,
    to_following_of_poll,
    follow,
    ballot,
    alice,
    bob,
    cap,
    credits,
    given,
    cost,
):
    delegate(alice, bob, votes=cap, credits=credits)
    poll = open_poll()
    cast(poll, bob, 7, 3, 1)
    to_following_of_poll(poll)
    assert follow(poll, alice) == []
    assert ballot(poll, alice) == (votes(*given), True)
    assert commune.credits.spentBy(member_id(commune, alice), 1) == cost


def test_who_cannot_pay_for_one_vote_on_each_option_gets_no_ballot(
    commune, delegate, open_poll, cast, to_following_of_poll, follow, ballot, alice, bob
):
    """Three options cost two credits beyond the poll's own."""
    delegate(alice, bob, credits=1)
    poll = open_poll()
    cast(poll, bob, 1, 1, 1)
    to_following_of_poll(poll)
    assert follow(poll, alice) == [(member_id(commune, alice), NOT_AFFORDABLE)]
    assert ballot(poll, alice) is None
    assert commune.credits.spentBy(member_id(commune, alice), 1) == 0


def test_sixty_options_are_followed(
    commune, delegate, open_poll, cast, to_following_of_poll, follow, ballot, alice, bob
):
    delegate(alice, bob, credits=90)
    poll = open_poll(options=60)
    each = [2 if option < 13 else 1 for option in range(60)]
    cast(poll, bob, *each)
    to_following_of_poll(poll)
    follow(poll, alice)
    assert ballot(poll, alice) == (votes(*[1] * 60), True)
    assert commune.polls.tally(poll) == tuple(given + 1 for given in each)


# -------------------------------------------------------------------- the quorum


def test_followed_ballots_count_for_the_tally_and_not_for_the_quorum(
    commune, delegate, open_poll, cast, to_following_of_poll, follow, alice, bob, carol, dave, erin
):
    for who in (alice, carol, dave):
        delegate(who, bob)
    poll = open_poll()
    cast(poll, bob, 1)
    cast(poll, erin, 0, 1)
    to_following_of_poll(poll)
    follow(poll, alice, carol, dave)
    assert commune.polls.tally(poll)[:2] == (4, 1)
    assert (commune.polls.ballotCount(poll), commune.polls.followedCount(poll)) == (2, 3)
    assert commune.polls.sealedCount(poll) == 0
