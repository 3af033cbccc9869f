"""Statement and branch coverage of our own Solidity, added up from Brownie's report by source file.

Brownie reports one percentage for each deployed contract, with OpenZeppelin's code in it. This reads the same
data and counts each statement and branch of a file under contracts/ once, however many contracts inherit it,
and leaves out contracts/testing. Brownie colours a statement green when it ran; a branch green when it went
both ways, yellow or orange when it went one way, red when neither: each branch counts for its two ways.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

WAYS = {"green": {True, False}, "yellow": {True}, "orange": {False}, "red": set[bool]()}

# (start, end) of a piece of source -> the ways it was seen to go.
Pieces = dict[tuple[int, int], set[bool]]


def table(report: Path, artifacts: Path) -> str:
    """The coverage of every source file as lines of text, the total last.

    `report` is Brownie's reports/coverage.json, `artifacts` its build/contracts.
    """
    highlights = json.loads(report.read_text())["highlights"]
    statements: dict[str, Pieces] = defaultdict(lambda: defaultdict(set))
    branches: dict[str, Pieces] = defaultdict(lambda: defaultdict(set))
    for file in sorted(artifacts.glob("*.json")):
        artifact = json.loads(file.read_text())
        for kind, pieces in (("statements", statements), ("branches", branches)):
            _add(pieces, artifact, kind, highlights[kind].get(file.stem, {}))
    sources = sorted(source for source in statements | branches if statements[source] or branches[source])
    counts = {source: _statements(statements[source]) + _ways(branches[source]) for source in sources}
    ran, all_statements, went, all_ways = (sum(row[column] for row in counts.values()) for column in range(4))
    counts["total"] = (ran, all_statements, went, all_ways)
    width = max(len(source) for source in [*counts, "source"])
    lines = [f"{'source':{width}}  {'statements':>17}  {'branches':>17}"]
    for source, (ran, all_statements, went, all_ways) in counts.items():
        lines.append(f"{source:{width}}  {_share(ran, all_statements)}  {_share(went, all_ways)}")
    return "\n".join(lines)


def _add(
    sources: dict[str, Pieces], artifact: dict[str, Any], kind: str, seen: dict[str, list[list[Any]]]
) -> None:
    """Add a contract's pieces: all there are, from its coverage map, and what was seen of them.

    A contract no test deployed is absent from the report, and counts with nothing seen.
    """
    paths: dict[str, str] = artifact.get("allSourcePaths", {})
    ours = {
        source_id: path
        for source_id, path in paths.items()
        if path.startswith("contracts/") and not path.startswith("contracts/testing/")
    }
    for source_id, functions in artifact.get("coverageMap", {}).get(kind, {}).items():
        if source_id in ours:
            for pieces in functions.values():
                for start, end, *_ in pieces.values():
                    sources[ours[source_id]][start, end] |= set()
    for source_id, highlighted in seen.items():
        if source_id in ours:
            for start, end, colour, _ in highlighted:
                sources[ours[source_id]][start, end] |= WAYS[colour]


def _statements(pieces: Pieces) -> tuple[int, int]:
    return sum(bool(ways) for ways in pieces.values()), len(pieces)


def _ways(pieces: Pieces) -> tuple[int, int]:
    return sum(len(ways) for ways in pieces.values()), 2 * len(pieces)


def _share(part: int, whole: int) -> str:
    return f"{part:>5}/{whole:<5} {part / whole:>5.0%}" if whole else f"{'-':>17}"
