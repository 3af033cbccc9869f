"""docs/vocabulary.md is true: its names exist in the ABIs and the OpenAPI, and its unwanted words do not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.openapi import openapi

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "vocabulary.md").read_text(encoding="utf-8")
ABIS = sorted((ROOT / "backend" / "abi").glob("*.json"))
# OpenZeppelin's, whose names are theirs; the contracts below add our own to what they inherit.
FOREIGN = {"Powers", "AssemblyTimelock"}
FOREIGN_NAMES = {"VoteCast", "VoteCastWithParams", "weight"}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading of the page, without its two head lines."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def names_in(entries: list[dict[str, Any]]) -> Iterator[str]:
    """Every name in an ABI: functions, events, errors, and their arguments at any depth."""
    for entry in entries:
        if name := entry.get("name"):
            yield name
        for key in ("inputs", "outputs", "components"):
            yield from names_in(entry.get(key, []))


def words(name: str) -> set[str]:
    return {w.lower() for w in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


CONTRACT_NAMES = {p.stem for p in ABIS} | {n for p in ABIS for n in names_in(json.loads(p.read_text()))}


def api_names() -> set[str]:
    """Path segments, parameters and properties of the OpenAPI document."""
    api = openapi()
    found = {segment for path in api["paths"] for segment in path.split("/") if segment}

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            properties = node.get("properties")
            if isinstance(properties, dict):
                found.update(properties)
            if "in" in node and isinstance(node.get("name"), str):
                found.add(node["name"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(api)
    return {name.strip("{}") for name in found}


API_NAMES = api_names()


@pytest.mark.parametrize("row", rows("Terms"), ids=lambda row: row[0])
def test_names_of_a_term_exist_in_contracts_and_api(row: list[str]) -> None:
    _, meaning, contracts, api = row
    assert meaning
    assert [n for n in re.findall(r"`(\w+)`", contracts) if n not in CONTRACT_NAMES] == []
    assert [n for n in re.findall(r"`(\w+)`", api) if n not in API_NAMES] == []


@pytest.mark.parametrize("row", rows("Words we do not use"), ids=lambda row: row[0])
def test_unwanted_word_is_used_nowhere(row: list[str]) -> None:
    unwanted = row[0]
    ours = {
        name
        for path in ABIS
        if path.stem not in FOREIGN
        for name in names_in(json.loads(path.read_text()))
        if name not in FOREIGN_NAMES
    }
    assert [name for name in sorted(ours | API_NAMES) if unwanted in words(name)] == []
