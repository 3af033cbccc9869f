"""When somebody has time: the same hours every week, by the clock of their time zone.

It is written as people say it, days and hours, with a comma before the next::

    mon-fri 18:00-22:00, sat 09:00-13:00, sun 22:00-02:00

Hours that end before they begin, or when they begin, end on the next day; `24:00` is midnight. `never` is no
time at all. A piece of work is within these hours if all of it is, also over midnight and the end of the
week. Hours are those on the clock, so that a window keeps its hours when summer time begins or ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEVER = "never"
LONGEST_TEXT = 500
MOST_WINDOWS = 50

_DAY = 24 * 60
_WEEK = 7 * _DAY
_DAY_NAME = rf"({'|'.join(DAYS)})(?:day|sday|nesday|rsday|urday)?"
_ITEM = re.compile(
    rf"{_DAY_NAME}(?: *- *{_DAY_NAME})? +([0-9]{{1,2}}):([0-9]{{2}}) *- *([0-9]{{1,2}}):([0-9]{{2}})",
    re.IGNORECASE,
)
# `Europe/Berlin`, `UTC`, `Etc/GMT+2`: a path of names, so that it cannot lead out of the folder of zones.
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z][A-Za-z0-9_+-]*){0,2}")


class AvailabilityInvalid(ValueError):
    """A text that names no hours, or a zone that is none; the message says which part."""


@dataclass(frozen=True, order=True)
class Window:
    """From `start` to `end` in minutes since Monday's midnight; `end` may lie in the next week."""

    start: int
    end: int


@dataclass(frozen=True)
class Availability:
    """Hours of every week in one time zone. No windows: never."""

    windows: tuple[Window, ...]
    zone: str

    @classmethod
    def parse(cls, text: str, zone: str) -> Availability:
        """Raises `AvailabilityInvalid`."""
        zone_of(zone)
        if len(text) > LONGEST_TEXT:
            raise AvailabilityInvalid(f"hours take at most {LONGEST_TEXT} letters; got {len(text)}")
        if text.strip().lower() == NEVER:
            return cls((), zone)
        windows = [window for part in text.split(",") for window in _windows(part.strip())]
        if len(windows) > MOST_WINDOWS:
            raise AvailabilityInvalid(
                f"a week has at most {MOST_WINDOWS} stretches of hours; got {len(windows)}"
            )
        return cls(tuple(sorted(set(windows))), zone)

    def text(self) -> str:
        """As `parse` reads it, a day at a time."""
        return ", ".join(map(_written, self.windows)) or NEVER

    def covers(self, starts: int, ends: int) -> bool:
        """Whether somebody with these hours has time from `starts` to `ends`, seconds since 1970."""
        begun = _on_the_clock(starts, self.zone)
        minutes = -(-(_on_the_clock(ends, self.zone) - begun).total_seconds() // 60)
        # A whole week is covered for ever or not at all.
        start = begun.weekday() * _DAY + begun.hour * 60 + begun.minute
        stretch = next((s for s in self._stretches if s.start <= start < s.end), None)
        return stretch is not None and (
            stretch.end - stretch.start >= _WEEK or start + minutes <= stretch.end
        )

    @cached_property
    def _stretches(self) -> tuple[Window, ...]:
        """Windows that touch joined into one; those of two weeks, so that one over Sunday's end is whole."""
        joined: list[Window] = []
        for window in sorted(
            Window(one.start + shift, one.end + shift) for one in self.windows for shift in (-_WEEK, 0, _WEEK)
        ):
            if joined and window.start <= joined[-1].end:
                joined[-1] = Window(joined[-1].start, max(joined[-1].end, window.end))
            else:
                joined.append(window)
        return tuple(joined)


# What is taken of somebody who has not said when they have time.
ANY_TIME = Availability((Window(0, _WEEK),), "UTC")


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name. Raises `AvailabilityInvalid`."""
    found = _zone(name) if _ZONE.fullmatch(name) and len(name) <= 64 else None
    if found is None:
        raise AvailabilityInvalid(f"{name[:64]!r} is no time zone; one is written as Europe/Berlin or UTC")
    return found


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        # No such file, a folder, or a file that describes no zone.
        return None


@lru_cache(maxsize=65_536)
def _on_the_clock(t: int, zone: str) -> datetime:
    """What the clock on the wall shows, without its zone: two such times differ by what it showed."""
    return datetime.fromtimestamp(t, UTC).astimezone(zone_of(zone)).replace(tzinfo=None)


def _windows(item: str) -> Iterable[Window]:
    found = _ITEM.fullmatch(item)
    if found is None:
        raise AvailabilityInvalid(f"{item[:60]!r} names no hours; they are written as mon-fri 18:00-22:00")
    first, last = DAYS.index(found[1].lower()), DAYS.index((found[2] or found[1]).lower())
    start, end = (_minutes(item, *found.group(at, at + 1)) for at in (3, 5))
    if start == _DAY:
        raise AvailabilityInvalid(f"{item[:60]!r} begins at 24:00; write 00:00 of the next day")
    length = (end - start) % _DAY or _DAY
    for day in range(first, (last if last >= first else last + 7) + 1):
        begin = (day % 7) * _DAY + start
        yield Window(begin, begin + length)


def _minutes(item: str, hours: str, minutes: str) -> int:
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > _DAY:
        raise AvailabilityInvalid(f"{item[:60]!r} has a time that no clock shows: {hours}:{minutes}")
    return total


def _written(window: Window) -> str:
    day, start = divmod(window.start, _DAY)
    end = (window.end - 1) % _DAY + 1
    return f"{DAYS[day]} {start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


def spoken(starts: int, ends: int, zone: str) -> str:
    """A stretch of time as its people would say it: `Tue 24 Nov 18:00-21:00`."""
    begun, ended = _on_the_clock(starts, zone), _on_the_clock(ends, zone)
    until = f"{ended:%H:%M}" if ended - begun < timedelta(days=1) else f"{ended:%a %-d %b %H:%M}"
    return f"{begun:%a %-d %b %H:%M}-{until}"
