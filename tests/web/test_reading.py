"""What is read in the page is what the node says, and what another node says beside it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from backend.cli.places import COMMUNE
from backend.node import Settings
from backend.project.activity import KINDS
from tests.backend.chains import ROOT, free_port
from tests.backend.commune import ETH, FOOD, GENERAL, POINT, text_hash
from tests.backend.drawing import decide
from tests.backend.processes import wait_until
from tests.cli.conftest import Desk
from tests.web.test_offline import GONE, Node

ETHER = 10**18
FLOUR = "Flour for a month"


@pytest.fixture
def second(desk: Desk, built: Path, tmp_path: Path, hosts: set[str]) -> Iterator[Node]:
    """Another node of the commune, which read the chain by itself."""
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
    hosts.add(urlsplit(node.url).netloc)
    node.start()
    yield node
    node.stop()


def rows_of(table: Locator) -> list[list[Locator]]:
    return [row.locator("td").all() for row in table.locator("tbody tr").all()]


def score_at(desk: Desk, member: int, topic: int | None, at: int) -> str:
    """Micro-points, as the node has them."""
    query = {"at": at} if topic is None else {"at": at, "topic": topic}
    data = httpx.get(f"{desk.node}/v1/members/{member}/reputation", params=query).json()["data"]
    return str(data["total"] if topic is None else next((t["score"] for t in data["topics"]), "0"))


def test_the_chart_of_reputation_has_the_nodes_figures_to_the_last_micro_point(
    page: Page, desk: Desk, travel: Callable[..., None], faults: Any
) -> None:
    # The node has no text for what these awards are evidenced by.
    faults.forgive(r"/v1/texts/")
    c = desk.commune
    started = c.now
    for days, topic, points in ((11, FOOD, 30), (23, GENERAL, 7), (40, FOOD, 12)):
        travel(days)
        decide(c, "reputation", "award", 3, topic, points * POINT, 0, text_hash(f"{points}"), 0)
    travel(5, seconds=1234)
    page.goto("/#/reputation/3")
    main = page.get_by_role("main")
    total = int(score_at(desk, 3, None, c.now))
    expect(main.get_by_role("region", name="Now", exact=True)).to_contain_text(
        f"{total // 100_000 / 10:g} points"
    )
    over = main.get_by_role("region", name="Over time", exact=True)
    expect(over.get_by_role("img")).to_have_attribute("aria-label", re.compile("All topics, food, general"))
    over.get_by_text("As a table").click()
    table = over.get_by_role("table")
    expect(table.locator("thead")).to_have_text("WhenAll topicsfoodgeneral")
    expected: dict[int, list[str]] = {}
    for cells in rows_of(table):
        shown = cells[0].locator("time").get_attribute("datetime")
        assert shown is not None
        at = int(datetime.fromisoformat(shown).timestamp())
        figures = [str(cell.locator("data").get_attribute("value")) for cell in cells[1:]]
        if at > c.now:
            expected[at] = figures
            assert "if nothing is added" in cells[0].inner_text()
        else:
            assert at > started
            assert figures == [score_at(desk, 3, topic, at) for topic in (None, FOOD, GENERAL)]
    # What is told of the future comes true where nothing is added.
    later = sorted(expected)
    assert len(later) == 4
    c.wait_until(later[1] - 1)
    desk.catch_up()
    for at in later[:2]:
        assert expected[at] == [score_at(desk, 3, topic, at) for topic in (None, FOOD, GENERAL)]

    why = main.get_by_role("region", name="Why", exact=True).get_by_role("listitem")
    expect(why).to_have_count(3)
    expect(why.first).to_contain_text("+12")
    expect(why.first).to_contain_text("The members decided it.")
    why.first.get_by_text("Where it comes from").click()
    why.first.get_by_role("link", name="The record").click()
    record = main.get_by_role("region", name=re.compile(r"Record \d+-\d+"))
    expect(record).to_contain_text("Reputation.Awarded")
    expect(record).to_contain_text(f"amount{12 * POINT}")


def test_the_commons_add_up(page: Page, desk: Desk, travel: Callable[..., None]) -> None:
    c = desk.commune
    given = {"from": c.people[8].address, "to": c.addresses["commons"], "value": hex(2 * ETHER)}
    c.chain.receipt(c.chain.rpc("eth_sendTransaction", given))
    decide(c, "commons", "pay", ETH, c.people[9].address, ETHER // 4, text_hash(FLOUR))
    decide(
        c, "commons", "openPurse", c.addresses["offices"], 1, ETH, ETHER // 10, text_hash("For the kitchen")
    )
    desk.catch_up()
    httpx.put(f"{desk.node}/v1/texts/0x{text_hash(FLOUR).hex()}", content=FLOUR.encode())
    page.goto("/#/commons")
    main = page.get_by_role("main")
    expect(main.get_by_role("region", name="ETH", exact=True)).to_contain_text("1.75 ETH")
    flow = main.get_by_role("region", name="In and out")
    expect(flow.get_by_role("img")).to_have_attribute("aria-label", re.compile("2 ETH.*By decision 0.25 ETH"))
    flow.get_by_text("As a table").click()
    shown = [[cell.inner_text() for cell in row] for row in rows_of(flow.get_by_role("table"))]
    account = c.people[8].address.lower()
    assert shown == [
        ["in", f"{account[:6]}…{account[-4:]}", "2 ETH"],
        ["out", "By decision", "0.25 ETH"],
        ["out", "Still there", "1.75 ETH"],
    ]
    ledger = main.get_by_role("region", name="Ledger", exact=True).get_by_role("listitem")
    expect(ledger).to_have_count(2)
    expect(ledger.first).to_contain_text(FLOUR)
    expect(ledger.first).to_contain_text("\u22120.25 ETH")
    purse = main.get_by_role("region", name="Purses").get_by_role("listitem")
    expect(purse).to_contain_text("Up to 0.1 ETH in a period.")
    expect(purse).to_contain_text("0.1 ETH left in this period.")


def test_records_show_what_happens_and_what_the_chain_takes_back(
    page: Page, desk: Desk, faults: Any, hosts: set[str], second: Node
) -> None:
    c = desk.commune
    hosts.add(urlsplit(c.chain.url).netloc)
    page.goto("/#/records")
    main = page.get_by_role("main")
    records = main.get_by_role("article")
    expect(records.first).to_be_visible()
    applied = c.apply(c.people[10], "I am Ten")
    c.send(c.people[2], "admission", "vouch", applied)
    desk.catch_up()
    vouch = records.first
    expect(vouch).to_contain_text(f"Vouch member 2 vouched in application {applied}")
    expect(main).to_contain_text("2 are new since you came.")

    # A link names one event, and others can be asked whether it is so.
    vouch.get_by_role("link", name=re.compile("Link to record")).click()
    record = main.get_by_role("region", name=re.compile(r"^Record \d"))
    expect(record).to_contain_text("Admission.Vouched")
    event = f"{c.chain.head}-0"
    expect(page).to_have_url(re.compile(rf"#/records\?event={event}$"))
    for source, address in (
        ("the chain, at an address", c.chain.url),
        ("another node", second.url),
    ):
        record.get_by_role("button", name="Check against another source").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Ask").select_option(source)
        dialog.get_by_label("Address").fill(address)
        dialog.get_by_role("button", name="Check", exact=True).click()
        expect(dialog).to_contain_text("Both say the same")
        expect(dialog).to_contain_text(re.compile(r"[6-9] figures were compared"))
        dialog.get_by_role("button", name="Close").click()

    # By contract, by kind, by member.
    main.get_by_label("As the contracts said it").check()
    main.get_by_label("Contract", exact=True).select_option("Admission")
    expect(records.first).to_contain_text("Admission.Vouched")
    assert all("Admission." in text for text in records.all_inner_texts())
    page.goto("/#/records?kind=Vouched&memberId=2")
    expect(records).to_have_count(1)
    page.goto("/#/records?kind=Vouched&memberId=3")
    expect(main).to_contain_text("There is no such record.")

    # The block of the vouch never was.
    page.goto(f"/#/records?event={event}")
    expect(record).to_contain_text("Admission.Vouched")
    expect(records.first).to_contain_text("Vouch")
    c.chain.rpc("anvil_reorg", 1, [])
    expect(main).to_contain_text("The chain took back 1 block")
    expect(records.first).to_contain_text("Somebody applied")
    expect(record).to_contain_text("The node knows no such event.")


def test_two_nodes_are_compared_table_by_table_and_the_row_that_differs_is_named(
    page: Page, desk: Desk, second: Node, faults: Any
) -> None:
    page.goto("/#/node")
    main = page.get_by_role("main")
    expect(main.get_by_role("region", name="Health")).to_contain_text("Up to date")
    parameters = main.get_by_role("region", name="The constitution's numbers")
    parameters.get_by_label("Find a number").fill("How long voting lasts")
    expect(parameters).to_contain_text("4 numbers")
    ordinary = parameters.get_by_role("row").filter(has_text="ordinary.voting")
    expect(ordinary).to_contain_text("4 days")
    expect(ordinary).to_contain_text("9 days")

    compare = main.get_by_role("region", name="Compare with another node")
    address, button = (
        compare.get_by_label("The other node's address"),
        compare.get_by_role("button", name="Compare"),
    )
    address.fill(desk.node)
    expect(compare).to_contain_text("That is this very node.")
    expect(button).to_be_disabled()
    address.fill(second.url)
    button.click()
    expect(compare).to_contain_text(
        re.compile(r"Both nodes hold the same at block \d+: all \d+ tables are equal")
    )

    with sqlite3.connect(second.settings.database) as database:
        database.execute("UPDATE members SET status = 'Expelled' WHERE member_id = 4")
    button.click()
    expect(compare).to_contain_text(
        re.compile(r"The nodes do not hold the same at block \d+. What differs: members")
    )
    expect(compare.locator("dd").nth(0)).to_contain_text('"status":"Active"')
    expect(compare.locator("dd").nth(1)).to_contain_text('"status":"Expelled"')
    for shown in compare.locator("dd").all_inner_texts():
        assert '"memberId":4' in shown

    faults.forgive(GONE)
    second.stop()
    button.click()
    expect(compare).to_contain_text(f"{second.url} cannot be reached.")


def test_what_was_read_stays_and_is_called_old_while_the_node_is_down(
    open_context: Callable[..., Any], second: Node, faults: Any
) -> None:
    page = open_context(base_url=second.url).new_page()
    page.goto("/#/commons")
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", name="Purses")).to_be_visible()
    kept = "async () => [...(await (await caches.open('readings')).keys())].map((request) => request.url)"
    wait_until(lambda: any("/v1/purses" in url for url in page.evaluate(kept)), seconds=30)
    page.goto("/")
    expect(main.get_by_role("region", name="The commune")).to_contain_text("Active members")
    faults.forgive(GONE)
    second.stop()
    expect(main).to_contain_text("The node cannot be reached. You see what this device last read")
    expect(main.get_by_role("region", name="The commune")).to_contain_text("Active members")
    page.goto("/#/commons")
    page.reload()
    expect(main).to_contain_text(re.compile(r"From this device, as of block \d+"))
    expect(main.get_by_role("heading", name="Purses")).to_be_visible()


def test_every_kind_of_activity_can_be_chosen() -> None:
    source = (ROOT / "web/src/places/records/kinds.ts").read_text()
    listed = re.search(r"`([^`]*)`", source)
    assert listed is not None
    assert tuple(listed[1].split()) == KINDS
