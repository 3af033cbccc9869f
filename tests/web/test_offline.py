"""A device whose node is gone: the page opens, shows what it last read as just that, and then recovers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backend.cli.places import COMMUNE
from backend.node import Settings
from tests.backend.chains import free_port
from tests.backend.processes import serving
from tests.cli.conftest import Desk

KEPT = """async () => {
    const cache = await caches.open("readings");
    return (await cache.keys()).map((request) => new URL(request.url).pathname);
}"""
# What a browser says of a node that is gone.
GONE = r"ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_FAILED|ERR_EMPTY_RESPONSE"


@dataclass
class Node:
    """A second node of the commune, which comes and goes."""

    settings: Settings
    running: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def start(self) -> None:
        self.running.enter_context(serving(self.settings))

    def stop(self) -> None:
        self.running.close()


@pytest.fixture
def node(desk: Desk, built: Path, tmp_path: Path, hosts: set[str]) -> Iterator[Node]:
    settings = Settings(
        desk.commune.chain.url,
        desk.deployment,
        tmp_path / "node.sqlite",
        application=COMMUNE,
        port=free_port(),
        poll=0.1,
        page=built,
    )
    node = Node(settings)
    hosts.add(f"127.0.0.1:{settings.port}")
    node.start()
    yield node
    node.stop()


@pytest.fixture
def kept(node: Node, open_context: Callable[..., object]) -> Page:
    """A page that has shown the members once, on a device that kept them."""
    page: Page = open_context(base_url=node.url).new_page()
    page.goto("/#/members")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"\d members"))
    page.wait_for_function(
        f"async () => navigator.serviceWorker.controller && (await ({KEPT})()).includes('/v1/members')"
    )
    return page


def test_the_page_opens_and_shows_what_it_last_read_while_no_node_is_there(kept, node, faults):
    faults.forgive(GONE)
    node.stop()
    kept.reload()
    expect(kept.get_by_role("main")).to_contain_text(re.compile(r"\d members"))
    expect(kept.get_by_role("main")).to_contain_text(re.compile(r"From this device, as of block \d+"))
    expect(kept.get_by_text("The node cannot be reached", exact=False).first).to_be_visible()


def test_a_place_that_was_never_opened_opens_without_a_node(kept, node, faults):
    faults.forgive(GONE)
    node.stop()
    kept.goto("/#/settings")
    expect(kept.get_by_role("heading", level=1)).to_contain_text("Settings")


def test_news_replace_what_was_kept_as_soon_as_the_node_is_back(kept, node, desk, faults):
    faults.forgive(GONE)
    node.stop()
    kept.reload()
    expect(kept.get_by_text(re.compile("From this device"))).to_be_visible()
    desk.commune.join(desk.commune.people[6], desk.commune.people[1:3])
    node.start()
    expect(kept.get_by_role("main")).to_contain_text("6 members")
    expect(kept.get_by_text(re.compile("From this device"))).to_have_count(0)


def test_only_public_readings_are_kept(kept, faults):
    faults.forgive(r"status of 40[14]")
    kept.evaluate(
        """async () => {
            await fetch("/v1/session", { headers: { authorization: "Bearer x" } });
            await fetch("/v1/members/1", { headers: { authorization: "Bearer x" } });
            await fetch("/v1/relay");
            await fetch("/v1/members/999");
            await fetch("/health");
            await fetch("/v1/members/2");
        }"""
    )
    kept.wait_for_function(f"async () => (await ({KEPT})()).includes('/v1/members/2')")
    paths = kept.evaluate(KEPT)
    assert [path for path in paths if not path.startswith("/v1/")] == []
    assert not {"/v1/session", "/v1/members/1", "/v1/relay", "/v1/members/999", "/v1/stream"} & set(paths)
