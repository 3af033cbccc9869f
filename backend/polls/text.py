"""The text of a poll, which says what is asked and names the options.

It is plain text or Markdown. Its options are its last numbered list: lines that begin with `1.`, `2.` and so
on without a gap, at the beginning of the line, with nothing but blank lines between them. The first line is
the title. Number n names the contract's option n - 1::

    What shall we buy from this year's surplus?

    Bids are in the thread on the oven. Prices hold until March.

    1. A bread oven
    2. A second freezer
    3. Nothing; keep it

A text without such a list, or with another number of options than the poll, leaves the options without names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ITEM = re.compile(r"([0-9]{1,2})\.[ \t]+(\S.*)")
_NAME = 200
_TITLE = 200


class PollTextInvalid(ValueError):
    """A text that cannot be written; the message says why."""


@dataclass(frozen=True)
class PollText:
    """`question` is all before the list of options, title included."""

    title: str
    question: str
    options: tuple[str, ...]


def parse(text: str) -> PollText:
    """Any text has a title and a question; one without a numbered list has no options."""
    lines = text.splitlines()
    start = len(lines)
    options: list[str] = []
    for place, line in enumerate(lines):
        found = _ITEM.fullmatch(line.rstrip())
        if found is None:
            if line.strip() and options:
                # Text after a list: what the list named was no option.
                start, options = len(lines), []
            continue
        number = int(found[1])
        if number == 1:
            start, options = place, [found[2]]
        elif number == len(options) + 1 and options:
            options.append(found[2])
        else:
            start, options = len(lines), []
    question = "\n".join(lines[:start]).strip()
    title = question.partition("\n")[0].lstrip("#").strip()[:_TITLE]
    return PollText(title, question, tuple(option[:_NAME] for option in options))


def options_in(text: str, options: int) -> tuple[str, ...] | None:
    """The names of a poll's options; None where the text does not name that many."""
    found = parse(text).options
    return found if len(found) == options else None


def compose(question: str, options: Sequence[str]) -> str:
    """The text of a poll. Raises `PollTextInvalid` where `parse` would read another."""
    numbered = "\n".join(f"{number}. {name.strip()}" for number, name in enumerate(options, start=1))
    text = f"{question.strip()}\n\n{numbered}\n"
    read = parse(text)
    if not read.title:
        raise PollTextInvalid("the question is empty")
    if read.question != question.strip() or read.options != tuple(name.strip() for name in options):
        raise PollTextInvalid(
            f"the options do not read back: each is one line of 1 to {_NAME} letters, and the question ends"
            " before them"
        )
    return text
