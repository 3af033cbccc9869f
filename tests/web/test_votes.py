"""Voting through the page: by relay, by transaction, in secret, and when it is over."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests.backend.commune import AGAINST, FOOD, FOR, POINT, Person, text_hash
from tests.backend.polling import OVEN, Polling, ballot
from tests.web.conftest import PHONE
from tests.web.wallet import Wallet

WHY = "Greens wilt between *Thursday* and Saturday."


def sign_in(page: Page, wallet: Wallet) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("dialog").get_by_role("button", name=wallet.name).click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def proposed(desk: Any, author: Person, text: str = "A cold store") -> int:
    """A proposal of the author's that members vote on."""
    c = desk.commune
    award = ("reputation", c.data("reputation", "award", 2, FOOD, POINT, 0, text_hash("care"), 0))
    draft = c.draft(author, award, text=f"{text}\n\ntext:0x{text_hash(WHY).hex()}")
    proposal: int = c.propose(draft, author, (c.people[1], c.people[2]), FOOD)
    c.to_voting(proposal)
    hand_in(desk, "care", WHY)
    return proposal


def hand_in(desk: Any, *texts: str) -> None:
    """Gives the node texts whose hashes are on the chain."""
    desk.catch_up()
    for text in texts:
        answer = httpx.put(f"{desk.node}/v1/texts/0x{text_hash(text).hex()}", content=text.encode())
        assert answer.is_success, answer.text


def slide(page: Page, votes: int, label: str = "How strongly") -> None:
    page.get_by_label(label).fill(str(votes))


def test_members_vote_by_relay_by_transaction_and_from_a_phone(
    page: Page, wallet: Wallet, desk: Any, open_context: Callable[..., Any], travel: Callable[..., None]
) -> None:
    c = desk.commune
    proposal = proposed(desk, c.people[4])
    page.goto("/#/proposals")
    page.get_by_role("link", name="A cold store").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A cold store")

    # What it would cost is in sight before anybody signs in, and in words for who cannot see the square.
    page.get_by_role("radio", name="For", exact=True).check()
    slide(page, 3)
    slider = page.get_by_label("How strongly")
    expect(slider).to_have_attribute("aria-valuetext", "3 votes cost 8 credits")
    sign_in(page, wallet)
    expect(slider).to_have_attribute("aria-valuetext", "3 votes cost 8 credits, 92 remain")
    expect(page.get_by_text("A ballot is final")).to_be_visible()

    # Without gas: signed as a ballot that a wallet can show, carried by the relay.
    page.get_by_role("button", name="Cast: For, 3 votes").click()
    expect(page.locator("[data-ballot=For]")).to_contain_text("With 3 votes for 8 voice credits")
    (signed,) = wallet.signed()
    assert signed["primaryType"] == "MemberBallot"
    assert signed["message"] == {"proposalId": str(proposal), "memberId": 1, "support": FOR, "votes": 3}
    assert not [method for method, _ in wallet.asked if method == "eth_sendTransaction"]
    assert c.call("assembly", "ballotOf", proposal, 1)[:4] == (True, FOR, 3, False)
    expect(page.get_by_text("You voted: For")).to_be_visible()

    # By a transaction of one's own, on a phone and by the keyboard alone.
    other = Wallet(c, c.people[3])
    phone = open_context(other, viewport=PHONE, has_touch=True).new_page()
    phone.goto(f"/#/proposals/{proposal}")
    sign_in(phone, other)
    phone.get_by_role("radio", name="Against").focus()
    phone.keyboard.press("Space")
    phone.get_by_label("How strongly").focus()
    phone.keyboard.press("ArrowRight")
    expect(phone.get_by_label("How strongly")).to_have_value("2")
    phone.get_by_text("Other ways").click()
    phone.get_by_role("button", name="Send it as a transaction of your own").click()
    expect(phone.locator("[data-ballot=Against]")).to_contain_text("With 2 votes for 3 voice credits")
    assert [method for method, _ in other.asked if method == "eth_sendTransaction"]
    assert c.call("assembly", "ballotOf", proposal, 3)[:4] == (True, AGAINST, 2, False)
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]

    # Both pages have the tally, and the chain agrees with it when it is asked.
    expect(page.locator(".bar .figure", has_text="60%")).to_be_visible()
    page.get_by_role("button", name="Check against another source").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Ask").select_option("wallet")
    dialog.get_by_role("button", name="Check", exact=True).click()
    expect(dialog).to_contain_text("Both say the same")
    dialog.get_by_role("button", name="Close").click()

    # Whoever was no member when it was proposed is told so; nobody can vote twice.
    wallet.become(c.people[9])
    expect(page.get_by_text("Only members can do this.")).to_be_visible()
    wallet.become(c.people[1])
    expect(page.locator("[data-ballot=For]")).to_be_visible()


def test_a_vote_that_closes_while_the_slider_moves_loses_nothing(
    page: Page, wallet: Wallet, desk: Any, travel: Callable[..., None]
) -> None:
    c = desk.commune
    proposal = proposed(desk, c.people[5], "A second freezer")
    page.goto(f"/#/proposals/{proposal}")
    sign_in(page, wallet)
    page.get_by_role("radio", name="Abstain").check()
    slide(page, 2)
    c.wait_until(int(c.call("assembly", "proposalDeadline", proposal)) + 1)
    desk.catch_up()
    expect(page.get_by_text(re.compile("Voting ended on .* Nothing was sent")).first).to_be_visible()
    expect(page.get_by_role("button", name="Cast: Abstain, 2 votes")).to_be_disabled()
    expect(page.get_by_role("radio", name="Abstain")).to_be_checked()
    expect(page.get_by_label("How strongly")).to_have_value("2")
    assert wallet.signed() == []


def test_polls_are_voted_on_by_name_and_in_secret(
    page: Page, wallet: Wallet, desk: Any, open_context: Callable[..., Any], travel: Callable[..., None]
) -> None:
    c = desk.commune
    polls = Polling(c)
    assert (polls, OVEN, ballot, FOOD, travel, open_context, wallet, page)
