"""`volunteer`: members offer to do the work, or take a vacant seat once volunteering is over."""

from brownie import reverts

from tests.contracts.clock import mine_at, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import (
    acting_as,
    expel_directly,
    move_directly,
    to_season,
)
from tests.contracts.people import DAY, DORMANT, EXPELLED, member_id, person
from tests.contracts.work.steps import (
    CANCELLED,
    DRAWING,
    FINISHED,
    HELD,
    OPEN,
    SELECTING,
    VOLUNTEERING,
    WHY,
    Brief,
    created,
    delivered,
    holders,
    late,
    opened,
    seat_of,
    selected,
    shift,
    taken,
    volunteered,
    volunteering_over,
)


def test_members_volunteer(commune, assignments, work, alice, newcomers):
    for who in (alice, newcomers[0]):
        event = assignments.volunteer(work, who.tx).events["Volunteered"]
        assert event == {"assignmentId": work, "memberId": member_id(commune, who)}
    assert assignments.volunteersOf(work) == tuple(member_id(commune, w) for w in (alice, newcomers[0]))
    assert holders(commune, work) == [0]


def test_nobody_volunteers_twice(commune, assignments, work, alice, bob):
    volunteered(commune, work, bob, alice)
    with reverts(error("AssignmentsVolunteeredTwice", work, member_id(commune, alice))):
        assignments.volunteer.call(work, alice.tx)


def test_the_dormant_do_not_volunteer(commune, assignments, work, alice):
    member = member_id(commune, alice)
    commune.membership.setDormant(member, acting_as(commune.presence))
    with reverts(error("MembershipNotActive", member, DORMANT)):
        assignments.volunteer.call(work, alice.tx)


def test_strangers_and_the_expelled_do_not_volunteer(commune, assignments, work, alice, stranger):
    with reverts(error("MembershipNotMember", stranger)):
        assignments.volunteer.call(work, stranger.tx)
    expel_directly(commune, member_id(commune, alice))
    with reverts(error("MembershipNotActive", member_id(commune, alice), EXPELLED)):
        assignments.volunteer.call(work, alice.tx)


def test_nobody_volunteers_for_what_there_is_not(assignments, alice):
    with reverts(error("AssignmentsUnknown", 9)):
        assignments.volunteer.call(9, alice.tx)


def test_the_last_second_of_volunteering_counts(commune, assignments, work, alice, bob):
    volunteered(commune, work, bob)
    end = assignments.assignment(work)["volunteerUntil"]
    mine_at(end)
    assert assignments.stateOf(work) == VOLUNTEERING
    assignments.volunteer.call(work, alice.tx)
    mine_at(end + 1)
    assert assignments.stateOf(work) == SELECTING
    with reverts(error("AssignmentsWrongState", work, SELECTING)):
        assignments.volunteer.call(work, alice.tx)


def test_nobody_joins_once_seats_are_drawn(commune, assignments, work, alice, bob, carol):
    volunteered(commune, work, alice, bob)
    volunteering_over(commune, work)
    assignments.select(work, carol.tx)
    with reverts(error("AssignmentsWrongState", work, DRAWING)):
        assignments.volunteer.call(work, carol.tx)


# ------------------------------------------------------------------ who comes first


def test_where_nobody_volunteered_the_first_to_come_takes_a_seat_at_once(commune, assignments, vacant, alice):
    assert assignments.stateOf(vacant) == SELECTING
    tx = assignments.volunteer(vacant, alice.tx)
    assert tx.events["Selected"] == {"assignmentId": vacant}
    member, due = member_id(commune, alice), tx.timestamp + 7 * DAY
    assert tx.events["SeatTaken"] == {"assignmentId": vacant, "seat": 1, "memberId": member, "dueAt": due}
    assert seat_of(commune, vacant) == {
        "memberId": member,
        "state": HELD,
        "takenAt": tx.timestamp,
        "signAt": 0,
        "dueAt": due,
        "shareBps": 0,
        "paid": False,
    }
    assert assignments.stateOf(vacant) == OPEN
    assert (assignments.seatHeldBy(vacant, member), assignments.seatsHeld(member)) == (1, 1)


def test_a_full_assignment_takes_nobody_else(commune, assignments, vacant, alice, bob):
    taken(commune, vacant, alice)
    with reverts(error("AssignmentsFull", vacant)):
        assignments.volunteer.call(vacant, bob.tx)


def test_nobody_holds_two_seats(commune, assignments, alice):
    assignment = opened(commune, Brief(seats=2))
    taken(commune, assignment, alice)
    with reverts(error("AssignmentsHoldsSeat", assignment, member_id(commune, alice), 1)):
        assignments.volunteer.call(assignment, alice.tx)


def test_what_is_delivered_still_counts_as_a_seat_of_theirs(commune, assignments, reviewer, alice):
    assignment = opened(commune, Brief(seats=2))
    taken(commune, assignment, alice)
    delivered(commune, reviewer, assignment, alice)
    with reverts(error("AssignmentsHoldsSeat", assignment, member_id(commune, alice), 1)):
        assignments.volunteer.call(assignment, alice.tx)


def test_who_has_done_one_part_of_a_task_may_take_another(commune, assignments, reviewer, alice):
    assignment = opened(commune, Brief(seats=2))
    taken(commune, assignment, alice)
    delivered(commune, reviewer, assignment, alice)
    assignments.markDone(assignment, 1, 10_000, reviewer)
    assert taken(commune, assignment, alice) == 2


def test_nobody_does_the_same_shift_twice(commune, assignments, reviewer, alice):
    assignment = opened(commune, shift(seats=2))
    taken(commune, assignment, alice)
    assignments.markDone(assignment, 1, 10_000, reviewer)
    with reverts(error("AssignmentsHoldsSeat", assignment, member_id(commune, alice), 1)):
        assignments.volunteer.call(assignment, alice.tx)


def test_what_is_finished_or_cancelled_takes_nobody(commune, assignments, reviewer, timelock, alice, bob):
    finished, cancelled = opened(commune), opened(commune)
    taken(commune, finished, alice)
    delivered(commune, reviewer, finished, alice)
    assignments.markDone(finished, 1, 10_000, reviewer)
    assignments.cancel(cancelled, WHY, timelock)
    for assignment, state in ((finished, FINISHED), (cancelled, CANCELLED)):
        with reverts(error("AssignmentsWrongState", assignment, state)):
            assignments.volunteer.call(assignment, bob.tx)


def test_a_shift_is_taken_up_to_its_last_second(commune, assignments, alice, bob):
    brief = shift(seats=2)
    assignment = opened(commune, brief)
    taken(commune, assignment, alice)
    mine_at(brief.deadline)
    assignments.volunteer.call(assignment, bob.tx)
    mine_at(brief.deadline + 1)
    with reverts(error("AssignmentsOver", assignment, brief.deadline)):
        assignments.volunteer.call(assignment, bob.tx)


def test_whoever_takes_a_task_late_has_its_whole_duration(commune, assignments, alice):
    start = now() + 2 * DAY
    deadline = start + 10 * DAY
    assignment = opened(commune, Brief(start=start, deadline=deadline, duration=3 * DAY, seats=2))
    taken(commune, assignment, alice)
    assert seat_of(commune, assignment)["dueAt"] == deadline
    mine_at(deadline + 5 * DAY)
    tx = assignments.volunteer(assignment, person(2).tx)
    assert tx.events["SeatTaken"]["dueAt"] == tx.timestamp + 3 * DAY


# ------------------------------------------------------------------ limits


def test_five_seats_at_once_are_enough(commune, assignments, reviewer, alice):
    """What waits for its review is not over: or one member could deliver rubbish on all that is open before
    the first strike falls."""
    first = created(commune, *[Brief()] * 6)
    volunteering_over(commune, first)
    taken_by_alice = range(first, first + 5)
    for assignment in taken_by_alice:
        taken(commune, assignment, alice)
    member = member_id(commune, alice)
    for assignment in taken_by_alice:
        delivered(commune, reviewer, assignment, alice)
    assignments.markRework(first, 1, reviewer)
    assert assignments.seatsHeld(member) == 5
    with reverts(error("AssignmentsTooManySeats", member, 5)):
        assignments.volunteer.call(first + 5, alice.tx)
    assignments.markFailed(first + 1, 1, reviewer)
    assignments.markDone(first + 2, 1, 10_000, reviewer)
    assert assignments.seatsHeld(member) == 3
    taken(commune, first + 5, alice)


def test_three_strikes_bar_for_the_season(commune, assignments, held, alice, bob):
    member, season = member_id(commune, alice), commune.constitution.currentSeason()
    for strikes in (1, 2, 3):
        late(commune, held)
        tx = assignments.reopen(held, 1, bob.tx)
        assert tx.events["SeatReleased"]["strikes"] == strikes == assignments.strikesOf(member)
        if strikes < 3:
            taken(commune, held, alice)
    with reverts(error("AssignmentsStruck", member, 3, season)):
        assignments.volunteer.call(held, alice.tx)
    to_season(commune, season + 1)
    assert assignments.strikesOf(member) == 0
    taken(commune, held, alice)


# ------------------------------------------------------------------ recovery


def test_a_seat_follows_the_member_to_a_new_account(commune, assignments, alice, newcomer):
    assignment = opened(commune, Brief(seats=2, heartbeat=DAY))
    taken(commune, assignment, alice)
    member = member_id(commune, alice)
    move_directly(commune, member, newcomer)
    with reverts(error("AssignmentsNotHolder", assignment, 1, alice)):
        assignments.heartbeat.call(assignment, 1, WHY, alice.tx)
    assert assignments.heartbeat(assignment, 1, WHY, newcomer.tx).events["Heartbeat"]["memberId"] == member
    with reverts(error("AssignmentsHoldsSeat", assignment, member, 1)):
        assignments.volunteer.call(assignment, newcomer.tx)
    with reverts(error("MembershipNotMember", alice)):
        assignments.volunteer.call(assignment, alice.tx)


def test_a_volunteer_with_a_new_account_is_the_same_volunteer(commune, assignments, work, alice, newcomer):
    volunteered(commune, work, alice)
    member = member_id(commune, alice)
    move_directly(commune, member, newcomer)
    with reverts(error("AssignmentsVolunteeredTwice", work, member)):
        assignments.volunteer.call(work, newcomer.tx)
    selected(commune, work)
    assert holders(commune, work) == [member]
