"""`dualpower verify`: is what a node serves what the chain says?"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.cli import show
from backend.cli.api import Node, Reading
from backend.cli.errors import Refused
from backend.cli.places import COMMUNE, DEPLOYMENT, RPC, Deployment, RpcUrl, require_deployment

if TYPE_CHECKING:
    from backend.verify import Verdict

# How often the bar moves, seconds.
_TICK = 0.2


def verify(reading: Reading, rpc: RpcUrl = RPC, deployment: Deployment = DEPLOYMENT) -> None:
    """Rebuild everything from the chain and compare its state hash with a running node's."""
    require_deployment(deployment)
    with Node(reading.node) as api, show.progress("asking the node"):
        until = api.get("/v1/state")["block"]["number"]
    _require_chain(rpc, until)
    verdict = _verdict(reading.node, rpc, deployment, until)
    report = {
        "agrees": verdict.agrees,
        "block": {"number": verdict.block, "hash": verdict.block_hash},
        "stateHash": {"node": verdict.node_hash, "rebuilt": verdict.rebuilt_hash},
        "differing": verdict.differing,
        "differences": [asdict(difference) for difference in verdict.differences],
    }
    _tell(report, reading)


def _tell(report: dict[str, Any], reading: Reading) -> None:
    block, hashes = report["block"]["number"], report["stateHash"]
    if not report["agrees"]:
        rows = "".join(
            f"\n{found['table']}: the chain gives {found['chain'] or 'no such row'}, the node"
            f" {found['node'] or 'no such row'}"
            for found in report["differences"]
        )
        raise Refused(
            f"{reading.node} does not serve what the chain says at block {block}: its state hash is"
            f" {hashes['node']}, the chain gives {hashes['rebuilt']}; tables that differ:"
            f" {', '.join(report['differing']) or 'none'}{rows}",
            report,
        )
    if reading.as_json:
        show.as_json(report)
    else:
        show.line(f"[green]agrees[/]: {reading.node} serves what the chain says at block {block}")
        show.line(f"state hash {hashes['node']}, over {block} blocks rebuilt from nothing")


def _require_chain(rpc: str, until: int) -> None:
    """Raises unless the chain is there and has the block, since rebuilding waits for both."""
    from backend.cli.chain import Chain

    head = int(Chain(rpc).rpc("eth_blockNumber", []), 16)
    if head < until:
        raise Refused(f"the node is at block {until}, the chain at {rpc} only at {head}")


def _verdict(node: str, rpc: str, deployment: Path, until: int) -> Verdict:
    """The comparison with a new database, filled from the chain up to block `until`."""
    from backend.chain import ChainError
    from backend.decode import DecodeError
    from backend.deployment import DeploymentInvalid
    from backend.node import Settings
    from backend.project import ProjectionError
    from backend.store import StoreError
    from backend.verify import VerifyError, verify

    with tempfile.TemporaryDirectory(prefix="dualpower-verify-") as folder:
        database = Path(folder) / "rebuilt.sqlite"
        settings = Settings(rpc, deployment, database, application=COMMUNE)
        try:
            with _watched(database, until):
                return asyncio.run(verify(node, settings))
        except VerifyError as error:
            raise Refused(str(error)) from None
        except (ChainError, StoreError, DecodeError, ProjectionError, DeploymentInvalid) as error:
            raise Refused(f"the chain cannot be rebuilt: {error}") from None


@contextmanager
def _watched(database: Path, until: int) -> Iterator[None]:
    """Shows how far the rebuilding is, as its database says."""
    from backend.store import Reader

    finished = threading.Event()

    def watch(moved: Callable[[int], None]) -> None:
        while not finished.wait(_TICK):
            # The file may not be there yet, or not have its tables.
            with suppress(sqlite3.OperationalError):
                reader = Reader.open(database)
                try:
                    if cursor := reader.cursor():
                        moved(cursor.number)
                finally:
                    reader.close()

    with show.bar("rebuilding from the chain", until) as moved:
        watcher = threading.Thread(target=watch, args=(moved,), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            finished.set()
            watcher.join()
