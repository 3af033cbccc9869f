"""`reopen`: anyone takes a seat from who missed a sign of progress or the deadline, or is gone."""

import pytest
from brownie import reverts

from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, admit_directly, expel_directly
from tests.contracts.people import DAY, member_id
from tests.contracts.work.steps import (
    CONFIRM_WINDOW,
    DELIVERED,
    DONE,
    FINISHED,
    GONE,
    HOUR,
    LAPSED,
    MISSED_DEADLINE,
    MISSED_HEARTBEAT,
    OPEN,
    REWORK_TIME,
    VACANT,
    Brief,
    created,
    delivered,
    holders,
    late,
    opened,
    seat_of,
    shift,
    taken,
    volunteering_over,
)

NOBODY = {"memberId": 0, "state": VACANT, "takenAt": 0, "signAt": 0, "dueAt": 0, "shareBps": 0, "paid": False}


def test_anyone_reopens_a_seat_whose_holder_missed_a_sign(commune, assignments, held, alice, stranger):
    late(commune, held)
    member = member_id(commune, alice)
    assert assignments.reopen(held, 1, stranger.tx).events["SeatReleased"] == {
        "assignmentId": held,
        "seat": 1,
        "memberId": member,
        "why": MISSED_HEARTBEAT,
        "state": VACANT,
        "strikes": 1,
    }
    assert seat_of(commune, held) == NOBODY
    assert (assignments.stateOf(held), assignments.seatHeldBy(held, member)) == (OPEN, 0)
    assert (assignments.seatsHeld(member), assignments.strikesOf(member)) == (0, 1)


def test_not_before_the_second_after_the_deadline(commune, assignments, vacant, alice, bob):
    """The last second in which one can deliver is the last one in which nobody can reopen."""
    taken(commune, vacant, alice)
    due = seat_of(commune, vacant)["dueAt"]
    mine_at(due)
    with reverts(error("AssignmentsNotMissed", vacant, 1, due)):
        assignments.reopen.call(vacant, 1, bob.tx)
    mine_at(due + 1)
    event = assignments.reopen(vacant, 1, bob.tx).events["SeatReleased"]
    assert (event["why"], event["strikes"]) == (MISSED_DEADLINE, 1)


def test_a_reopened_seat_is_anybodys_and_has_a_new_deadline(commune, assignments, vacant, alice, bob):
    taken(commune, vacant, alice)
    late(commune, vacant)
    assignments.reopen(vacant, 1, bob.tx)
    tx = assignments.volunteer(vacant, bob.tx)
    assert tx.events["SeatTaken"]["dueAt"] == tx.timestamp + 7 * DAY
    assert holders(commune, vacant) == [member_id(commune, bob)]


def test_a_holder_in_good_standing_keeps_the_seat(commune, assignments, held, bob):
    with reverts(error("AssignmentsNotMissed", held, 1, assignments.lateAfter(held, 1))):
        assignments.reopen.call(held, 1, bob.tx)


def test_what_nobody_holds_is_not_reopened(commune, assignments, vacant, reviewer, alice, bob):
    with reverts(error("AssignmentsWrongSeatState", vacant, 1, VACANT)):
        assignments.reopen.call(vacant, 1, bob.tx)
    taken(commune, vacant, alice)
    delivered(commune, reviewer, vacant, alice)
    with reverts(error("AssignmentsWrongSeatState", vacant, 1, DELIVERED)):
        assignments.reopen.call(vacant, 1, bob.tx)
    assignments.markDone(vacant, 1, 10_000, reviewer)
    with reverts(error("AssignmentsWrongSeatState", vacant, 1, DONE)):
        assignments.reopen.call(vacant, 1, bob.tx)


@pytest.mark.parametrize("how", ["leave", "expel", "sleep"])
def test_the_seat_of_who_is_gone_is_reopened_without_a_strike(commune, assignments, held, alice, bob, how):
    member = member_id(commune, alice)
    if how == "leave":
        commune.membership.leave(alice.tx)
    elif how == "expel":
        expel_directly(commune, member)
    else:
        commune.membership.setDormant(member, acting_as(commune.presence))
    event = assignments.reopen(held, 1, bob.tx).events["SeatReleased"]
    assert (event["why"], event["state"], event["strikes"]) == (GONE, VACANT, 0)
    taken(commune, held, bob)


def test_what_an_expelled_member_held_is_reopened_and_what_they_delivered_is_reviewed(
    commune, assignments, reviewer, alice, bob
):
    """Nothing is lost: the others go on with what is open, and delivered work counts."""
    first = created(commune, *[Brief()] * 4)
    volunteering_over(commune, first)
    member = member_id(commune, alice)
    taken(commune, first + 3, alice)
    delivered(commune, reviewer, first + 3, alice)
    assignments.markDone(first + 3, 1, 8_000, reviewer)
    for assignment in range(first, first + 3):
        taken(commune, assignment, alice)
    delivered(commune, reviewer, first + 2, alice)
    expel_directly(commune, member)
    for assignment in (first, first + 1):
        assignments.reopen(assignment, 1, bob.tx)
        taken(commune, assignment, bob)
    assert assignments.seatsHeld(member) == 1
    with reverts(error("AssignmentsWrongSeatState", first + 2, 1, DELIVERED)):
        assignments.reopen.call(first + 2, 1, bob.tx)
    assignments.markDone(first + 2, 1, 10_000, reviewer)
    assert assignments.seatsHeld(member) == 0
    for assignment in (first + 2, first + 3):
        assert (seat_of(commune, assignment)["memberId"], seat_of(commune, assignment)["state"]) == (
            member,
            DONE,
        )


def test_leaving_sheds_no_strike(commune, assignments, held, alice, bob):
    """Who missed something and then left has missed it, and finds the strike there on their return."""
    late(commune, held)
    commune.membership.leave(alice.tx)
    event = assignments.reopen(held, 1, bob.tx).events["SeatReleased"]
    assert (event["why"], event["strikes"]) == (MISSED_HEARTBEAT, 1)
    admit_directly(commune, alice)
    assert assignments.strikesOf(member_id(commune, alice)) == 1


def test_who_comes_back_before_that_still_holds_the_seat(commune, assignments, held, alice, bob):
    commune.membership.leave(alice.tx)
    admit_directly(commune, alice)
    with reverts(error("AssignmentsNotMissed", held, 1, assignments.lateAfter(held, 1))):
        assignments.reopen.call(held, 1, bob.tx)


def test_rework_that_does_not_come_is_reopened(commune, assignments, vacant, reviewer, alice, bob):
    taken(commune, vacant, alice)
    delivered(commune, reviewer, vacant, alice)
    tx = assignments.markRework(vacant, 1, reviewer)
    mine_at(tx.timestamp + REWORK_TIME + 1)
    event = assignments.reopen(vacant, 1, bob.tx).events["SeatReleased"]
    assert (event["why"], event["strikes"]) == (MISSED_DEADLINE, 1)
    assert assignments.seatsHeld(member_id(commune, alice)) == 0


def test_a_seat_of_several_leaves_the_others_alone(commune, assignments, alice, bob, carol):
    assignment = opened(commune, Brief(seats=3, heartbeat=DAY))
    taken(commune, assignment, alice, bob, carol)
    mine_at(assignments.lateAfter(assignment, 2) - HOUR)
    for seat, who in ((1, alice), (3, carol)):
        assignments.heartbeat(assignment, seat, b"\0" * 32, who.tx)
    late(commune, assignment, 2)
    assignments.reopen(assignment, 2, alice.tx)
    assert holders(commune, assignment) == [member_id(commune, alice), 0, member_id(commune, carol)]


# ------------------------------------------------------------------ shifts


def test_a_shift_that_nobody_confirmed_lapses(commune, assignments, alice, bob):
    brief = shift()
    assignment = opened(commune, brief)
    taken(commune, assignment, alice)
    mine_at(brief.deadline + CONFIRM_WINDOW)
    with reverts(error("AssignmentsNotMissed", assignment, 1, brief.deadline + CONFIRM_WINDOW)):
        assignments.reopen.call(assignment, 1, bob.tx)
    assert assignments.stateOf(assignment) == OPEN
    mine_at(brief.deadline + CONFIRM_WINDOW + 1)
    event = assignments.reopen(assignment, 1, bob.tx).events["SeatReleased"]
    assert (event["why"], event["state"], event["strikes"]) == (MISSED_DEADLINE, LAPSED, 1)
    assert seat_of(commune, assignment) == {**NOBODY, "state": LAPSED}
    assert assignments.stateOf(assignment) == FINISHED


def test_during_a_shift_a_seat_is_vacant_for_somebody_else(commune, assignments, alice, bob):
    brief = shift(length=6 * HOUR, heartbeat=HOUR)
    assignment = opened(commune, brief)
    taken(commune, assignment, alice)
    mine_at(brief.start + HOUR + 1)
    event = assignments.reopen(assignment, 1, bob.tx).events["SeatReleased"]
    assert (event["why"], event["state"]) == (MISSED_HEARTBEAT, VACANT)
    taken(commune, assignment, bob)
    assert seat_of(commune, assignment)["dueAt"] == brief.deadline


def test_a_shift_with_vacant_seats_is_finished_when_it_is_over(commune, assignments, reviewer, alice):
    brief = shift(seats=2)
    assignment = opened(commune, brief)
    taken(commune, assignment, alice)
    mine_at(brief.deadline)
    assert assignments.stateOf(assignment) == OPEN
    mine_at(brief.deadline + 1)
    assert assignments.stateOf(assignment) == OPEN
    assignments.markDone(assignment, 1, 10_000, reviewer)
    assert assignments.stateOf(assignment) == FINISHED
