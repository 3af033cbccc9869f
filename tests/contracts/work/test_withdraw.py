"""`withdraw`: volunteers and holders step back, but not round a strike or a deadline."""

import pytest
from brownie import reverts

from tests.contracts.clock import mine_at, now
from tests.contracts.errors import error
from tests.contracts.people import DAY, member_id
from tests.contracts.work.steps import (
    DELIVERED,
    DRAWING,
    FAILED,
    HOUR,
    LAPSED,
    MISSED_DEADLINE,
    MISSED_HEARTBEAT,
    SELECTING,
    VACANT,
    WITHDREW,
    Brief,
    created,
    delivered,
    late,
    opened,
    seat_of,
    shift,
    taken,
    volunteered,
    volunteering_over,
)


def released(tx):
    """What the event says of a seat that lost its holder: why, the seat's state, the member's strikes."""
    event = tx.events["SeatReleased"]
    return event["why"], event["state"], event["strikes"]


def test_a_volunteer_steps_back_and_may_come_again(commune, assignments, work, alice, bob, carol):
    volunteered(commune, work, alice, bob, carol)
    event = assignments.withdraw(work, alice.tx).events["VolunteerWithdrew"]
    assert event == {"assignmentId": work, "memberId": member_id(commune, alice)}
    volunteered(commune, work, alice)
    order = [member_id(commune, who) for who in (bob, carol, alice)]
    assert list(assignments.volunteersOf(work)) == order


def test_who_did_not_volunteer_does_not_step_back(commune, assignments, work, alice, bob, stranger):
    volunteered(commune, work, bob)
    with reverts(error("AssignmentsNoVolunteer", work, member_id(commune, alice))):
        assignments.withdraw.call(work, alice.tx)
    with reverts(error("AssignmentsNoVolunteer", work, 0)):
        assignments.withdraw.call(work, stranger.tx)
    with reverts(error("AssignmentsUnknown", 9)):
        assignments.withdraw.call(9, alice.tx)


def test_nobody_changes_the_pool_before_or_after_the_draw(commune, assignments, work, alice, bob, carol):
    """Who could go once the number is known would shuffle the others anew."""
    volunteered(commune, work, alice, bob)
    volunteering_over(commune, work)
    with reverts(error("AssignmentsWrongState", work, SELECTING)):
        assignments.withdraw.call(work, alice.tx)
    assignments.select(work, carol.tx)
    with reverts(error("AssignmentsWrongState", work, DRAWING)):
        assignments.withdraw.call(work, alice.tx)


def test_before_work_begins_a_seat_is_given_up_freely(commune, assignments, alice):
    assignment = opened(commune, Brief(start=now() + 10 * DAY))
    taken(commune, assignment, alice)
    assert released(assignments.withdraw(assignment, alice.tx)) == (WITHDREW, VACANT, 0)
    assert assignments.seatsHeld(member_id(commune, alice)) == 0
    assert taken(commune, assignment, alice) == 1


def test_a_seat_is_given_up_once_and_not_taken_anew_for_another_term(
    commune, assignments, vacant, alice, bob
):
    """Else one could hold it for ever, going a second before each deadline."""
    taken(commune, vacant, alice)
    assert released(assignments.withdraw(vacant, alice.tx)) == (WITHDREW, VACANT, 0)
    with reverts(error("AssignmentsGaveUp", vacant, member_id(commune, alice))):
        assignments.volunteer.call(vacant, alice.tx)
    taken(commune, vacant, bob)


def test_going_after_a_missed_sign_of_progress_is_a_strike(commune, assignments, held, alice):
    late(commune, held)
    assert released(assignments.withdraw(held, alice.tx)) == (MISSED_HEARTBEAT, VACANT, 1)


def test_going_after_the_deadline_is_a_strike(commune, assignments, vacant, alice):
    taken(commune, vacant, alice)
    late(commune, vacant)
    assert released(assignments.withdraw(vacant, alice.tx)) == (MISSED_DEADLINE, VACANT, 1)


def test_at_the_last_second_it_is_none(commune, assignments, vacant, alice):
    taken(commune, vacant, alice)
    mine_at(seat_of(commune, vacant)["dueAt"] - 30)
    assert released(assignments.withdraw(vacant, alice.tx)) == (WITHDREW, VACANT, 0)


def test_what_is_delivered_is_not_withdrawn(commune, assignments, vacant, reviewer, alice):
    taken(commune, vacant, alice)
    delivered(commune, reviewer, vacant, alice)
    with reverts(error("AssignmentsWrongSeatState", vacant, 1, DELIVERED)):
        assignments.withdraw.call(vacant, alice.tx)


def test_going_in_rework_is_as_if_it_failed(commune, assignments, vacant, reviewer, alice):
    """The reviewers are known by then: a free way out would be a new draw of others."""
    taken(commune, vacant, alice)
    delivered(commune, reviewer, vacant, alice)
    assignments.markRework(vacant, 1, reviewer)
    assert released(assignments.withdraw(vacant, alice.tx)) == (FAILED, VACANT, 1)
    assert assignments.seatsHeld(member_id(commune, alice)) == 0


def test_a_shift_is_given_up_before_it_begins(commune, assignments, alice):
    assignment = opened(commune, shift())
    taken(commune, assignment, alice)
    assert released(assignments.withdraw(assignment, alice.tx)) == (WITHDREW, VACANT, 0)


@pytest.mark.parametrize(("after", "state"), [(0, VACANT), (5 * HOUR, LAPSED)])
def test_going_during_a_shift_or_after_it_is_a_strike(commune, assignments, alice, bob, after, state):
    brief = shift(seats=2)
    assignment = opened(commune, brief)
    taken(commune, assignment, bob, alice)
    mine_at(brief.start + after)
    assert released(assignments.withdraw(assignment, alice.tx)) == (MISSED_DEADLINE, state, 1)


def test_who_holds_no_seat_gives_none_up(commune, assignments, held, bob, stranger):
    for who in (bob, stranger):
        with reverts(error("AssignmentsNotHolder", held, 0, who)):
            assignments.withdraw.call(held, who.tx)


def test_work_that_is_done_is_not_given_up(commune, assignments, reviewer, alice):
    assignment = opened(commune, Brief(seats=2))
    taken(commune, assignment, alice)
    delivered(commune, reviewer, assignment, alice)
    assignments.markDone(assignment, 1, 10_000, reviewer)
    with reverts(error("AssignmentsNotHolder", assignment, 0, alice)):
        assignments.withdraw.call(assignment, alice.tx)


def test_volunteers_and_holders_are_told_apart(commune, assignments, alice, bob):
    """Who did not get a seat has none to give up."""
    assignment = created(commune, Brief(seats=1))
    volunteered(commune, assignment, alice)
    volunteering_over(commune, assignment)
    assignments.select(assignment, bob.tx)
    assert released(assignments.withdraw(assignment, alice.tx)) == (WITHDREW, VACANT, 0)
    with reverts(error("AssignmentsNotHolder", assignment, 0, alice)):
        assignments.withdraw.call(assignment, alice.tx)
