"""`markDelivered`, `markRework`, `markDone`, `markFailed`, `markOverturned`: what reviews note of a seat."""

import pytest
from brownie import reverts

from tests.contracts.clock import mine_at, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, move_directly
from tests.contracts.people import DAY, DORMANT, member_id
from tests.contracts.work.steps import (
    DELIVERED,
    DONE,
    FAILED,
    FINISHED,
    HELD,
    HOUR,
    OPEN,
    REWORK,
    REWORK_TIME,
    VACANT,
    Brief,
    delivered,
    late,
    opened,
    seat_of,
    shift,
    taken,
)

ALL = 10_000


def test_only_the_reviews_note_anything(assignments, held, alice, timelock):
    for call, *arguments in (
        (assignments.markDelivered, alice.address),
        (assignments.markRework,),
        (assignments.markDone, ALL),
        (assignments.markFailed,),
        (assignments.markOverturned,),
    ):
        for sender in (alice.tx, timelock):
            with reverts(error("AccessManagedUnauthorized", sender["from"])):
                call.call(held, 1, *arguments, sender)


def test_a_holder_delivers(commune, assignments, vacant, reviewer, alice):
    taken(commune, vacant, alice)
    tx = delivered(commune, reviewer, vacant, alice)
    member = member_id(commune, alice)
    assert tx.events["SeatDelivered"] == {"assignmentId": vacant, "seat": 1, "memberId": member}
    assert tx.return_value == member
    assert seat_of(commune, vacant)["state"] == DELIVERED
    assert (assignments.seatHeldBy(vacant, member), assignments.seatsHeld(member)) == (1, 1)


def test_nobody_else_delivers(commune, assignments, held, reviewer, bob, stranger, newcomer, alice):
    for who in (bob, stranger):
        with reverts(error("AssignmentsNotHolder", held, 1, who)):
            assignments.markDelivered.call(held, 1, who.address, reviewer)
    move_directly(commune, member_id(commune, alice), newcomer)
    with reverts(error("AssignmentsNotHolder", held, 1, alice)):
        assignments.markDelivered.call(held, 1, alice.address, reviewer)
    delivered(commune, reviewer, held, newcomer)


def test_who_sleeps_does_not_deliver(commune, assignments, held, reviewer, alice):
    member = member_id(commune, alice)
    commune.membership.setDormant(member, acting_as(commune.presence))
    with reverts(error("MembershipNotActive", member, DORMANT)):
        assignments.markDelivered.call(held, 1, alice.address, reviewer)


def test_after_the_deadline_nothing_is_delivered(commune, assignments, vacant, reviewer, alice):
    taken(commune, vacant, alice)
    due = seat_of(commune, vacant)["dueAt"]
    mine_at(due)
    assignments.markDelivered.call(vacant, 1, alice.address, reviewer)
    mine_at(due + 1)
    with reverts(error("AssignmentsOverdue", vacant, 1, due)):
        assignments.markDelivered.call(vacant, 1, alice.address, reviewer)


def test_before_work_begins_nothing_is_delivered(commune, assignments, reviewer, alice):
    start = now() + 10 * DAY
    assignment = opened(commune, Brief(start=start))
    taken(commune, assignment, alice)
    with reverts(error("AssignmentsNotBegun", assignment, start)):
        assignments.markDelivered.call(assignment, 1, alice.address, reviewer)


def test_a_missed_sign_of_progress_keeps_nobody_from_delivering(commune, assignments, held, reviewer, alice):
    late(commune, held)
    delivered(commune, reviewer, held, alice)


def test_nothing_is_delivered_twice(commune, assignments, vacant, reviewer, alice):
    taken(commune, vacant, alice)
    delivered(commune, reviewer, vacant, alice)
    with reverts(error("AssignmentsWrongSeatState", vacant, 1, DELIVERED)):
        assignments.markDelivered.call(vacant, 1, alice.address, reviewer)


def test_rework_has_a_deadline_of_its_own(commune, assignments, vacant, reviewer, alice):
    taken(commune, vacant, alice)
    mine_at(seat_of(commune, vacant)["dueAt"] - HOUR)
    delivered(commune, reviewer, vacant, alice)
    tx = assignments.markRework(vacant, 1, reviewer)
    member, due = member_id(commune, alice), tx.timestamp + REWORK_TIME
    assert tx.events["SeatInRework"] == {
        "assignmentId": vacant,
        "seat": 1,
        "memberId": member,
        "dueAt": due,
    }
    assert (seat_of(commune, vacant)["state"], seat_of(commune, vacant)["dueAt"]) == (REWORK, due)
    assert assignments.seatsHeld(member) == 1
    delivered(commune, reviewer, vacant, alice)
    assert (seat_of(commune, vacant)["state"], assignments.seatsHeld(member)) == (DELIVERED, 1)


def test_accepted_work_is_done(commune, assignments, vacant, reviewer, alice):
    taken(commune, vacant, alice)
    delivered(commune, reviewer, vacant, alice)
    for share in (0, ALL + 1):
        with reverts(error("AssignmentsShare", share)):
            assignments.markDone.call(vacant, 1, share, reviewer)
    tx = assignments.markDone(vacant, 1, 7_500, reviewer)
    member = member_id(commune, alice)
    assert tx.events["SeatDone"] == {
        "assignmentId": vacant,
        "seat": 1,
        "memberId": member,
        "shareBps": 7_500,
    }
    seat = seat_of(commune, vacant)
    assert (seat["memberId"], seat["state"], seat["shareBps"]) == (member, DONE, 7_500)
    assert (assignments.stateOf(vacant), assignments.assignment(vacant)["closedSeats"]) == (FINISHED, 1)


def test_work_that_failed_is_a_strike_and_the_seat_is_open_again(
    commune, assignments, vacant, reviewer, alice, bob
):
    taken(commune, vacant, alice)
    delivered(commune, reviewer, vacant, alice)
    event = assignments.markFailed(vacant, 1, reviewer).events["SeatReleased"]
    assert (event["why"], event["state"], event["strikes"]) == (FAILED, VACANT, 1)
    assert (assignments.stateOf(vacant), assignments.seatsHeld(member_id(commune, alice))) == (OPEN, 0)
    taken(commune, vacant, bob)


def test_an_assignment_is_finished_with_its_last_seat(commune, assignments, reviewer, alice, bob):
    assignment = opened(commune, Brief(seats=2))
    for seat, who in ((1, alice), (2, bob)):
        taken(commune, assignment, who)
        delivered(commune, reviewer, assignment, who, seat)
        assert assignments.stateOf(assignment) == OPEN
        assignments.markDone(assignment, seat, ALL, reviewer)
    assert assignments.stateOf(assignment) == FINISHED


def test_a_shift_is_done_without_a_delivery_and_a_task_is_not(commune, assignments, reviewer, alice):
    of_hours, of_days = opened(commune, shift()), opened(commune)
    for assignment in (of_hours, of_days):
        taken(commune, assignment, alice)
    assignments.markDone(of_hours, 1, ALL, reviewer)
    assert seat_of(commune, of_hours)["state"] == DONE
    assert assignments.seatsHeld(member_id(commune, alice)) == 1
    with reverts(error("AssignmentsWrongSeatState", of_days, 1, HELD)):
        assignments.markDone.call(of_days, 1, ALL, reviewer)


@pytest.mark.parametrize("function", ["markRework", "markFailed", "markOverturned"])
def test_nothing_is_noted_of_a_seat_in_another_state(commune, assignments, held, reviewer, function):
    with reverts(error("AssignmentsWrongSeatState", held, 1, HELD)):
        getattr(assignments, function).call(held, 1, reviewer)
    with reverts(error("AssignmentsUnknown", 99)):
        getattr(assignments, function).call(99, 1, reviewer)
    with reverts(error("AssignmentsUnknownSeat", held, 2)):
        getattr(assignments, function).call(held, 2, reviewer)
