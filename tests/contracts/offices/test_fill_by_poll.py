"""`fill` after a poll: the most voted take the seats, ties at the last one are drawn."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance, mine_at
from tests.contracts.draws.conftest import number_of, picked
from tests.contracts.errors import error
from tests.contracts.membership.steps import admit_directly, expel_directly
from tests.contracts.offices.steps import (
    DRAWING,
    FILLED,
    POLLING,
    STANDING,
    TERM,
    UNFILLED,
    appointed,
    captured,
    cast_ballots,
    created,
    opened_election,
    petitioned,
    recalled_directly,
    seated,
    started,
    stood,
)
from tests.contracts.people import DAY, GENERAL
from tests.contracts.polls.conftest import votes


@pytest.fixture(scope="module")
def council(commune, alice):
    """An office with two seats, vacant."""
    return created(commune, seats=2)


@pytest.fixture
def polling(commune, council, founders):
    """All five stand for two seats, and the poll runs; returns the election."""
    election = opened_election(commune, council, founders[0])
    stood(commune, election, *founders)
    started(commune, election, founders[0])
    return election


def filled_by(commune, election, who):
    return commune.elections.fill(election, who.tx)


def test_the_most_voted_take_the_seats(commune, offices, council, polling, founders, stranger):
    ballots = [votes(0, 0, 3), votes(0, 2, 1), votes(1, 1, 0, 2)]
    cast_ballots(commune, polling, zip(founders[:3], ballots, strict=True))
    tx = filled_by(commune, polling, stranger)
    assert tx.events["ElectionFilled"] == {"electionId": polling, "seated": (3, 2)}
    assert [(e["memberId"], e["from"]) for e in tx.events["TenureGiven"]] == [
        (3, tx.timestamp),
        (2, tx.timestamp),
    ]
    assert offices.holdersOf(council) == (3, 2)
    state = commune.elections.election(polling)
    assert (state["stage"], commune.elections.runningOf(council)) == (FILLED, 0)
    with reverts(error("ElectionsWrongStage", polling, FILLED, POLLING)):
        filled_by(commune, polling, stranger)


def test_the_poll_has_to_be_closed_and_its_follow_period_over(commune, polling, founders, stranger):
    poll = commune.elections.election(polling)["pollId"]
    not_yet = error("ElectionsPollOpen", polling, poll)
    with reverts(not_yet):
        filled_by(commune, polling, stranger)
    end = commune.polls.poll(poll)
    assert end["followEnd"] - end["votingEnd"] == DAY
    for t in (end["votingEnd"] + 1, end["followEnd"] - 100):
        mine_at(t)
        with reverts(not_yet):
            filled_by(commune, polling, stranger)


def test_followed_ballots_count(commune, offices, council, founders, stranger):
    """Erin's delegate votes; Erin's followed ballot decides between two."""
    alice, bob, carol, dave, erin = founders
    commune.delegation.delegate(GENERAL, 4, 2, 100, erin.tx)
    election = opened_election(commune, council, alice)
    stood(commune, election, alice, bob, carol)
    started(commune, election, alice)
    poll = commune.elections.election(election)["pollId"]
    advance(1)
    for who, ballot in ((alice, votes(1, 1, 0)), (bob, votes(1, 1, 0)), (dave, votes(0, 1, 2))):
        commune.polls.cast(poll, ballot, who.tx)
    mine_at(commune.polls.poll(poll)["votingEnd"] + 1)
    commune.delegation.followPoll(poll, [5], stranger.tx)
    mine_at(commune.polls.poll(poll)["followEnd"] + 1)
    assert commune.polls.tally(poll) == (2, 4, 4)
    assert filled_by(commune, election, stranger).events["ElectionFilled"]["seated"] == (2, 3)


def test_a_poll_without_quorum_fills_nothing(commune, council, polling, founders, stranger):
    """Two of the three ballots that it takes."""
    cast_ballots(commune, polling, [(who, votes(1, 2)) for who in founders[:2]])
    tx = filled_by(commune, polling, stranger)
    assert "ElectionFailed" in tx.events
    assert commune.elections.election(polling)["stage"] == UNFILLED
    opened_election(commune, council, founders[0])


def test_candidates_without_a_vote_are_not_elected(commune, offices, council, polling, founders, stranger):
    cast_ballots(commune, polling, [(founders[0], votes(0, 0, 1)), (founders[1], 0), (founders[2], 0)])
    assert filled_by(commune, polling, stranger).events["ElectionFilled"]["seated"] == (3,)
    assert offices.vacantAt(council, 2**40) == 2
    assert offices.holdersOf(council) == (3,)


def test_blank_ballots_elect_nobody(commune, polling, founders, stranger):
    cast_ballots(commune, polling, [(who, 0) for who in founders])
    assert "ElectionFailed" in filled_by(commune, polling, stranger).events


# ------------------------------------------------------------------ ties


def tied_up(commune, election, founders):
    """One candidate ahead, three equal behind, one last."""
    ballots = [votes(0, 2), votes(1, 1, 1), votes(0, 0, 0, 1, 0)]
    cast_ballots(commune, election, zip(founders[:3], ballots, strict=True))


def test_a_tie_at_the_last_seat_is_drawn(commune, offices, council, polling, founders, stranger):
    tied_up(commune, polling, founders)
    tx = filled_by(commune, polling, stranger)
    drawn = tx.events["ElectionDrawn"]
    assert (drawn["candidates"], drawn["certain"], drawn["seats"]) == ((1, 3, 4), (2,), 1)
    assert commune.elections.election(polling)["stage"] == DRAWING
    draw = drawn["drawId"]
    with reverts(error("ElectionsNotDrawn", polling, draw)):
        filled_by(commune, polling, stranger)
    captured(commune, draw, stranger)
    number = number_of(commune, draw, bytes(commune.draws.draw(draw)["blockHash"]), bytes(32))
    [place] = picked(number, 3, 1)
    tx = filled_by(commune, polling, stranger)
    assert tx.events["ElectionFilled"]["seated"] == (2, (1, 3, 4)[place])


def test_a_tie_that_does_not_matter_is_not_drawn(commune, polling, founders, stranger):
    """Both of the equally voted take a seat."""
    cast_ballots(commune, polling, [(who, votes(1, 1)) for who in founders[:3]])
    assert filled_by(commune, polling, stranger).events["ElectionFilled"]["seated"] == (1, 2)


def test_all_may_be_tied(commune, polling, founders, stranger):
    cast_ballots(commune, polling, [(who, votes(1, 1, 1)) for who in founders[:3]])
    drawn = filled_by(commune, polling, stranger).events["ElectionDrawn"]
    assert (drawn["candidates"], drawn["certain"], drawn["seats"]) == ((1, 2, 3), (), 2)
    captured(commune, drawn["drawId"], stranger)
    seated = filled_by(commune, polling, stranger).events["ElectionFilled"]["seated"]
    assert len(set(seated)) == 2


def test_the_tied_cannot_change_the_draw_by_going(commune, offices, council, polling, founders, stranger):
    """The pool was committed: who goes leaves a seat vacant, and moves it to nobody."""
    tied_up(commune, polling, founders)
    draw = filled_by(commune, polling, stranger).events["ElectionDrawn"]["drawId"]
    captured(commune, draw, stranger)
    number = number_of(commune, draw, bytes(commune.draws.draw(draw)["blockHash"]), bytes(32))
    winner = (1, 3, 4)[picked(number, 3, 1)[0]]
    expel_directly(commune, winner)
    assert filled_by(commune, polling, stranger).events["ElectionFilled"]["seated"] == (2,)
    assert offices.holdersOf(council) == (2,)


def test_who_was_ahead_of_the_tie_can_drop_out_too(commune, polling, founders, stranger):
    tied_up(commune, polling, founders)
    draw = filled_by(commune, polling, stranger).events["ElectionDrawn"]["drawId"]
    commune.membership.leave(founders[1].tx)
    captured(commune, draw, stranger)
    [seated] = filled_by(commune, polling, stranger).events["ElectionFilled"]["seated"]
    assert seated in (1, 3, 4)


# ------------------------------------------------------------------ what happened meanwhile


def test_who_left_meanwhile_makes_room_for_the_next(commune, polling, founders, stranger):
    cast_ballots(commune, polling, [(who, votes(3, 2, 1)) for who in founders[:3]])
    commune.membership.leave(founders[0].tx)
    assert filled_by(commune, polling, stranger).events["ElectionFilled"]["seated"] == (2, 3)


def test_who_was_recalled_meanwhile_takes_no_seat(commune, offices, council, polling, founders, stranger):
    """Elected, and recalled before the election was filled: a recalled holder is not added again."""
    cast_ballots(commune, polling, [(who, votes(3, 2, 1)) for who in founders[:3]])
    recalled_directly(commune, council, founders[0])
    assert filled_by(commune, polling, stranger).events["ElectionFilled"]["seated"] == (2, 3)
    assert not offices.isHolder(council, 1)


def test_nobody_is_left_to_be_seated(commune, council, polling, founders, stranger):
    cast_ballots(commune, polling, [(who, votes(3)) for who in founders[:3]])
    recalled_directly(commune, council, founders[0])
    assert "ElectionFailed" in filled_by(commune, polling, stranger).events


def test_who_came_back_is_a_newcomer_and_takes_no_seat(commune, polling, founders, stranger):
    cast_ballots(commune, polling, [(who, votes(3, 2)) for who in founders[:3]])
    commune.membership.leave(founders[0].tx)
    advance(DAY)
    admit_directly(commune, founders[0])
    assert filled_by(commune, polling, stranger).events["ElectionFilled"]["seated"] == (2,)


def test_an_abolished_office_is_not_filled(commune, offices, council, polling, timelock, founders, stranger):
    cast_ballots(commune, polling, [(who, votes(3, 2)) for who in founders[:3]])
    offices.abolish(council, timelock)
    assert "ElectionFailed" in filled_by(commune, polling, stranger).events


def test_seats_taken_otherwise_are_not_given_twice(commune, offices, council, polling, founders, stranger):
    """One seat is left for two elected."""
    cast_ballots(commune, polling, [(who, votes(3, 2, 1)) for who in founders[:3]])
    seated(commune, council, founders[4])
    assert filled_by(commune, polling, stranger).events["ElectionFilled"]["seated"] == (1,)
    assert offices.vacantAt(council, 2**40) == 2


def test_seats_that_fell_vacant_since_wait_for_the_next_election(commune, offices, founders, stranger):
    """What was voted on was one seat."""
    two = created(commune, seats=2)
    appointed(commune, two, founders[4])
    election = opened_election(commune, two, founders[0])
    stood(commune, election, *founders[:4])
    started(commune, election, founders[0])
    offices.resign(two, founders[4].tx)
    cast_ballots(commune, election, [(who, votes(3, 2, 1)) for who in founders[:3]])
    assert filled_by(commune, election, stranger).events["ElectionFilled"]["seated"] == (1,)


def test_an_election_that_is_filled_late_seats_from_then_on(commune, offices, held, founders, stranger):
    """The term ended meanwhile: nobody held the seat in between."""
    end = offices.tenure(offices.lastTenureOf(held, 1))["until"]
    mine_at(end - 30 * DAY)
    election = opened_election(commune, held, founders[1])
    stood(commune, election, *founders[1:4])
    started(commune, election, founders[1])
    cast_ballots(commune, election, [(who, votes(3, 2)) for who in founders[:3]])
    mine_at(end + 3 * DAY)
    tx = filled_by(commune, election, stranger)
    given = tx.events["TenureGiven"]
    assert (given["memberId"], given["from"], given["until"]) == (2, tx.timestamp, tx.timestamp + TERM)


def test_standing_is_not_filled(commune, contested, stranger):
    _, election = contested
    with reverts(error("ElectionsWrongStage", election, STANDING, POLLING)):
        filled_by(commune, election, stranger)


def test_who_was_elected_is_recalled_like_anybody(commune, offices, council, polling, founders, stranger):
    alice, bob, carol, dave = founders[:4]
    cast_ballots(commune, polling, [(who, votes(3, 2)) for who in founders[:3]])
    filled_by(commune, polling, stranger)
    petitioned(commune, council, alice, bob, carol, dave)
    assert offices.holdersOf(council) == (2,)
    assert not offices.mayHold(council, 1, 2**40)
