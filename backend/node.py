"""A whole node: an indexer process that writes, and an API process that reads.

They are two processes because they share nothing but the database, and an indexer that is busy would
otherwise hold the interpreter's lock while clients wait. Killing either, in any way, leaves the database
whole; the indexer goes when its parent does, and is started again if it dies by itself.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any

import uvicorn
import uvloop
from fastapi import APIRouter, FastAPI

from backend.chain import ChainError, Rpc
from backend.decode import DecodeError, Decoders
from backend.deployment import Deployment, DeploymentInvalid, load
from backend.project import Projection, ProjectionError, Projector
from backend.relay import RelayError, RelaySettings
from backend.serve import Feature, Service, create_app
from backend.serve.web import Page, PageIncomplete, page_files
from backend.store import Cursor, StateHash, Store, StoreError, Table, state_hash, table_of
from backend.sync import Sync

log = logging.getLogger(__name__)


class NodeFailed(Exception):
    """The node cannot run, and trying again would not help; the message says why."""


@dataclass(frozen=True)
class Application:
    """What a node knows beyond the chain: projections, routers that serve them, generated event classes,
    and features that do more than read."""

    projections: Sequence[Projection] = ()
    routers: Sequence[APIRouter] = ()
    events: ModuleType | None = None
    features: Callable[[Settings, Service], Sequence[Feature]] | None = None

    @property
    def tables(self) -> list[Table]:
        return [table_of(row) for projection in self.projections for row in projection.tables]


BARE = Application()


@dataclass(frozen=True)
class Settings:
    """`application` names an Application as `module:attribute`, since both processes load it. `origin` is the
    address under which others reach the node, as browsers send it (`https://node.example`): sign-ins are made
    for it.

    `window` and `max_behind` are in blocks, `poll` and `rpc_timeout` in seconds, `text_limit` in bytes. A
    node without `relay` pays for nobody. `page` is a folder that `./dev web` made; without it none is served.
    """

    rpc_url: str
    deployment: Path
    database: Path
    application: str = "backend.node:BARE"
    host: str = "127.0.0.1"
    port: int = 8000
    window: int = 128
    poll: float = 1.0
    max_behind: int = 5
    rpc_timeout: float = 30.0
    text_limit: int = 65_536
    relay: RelaySettings | None = None
    page: Path | None = None
    origin: str | None = None

    @property
    def public_origin(self) -> str:
        return self.origin or f"http://{self.host}:{self.port}"


def application_of(settings: Settings) -> Application:
    module, _, attribute = settings.application.partition(":")
    found: Application = getattr(importlib.import_module(module), attribute)
    return found


def make_sync(settings: Settings, rpc: Rpc, deployment: Deployment, database: Path | None = None) -> Sync:
    application = application_of(settings)
    decoders = Decoders(deployment.interfaces, application.events)
    store = Store(database or settings.database, application.tables)
    projector = Projector(store, decoders, application.projections, window=settings.window)
    return Sync(rpc, deployment, decoders, store, projector, poll=settings.poll)


async def rebuild(settings: Settings, database: Path, until: int) -> tuple[StateHash, Cursor]:
    """The state hash at block `until`, from nothing but the chain. `database` must not exist."""
    rpc = Rpc(settings.rpc_url, timeout=settings.rpc_timeout)
    try:
        sync = make_sync(settings, rpc, load(settings.deployment), database)
        await sync.run(asyncio.Event(), until=until)
        with sync.store.snapshot() as cursor:
            assert cursor is not None
            return state_hash(sync.store, sync.store.tables.values(), cursor), cursor
    finally:
        await rpc.close()


def make_app(settings: Settings) -> FastAPI:
    """The API alone, over a database that an indexer elsewhere fills."""
    application = application_of(settings)
    deployment = load(settings.deployment)
    Store(settings.database, application.tables).close()
    decoders = Decoders(deployment.interfaces, application.events)
    service = Service(settings.database, deployment, decoders, application.tables, settings.max_behind)
    features = application.features(settings, service) if application.features else ()
    app = create_app(service, application.routers, features)
    if settings.page is not None:
        app.add_middleware(Page, files=page_files(settings.page))
    return app


def run_indexer(settings: Settings, parent: Connection | None = None) -> None:
    """The indexer alone, until SIGTERM or, given the parent's pipe, until the parent is gone."""
    try:
        asyncio.run(_index(settings, parent))
    except (ChainError, StoreError, DecodeError, ProjectionError, DeploymentInvalid) as error:
        if parent is None:
            raise NodeFailed(str(error)) from error
        parent.send(f"{type(error).__name__}: {error}")


async def _index(settings: Settings, parent: Connection | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    if parent is not None:
        # Ctrl-C reaches both processes; the parent decides. Its end of the pipe closes however it ends.
        loop.add_signal_handler(signal.SIGINT, lambda: None)
        loop.add_reader(parent.fileno(), stop.set)
    else:
        loop.add_signal_handler(signal.SIGINT, stop.set)
    rpc = Rpc(settings.rpc_url, timeout=settings.rpc_timeout)
    try:
        await make_sync(settings, rpc, load(settings.deployment)).run(stop)
    finally:
        if parent is not None:
            loop.remove_reader(parent.fileno())
        await rpc.close()


class Indexer:
    """The indexer as a child process."""

    RESTARTS = 5
    RESTART_SPAN = 60.0

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._context = multiprocessing.get_context("spawn")
        self._started: list[float] = []
        self._start()

    def _start(self) -> None:
        self.pipe, theirs = self._context.Pipe()
        self.process: BaseProcess = self._context.Process(
            target=run_indexer, args=(self.settings, theirs), name="dualpower-indexer"
        )
        self.process.start()
        theirs.close()
        self._started.append(time.monotonic())

    async def watch(self) -> str:
        """Returns, with the reason, when the indexer has given up."""
        while True:
            await self._death()
            message = self._message()
            if message is not None:
                return message
            recent = [at for at in self._started if time.monotonic() - at < self.RESTART_SPAN]
            if len(recent) >= self.RESTARTS:
                status = self.process.exitcode
                return f"the indexer died {len(recent)} times in {self.RESTART_SPAN:.0f} s (status {status})"
            log.error("the indexer died (status %s): starting it again", self.process.exitcode)
            self._start()

    async def _death(self) -> None:
        loop, dead = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self.process.sentinel, dead.set)
        try:
            await dead.wait()
        finally:
            loop.remove_reader(self.process.sentinel)
        self.process.join()

    def _message(self) -> str | None:
        try:
            return str(self.pipe.recv()) if self.pipe.poll() else None
        except EOFError:
            return None

    def stop(self) -> None:
        self.process.terminate()
        self.process.join(10)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


class _Server(uvicorn.Server):
    """Ends event streams as soon as it is asked to stop, so that open ones do not hold it up."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn's own raises the signal again after the shutdown, which would skip the indexer's."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def stop(self) -> None:
        self._app.state.broadcast.close()
        self.should_exit = True


def run(settings: Settings) -> None:
    """Index and serve until Ctrl-C or SIGTERM. Raises NodeFailed when the node cannot go on."""
    try:
        app = make_app(settings)
    except (StoreError, DecodeError, ProjectionError, DeploymentInvalid, RelayError, PageIncomplete) as error:
        raise NodeFailed(str(error)) from error
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(settings, app))


async def _run(settings: Settings, app: FastAPI) -> None:
    config: Any = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=5,
    )
    server = _Server(config, app)
    indexer = Indexer(settings)
    serving = asyncio.create_task(server.serve())
    watching = asyncio.create_task(indexer.watch())
    try:
        await asyncio.wait({serving, watching}, return_when=asyncio.FIRST_COMPLETED)
        if watching.done() and not serving.done():
            server.stop()
            await serving
            raise NodeFailed(watching.result())
        await serving
    finally:
        watching.cancel()
        indexer.stop()
