"""When a series comes again, by its text in RFC 5545; `backend.work.starts` proves each start on chain.

The text is lines of iCalendar: DTSTART with a time zone, one RRULE, and whatever RDATE and EXDATE add and
leave out::

    DTSTART;TZID=Europe/Berlin:20270104T090000
    RRULE:FREQ=WEEKLY;BYDAY=MO
    EXDATE;TZID=Europe/Berlin:20270405T090000

Occurrences are numbered from 0 in the order of their starts.
"""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr

# As in Series.sol.
MOST_OCCURRENCES = 1_000
LONGEST_TEXT = 4_000
# No rule is followed further, so that one that never comes true ends.
HORIZON = timedelta(days=20 * 366)

_LINE = re.compile(r"(DTSTART|RRULE|RDATE|EXDATE)((?:;[A-Z-]+=[^:;]+)*):(.+)", re.IGNORECASE)
_TIME = re.compile(r"[0-9]{8}T[0-9]{6}Z?")
# Finer ones than days are for machines, and could keep one busy for long.
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "WKST"}


class RuleInvalid(ValueError):
    """A text that says no starts; the message says why."""


def starts_of(text: str, most: int = MOST_OCCURRENCES) -> list[int]:
    """The first `most` starts, seconds since 1970, ascending."""
    if len(text) > LONGEST_TEXT:
        raise RuleInvalid(f"it has more than {LONGEST_TEXT} letters")
    found: dict[str, list[tuple[str, str]]] = {"DTSTART": [], "RRULE": [], "RDATE": [], "EXDATE": []}
    for line in _unfolded(text):
        match = _LINE.fullmatch(line)
        if match is None:
            raise RuleInvalid(f"{line[:60]!r} is neither DTSTART, RRULE, RDATE nor EXDATE")
        found[match[1].upper()].append((match[2], match[3].strip()))
    if len(found["DTSTART"]) != 1 or len(found["RRULE"]) != 1:
        raise RuleInvalid("there is one DTSTART and one RRULE")
    (first,) = _times(*found["DTSTART"][0])
    left_out = {time for line in found["EXDATE"] for time in _times(*line)}
    times = {time for line in found["RDATE"] for time in _times(*line)}
    times.update(_ruled(found["RRULE"][0][1], first, most + len(left_out)))
    starts = sorted({int(time.timestamp()) for time in times - left_out})[:most]
    if not starts:
        raise RuleInvalid("it says no start at all")
    if starts[0] < 0:
        raise RuleInvalid("it begins before 1970")
    return starts


def _unfolded(text: str) -> list[str]:
    """Its lines; one that begins with a blank goes on with the line before."""
    joined = re.sub(r"\r?\n[ \t]", "", text)
    return [line.strip() for line in joined.splitlines() if line.strip()]


def _times(parameters: str, value: str) -> list[datetime]:
    named = dict(part.upper().split("=", 1) for part in parameters.split(";") if part)
    zone = dict(part.split("=", 1) for part in parameters.split(";") if part).get("TZID")
    if named.keys() - {"TZID", "VALUE"} or named.get("VALUE", "DATE-TIME") != "DATE-TIME":
        raise RuleInvalid(f"{parameters} is not understood: a time with its TZID is")
    return [_time(part.strip(), zone) for part in value.split(",")]


def _time(text: str, zone: str | None) -> datetime:
    if not _TIME.fullmatch(text):
        raise RuleInvalid(f"{text[:40]!r} is no time; one is 20270104T090000")
    try:
        time = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")
        if text.endswith("Z"):
            return time.replace(tzinfo=UTC)
        if zone is None:
            raise RuleInvalid(f"{text} lacks its time zone: TZID=Europe/Berlin, or Z for UTC")
        return time.replace(tzinfo=ZoneInfo(zone))
    except ZoneInfoNotFoundError as error:
        raise RuleInvalid(f"there is no time zone {zone}") from error
    except ValueError as error:
        raise error if isinstance(error, RuleInvalid) else RuleInvalid(f"{text} is no time") from error


def _ruled(value: str, first: datetime, most: int) -> list[datetime]:
    """The first `most` times that an RRULE gives."""
    parts = dict(part.partition("=")[::2] for part in value.upper().split(";"))
    if unknown := sorted(parts.keys() - _PARTS):
        raise RuleInvalid(f"{', '.join(unknown)} of the RRULE is not understood")
    if parts.get("FREQ") not in _FREQUENCIES:
        raise RuleInvalid(f"FREQ is one of {', '.join(_FREQUENCIES)}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise RuleInvalid("COUNT and UNTIL exclude one another")
    try:
        most = min(most, int(parts.pop("COUNT", most)))
        parts.setdefault("UNTIL", f"{(first + HORIZON).astimezone(UTC):%Y%m%dT%H%M%SZ}")
        rule = rrulestr(";".join(f"{name}={part}" for name, part in parts.items()), dtstart=first)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise RuleInvalid(f"the RRULE does not read: {error}") from error
    within = itertools.takewhile(lambda time: time <= first + HORIZON, rule)
    return list(itertools.islice(within, most))
