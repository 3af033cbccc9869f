"""`confirmShift`: somebody who was there says so, as far as they have earned it."""

import pytest
from brownie import reverts

from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, to_season
from tests.contracts.people import FOOD, GENERAL, joined, member_id, wait
from tests.contracts.work.reviewing import ASSIGNMENT, set_parameter
from tests.contracts.work.steps import (
    CONFIRM_WINDOW,
    DONE,
    HELD,
    LAPSED,
    TEXT,
    VACANT,
    WHY,
    award,
    created,
    seat_of,
    selected,
    shift,
    volunteered,
)

POINT = 1_000_000
BASE = 2 * POINT


def on_shift(commune, *people, reward=POINT, **fields):
    """A shift that these people have seats of, at its start; returns its id."""
    assignment = created(commune, shift(seats=len(people), reward=reward, **fields))
    volunteered(commune, assignment, *people)
    selected(commune, assignment)
    mine_at(commune.assignments.assignment(assignment)["start"])
    return assignment


def times(commune, assignment):
    a = commune.assignments.assignment(assignment)
    return a["start"], a["deadline"] + CONFIRM_WINDOW


def test_a_member_who_was_there_confirms_a_shift(commune, reviews, alice, bob):
    assignment = on_shift(commune, alice)
    tx = reviews.confirmShift(assignment, 1, bob.tx)
    confirmed = tx.events["ShiftConfirmed"]
    assert (confirmed["assignmentId"], confirmed["seat"], confirmed["memberId"]) == (assignment, 1, 1)
    assert (confirmed["confirmer"], confirmed["amount"]) == (2, POINT)
    gained = tx.events["Awarded"]
    assert (gained["memberId"], gained["topic"], gained["confirmer"]) == (1, FOOD, 2)
    assert (gained["amount"], gained["reason"], str(gained["evidence"])) == (POINT, ASSIGNMENT, TEXT)
    seat = seat_of(commune, assignment)
    assert (seat["state"], seat["shareBps"]) == (DONE, 10_000)
    assert reviews.shiftConfirmationLeft(2) == BASE - POINT


def test_members_of_one_shift_confirm_each_other(commune, reviews, alice, bob):
    assignment = on_shift(commune, alice, bob)
    reviews.confirmShift(assignment, commune.assignments.seatHeldBy(assignment, 1), bob.tx)
    reviews.confirmShift(assignment, commune.assignments.seatHeldBy(assignment, 2), alice.tx)


def test_nobody_confirms_their_own_shift(commune, reviews, alice):
    assignment = on_shift(commune, alice)
    with reverts(error("ReviewsOwnShift", 1)):
        reviews.confirmShift(assignment, 1, alice.tx)


def test_a_voucher_does_not_confirm(commune, reviews, bob, carol, dave, newcomer):
    new = joined(commune, newcomer, [bob, carol])
    wait(1)
    assignment = on_shift(commune, newcomer)
    for voucher in (bob, carol):
        with reverts(error("ReviewsByVoucher", new, member_id(commune, voucher))):
            reviews.confirmShift(assignment, 1, voucher.tx)
    reviews.confirmShift(assignment, 1, dave.tx)


def test_the_same_member_does_not_confirm_somebody_twice_running(commune, reviews, alice, bob, carol):
    for confirmer, refused in ((bob, None), (carol, bob), (bob, carol)):
        if refused is None:
            reviews.confirmShift(on_shift(commune, alice), 1, confirmer.tx)
            last = confirmer
            continue
        assignment = on_shift(commune, alice)
        with reverts(error("ReviewsSameConfirmerTwice", 1, member_id(commune, last))):
            reviews.confirmShift(assignment, 1, last.tx)
        reviews.confirmShift(assignment, 1, confirmer.tx)
        last = confirmer


def test_a_shift_is_confirmed_from_its_start_until_three_days_after_its_end(commune, reviews, alice, bob):
    assignment = created(commune, shift())
    volunteered(commune, assignment, alice)
    selected(commune, assignment)
    start, until = times(commune, assignment)
    mine_at(start - 2)
    with reverts(error("ReviewsConfirmWindow", start, until)):
        reviews.confirmShift(assignment, 1, bob.tx)
    mine_at(until - 1)
    reviews.confirmShift.call(assignment, 1, bob.tx)
    mine_at(until + 1)
    with reverts(error("ReviewsConfirmWindow", start, until)):
        reviews.confirmShift(assignment, 1, bob.tx)


def test_a_shift_is_confirmed_once(commune, reviews, alice, bob, carol):
    assignment = on_shift(commune, alice)
    reviews.confirmShift(assignment, 1, bob.tx)
    with reverts(error("AssignmentsWrongSeatState", assignment, 1, DONE)):
        reviews.confirmShift(assignment, 1, carol.tx)


def test_a_seat_that_nobody_holds_is_not_confirmed(commune, reviews, alice, bob):
    assignment = on_shift(commune, alice)
    commune.assignments.withdraw(assignment, alice.tx)
    with reverts(error("AssignmentsWrongSeatState", assignment, 1, VACANT)):
        reviews.confirmShift(assignment, 1, bob.tx)


def test_what_lapsed_is_not_confirmed(commune, reviews, alice, bob):
    """Nor does the window end before the holder can lose the seat."""
    assignment = on_shift(commune, alice, heartbeat=3_600)
    mine_at(commune.assignments.assignment(assignment)["deadline"] + 1)
    commune.assignments.reopen(assignment, 1, bob.tx)
    with reverts(error("AssignmentsWrongSeatState", assignment, 1, LAPSED)):
        reviews.confirmShift(assignment, 1, bob.tx)


def test_a_task_is_reviewed_and_not_confirmed(reviews, held, bob):
    with reverts(error("ReviewsNotAShift", held)):
        reviews.confirmShift(held, 1, bob.tx)
    with reverts(error("AssignmentsUnknown", 99)):
        reviews.confirmShift(99, 1, bob.tx)


def test_only_members_out_of_probation_confirm(commune, reviews, alice, newcomers, stranger):
    assignment = on_shift(commune, alice)
    with reverts(error("MembershipNotMember", stranger)):
        reviews.confirmShift(assignment, 1, stranger.tx)
    new = member_id(commune, newcomers[0])
    with reverts(error("MembershipOnProbation", new, commune.membership.probationUntil(new))):
        reviews.confirmShift(assignment, 1, newcomers[0].tx)


# ------------------------------------------------------------------ what rests on what was earned


def test_who_has_earned_nothing_confirms_two_points_in_a_season(commune, reviews, alice, bob, carol, dave):
    first = on_shift(commune, alice, carol, dave, reward=3 * POINT // 2)
    assert reviews.shiftConfirmationLeft(2) == BASE
    amounts = [
        reviews.confirmShift(first, seat, bob.tx).events["ShiftConfirmed"]["amount"] for seat in (1, 2)
    ]
    assert amounts == [3 * POINT // 2, POINT // 2]
    with reverts(error("ReviewsNothingToConfirmWith", 2, 3 * POINT // 2, 0)):
        reviews.confirmShift(first, 3, bob.tx)
    reviews.confirmShift(first, 3, alice.tx)


def test_who_confirms_less_than_the_reward_confirms_the_whole_shift(commune, reviews, alice, bob):
    """The points are fewer; the work is done, and its stipend is due."""
    assignment = on_shift(commune, alice, reward=5 * POINT)
    tx = reviews.confirmShift(assignment, 1, bob.tx)
    assert tx.events["ShiftConfirmed"]["amount"] == tx.events["Awarded"]["amount"] == BASE
    assert seat_of(commune, assignment)["shareBps"] == 10_000


def test_a_quarter_of_what_was_earned_before_the_season_can_be_confirmed(commune, reviews, alice, bob):
    award(commune, 2, 20)
    award(commune, 2, 20, GENERAL)
    assert reviews.shiftConfirmationLeft(2) == BASE
    to_season(commune, commune.constitution.currentSeason() + 1)
    start, _ = commune.constitution.seasonBounds(commune.constitution.currentSeason())
    quarter = commune.reputation.totalScoreAt(2, start) // 4
    assert reviews.shiftConfirmationLeft(2) == quarter > BASE
    assignment = on_shift(commune, alice, reward=3 * POINT)
    reviews.confirmShift(assignment, 1, bob.tx)
    assert reviews.shiftConfirmationLeft(2) == quarter - 3 * POINT
    award(commune, 2, 50)
    assert reviews.shiftConfirmationLeft(2) == quarter - 3 * POINT


def test_the_next_season_begins_anew(commune, reviews, alice, bob):
    reviews.confirmShift(on_shift(commune, alice, reward=BASE), 1, bob.tx)
    assert reviews.shiftConfirmationLeft(2) == 0
    to_season(commune, commune.constitution.currentSeason() + 1)
    assert reviews.shiftConfirmationLeft(2) == BASE


def test_the_budget_of_all_confirmations_holds_for_shifts_too(commune, reviews, alice, bob, dave):
    assignment = on_shift(commune, alice, dave)
    left = commune.reputation.confirmationLeft(2)
    arguments = (3, GENERAL, left - POINT // 2, ASSIGNMENT, WHY, 2)
    commune.reputation.award(*arguments, acting_as(commune.timelock))
    tx = reviews.confirmShift(assignment, 1, bob.tx)
    assert tx.events["ShiftConfirmed"]["amount"] == POINT // 2
    with reverts(error("ReviewsNothingToConfirmWith", 2, POINT, 0)):
        reviews.confirmShift(assignment, 2, bob.tx)


def test_where_nothing_is_free_who_has_earned_nothing_confirms_nothing(commune, reviews, alice, bob):
    set_parameter(commune, "work.confirmBase", 0)
    assignment = on_shift(commune, alice)
    with reverts(error("ReviewsNothingToConfirmWith", 2, POINT, 0)):
        reviews.confirmShift(assignment, 1, bob.tx)


def test_repeated_confirmations_of_one_member_count_less_and_less(commune, reviews, alice, bob, carol):
    gained = []
    for confirmer in (bob, carol, bob):
        tx = reviews.confirmShift(on_shift(commune, alice), 1, confirmer.tx)
        gained.append(tx.events["Awarded"]["amount"])
    assert gained == [POINT, POINT, POINT // 2]


def test_who_worked_and_left_is_confirmed_and_gains_nothing(commune, reviews, alice, bob):
    assignment = on_shift(commune, alice)
    commune.membership.leave(alice.tx)
    tx = reviews.confirmShift(assignment, 1, bob.tx)
    assert tx.events["Awarded"]["amount"] == 0


def test_a_shift_that_had_begun_when_it_was_cancelled_can_be_confirmed(commune, reviews, alice, bob):
    assignment = on_shift(commune, alice)
    commune.assignments.cancel(assignment, WHY, acting_as(commune.timelock))
    assert seat_of(commune, assignment)["state"] == HELD
    reviews.confirmShift(assignment, 1, bob.tx)


def test_a_shift_that_was_cancelled_before_has_nobody_to_confirm(commune, reviews, alice, bob):
    assignment = created(commune, shift())
    volunteered(commune, assignment, alice)
    selected(commune, assignment)
    start, _ = times(commune, assignment)
    commune.assignments.cancel(assignment, WHY, acting_as(commune.timelock))
    mine_at(start)
    with reverts(error("AssignmentsWrongSeatState", assignment, 1, VACANT)):
        reviews.confirmShift(assignment, 1, bob.tx)


@pytest.mark.parametrize("seat", [0, 2])
def test_a_seat_that_there_is_not_is_not_confirmed(commune, reviews, alice, bob, seat):
    assignment = on_shift(commune, alice)
    with reverts(error("AssignmentsUnknownSeat", assignment, seat)):
        reviews.confirmShift(assignment, seat, bob.tx)
