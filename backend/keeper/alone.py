"""A keeper by itself: it follows the chain into a database of its own, keeps, and serves nothing."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import Any

from backend.decode import DecodeError, Decoders
from backend.deployment import DeploymentInvalid, load
from backend.keeper.keeper import Keeper
from backend.node import Indexer, NodeFailed, Settings, application_of
from backend.project import ProjectionError
from backend.proofs import Verifier
from backend.relay import Relay, RelayError
from backend.serve import Service
from backend.store import Store, StoreError
from backend.store.content import Content


def run(settings: Settings, told: Callable[[str], None]) -> None:
    """Until Ctrl-C or SIGTERM. `told` hears of what it does. Raises `NodeFailed` when it cannot go on."""
    assert settings.relay is not None, "a keeper pays with a key"
    try:
        application, deployment = application_of(settings), load(settings.deployment)
        Store(settings.database, application.tables).close()
        decoders = Decoders(deployment.interfaces, application.events)
        service = Service(settings.database, deployment, decoders, application.tables, settings.max_behind)
        relay = Relay(settings.relay, settings.rpc_url, service, Content(settings.database), Verifier())
    except (StoreError, DecodeError, ProjectionError, DeploymentInvalid, RelayError) as error:
        raise NodeFailed(str(error)) from error
    asyncio.run(_run(settings, relay, Keeper(relay, told)))


async def _run(settings: Settings, relay: Relay, keeper: Keeper) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    indexer = Indexer(settings)
    watching = asyncio.create_task(indexer.watch())
    working = [asyncio.create_task(relay.run()), asyncio.create_task(keeper.run())]
    tasks: list[asyncio.Task[Any]] = [asyncio.create_task(stop.wait()), watching, *working]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            raise NodeFailed(watching.result())
        for task in working:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await relay.close()
        indexer.stop()
