"""Members at the page: a commune on a chain, a node that serves the page, Chromium, and a wallet in it.

A test fails for what its page complains about, even where everything on it looks right: errors in the console
(which violations of the Content-Security-Policy are too), exceptions, and any request to another host. What a
test means to provoke it forgives by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.backend.chains import ROOT
from tests.backend.commune import DAY
from tests.cli.conftest import Desk, opened
from tests.web.wallet import Wallet
from tools.browser import launched
from tools.web import PAGE, web

FOUNDERS = 5
KEPT = ROOT / "build/test/web"
PHONE = {"width": 360, "height": 740}
# The machine may be busy with other suites.
PATIENCE = 20_000

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the page, built from what is there now."""
    web()
    return PAGE


# Not longer than a module: while Playwright runs, its event loop does too, and nobody else's can.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = launched(playwright)
        yield running
        running.close()


@pytest.fixture(scope="module")
def desk(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """People 1 to FOUNDERS are its members 1 to FOUNDERS; the others of `desk.commune.people` are none."""
    with opened(tmp_path_factory.mktemp("web"), FOUNDERS, "--page", str(built)) as desk:
        yield desk


@pytest.fixture
def travel(desk: Desk) -> Callable[..., None]:
    """Moves the chain's clock on by so many days (or seconds), and waits until the node has seen it."""

    def go(days: float = 0, *, seconds: int = 0) -> None:
        desk.commune.wait(int(days * DAY) + seconds)
        desk.catch_up()

    return go


@pytest.fixture
def wallet(desk: Desk) -> Wallet:
    """Of person 1; `wallet.become(desk.commune.people[n])` for another's."""
    return Wallet(desk.commune, desk.commune.people[1])


@dataclass
class Faults:
    """What pages complained about, and patterns of what they may."""

    found: list[str] = field(default_factory=list)
    forgiven: list[re.Pattern[str]] = field(default_factory=list)

    def forgive(self, pattern: str) -> None:
        """Complaints in which `pattern` is found do not fail this test."""
        self.forgiven.append(re.compile(pattern))

    @property
    def unforgiven(self) -> list[str]:
        return [fault for fault in self.found if not any(known.search(fault) for known in self.forgiven)]

    def watch(self, context: BrowserContext, hosts: set[str]) -> None:
        """`hosts`, as `127.0.0.1:8000`, are those that may be asked."""
        context.on("console", lambda message: self._console(message.type, message.text, message.location))
        context.on("weberror", lambda error: self.found.append(f"exception: {error.error}"))
        context.on("request", lambda request: self._request(request.url, hosts))

    def _console(self, kind: str, text: str, location: Any) -> None:
        if kind == "error":
            self.found.append(f"console: {text} ({location.get('url', '')})")

    def _request(self, url: str, hosts: set[str]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc not in hosts:
            self.found.append(f"request to another host: {url}")


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def hosts(desk: Desk) -> set[str]:
    """The hosts that a page may ask; a test with a second node adds its own."""
    return {urlsplit(desk.node).netloc}


@pytest.fixture
def open_context(
    request: pytest.FixtureRequest, browser: Browser, desk: Desk, faults: Faults, hosts: set[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers of their own (other people's, or other devices), each with the wallet that it is given.

    `options` are Playwright's of a new context. What a failed test's browsers showed goes to build/test/web.
    """
    contexts: list[BrowserContext] = []

    def make(wallet: Wallet | None = None, **options: Any) -> BrowserContext:
        settings: dict[str, Any] = {"base_url": desk.node, "locale": "en-GB", "reduced_motion": "reduce"}
        context = browser.new_context(**(settings | options))
        context.set_default_timeout(PATIENCE)
        faults.watch(context, hosts)
        if wallet is not None:
            wallet.put_into(context)
        context.tracing.start(snapshots=True, screenshots=False)
        contexts.append(context)
        return context

    yield make
    failed = getattr(request.node, "failed", False) or bool(faults.unforgiven)
    for number, context in enumerate(contexts, 1):
        if failed:
            _keep(context, KEPT / re.sub(r"[^\w.-]+", "_", request.node.name), number)
        context.close()
    assert not faults.unforgiven, "the page complained: " + "; ".join(faults.unforgiven)


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], wallet: Wallet) -> Page:
    """An empty page of a browser with person 1's wallet in it: `page.goto("/#/members")`."""
    made: Page = open_context(wallet).new_page()
    return made


def _keep(context: BrowserContext, folder: Path, number: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for index, page in enumerate(context.pages, 1):
        page.screenshot(path=folder / f"{number}-{index}.png", full_page=True)
    context.tracing.stop(path=folder / f"{number}.zip")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    report = yield
    if report.failed:
        item.failed = True  # type: ignore[attr-defined]
    return report
