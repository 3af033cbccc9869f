"""What `apply(state, event)` sees of the tables: rows by key, and nothing else.

Rows are immutable; a handler puts a changed copy in the place of the old one. Changes collect here and reach
the database together when the batch is flushed. Inside the live window the row as it was before the block is
kept with the first change of each block, which is all that a rewind needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from backend.project.errors import ProjectionError, RowMissing
from backend.store import Store, Table, table_of

R = TypeVar("R", bound=msgspec.Struct)

_ABSENT: Any = object()


class _Pending:
    """One table's rows: what was read or written, and which of it the database does not have yet."""

    __slots__ = ("changed", "fresh", "rows", "table", "touched")

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows: dict[tuple[Any, ...], Any | None] = {}
        # Dictionaries for their order: the database then grows the same way on every node.
        self.changed: dict[tuple[Any, ...], None] = {}
        self.fresh: dict[tuple[Any, ...], None] = {}
        self.touched: set[tuple[Any, ...]] = set()


class State:
    """`kept` is how many rows stay in memory between batches."""

    def __init__(self, store: Store, rows: Iterable[type[msgspec.Struct]], *, kept: int = 50_000) -> None:
        self._store = store
        self._kept = kept
        self._pending = {row: _Pending(table_of(row)) for row in rows}
        self._journal: list[tuple[int, int, Table, tuple[Any, ...], Any | None]] = []
        self._block: int | None = None
        self._position = 0

    # For handlers

    def get(self, row: type[R], *key: Any) -> R | None:
        pending = self._of(row)
        found = pending.rows.get(key, _ABSENT)
        if found is _ABSENT:
            found = pending.rows[key] = self._store.get(pending.table, key)
        result: R | None = found
        return result

    def need(self, row: type[R], *key: Any) -> R:
        found = self.get(row, *key)
        if found is None:
            raise RowMissing(f"{row.__name__}{key} does not exist")
        return found

    def insert(self, row: msgspec.Struct) -> None:
        """A row whose key is new: not looked up here, but a second one with the same key fails the batch."""
        pending = self._of(type(row))
        key = pending.table.key_of(row)
        if key in pending.changed:
            self.put(row)
            return
        if pending.rows.get(key) is not None:
            raise ProjectionError(f"{type(row).__name__}{key} exists already")
        if self._block is not None:
            self._remember(pending, key, None)
        pending.rows[key] = row
        pending.fresh[key] = None

    def put(self, row: msgspec.Struct) -> None:
        """Inserts the row or replaces the one with its key."""
        pending = self._of(type(row))
        key = pending.table.key_of(row)
        if self._block is not None and key not in pending.touched:
            self._remember(pending, key, self.get(type(row), *key))
        pending.rows[key] = row
        if key not in pending.fresh:
            pending.changed[key] = None

    def delete(self, row: type[msgspec.Struct], *key: Any) -> None:
        pending = self._of(row)
        if self._block is not None and key not in pending.touched:
            self._remember(pending, key, self.get(row, *key))
        pending.rows[key] = None
        if key in pending.fresh:
            del pending.fresh[key]
        else:
            pending.changed[key] = None

    def select(self, row: type[R], **equal: Any) -> list[R]:
        """Rows whose columns equal the values given, in the order of their keys."""
        self.flush()
        table = self._of(row).table
        where = " AND ".join(f"{column} = ?" for column in equal) or "1 = 1"
        values = [table.value_to_sql(column, value) for column, value in equal.items()]
        return self._store.select(table, where, values)

    # For the projector

    def enter(self, block: int, *, undo: bool) -> None:
        """What follows happens in `block`; with `undo` it can be taken back."""
        self._block = block if undo else None
        for pending in self._pending.values():
            pending.touched.clear()

    def flush(self) -> None:
        """Writes what has changed, within the caller's transaction."""
        for pending in self._pending.values():
            if pending.fresh:
                self._store.insert(pending.table, [pending.rows[key] for key in pending.fresh])
                pending.fresh = {}
            if pending.changed:
                gone = [key for key in pending.changed if pending.rows[key] is None]
                self._store.delete(pending.table, gone)
                self._store.upsert(
                    pending.table, [row for key in pending.changed if (row := pending.rows[key]) is not None]
                )
                pending.changed = {}
        self._store.add_undo(self._journal)
        self._journal = []

    def settle(self) -> None:
        """After a flush: keeps memory bounded. Everything in it can be read again."""
        if sum(len(pending.rows) for pending in self._pending.values()) > self._kept:
            for pending in self._pending.values():
                pending.rows.clear()

    def forget(self) -> None:
        """After a rollback, a rewind, or someone else's write: memory may be wrong, the database is not."""
        for row in self._pending:
            self._pending[row] = _Pending(self._pending[row].table)
        self._journal = []
        self._block = None

    def _of(self, row: type[msgspec.Struct]) -> _Pending:
        try:
            return self._pending[row]
        except KeyError:
            raise ProjectionError(f"{row.__name__} belongs to no projection of this node") from None

    def _remember(self, pending: _Pending, key: tuple[Any, ...], before: Any | None) -> None:
        assert self._block is not None
        if key not in pending.touched:
            pending.touched.add(key)
            self._position += 1
            self._journal.append((self._block, self._position, pending.table, key, before))
