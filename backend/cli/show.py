"""What commands print: tables and sentences for people, JSON for machines, progress on standard error."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table


def as_json(value: Any) -> None:
    Console(soft_wrap=True, highlight=False, markup=False).print(json.dumps(value, indent=2), soft_wrap=True)


def line(text: str) -> None:
    """One sentence, with rich's markup."""
    Console(highlight=False).print(text, soft_wrap=True)


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
    Console(highlight=False).print(shown)


def facts(pairs: Iterable[tuple[str, Any]]) -> None:
    """One thing's properties, a line each; those that are None are left out."""
    shown = Table(box=None, show_header=False, pad_edge=False)
    shown.add_column(style="bold", no_wrap=True)
    shown.add_column(overflow="fold")
    for name, value in pairs:
        if value is not None:
            shown.add_row(name, _cell(value))
    Console(highlight=False).print(shown)


def when(seconds: int | None) -> str | None:
    """A time in seconds since 1970, as people write it, in UTC."""
    if seconds is None:
        return None
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
