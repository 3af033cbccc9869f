"""Delegating through the page, seeing where that leads, and taking it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.backend.commune import FOOD
from tests.web.wallet import Wallet


@pytest.fixture
def visit(open_context, desk):
    """A page of a browser of its own at #/delegation, where person `number` is signed in."""

    def open_page(number: int, path: str = "/#/delegation", **options):
        page = open_context(Wallet(desk.commune, desk.commune.people[number]), **options).new_page()
        page.goto(path)
        page.get_by_role("button", name="Sign in").first.click()
        page.get_by_role("button", name="Test Wallet").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        return page

    return open_page


def see(page, *texts):
    for text in texts:
        expect(page.get_by_role("main")).to_contain_text(text)


def delegate(page, topic: str, to: int):
    """Up to the button that signs, which is returned."""
    page.get_by_role("button", name=re.compile(f"(Delegate|Change who decides) on {topic}")).click()
    dialog = page.get_by_role("dialog")
    if dialog.get_by_role("searchbox").count() == 0:
        dialog.get_by_role("button", name="Change").click()
    dialog.get_by_role("searchbox", name="To whom").fill(str(to))
    dialog.get_by_role("button", name=f"Member {to}", exact=True).click()
    return dialog.get_by_role("button", name="Delegate", exact=True)


def close(page):
    page.get_by_role("dialog").get_by_role("button", name="Close").click()


def test_a_member_delegates_within_caps_sees_who_would_decide_and_takes_it_back(visit, desk):
    member = visit(1, viewport={"width": 360, "height": 740})
    see(member, "Nobody: where you do not vote, you have no ballot", "Nobody delegates here")
    sign = delegate(member, "food", 2)
    dialog = member.get_by_role("dialog")
    dialog.get_by_label("Votes at most").fill("32")
    expect(dialog).to_contain_text("A whole number from 1 to 31.")
    expect(sign).to_be_disabled()
    dialog.get_by_label("Votes at most").fill("3")
    expect(dialog).to_contain_text("3 votes on one thing cost 8 voice credits")
    dialog.get_by_label("Credits a season at most").fill("20")
    expect(dialog).to_contain_text("Enough for 2 ballots with 3 votes")
    sign.click()
    expect(dialog.locator("[data-outcome=included]")).to_be_visible()
    close(member)
    see(member, "If you do not vote: Member 2", "3 votes at most · 0 of 20 voice credits")
    assert member.evaluate("document.documentElement.scrollWidth") == 360

    desk.commune.send(desk.commune.people[2], "delegation", "delegate", FOOD, 3, 2, 30)
    see(member, "Member 2, then Member 3")
    named = visit(3)
    see(
        named,
        "Who delegates to me",
        "You would speak with 3 voices, your own included: 60% of all that are heard",
    )
    see(named, "2 of 5 members delegate", "Member 3 (you)", "3 voices (60%)")

    member.get_by_role("button", name="Take back").click()
    expect(member.get_by_role("button", name="Take back")).to_have_count(0)
    see(named, "You would speak with 2 voices")
    assert desk.done("delegations", "show", "1")["given"] == []


def test_a_circle_is_told_beforehand_and_shown(visit, desk):
    people = desk.commune.people
    for member, to in ((1, 2), (2, 3), (4, 1)):
        desk.commune.send(people[member], "delegation", "delegate", FOOD, to, 2, 30)
    desk.catch_up()
    page = visit(3)
    sign = delegate(page, "food", 1)
    expect(page.get_by_role("dialog")).to_contain_text("Member 1's own delegation leads back to you")
    sign.click()
    expect(page.get_by_role("dialog").locator("[data-outcome=included]")).to_be_visible()
    close(page)
    see(page, "This leads in a circle", "4 voices lead nowhere")

    graph = page.get_by_role("group", name="The picture")
    lost = graph.get_by_role("button", name="Member 3, delegates to Member 1, which leads nowhere.")
    expect(lost).to_be_visible()
    expect(graph.get_by_role("button")).to_have_count(4)
    assert graph.locator("[tabindex='0']").count() == 1
    lost.focus()
    chosen = graph.locator("[aria-pressed=true]")

    def press(key: str) -> str:
        page.keyboard.press(key)
        expect(chosen).to_be_focused()
        return chosen.get_attribute("data-id")

    assert [press("ArrowRight"), press("ArrowRight"), press("ArrowLeft")] == ["1", "2", "1"]
    assert {press("ArrowLeft"), press("ArrowDown")} == {"3", "4"}
    assert press("ArrowRight") == "1"
    see(page, "Named by", "Member 4")
    page.get_by_text("As a table").click()
    row = page.get_by_role("table").get_by_role("row").filter(has_text="Member 4")
    expect(row).to_contain_text("nobody: a circle")


def test_ones_own_page_offers_to_delegate_to_its_member(visit):
    page = visit(5, "/#/members/2")
    page.get_by_role("link", name="Delegate to them").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Member 2")
    dialog.get_by_label("Topic").select_option("food")
    expect(dialog).to_contain_text("If Member 2 does not vote either, it goes on to: Member 3")
    close(page)
    expect(dialog).to_have_count(0)
