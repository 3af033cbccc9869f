"""The state hash over HTTP: computed from the rows, again whenever the database has changed."""

from __future__ import annotations

import asyncio

from backend.serve.view import Service, servable
from backend.store import Cursor, Reader, StateHash, state_hash


class StateHashes:
    """One computation at a time, in a thread with its own connection; callers wait for its result."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._reader = Reader.open(service.database)
        self._lock = asyncio.Lock()
        self._last: tuple[int, StateHash, Cursor] | None = None

    async def current(self) -> tuple[StateHash, Cursor]:
        async with self._lock:
            if self._last is None or self._last[0] != self._reader.change_token():
                self._last = await asyncio.to_thread(self._compute)
            return self._last[1], self._last[2]

    def _compute(self) -> tuple[int, StateHash, Cursor]:
        # The token comes first: a change in between makes the next caller compute again.
        token = self._reader.change_token()
        with self._reader.snapshot() as found:
            cursor = servable(self._reader, found)
            return token, state_hash(self._reader, self._service.tables, cursor), cursor
