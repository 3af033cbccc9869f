"""The database: raw logs, projected rows, the block-hash chain, undo rows and the cursor.

One writer (`Store`) and any number of readers (`Reader`). Whatever a batch of blocks brings is written in one
transaction, so that after a crash the cursor and the rows agree. The layout and the way back are described in
docs/adr/0010-projections-and-undo.md.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from backend.chain.types import Block, Log
from backend.store import dialect
from backend.store.errors import CursorMoved, ForeignDatabase, SchemaTooNew
from backend.store.table import Table

# One entry for each release that changed these tables; never edit one that was released.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE cursor (id SMALLINT PRIMARY KEY, number BIGINT NOT NULL, hash TEXT NOT NULL,"
        " timestamp BIGINT NOT NULL, floor BIGINT NOT NULL)",
        "CREATE TABLE blocks (number BIGINT PRIMARY KEY, hash TEXT NOT NULL, parent TEXT,"
        " timestamp BIGINT NOT NULL, logs BIGINT NOT NULL)",
        "CREATE TABLE logs (block BIGINT NOT NULL, position BIGINT NOT NULL, address BYTEA NOT NULL,"
        " topics BYTEA NOT NULL, data BYTEA NOT NULL, tx BYTEA NOT NULL, PRIMARY KEY (block, position))",
        "CREATE TABLE undo (block BIGINT NOT NULL, position BIGINT NOT NULL, relation TEXT NOT NULL,"
        " row_key BYTEA NOT NULL, row_before BYTEA, PRIMARY KEY (block, position))",
        "CREATE TABLE rewinds (position BIGINT PRIMARY KEY, ancestor BIGINT NOT NULL,"
        " ancestor_hash TEXT NOT NULL, dropped BIGINT NOT NULL, dropped_hash TEXT NOT NULL)",
        "CREATE TABLE status (id SMALLINT PRIMARY KEY, phase TEXT NOT NULL, head BIGINT, error TEXT,"
        " seen BIGINT NOT NULL)",
    ),
    (
        # Content, not projections: no chain brings it back.
        "CREATE TABLE texts (text_hash BYTEA PRIMARY KEY, content BYTEA NOT NULL, added_at BIGINT NOT NULL)",
        "CREATE TABLE relay_batches (batch BIGINT PRIMARY KEY, kind TEXT NOT NULL, nonce BIGINT NOT NULL,"
        " status TEXT NOT NULL, block BIGINT)",
        "CREATE TABLE relay_transactions (transaction_hash BYTEA PRIMARY KEY, batch BIGINT NOT NULL,"
        " raw BYTEA NOT NULL, fee BIGINT NOT NULL, tip BIGINT, sent_at BIGINT NOT NULL)",
        "CREATE TABLE relay_items (ticket TEXT NOT NULL, position BIGINT NOT NULL, kind TEXT NOT NULL,"
        " subject BYTEA NOT NULL, payload BYTEA NOT NULL, gas BIGINT NOT NULL, status TEXT NOT NULL,"
        " attempts BIGINT NOT NULL, batch BIGINT, place BIGINT, transaction_hash BYTEA, block BIGINT,"
        " problem TEXT, received_at BIGINT NOT NULL, changed_at BIGINT NOT NULL,"
        " PRIMARY KEY (ticket, position))",
        "CREATE INDEX relay_items_by_status ON relay_items (status, received_at)",
        "CREATE INDEX relay_items_by_subject ON relay_items (subject)",
        "CREATE INDEX relay_items_by_batch ON relay_items (batch)",
    ),
    (
        # What is queued or sent: its key lets nothing be on its way twice.
        "CREATE TABLE relay_subjects (subject BYTEA PRIMARY KEY)",
        "INSERT INTO relay_subjects (subject) SELECT DISTINCT subject FROM relay_items"
        " WHERE status IN ('Queued', 'Sent')",
        # Anonymous sign-ins. No column says who, from where, or when; none is in two tables.
        "CREATE TABLE challenge_keys (id SMALLINT PRIMARY KEY, challenge_key BYTEA NOT NULL)",
        "CREATE TABLE used_challenges (challenge BYTEA PRIMARY KEY, ends BIGINT NOT NULL)",
        "CREATE TABLE sign_ins (scope BYTEA NOT NULL, nullifier BYTEA NOT NULL, ordinal SMALLINT NOT NULL,"
        " day BIGINT NOT NULL, PRIMARY KEY (scope, nullifier, ordinal))",
        "CREATE TABLE sessions (token_hash BYTEA PRIMARY KEY, ends BIGINT NOT NULL)",
    ),
    (
        # Skills and hours, as their members signed them; null in those that were taken back.
        "CREATE TABLE declarations (member_id BIGINT PRIMARY KEY, skills TEXT, availability TEXT, zone TEXT,"
        " declared_at BIGINT NOT NULL)",
    ),
)

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder().decode


class Cursor(msgspec.Struct, frozen=True):
    """The block that all rows are true at. `floor` is the lowest block that can be rewound to."""

    number: int
    hash: str
    timestamp: int
    floor: int


class Status(msgspec.Struct, frozen=True):
    """What the indexer last said of itself: `seen` in seconds since 1970, `head` of the chain where known.

    Phases: `starting`, `history`, `live`, `lagging` (the RPC node is behind us), `retrying`, `stale` (a reorg
    deeper than the window: rows are wrong until rebuilt), `failed`.
    """

    phase: str
    head: int | None
    error: str | None
    seen: int


class Rewind(msgspec.Struct, frozen=True):
    """Blocks above `ancestor` up to `dropped` left the chain."""

    position: int
    ancestor: int
    ancestor_hash: str
    dropped: int
    dropped_hash: str


class Reader:
    """Reads over one connection; `snapshot` holds a set of reads at one block."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @classmethod
    def open(cls, path: Path | str) -> Reader:
        return cls(dialect.connect(path, readonly=True))

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def snapshot(self) -> Iterator[Cursor | None]:
        """All reads within see the database as of the cursor that is yielded."""
        self.connection.execute("BEGIN")
        try:
            yield self.cursor()
        finally:
            self.connection.execute("ROLLBACK")

    def change_token(self) -> int:
        return dialect.change_token(self.connection)

    def query(self, sql: str, arguments: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, arguments).fetchall()

    def one(self, sql: str, arguments: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self.connection.execute(sql, arguments).fetchone()
        return row

    def cursor(self) -> Cursor | None:
        row = self.one("SELECT number, hash, timestamp, floor FROM cursor WHERE id = 1")
        return Cursor(*row) if row else None

    def status(self) -> Status:
        row = self.one("SELECT phase, head, error, seen FROM status WHERE id = 1")
        return Status(*row) if row else Status("starting", None, None, 0)

    def remembered(self, floor: int) -> dict[int, str]:
        """Hashes of the blocks that can be rewound to."""
        return dict(self.query("SELECT number, hash FROM blocks WHERE number >= ?", (floor,)))

    def block(self, number: int) -> Block | None:
        row = self.one("SELECT number, hash, parent, timestamp FROM blocks WHERE number = ?", (number,))
        return Block(*row) if row else None

    def logs_after(self, block: int, position: int, limit: int) -> list[tuple[Log, int, str]]:
        """Logs after (block, position) in order, each with its block's timestamp and hash."""
        rows = self.query(
            "SELECT logs.block, logs.position, address, topics, data, tx, blocks.timestamp, blocks.hash"
            " FROM logs JOIN blocks ON blocks.number = logs.block"
            " WHERE logs.block > ? OR (logs.block = ? AND logs.position > ?)"
            " ORDER BY logs.block, logs.position LIMIT ?",
            (block, block, position, limit),
        )
        return [(Log(*row[:6]), row[6], row[7]) for row in rows]

    def rewinds_after(self, position: int) -> list[Rewind]:
        rows = self.query(
            "SELECT position, ancestor, ancestor_hash, dropped, dropped_hash FROM rewinds WHERE position > ?"
            " ORDER BY position",
            (position,),
        )
        return [Rewind(*row) for row in rows]

    def count(self, relation: str) -> int:
        return int((self.one(f"SELECT count(*) FROM {relation}") or (0,))[0])


class Store(Reader):
    """The one writer of chain data."""

    def __init__(self, path: Path | str, tables: Iterable[Table]) -> None:
        super().__init__(dialect.connect(path))
        self.path = path
        self.tables = {table.name: table for table in tables}
        self._upserts = {table.name: _upsert(table) for table in self.tables.values()}
        self._inserts = {table.name: _insert(table) for table in self.tables.values()}
        self._matches = {
            table.name: " AND ".join(f"{part} = ?" for part in table.key) for table in self.tables.values()
        }
        self._migrate()

    # Transactions

    @contextmanager
    def transaction(self) -> Iterator[None]:
        dialect.begin(self.connection)
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def expect(self, cursor: Cursor | None) -> None:
        """Within a transaction: refuses to go on if the cursor is not where we believe it."""
        found = self.cursor()
        if found != cursor:
            raise CursorMoved(f"the cursor is at {found}, expected {cursor}")

    # Identity and schema

    def _migrate(self) -> None:
        with self.transaction():
            self.connection.execute(
                "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, content TEXT NOT NULL)"
            )
            version = int(self.meta("schema") or 0)
            if version > len(MIGRATIONS):
                raise SchemaTooNew(f"{self.path} has schema {version}, this release knows {len(MIGRATIONS)}")
            for statements in MIGRATIONS[version:]:
                for statement in statements:
                    self.connection.execute(statement)
            if version < len(MIGRATIONS):
                self.set_meta("schema", str(len(MIGRATIONS)))

    def meta(self, name: str) -> str | None:
        row = self.one("SELECT content FROM meta WHERE name = ?", (name,))
        return row[0] if row else None

    def set_meta(self, name: str, content: str) -> None:
        self.connection.execute(
            "INSERT INTO meta (name, content) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET content = excluded.content",
            (name, content),
        )

    def claim(self, identity: str) -> None:
        """Ties the database to one chain and deployment; refuses one that is tied to another."""
        with self.transaction():
            found = self.meta("identity")
            if found is None:
                self.set_meta("identity", identity)
            elif found != identity:
                raise ForeignDatabase(
                    f"{self.path} is a database from another chain: it holds {found}, this node follows"
                    f" {identity}. Give the node another database file."
                )

    def create_tables(self) -> None:
        """Makes the projections' tables anew, empty. Within a transaction."""
        for old in msgspec.json.decode(self.meta("tables") or "[]", type=list[str]):
            self.connection.execute(f"DROP TABLE IF EXISTS {old}")
        for table in self.tables.values():
            columns = ", ".join(
                f"{column.name} {column.sql_type}{'' if column.nullable else ' NOT NULL'}"
                for column in table.columns
            )
            self.connection.execute(
                f"CREATE TABLE {table.name} ({columns}, PRIMARY KEY ({', '.join(table.key)}))"
            )
            for index in table.indexes:
                self.connection.execute(
                    f"CREATE INDEX {table.name}_by_{'_'.join(index)} ON {table.name} ({', '.join(index)})"
                )
        self.set_meta("tables", msgspec.json.encode(list(self.tables)).decode())

    # The chain. All within a transaction.

    def start(self, origin: Block) -> Cursor:
        """Empties all that came from the chain and stands at `origin`, the block before the first to read."""
        for relation in ("logs", "blocks", "undo", "cursor"):
            self.connection.execute(f"DELETE FROM {relation}")
        self.create_tables()
        self.add_blocks([origin], {})
        cursor = Cursor(origin.number, origin.hash, origin.timestamp, origin.number)
        self._set_cursor(cursor)
        return cursor

    def add_logs(self, logs: Iterable[Log]) -> None:
        """Fails on a log that is there already: no event is ever applied twice."""
        self.connection.executemany(
            "INSERT INTO logs (block, position, address, topics, data, tx) VALUES (?, ?, ?, ?, ?, ?)",
            [(log.block, log.index, log.address, log.topics, log.data, log.transaction) for log in logs],
        )

    def add_blocks(self, blocks: Iterable[Block], counts: dict[int, int]) -> None:
        """`counts`: our logs in each block. Blocks without any are forgotten below the floor."""
        self.connection.executemany(
            "INSERT INTO blocks (number, hash, parent, timestamp, logs) VALUES (?, ?, ?, ?, ?)",
            [
                (block.number, block.hash, block.parent, block.timestamp, counts.get(block.number, 0))
                for block in blocks
            ],
        )

    def advance(self, before: Cursor, tip: Block, floor: int) -> Cursor:
        cursor = Cursor(tip.number, tip.hash, tip.timestamp, floor)
        self._set_cursor(cursor)
        self.connection.execute("DELETE FROM undo WHERE block <= ?", (floor,))
        self.connection.execute(
            "DELETE FROM blocks WHERE number >= ? AND number < ? AND logs = 0", (before.floor, floor)
        )
        return cursor

    def _set_cursor(self, cursor: Cursor) -> None:
        self.connection.execute(
            "INSERT INTO cursor (id, number, hash, timestamp, floor) VALUES (1, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET number = excluded.number, hash = excluded.hash,"
            " timestamp = excluded.timestamp, floor = excluded.floor",
            msgspec.structs.astuple(cursor),
        )

    def rewind(self, cursor: Cursor, ancestor: int) -> Cursor:
        """Takes back every block above `ancestor` and records that it was done."""
        target = self.block(ancestor)
        if target is None or ancestor < cursor.floor:
            raise CursorMoved(
                f"cannot rewind from {cursor.number} to {ancestor}: the floor is {cursor.floor}"
            )
        rows = self.query(
            "SELECT relation, row_key, row_before FROM undo WHERE block > ?"
            " ORDER BY block DESC, position DESC",
            (ancestor,),
        )
        for relation, key, before in rows:
            if before is None:
                self.connection.execute(
                    f"DELETE FROM {relation} WHERE {self._matches[relation]}", _unpack(key)
                )
            else:
                self.connection.execute(self._upserts[relation], _unpack(before))
        self.connection.execute("DELETE FROM undo WHERE block > ?", (ancestor,))
        self.connection.execute("DELETE FROM logs WHERE block > ?", (ancestor,))
        self.connection.execute("DELETE FROM blocks WHERE number > ?", (ancestor,))
        self.record_rewind(cursor, target)
        back = Cursor(target.number, target.hash, target.timestamp, cursor.floor)
        self._set_cursor(back)
        return back

    def record_rewind(self, dropped: Cursor, ancestor: Block) -> None:
        self.connection.execute(
            "INSERT INTO rewinds (position, ancestor, ancestor_hash, dropped, dropped_hash)"
            " SELECT coalesce(max(position), 0) + 1, ?, ?, ?, ? FROM rewinds",
            (ancestor.number, ancestor.hash, dropped.number, dropped.hash),
        )

    # Rows. All within a transaction.

    def get(self, table: Table, key: Sequence[Any]) -> Any | None:
        row = self.one(
            f"SELECT {table.column_list} FROM {table.name} WHERE {self._matches[table.name]}",
            table.key_to_sql(key),
        )
        return table.from_sql(row) if row else None

    def select(self, table: Table, where: str, arguments: Sequence[Any]) -> list[Any]:
        """Rows in the order of their keys."""
        rows = self.query(
            f"SELECT {table.column_list} FROM {table.name} WHERE {where} ORDER BY {', '.join(table.key)}",
            arguments,
        )
        return [table.from_sql(row) for row in rows]

    def insert(self, table: Table, rows: Iterable[Any]) -> None:
        self.connection.executemany(self._inserts[table.name], map(table.to_sql, rows))

    def upsert(self, table: Table, rows: Iterable[Any]) -> None:
        self.connection.executemany(self._upserts[table.name], map(table.to_sql, rows))

    def delete(self, table: Table, keys: Iterable[Sequence[Any]]) -> None:
        self.connection.executemany(
            f"DELETE FROM {table.name} WHERE {self._matches[table.name]}", map(table.key_to_sql, keys)
        )

    def add_undo(self, entries: Iterable[tuple[int, int, Table, Sequence[Any], Any | None]]) -> None:
        """(block, position in it, table, key, the row before that block or None if there was none)."""
        self.connection.executemany(
            "INSERT INTO undo (block, position, relation, row_key, row_before) VALUES (?, ?, ?, ?, ?)",
            [
                (
                    block,
                    position,
                    table.name,
                    _pack(table.key_to_sql(key)),
                    None if before is None else _pack(table.to_sql(before)),
                )
                for block, position, table, key, before in entries
            ],
        )

    # Status

    def report(self, phase: str, head: int | None, error: str | None = None) -> None:
        self.connection.execute(
            "INSERT INTO status (id, phase, head, error, seen) VALUES (1, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET phase = excluded.phase, head = excluded.head,"
            " error = excluded.error, seen = excluded.seen",
            (phase, head, error, int(time.time())),
        )


def _insert(table: Table) -> str:
    return f"INSERT INTO {table.name} ({table.column_list}) VALUES ({', '.join('?' * len(table.columns))})"


def _upsert(table: Table) -> str:
    rest = [column.name for column in table.columns if column.name not in table.key]
    change = f"UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in rest)}" if rest else "NOTHING"
    return f"{_insert(table)} ON CONFLICT ({', '.join(table.key)}) DO {change}"
