"""What an assignment asks for, as members write it: in a TOML file with several, or in options for one.

::

    title = "A street party"

    [[assignment]]
    text = "Bake for the street party\\n\\nSkills: baking\\n\\nForty loaves."
    topic = "food"
    reward = 10
    seats = 2
    days = 7

    [[assignment]]
    text = "Watch the fire"
    topic = "safety"
    kind = "shift"
    reward = 4
    start = 2027-06-01T18:00:00+02:00
    end = 2027-06-01T23:00:00+02:00
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from backend.cli import drafts, money, texts
from backend.cli.errors import Misused
from backend.project.assignments import KINDS, SELECTIONS

_DAY = 86_400
# Gives the asset of a purse.
AssetOf = Callable[[int], str]

_FIELDS = {
    *("text", "topic", "kind", "reward", "seats", "trial", "select_by", "volunteering", "start", "end"),
    *("days", "heartbeat", "purse", "stipend"),
}


@dataclass(frozen=True)
class Brief:
    """`struct` is `IAssignments.Brief`; `text` the one whose hash it holds."""

    struct: tuple[Any, ...]
    text: str
    words: str


def brief(
    given: Mapping[str, Any], topics: Mapping[str, int], asset_of: AssetOf, *, timeless: bool = False
) -> Brief:
    """One assignment. `timeless` is for a series, whose rule says when. Raises `Misused`."""
    if unknown := sorted(set(given) - _FIELDS):
        raise Misused(f"an assignment has no {', '.join(unknown)}; it has {', '.join(sorted(_FIELDS))}")
    text = str(given.get("text", ""))
    if not text.strip():
        raise Misused("an assignment needs a text that says what is to be done")
    if "topic" not in given or "reward" not in given:
        raise Misused("an assignment needs a topic and a reward")
    kind = _named("kind", given.get("kind", "task"), KINDS)
    shift = KINDS[kind] == "Shift"
    if timeless and ("start" in given or "end" in given):
        raise Misused("in a series the rule says when: leave out start and end")
    if shift and not timeless and not ("start" in given and "end" in given):
        raise Misused("a shift needs its start and its end")
    if shift and "days" in given:
        raise Misused("days are for tasks: a shift lasts from its start to its end")
    purse = _number("purse", given.get("purse", 0))
    title = text.strip().partition("\n")[0].lstrip("# ")
    seats = _number("seats", given.get("seats", 1))
    struct = (
        texts.hash_of(text),
        drafts.topic_of(str(given["topic"]), topics),
        kind,
        _named("select_by", given.get("select_by", "draw"), SELECTIONS),
        seats,
        _number("trial", given.get("trial", 0)),
        _seconds("volunteering", given.get("volunteering", 1)),
        _time("start", given["start"]) if "start" in given else 0,
        _time("end", given["end"]) if "end" in given else 0,
        0 if shift else _seconds("days", given.get("days", 7)),
        _seconds("heartbeat", given.get("heartbeat", 0)),
        drafts.micro_points(str(given["reward"])),
        purse,
        money.amount_of(str(given.get("stipend", "")), asset_of(purse)) if purse else 0,
    )
    if "stipend" in given and not purse:
        raise Misused("a stipend needs the purse that pays it")
    what = f"{'a shift' if shift else 'a task'}: {title!r}, with {seats} {'seat' if seats == 1 else 'seats'}"
    return Brief(struct, text, what)


def from_file(path: Path, topics: Mapping[str, int], asset_of: AssetOf) -> tuple[dict[str, Any], list[Brief]]:
    """A file's other fields (title, text, nonce), and its assignments."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Misused(f"{path} cannot be read: {error}") from None
    listed = content.pop("assignment", None)
    if not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
        raise Misused(f"{path} has no assignments: it takes at least one [[assignment]]")
    if unknown := sorted(set(content) - {"title", "text", "nonce"}):
        raise Misused(f"{path} has unknown fields {', '.join(unknown)}; known are nonce, text, title")
    try:
        return content, [brief(one, topics, asset_of) for one in listed]
    except Misused as error:
        raise Misused(f"{path}: {error}") from None


def moment_of(given: str) -> datetime:
    """A time with its offset, as in 2027-06-01T18:00+02:00. Raises `Misused`."""
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise Misused(f"a time is written as in 2027-06-01T18:00+02:00; got {given!r}") from None
    if found.tzinfo is None:
        raise Misused(f"{given} lacks its offset, as in +02:00, or Z for UTC")
    return found.astimezone(UTC)


def _time(name: str, given: Any) -> int:
    if isinstance(given, datetime):
        given = given.isoformat()
    if not isinstance(given, str):
        raise Misused(f"{name} is a time, as in 2027-06-01T18:00+02:00; got {given!r}")
    return int(moment_of(given).timestamp())


def _named(name: str, given: Any, known: tuple[str, ...]) -> int:
    lowered = [one.lower() for one in known]
    if str(given).lower() not in lowered:
        raise Misused(f"{name} is {' or '.join(lowered)}; got {given!r}")
    return lowered.index(str(given).lower())


def _number(name: str, given: Any) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise Misused(f"{name} is a whole number; got {given!r}")
    return given


def _seconds(name: str, given: Any) -> int:
    """Of a number of days."""
    try:
        days = Decimal(str(given))
    except InvalidOperation:
        days = Decimal(-1)
    if isinstance(given, bool) or not 0 <= days <= 1_000:
        raise Misused(f"{name} is a number of days; got {given!r}")
    return int(timedelta(days=float(days)).total_seconds())
