"""Server-sent events: what happens on chain, as it happens.

Each event is encoded once for all clients. Its id is `block-logIndex`; a client that comes back with `Last-
Event-ID` gets what it missed from the database, then the live stream. When blocks leave the chain a `reorg`
event names the last block that stands: what a client has from later blocks never happened. `head` events,
without an id, tell how far the node has read.

A client that reads too slowly is cut off rather than buffered for: it resumes where it was.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

import orjson
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from backend.chain.types import Log
from backend.decode import present
from backend.serve.problem import Problem
from backend.serve.view import Service, block_json
from backend.store import Reader

log = logging.getLogger(__name__)

STILL_HERE = b": still here\n\n"

_END_OF_BLOCK = 2**31 - 1


class Broadcast:
    """Reads the database whenever it changes and hands what is new to every client's queue."""

    INTERVAL = 0.1
    KEEP_ALIVE = 15.0
    QUEUE = 2_000
    CLIENTS = 1_000
    PAGE = 500

    def __init__(self, service: Service) -> None:
        self.service = service
        self.reader = Reader.open(service.database)
        self.clients: set[asyncio.Queue[bytes | None]] = set()
        self._position = (-1, _END_OF_BLOCK)
        self._rewound = 0
        self._head = ""
        self._closed = False

    async def run(self) -> None:
        """Until cancelled. Starts from what the database holds now."""
        self._skip_to_now()
        token = -1
        while True:
            await asyncio.sleep(self.INTERVAL)
            if (seen := self.reader.change_token()) != token:
                token = seen
                for piece in self.news():
                    self.offer(piece)
                    await asyncio.sleep(0)

    def close(self) -> None:
        """Ends every client's stream."""
        self._closed = True
        for queue in self.clients:
            _end(queue)

    def join(self) -> tuple[asyncio.Queue[bytes | None], tuple[int, int]]:
        """A queue of what comes next, and the position it starts after."""
        if len(self.clients) >= self.CLIENTS or self._closed:
            raise Problem(
                503, "stream-full", "Too many clients listen already", headers={"retry-after": "30"}
            )
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(self.QUEUE)
        self.clients.add(queue)
        return queue, self._position

    def leave(self, queue: asyncio.Queue[bytes | None]) -> None:
        self.clients.discard(queue)

    def missed(self, after: tuple[int, int], upto: tuple[int, int]) -> Iterator[bytes]:
        """What a client that last saw `after` needs until `upto`, in pieces read as they are taken.

        An id from blocks that were once dropped may have been seen before or after that: the client is told
        of the reorg in either case.
        """
        gone = [
            rewind for rewind in self.reader.rewinds_after(0) if rewind.ancestor < after[0] <= rewind.dropped
        ]
        if gone:
            deepest = min(gone, key=lambda rewind: rewind.ancestor)
            yield _reorg(deepest.ancestor, deepest.ancestor_hash, deepest.dropped)
            after = (deepest.ancestor, _END_OF_BLOCK)
        while rows := self.reader.logs_after(*after, self.PAGE):
            due = [row for row in rows if (row[0].block, row[0].index) <= upto]
            if due:
                yield b"".join(self._encode(*row) for row in due)
                after = (due[-1][0].block, due[-1][0].index)
            if len(due) < self.PAGE:
                return

    def _skip_to_now(self) -> None:
        with self.reader.snapshot() as cursor:
            self._position = (cursor.number if cursor else -1, _END_OF_BLOCK)
            self._rewound = max((rewind.position for rewind in self.reader.rewinds_after(0)), default=0)

    def news(self) -> Iterator[bytes]:
        """What the database holds since the last time, encoded."""
        with self.reader.snapshot() as cursor:
            rewinds = self.reader.rewinds_after(self._rewound)
        for rewind in rewinds:
            self._rewound = rewind.position
            if rewind.ancestor < self._position[0]:
                self._position = (rewind.ancestor, _END_OF_BLOCK)
            yield _reorg(rewind.ancestor, rewind.ancestor_hash, rewind.dropped)
        while rows := self.reader.logs_after(*self._position, self.PAGE):
            for row in rows:
                self._position = (row[0].block, row[0].index)
                yield self._encode(*row)
        if cursor is not None and cursor.hash != self._head:
            self._head = cursor.hash
            yield encoded("head", block_json(cursor))

    def _encode(self, entry: Log, timestamp: int, block_hash: str) -> bytes:
        shown = event_json(self.service, entry, timestamp, block_hash)
        return encoded(f"{shown['contract']}.{shown['event']}", shown, f"{entry.block}-{entry.index}")

    def offer(self, piece: bytes) -> None:
        """To every client that keeps up; the others' streams end."""
        for queue in list(self.clients):
            try:
                queue.put_nowait(piece)
            except asyncio.QueueFull:
                self.leave(queue)
                _end(queue)


class EventStream:
    """One client's response: what they missed, then what comes, as `missed` and `told` give it."""

    def __init__(self, broadcast: Broadcast, after: tuple[int, int] | None) -> None:
        self.broadcast = broadcast
        self.after = after
        self.queue, self.joined_at = broadcast.join()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        writer = asyncio.create_task(self._write(send))
        watcher = asyncio.create_task(_disconnected(receive))
        try:
            await asyncio.wait({writer, watcher}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.broadcast.leave(self.queue)
            for task in (writer, watcher):
                task.cancel()
            await asyncio.gather(writer, watcher, return_exceptions=True)

    async def _write(self, send: Send) -> None:
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send(_body(b"retry: 2000\n\n"))
        for piece in self.missed():
            await send(_body(piece))
        ended = False
        while not ended:
            try:
                async with asyncio.timeout(self.broadcast.KEEP_ALIVE):
                    pieces = [await self.queue.get()]
            except TimeoutError:
                pieces = [STILL_HERE]
            while not self.queue.empty():
                pieces.append(self.queue.get_nowait())
            ended = None in pieces
            if told := self.told([piece for piece in pieces if piece is not None]):
                await send(_body(told))
        await send({"type": "http.response.body", "body": b""})

    def missed(self) -> Iterator[bytes]:
        if self.after is not None:
            yield from self.broadcast.missed(self.after, self.joined_at)

    def told(self, pieces: list[bytes]) -> bytes:
        """What this client is sent of what all are told."""
        return b"".join(pieces)


class Streamed(Response):
    """Lets an EventStream be returned from an endpoint."""

    def __init__(self, stream: EventStream) -> None:
        super().__init__()
        self.stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.stream(scope, receive, send)


def event_json(service: Service, entry: Log, timestamp: int, block_hash: str) -> dict[str, object]:
    """A raw log as the API shows it."""
    decoded = service.decoders.decode(entry, timestamp)
    name = service.decoders.names.get(entry.address, "")
    return {
        "id": f"{entry.block}-{entry.index}",
        "contract": name,
        "event": decoded.name if decoded is not None else "",
        "arguments": present(service.decoders.events[entry.address, entry.topics[:32]], decoded)
        if decoded
        else {},
        "transaction": f"0x{entry.transaction.hex()}",
        "block": {"number": entry.block, "hash": block_hash, "timestamp": timestamp},
    }


def parse_id(text: str) -> tuple[int, int]:
    """`block-logIndex`."""
    block, dash, index = text.partition("-")
    if not (dash and block.isdecimal() and index.isdecimal() and len(text) <= 32):
        raise Problem(
            400, "event-id-malformed", "The event id is not of the form block-logIndex", f"got {text[:40]!r}"
        )
    return int(block), int(index)


def encoded(name: str, data: object, event_id: str | None = None) -> bytes:
    identified = f"id: {event_id}\n".encode() if event_id is not None else b""
    return b"%bevent: %b\ndata: %b\n\n" % (identified, name.encode(), orjson.dumps(data))


def _reorg(ancestor: int, ancestor_hash: str, dropped: int) -> bytes:
    # Its id makes a client that reconnects right after it resume from the block that stands.
    return encoded(
        "reorg",
        {"ancestor": {"number": ancestor, "hash": ancestor_hash}, "dropped": dropped},
        f"{ancestor}-{_END_OF_BLOCK}",
    )


def _end(queue: asyncio.Queue[bytes | None]) -> None:
    """Empties the queue and ends the stream."""
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(None)


def _body(data: bytes) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": True}


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
