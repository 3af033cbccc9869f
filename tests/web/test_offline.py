"""A device whose node is gone: the page opens, shows what it last read as just that, and then recovers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from backend.cli.places import COMMUNE
from backend.node import Settings
from backend.relay import RelaySettings
from tests.backend.chains import free_port
from tests.backend.commune import FOR, GENERAL, POINT, text_hash
from tests.backend.processes import serving, wait_until
from tests.cli.conftest import RELAYER, Desk
from tests.web.wallet import Wallet

# Whose account pays for what this node relays; the other node's pays for its own.
PAYER = RELAYER - 1

KEPT = """async () => {
    const cache = await caches.open("readings");
    return (await cache.keys()).map((request) => new URL(request.url).pathname);
}"""
ALL_KEPT = r"""async () => {
    const kept = new Set();
    for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys()) kept.add(request.url);
    const read = performance.getEntriesByType("resource").filter((entry) =>
        entry.initiatorType === "fetch" && entry.responseStatus === 200 &&
        /\/v1\/(?!session|stream|relay|keeper)/.test(entry.name));
    const settings = [...kept].some((url) => url.includes("/assets/settings-"));
    return navigator.serviceWorker.controller !== null && settings && read.length > 0 &&
        read.every((entry) => kept.has(entry.name));
}"""
# What a browser says of a node that is gone.
GONE = r"ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_FAILED|ERR_EMPTY_RESPONSE"


@dataclass
class Node:
    """A second node of the commune, which comes and goes."""

    settings: Settings
    running: ExitStack = field(default_factory=ExitStack)
    is_there: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def start(self) -> None:
        if not self.is_there:
            self.running.enter_context(serving(self.settings))
        self.is_there = True

    def stop(self) -> None:
        self.running.close()
        self.is_there = False


@pytest.fixture(scope="module")
def node(desk: Desk, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    settings = Settings(
        desk.commune.chain.url,
        desk.deployment,
        tmp_path_factory.mktemp("node") / "node.sqlite",
        application=COMMUNE,
        port=free_port(),
        poll=0.1,
        page=built,
        relay=RelaySettings(test_key=PAYER, poll=0.1, secret_interval=0),
    )
    node = Node(settings)
    yield node
    node.stop()


@pytest.fixture
def device(node: Node, open_context: Callable[..., BrowserContext], wallet: Wallet, hosts: set[str]) -> Page:
    """A page of the node, which is there, on a device of its own."""
    hosts.add(f"127.0.0.1:{node.settings.port}")
    node.start()
    return open_context(wallet, base_url=node.url).new_page()


def keep(page: Page) -> None:
    """Waits until the device has kept the page and all that it has read."""
    wait_until(lambda: page.evaluate(ALL_KEPT))


@pytest.fixture
def kept(device: Page) -> Page:
    """A page that has shown the members once, on a device that kept them."""
    device.goto("/#/members")
    expect(device.get_by_role("main")).to_contain_text(re.compile(r"\d members"))
    keep(device)
    return device


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
    wait_until(lambda: "/v1/members/2" in kept.evaluate(KEPT))
    paths = kept.evaluate(KEPT)
    assert [path for path in paths if not path.startswith("/v1/")] == []
    assert not {"/v1/session", "/v1/members/1", "/v1/relay", "/v1/members/999", "/v1/stream"} & set(paths)


def test_a_ballot_signed_without_a_node_outlives_the_page_and_is_cast_when_one_is_back(
    device, node, desk, wallet, faults
):
    c = desk.commune
    award = ("reputation", c.data("reputation", "award", 2, GENERAL, POINT, 0, text_hash("care"), 3))
    proposal = c.propose(
        c.draft(c.people[5], award, text="For care"), c.people[5], (c.people[1], c.people[2])
    )
    c.to_voting(proposal)
    # What the members wrote is on the other node alone.
    faults.forgive("status of 404")
    device.goto("/#/proposals")
    device.get_by_role("button", name="Sign in").click()
    device.get_by_role("dialog").get_by_role("button", name=wallet.name).click()
    device.get_by_role("link", name="For care").click()
    expect(device.get_by_role("radio", name="For", exact=True)).to_be_visible()
    keep(device)

    faults.forgive(GONE)
    node.stop()
    device.get_by_role("radio", name="For", exact=True).check()
    device.get_by_role("button", name="Cast: For").click()
    expect(device.locator("[data-outcome=queued]")).to_contain_text("as soon as the node can be reached")
    assert len(wallet.signed()) == 1
    device.close()

    reopened = device.context.new_page()
    reopened.goto(f"/#/proposals/{proposal}")
    expect(reopened.get_by_role("heading", level=1)).to_have_text("For care")
    reopened.get_by_role("button", name="What you signed").click()
    expect(reopened.locator("#tray-list")).to_contain_text("Waits for the node")
    node.start()
    expect(reopened.locator("#tray-list")).to_contain_text("Done, for good", timeout=60_000)
    assert c.call("assembly", "ballotOf", proposal, 1)[:2] == (True, FOR)
    assert len(wallet.signed()) == 1
