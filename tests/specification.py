"""docs/specification.md, read for the tests that hold it: its tables, and the tests it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "specification.md").read_text(encoding="utf-8")
OWN_ROW = "its row"


@dataclass(frozen=True)
class Permission:
    """A row of the page's table of permissions."""

    number: str
    contract: str
    function: str
    who: str
    shown_by: str


def section(heading: str) -> str:
    """The text below a heading of the second level, up to the next one; KeyError where there is none."""
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in a text, without their two head lines."""
    found: list[list[str]] = []
    table: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            table.append([cell.strip() for cell in line.strip("|").split("|")])
        elif table:
            found += table[2:]
            table = []
    return found


def permissions() -> list[Permission]:
    """Every numbered permission, in the page's order."""
    found = []
    for part in re.split(r"^### ", section("Permissions"), flags=re.MULTILINE)[1:]:
        contract, text = part.split("\n", 1)
        for number, function, who, shown_by in rows(text):
            found.append(Permission(number, contract.strip(), function.strip("`"), who, shown_by))
    return found


def named_tests(text: str) -> list[str]:
    """The tests a text names: `path::test_name` below tests/, in the order of the text."""
    return re.findall(r"`([\w/]+\.py::test_\w+)`", text)
