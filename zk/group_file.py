"""A group that outlasts the process: every node of its tree in one SQLite file.

A change is on disk before it is in memory and before the caller goes on, as one transaction: a process that
is killed, or a machine that loses power, loses nothing that was answered for, and leaves no half of a change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import Self

from zk._field import R
from zk.errors import GroupFileBusy, GroupFileDamaged, GroupFileError, GroupFileTooNew
from zk.group import Group

# SQLite keeps both in the file's header: "DPGr", and the form of what follows.
_APPLICATION = 0x44504772
_VERSION = 1

_CREATE = f"""
    BEGIN;
    CREATE TABLE nodes (
        level INTEGER NOT NULL, position INTEGER NOT NULL, node BLOB NOT NULL,
        PRIMARY KEY (level, position)
    ) WITHOUT ROWID;
    PRAGMA application_id = {_APPLICATION};
    PRAGMA user_version = {_VERSION};
    COMMIT;
"""
_WRITE = (
    "INSERT INTO nodes (level, position, node) VALUES (?, ?, ?)"
    " ON CONFLICT (level, position) DO UPDATE SET node = excluded.node"
)


class GroupFile(Group):
    """Made where there is none. One process has it open at a time; use it with `with`, or `close` it."""

    def __init__(self, path: str | PathLike[str]) -> None:
        super().__init__()
        self.path = Path(path)
        with self._translated():
            self._connection = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False, timeout=0
            )
            try:
                self._prepare()
                self._levels = self._load()
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check(self) -> None:
        """Hashes the whole tree again; `GroupFileDamaged` if a node is not what its children say."""
        if Group(self._levels[0])._levels != self._levels:
            raise GroupFileDamaged(self.path, "a node is not the hash of its children")

    def _prepare(self) -> None:
        # In this mode the first who reads holds the file until it is closed.
        self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        application, version = self._number("application_id"), self._number("user_version")
        tables: int = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application == 0 and tables == 0:
            self._connection.executescript(_CREATE)
        elif application != _APPLICATION:
            raise GroupFileDamaged(self.path, "it is no group file")
        elif version != _VERSION:
            raise GroupFileTooNew(self.path, f"form {version} is not the {_VERSION} that is known here")

    def _number(self, pragma: str) -> int:
        number: int = self._connection.execute(f"PRAGMA {pragma}").fetchone()[0]
        return number

    def _load(self) -> list[list[int]]:
        levels: list[list[int]] = [[]]
        rows = self._connection.execute("SELECT level, position, node FROM nodes ORDER BY level, position")
        for level, position, node in rows:
            if level == len(levels):
                levels.append([])
            if level != len(levels) - 1 or position != len(levels[level]):
                raise GroupFileDamaged(self.path, f"level {level} skips to {position}")
            value = int.from_bytes(node, "big") if isinstance(node, bytes) and len(node) == 32 else R
            if value >= R:
                raise GroupFileDamaged(self.path, f"node {position} of level {level} is no field element")
            levels[level].append(value)
        sizes = list(map(len, levels))
        if any(above != (below + 1) // 2 for below, above in pairwise(sizes)):
            raise GroupFileDamaged(self.path, f"levels of {sizes} nodes are no tree")
        if sizes != [0] and (sizes[-1] != 1 or 1 in sizes[:-1]):
            raise GroupFileDamaged(self.path, f"levels of {sizes} nodes have no root")
        return levels

    def _keep(self, runs: Sequence[tuple[int, list[int]]]) -> None:
        rows = (
            (level, position, node.to_bytes(32, "big"))
            for level, (first, nodes) in enumerate(runs)
            for position, node in enumerate(nodes, first)
        )
        with self._translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._connection.executemany(_WRITE, rows)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        super()._keep(runs)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            kinds = {"SQLITE_BUSY": GroupFileBusy, "SQLITE_NOTADB": GroupFileDamaged}
            kinds["SQLITE_CORRUPT"] = GroupFileDamaged
            kind = kinds.get(getattr(error, "sqlite_errorname", ""), GroupFileError)
            raise kind(self.path, str(error)) from error
