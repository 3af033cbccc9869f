"""axe-core finds nothing in anybody's way, on any place of the page, in a commune where all has happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from backend.cli.places import COMMUNE
from backend.node import Settings
from tests.backend.chains import anvil, free_port
from tests.backend.commune import PEOPLE, Commune
from tests.backend.life import FOUNDERS, SMALL, live
from tests.backend.processes import serving, wait_until
from tests.cli.conftest import Desk
from tests.web.conftest import PHONE, Faults
from tests.web.wallet import Wallet
from tools.axe import violations
from tools.tour import go, routes, tour

DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def desk(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The commune of `tests.backend.life`, two years old."""
    folder = tmp_path_factory.mktemp("lived")
    with anvil("--accounts", str(PEOPLE)) as chain:
        commune = Commune.founded(chain, FOUNDERS, **SMALL)
        live(commune, lambda happened: None)
        deployment = folder / "deployment.json"
        deployment.write_text(json.dumps(commune.record))
        settings = Settings(
            chain.url,
            deployment,
            folder / "node.sqlite",
            application=COMMUNE,
            port=free_port(),
            poll=0.1,
            page=built,
        )
        with serving(settings) as client:
            wait_until(lambda: client.get("/v1/node").json()["block"]["number"] >= chain.head)
            yield Desk(commune, f"http://127.0.0.1:{settings.port}", deployment, settings.database)


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")], ids=["phone, light", "desktop, dark"]
)
def test_no_place_stands_in_anybodys_way(
    desk: Desk,
    open_context: Callable[..., BrowserContext],
    wallet: Wallet,
    faults: Faults,
    viewport: dict[str, int],
    scheme: str,
) -> None:
    # What the members wrote was handed to no node.
    faults.forgive("status of 404")
    page = open_context(wallet, viewport=viewport, color_scheme=scheme, service_workers="block").new_page()
    page.goto("/")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("dialog").get_by_role("button", name=wallet.name).click()
    places = tour(desk.node)
    assert len(places) > len(routes()) / 2
    found = []
    for pattern, address in places.items():
        go(page, address)
        found += [f"{pattern}: {violation}" for violation in violations(page)]
    assert found == []
