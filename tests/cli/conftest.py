"""A commune on a chain, a node beside it, and the command line between them and its members."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from backend.cli import app
from tests.backend.chains import ROOT, anvil, free_port
from tests.backend.commune import PEOPLE, Commune
from tests.backend.processes import ready, wait_until

FOUNDERS = 5
# Whose account pays for relayed actions; nobody else uses it.
RELAYER = PEOPLE - 1


@dataclass(frozen=True)
class Desk:
    """Where members sit down to use the command line."""

    commune: Commune
    node: str
    deployment: Path
    database: Path

    def run(self, *words: str, who: int | None = None) -> Any:
        """A command, in the name of the chain's account number `who`."""
        self.catch_up()
        signed = [] if who is None else ["--test-account", str(who)]
        environment = {
            "DUALPOWER_NODE": self.node,
            "DUALPOWER_RPC": self.commune.chain.url,
            "DUALPOWER_DEPLOYMENT": str(self.deployment),
        }
        return CliRunner().invoke(app, [*words, *signed], env=environment)

    def done(self, *words: str, who: int | None = None) -> Any:
        """What a command that succeeds tells machines."""
        ended = self.run(*words, "--json", who=who)
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.stdout)

    def refused(self, *words: str, who: int | None = None) -> str:
        """What the member is told when the chain or the node refuses."""
        ended = self.run(*words, who=who)
        assert ended.exit_code == 1, ended.output
        assert ended.stdout == ""
        return ended.stderr

    def catch_up(self) -> None:
        """Waits until the node has read the chain's last block."""
        head = self.commune.chain.head
        wait_until(lambda: httpx.get(f"{self.node}/ready").json()["block"]["number"] >= head)


@contextmanager
def opened(folder: Path, founders: int, *options: str, **parameters: int) -> Iterator[Desk]:
    """A commune with so many founders, and a node of its own that relays; `options` are for the node."""
    deployment, database, port = folder / "deployment.json", folder / "node.sqlite", free_port()
    with anvil("--accounts", str(PEOPLE)) as chain:
        commune = Commune.founded(chain, founders, **parameters)
        deployment.write_text(json.dumps(commune.record))
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "backend.cli", "node", "run", "--rpc", chain.url, "--poll", "0.1"),
                *("--relay-test-account", str(RELAYER), "--relay-interval", "0"),
                *("--deployment", str(deployment), "--database", str(database), "--port", str(port)),
                *options,
            ],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        node = f"http://127.0.0.1:{port}"
        try:
            with httpx.Client(base_url=node) as client:
                wait_until(lambda: ready(client), process)
            yield Desk(commune, node, deployment, database)
        finally:
            process.terminate()
            process.communicate(timeout=20)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with opened(tmp_path_factory.mktemp("desk"), FOUNDERS) as desk:
        yield desk
