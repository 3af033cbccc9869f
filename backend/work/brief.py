"""The text of an assignment, which says what is to be done.

It is plain text or Markdown. The first line is the title. The lines that follow it, up to the first that is
none of them, may say which skills help, how long it takes one person, and where it is::

    Bake for the street party

    Skills: baking, first aid
    Hours: 3
    Where: The hall, back door

    The oven is hot at nine. Flour is in the cellar.

Nothing of this is needed: a text without these lines is a brief as well, and a line that does not read
(`Hours: a few`) belongs to the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from backend.work import skills as names

LONGEST_WORK = 7 * 24 * 60

_TITLE = 200
_WHERE = 200
_FIELD = re.compile(r"(Skills|Hours|Where):[ \t]*(\S.*)", re.IGNORECASE)
_HOURS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")


class BriefInvalid(ValueError):
    """A text that cannot be written; the message says why."""


@dataclass(frozen=True)
class Brief:
    """`minutes`: of one person's work; None where the text does not say. `body`: all but title and fields."""

    title: str
    body: str = ""
    skills: tuple[str, ...] = ()
    minutes: int | None = None
    where: str | None = None


def parse(text: str) -> Brief:
    """Any text has a title and a body."""
    title, _, rest = text.strip().partition("\n")
    lines = rest.splitlines()
    fields: dict[str, str] = {}
    at = 0
    for at, line in enumerate(lines):  # noqa: B007 - where the body begins
        if not line.strip():
            continue
        found = _FIELD.fullmatch(line.strip())
        name = found[1].lower() if found else ""
        if found is None or name in fields or not _reads(name, found[2]):
            break
        fields[name] = found[2]
    else:
        at = len(lines)
    return Brief(
        title.lstrip("#").strip()[:_TITLE],
        "\n".join(lines[at:]).strip(),
        names.parse(fields.get("skills", "")),
        _minutes(fields["hours"]) if "hours" in fields else None,
        fields.get("where"),
    )


def compose(
    title: str,
    body: str = "",
    *,
    skills: Sequence[str] = (),
    minutes: int | None = None,
    where: str | None = None,
) -> str:
    """The text of an assignment. Raises `BriefInvalid` where `parse` would read another."""
    fields = [
        *([f"Skills: {names.written(skills)}"] if skills else []),
        *([f"Hours: {minutes / 60:.2f}".rstrip("0").rstrip(".")] if minutes is not None else []),
        *([f"Where: {where.strip()}"] if where is not None else []),
    ]
    parts = [title.strip(), "\n".join(fields), body.strip()]
    text = "\n\n".join(part for part in parts if part) + "\n"
    read = parse(text)
    if not read.title:
        raise BriefInvalid("the title is empty")
    if len(title.strip().splitlines()) > 1 or read.title != title.strip().lstrip("#").strip():
        raise BriefInvalid(f"the title is one line of at most {_TITLE} letters")
    if read.skills != tuple(sorted(skills)):
        raise BriefInvalid(
            f"the skills do not read back: each is 1 to {names.LONGEST} lower-case letters without commas,"
            f" and they are {names.MOST} at most"
        )
    if read.minutes != minutes:
        raise BriefInvalid(f"the work takes 1 minute to {LONGEST_WORK // 60} hours; got {minutes} minutes")
    if read.where != (where.strip() if where is not None else None):
        raise BriefInvalid(f"the place is one line of at most {_WHERE} letters")
    if read.body != body.strip():
        raise BriefInvalid("the text begins with a line that reads as skills, hours or place")
    return text


def _reads(name: str, value: str) -> bool:
    if name == "hours":
        return bool(_HOURS.fullmatch(value)) and 0 < _minutes(value) <= LONGEST_WORK
    if name == "where":
        return len(value) <= _WHERE
    try:
        return bool(names.parse(value))
    except names.SkillsInvalid:
        return False


def _minutes(hours: str) -> int:
    return round(float(hours) * 60)
