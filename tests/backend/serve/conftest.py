"""A commune whose members are all listed in the group since yesterday, and a node that relays for them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from backend.node import Settings
from backend.relay import RelaySettings
from tests.backend.chains import anvil, free_port
from tests.backend.commune import DAY, PEOPLE, Commune
from tests.backend.mirror import Mirror
from tests.backend.polling import Polling
from tests.backend.processes import serving, wait_until

# DUALPOWER_VOTERS=200 makes it the commune of a pilot; proofs and signatures then take two minutes.
LISTED = int(os.environ.get("DUALPOWER_VOTERS", "12"))
RELAY = max(PEOPLE, LISTED + 10) - 1
ORIGIN = "https://node.example"


@dataclass
class Listed:
    """`log` is all that the node has written, at its most talkative."""

    commune: Commune
    polling: Polling
    client: httpx.Client
    settings: Settings
    log: Path

    def caught_up(self) -> None:
        head = self.commune.chain.head
        wait_until(lambda: self.client.get("/v1/node").json()["block"]["number"] >= head)


@pytest.fixture(scope="session")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listed]:
    people = max(PEOPLE, LISTED + 10)
    with anvil("--accounts", str(people)) as chain:
        commune = Commune.founded(chain, LISTED, people=people)
        polling = Polling(commune)
        for number in range(1, LISTED + 1):
            polling.register(commune.people[number], number)
        commune.wait(DAY)
        folder = tmp_path_factory.mktemp("listed")
        relay = RelaySettings(test_key=RELAY, poll=0.1, secret_interval=2)
        settings = replace(
            Mirror(commune, folder).settings, port=free_port(), poll=0.1, relay=relay, origin=ORIGIN
        )
        log = folder / "node.log"
        with serving(settings, log=log, LOG_LEVEL="DEBUG") as client:
            made = Listed(commune, polling, client, settings, log)
            made.caught_up()
            yield made
