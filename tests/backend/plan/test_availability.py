"""Hours of the week: as people write them, on the clock of their time zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.plan import ANY_TIME, Availability, AvailabilityInvalid

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def at(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


@pytest.mark.parametrize(
    ("hours", "starts", "ends", "covered"),
    [
        # 23 November 2026 is a Monday.
        ("mon-fri 18:00-22:00", "2026-11-23T18:00", "2026-11-23T22:00", True),
        ("mon-fri 18:00-22:00", "2026-11-23T17:59", "2026-11-23T20:00", False),
        ("mon-fri 18:00-22:00", "2026-11-23T21:00", "2026-11-23T22:01", False),
        ("mon-fri 18:00-22:00", "2026-11-28T18:00", "2026-11-28T22:00", False),
        ("fri-mon 09:00-12:00", "2026-11-29T09:00", "2026-11-29T12:00", True),
        ("fri-mon 09:00-12:00", "2026-11-24T09:00", "2026-11-24T12:00", False),
        ("sun 22:00-02:00", "2026-11-29T23:00", "2026-11-30T01:00", True),
        ("sun 22:00-02:00", "2026-11-30T01:00", "2026-11-30T02:00", True),
        ("sun 22:00-24:00, Monday 0:00-03:00", "2026-11-29T22:00", "2026-11-30T03:00", True),
        ("mon 08:00-10:00, mon 09:30-12:00", "2026-11-23T09:00", "2026-11-23T11:00", True),
        ("mon 08:00-10:00, mon 10:30-12:00", "2026-11-23T09:00", "2026-11-23T11:00", False),
        ("wed 06:00-06:00", "2026-11-25T06:00", "2026-11-26T06:00", True),
        ("mon-sun 00:00-24:00", "2026-11-23T00:00", "2026-12-24T00:00", True),
        ("never", "2026-11-23T18:00", "2026-11-23T18:01", False),
    ],
)
def test_work_is_within_hours_if_all_of_it_is(hours: str, starts: str, ends: str, covered: bool) -> None:
    assert Availability.parse(hours, "UTC").covers(at(starts), at(ends)) is covered


def test_hours_are_those_on_the_clock_of_the_zone_in_summer_and_winter() -> None:
    mornings = Availability.parse("mon-sun 08:00-12:00", "Europe/Berlin")
    for day in ("2026-07-15", "2026-12-16"):
        assert mornings.covers(at(f"{day}T08:00", "Europe/Berlin"), at(f"{day}T12:00", "Europe/Berlin"))
        assert not mornings.covers(at(f"{day}T12:00"), at(f"{day}T13:00"))
    # The night in which summer time begins has an hour less, on the clock and for who works then.
    nights = Availability.parse("sat 22:00-06:00", "Europe/Berlin")
    assert nights.covers(at("2026-03-28T22:00", "Europe/Berlin"), at("2026-03-29T06:00", "Europe/Berlin"))
    assert not nights.covers(at("2026-03-28T22:00", "Europe/Berlin"), at("2026-03-29T06:01", "Europe/Berlin"))


def test_any_time_is_any_time() -> None:
    assert ANY_TIME.covers(at("2026-11-23T18:00"), at("2027-11-23T18:00"))


@given(
    st.lists(
        st.tuples(st.sampled_from(DAYS), st.integers(0, 1439), st.integers(0, 1440)).filter(
            lambda one: one[2] > 0
        ),
        min_size=1,
        max_size=20,
    )
)
def test_what_was_written_reads_back(items: list[tuple[str, int, int]]) -> None:
    text = ", ".join(f"{day} {s // 60:02}:{s % 60:02}-{e // 60:02}:{e % 60:02}" for day, s, e in items)
    found = Availability.parse(text, "UTC")
    assert Availability.parse(found.text(), "UTC") == found


@pytest.mark.parametrize(
    ("hours", "zone", "said"),
    [
        ("", "UTC", "names no hours; they are written as mon-fri 18:00-22:00"),
        ("monkey 18:00-22:00", "UTC", "'monkey 18:00-22:00' names no hours"),
        ("mon 18-22", "UTC", "names no hours"),
        ("mon 18:00-25:00", "UTC", "a time that no clock shows: 25:00"),
        ("mon 18:60-20:00", "UTC", "a time that no clock shows: 18:60"),
        ("mon 24:00-02:00", "UTC", "begins at 24:00; write 00:00 of the next day"),
        ("mon 18:00-22:00", "Berlin", "'Berlin' is no time zone"),
        ("mon 18:00-22:00", "../../etc/passwd", "is no time zone"),
        ("mon 18:00-22:00", "Europe", "is no time zone"),
        ("mon 18:00-22:00,", "UTC", "names no hours"),
        (", ".join(["mon-sun 10:00-11:00"] * 8), "UTC", "at most 50 stretches of hours; got 56"),
        ("x" * 501, "UTC", "at most 500 letters; got 501"),
    ],
)
def test_what_names_no_hours_is_told(hours: str, zone: str, said: str) -> None:
    with pytest.raises(AvailabilityInvalid, match=said):
        Availability.parse(hours, zone)
