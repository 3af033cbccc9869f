"""Offices through the page: given, used, taken back, and filled by a lot that anyone can repeat."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from backend.draws import number_of
from tests.backend.chains import CHAIN_ID
from tests.cli.conftest import Desk, opened
from tests.cli.test_offices import decided, mine
from tests.web.wallet import Wallet

ALICE, BOB, CAROL, DAVE, ERIN = range(1, 6)
# Enough that what opens a vote does not recall at once.
MEMBERS = 7
KEEPER = "Keeper of the minutes\n\nWrites down what we decide."
STEWARD = "Steward of the hall\n\nOpens it, and closes it."
STATEMENT = "I was at every meeting, and write fast."
GROUNDS = "The minutes of *May* are missing."
RESOLUTION = "The minutes are read aloud before we part."
# IRecall.PetitionState
RECALLED = 3


@pytest.fixture(scope="module")
def desk(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    options = ("--no-keep", "--page", str(built))
    with opened(tmp_path_factory.mktemp("web"), MEMBERS, *options, draw__reveal=10) as desk:
        yield desk


def sign_in(page: Page, wallet: Wallet) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("dialog").get_by_role("button", name=wallet.name).click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def become(page: Page, wallet: Wallet, member: int) -> None:
    """Another member's account, chosen in the wallet."""
    wallet.become(wallet.commune.people[member])
    expect(page.get_by_role("banner")).to_contain_text(f"Member {member}")


def section(page: Page, title: str) -> Any:
    return page.get_by_role("region", name=title, exact=True)


def test_members_fill_an_office_and_take_it_back(
    page: Page, wallet: Wallet, desk: Desk, travel: Callable[..., None]
) -> None:
    c = desk.commune
    decided(desk, ["office", "create", KEEPER, "--term", "60", "--may", "constitution.adopt:2"])
    page.goto("/#/offices")
    page.get_by_role("link", name="Keeper of the minutes").click()
    expect(section(page, "What holders may do")).to_contain_text("Adopt a text as a resolution")
    expect(section(page, "Holders")).to_contain_text("Nobody holds it.")
    sign_in(page, wallet)
    page.get_by_role("button", name="Open an election").click()

    # Who has not written why stands all the same; what is written is there for everybody.
    election = section(page, "Election")
    expect(election).to_contain_text("Members stand")
    become(page, wallet, BOB)
    page.get_by_label("Why you stand").fill(STATEMENT)
    page.get_by_role("button", name="Stand", exact=True).click()
    expect(election.get_by_text(STATEMENT)).to_be_visible()
    expect(page.get_by_role("button", name="Withdraw")).to_be_visible()
    travel(7, seconds=1)
    page.get_by_role("button", name="Go on to the vote or the draw").click()
    expect(section(page, "Holders")).to_contain_text("Member 2 (you)")

    # A holder uses the mandate, and it is counted.
    page.get_by_text("Adopt a resolution as a holder").click()
    page.get_by_label("Its text").fill(RESOLUTION)
    page.get_by_role("button", name="Adopt it").click()
    expect(section(page, "What holders did")).to_contain_text("Member 2 (you)")
    expect(section(page, "What holders may do")).to_contain_text("2 times a period; 1 left")
    assert not [method for method, _ in wallet.asked if method == "eth_sendTransaction"]

    become(page, wallet, ALICE)
    recall = section(page, "Recall")
    recall.get_by_text("Petition to recall a holder").click()
    expect(recall.get_by_role("button", name="Open the petition")).to_be_disabled()
    recall.get_by_label("The grounds").fill(GROUNDS)
    recall.get_by_role("button", name="Open the petition").click()
    expect(recall).to_contain_text("1 signature. 3 open a vote, 4 recall at once.")
    expect(recall.locator("em", has_text="May")).to_be_visible()
    sign = recall.get_by_role("button", name="Sign the petition")
    expect(sign).to_be_disabled()
    expect(recall).to_contain_text("You have signed it.")
    become(page, wallet, CAROL)
    sign.click()
    expect(recall).to_contain_text("2 signatures.")
    become(page, wallet, DAVE)
    sign.click()
    expect(recall).to_contain_text("Being voted on")
    expect(recall.get_by_role("link", name="The vote on it")).to_be_visible()
    expect(section(page, "Holders")).to_contain_text("Purses frozen")
    become(page, wallet, ERIN)
    sign.click()
    expect(recall.get_by_text("Recalled", exact=True)).to_be_visible()
    expect(section(page, "Holders")).to_contain_text("was recalled and cannot hold it until")
    assert c.call("recall", "state", 1) == RECALLED
    assert list(c.call("offices", "holdersOf", 1)) == []


def recomputed(page: Page) -> dict[str, str]:
    """What each step of a draw came to, once the device has repeated all of them."""
    page.get_by_role("button", name="Recompute the draw").click()
    expect(page.get_by_text("Nothing differs").or_(page.get_by_text("does not hold"))).to_be_visible()
    steps = page.locator("[data-step]")
    return {
        str(step.get_attribute("data-step")): str(step.get_attribute("data-result")) for step in steps.all()
    }


def test_a_lot_that_is_drawn_is_repeated_and_a_forged_one_is_found(
    page: Page,
    wallet: Wallet,
    desk: Desk,
    travel: Callable[..., None],
    open_context: Callable[..., Any],
) -> None:
    c = desk.commune
    words = ["office", "create", STEWARD, "--term", "60", "--filled-by", "draw-with-reveals"]
    decided(desk, words)
    office = int(c.call("offices", "officeCount"))
    desk.done("election", "open", str(office), who=ALICE)
    page.goto(f"/#/offices/{office}")
    sign_in(page, wallet)
    election = section(page, "Election")
    for member in (BOB, CAROL):
        become(page, wallet, member)
        expect(page.get_by_text("A secret for the draw is kept on this device")).to_be_visible()
        page.get_by_role("button", name="Stand", exact=True).click()
        expect(election.get_by_text(f"Member {member} (you)")).to_be_visible()
    travel(7, seconds=1)
    page.get_by_role("button", name="Go on to the vote or the draw").click()
    election.get_by_role("link", name="See draw").click()

    # Secrets are where they were made; the relay carries none, so that each sends a transaction.
    for member in (BOB, CAROL):
        become(page, wallet, member)
        reveal = page.get_by_role("button", name="Reveal your secret")
        reveal.click()
        expect(reveal).to_be_hidden()
    mine(desk, 20)
    page.get_by_role("button", name="Take the hash of the block").click()
    expect(page.get_by_text("Decided", exact=True)).to_be_visible()
    draw = int(c.call("draws", "drawCount"))
    steps = recomputed(page)
    made = {"text", "pool", "secrets", "target", "chain", "block", "number"}
    assert {name: steps[name] for name in made} == dict.fromkeys(made, "agrees")
    number = c.call("draws", "draw", draw)[-1]
    expect(page.locator("[data-step=number]")).to_contain_text(str(number))
    first = (BOB, CAROL)[c.call("draws", "pick", draw, 2, 1)[0]]
    expect(page.locator("[data-step=order] code")).to_have_text(f"{first}, {CAROL + BOB - first}")
    page.goto(f"/#/offices/{office}")
    page.get_by_role("button", name="Fill the seats").click()
    expect(section(page, "Holders")).to_contain_text(f"Member {first}")
    page.goto(f"/#/draws/{draw}")
    assert recomputed(page)["seated"] == "agrees"

    # A node that says another number, and one that makes up a block so that the number follows from it.
    told = page.request.get(f"/v1/draws/{draw}").json()["data"]
    other = forged(desk, told, b"\x11" * 32)
    for lies, alone, asked in (
        ({"number": str(number + 1)}, {"number"}, {"number", "chain"}),
        (other, set(), {"chain", "block"}),
    ):
        reader = open_context(service_workers="block")
        assert liar(reader, draw, lies) >= alone
        reader = open_context(Wallet(c, c.people[ERIN]), service_workers="block")
        assert liar(reader, draw, lies, signed_in=True) >= asked


def forged(desk: Desk, told: dict[str, Any], block_hash: bytes) -> dict[str, str]:
    """Another block's hash, and the number that would follow from it."""
    address = bytes.fromhex(desk.commune.addresses["draws"][2:])
    pool, mix = (bytes.fromhex(told[name][2:]) for name in ("pool", "mix"))
    number = number_of(CHAIN_ID, address, told["drawId"], pool, block_hash, mix)
    return {"blockHash": f"0x{block_hash.hex()}", "number": str(number)}


def liar(context: Any, draw: int, lies: dict[str, str], *, signed_in: bool = False) -> set[str]:
    """The steps in which a draw differs whose node tells `lies`, as a reader sees it."""

    def lie(route: Route) -> None:
        answer = route.fetch()
        document = json.loads(answer.body())
        document["data"].update(lies)
        route.fulfill(response=answer, json=document)

    context.route(f"**/v1/draws/{draw}", lie)
    page = context.new_page()
    page.goto(f"/#/draws/{draw}")
    if signed_in:
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("dialog").get_by_role("button", name="Test Wallet").click()
        expect(page.get_by_role("banner")).to_contain_text(f"Member {ERIN}")
    return {name for name, result in recomputed(page).items() if result == "differs"}
