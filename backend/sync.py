"""The indexer's loop: look where we stand, take back what left the chain, read what is new, write it.

History (older than the live window) is read in ranges and written without undo rows; the live window block by
block, with them. What may pass by itself is retried for ever with growing pauses, and `status` in the
database says so meanwhile; what will not ends the loop with an exception.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence

from backend.chain import (
    Batch,
    Block,
    ChainMismatch,
    Fetch,
    Forked,
    Inconsistent,
    Lagging,
    OnChain,
    Rpc,
    TransportError,
)
from backend.chain.fetch import bloom_is_kept
from backend.chain.follow import check_identity, stand
from backend.decode import Decoders, LogMalformed
from backend.deployment import Deployment
from backend.project import Projector
from backend.store import Cursor, CursorMoved, Store

log = logging.getLogger(__name__)


class Sync:
    """`poll` is the pause in seconds between looks at a chain that has nothing new."""

    PAUSE_CEILING = 15.0
    LIVE_BLOCKS = 64
    HEARTBEAT = 10.0

    def __init__(
        self,
        rpc: Rpc,
        deployment: Deployment,
        decoders: Decoders,
        store: Store,
        projector: Projector,
        *,
        poll: float = 1.0,
    ) -> None:
        self.rpc = rpc
        self.deployment = deployment
        self.store = store
        self.projector = projector
        self.poll = poll
        self.fetch = Fetch(rpc, deployment.addresses.values(), decoders.topics)
        self._origin: Block | None = None
        self._cursor: Cursor | None = None
        self._bloom_seen = False
        self._reported: tuple[str, int | None, str | None] | None = None
        self._reported_at = 0.0

    async def run(self, stop: asyncio.Event, *, until: int | None = None) -> None:
        """Follows the chain until `stop` is set, or block `until` is reached."""
        failures = 0
        while not stop.is_set():
            try:
                moved = await self.step(until)
                failures = 0
                if until is not None and self.cursor.number >= until:
                    return
                pause = 0.0 if moved else self.poll
            except CursorMoved as moved_by_other:
                log.warning("%s", moved_by_other)
                self._cursor = None
                self.projector.state.forget()
                pause = self.poll
            except (TransportError, Inconsistent, LogMalformed) as error:
                failures += 1
                pause = min(self.PAUSE_CEILING, self.poll * 2 ** min(failures - 1, 8))
                log.warning("%s; trying again in %.1f s", error, pause)
                self._report("retrying", self._reported[1] if self._reported else None, str(error))
            except Exception as error:
                self._report("failed", None, str(error))
                raise
            if pause:
                await _sleep(stop, pause)

    @property
    def cursor(self) -> Cursor:
        if self._cursor is None:
            raise RuntimeError("the indexer has not started")
        return self._cursor

    async def step(self, until: int | None = None) -> bool:
        """One look at the chain; True if there may be more to do at once."""
        if self._cursor is None:
            await self._start()
        cursor = self.cursor
        remembered = self.store.remembered(cursor.floor) | {cursor.number: cursor.hash}
        standing = await stand(self.rpc, self.fetch, Block(cursor.number, cursor.hash, None, 0), remembered)
        if isinstance(standing, Lagging):
            self._report(
                "lagging", standing.head.number, f"the RPC node is at block {standing.head.number}, behind us"
            )
            return False
        if isinstance(standing, Forked):
            log.warning("reorg: back from block %d to %d", cursor.number, standing.ancestor)
            self._cursor = self.projector.rewind(cursor, standing.ancestor)
            return True
        if not isinstance(standing, OnChain):
            await self._rebuild(cursor)
            return True
        head = standing.head.number if until is None else min(standing.head.number, until)
        if cursor.number >= head:
            self._report("live", standing.head.number)
            return False
        final = head - self.projector.window
        if cursor.number < final:
            self._report("history", standing.head.number)
            await self._read_history(cursor.number + 1, final)
        else:
            await self._read_live(cursor, min(head, cursor.number + self.LIVE_BLOCKS))
            if self.cursor.number >= head:
                self._report("live", standing.head.number)
        return self.cursor.number < head

    async def _start(self) -> None:
        genesis = await check_identity(self.rpc, self.deployment.chain_id, self.deployment.addresses)
        if self.deployment.genesis is not None and genesis != self.deployment.genesis:
            raise ChainMismatch(
                f"{self.rpc.url} begins with block {genesis}, the deployment's chain with"
                f" {self.deployment.genesis}"
            )
        self.store.claim(self.deployment.identity(genesis))
        (header,) = await self.fetch.headers([max(0, self.deployment.block - 1)])
        self._origin = header.block()
        self._cursor = self.projector.open(self._origin)

    async def _rebuild(self, cursor: Cursor) -> None:
        self._report(
            "stale", None, f"a reorg went deeper than block {cursor.floor}, the lowest that can be rewound to"
        )
        log.error("reorg below block %d, deeper than the window: rebuilding from the chain", cursor.floor)
        (header,) = await self.fetch.headers([max(0, self.deployment.block - 1)])
        self._cursor = self.projector.restart(cursor, header.block())

    async def _read_history(self, first: int, last: int) -> None:
        async for batch in self.fetch.history(first, last):
            await self._check_bloom(batch)
            self._write([batch], undo=False)

    async def _read_live(self, cursor: Cursor, last: int) -> None:
        parent = Block(cursor.number, cursor.hash, None, cursor.timestamp)
        batches = await self.fetch.recent(cursor.number + 1, last, parent)
        self._write(batches, undo=True)

    def _write(self, batches: Sequence[Batch], *, undo: bool) -> None:
        self._cursor = self.projector.write(self.cursor, batches, undo=undo)

    async def _check_bloom(self, batch: Batch) -> None:
        """Once, on the first logs found: without Bloom filters in headers, blocks would be missed."""
        if self._bloom_seen or not batch.logs:
            return
        (header,) = await self.fetch.headers([batch.logs[0].block])
        if not bloom_is_kept(header, batch.logs[0].address):
            raise ChainMismatch(
                f"chain {self.deployment.chain_id} keeps no Bloom filters in its headers: not supported"
            )
        self._bloom_seen = True

    def _report(self, phase: str, head: int | None, error: str | None = None) -> None:
        """Writes the status when it changes, and now and then as a sign of life."""
        now = time.monotonic()
        if (phase, head, error) != self._reported or now - self._reported_at > self.HEARTBEAT:
            self.store.report(phase, head, error)
            self._reported, self._reported_at = (phase, head, error), now


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
