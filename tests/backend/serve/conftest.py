"""A commune whose members are all listed in the group since yesterday, and a node that relays for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from backend.relay import RelaySettings
from tests.backend.chains import anvil, free_port
from tests.backend.commune import DAY, PEOPLE, Commune
from tests.backend.linking import Listed
from tests.backend.mirror import Mirror
from tests.backend.polling import Polling
from tests.backend.processes import serving

LISTED = 12
RELAY = PEOPLE - 1
ORIGIN = "https://node.example"


@pytest.fixture(scope="session")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listed]:
    with anvil("--accounts", str(PEOPLE)) as chain:
        commune = Commune.founded(chain, LISTED)
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
