"""Real chains, a proxy in front of them, and indexers that run in the test's own process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
import pytest

from backend.chain import Rpc
from backend.node import Settings, make_sync
from backend.store import Reader, StateHash, state_hash
from backend.sync import Sync
from tests.backend.chains import Chain, Emitter, anvil, free_port, ganache
from tests.backend.commune import PEOPLE, Commune
from tests.backend.counting import application
from tests.backend.life import FOUNDERS, SMALL, live
from tests.backend.mirror import Mirror
from tests.backend.processes import serving
from tests.backend.proxy import Proxy, proxied


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirror]:
    """A commune that has lived, on a chain that runs on, and a node's database that followed it all along."""
    with anvil("--accounts", str(PEOPLE)) as running:
        mirror = Mirror(Commune.founded(running, FOUNDERS, **SMALL), tmp_path_factory.mktemp("lived"))
        live(mirror.commune, mirror.happened)
        yield mirror


@pytest.fixture(scope="session")
def api(lived: Mirror) -> Iterator[httpx.Client]:
    """A node of that commune."""
    with serving(replace(lived.settings, port=free_port(), poll=0.1)) as client:
        yield client


@pytest.fixture
def chain() -> Iterator[Chain]:
    with anvil() as running:
        yield running


@pytest.fixture
def old_chain() -> Iterator[Chain]:
    """A node without eth_getBlockReceipts and without timestamps in its logs."""
    with ganache() as running:
        yield running


@pytest.fixture
def proxy(chain: Chain) -> Iterator[Proxy]:
    with proxied(chain.url) as running:
        yield running


class Node:
    """An indexer in the test's own process, run step by step."""

    def __init__(self, emitter: Emitter, folder: Path, url: str | None = None, window: int = 64) -> None:
        self.emitter = emitter
        deployment = folder / "deployment.json"
        deployment.write_bytes(msgspec.json.encode(emitter.deployment))
        self.settings = Settings(
            url or emitter.chain.url,
            deployment,
            folder / "node.sqlite",
            application="tests.backend.counting:application",
            window=window,
            poll=0.05,
            rpc_timeout=2.0,
        )

    def run(self, action: Callable[[Sync], object] | None = None, *, until: int | None = None) -> None:
        """Indexes up to the chain's head (or `until`), as one run of the process would; then `action`."""

        async def work() -> None:
            rpc = Rpc(self.settings.rpc_url, timeout=self.settings.rpc_timeout)
            sync = make_sync(self.settings, rpc, self.emitter.deployment)
            try:
                async with asyncio.timeout(60):
                    await sync.run(asyncio.Event(), until=self.emitter.chain.head if until is None else until)
                if action is not None:
                    action(sync)
            finally:
                await rpc.close()
                sync.store.close()

        asyncio.run(work())

    @contextmanager
    def store(self) -> Iterator[Reader]:
        reader = Reader.open(self.settings.database)
        try:
            yield reader
        finally:
            reader.close()

    def state_hash(self) -> StateHash:
        with self.store() as reader, reader.snapshot() as cursor:
            return state_hash(reader, application.tables, cursor)


@pytest.fixture
def make_node(tmp_path: Path) -> Callable[..., Node]:
    made = 0

    def make(emitter: Emitter, **options: object) -> Node:
        nonlocal made
        made += 1
        folder = tmp_path / f"node{made}"
        folder.mkdir()
        return Node(emitter, folder, **options)  # type: ignore[arg-type]

    return make


@pytest.fixture
def matches_the_chain(make_node) -> Callable[[Node], bool]:  # type: ignore[no-untyped-def]
    """Whether a node holds what one that starts from nothing on the same chain holds."""

    def compare(node: Node) -> bool:
        fresh = make_node(node.emitter)
        fresh.run()
        return bool(fresh.state_hash() == node.state_hash())

    return compare
