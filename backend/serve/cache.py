"""Answers kept until the database changes.

Sits in front of the application as plain ASGI: a body that was made since the last change is sent again
without routing, querying or encoding, and `If-None-Match` is answered with 304. Every commit to the database
empties it, one made by hand included. Requests are counted and timed here too.
"""

from __future__ import annotations

import time
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.serve.view import Service

PREFIX = "/v1"


class Kept:
    __slots__ = ("body", "etag", "headers", "route")

    def __init__(self, headers: list[tuple[bytes, bytes]], body: bytes, etag: bytes, route: str) -> None:
        self.headers = headers
        self.body = body
        self.etag = etag
        self.route = route


class AnswerCache:
    ENTRIES = 20_000
    BYTES = 64 * 1024 * 1024

    def __init__(self, app: ASGIApp, service: Service, registry: CollectorRegistry) -> None:
        self.app = app
        self.service = service
        self._token: int | None = None
        self._kept: dict[tuple[str, bytes], Kept] = {}
        self._size = 0
        self._requests = Counter(
            "dualpower_http_requests", "Requests answered", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "dualpower_http_seconds",
            "Time to answer, until the last byte is handed over",
            ["route"],
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        if scope["method"] == "GET" and (kept := self._find(scope)) is not None:
            status = await _send(kept, scope, send)
            route = kept.route
        else:
            status, route = await self._pass(scope, receive, send)
        self._requests.labels(scope["method"] if route else "other", route, str(status)).inc()
        if not route.endswith("/stream"):
            self._seconds.labels(route).observe(time.perf_counter() - started)

    def _find(self, scope: Scope) -> Kept | None:
        token = self.service.reader.change_token()
        if token != self._token:
            self._kept.clear()
            self._size = 0
            self._token = token
        return self._kept.get((scope["path"], scope["query_string"]))

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> tuple[int, str]:
        token = self._token
        start: Message | None = None
        status = 500

        async def watch(message: Message) -> None:
            nonlocal start, status
            if message["type"] == "http.response.start":
                status = message["status"]
                if scope["method"] == "GET" and status == 200 and _header(message, b"etag"):
                    start = message
                    return
            elif start is not None:
                head, start = start, None
                if not message.get("more_body"):
                    kept = Kept(
                        head["headers"], message.get("body", b""), _header(head, b"etag"), _route(scope)
                    )
                    if token == self._token == self.service.reader.change_token():
                        self._keep(scope, kept)
                    status = await _send(kept, scope, send)
                    return
                await send(head)
            await send(message)

        await self.app(scope, receive, watch)
        return status, _route(scope)

    def _keep(self, scope: Scope, kept: Kept) -> None:
        if len(self._kept) >= self.ENTRIES or self._size + len(kept.body) > self.BYTES:
            self._kept.clear()
            self._size = 0
        self._kept[scope["path"], scope["query_string"]] = kept
        self._size += len(kept.body)


async def _send(kept: Kept, scope: Scope, send: Send) -> int:
    for name, value in scope["headers"]:
        if name == b"if-none-match" and kept.etag in [
            tag.strip().removeprefix(b"W/") for tag in value.split(b",")
        ]:
            headers = [pair for pair in kept.headers if pair[0] not in (b"content-length", b"content-type")]
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return 304
    await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
    await send({"type": "http.response.body", "body": kept.body})
    return 200


def _header(message: Message, name: bytes) -> bytes:
    for key, value in message["headers"]:
        if key == name:
            found: bytes = value
            return found
    return b""


def _route(scope: Scope) -> str:
    """The route's template; empty where nothing matched, so that strange paths cannot fill the metrics.

    A route of an included router knows its path without the router's prefix.
    """
    route: Any = scope.get("route")
    path: str = getattr(route, "path", "")
    return (
        f"{PREFIX}{path}"
        if path and scope["path"].startswith(f"{PREFIX}/") and not path.startswith(PREFIX)
        else path
    )
