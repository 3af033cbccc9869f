"""A plan: optimal by its own objective, within its rules, the same for the same input, and with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.plan import Availability, Kind, Person, Plan, PlanInvalid, Seat, plan
from tests.backend.plan.brute_force import best, share_of

# 2026-11-23, a Monday, 00:00 UTC.
MONDAY = 1_795_392_000
HOUR = 3600
EVENING = (MONDAY + 18 * HOUR, MONDAY + 21 * HOUR)

kinds = st.builds(Kind, st.integers(1, 2), st.integers(0, 1))
skills = st.frozensets(st.sampled_from(["cooking", "driving", "books"]), max_size=3)
stretches = st.tuples(st.integers(0, 40), st.integers(1, 8)).map(
    lambda one: (MONDAY + one[0] * HOUR, MONDAY + (one[0] + one[1]) * HOUR)
)
hours = st.sampled_from(["mon-fri 08:00-12:00", "mon 00:00-24:00", "tue 06:00-20:00", "never"]).map(
    lambda text: Availability.parse(text, "UTC")
)


@st.composite
def open_seats(draw: st.DrawFn) -> list[Seat]:
    found: list[Seat] = []
    for assignment in range(1, draw(st.integers(0, 4)) + 1):
        time = draw(st.none() | stretches)
        work = draw(kinds)
        for place in range(1, draw(st.integers(1, 2)) + 1):
            found.append(
                Seat(
                    assignment,
                    place,
                    work,
                    draw(st.sampled_from([60, 90, 180])),
                    *(time or (None, None)),
                    trial=draw(st.booleans()),
                    skills=draw(skills),
                    unpopular=draw(st.integers(0, 12)),
                )
            )
    return found[:5]


@st.composite
def everyone(draw: st.DrawFn) -> list[Person]:
    return [
        Person(
            member,
            newcomer=draw(st.booleans()),
            carried=draw(st.sampled_from([0, 0, 60, 200, 900])),
            room=draw(st.integers(0, 3)),
            task_room=draw(st.integers(0, 3)),
            skills=draw(st.none() | skills),
            available=draw(st.none() | hours),
            lately=draw(st.dictionaries(kinds, st.integers(1, 12), max_size=2)),
            busy=draw(st.lists(stretches, max_size=1)),
            not_these=draw(st.frozensets(st.integers(1, 4), max_size=1)),
            points=draw(st.dictionaries(st.integers(1, 2), st.integers(0, 150), max_size=2)),
            barred=draw(st.sampled_from([None, None, None, "strikes"])),
        )
        for member in range(1, draw(st.integers(0, 4)) + 1)
    ]


@settings(max_examples=400, deadline=None)
@given(open_seats(), everyone())
def test_no_other_plan_is_better(seats: list[Seat], people: list[Person]) -> None:
    found, right = plan(seats, people), best(seats, people)
    assert (len(found.suggestions), found.cost) == (right.filled, right.cost)


@settings(max_examples=100, deadline=None)
@given(open_seats(), everyone(), st.randoms())
def test_a_plan_is_the_same_in_whatever_order_things_come(
    seats: list[Seat], people: list[Person], order: st.random_module
) -> None:
    expected = plan(seats, people)
    order.shuffle(seats)
    order.shuffle(people)
    assert plan(seats, people) == expected


@settings(max_examples=100, deadline=None)
@given(open_seats(), everyone())
def test_each_seat_has_one_answer_and_nobody_goes_beyond_the_share(
    seats: list[Seat], people: list[Person]
) -> None:
    found = plan(seats, people)
    told = [one.seat.id for one in (*found.suggestions, *found.unfilled)]
    assert sorted(told) == sorted(seat.id for seat in seats)
    assert all(one.why for one in (*found.suggestions, *found.unfilled))
    assert found.share == share_of(seats, people)
    for person in people:
        own = [one.seat for one in found.suggestions if one.member_id == person.member_id]
        assert not own or person.carried + sum(seat.minutes for seat in own) <= found.share
        assert len(own) <= person.room
        assert sum(seat.starts is None for seat in own) <= person.task_room
        assert not own or person.barred is None
        assert len({seat.assignment for seat in own}) == len(own)
        for a in own:
            assert not any(a != b and _overlap(a, b) for b in own)


def test_alike_seats_are_spread_so_that_the_square_of_what_people_carry_is_least() -> None:
    seats = [Seat(number, 1, Kind(1), 60) for number in range(1, 7)]
    people = [Person(1, carried=0, room=6), Person(2, carried=120, room=6), Person(3, carried=300, room=6)]
    assert _given(plan(seats, people)) == {1: 4, 2: 2}


def test_who_did_unpopular_work_lately_is_not_the_next_to_be_asked() -> None:
    cleaning, meetings = Kind(1, 4), Kind(1, 5)
    people = [Person(1, lately={cleaning: 2, meetings: 2}), Person(2, carried=60)]
    unpopular = Seat(1, 1, cleaning, 60, unpopular=4)
    liked = Seat(2, 1, meetings, 60)
    found = plan([unpopular, liked], people)
    assert {one.seat.assignment: one.member_id for one in found.suggestions} == {1: 2, 2: 1}
    assert "did none of this in the last 4 weeks; it stayed open 4 times lately" in _words(found, 1)
    assert "did this 2 times in the last 4 weeks" in _words(found, 2)


def test_trial_seats_go_to_newcomers_and_other_seats_to_the_others() -> None:
    seats = [
        Seat(1, 1, Kind(1), 60, trial=True),
        Seat(1, 2, Kind(1), 60),
        Seat(2, 1, Kind(2), 60, trial=True),
    ]
    found = plan(seats, [Person(1, newcomer=True), Person(2)])
    assert len(found.suggestions) == 2
    assert {one.member_id: one.seat.trial for one in found.suggestions} == {1: True, 2: False}
    (without,) = found.unfilled
    assert {reason.code: reason.values["people"] for reason in without.why} == {"trial": 1, "elsewhere": 1}


def test_who_can_do_it_comes_before_who_has_not_said_and_they_before_who_cannot() -> None:
    seat = Seat(1, 1, Kind(1), 60, skills=frozenset({"driving"}))
    can, unsaid, cannot = (
        Person(3, skills=frozenset({"driving"})),
        Person(2),
        Person(1, skills=frozenset({"cooking"})),
    )
    assert plan([seat], [can, unsaid, cannot]).suggestions[0].member_id == 3
    assert plan([seat], [unsaid, cannot]).suggestions[0].member_id == 2
    found = plan([seat], [cannot])
    assert "has not declared driving" in _words(found, 1)


def test_points_in_the_topic_decide_between_people_who_are_otherwise_alike() -> None:
    seat = Seat(1, 1, Kind(2), 60)
    people = [Person(1, points={1: 90}), Person(2, points={2: 90})]
    assert plan([seat], people).suggestions[0].member_id == 2
    busier = [Person(1), Person(2, carried=120, points={2: 90})]
    assert plan([seat], busier).suggestions[0].member_id == 1


def test_nobody_is_suggested_for_a_time_at_which_they_have_none() -> None:
    shift = Seat(1, 1, Kind(1), 180, *EVENING)
    mornings = Person(1, available=Availability.parse("mon-sun 06:00-12:00", "UTC"))
    elsewhere = Person(2, busy=[(EVENING[0] - HOUR, EVENING[0] + 1)])
    (without,) = plan([shift], [mornings, elsewhere]).unfilled
    assert {reason.code for reason in without.why} == {"away", "busy"}
    assert "1 have no time then" in [reason.words for reason in without.why]
    found = plan([shift], [mornings, replace(mornings, member_id=3, available=None)])
    assert found.suggestions[0].member_id == 3
    assert "has not said when they have time" in _words(found, 1)


def test_one_person_gets_one_of_the_shifts_that_overlap() -> None:
    late = Seat(2, 1, Kind(1), 180, EVENING[0] + HOUR, EVENING[1] + HOUR)
    after = Seat(3, 1, Kind(1), 60, EVENING[1] + HOUR, EVENING[1] + 2 * HOUR)
    found = plan([Seat(1, 1, Kind(1), 180, *EVENING), late, after], [Person(1, room=3)])
    taken = {one.seat.assignment for one in found.suggestions}
    assert len(taken & {1, 2}) == 1
    assert 3 in taken
    load = next(r for one in found.suggestions for r in one.why if r.code == "load" and r.values["suggested"])
    assert load.words.endswith("of it suggested beside this")


def test_nobody_gets_more_tasks_than_they_have_room_for_and_shifts_go_past_it() -> None:
    tasks = [Seat(number, 1, Kind(1), 60) for number in range(1, 4)]
    shift = Seat(4, 1, Kind(1), 60, *EVENING)
    found = plan([*tasks, shift], [Person(1, room=4, task_room=1)])
    assert sorted(one.seat.starts is None for one in found.suggestions) == [False, True]
    (full,) = plan([tasks[0]], [Person(1, room=4, task_room=0)]).unfilled
    assert [reason.code for reason in full.why] == ["full"]


def test_a_plan_of_nothing_is_empty() -> None:
    assert plan([], [Person(1)]) == Plan((), (), 0, 0)
    (without,) = plan([Seat(1, 1, Kind(1), 60)], []).unfilled
    assert [reason.code for reason in without.why] == ["nobody"]
    (barred,) = plan([Seat(1, 1, Kind(1), 60)], [Person(1, barred="strikes")]).unfilled
    assert [reason.words for reason in barred.why] == ["1 may take no seats now"]


@pytest.mark.parametrize(
    ("seats", "people", "said"),
    [
        ([Seat(1, 1, Kind(1), 0)], [], "seat 1 of assignment 1 takes 1 to 10080 minutes; got 0"),
        ([Seat(1, 1, Kind(1), 60)] * 2, [], "a seat is there twice"),
        ([], [Person(1), Person(1)], "a person is there twice"),
        ([Seat(1, 1, Kind(1), 60, 5, None)], [], "a beginning or an end without the other"),
        ([Seat(1, 1, Kind(1), 60, 5, 5)], [], "ends at 5, before it begins at 5"),
        ([Seat(1, 1, Kind(1), 60, 5, 9), Seat(1, 2, Kind(1), 60, 5, 8)], [], "at different times"),
        ([Seat(1, 1, Kind(1), 60, unpopular=-1)], [], "stayed empty -1 times"),
        ([], [Person(1, carried=-1)], "member 1 carries -1 minutes"),
        ([], [Person(1, task_room=-1)], "has room for 1, of which -1 tasks"),
        ([Seat(n, 1, Kind(1), 60) for n in range(1001)], [], "a plan takes 1000 seats"),
    ],
)
def test_what_cannot_be_planned_for_is_told(seats: list[Seat], people: list[Person], said: str) -> None:
    with pytest.raises(PlanInvalid, match=said):
        plan(seats, people)


def _given(found: Plan) -> dict[int, int]:
    """How many seats each member is suggested for."""
    members = [one.member_id for one in found.suggestions]
    return {member: members.count(member) for member in sorted(set(members))}


def _words(found: Plan, assignment: int) -> Sequence[str]:
    return [r.words for one in found.suggestions if one.seat.assignment == assignment for r in one.why]


def _overlap(a: Seat, b: Seat) -> bool:
    if a.starts is None or b.starts is None or a.ends is None or b.ends is None:
        return False
    return a.starts < b.ends and b.starts < a.ends
