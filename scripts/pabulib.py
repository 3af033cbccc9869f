"""Elections of Pabulib, the participatory budgeting library, as ballots of a poll.

A `.pb` file has three sections, META, PROJECTS and VOTES, each a heading, a row of column names and rows of
semicolon-separated values. A voter names projects in `vote` and, where the vote type has points, gives each
its own in `points`, both separated by commas; without points each named project has one. PROJECTS says what
was published: points in `score`, or the number of voters in `votes` where there is no score.

A point becomes a vote, a project an option, in the file's order. Source: https://pabulib.org/format
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SECTIONS = ("META", "PROJECTS", "VOTES")
# What contracts/polls/PollBallot.sol has room for.
MAX_OPTIONS = 60
MAX_VOTES = 15


class BadElection(Exception):
    """The file is no election that a poll can hold; the message says where."""


@dataclass(frozen=True)
class Election:
    """What was asked, what everyone answered, and what was published."""

    title: str
    projects: tuple[str, ...]
    scores: tuple[int, ...]
    ballots: tuple[tuple[int, ...], ...]
    """the points each voter gave to each project"""


def read(path: Path) -> Election:
    """Read a `.pb` file; raises `BadElection` for what a poll cannot hold."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadElection(f"{path}: {error}") from error
    sections = _sections(path, lines)
    meta = {row["key"]: row["value"] for row in sections["META"]}
    projects = [row["project_id"] for row in sections["PROJECTS"]]
    if not 2 <= len(projects) <= MAX_OPTIONS:
        raise BadElection(f"{path}: {len(projects)} projects; a poll has 2 to {MAX_OPTIONS} options")
    if len(set(projects)) != len(projects):
        raise BadElection(f"{path}: a project is there twice")
    if meta.get("vote_type") == "ordinal":
        raise BadElection(f"{path}: the votes are rankings, which have no points")
    published = "score" if "score" in sections["PROJECTS"][0] else "votes"
    return Election(
        title=meta.get("description", path.stem),
        projects=tuple(projects),
        scores=tuple(_number(path, row, published) for row in sections["PROJECTS"]),
        ballots=tuple(_ballot(path, row, projects) for row in sections["VOTES"]),
    )


def word(points: Sequence[int]) -> int:
    """A poll's ballot: four bits for each option's votes."""
    return sum(given << 4 * option for option, given in enumerate(points))


def _ballot(path: Path, row: dict[str, str], projects: Sequence[str]) -> tuple[int, ...]:
    voter = row.get("voter_id", "?")
    named = [project for project in row["vote"].split(",") if project]
    points = row.get("points", "").split(",") if row.get("points") else ["1"] * len(named)
    if len(points) != len(named):
        raise BadElection(f"{path}: voter {voter} names {len(named)} projects and gives {len(points)} points")
    given = [0] * len(projects)
    for project, text in zip(named, points, strict=True):
        if project not in projects:
            raise BadElection(f"{path}: voter {voter} names the unknown project {project}")
        if not text.isdecimal() or int(text) > MAX_VOTES:
            raise BadElection(
                f"{path}: voter {voter} gives {text} points; a ballot has room for 0 to {MAX_VOTES}"
            )
        if given[projects.index(project)]:
            raise BadElection(f"{path}: voter {voter} names {project} twice")
        given[projects.index(project)] = int(text)
    return tuple(given)


def _number(path: Path, row: dict[str, str], column: str) -> int:
    text = row.get(column, "")
    if not text.isdecimal():
        raise BadElection(f"{path}: project {row['project_id']} has the {column} {text!r}")
    return int(text)


def _sections(path: Path, lines: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    parts: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines:
        if line.strip() in SECTIONS:
            current = parts.setdefault(line.strip(), [])
        elif line.strip():
            current.append(line)
    if missing := [name for name in SECTIONS if len(parts.get(name, ())) < 2]:
        raise BadElection(f"{path}: no {', '.join(missing)} section, or an empty one")
    return {name: list(_rows(path, name, part)) for name, part in parts.items()}


def _rows(path: Path, name: str, lines: list[str]) -> Iterator[dict[str, str]]:
    reader = csv.DictReader(lines, delimiter=";")
    wanted = {"META": {"key", "value"}, "PROJECTS": {"project_id"}, "VOTES": {"vote"}}[name]
    if lacking := wanted - set(reader.fieldnames or ()):
        raise BadElection(f"{path}: {name} has no column {', '.join(sorted(lacking))}")
    for row in reader:
        yield {key: value or "" for key, value in row.items() if key is not None}
