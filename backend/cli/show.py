"""What commands print: tables and sentences for people, JSON for machines, progress on standard error."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

# The end of the year 9999, which no calendar here goes beyond.
_LAST_SECOND = 253_402_300_799

# A table in a file or a pipe has no screen to fit.
_FILE_WIDTH = 200


def _console() -> Console:
    shown = Console(highlight=False)
    return shown if shown.is_terminal else Console(highlight=False, width=_FILE_WIDTH)


def as_json(value: Any) -> None:
    _console().print(json.dumps(value, indent=2), soft_wrap=True, markup=False)


def line(text: str) -> None:
    """One sentence, with rich's markup."""
    _console().print(text, soft_wrap=True)


def note(text: str, *, as_json: bool) -> None:
    """A sentence beside the answer, on standard error; for machines an object on a line of its own."""
    said = json.dumps({"note": text}) if as_json else f"note: {text}"
    Console(stderr=True, highlight=False).print(said, soft_wrap=True, markup=False)


def beside(text: str) -> None:
    """A line for people, on standard error."""
    Console(stderr=True, highlight=False).print(text, soft_wrap=True, markup=False)


def plain(text: str) -> None:
    """A text as it is."""
    _console().print(text, soft_wrap=True, markup=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, empty: str) -> None:
    """A table; `empty` is said instead when there are no rows. Long ids wrap: they can be copied whole."""
    found = [[_cell(value) for value in row] for row in rows]
    if not found:
        line(empty)
        return
    shown = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:
        shown.add_column(name, overflow="fold")
    for row in found:
        shown.add_row(*row)
    _console().print(shown)


def facts(pairs: Iterable[tuple[str, Any]]) -> None:
    """One thing's properties, a line each; those that are None are left out."""
    shown = Table(box=None, show_header=False, pad_edge=False)
    shown.add_column(style="bold", no_wrap=True)
    shown.add_column(overflow="fold")
    for name, value in pairs:
        if value is not None:
            shown.add_row(name, _cell(value))
    _console().print(shown)


def when(seconds: int | None) -> str | None:
    """A time in seconds since 1970, as people write it, in UTC."""
    if seconds is None:
        return None
    if seconds > _LAST_SECOND:
        return "never"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _cell(value: Any) -> str:
    return "" if value is None else escape(str(value))


@contextmanager
def progress(what: str) -> Iterator[None]:
    """A spinner on standard error while the block runs, where that is a terminal."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        shown.add_task(what, total=None)
        yield


def points(micro: int | str) -> str:
    """Micro-points as points, to two decimals."""
    return f"{int(micro) / 1_000_000:.2f}"


@contextmanager
def bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, where that is a terminal; what is yielded moves it to a number."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task(what, total=total)
        yield lambda completed: shown.update(task, completed=completed)
