"""`heartbeat`: who holds a seat gives signs of progress."""

import pytest
from brownie import reverts

from tests.contracts.clock import mine_at, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import DAY, DORMANT, member_id
from tests.contracts.work.steps import (
    CONFIRM_WINDOW,
    DELIVERED,
    HELD,
    HOUR,
    MISSED_HEARTBEAT,
    NOTHING,
    REWORK,
    REWORK_TIME,
    VACANT,
    WHY,
    Brief,
    delivered,
    late,
    opened,
    seat_of,
    shift,
    taken,
)


def test_a_holder_shows_progress(commune, assignments, held, alice):
    taken_at = seat_of(commune, held)["takenAt"]
    assert assignments.lateAfter(held, 1) == taken_at + DAY
    mine_at(taken_at + 10 * HOUR)
    tx = assignments.heartbeat(held, 1, WHY, alice.tx)
    assert tx.events["Heartbeat"] == {
        "assignmentId": held,
        "seat": 1,
        "memberId": member_id(commune, alice),
        "note": WHY,
    }
    assert seat_of(commune, held)["signAt"] == tx.timestamp
    assert assignments.lateAfter(held, 1) == tx.timestamp + DAY


def test_nobody_else_shows_it_for_them(commune, assignments, held, bob, stranger, reviewer):
    for who in (bob, stranger):
        with reverts(error("AssignmentsNotHolder", held, 1, who)):
            assignments.heartbeat.call(held, 1, NOTHING, who.tx)
    with reverts(error("AssignmentsNotHolder", held, 1, reviewer["from"])):
        assignments.heartbeat.call(held, 1, NOTHING, reviewer)


def test_a_vacant_seat_shows_nothing(commune, assignments, vacant, alice, stranger):
    for who in (alice, stranger):
        with reverts(error("AssignmentsNotHolder", vacant, 1, who)):
            assignments.heartbeat.call(vacant, 1, NOTHING, who.tx)
    with reverts(error("AssignmentsUnknownSeat", vacant, 2)):
        assignments.heartbeat.call(vacant, 2, NOTHING, alice.tx)


def test_who_sleeps_shows_nothing(commune, assignments, held, alice):
    member = member_id(commune, alice)
    commune.membership.setDormant(member, acting_as(commune.presence))
    with reverts(error("MembershipNotActive", member, DORMANT)):
        assignments.heartbeat.call(held, 1, NOTHING, alice.tx)


def test_none_is_given_where_none_is_asked_for(commune, assignments, vacant, alice):
    taken(commune, vacant, alice)
    with reverts(error("AssignmentsNoHeartbeat", vacant)):
        assignments.heartbeat.call(vacant, 1, NOTHING, alice.tx)


def test_signs_are_counted_from_when_work_begins(commune, assignments, alice):
    start = now() + 10 * DAY
    assignment = opened(commune, Brief(start=start, heartbeat=DAY))
    taken(commune, assignment, alice)
    assert assignments.lateAfter(assignment, 1) == start + DAY
    with reverts(error("AssignmentsNotBegun", assignment, start)):
        assignments.heartbeat.call(assignment, 1, NOTHING, alice.tx)
    mine_at(start)
    assignments.heartbeat.call(assignment, 1, NOTHING, alice.tx)


def test_a_late_sign_counts_as_long_as_nobody_has_reopened_the_seat(commune, assignments, held, alice, bob):
    late(commune, held)
    tx = assignments.heartbeat(held, 1, NOTHING, alice.tx)
    with reverts(error("AssignmentsNotMissed", held, 1, tx.timestamp + DAY)):
        assignments.reopen.call(held, 1, bob.tx)
    late(commune, held)
    event = assignments.reopen(held, 1, bob.tx).events["SeatReleased"]
    assert (event["why"], event["state"]) == (MISSED_HEARTBEAT, VACANT)
    with reverts(error("AssignmentsNotHolder", held, 1, alice)):
        assignments.heartbeat.call(held, 1, NOTHING, alice.tx)


def test_after_the_deadline_it_is_too_late(commune, assignments, held, alice):
    due = seat_of(commune, held)["dueAt"]
    mine_at(due)
    assignments.heartbeat.call(held, 1, NOTHING, alice.tx)
    mine_at(due + 1)
    with reverts(error("AssignmentsOverdue", held, 1, due)):
        assignments.heartbeat.call(held, 1, NOTHING, alice.tx)


def test_close_to_the_deadline_the_deadline_counts(commune, assignments, held, alice):
    due = seat_of(commune, held)["dueAt"]
    mine_at(due - HOUR)
    assignments.heartbeat(held, 1, NOTHING, alice.tx)
    assert assignments.lateAfter(held, 1) == due


def test_in_rework_none_is_asked_for(commune, assignments, held, reviewer, alice, bob):
    delivered(commune, reviewer, held, alice)
    for state in (DELIVERED, REWORK):
        with reverts(error("AssignmentsWrongSeatState", held, 1, state)):
            assignments.heartbeat.call(held, 1, NOTHING, alice.tx)
        if state == DELIVERED:
            with reverts(error("AssignmentsWrongSeatState", held, 1, DELIVERED)):
                assignments.lateAfter.call(held, 1)
            tx = assignments.markRework(held, 1, reviewer)
    assert assignments.lateAfter(held, 1) == tx.timestamp + REWORK_TIME
    mine_at(tx.timestamp + REWORK_TIME)
    with reverts(error("AssignmentsNotMissed", held, 1, tx.timestamp + REWORK_TIME)):
        assignments.reopen.call(held, 1, bob.tx)


@pytest.mark.parametrize("heartbeat", [0, 2 * HOUR])
def test_of_a_shift_signs_are_asked_for_during_it_and_confirmation_after_it(
    commune, assignments, alice, heartbeat
):
    brief = shift(length=3 * HOUR, heartbeat=heartbeat)
    assignment = opened(commune, brief)
    taken(commune, assignment, alice)
    if heartbeat:
        assert assignments.lateAfter(assignment, 1) == brief.start + 2 * HOUR
        mine_at(brief.start + HOUR)
        assignments.heartbeat(assignment, 1, NOTHING, alice.tx)
    assert assignments.lateAfter(assignment, 1) == brief.deadline + CONFIRM_WINDOW
    assert seat_of(commune, assignment)["state"] == HELD
