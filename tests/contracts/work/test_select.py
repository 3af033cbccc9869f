"""`select`: seats go to volunteers; where too many came, a draw or the topic's scores decide."""

import pytest
from brownie import chain, reverts

from tests.contracts.clock import mine_at
from tests.contracts.draws.conftest import CAPTURED, WAITING, picked
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, expel_directly
from tests.contracts.people import DAY, FOOD, GENERAL, member_id
from tests.contracts.work.steps import (
    DRAWING,
    FINISHED,
    OPEN,
    SCORE,
    SELECTING,
    VOLUNTEERING,
    Brief,
    award,
    capture,
    created,
    holders,
    late,
    opened,
    selected,
    shift,
    taken,
    volunteered,
    volunteering_over,
)


def ids(commune, *people):
    return [member_id(commune, who) for who in people]


def drawn(commune, assignment, who):
    """Let volunteering end and the draw be opened and captured; returns the volunteers in its order."""
    volunteering_over(commune, assignment)
    draw = commune.assignments.select(assignment, who.tx).events["SelectionDrawn"]["drawId"]
    capture(commune, draw)
    pool = commune.assignments.volunteersOf(assignment)
    number = commune.draws.draw(draw)["number"]
    return [pool[place] for place in picked(number, len(pool), len(pool))]


def test_as_many_volunteers_as_seats_get_them_without_a_draw(commune, assignments, alice, bob, stranger):
    assignment = created(commune, Brief(seats=2))
    volunteered(commune, assignment, bob, alice)
    volunteering_over(commune, assignment)
    tx = assignments.select(assignment, stranger.tx)
    assert tx.events["Selected"] == {"assignmentId": assignment}
    assert "SelectionDrawn" not in tx.events
    assert holders(commune, assignment) == ids(commune, bob, alice)
    assert assignments.stateOf(assignment) == OPEN


def test_where_too_many_came_seats_are_drawn(commune, assignments, alice, bob, carol, dave, erin):
    assignment = created(commune, Brief(seats=2))
    people = (alice, bob, carol, dave, erin)
    volunteered(commune, assignment, *people)
    order = drawn(commune, assignment, alice)
    assert assignments.stateOf(assignment) == DRAWING
    assignments.select(assignment, alice.tx)
    assert holders(commune, assignment) == order[:2]
    assert sorted(order) == ids(commune, *people)


def test_the_pool_of_a_draw_and_its_text_are_public(commune, assignments, work, web3, alice, bob):
    volunteered(commune, work, alice, bob)
    volunteering_over(commune, work)
    tx = assignments.select(work, alice.tx)
    assert list(tx.events["PoolCommitted"]["memberIds"]) == ids(commune, alice, bob)
    text = web3.keccak(text=f"Seats of assignment {work}").hex()
    assert tx.events["DrawOpened"]["text"] == "0x" + text.removeprefix("0x")
    assert assignments.assignment(work)["drawId"] == tx.events["DrawOpened"]["drawId"]


def test_seats_wait_for_the_draw(commune, assignments, work, alice, bob):
    volunteered(commune, work, alice, bob)
    volunteering_over(commune, work)
    draw = assignments.select(work, alice.tx).events["SelectionDrawn"]["drawId"]
    with reverts(error("DrawsWrongState", draw, WAITING, CAPTURED)):
        assignments.select.call(work, alice.tx)


def test_a_draw_whose_block_was_missed_is_drawn_anew_and_goes_on(commune, assignments, work, alice, bob):
    volunteered(commune, work, alice, bob)
    volunteering_over(commune, work)
    draw = assignments.select(work, alice.tx).events["SelectionDrawn"]["drawId"]
    chain.mine(300)
    commune.draws.retarget(draw, bob.tx)
    capture(commune, draw)
    assignments.select(work, bob.tx)
    assert holders(commune, work)[0] in ids(commune, alice, bob)


def test_who_is_gone_after_the_draw_is_passed_over_and_nobody_else_moves(
    commune, assignments, alice, bob, carol, dave, erin
):
    assignment = created(commune, Brief(seats=2))
    volunteered(commune, assignment, alice, bob, carol, dave, erin)
    order = drawn(commune, assignment, alice)
    expel_directly(commune, order[0])
    assignments.select(assignment, alice.tx)
    assert holders(commune, assignment) == order[1:3]


def test_who_has_enough_seats_or_strikes_by_then_gets_none(commune, assignments, held, alice, bob, carol):
    many = created(commune, *[Brief()] * 5, Brief(seats=3))
    wanted = many + 5
    volunteered(commune, wanted, alice, bob, carol)
    for _ in range(3):
        late(commune, held)
        assignments.reopen(held, 1, bob.tx)
        if assignments.strikesOf(member_id(commune, alice)) < 3:
            taken(commune, held, alice)
    for assignment in range(many, many + 5):
        volunteering_over(commune, assignment)
        taken(commune, assignment, bob)
    selected(commune, wanted)
    assert holders(commune, wanted) == [*ids(commune, carol), 0, 0]


def test_who_is_gone_makes_no_draw_necessary(commune, assignments, work, alice, bob):
    volunteered(commune, work, alice, bob)
    expel_directly(commune, member_id(commune, alice))
    volunteering_over(commune, work)
    assert "SelectionDrawn" not in assignments.select(work, bob.tx).events
    assert holders(commune, work) == ids(commune, bob)


# ------------------------------------------------------------------ by score


def test_the_highest_scores_in_the_topic_get_the_seats(commune, assignments, alice, bob, carol, dave, erin):
    for who, points in ((alice, 5), (carol, 20), (dave, 10)):
        award(commune, member_id(commune, who), points)
    award(commune, member_id(commune, erin), 100, topic=GENERAL)
    assignment = created(commune, Brief(seats=3, selection=SCORE))
    volunteered(commune, assignment, erin, bob, alice, carol, dave)
    tx = selected(commune, assignment)
    assert "SelectionDrawn" not in tx.events
    assert holders(commune, assignment) == ids(commune, carol, dave, alice)


def test_of_equal_scores_the_lower_number_comes_first(commune, assignments, alice, bob, carol):
    assignment = created(commune, Brief(seats=2, selection=SCORE))
    volunteered(commune, assignment, carol, bob, alice)
    selected(commune, assignment)
    assert holders(commune, assignment) == ids(commune, alice, bob)


def test_scores_count_as_they_were_when_volunteering_ended(commune, assignments, alice, bob):
    """Whoever calls does not choose the moment."""
    award(commune, member_id(commune, bob), 10)
    assignment = created(commune, Brief(selection=SCORE))
    volunteered(commune, assignment, alice, bob)
    volunteering_over(commune, assignment)
    award(commune, member_id(commune, alice), 50)
    assert commune.reputation.score(1, FOOD) > commune.reputation.score(2, FOOD)
    selected(commune, assignment)
    assert holders(commune, assignment) == ids(commune, bob)


# ------------------------------------------------------------------ trial seats


def test_a_reserved_seat_goes_to_a_newcomer_first(commune, assignments, newcomers, alice, bob, carol):
    for who in (alice, bob, carol):
        award(commune, member_id(commune, who), 10)
    assignment = created(commune, Brief(seats=2, trial_seats=1, selection=SCORE))
    volunteered(commune, assignment, alice, bob, carol, *newcomers)
    selected(commune, assignment)
    assert holders(commune, assignment) == ids(commune, newcomers[0], alice)


def test_a_reserved_seat_that_no_newcomer_wants_goes_to_others(commune, assignments, alice, bob):
    assignment = created(commune, Brief(seats=2, trial_seats=2))
    volunteered(commune, assignment, alice, bob)
    selected(commune, assignment)
    assert holders(commune, assignment) == ids(commune, alice, bob)


def test_newcomers_compete_for_the_other_seats_too(commune, assignments, newcomers, alice):
    award(commune, member_id(commune, newcomers[1]), 10)
    assignment = created(commune, Brief(seats=2, trial_seats=1, selection=SCORE))
    volunteered(commune, assignment, alice, *newcomers)
    selected(commune, assignment)
    assert holders(commune, assignment) == ids(commune, newcomers[1], alice)
    other = created(commune, Brief(seats=2, trial_seats=1, selection=SCORE))
    award(commune, member_id(commune, newcomers[0]), 5)
    volunteered(commune, other, alice, *newcomers)
    selected(commune, other)
    assert holders(commune, other) == ids(commune, newcomers[1], newcomers[0])


def test_in_a_draw_newcomers_take_the_reserved_seats_in_its_order(
    commune, assignments, newcomers, alice, bob, carol
):
    assignment = created(commune, Brief(seats=3, trial_seats=1))
    volunteered(commune, assignment, alice, bob, carol, *newcomers)
    order = drawn(commune, assignment, alice)
    assignments.select(assignment, alice.tx)
    first = next(member for member in order if member in ids(commune, *newcomers))
    rest = [member for member in order if member != first]
    assert holders(commune, assignment) == [first, *rest[:2]]


# ------------------------------------------------------------------ when


def test_it_is_not_done_early_or_twice(commune, assignments, work, alice, bob):
    volunteered(commune, work, alice)
    with reverts(error("AssignmentsWrongState", work, VOLUNTEERING)):
        assignments.select.call(work, bob.tx)
    selected(commune, work)
    with reverts(error("AssignmentsWrongState", work, OPEN)):
        assignments.select.call(work, bob.tx)
    with reverts(error("AssignmentsUnknown", 99)):
        assignments.select.call(99, bob.tx)


def test_with_nobody_it_opens_the_seats(commune, assignments, vacant, stranger):
    assert assignments.stateOf(vacant) == SELECTING
    assignments.select(vacant, stranger.tx)
    assert (assignments.stateOf(vacant), holders(commune, vacant)) == (OPEN, [0])


def test_a_shift_that_is_over_seats_nobody(commune, assignments, alice):
    """Nobody gets a strike for a seat that they were never given."""
    brief = shift()
    assignment = created(commune, brief)
    volunteered(commune, assignment, alice)
    mine_at(brief.deadline + 1)
    with reverts(error("AssignmentsWrongState", assignment, FINISHED)):
        assignments.select.call(assignment, alice.tx)


def test_a_member_who_sleeps_gets_no_seat(commune, assignments, work, alice, bob):
    volunteered(commune, work, alice, bob)
    commune.membership.setDormant(member_id(commune, alice), acting_as(commune.presence))
    volunteering_over(commune, work)
    assignments.select(work, bob.tx)
    assert holders(commune, work) == ids(commune, bob)


@pytest.mark.parametrize("seats", [1, 3])
def test_seats_that_nobody_got_are_open_to_who_comes_first(commune, assignments, alice, bob, seats):
    assignment = created(commune, Brief(seats=seats + 1))
    volunteered(commune, assignment, alice)
    selected(commune, assignment)
    assert taken(commune, assignment, bob) == 2
    assert opened(commune, Brief(volunteering=2 * DAY)) == assignment + 1
