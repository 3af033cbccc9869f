"""What a benchmark leaves behind: rows of figures, as a printed table and as build/bench/NAME.json."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Row:
    """A figure, and what it is compared with, if anything."""

    id: str
    value: float
    unit: str
    reference: str | None = None
    reference_value: float | None = None

    @property
    def ratio(self) -> float | None:
        """`value` as a multiple of `reference_value`."""
        return round(self.value / self.reference_value, 3) if self.reference_value else None


@contextlib.contextmanager
def transcript(name: str) -> Iterator[None]:
    """What is printed inside goes to build/bench/`name`.log: Brownie tells of every transaction."""
    log = ROOT / "build" / "bench" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    print(f"every transaction is told in {log.relative_to(ROOT)}", flush=True)
    with log.open("w") as told, contextlib.redirect_stdout(told):
        yield


def publish(
    name: str, rows: Sequence[Row], limits: Mapping[str, tuple[str, float]], at_least: bool = False
) -> None:
    """Print the rows and write them to build/bench/`name`.json.

    `limits` maps an id to ("value" or "ratio", what it may be at most; at least where `at_least`). The table
    says which are kept: a figure that falls short is told, and does not fail the benchmark.
    """
    print(table(rows, limits, at_least))
    path = ROOT / "build" / "bench" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([{**asdict(row), "ratio": row.ratio} for row in rows], indent=1) + "\n")


def table(rows: Sequence[Row], limits: Mapping[str, tuple[str, float]], at_least: bool = False) -> str:
    """The rows as aligned text, each with its verdict where it has a limit."""
    if unknown := set(limits) - {row.id for row in rows}:
        raise ValueError(f"limits for figures that were not measured: {sorted(unknown)}")
    bound = "at least" if at_least else "at most"
    cells = [("id", "value", "unit", "reference", "its value", "ratio", bound, "")]
    for row in rows:
        compared = (row.reference or "", _number(row.reference_value), _number(row.ratio))
        cells.append(
            (row.id, _number(row.value), row.unit, *compared, *_verdict(row, limits.get(row.id), at_least))
        )
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    left = {0, 2, 3, 7}
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    )


def _verdict(row: Row, limit: tuple[str, float] | None, at_least: bool) -> tuple[str, str]:
    if limit is None:
        return "", ""
    of, bound = limit
    figure = row.value if of == "value" else row.ratio
    if figure is None:
        raise ValueError(f"{row.id} has no {of} to hold to its limit {bound}")
    kept = figure >= bound if at_least else figure <= bound
    return f"{_number(bound)}{'x' if of == 'ratio' else ''}", "PASS" if kept else "SHORT"


def _number(figure: float | None) -> str:
    if figure is None:
        return ""
    return f"{figure:,.0f}" if figure == int(figure) and figure >= 100 else f"{figure:,.3g}"
