"""What SQLite does in its own way; everything else in this package is SQL that PostgreSQL reads as well.

WAL lets readers go on while the indexer writes. `synchronous=NORMAL` may lose the last commits when the power
fails (never when the process is killed), and never corrupts: rows come from the chain and are read again.
What cannot be read again is written through a connection with `durable=True` (FULL).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

BUSY_TIMEOUT = 10.0
# What members told the node is in the file, and the key of its challenges: for no other user of the machine.
PRIVATE = 0o600


def connect(path: Path | str, *, readonly: bool = False, durable: bool = False) -> sqlite3.Connection:
    """A connection without implicit transactions, usable from one thread at a time."""
    if readonly:
        uri = f"{Path(path).resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT
        )
    else:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch(mode=PRIVATE, exist_ok=True)
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    connection.execute("PRAGMA cache_size = -32768")
    return connection


def begin(connection: sqlite3.Connection) -> None:
    """A transaction that holds the write lock from its first statement."""
    connection.execute("BEGIN IMMEDIATE")


def change_token(connection: sqlite3.Connection) -> int:
    """Differs after any commit by another connection, by hand included. Does not see `connection`'s own."""
    token: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return token
