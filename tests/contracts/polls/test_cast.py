"""`cast`: ballots by name, paid from the season's credits."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance, now
from tests.contracts.errors import error
from tests.contracts.forwarder.conftest import Request
from tests.contracts.membership.steps import (
    acting_as,
    admit_directly,
    expel_directly,
    move_directly,
    to_season,
)
from tests.contracts.people import DAY, member_id, person
from tests.contracts.polls.conftest import FOLLOWING, votes


@pytest.fixture(scope="module")
def poll(voters, open_poll):
    return open_poll(options=5)


def test_a_ballot_spreads_votes_over_options(commune, poll, alice):
    ballot = votes(3, 0, 1, 0, 2)
    tx = commune.polls.cast(poll, ballot, alice.tx)
    assert tx.events["PollBallotCast"] == {
        "pollId": poll,
        "memberId": member_id(commune, alice),
        "ballot": ballot,
        "cost": 9 + 1 + 4 - 1,
    }
    assert commune.polls.ballotOf(poll, member_id(commune, alice))[:3] == (True, ballot, False)
    assert commune.polls.tally(poll) == (3, 0, 1, 0, 2)
    assert commune.polls.ballotCount(poll) == 1


@pytest.mark.parametrize(
    ("ballot", "cost"),
    [
        (votes(), 0),
        (votes(1), 0),
        (votes(1, 1), 1),
        (votes(0, 2), 3),
        (votes(5, 5, 5, 5, 1), 100),
        (votes(10), 99),
    ],
)
def test_credits_are_the_sum_of_squares_less_the_polls_own_one(commune, poll, bob, ballot, cost):
    commune.polls.cast(poll, ballot, bob.tx)
    assert commune.credits.spentBy(member_id(commune, bob), 1) == cost


def test_votes_of_many_add_up(commune, poll, voters):
    for given, who in enumerate(voters[:10]):
        commune.polls.cast(poll, votes(0, given, 1), who.tx)
    assert commune.polls.tally(poll) == (0, 45, 10, 0, 0)
    assert commune.polls.ballotCount(poll) == 10


def test_sixty_options_keep_their_votes_apart(commune, voters, open_poll):
    poll = open_poll(options=60)
    expected = [0] * 60
    for start, who in enumerate(voters[:4]):
        each = [1 if option % 4 == start else 0 for option in range(60)]
        each[start * 16] = 7
        commune.polls.cast(poll, votes(*each), who.tx)
        expected = [a + b for a, b in zip(expected, each, strict=True)]
    assert list(commune.polls.tally(poll)) == expected


def test_a_blank_ballot_counts_for_the_quorum(commune, poll, alice):
    commune.polls.cast(poll, 0, alice.tx)
    assert commune.polls.ballotCount(poll) == 1
    assert commune.polls.ballotOf(poll, member_id(commune, alice))[:3] == (True, 0, False)
    with reverts(error("PollsAlreadyVoted", poll, member_id(commune, alice))):
        commune.polls.cast(poll, votes(1), alice.tx)


def test_a_ballot_is_final(commune, poll, alice):
    commune.polls.cast(poll, votes(1), alice.tx)
    for again in (votes(1), votes(0, 1), 0):
        with reverts(error("PollsAlreadyVoted", poll, member_id(commune, alice))):
            commune.polls.cast(poll, again, alice.tx)


def test_nobody_votes_with_more_credits_than_they_have(commune, poll, open_poll, alice):
    who = member_id(commune, alice)
    with reverts(error("VoiceCreditsExceeded", who, 1, 101, 100)):
        commune.polls.cast(poll, votes(10, 1, 1), alice.tx)
    commune.polls.cast(poll, votes(9), alice.tx)
    other = open_poll()
    with reverts(error("VoiceCreditsExceeded", who, 1, 24, 20)):
        commune.polls.cast(other, votes(5), alice.tx)
    commune.polls.cast(other, votes(4), alice.tx)


def test_the_poll_is_paid_from_the_season_it_opened_in(commune, poll, open_poll, alice):
    start, length = commune.constitution.seasonBounds(1)
    advance(start + length - now() - DAY)
    late = open_poll()
    to_season(commune, 2)
    commune.polls.cast(late, votes(4), alice.tx)
    who = member_id(commune, alice)
    assert (commune.credits.spentBy(who, 1), commune.credits.spentBy(who, 2)) == (15, 0)


def test_a_ballot_is_a_sign_of_life(commune, poll, alice):
    commune.polls.cast(poll, votes(1), alice.tx)
    assert commune.credits.lastBallotDay(member_id(commune, alice), 1) == now() // DAY * DAY


@pytest.mark.parametrize("bad", [votes(0, 0, 0, 0, 0, 1), 1 << 240, 1 << 255, 2**256 - 1])
def test_votes_for_options_that_are_not_there_are_refused(commune, poll, alice, bad):
    with reverts(error("PollsBadBallot", poll, bad)):
        commune.polls.cast(poll, bad, alice.tx)


def test_the_upper_bits_stay_empty_with_sixty_options(commune, open_poll, alice):
    poll = open_poll(options=60)
    for bad in (1 << 240, 1 << 255):
        with reverts(error("PollsBadBallot", poll, bad)):
            commune.polls.cast(poll, bad, alice.tx)
    commune.polls.cast(poll, 1 << 236, alice.tx)
    assert commune.polls.tally(poll)[59] == 1


def test_a_stranger_has_no_ballot(commune, poll, stranger):
    with reverts(error("PollsNotInElectorate", poll, stranger)):
        commune.polls.cast(poll, votes(1), stranger.tx)


def test_who_joins_later_has_no_ballot(commune, poll, newcomer):
    admit_directly(commune, newcomer)
    with reverts(error("PollsNotInElectorate", poll, newcomer)):
        commune.polls.cast(poll, votes(1), newcomer.tx)


def test_who_was_expelled_meanwhile_has_no_ballot(commune, poll, voters):
    expel_directly(commune, member_id(commune, voters[-1]))
    with reverts(error("PollsNotInElectorate", poll, voters[-1])):
        commune.polls.cast(poll, votes(1), voters[-1].tx)


def test_a_recovered_member_votes_once(commune, poll, alice):
    commune.polls.cast(poll, votes(1), alice.tx)
    who, phone = member_id(commune, alice), person(30)
    move_directly(commune, who, phone)
    with reverts(error("PollsNotInElectorate", poll, alice)):
        commune.polls.cast(poll, votes(1), alice.tx)
    with reverts(error("PollsAlreadyVoted", poll, who)):
        commune.polls.cast(poll, votes(1), phone.tx)


def test_nobody_votes_after_the_end(commune, poll, alice, to_end_of_voting):
    to_end_of_voting(poll)
    with reverts(error("PollsNotVoting", poll, FOLLOWING)):
        commune.polls.cast(poll, votes(1), alice.tx)


def test_nobody_votes_by_name_in_a_secret_poll(commune, identities, open_poll, alice):
    poll = open_poll(secret=True)
    with reverts(error("PollsSecret", poll)):
        commune.polls.cast(poll, votes(1), alice.tx)


def test_nobody_votes_where_there_is_no_poll(commune, alice):
    with reverts(error("PollsUnknown", 9)):
        commune.polls.cast(9, votes(1), alice.tx)


def test_only_a_spender_charges_so_a_poll_without_the_power_takes_no_ballots(commune, poll, alice):
    commune.credits.setSpender(commune.polls, False, acting_as(commune.timelock))
    with reverts(error("VoiceCreditsOnlySpender", commune.polls)):
        commune.polls.cast(poll, votes(1), alice.tx)
    assert commune.polls.ballotCount(poll) == 0


def test_a_member_without_gas_votes_under_their_own_name(commune, poll, alice, stranger):
    data = commune.polls.cast.encode_input(poll, votes(0, 2))
    request = Request(alice.address, commune.polls.address, data, 300_000, 1, now() + DAY)
    commune.forwarder.execute(request.struct, request.signed_by(alice, commune.forwarder), stranger.tx)
    assert commune.polls.ballotOf(poll, member_id(commune, alice))[:3] == (True, votes(0, 2), False)
