"""Home tells what needs a member, and everybody else what the commune is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import astuple
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.backend.commune import DAY, FOOD, FOR, POINT, Commune, Person, text_hash
from tests.backend.consenting import put_to_consent
from tests.backend.working import ACCEPT, Brief, Working
from tests.cli.conftest import Desk
from tests.web.conftest import PHONE
from tests.web.wallet import Wallet

SINK = "Mend the sink\n\nHours: 1\n\nIt drips."
MENDED = "It does not drip any more."
KETTLE = "A new kettle for the hall"


def sign_in(page: Page, wallet: Wallet) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("dialog").get_by_role("button", name=wallet.name).click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def needs(page: Page) -> Locator:
    return page.get_by_role("list", name="What needs you now").get_by_role("listitem")


def propose(c: Commune, author: Person, title: str) -> int:
    award = ("reputation", c.data("reputation", "award", 2, FOOD, POINT, 0, text_hash("care"), 0))
    proposal = c.propose(c.draft(author, award, text=title), author, (c.people[1], c.people[2]), FOOD)
    c.to_voting(proposal)
    return proposal


def hand_in(desk: Desk, text: str) -> None:
    desk.catch_up()
    answer = httpx.put(f"{desk.node}/v1/texts/0x{text_hash(text).hex()}", content=text.encode())
    assert answer.is_success, answer.text


def test_home_tells_a_member_what_needs_them_the_most_urgent_first(
    page: Page, wallet: Wallet, desk: Desk, travel: Callable[..., None]
) -> None:
    c = desk.commune
    p = c.people
    page.goto("/")
    sign_in(page, wallet)
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text("Hello, Member 1")
    expect(main).to_contain_text("Nothing needs you right now")

    c.send(p[1], "delegation", "delegate", FOOD, 2, 3, 50)
    # A vote is followed by the delegations of the second before it opened.
    travel(seconds=60)
    roof = propose(c, p[3], "Mend the roof <before winter>")
    expect(needs(page)).to_have_count(1)
    expect(needs(page).first).to_contain_text(
        "You have not voted on “\u2068Mend the roof <before winter>\u2069”."
    )
    expect(needs(page).first).to_contain_text("closes in 3 days")

    # Whom they delegated to votes; on the last day before the end the member is told what that would mean.
    c.send(p[2], "assembly", "castBallot", roof, FOR, 2)
    travel(seconds=c.call("assembly", "proposalDeadline", roof) - c.now - DAY // 2)
    delegate = needs(page).filter(has_text="your delegate")
    expect(delegate).to_contain_text("Member 2, your delegate, is about to vote For for you in")
    expect(delegate).to_contain_text("vote yourself if you disagree")
    expect(needs(page)).to_have_count(1)

    _, kettle = put_to_consent(c, p[3], KETTLE)
    applied = c.apply(p[7], "I am Seven")
    desk.catch_up()
    expect(needs(page)).to_have_count(3)
    expect(needs(page).nth(0)).to_contain_text("your delegate")
    expect(needs(page).nth(1)).to_contain_text(f"“\u2068{KETTLE}\u2069” passes unless members object")
    expect(needs(page).nth(2)).to_contain_text(f"application {applied} asks to join: vouch if you know them.")
    needs(page).nth(1).get_by_role("link", name="Answer").click()
    expect(page).to_have_url(re.compile(rf"#/consent/{kettle}$"))
    page.go_back()

    # What is done needs nobody any more, without a reload.
    c.send(p[1], "consent", "respond", kettle, 1, bytes(32))
    c.send(p[1], "admission", "vouch", applied)
    expect(needs(page)).to_have_count(1)
    c.send(p[1], "assembly", "castBallot", roof, FOR, 1)
    expect(main).to_contain_text("Nothing needs you right now")
    expect(main.get_by_role("region", name="Lately")).to_contain_text("voted")


def test_home_tells_who_holds_a_seat_and_who_was_drawn_to_review(
    page: Page, wallet: Wallet, desk: Desk, open_context: Callable[..., Any]
) -> None:
    c = desk.commune
    working = Working(c, {n: c.people[n] for n in range(1, 6)})
    brief = Brief(text_hash(SINK), heartbeat=3 * DAY)
    working.vote_for(
        "A plumber for a day", ("assignments", c.data("assignments", "create", [astuple(brief)]))
    )
    sink = working.last
    hand_in(desk, SINK)
    working.volunteer(sink, 1)
    working.select(sink)
    page.goto("/")
    sign_in(page, wallet)
    seat = needs(page).filter(has_text="Mend the sink")
    expect(seat).to_contain_text(
        "Say how your work on “\u2068Mend the sink\u2069” goes, so that your seat stays yours."
    )
    expect(seat).to_contain_text(re.compile("due in [23] days"))
    expect(seat.get_by_role("link", name="To the work")).to_have_attribute("href", f"#/assignments/{sink}")

    review = working.deliver(sink, 1, MENDED)
    working.seat_reviewers(review)
    expect(seat).to_have_count(0)
    drawn = working.reviewers(review)[0]
    other = Wallet(c, c.people[drawn])
    phone = open_context(other, viewport=PHONE).new_page()
    phone.goto("/")
    sign_in(phone, other)
    asked = needs(phone).filter(has_text=f"You were drawn to review somebody's work (review {review}).")
    expect(asked).to_be_visible()
    asked.get_by_role("link", name="Review").click()
    expect(phone).to_have_url(re.compile(rf"#/reviews/{review}$"))
    phone.go_back()
    working.judge(review, drawn, ACCEPT, 90, "Dry.")
    expect(asked).to_have_count(0)


def test_home_tells_a_visitor_what_the_commune_is_and_an_applicant_how_far_they_are(
    page: Page, wallet: Wallet, desk: Desk
) -> None:
    c = desk.commune
    oven = propose(c, c.people[2], "A bigger oven")
    desk.catch_up()
    page.goto("/")
    main = page.get_by_role("main")
    commune = httpx.get(f"{desk.node}/v1/commune").json()["data"]
    figures = main.get_by_role("region", name="The commune")
    expect(figures).to_contain_text(f"Active members{commune['members']['active']}")
    expect(figures).to_contain_text(f"{commune['season']['season']}, the next one begins in")
    deciding = main.get_by_role("region", name="Being decided now").get_by_role("link", name="A bigger oven")
    expect(deciding).to_have_attribute("href", f"#/proposals/{oven}")
    expect(main).to_contain_text("sign in as one of the demo's members")

    wallet.become(c.people[9])
    sign_in(page, wallet)
    expect(main).to_contain_text("You are signed in with an account that belongs to no member.")
    applied = c.apply(c.people[9], "I am Nine")
    expect(main).to_contain_text("0 members have vouched for you so far.")
    c.send(c.people[3], "admission", "vouch", applied)
    expect(main).to_contain_text("1 member has vouched for you so far.")
    c.send(c.people[4], "admission", "vouch", applied)
    expect(main).to_contain_text("Enough members have vouched for you.")
