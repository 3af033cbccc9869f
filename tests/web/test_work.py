"""Work through the page: from volunteering to the award in the ledger, and a shift that somebody confirms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.backend.polling import Polling
from tests.cli.conftest import Desk, opened
from tests.cli.test_offices import decided, mine
from tests.cli.test_work import time_of
from tests.web.conftest import PHONE
from tests.web.test_offices import become, section, sign_in
from tests.web.wallet import Wallet

ALICE, BOB, CAROL, DAVE = range(1, 5)
# Two review, and one is left who could be drawn and was not.
MEMBERS = 7
PAINTING = "Paint the hall"
FIRE = "Watch the fire"
COUNTING = "Count the stores"
PASSWORD = "four words, well remembered"
PARTY = f"""
title = "A party in a white hall"
[[assignment]]
text = "{PAINTING}\\n\\nSkills: painting\\nHours: 6\\n\\nTwo *coats*."
topic = "food"
reward = 10
volunteering = 12
days = 7
heartbeat = 2
[[assignment]]
text = "{FIRE}"
topic = "food"
kind = "shift"
reward = 2
volunteering = 12
start = START
end = END
"""


@pytest.fixture(scope="module")
def desk(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Members 2 to 4 have an identity in the group, for others to hide among."""
    options = ("--no-keep", "--page", str(built))
    with opened(tmp_path_factory.mktemp("web"), MEMBERS, *options, polls__minListed=4) as desk:
        for who in (BOB, CAROL, DAVE):
            Polling(desk.commune).register(desk.commune.people[who], who)
        yield desk


def awards(desk: Desk, member: int) -> list[tuple[str, str]]:
    """Reasons and micro-points of all that the ledger says a member gained."""
    rows = httpx.get(f"{desk.node}/v1/reputation", params={"memberId": member}).json()["data"]
    return [(row["reason"], row["amount"]) for row in rows]


def test_a_member_takes_work_delivers_it_and_those_who_are_drawn_confirm_it(
    page: Page,
    wallet: Wallet,
    desk: Desk,
    tmp_path: Path,
    travel: Callable[..., None],
    open_context: Callable[..., Any],
) -> None:
    file = tmp_path / "party.toml"
    times = {"START": time_of(desk, 40), "END": time_of(desk, 40.2)}
    file.write_text(PARTY.replace("START", times["START"]).replace("END", times["END"]))
    decided(desk, ["work", "propose", str(file)], "food")
    page.goto("/#/assignments")
    card = page.get_by_role("article", name=PAINTING)
    expect(card).to_contain_text("Volunteers wanted")
    expect(card).to_contain_text("10 points · 6 hours")
    card.get_by_role("link", name=PAINTING).click()
    expect(page.get_by_text("Two coats.")).to_be_visible()
    sign_in(page, wallet)
    become(page, wallet, BOB)
    page.get_by_role("button", name="Volunteer", exact=True).click()
    step_back = page.get_by_role("button", name="Step back")
    expect(step_back).to_be_visible()
    step_back.click()
    page.get_by_role("button", name="Volunteer", exact=True).click()
    expect(step_back).to_be_visible()
    travel(12, seconds=1)
    become(page, wallet, ALICE)
    page.get_by_role("button", name="Give the seats to volunteers").click()
    seats = section(page, "Seats")
    expect(seats).to_contain_text("Member 2")
    expect(seats.get_by_text("Held", exact=True)).to_be_visible()

    # The holder's own buttons are the holder's alone.
    expect(page.get_by_text("Deliver the work")).to_be_hidden()
    become(page, wallet, BOB)
    page.get_by_text("Give a sign of progress").click()
    page.get_by_label("How far you are").fill("The first coat is dry.")
    page.get_by_role("button", name="Send the sign").click()
    trace = section(page, "From decision to award")
    expect(trace).to_contain_text("gave a sign of progress on seat 1")
    page.get_by_text("Deliver the work").click()
    page.get_by_text("Others worked on it too").click()
    page.get_by_label("Who worked on it").fill(str(DAVE))
    page.get_by_role("button", name=f"Member {DAVE}").click()
    deliver = page.get_by_role("button", name="Deliver", exact=True)
    page.get_by_label("What shows the work").fill("Two coats, see the wall.")
    expect(deliver).to_be_disabled()
    page.get_by_label("Per cent of the award").fill("40")
    deliver.click()
    seats.get_by_role("link", name="Review 1").click()

    # Who reviews is drawn; nobody else is asked for a verdict.
    expect(page.get_by_text("Reviewers are drawn", exact=True)).to_be_visible()
    expect(page.get_by_text("Two coats, see the wall.")).to_be_visible()
    draw = httpx.get(f"{desk.node}/v1/reviews/1").json()["data"]["drawId"]
    mine(desk, 20)
    desk.done("draw", "capture", str(draw), who=ALICE)
    page.get_by_role("button", name="Ask those who were drawn").click()
    expect(page.get_by_text("Being reviewed")).to_be_visible()
    asked = httpx.get(f"{desk.node}/v1/reviews/1").json()["data"]["asked"]
    assert len(asked) == 2
    assert not {BOB, DAVE} & set(asked)
    expect(page.get_by_text("Your verdict")).to_be_hidden()
    for reviewer, mark in zip(asked, ("80", "100"), strict=True):
        phone_wallet = Wallet(desk.commune, desk.commune.people[reviewer])
        phone = open_context(phone_wallet, viewport=PHONE, has_touch=True).new_page()
        phone.goto("/#/assignments/mine")
        sign_in(phone, phone_wallet)
        phone.get_by_role("link", name="Review 1").click()
        verdict = section(phone, "Your verdict")
        verdict.get_by_role("radio", name="Accept it").check()
        verdict.get_by_label("Mark").fill(mark)
        verdict.get_by_label("Why").fill(f"White enough for {mark}.")
        verdict.get_by_role("button", name="Give the verdict").click()
        expect(phone.get_by_text(f"White enough for {mark}.")).to_be_visible()
        expect(verdict).to_be_hidden()
        assert not [method for method, _ in phone_wallet.asked if method == "eth_sendTransaction"]
    expect(page.get_by_text("Accepted", exact=True)).to_be_visible()
    expect(page.get_by_text("90%", exact=True)).to_be_visible()

    # The mean of the marks of ten points, six tenths of it the holder's, half confirmed by each reviewer.
    page.get_by_role("link", name="Of seat 1 of assignment 1").click()
    expect(seats.get_by_text("Done", exact=True)).to_be_visible()
    told = trace.inner_text()
    assert told.count("Member 2 (you) gained 2.7 points") == 2
    assert told.count("Member 4 gained 1.8 points") == 2
    steps = ["opened the proposal", "4 members voted", "volunteered", "took seat 1", "delivered", "accepted"]
    places = [told.find(step) for step in steps]
    assert -1 not in places, steps[places.index(-1)]
    assert places == sorted(places)
    assert awards(desk, BOB) == [("Assignment", "2700000")] * 2
    assert awards(desk, DAVE) == [("Assignment", "1800000")] * 2
    page.goto("/#/assignments/mine")
    expect(section(page, "Your record")).to_contain_text("1 of 1 seats taken")


def test_a_shift_is_confirmed_by_who_was_there(
    page: Page, wallet: Wallet, desk: Desk, travel: Callable[..., None]
) -> None:
    page.goto("/#/assignments")
    page.get_by_role("link", name=FIRE).click()
    sign_in(page, wallet)
    become(page, wallet, CAROL)
    page.get_by_role("button", name="Give the seats to volunteers").click()
    page.get_by_role("button", name="Take a seat").click()
    expect(page.get_by_role("button", name="Give your seat back")).to_be_visible()
    confirm = page.get_by_role("button", name="I was there: confirm it")
    become(page, wallet, ALICE)
    expect(confirm).to_be_disabled()
    shift = desk.done("work", "list", "--kind", "shift")[0]
    travel(seconds=shift["start"] - desk.commune.now + 60)
    confirm.click()
    expect(section(page, "Seats")).to_contain_text("confirmed by Member 1 (you)")
    expect(section(page, "From decision to award")).to_contain_text("Member 3 gained 2 points")
    assert awards(desk, CAROL) == [("Assignment", "2000000")]


def test_members_alone_see_who_could_take_what_and_need_not_say_who_they_are(
    page: Page, wallet: Wallet, desk: Desk, travel: Callable[..., None]
) -> None:
    words = ["work", "propose", "--text", f"{COUNTING}\n\nSkills: counting\nHours: 2", "--topic", "general"]
    decided(desk, [*words, "--reward", "2"])
    page.goto("/#/assignments")
    sign_in(page, wallet)
    page.get_by_role("button", name="Show who could take what").click()
    plan = section(page, "Who could take what")
    expect(plan.get_by_role("link", name=COUNTING)).to_be_hidden()
    plan.get_by_role("button", name="Sign in as a member").click()
    expect(plan).to_contain_text("Nobody is asked beyond")

    # What a member declares is the reason of the next plan.
    plan.get_by_text("Say what you can do, and when").click()
    plan.get_by_label("What you can do").fill("counting, baking")
    plan.get_by_role("button", name="Say it to members").click()
    expect(plan.get_by_role("button", name="Take it back")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Show who could take what").click()
    expect(plan).to_contain_text("can do counting")
    plan.get_by_role("button", name="End the session").click()

    # The same for somebody whom the node does not learn the name of.
    page.goto("/#/identity")
    page.get_by_label("A password for it").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Make one").click()
    page.get_by_label("Password of your identity").fill(PASSWORD)
    page.get_by_role("button", name="Register it").click()
    expect(page.get_by_text("in the members' group", exact=True)).to_be_visible(timeout=60_000)
    # A node takes proofs against the group as it was when the day began.
    travel(1)
    page.goto("/#/assignments")
    page.get_by_role("button", name="Show who could take what").click()
    plan.get_by_text("without saying which").click()
    plan.get_by_label("Password of your identity").fill("a wrong one")
    plan.get_by_role("button", name="Prove that I am a member").click()
    expect(plan.get_by_text("The password does not open it.")).to_be_visible()
    plan.get_by_label("Password of your identity").fill(PASSWORD)
    plan.get_by_role("button", name="Prove that I am a member").click()
    expect(plan).to_contain_text("can do counting", timeout=60_000)
