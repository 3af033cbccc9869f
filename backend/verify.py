"""Is what a node serves what the chain says?

Everything is rebuilt from the chain, up to the node's own block, into a database made for it; the state
hashes are compared, and where they differ the tables, and their rows one after the other, until the first
that is not the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import httpx

from backend.node import Settings, application_of, rebuild
from backend.store import Reader, Table

_PAGE = 200


class VerifyError(Exception):
    """Node and chain cannot be compared; the message says why."""


@dataclass(frozen=True)
class Difference:
    """The first row that differs, on either side; None where that side has no such row."""

    table: str
    chain: dict[str, Any] | None
    node: dict[str, Any] | None


@dataclass(frozen=True)
class Verdict:
    """`differing` are tables; `differences` the first row of each, as far as the node still shows them at the
    same block. Raw logs and blocks are tables too, and have no rows here."""

    block: int
    block_hash: str
    node_hash: str
    rebuilt_hash: str
    differing: list[str]
    differences: list[Difference]

    @property
    def agrees(self) -> bool:
        return self.node_hash == self.rebuilt_hash and not self.differing


async def verify(node: str, settings: Settings) -> Verdict:
    """`node` is the address of its API; `settings` say where the chain and the deployment are, and the path
    of the database to rebuild, which must not exist. Raises `VerifyError`, and what `rebuild` raises."""
    async with httpx.AsyncClient(base_url=node.rstrip("/"), timeout=30, trust_env=False) as http:
        served = await _get(http, "/v1/state")
        at = served["block"]
        rebuilt, _ = await rebuild(settings, settings.database, at["number"])
        if rebuilt.hash != at["hash"]:
            raise VerifyError(
                f"the node is at block {at['number']} {at['hash']}, where the chain has {rebuilt.hash}:"
                " another chain, or a reorg in between (then try again)"
            )
        theirs, ours = served["data"]["tables"], rebuilt.tables
        differing = sorted(name for name in theirs | ours if theirs.get(name) != ours.get(name))
        tables = {table.name: table for table in application_of(settings).tables}
        differences = []
        for name in differing:
            if name in tables and (found := await _difference(http, settings.database, tables[name], at)):
                differences.append(found)
    return Verdict(
        at["number"],
        at["hash"],
        served["data"]["stateHash"],
        rebuilt.state_hash,
        differing,
        differences,
    )


async def _difference(
    http: httpx.AsyncClient, database: Path, table: Table, at: dict[str, Any]
) -> Difference | None:
    theirs = await _rows(http, table.name, at)
    if theirs is None:
        return None
    for ours, row in zip_longest(_rebuilt_rows(database, table), theirs):
        if ours != row:
            return Difference(table.name, ours, row)
    return None


async def _rows(http: httpx.AsyncClient, table: str, at: dict[str, Any]) -> list[dict[str, Any]] | None:
    """All rows; None if the node moved on to another block meanwhile, or does not show them."""
    rows: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        try:
            query = {"limit": str(_PAGE)} | ({"cursor": cursor} if cursor else {})
            page = await _get(http, f"/v1/state/{table}", **query)
        except VerifyError:
            return None
        if page["block"]["hash"] != at["hash"]:
            return None
        rows += page["data"]
        cursor = page["next"]
        if cursor is None:
            return rows


def _rebuilt_rows(database: Path, table: Table) -> Iterator[dict[str, Any]]:
    reader = Reader.open(database)
    try:
        order = ", ".join(table.key)
        sql = f"SELECT {table.column_list} FROM {table.name} ORDER BY {order}"  # noqa: S608
        for values in reader.query(sql):
            yield table.to_json(values)
    finally:
        reader.close()


async def _get(http: httpx.AsyncClient, path: str, **query: str) -> Any:
    try:
        answer = await http.get(path, params=query)
        answer.raise_for_status()
        return answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise VerifyError(f"{http.base_url}{path.removeprefix('/')}: {error}") from error
