"""Series: work that comes again is decided on once, and each occurrence opened by anyone when it is due."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from brownie import reverts

from backend.work.occurrences import starts_of
from backend.work.starts import leaf_of, proof_of, root_of
from scripts import commune as communes
from tests.contracts.clock import mine_at, now
from tests.contracts.errors import error
from tests.contracts.offices import steps as offices
from tests.contracts.people import DAY, FOOD, carried_out, draft, member_id
from tests.contracts.work.steps import (
    HOUR,
    NOTHING,
    POINT,
    SHIFT,
    TASK,
    TEXT,
    VOLUNTEERING,
    WHY,
    Brief,
    taken,
    volunteering_over,
)

RULE = "0x" + communes.text_hash("DTSTART;TZID=Europe/Berlin:20270104T090000\nRRULE:FREQ=WEEKLY;COUNT=5")
LEAD, LENGTH = 7 * DAY, 4 * HOUR
WEEKLY = Brief(kind=SHIFT, duration=0, seats=2)


def plan(starts, rule=RULE, root=None, occurrences=None, lead=LEAD, length=LENGTH, brief=WEEKLY):
    """`ISeries.Plan`, as it is sent."""
    root = root_of(starts) if root is None else root
    return rule, root, len(starts) if occurrences is None else occurrences, lead, length, brief.struct


@pytest.fixture(scope="module")
def series(commune):
    return commune.series


@pytest.fixture
def starts():
    """Five weeks' starts, the first one in ten days."""
    return [now() + 10 * DAY + week * 7 * DAY for week in range(5)]


@pytest.fixture
def weekly(series, starts, timelock):
    """A series of five shifts."""
    return series.create(plan(starts), timelock).return_value


def opening(series, starts, place, **changed):
    """What opens an occurrence; `changed` replaces arguments by their names."""
    arguments = {"index": place, "start": starts[place], "proof": proof_of(starts, place)} | changed
    return series, arguments["index"], arguments["start"], arguments["proof"]


# ------------------------------------------------------------------ deciding


def test_members_decide_on_a_series_and_on_its_end(commune, series, starts, alice, bob, founders):
    decided = plan(starts)
    d = draft(alice, (series, series.create.encode_input(decided)), text="Let us open on Mondays")
    tx = carried_out(commune, d, alice, (alice, bob), founders)
    event = tx.events["SeriesCreated"]
    assert (event["seriesId"], event["creator"]) == (1, commune.timelock)
    assert event["plan"] == series.planOf(1)
    found = series.planOf(1)
    assert (found["rule"], found["occurrences"], found["lead"], found["length"]) == (RULE, 5, LEAD, LENGTH)
    assert bytes(found["root"]) == root_of(starts)
    assert (series.seriesCount(), series.isStopped(1)) == (1, False)
    d = draft(alice, (series, series.stop.encode_input(1, WHY)), text="No more Mondays")
    tx = carried_out(commune, d, alice, (alice, bob), founders)
    assert tx.events["SeriesStopped"] == {"seriesId": 1, "reason": WHY}
    assert series.isStopped(1) is True


def test_it_takes_the_ordinary_rule(commune, series):
    for function in ("create", "stop"):
        selector = communes.selector(series, function)
        assert commune.constitution.ruleOf(series, selector) == communes.ORDINARY


def test_nobody_decides_alone(series, weekly, starts, alice, stranger):
    for who in (alice, stranger):
        for call, *arguments in ((series.create, plan(starts)), (series.stop, weekly, WHY)):
            with reverts(error("AccessManagedUnauthorized", who)):
                call.call(*arguments, who.tx)


def test_a_holder_creates_one_within_the_mandate(commune, series, starts, bob):
    office = offices.created(commune, offices.Call(series, "create", calls=1))
    offices.seated(commune, office, bob)
    tx = commune.offices.exercise(office, series, series.create.encode_input(plan(starts)), bob.tx)
    assert tx.events["SeriesCreated"]["creator"] == commune.offices


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"rule": NOTHING}, error("SeriesEmptyRule")),
        ({"root": NOTHING}, error("SeriesOccurrences", 5, 1_000)),
        ({"occurrences": 0}, error("SeriesOccurrences", 0, 1_000)),
        ({"occurrences": 1_001}, error("SeriesOccurrences", 1_001, 1_000)),
        ({"lead": 90 * DAY + 1}, error("SeriesTimes", 90 * DAY + 1, LENGTH)),
        ({"length": 0}, error("SeriesTimes", LEAD, 0)),
        ({"length": 90 * DAY + 1}, error("SeriesTimes", LEAD, 90 * DAY + 1)),
        ({"brief": Brief(start=5)}, error("SeriesBriefHasTimes", 5, 0)),
        ({"brief": Brief(deadline=5)}, error("SeriesBriefHasTimes", 0, 5)),
        ({"brief": Brief(text=NOTHING)}, error("AssignmentsEmptyText")),
        ({"brief": Brief(topic=9)}, error("AssignmentsUnknownTopic", 9)),
        ({"brief": Brief(reward=0)}, error("AssignmentsReward", 0, 20 * POINT)),
        ({"brief": Brief(purse=1)}, error("AssignmentsPurse", 1, FOOD)),
    ],
)
def test_a_plan_that_could_not_work_is_refused(series, starts, timelock, changed, refusal):
    with reverts(refusal):
        series.create.call(plan(starts, **changed), timelock)


# ------------------------------------------------------------------ opening


def test_anyone_opens_an_occurrence_when_it_is_due(commune, assignments, series, starts, weekly, stranger):
    mine_at(starts[0] - LEAD)
    tx = series.openOccurrence(*opening(weekly, starts, 0), stranger.tx)
    assignment = tx.return_value
    assert tx.events["OccurrenceOpened"] == {
        "seriesId": weekly,
        "index": 0,
        "assignmentId": assignment,
        "start": starts[0],
    }
    found = assignments.assignment(assignment)
    assert (found["text"], found["kind"], found["seats"]) == (TEXT, SHIFT, 2)
    assert (found["start"], found["deadline"]) == (starts[0], starts[0] + LENGTH)
    assert found["creator"] == series
    assert assignments.stateOf(assignment) == VOLUNTEERING
    assert series.assignmentOf(weekly, 0) == assignment
    assert series.assignmentOf(weekly, 1) == 0


def test_each_occurrence_is_opened_once_and_in_any_order(assignments, series, starts, weekly, alice, bob):
    mine_at(starts[1] - DAY)
    second = series.openOccurrence(*opening(weekly, starts, 1), alice.tx).return_value
    with reverts(error("SeriesOpened", weekly, 1, second)):
        series.openOccurrence.call(*opening(weekly, starts, 1), bob.tx)
    mine_at(starts[2] - DAY)
    series.openOccurrence(*opening(weekly, starts, 2), bob.tx)
    assert assignments.assignmentCount() == 2


def test_not_before_it_is_due_and_not_after_it_is_over(series, starts, weekly, alice):
    opens, closes = starts[0] - LEAD, starts[0] + LENGTH
    arguments = opening(weekly, starts, 0)
    mine_at(opens - 1)
    with reverts(error("SeriesTooEarly", weekly, opens)):
        series.openOccurrence.call(*arguments, alice.tx)
    mine_at(opens)
    series.openOccurrence.call(*arguments, alice.tx)
    mine_at(closes)
    series.openOccurrence.call(*arguments, alice.tx)
    mine_at(closes + 1)
    with reverts(error("SeriesOver", weekly, closes)):
        series.openOccurrence.call(*arguments, alice.tx)


def test_what_was_not_decided_on_is_not_opened(series, starts, weekly, alice):
    """Another time, another place in the row, a proof of something else, and an inner node of the tree."""
    mine_at(starts[1] - DAY)
    good = proof_of(starts, 1)
    for changed in (
        {"start": starts[1] + 1},
        {"index": 2},
        {"proof": proof_of(starts, 2)},
        {"proof": good[:-1]},
        {"proof": [*good, bytes(32)]},
        {"proof": []},
        {"start": 2**48 - 1},
    ):
        arguments = opening(weekly, starts, 1, **changed)
        with reverts(error("SeriesNotInRule", weekly, arguments[1], arguments[2])):
            series.openOccurrence.call(*arguments, alice.tx)


def test_a_row_is_no_longer_than_was_decided(series, starts, timelock, alice):
    """Also where the tree holds more."""
    short = series.create(plan(starts, occurrences=2), timelock).return_value
    mine_at(starts[2] - DAY)
    with reverts(error("SeriesNotInRule", short, 2, starts[2])):
        series.openOccurrence.call(*opening(short, starts, 2), alice.tx)


def test_times_at_the_end_of_48_bits_overflow_nothing(series, timelock, alice):
    far = [2**48 - 1, 2**48 - 2]
    odd = series.create(plan(far), timelock).return_value
    with reverts(error("SeriesTooEarly", odd, 2**48 - 1 - LEAD)):
        series.openOccurrence.call(*opening(odd, far, 0), alice.tx)


def test_a_single_start_needs_no_proof(series, starts, timelock, alice):
    once = series.create(plan(starts[:1]), timelock).return_value
    assert root_of(starts[:1]) == leaf_of(0, starts[0])
    mine_at(starts[0] - DAY)
    series.openOccurrence.call(once, 0, starts[0], [], alice.tx)


def test_a_thousand_starts_have_their_proofs(series, timelock, alice):
    first = now() + DAY
    daily = [first + day * DAY for day in range(1_000)]
    long = series.create(plan(daily), timelock).return_value
    for index in (0, 1):
        series.openOccurrence.call(*opening(long, daily, index), alice.tx)
    mine_at(daily[999] - DAY)
    series.openOccurrence(*opening(long, daily, 999), alice.tx)


def test_a_rules_text_gives_starts_that_the_chain_takes(series, timelock, alice):
    """At nine, whatever the clocks do meanwhile."""
    first = datetime.fromtimestamp(now() + 3 * DAY, ZoneInfo("Europe/Berlin"))
    rule = f"DTSTART;TZID=Europe/Berlin:{first:%Y%m%d}T090000\nRRULE:FREQ=MONTHLY;COUNT=10"
    starts = starts_of(rule)
    assert len({start % DAY for start in starts}) == 2
    monthly = series.create(plan(starts, rule="0x" + communes.text_hash(rule)), timelock).return_value
    for index in (0, 4, 9):
        mine_at(starts[index] - DAY)
        series.openOccurrence.call(*opening(monthly, starts, index), alice.tx)


def test_after_its_end_nothing_is_opened_and_what_is_open_stands(
    assignments, series, starts, weekly, timelock, alice
):
    mine_at(starts[0] - DAY)
    opened = series.openOccurrence(*opening(weekly, starts, 0), alice.tx).return_value
    with reverts(error("SeriesEmptyReason")):
        series.stop.call(weekly, NOTHING, timelock)
    series.stop(weekly, WHY, timelock)
    with reverts(error("SeriesEnded", weekly)):
        series.openOccurrence.call(*opening(weekly, starts, 1), alice.tx)
    with reverts(error("SeriesEnded", weekly)):
        series.stop.call(weekly, WHY, timelock)
    assert assignments.stateOf(opened) == VOLUNTEERING


def test_what_there_is_not_is_told(series, starts, timelock, alice):
    for number in (0, 9):
        with reverts(error("SeriesUnknown", number)):
            series.openOccurrence.call(*opening(number, starts, 0), alice.tx)
        with reverts(error("SeriesUnknown", number)):
            series.stop.call(number, WHY, timelock)
        with reverts(error("SeriesUnknown", number)):
            series.planOf.call(number)


def test_a_task_may_come_again_too(commune, assignments, series, starts, timelock, alice):
    brief = Brief(kind=TASK, duration=2 * DAY)
    tasks = series.create(plan(starts, length=3 * DAY, brief=brief), timelock).return_value
    mine_at(starts[0] - 2 * DAY)
    assignment = series.openOccurrence(*opening(tasks, starts, 0), alice.tx).return_value
    volunteering_over(commune, assignment)
    taken(commune, assignment, alice)
    seat = assignments.seatOf(assignment, 1)
    assert (seat["memberId"], seat["dueAt"]) == (member_id(commune, alice), starts[0] + 3 * DAY)
