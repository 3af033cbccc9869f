"""An HTTP server between the node and a real chain that misbehaves as told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

Answer = tuple[int, bytes, dict[str, str]]
# Sees the calls of one HTTP request and a function that asks the real chain; may answer in its place.
Fault = Callable[
    [list[dict[str, Any]], Callable[[], list[dict[str, Any]]]], Answer | list[dict[str, Any]] | None
]


class Proxy:
    """`fault` is replaced by tests while the server runs; None passes everything through."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.fault: Fault | None = None
        self.requests: list[list[dict[str, Any]]] = []
        self.times: list[float] = []
        self.url = ""

    def answer(self, body: bytes) -> Answer:
        asked = json.loads(body)
        calls = asked if isinstance(asked, list) else [asked]
        self.requests.append(calls)
        self.times.append(time.monotonic())

        def real() -> list[dict[str, Any]]:
            found = httpx.post(
                self.target, content=body, headers={"content-type": "application/json"}, timeout=30
            )
            answers = found.json()
            return answers if isinstance(answers, list) else [answers]

        replaced = self.fault(calls, real) if self.fault is not None else None
        if isinstance(replaced, tuple):
            return replaced
        answers = real() if replaced is None else replaced
        return 200, json.dumps(answers if isinstance(asked, list) else answers[0]).encode(), {}


def methods(calls: list[dict[str, Any]]) -> set[str]:
    return {call["method"] for call in calls}


@contextmanager
def proxied(target: str) -> Iterator[Proxy]:
    proxy = Proxy(target)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            status, body, headers = proxy.answer(self.rfile.read(int(self.headers["content-length"])))
            try:
                self.send_response(status)
                for name, value in ({"content-length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
