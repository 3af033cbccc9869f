"""A copy of a node's database, taken while the node runs.

Most of it could be read from the chain again; texts, declared skills and what the relay still has to send
could not. The copy is whole as of one moment, takes no lock that a node would wait for, is for its owner
alone to read, and has its name only once it is on the disk.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from backend.store import dialect
from backend.store.errors import NotADatabase
from backend.store.store import Cursor, Reader


def backup(database: Path, target: Path) -> Cursor:
    """Copies `database` to `target` and returns the block that the copy is at.

    Raises `FileExistsError` if there is a `target`, which is never written over, `NotADatabase` if
    `database` is no node's that has read a block, `OSError` and `sqlite3.Error` if it cannot be written; then
    there is no `target`.
    """
    if target.exists():
        raise FileExistsError(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    draft.unlink(missing_ok=True)
    try:
        try:
            reader = Reader.open(database)
        except sqlite3.Error as error:
            raise NotADatabase(f"{database}: {error}") from None
        try:
            # A first read, which tells a node's database from another file before anything is written.
            if _cursor(reader, database) is None:
                raise NotADatabase(f"{database} is a database in which no node has read a block")
            draft.touch(mode=dialect.PRIVATE)
            reader.connection.execute("VACUUM INTO ?", (str(draft),))
        finally:
            reader.close()
        copy = Reader.open(draft)
        try:
            cursor = _cursor(copy, draft)
            assert cursor is not None
        finally:
            copy.close()
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        # Fails where somebody else has made it meanwhile, which renaming would not.
        os.link(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return cursor


def _cursor(reader: Reader, path: Path) -> Cursor | None:
    try:
        return reader.cursor()
    except sqlite3.DatabaseError as error:
        raise NotADatabase(f"{path} is no node's database: {error}") from None
