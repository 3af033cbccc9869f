"""The state hash: one SHA-256 that two nodes share if, and only if, they hold the same rows at one block.

It is computed from the rows themselves, in the order of their keys, every time the database has changed;
nothing incremental is kept that could stay right while a row goes wrong. Sums of row hashes would be cheaper
to maintain and can be ground: someone who chooses rows can find two sets with the same sum.

Source of the idea: consensus-specs' state roots; the tree is flat here, since a commune's tables are small.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from backend.store.store import Cursor, Reader
from backend.store.table import Table

_pack = msgspec.msgpack.Encoder().encode
_CHUNK = 2_000

# Raw logs and the headers of their blocks are state as well; other blocks depend on the window.
_CHAIN = {
    "logs": "SELECT block, position, address, topics, data, tx FROM logs ORDER BY block, position",
    "blocks": "SELECT number, hash, timestamp, logs FROM blocks WHERE logs > 0 ORDER BY number",
}


class StateHash(msgspec.Struct, frozen=True, rename="camel"):
    """`tables` holds each table's own hash, so that two nodes that differ can see where."""

    number: int
    hash: str
    state_hash: str
    tables: dict[str, str]


def state_hash(reader: Reader, tables: Iterable[Table], cursor: Cursor) -> StateHash:
    """Within a snapshot whose cursor is `cursor`."""
    queries = dict(_CHAIN)
    for table in tables:
        queries[table.name] = f"SELECT {table.column_list} FROM {table.name} ORDER BY {', '.join(table.key)}"  # noqa: S608
    digests = {name: _hash_rows(reader, name, queries[name]) for name in sorted(queries)}
    whole = hashlib.sha256(_pack([cursor.number, cursor.hash, sorted(digests.items())]))
    return StateHash(cursor.number, cursor.hash, f"0x{whole.hexdigest()}", digests)


def _hash_rows(reader: Reader, name: str, sql: str) -> str:
    running = hashlib.sha256(name.encode())
    rows = reader.connection.execute(sql)
    while chunk := rows.fetchmany(_CHUNK):
        running.update(b"".join(map(_pack, chunk)))
    return f"0x{running.hexdigest()}"
