"""`cancel`: only a vote ends work that was decided on, and nobody loses what they earned."""

import pytest
from brownie import reverts

from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.people import carried_out, draft, member_id
from tests.contracts.work.steps import (
    BY_CANCELLATION,
    CANCELLED,
    CONFIRM_WINDOW,
    DELIVERED,
    DONE,
    DRAWING,
    FAILED,
    FINISHED,
    HELD,
    NOTHING,
    REWORK,
    VACANT,
    WHY,
    Brief,
    delivered,
    opened,
    seat_of,
    shift,
    taken,
    volunteered,
    volunteering_over,
)


def test_members_decide_to_cancel(commune, assignments, vacant, alice, bob, founders):
    d = draft(alice, (assignments, assignments.cancel.encode_input(vacant, WHY)), text="We need no paint")
    tx = carried_out(commune, d, alice, (alice, bob), founders)
    assert tx.events["AssignmentCancelled"] == {"assignmentId": vacant, "reason": WHY}
    assert assignments.stateOf(vacant) == CANCELLED
    assert assignments.assignment(vacant)["cancelled"] is True


def test_nobody_else_cancels(commune, assignments, held, alice, stranger):
    for who in (alice, stranger):
        with reverts(error("AccessManagedUnauthorized", who)):
            assignments.cancel.call(held, WHY, who.tx)


def test_seats_that_are_held_are_vacant_at_once_without_a_strike(commune, assignments, timelock, alice, bob):
    assignment = opened(commune, Brief(seats=3))
    taken(commune, assignment, alice, bob)
    events = assignments.cancel(assignment, WHY, timelock).events["SeatReleased"]
    assert [(e["seat"], e["why"], e["state"], e["strikes"]) for e in events] == [
        (1, BY_CANCELLATION, VACANT, 0),
        (2, BY_CANCELLATION, VACANT, 0),
    ]
    assert assignments.seatsHeld(member_id(commune, alice)) == 0
    with reverts(error("AssignmentsWrongState", assignment, CANCELLED)):
        assignments.volunteer.call(assignment, alice.tx)


def test_what_is_delivered_is_reviewed_to_the_end(
    commune, assignments, reviewer, timelock, alice, bob, carol
):
    assignment = opened(commune, Brief(seats=3))
    for seat, who in enumerate((alice, bob, carol), 1):
        taken(commune, assignment, who)
        delivered(commune, reviewer, assignment, who, seat)
    assignments.markRework(assignment, 2, reviewer)
    assignments.cancel(assignment, WHY, timelock)
    assert [seat_of(commune, assignment, n)["state"] for n in (1, 2, 3)] == [DELIVERED, REWORK, DELIVERED]
    assignments.markDone(assignment, 1, 5_000, reviewer)
    with reverts(error("AssignmentsNotMissed", assignment, 2, assignments.lateAfter(assignment, 2))):
        assignments.reopen.call(assignment, 2, alice.tx)
    delivered(commune, reviewer, assignment, bob, 2)
    assignments.markDone(assignment, 2, 10_000, reviewer)
    event = assignments.markFailed(assignment, 3, reviewer).events["SeatReleased"]
    assert (event["why"], event["state"]) == (FAILED, VACANT)
    assert [seat_of(commune, assignment, n)["state"] for n in (1, 2, 3)] == [DONE, DONE, VACANT]
    assert assignments.stateOf(assignment) == CANCELLED


def test_a_shift_that_has_begun_can_still_be_confirmed(commune, assignments, reviewer, timelock, alice, bob):
    """Who came has worked, whatever is decided meanwhile."""
    brief = shift(seats=3)
    assignment = opened(commune, brief)
    taken(commune, assignment, alice, bob)
    mine_at(brief.start)
    assert "SeatReleased" not in assignments.cancel(assignment, WHY, timelock).events
    assignments.markDone(assignment, 1, 10_000, reviewer)
    assert seat_of(commune, assignment, 2)["state"] == HELD
    mine_at(brief.deadline + CONFIRM_WINDOW + 1)
    assignments.reopen(assignment, 2, alice.tx)
    assert assignments.stateOf(assignment) == CANCELLED


def test_a_shift_to_come_is_nobodys_any_more(commune, assignments, timelock, alice):
    assignment = opened(commune, shift())
    taken(commune, assignment, alice)
    assignments.cancel(assignment, WHY, timelock)
    assert seat_of(commune, assignment)["state"] == VACANT
    assert assignments.seatsHeld(member_id(commune, alice)) == 0


@pytest.mark.parametrize("when", ["volunteering", "drawing"])
def test_volunteers_get_no_seats(commune, assignments, work, timelock, alice, bob, when):
    volunteered(commune, work, alice, bob)
    if when == "drawing":
        volunteering_over(commune, work)
        assignments.select(work, alice.tx)
        assert assignments.stateOf(work) == DRAWING
    assignments.cancel(work, WHY, timelock)
    with reverts(error("AssignmentsWrongState", work, CANCELLED)):
        assignments.select.call(work, alice.tx)
    with reverts(error("AssignmentsNotHolder", work, 0, alice)):
        assignments.withdraw.call(work, alice.tx)


def test_what_is_over_is_not_cancelled(commune, assignments, vacant, reviewer, timelock, alice):
    taken(commune, vacant, alice)
    with reverts(error("AssignmentsEmptyText")):
        assignments.cancel.call(vacant, NOTHING, timelock)
    delivered(commune, reviewer, vacant, alice)
    assignments.markDone(vacant, 1, 10_000, reviewer)
    with reverts(error("AssignmentsWrongState", vacant, FINISHED)):
        assignments.cancel.call(vacant, WHY, timelock)
    other = opened(commune)
    assignments.cancel(other, WHY, timelock)
    with reverts(error("AssignmentsWrongState", other, CANCELLED)):
        assignments.cancel.call(other, WHY, timelock)
    with reverts(error("AssignmentsUnknown", 99)):
        assignments.cancel.call(99, WHY, timelock)
