"""Voting through the page: by relay, by transaction, in secret, and when it is over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Request, expect

from tests.backend.commune import AGAINST, DAY, FOOD, FOR, POINT, Person, text_hash
from tests.backend.consenting import ACKNOWLEDGE, BLOCK, DOUBTS, KETTLE, put_to_consent
from tests.backend.polling import OVEN, Polling, ballot, identity
from tests.cli.conftest import Desk, opened
from tests.web.conftest import FOUNDERS, PHONE
from tests.web.wallet import Wallet

PASSWORD = "four words, well remembered"
WHY = "Greens wilt between *Thursday* and Saturday."


@pytest.fixture(scope="module")
def desk(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Everybody has an identity in the group."""
    folder = tmp_path_factory.mktemp("votes")
    with opened(folder, FOUNDERS, "--page", str(built), polls__minListed=4) as desk:
        for who in range(1, FOUNDERS + 1):
            Polling(desk.commune).register(desk.commune.people[who], who)
        yield desk


def sign_in(page: Page, wallet: Wallet) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("dialog").get_by_role("button", name=wallet.name).click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def proposed(desk: Any, author: Person, text: str = "A cold store") -> int:
    """A proposal of the author's that members vote on, once an earlier one of theirs is over."""
    c = desk.commune
    if live := c.call("assembly", "liveProposalOf", c.member_id(author)):
        c.wait_until(int(c.call("assembly", "followEnd", live)) + 1)
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
    page: Page, wallet: Wallet, desk: Any, travel: Callable[..., None]
) -> None:
    c = desk.commune
    polling = Polling(c)
    open_poll, secret_poll = polling.open(), polling.open(secret=True, hidden=True)
    hand_in(desk, OVEN)

    # By name: votes are spread, the sum of their squares is paid from the season's credits.
    page.goto(f"/#/polls/{open_poll}")
    sign_in(page, wallet)
    expect(page.get_by_role("heading", level=1)).to_have_text("What shall we buy?")
    page.get_by_role("slider", name="A bread oven").fill("10")
    page.get_by_role("slider", name="Nothing").fill("10")
    expect(page.get_by_text(re.compile(r"That costs 199 credits, and you have \d+"))).to_be_visible()
    expect(page.get_by_role("button", name="Cast your ballot")).to_be_disabled()
    page.get_by_role("slider", name="Nothing").fill("1")
    page.get_by_role("slider", name="A bread oven").fill("3")
    expect(page.get_by_text("Costs 9 credits in all")).to_be_visible()
    page.get_by_role("button", name="Cast your ballot").click()
    expect(page.locator("[data-ballot=cast]")).to_contain_text("3 on A bread oven, 1 on Nothing")
    assert list(c.call("polls", "tally", open_poll)) == [3, 0, 1]

    # In secret: nothing that is sent says whose it is, and no wallet is asked.
    page.goto("/#/identity")
    page.get_by_text("Bring one from elsewhere").click()
    page.get_by_label("Or the exported secret").fill(identity(1).export())
    page.get_by_label("Password (the file's").fill(PASSWORD)
    page.get_by_role("button", name="Take it over").click()
    expect(page.get_by_text("in the members' group").first).to_be_visible()
    before, posted = len(wallet.asked), []

    def note(request: Request) -> None:
        if request.method == "POST" and "/v1/relay/" in request.url:
            posted.append(request.post_data_json)

    page.on("request", note)
    page.goto(f"/#/polls/{secret_poll}")
    page.get_by_role("slider", name="A freezer").fill("4")
    expect(page.get_by_text("Costs 16 credits in all")).to_be_visible()
    page.get_by_role("button", name="Cast it in secret").click()
    page.get_by_label("Password of your identity").fill("not that one")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("The password does not open it.")).to_be_visible()
    page.get_by_label("Password of your identity").fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    expect(page.locator("[data-ballot=secret]")).to_contain_text("4 on A freezer", timeout=90_000)
    expect(page.get_by_text("It counts once you reveal it")).to_be_visible()
    signed = [method for method, _ in wallet.asked[before:] if "sign" in method or "send" in method]
    assert signed == []
    (sent,) = posted
    assert set(sent) == {"pollId", "ballot", "proof"}
    assert int(sent["ballot"]) > ballot(15, 15, 15), "a ballot was sent where a seal belongs"

    # Once voting is over it is revealed from the same device, and counts.
    c.wait_until(int(polling.poll(secret_poll)["votingEnd"]) + 1)
    desk.catch_up()
    page.reload()
    page.get_by_role("button", name="Reveal my ballot").click()
    page.get_by_label("Password of your identity").fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("Your ballot is revealed, and counts")).to_be_visible()
    assert list(c.call("polls", "tally", secret_poll)) == [0, 4, 0]


def test_members_agree_block_and_change_their_mind_by_consent(page: Page, wallet: Wallet, desk: Any) -> None:
    c = desk.commune
    _, kettle = put_to_consent(c, c.people[3], KETTLE)
    c.send(c.people[2], "consent", "respond", kettle, ACKNOWLEDGE, bytes(32))
    c.send(c.people[3], "consent", "respond", kettle, ACKNOWLEDGE, bytes(32))
    hand_in(desk, KETTLE)
    page.goto("/#/proposals")
    page.get_by_role("link", name="We buy a second kettle.").click()
    sign_in(page, wallet)
    page.get_by_role("radio", name="I block it").check()
    expect(page.get_by_role("button", name="I block it")).to_be_disabled()
    page.get_by_label("Why").fill(DOUBTS)
    page.get_by_role("button", name="I block it").click()
    expect(page.get_by_text("You blocked it.")).to_be_visible()
    expect(page.get_by_role("region", name="What members said").get_by_text(DOUBTS)).to_be_visible()
    assert c.call("consent", "responseOf", kettle, 1) == BLOCK

    # The last word counts; saying the same again is not offered.
    expect(page.get_by_text("That is what you said already.")).to_be_visible()
    page.get_by_role("radio", name="I agree").check()
    page.get_by_role("button", name="I agree").click()
    expect(page.get_by_text("You agreed.")).to_be_visible()
    assert c.call("consent", "responseOf", kettle, 1) == ACKNOWLEDGE

    c.wait(3 * DAY + 1)
    desk.catch_up()
    page.get_by_role("button", name="Carry it out").click()
    expect(page.get_by_text("It passed and was carried out on")).to_be_visible()
