"""docs/specification.md is true: tests it names exist, numbers are tested, tables are the constitution's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from math import ceil
from typing import Any

import pytest

from tests.specification import OWN_ROW, PAGE, ROOT, named_tests, permissions, rows, section

CONSTITUTION = tomllib.loads((ROOT / "scripts/constitutions/default.toml").read_text(encoding="utf-8"))
VALUES: dict[str, int] = {entry["name"]: entry["value"] for entry in CONSTITUTION["parameter"]}
PERMISSION_TESTS = ROOT / "tests/contracts/test_permissions.py"
INVARIANT_TESTS = ROOT / "tests/contracts/test_invariants.py"
BPS = 10_000
DAY = 86_400


def functions_in(path: str) -> set[str]:
    """The test functions of a file below tests/; none where there is no such file."""
    file = ROOT / "tests" / path
    return (
        set(re.findall(r"^def (test_\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE))
        if file.is_file()
        else set()
    )


# ------------------------------------------------------------------ numbers and tests


@pytest.mark.parametrize("name", sorted(set(named_tests(PAGE))))
def test_a_test_the_page_names_exists(name: str) -> None:
    path, test = name.split("::")
    assert test in functions_in(path)


def test_every_permission_has_a_test_and_every_tested_permission_is_on_the_page() -> None:
    on_the_page = [permission.number for permission in permissions()]
    tested = re.findall(r'"(P\d+)"', PERMISSION_TESTS.read_text(encoding="utf-8"))
    assert sorted(on_the_page) == sorted(set(on_the_page))
    assert sorted(on_the_page) == sorted(tested)


def test_a_permission_is_shown_by_its_own_row_or_by_a_test() -> None:
    wordless = [p.number for p in permissions() if p.shown_by != OWN_ROW and not named_tests(p.shown_by)]
    assert wordless == []


def test_numbers_in_the_text_are_permissions_and_invariants_of_the_page() -> None:
    known = {p.number for p in permissions()} | {number for number, _, _ in rows(section("Invariants"))}
    assert set(re.findall(r"\b[PI]\d+\b", PAGE)) - known == set()


def test_every_invariant_has_a_test_that_names_it_and_every_such_test_is_on_the_page() -> None:
    invariants = {number: named_tests(shown_by) for number, _, shown_by in rows(section("Invariants"))}
    naming: dict[str, list[str]] = {}
    for test in sorted(functions_in(str(INVARIANT_TESTS.relative_to(ROOT / "tests")))):
        for number in re.findall(r"_i(\d+)(?=_)", test):
            naming.setdefault(f"I{number}", []).append(f"contracts/{INVARIANT_TESTS.name}::{test}")
    assert {number: sorted(tests) for number, tests in invariants.items()} == naming


# ------------------------------------------------------------------ what the rules mean


def share(members: int, name: str) -> int:
    """A share in basis points, rounded up."""
    return ceil(members * VALUES[name] / BPS)


def quorum(rule: str, members: int) -> int:
    """As contracts/assembly/Docket.sol counts it."""
    return max(share(members, f"{rule}.quorumBps"), min(VALUES["assembly.quorumFloor"], members), 1)


def in_favour(rule: str, members: int) -> int:
    return share(quorum(rule, members), f"{rule}.forHeadsBps")


def objections(members: int) -> int:
    """As contracts/membership/Admission.sol decides."""
    small = members < VALUES["admission.smallCommune"]
    return VALUES["admission.objectionsSmall" if small else "admission.objections"]


def admissions(members: int) -> int:
    return max(VALUES["admission.minPerSeason"], members * VALUES["admission.shareBps"] // BPS)


def expulsions(members: int) -> int:
    """As contracts/membership/Membership.sol limits them."""
    return max(1, members * VALUES["expulsion.shareBps"] // BPS)


def base_after_dormancy(members: int) -> int:
    """One is active, and half the highest count, rounded up, still counts."""
    return max(1, ceil(members / 2))


SIZES: dict[str, Callable[[int], int]] = {
    "ordinary: heads for the quorum": lambda n: quorum("ordinary", n),
    "ordinary: heads in favour": lambda n: in_favour("ordinary", n),
    "constitutional: heads for the quorum": lambda n: quorum("constitutional", n),
    "person: heads for the quorum": lambda n: quorum("person", n),
    "expulsion: heads for the quorum": lambda n: quorum("expulsion", n),
    "expulsion: heads in favour": lambda n: in_favour("expulsion", n),
    "objections that make it a vote": objections,
    "admissions in a season": admissions,
    "expulsions in a season": expulsions,
    "quorum base after all but one went dormant": base_after_dormancy,
}


def test_the_table_of_commune_sizes_follows_from_the_constitution() -> None:
    on_the_page = rows(section("What the rules mean in communes of 3, 5, 10, 20 and 100"))
    expected = [[name, *(str(rule(n)) for n in (3, 5, 10, 20, 100))] for name, rule in SIZES.items()]
    assert on_the_page == expected


def percent(value: int, whole: int) -> str:
    return f"{value * 100 / whole:.6g} %"


def test_the_table_of_rules_is_the_constitutions() -> None:
    for rule, _, approval, heads, favour, _ in rows(section("Rules")):
        assert approval == percent(VALUES[f"{rule}.approvalPpm"], 1_000_000)
        assert heads == percent(VALUES[f"{rule}.quorumBps"], BPS)
        assert favour == percent(VALUES[f"{rule}.forHeadsBps"], BPS)


# ------------------------------------------------------------------ timings


def in_days(seconds: int) -> str:
    if seconds == 0:
        return "none"
    assert seconds % DAY == 0, f"{seconds} s are no whole days"
    return "1 day" if seconds == DAY else f"{seconds // DAY} days"


def test_the_timings_are_the_constitutions() -> None:
    timings = {row[0]: row[1:] for row in rows(section("Timings")) if len(row) == 6}
    assert set(timings) == {"constitutional", "ordinary", "person", "expulsion"}
    fields = ("deliberation", "voting", "follow", "queue", "lateExtension")
    for rule, shown in timings.items():
        assert shown == [in_days(VALUES[f"{rule}.{field}"]) for field in fields]


def waits() -> list[list[Any]]:
    return [row for row in rows(section("Timings")) if len(row) == 3]


@pytest.mark.parametrize(("what", "shown", "parameter"), waits(), ids=lambda cell: cell)
def test_a_wait_is_the_constitutions(what: str, shown: str, parameter: str) -> None:
    assert what
    assert shown == in_days(VALUES[parameter.strip("`")])


def test_the_half_life_is_the_constitutions() -> None:
    assert f"half-life of {in_days(CONSTITUTION['half_life'])}" in section("Timings")
