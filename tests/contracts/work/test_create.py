"""`create`: work is asked for by a decision, within a mandate, or by a series, several at once."""

import pytest
from brownie import ZERO_ADDRESS, accounts, reverts, web3
from eth_abi import encode

from scripts import commune as communes
from tests.contracts.clock import now
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as
from tests.contracts.offices import steps as offices
from tests.contracts.people import DAY, FOOD, carried_out, draft, member_id
from tests.contracts.work.steps import (
    HOUR,
    NOTHING,
    POINT,
    SCORE,
    SHIFT,
    TASK,
    TEXT,
    VACANT,
    VOLUNTEERING,
    WHY,
    Brief,
    created,
    opened,
    shift,
    taken,
)

YEARS = 730 * DAY


def test_members_decide_on_several_at_once(commune, assignments, alice, bob, carol, dave):
    briefs = [Brief(seats=3, trial_seats=1, selection=SCORE, heartbeat=2 * DAY), shift(now() + 30 * DAY)]
    data = assignments.create.encode_input([brief.struct for brief in briefs])
    d = draft(alice, (assignments, data), text="Let us paint, and open the hall on Sunday")
    tx = carried_out(commune, d, alice, [alice, bob], [alice, bob, carol, dave])
    assert assignments.assignmentCount() == 2
    volunteer_until = tx.timestamp + DAY
    assert assignments.assignment(1).dict() == {
        "text": TEXT,
        "topic": FOOD,
        "kind": TASK,
        "selection": SCORE,
        "seats": 3,
        "trialSeats": 1,
        "volunteerUntil": volunteer_until,
        "start": volunteer_until,
        "deadline": 0,
        "duration": 7 * DAY,
        "heartbeat": 2 * DAY,
        "reward": 10 * POINT,
        "purseId": 0,
        "stipend": 0,
        "creator": commune.timelock,
        "drawId": 0,
        "selected": False,
        "cancelled": False,
        "closedSeats": 0,
    }
    told = tx.events["AssignmentCreated"]
    assert [event["assignmentId"] for event in told] == [1, 2]
    for event in told:
        assert event["assignment"] == assignments.assignment(event["assignmentId"])
        assert (event["creator"], event["topic"]) == (commune.timelock, FOOD)
    second = assignments.assignment(2)
    assert (second["kind"], second["start"], second["deadline"]) == (
        SHIFT,
        briefs[1].start,
        briefs[1].deadline,
    )
    assert [assignments.stateOf(number) for number in (1, 2, 3)] == [VOLUNTEERING, VOLUNTEERING, 0]
    assert [seat["state"] for seat in assignments.seatsOf(1)] == [VACANT] * 3


def test_it_takes_the_ordinary_rule(commune, assignments):
    for function in ("create", "cancel"):
        selector = communes.selector(assignments, function)
        assert commune.constitution.ruleOf(assignments, selector) == communes.ORDINARY


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"text": NOTHING}, error("AssignmentsEmptyText")),
        ({"topic": 9}, error("AssignmentsUnknownTopic", 9)),
        ({"seats": 0}, error("AssignmentsSeats", 0, 0, 16)),
        ({"seats": 17}, error("AssignmentsSeats", 17, 0, 16)),
        ({"seats": 2, "trial_seats": 3}, error("AssignmentsSeats", 2, 3, 16)),
        ({"reward": 0}, error("AssignmentsReward", 0, 20 * POINT)),
        ({"reward": 20 * POINT + 1}, error("AssignmentsReward", 20 * POINT + 1, 20 * POINT)),
        ({"volunteering": DAY - 1}, error("AssignmentsVolunteering", DAY - 1, DAY, 90 * DAY)),
        ({"volunteering": 90 * DAY + 1}, error("AssignmentsVolunteering", 90 * DAY + 1, DAY, 90 * DAY)),
        ({"duration": 0}, error("AssignmentsTimes", 0, 0, 0)),
        ({"duration": HOUR - 1}, error("AssignmentsTimes", 0, 0, HOUR - 1)),
        ({"duration": YEARS + 1}, error("AssignmentsTimes", 0, 0, YEARS + 1)),
        ({"start": 2**48 - 1}, error("AssignmentsTimes", 2**48 - 1, 0, 7 * DAY)),
        ({"deadline": 2**48 - 1}, error("AssignmentsTimes", 0, 2**48 - 1, 7 * DAY)),
        ({"start": 5, "deadline": 5}, error("AssignmentsTimes", 5, 5, 7 * DAY)),
        ({"heartbeat": HOUR - 1}, error("AssignmentsHeartbeat", HOUR - 1, HOUR)),
        ({"stipend": 5}, error("AssignmentsPurse", 0, FOOD)),
        ({"purse": 1}, error("AssignmentsPurse", 1, FOOD)),
        ({"purse": 1, "stipend": 5}, error("CommonsUnknownPurse", 1)),
        ({"kind": SHIFT}, error("AssignmentsTimes", 0, 0, 7 * DAY)),
        ({"kind": SHIFT, "start": 5, "duration": 0}, error("AssignmentsTimes", 5, 0, 0)),
        ({"kind": SHIFT, "start": 5, "deadline": 9, "duration": 0}, error("AssignmentsTimes", 5, 9, 0)),
    ],
)
def test_a_brief_that_could_not_work_is_refused(assignments, timelock, fields, refusal):
    brief = Brief(**fields).struct
    with reverts(refusal):
        assignments.create.call([Brief().struct, brief], timelock)
    with reverts(refusal):
        assignments.requireGood.call(brief)


def test_a_shift_that_takes_time_or_has_no_end_is_refused(assignments, timelock):
    start = now() + DAY
    for brief in (
        Brief(kind=SHIFT, start=start, deadline=start + HOUR, duration=HOUR),
        Brief(kind=SHIFT, start=start, deadline=start, duration=0),
        Brief(kind=SHIFT, start=0, deadline=start, duration=0),
    ):
        refusal = error("AssignmentsTimes", brief.start, brief.deadline, brief.duration)
        with reverts(refusal):
            assignments.create.call([brief.struct], timelock)


def test_up_to_twenty_come_at_once(commune, assignments, timelock):
    for count in (0, 21):
        with reverts(error("AssignmentsBriefs", count, 20)):
            assignments.create.call([Brief().struct] * count, timelock)
    assert created(commune, *[Brief()] * 20) == 1
    assert assignments.assignmentCount() == 20


def test_volunteering_for_a_shift_ends_when_it_starts(commune, assignments):
    soon, begun = shift(now() + HOUR), shift(now() - HOUR)
    first = created(commune, soon, begun)
    assert assignments.assignment(first)["volunteerUntil"] == soon.start
    assert assignments.assignment(first + 1)["volunteerUntil"] == begun.start


def test_work_on_a_task_begins_after_volunteering(commune, assignments):
    """A start that was decided on may have passed when the decision is carried out."""
    later = now() + 3 * DAY
    first = created(commune, Brief(start=now() - DAY), Brief(start=later, deadline=later + DAY))
    early = assignments.assignment(first)
    assert early["start"] == early["volunteerUntil"]
    assert assignments.assignment(first + 1)["start"] == later


# ------------------------------------------------------------------ stipends


@pytest.fixture(scope="module")
def purse(commune, assignments, timelock):
    """For work on food."""
    return commune.commons.openPurse(assignments, FOOD, ZERO_ADDRESS, 100, WHY, timelock).return_value


def test_a_stipend_comes_from_an_open_purse_of_the_topic(commune, assignments, purse, timelock):
    first = created(commune, Brief(purse=purse, stipend=5))
    assert assignments.assignment(first)["purseId"] == purse
    with reverts(error("AssignmentsPurse", purse, 1)):
        assignments.create.call([Brief(purse=purse, stipend=5, topic=1).struct], timelock)
    with reverts(error("AssignmentsPurse", purse, FOOD)):
        assignments.create.call([Brief(purse=purse).struct], timelock)
    commune.commons.closePurse(purse, timelock)
    with reverts(error("AssignmentsPurse", purse, FOOD)):
        assignments.create.call([Brief(purse=purse, stipend=5).struct], timelock)


def test_a_stipend_comes_from_no_office_s_purse(commune, assignments, timelock):
    of_an_office = commune.commons.openPurse(
        commune.offices, FOOD, ZERO_ADDRESS, 100, WHY, timelock
    ).return_value
    with reverts(error("AssignmentsPurse", of_an_office, FOOD)):
        assignments.create.call([Brief(purse=of_an_office, stipend=5).struct], timelock)


# ------------------------------------------------------------------ mandates


@pytest.fixture(scope="module")
def foreman(commune, assignments, bob):
    """An office that may ask for work twice a period, held by Bob."""
    office = offices.created(commune, offices.Call(assignments, "create", calls=2))
    offices.seated(commune, office, bob)
    return office


def test_a_holder_asks_for_work_within_the_mandate(commune, assignments, foreman, bob):
    data = assignments.create.encode_input([Brief().struct])
    for number in (1, 2):
        tx = commune.offices.exercise(foreman, assignments, data, bob.tx)
        assert tx.events["AssignmentCreated"]["creator"] == commune.offices
        assert assignments.assignmentCount() == number
    selector = bytes.fromhex(communes.selector(assignments, "create")[2:])
    with reverts(error("OfficesCallsExceeded", foreman, selector, 2)):
        commune.offices.exercise.call(foreman, assignments, data, bob.tx)


def test_what_a_recalled_holder_asked_for_stands_and_obeys_nobody(
    commune, assignments, foreman, alice, bob, reviewer
):
    """Not the one who was recalled, not the one who follows them: work is cancelled by a vote."""
    data = assignments.create.encode_input([Brief().struct])
    commune.offices.exercise(foreman, assignments, data, bob.tx)
    offices.recalled_directly(commune, foreman, bob)
    assert assignments.stateOf(1) == VOLUNTEERING
    with reverts(error("AccessManagedUnauthorized", bob)):
        assignments.cancel.call(1, WHY, bob.tx)
    assignments.volunteer(1, alice.tx)
    assert assignments.volunteersOf(1) == (member_id(commune, alice),)


def test_a_mandate_creates_no_paid_work(commune, assignments, foreman, timelock, bob):
    """Its holder could take a paid shift, and a friend confirm it: no office pays who holds it."""
    accounts[30].transfer(commune.commons, 1_000)
    purse = commune.commons.openPurse(assignments, FOOD, ZERO_ADDRESS, 100, WHY, timelock).return_value
    paid = Brief(purse=purse, stipend=100)
    data = assignments.create.encode_input([Brief().struct, paid.struct])
    selector = web3.keccak(text="AssignmentsMayNotPay(address)")[:4]
    refusal = bytes(selector) + encode(["address"], [commune.offices.address])
    with reverts(error("OfficesExerciseFailed", refusal)):
        commune.offices.exercise(foreman, assignments, data, bob.tx)
    weekly = ("0x" + "11" * 32, "0x" + "22" * 32, 5, DAY, HOUR, paid.struct)
    with reverts(error("AssignmentsMayNotPay", commune.offices)):
        commune.series.create.call(weekly, acting_as(commune.offices))
    commune.series.create.call(weekly, timelock)
    assert created(commune, paid) == 1


def test_nobody_asks_for_work_alone(assignments, alice, stranger):
    for who in (alice, stranger):
        with reverts(error("AccessManagedUnauthorized", who)):
            assignments.create.call([Brief().struct], who.tx)


def test_who_asked_may_take_part_like_anybody(commune, assignments, foreman, bob):
    """Reviews are by others, whoever created it."""
    data = assignments.create.encode_input([Brief().struct])
    commune.offices.exercise(foreman, assignments, data, bob.tx)
    assignments.volunteer(1, bob.tx)
    assert assignments.volunteersOf(1) == (member_id(commune, bob),)


def test_opened_work_has_its_seats(commune, assignments, alice):
    assignment = opened(commune, Brief(seats=2))
    assert taken(commune, assignment, alice) == 1
    for number in (0, 3):
        with reverts(error("AssignmentsUnknownSeat", assignment, number)):
            assignments.seatOf.call(assignment, number)
    with reverts(error("AssignmentsUnknown", assignment + 1)):
        assignments.assignment.call(assignment + 1)
    with reverts(error("AssignmentsUnknown", assignment + 1)):
        assignments.seatOf.call(assignment + 1, 1)
