"""A meeting at which people without a wallet vote on one device, and what it leaves on paper."""

from __future__ import annotations

import json

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from playwright.sync_api import Page, expect

from tests.backend.commune import FOOD
from tests.backend.polling import Polling
from tests.cli.conftest import opened
from tests.web.conftest import FOUNDERS
from tests.web.meeting import begin, card_of, kept_on, show

WITNESS, BOB, CAROL, DAVE = 1, 2, 3, 4


@pytest.fixture(scope="module")
def desk(built, tmp_path_factory):
    """Members 1 to 4 have an identity in the group."""
    with opened(tmp_path_factory.mktemp("kiosk"), FOUNDERS, "--page", str(built), polls__minListed=4) as desk:
        polling = Polling(desk.commune)
        for who in (WITNESS, BOB, CAROL, DAVE):
            polling.register(desk.commune.people[who], who)
        yield desk


@pytest.fixture
def polling(desk) -> Polling:
    return Polling(desk.commune)


@pytest.fixture
def proposal(desk) -> int:
    """One that is voted on."""
    commune = desk.commune
    people = commune.people
    action = ("constitution", commune.data("constitution", "addTopic", "bread"))
    draft = commune.draft(people[1], action, text="# A topic for bread\n\nWe talk about it a lot.")
    number = commune.propose(draft, people[1], people[1:3], FOOD)
    commune.to_voting(number)
    desk.catch_up()
    return number


@pytest.fixture
def device(open_context) -> Page:
    """The meeting's: no wallet is on it."""
    made: Page = open_context().new_page()
    return made


def test_members_vote_in_turn_and_the_witness_signs_the_minutes(device, desk, proposal):
    begin(device, desk)
    expect(device.get_by_role("navigation")).to_have_count(0)
    show(device, card_of(desk, BOB))
    expect(device.get_by_role("heading", name="Member 2, it is your turn")).to_be_visible()
    device.get_by_label("For", exact=True).check()
    device.get_by_role("slider").fill("2")
    expect(device.get_by_text("costs 3 of your")).to_be_visible()
    device.get_by_role("button", name="Hand in my ballot").click()
    expect(device.get_by_text("Your ballot is in a block.")).to_be_visible()
    assert desk.commune.call("assembly", "hasVoted", proposal, desk.commune.people[BOB].address)
    device.get_by_role("button", name="I am done").click()

    expect(device.get_by_role("heading", name="Whose turn is it?")).to_be_visible()
    expect(device.locator("body")).not_to_contain_text("Member 2")
    show(device, card_of(desk, CAROL))
    expect(device.get_by_text("You have voted here.")).to_have_count(0)
    expect(device.get_by_label("For", exact=True)).not_to_be_checked()
    device.get_by_role("button", name="I am done").click()

    device.get_by_role("button", name="Close the meeting").click()
    minutes = device.locator("pre.minutes")
    expect(minutes).to_contain_text(f"Member 2: proposal {proposal}")
    expect(minutes).not_to_contain_text("For")
    text = minutes.inner_text()
    show(device, card_of(desk, WITNESS))
    expect(minutes).to_contain_text("Signature of the witness")
    with device.expect_download() as saved:
        device.get_by_role("button", name="Save").click()
    signed = json.loads(saved.value.path().read_text())
    assert signed["text"].strip() == text.strip()
    message = encode_defunct(text=signed["text"])
    assert Account.recover_message(message, signature=signed["signature"]) == desk.commune.people[1].address
    kept = kept_on(device)
    assert desk.commune.people[BOB].key.hex() not in kept.lower()
    device.get_by_role("button", name="End the meeting").click()
    expect(device.get_by_role("heading", name="Open a meeting")).to_be_visible()
    assert "Member 2" not in kept_on(device)
    assert desk.commune.people[BOB].address.lower() not in kept_on(device).lower()
