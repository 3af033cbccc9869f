"""Applies batches of logs to the tables, each in one transaction with the raw logs and the cursor."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence

from backend.chain.types import Batch, Block, Log
from backend.decode import Decoders, Event
from backend.deployment import LATER, MODULES
from backend.project.errors import HandlerFailed, ProjectionError
from backend.project.projection import Handler, Projection
from backend.project.state import State
from backend.store import Cursor, Store

REPLAY_PAGE = 5_000
LATER_CONTRACTS = {MODULES[module] for module in LATER}


class Projector:
    """`window` is the number of blocks, counted from the head, that can be taken back."""

    def __init__(
        self, store: Store, decoders: Decoders, projections: Sequence[Projection], *, window: int = 128
    ) -> None:
        self.store = store
        self.window = window
        self._decoders = decoders
        self._projections = tuple(projections)
        self.state = State(store, [row for projection in projections for row in projection.tables])
        by_name = {(cls.contract, cls.name): cls for cls in decoders.classes.values()}
        self._handlers: dict[type[Event], tuple[Handler, ...]] = {}
        for projection in projections:
            for event, handlers in projection.handlers.items():
                if event.contract in LATER_CONTRACTS and event.contract not in decoders.addresses:
                    continue
                decoded = by_name.get((event.contract, event.name))
                if decoded is None or decoded.signature != event.signature:
                    raise ProjectionError(
                        f"{projection.name} handles {event.contract}.{event.signature}, which no ABI declares"
                    )
                self._handlers[decoded] = (*self._handlers.get(decoded, ()), *handlers)

    @property
    def declaration(self) -> str:
        """Differs between nodes whose tables would differ."""
        text = "\n".join(projection.declaration for projection in self._projections)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def filter(self) -> str:
        """Differs between nodes that ask the chain for different logs."""
        wanted = sorted(self._decoders.addresses.values()) + sorted(self._decoders.topics)
        return hashlib.sha256(b"".join(wanted)).hexdigest()

    def open(self, origin: Block) -> Cursor:
        """The cursor to go on from.

        An empty database starts at `origin`, and so does one that was filled through another filter, since
        its raw logs lack some. One whose projections have changed is rebuilt from its raw logs.
        """
        cursor = self.store.cursor()
        if cursor is None:
            with self.store.transaction():
                return self._start(origin)
        if self.store.meta("filter") != self.filter:
            return self.restart(cursor, origin)
        if self.store.meta("projections") != self.declaration:
            self.replay(cursor)
        return cursor

    def _start(self, origin: Block) -> Cursor:
        self.store.set_meta("projections", self.declaration)
        self.store.set_meta("filter", self.filter)
        return self.store.start(origin)

    def restart(self, cursor: Cursor, origin: Block) -> Cursor:
        """Throws everything from the chain away and stands at `origin` again."""
        self.state.forget()
        with self.store.transaction():
            self.store.expect(cursor)
            self.store.record_rewind(cursor, origin)
            return self._start(origin)

    def write(self, cursor: Cursor, batches: Sequence[Batch], *, undo: bool) -> Cursor:
        """Logs, rows, blocks, undo and cursor of consecutive batches, or none of it.

        With `undo` each batch is one block of the live window.
        """
        tip = batches[-1].tip
        floor = max(cursor.floor, tip.number - self.window) if undo else tip.number
        logs = [log for batch in batches for log in batch.logs]
        blocks = {block.number: block for batch in batches for block in batch.blocks} | {tip.number: tip}
        timestamps = {number: block.timestamp for number, block in blocks.items()}
        try:
            with self.store.transaction():
                self.store.expect(cursor)
                self.store.add_logs(logs)
                self.store.add_blocks(blocks.values(), Counter(log.block for log in logs))
                self._apply(logs, timestamps, undo_above=floor if undo else None)
                self.state.flush()
                moved = self.store.advance(cursor, tip, floor)
        except BaseException as error:
            self.state.forget()
            if isinstance(error, sqlite3.IntegrityError):
                raise ProjectionError(f"blocks {batches[0].first} to {tip.number}: {error}") from error
            raise
        self.state.settle()
        return moved

    def rewind(self, cursor: Cursor, ancestor: int) -> Cursor:
        self.state.forget()
        with self.store.transaction():
            self.store.expect(cursor)
            return self.store.rewind(cursor, ancestor)

    def replay(self, cursor: Cursor) -> None:
        """Rebuilds all projected tables from the raw logs, in one transaction: readers see the old ones until
        it ends."""
        self.state.forget()
        try:
            with self.store.transaction():
                self.store.expect(cursor)
                self.store.create_tables()
                self.store.connection.execute("DELETE FROM undo")
                block, position = -1, -1
                while page := self.store.logs_after(block, position, REPLAY_PAGE):
                    timestamps = {log.block: timestamp for log, timestamp, _ in page}
                    # A page may end within a block: its undo rows then continue on the next page.
                    self._apply(
                        [log for log, _, _ in page], timestamps, undo_above=cursor.floor, within=block
                    )
                    self.state.flush()
                    self.state.settle()
                    block, position = page[-1][0].block, page[-1][0].index
                self.store.set_meta("projections", self.declaration)
        finally:
            self.state.forget()

    def _apply(
        self,
        logs: Iterable[Log],
        timestamps: dict[int, int],
        *,
        undo_above: int | None,
        within: int | None = None,
    ) -> None:
        decode, handlers, state = self._decoders.decode, self._handlers, self.state
        current = within
        for log in logs:
            if log.block != current:
                current = log.block
                state.enter(current, undo=undo_above is not None and current > undo_above)
            event = decode(log, timestamps[log.block])
            if event is None:
                continue
            for handler in handlers.get(type(event), ()):
                try:
                    handler(state, event)
                except Exception as error:
                    where = f"{event.contract}.{event.name} at {log.block}-{log.index}"
                    raise HandlerFailed(f"{where}: {type(error).__name__}: {error}") from error
