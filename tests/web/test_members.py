"""How people join, show that they live, are guarded, come back and go: each of them through the page."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from tests.backend.processes import wait_until
from tests.web.wallet import Wallet

INTRODUCTION = "أنا ليلى من المخبز <img src=x onerror=alert(1)>\n\nI bake **bread**, and " + "x" * 300


@pytest.fixture
def visit(open_context, desk):
    """A page of a browser of its own, where person `number` is signed in."""

    def open_page(number: int, path: str = "/#/members", **options):
        page = open_context(Wallet(desk.commune, desk.commune.people[number]), **options).new_page()
        page.goto("/#/members")
        sign_in(page)
        page.goto(path)
        return page

    return open_page


def sign_in(page):
    page.get_by_role("button", name="Sign in").first.click()
    page.get_by_role("button", name="Test Wallet").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def see(page, *texts):
    for text in texts:
        expect(page.get_by_role("main")).to_contain_text(text)


def test_a_stranger_joins_by_two_vouches_and_an_objection_makes_it_a_vote(visit, desk, travel, faults):
    stranger = visit(6, "/#/join", viewport={"width": 360, "height": 740})
    see(stranger, "The way in", "2 members vouch", "3 days for objections")
    ask = stranger.get_by_role("main").get_by_role("button", name="Ask to join")
    expect(ask).to_be_disabled()
    stranger.get_by_label("Who are you").fill(INTRODUCTION)
    ask.click()
    see(stranger, "Application 1", "Needs vouches", "0 of 2 so far")
    assert stranger.evaluate("document.documentElement.scrollWidth") == 360

    application = f"{desk.node}/v1/applications/1"
    wait_until(lambda: httpx.get(application).json()["data"]["introduction"])

    first, second = visit(1), visit(2)
    see(first, "1 person asks to join")
    expect(first.locator("bdi", has_text="<img src=x")).to_have_count(1)
    for member, vouches in ((first, "1 of 2 so far"), (second, "objections end")):
        member.get_by_role("link", name="Application 1").click()
        see(member, "bread")
        expect(member.locator(".prose strong")).to_have_text("bread")
        member.get_by_role("button", name="Vouch for them").click()
        see(member, vouches)
    see(first, "Open to objections")
    see(stranger, "Open to objections", "objections end")
    see(second, "If you have doubts", "You vouched for them, and so cannot object")

    people = desk.commune.people
    faults.forgive("404.*/v1/texts/")  # nobody hands in what this one says
    second_one = desk.commune.apply(people[7], "Farid, a plumber")
    for voucher in people[3:5]:
        desk.commune.send(voucher, "admission", "vouch", second_one)
    desk.catch_up()
    doubter = visit(5, f"/#/applications/{second_one}")
    object_ = doubter.get_by_role("button", name="Object")
    expect(object_).to_be_disabled()
    doubter.get_by_label("Your reason").fill("He has just moved here: let us talk first.")
    object_.click()
    see(doubter, "Put to the vote", "A vote of all members", "let us talk first")
    assert doubter.get_by_role("link", name="Go to the vote").get_attribute("href").startswith("#/proposals/")

    travel(3.01)
    see(stranger, "Can be admitted")
    third = visit(3, "/#/applications/1")
    third.get_by_role("button", name="Admit them").click()
    see(third, "Admitted as", "Member 6")
    see(stranger, "You are a member")
    stranger.get_by_role("link", name="My membership").click()
    see(stranger, "You are on probation", "It ends in")
    stranger.goto("/#/checkin?member=1")
    see(stranger, "You are on probation: it takes a member who is not")
    stranger.goto("/#/members/6")
    see(stranger, "Vouched for by", "Member 1", "Member 2", "Application 1")


def test_who_applied_can_take_it_back(visit, desk):
    stranger = visit(9, "/#/join")
    stranger.get_by_label("Who are you").fill("I am not sure yet.")
    stranger.get_by_role("main").get_by_role("button", name="Ask to join").click()
    stranger.get_by_role("button", name="Withdraw my application").click()
    see(stranger, "has ended", "The way in")


def test_an_expulsion_begins_with_two_members_who_hear_the_third(visit, travel, faults):
    faults.forgive("404.*/v1/texts/")  # others may look before the node has the grounds
    accused = visit(2, "/#/membership")
    first = visit(1, "/#/members/2")
    first.get_by_text("Ask for a hearing on Member 2").click()
    ask = first.get_by_role("button", name="Ask for a hearing", exact=True)
    expect(ask).to_be_disabled()
    first.get_by_label("Why").fill("The receipts do not add up.")
    ask.click()
    see(first, "Hearing 1", "The receipts do not add up.", "It takes a second member")
    see(accused, "Hearing 1", "Be heard", "The receipts do not add up.")
    second = visit(3, "/#/members/2")
    second.get_by_role("button", name="Join the hearing").click()
    see(second, "is heard until", "The member is still being heard")
    travel(7.01)
    second.get_by_role("button", name="Open the vote").click()
    expect(second.get_by_role("link", name="Go to the vote")).to_be_visible()


def test_guardians_move_a_membership_and_the_old_account_can_stop_them_once(visit, desk, travel):
    old = visit(5, "/#/membership")
    see(old, "You have no guardians")
    old.get_by_role("button", name="Name guardians").click()
    for number in ("1", "2"):
        old.get_by_role("searchbox", name="Guardians").fill(number)
        old.get_by_role("button", name=f"Member {number}", exact=True).click()
        if number == "1":
            see(old, "One guardian alone cannot act")
    see(old, "It takes effect after 7 days")
    old.get_by_role("button", name="Name them").click()
    see(old, "A change is waiting", "takes effect")
    travel(7.01)
    expect(old.get_by_role("main")).not_to_contain_text("A change is waiting")

    lost = visit(8, "/#/membership")
    see(lost, "This account is no member's", "I am a member and lost my key")
    lost.get_by_role("searchbox", name="Which member are you?").fill("5")
    lost.get_by_role("button", name="Member 5", exact=True).click()
    link = lost.locator(".link-itself").get_attribute("href")
    assert link == f"#/members/5?recover={desk.commune.people[8].address.lower()}"

    guardians = [visit(1, f"/{link}"), visit(2, f"/{link}")]
    guardians[0].get_by_label("Their new account").fill("0x12")
    see(guardians[0], "That is no account")
    guardians[0].get_by_label("Their new account").fill(desk.commune.people[8].address)
    for guardian, so_far in zip(
        guardians, ("1 of 2 guardians supports it", "The guardians agree"), strict=True
    ):
        guardian.get_by_role("button", name="Support this account").click()
        see(guardian, so_far)
    see(old, "The guardians agree", "Was it not you?")
    old.get_by_role("button", name="Stop it").click()
    expect(old.get_by_role("heading", name="Recovery")).to_have_count(0)

    for guardian in guardians:
        expect(guardian.get_by_role("button", name="Support this account")).to_be_enabled()
        guardian.get_by_role("button", name="Support this account").click()
    see(old, "You have used your one veto")
    travel(7.01)
    guardians[0].get_by_role("button", name="Complete the move").click()
    expect(lost.get_by_role("banner")).to_contain_text("Member 5")
    see(lost, "Guardians", "Member 1")
    expect(old.get_by_role("banner")).not_to_contain_text("Member 5")
    see(guardians[1], "Moved to the account")


def test_a_silent_member_is_marked_dormant_and_wakes_with_anothers_word(visit, desk, travel):
    sleeper = visit(4, "/#/membership")
    travel(340)
    see(sleeper, "Needed", "Let another member scan this")
    travel(30)
    other = visit(1, "/#/members/4")
    see(other, "There has been no sign of life for too long")
    other.get_by_role("button", name="Give notice").click()
    see(other, "Notice given", "The notice is still running")
    travel(14.01)
    other.get_by_role("button", name="Mark as dormant").click()
    see(other, "a check-in, which wakes a dormant member")

    see(sleeper, "Your membership is dormant", "Check in below to wake it")
    asked = sleeper.locator(".link-itself").get_attribute("href")
    assert asked == "#/checkin?member=4"
    sleeper.goto("/#/delegation")
    sleeper.get_by_role("button", name="Delegate on food").click()
    see_in_dialog = sleeper.get_by_role("dialog")
    expect(see_in_dialog).to_contain_text("Your membership is dormant: check in to wake it")
    see_in_dialog.get_by_role("button", name="Close").click()

    other.goto(f"/{asked}")
    other.get_by_role("button", name="Sign that Member 4 lives").click()
    see(other, "You attested that Member 4 lives")
    given = other.locator(".link-itself").get_attribute("href")
    assert given.startswith("#/membership?attestation=4.1.0.")

    stolen = visit(2, f"/{given}")
    see(stolen, "This attestation is for Member 4, not for you")
    sleeper.goto(f"/{given}")
    see(sleeper, "Attested by", "Member 1")
    sleeper.get_by_role("main").get_by_role("button", name="Check in").click()
    expect(sleeper.get_by_role("main")).not_to_contain_text("Your membership is dormant")
    see(sleeper, "You have checked in with it")
    assert desk.done("members", "show", "4")["status"] == "Active"
    attested = other.get_by_role("main")
    other.goto("/#/members/4")
    expect(attested).to_contain_text("Active")


def test_who_leaves_is_warned_first(visit, desk):
    member = visit(3, "/#/membership")
    member.get_by_text("I want to leave").click()
    end = member.get_by_role("button", name="End my membership")
    expect(end).to_be_disabled()
    see(member, "This ends your membership at once")
    member.get_by_label("I am Member 3, and I mean it.").check()
    end.click()
    see(member, "This account is no member's")
    assert desk.done("members", "show", "3")["status"] == "Left"
    member.goto("/#/join")
    see(member, "You were a member: your number, history and debts wait for you")
