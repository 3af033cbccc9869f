"""A node's database with rows as its projections would leave them, and the API over it in this process."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import uvicorn
from fastapi import FastAPI

from backend.chain.types import Block
from backend.commune import COMMUNE
from backend.deployment import MODULES
from backend.node import Settings, make_app
from backend.store import Store, table_of
from tests.backend.chains import free_port
from tests.backend.processes import wait_until

GENESIS = "0x" + "00" * 32


def settings_over(folder: Path, rows: Iterable[msgspec.Struct], now: int, chain_id: int = 31337) -> Settings:
    """`now` is the timestamp of the node's last block."""
    by_kind: defaultdict[type[msgspec.Struct], list[msgspec.Struct]] = defaultdict(list)
    for row in rows:
        by_kind[type(row)].append(row)
    database, deployment = folder / "node.sqlite", folder / "deployment.json"
    with closing(Store(database, COMMUNE.tables)) as store, store.transaction():
        store.start(Block(1, f"0x{1:064x}", None, now))
        for kind, found in by_kind.items():
            store.insert(table_of(kind), found)
    contracts = {name: f"0x{number:040x}" for number, name in enumerate(MODULES, start=1)}
    deployment.write_text(
        json.dumps({"chainId": chain_id, "genesis": GENESIS, "block": 1, "contracts": contracts})
    )
    return Settings(
        rpc_url="http://127.0.0.1:1",
        deployment=deployment,
        database=database,
        application="backend.commune:COMMUNE",
    )


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The API over HTTP, without an indexer; its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(make_app(settings), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


class Api:
    """Asks the application without a server."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    @classmethod
    def over(cls, folder: Path, rows: Iterable[msgspec.Struct], now: int) -> Api:
        return cls(make_app(settings_over(folder, rows, now)))

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://node") as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def data(self, path: str, model: Callable[[Any], Any], **params: Any) -> Any:
        """The answer's data, which is what the model says."""
        answer = self.get(path, params=params)
        assert answer.status_code == 200, answer.text
        model(answer.json()["data"])
        return answer.json()["data"]
