"""Secret ballots from the page: an identity on a device, and proofs that the real contract takes."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from backend.polls import votes_of
from tests.backend.commune import text_hash
from tests.backend.polling import OVEN, Polling, ballot, identity
from tests.backend.processes import wait_until
from tests.cli.conftest import opened
from tests.web.conftest import FOUNDERS
from tests.web.meeting import begin, kept_on, take_turn
from zk.keystore import read_keystore, write_keystore

PASSWORD = "four words, well remembered"
WITNESS, BOB, CAROL, DAVE, ERIN = 1, 2, 3, 4, 5


@pytest.fixture(scope="module")
def desk(built, tmp_path_factory):
    """Members 2 to 5 have an identity in the group, and member 1 has none."""
    folder = tmp_path_factory.mktemp("proofs")
    with opened(folder, FOUNDERS, "--page", str(built), polls__minListed=4) as desk:
        for who in (BOB, CAROL, DAVE, ERIN):
            Polling(desk.commune).register(desk.commune.people[who], who)
        yield desk


@pytest.fixture
def polling(desk) -> Polling:
    return Polling(desk.commune)


@pytest.fixture
def device(open_context) -> Page:
    """Of a meeting: no wallet is on it."""
    made: Page = open_context().new_page()
    return made


@pytest.fixture
def signed_in(page, desk) -> Page:
    """Person 1's own device, at their identity."""
    page.goto("/#/identity")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("dialog").get_by_role("button", name="Test Wallet").click()
    expect(page.get_by_text("This device has none for your account.")).to_be_visible()
    page.keyboard.press("Escape")
    return page


def secret_poll(desk, polling: Polling, *, hidden: bool = False) -> int:
    """One whose text the node has."""
    poll = polling.open(secret=True, hidden=hidden)
    httpx.put(f"{desk.node}/v1/texts/0x{text_hash(OVEN).hex()}", content=OVEN).raise_for_status()
    desk.catch_up()
    return poll


def last_poll(page: Page) -> Locator:
    """On the meeting's device: every poll here asks the same, and the last one opened stands first."""
    return page.get_by_role("region", name="What shall we buy?").first


def posts(page: Page) -> list[dict]:
    """What the page hands to the relay as secret ballots from now on."""
    found: list[dict] = []
    relay = "/v1/relay/secret-ballots"
    page.on("request", lambda asked: asked.url.endswith(relay) and found.append(asked.post_data_json))
    return found


def test_a_proof_made_in_the_page_is_a_ballot_that_the_contract_counts(device, desk, polling):
    poll = secret_poll(desk, polling)
    begin(device, desk)
    take_turn(device, desk, BOB)
    here = last_poll(device)
    here.get_by_role("slider", name="A freezer").fill("3")
    here.get_by_role("slider", name="A bread oven").fill("1")
    expect(here.get_by_text("together 10 of")).to_be_visible()
    here.get_by_role("button", name="Hand in my ballot").click()
    expect(here.get_by_text("The relay has your secret ballot")).to_be_visible(timeout=60_000)
    nullifier = identity(BOB).nullifier(polling.scope(poll))
    wait_until(lambda: desk.commune.call("polls", "nullifierUsed", poll, nullifier))
    assert list(desk.commune.call("polls", "tally", poll)) == [1, 3, 0]
    device.get_by_role("button", name="I am done").click()
    assert str(nullifier) not in kept_on(device)
    take_turn(device, desk, BOB)
    expect(last_poll(device).get_by_text("You have voted here.")).to_be_visible()


def test_a_sealed_ballot_is_revealed_by_the_card_and_the_same_votes(device, desk, polling, travel):
    poll = secret_poll(desk, polling, hidden=True)
    begin(device, desk)
    posted: list[dict] = []
    device.on(
        "request", lambda request: "secret-ballots" in request.url and posted.append(request.post_data_json)
    )
    take_turn(device, desk, CAROL, account=False)
    here = last_poll(device)
    here.get_by_role("slider", name="Nothing").fill("2")
    here.get_by_role("button", name="Hand in my ballot").click()
    expect(here.get_by_text("The relay has your sealed ballot.")).to_be_visible(timeout=60_000)
    (sent,) = posted
    assert votes_of(ballot(0, 0, 2), 3) == [0, 0, 2]
    assert int(sent["ballot"]) > ballot(15, 15, 15), "a ballot was sent where a seal belongs"
    assert int(sent["proof"]["nullifier"]) == identity(CAROL).nullifier(polling.scope(poll))
    assert int(sent["proof"]["scope"]) == polling.scope(poll).value
    assert int(sent["proof"]["merkleTreeRoot"]) == polling.poll(poll)["root"]
    assert str(sent["ballot"]) not in kept_on(device)
    nullifier = int(sent["proof"]["nullifier"])
    wait_until(lambda: desk.commune.call("polls", "nullifierUsed", poll, nullifier))
    device.get_by_role("button", name="I am done").click()

    travel(seconds=polling.poll(poll)["votingEnd"] - desk.commune.now + 1)
    take_turn(device, desk, CAROL, account=False)
    here = last_poll(device)
    here.get_by_role("slider", name="Nothing").fill("3")
    here.get_by_role("button", name="Reveal my ballot").click()
    expect(here.get_by_text("These are not the votes that you sealed.")).to_be_visible(timeout=60_000)
    here.get_by_role("slider", name="Nothing").fill("2")
    here.get_by_role("button", name="Reveal my ballot").click()
    expect(here.get_by_text("Your ballot is revealed, and counts.")).to_be_visible(timeout=60_000)
    assert list(desk.commune.call("polls", "tally", poll)) == [0, 0, 2]


def test_a_key_that_is_not_the_pinned_one_is_not_used(device, desk, polling, faults):
    secret_poll(desk, polling)
    posted = posts(device)

    def altered(route) -> None:
        answer = route.fetch()
        body = bytearray(answer.body())
        body[len(body) // 2] ^= 1
        route.fulfill(response=answer, body=bytes(body))

    device.context.route("**/artifacts/*.zkey", altered)
    begin(device, desk)
    take_turn(device, desk, DAVE)
    here = last_poll(device)
    here.get_by_role("slider", name="A freezer").fill("1")
    here.get_by_role("button", name="Hand in my ballot").click()
    expect(
        here.get_by_role("alert").filter(has_text="is not the one this release was checked with")
    ).to_be_visible(timeout=60_000)
    assert posted == []


@pytest.mark.parametrize(
    ("asks_a_chain", "told"),
    [
        (False, "is not the one this poll froze"),
        (True, "The node does not serve this poll as the chain has it (root). Nothing was sent."),
    ],
)
def test_a_node_that_makes_up_a_group_is_found_out(device, desk, polling, hosts, asks_a_chain, told):
    """The root of a group of one's own would tell one's ballot from all others."""
    poll = secret_poll(desk, polling)
    posted = posts(device)
    if asks_a_chain:
        hosts.add(desk.commune.chain.url.removeprefix("http://"))
        device.add_init_script(
            f"localStorage.setItem('dualpower.chain', {json.dumps(desk.commune.chain.url)})"
        )

    def made_up(route: Route) -> None:
        answer = route.fetch()
        found = answer.json()
        found["data"]["root"] = str(int(found["data"]["root"]) + 1)
        route.fulfill(response=answer, json=found)

    device.context.route(f"**/v1/polls/{poll}", made_up)
    begin(device, desk)
    take_turn(device, desk, DAVE)
    here = last_poll(device)
    here.get_by_role("slider", name="A freezer").fill("1")
    here.get_by_role("button", name="Hand in my ballot").click()
    expect(here.get_by_text(told)).to_be_visible(timeout=60_000)
    assert posted == []


def test_a_proof_can_be_called_off_and_made_again(device, desk, polling):
    secret_poll(desk, polling)
    waiting: list[Route] = []
    device.context.route("**/artifacts/*.zkey", lambda route: waiting.append(route))
    begin(device, desk)
    take_turn(device, desk, DAVE)
    here = last_poll(device)
    here.get_by_role("slider", name="A freezer").fill("1")
    here.get_by_role("button", name="Hand in my ballot").click()
    expect(here.get_by_text(re.compile(r"Loading the keys \(1\.\d of 3\.\d MB\)"))).to_be_visible(
        timeout=60_000
    )
    here.get_by_role("button", name="Call it off").click()
    expect(here.get_by_text("You called it off. Nothing was sent.")).to_be_visible()
    for route in waiting:
        route.abort()
    device.context.unroute("**/artifacts/*.zkey")
    here.get_by_role("button", name="Hand in my ballot").click()
    expect(here.get_by_text("The relay has your secret ballot")).to_be_visible(timeout=60_000)


def test_an_identity_is_made_registered_and_saved_for_the_command_line(signed_in, desk, tmp_path):
    page = signed_in
    page.get_by_label("A password for it").fill(PASSWORD)
    page.get_by_label("The same again").fill("another one")
    page.get_by_role("button", name="Make one").click()
    expect(page.get_by_text("The two are not the same.")).to_be_visible()
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Make one").click()
    expect(page.get_by_text("not yet in the members' group")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save a copy").click()
    file = tmp_path / "identity.json"
    saved.value.save_as(file)
    made = read_keystore(file, PASSWORD)
    assert made.export() not in kept_on(page)

    page.get_by_label("Password of your identity").fill("a wrong one")
    page.get_by_role("button", name="Register it").click()
    expect(page.get_by_text("The password does not open it.")).to_be_visible()
    page.get_by_label("Password of your identity").fill(PASSWORD)
    page.get_by_role("button", name="Register it").click()
    expect(page.get_by_text("in the members' group", exact=True)).to_be_visible(timeout=60_000)
    assert desk.commune.call("group", "ownerOf", made.commitment) == WITNESS


def test_an_identity_of_the_command_line_is_taken_over_and_signs_in(
    open_context, wallet, desk, travel, tmp_path
):
    wallet.become(desk.commune.people[ERIN])
    page = open_context(wallet).new_page()
    page.goto("/#/identity")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("dialog").get_by_role("button", name="Test Wallet").click()
    file = tmp_path / "identity.json"
    write_keystore(file, identity(ERIN), PASSWORD)
    expect(page.get_by_label("The file of an identity")).to_be_attached()
    page.keyboard.press("Escape")
    page.get_by_label("The file of an identity").set_input_files(file)
    page.get_by_label(re.compile("^Password")).fill("a wrong one")
    page.get_by_role("button", name="Take it over").click()
    expect(page.get_by_text("The password does not open it.")).to_be_visible()
    page.get_by_label(re.compile("^Password")).fill(PASSWORD)
    page.get_by_role("button", name="Take it over").click()
    expect(page.get_by_text("in the members' group", exact=True)).to_be_visible()

    # It is in the group that sign-ins are proved against from the next day on.
    travel(days=1)
    page.get_by_label("Password of your identity").fill(PASSWORD)
    page.get_by_role("button", name="Sign in by a proof").click()
    expect(page.get_by_text("You are signed in as a member, until")).to_be_visible(timeout=60_000)
    kept = json.loads(page.evaluate("sessionStorage.getItem('dualpower.session')"))
    headers = {"authorization": f"Bearer {kept['token']}"}
    assert httpx.get(f"{desk.node}/v1/session", headers=headers).json()["data"]["member"] is True


def test_a_full_device_is_told_so_and_nothing_is_half_kept(signed_in, desk):
    page = signed_in
    session = page.context.new_cdp_session(page)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(desk.node))
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
    page.get_by_label("A password for it").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Make one").click()
    expect(page.get_by_text("This device's storage is full")).to_be_visible()
    assert json.dumps("dualpower.identity") not in kept_on(page)


def test_an_identity_that_was_another_members_is_refused_in_words(signed_in, desk, polling):
    polling.register(desk.commune.people[ERIN], ERIN, key=2)
    desk.catch_up()
    page = signed_in
    page.get_by_label("Or the exported secret").fill(identity(ERIN).export())
    page.get_by_label(re.compile("^Password")).fill(PASSWORD)
    page.get_by_role("button", name="Take it over").click()
    expect(page.get_by_text("not yet in the members' group")).to_be_visible()
    page.get_by_label("Password of your identity").fill(PASSWORD)
    page.get_by_role("button", name="Register it").click()
    expect(page.get_by_role("main").get_by_text("belongs to member 5")).to_be_visible()
    assert desk.commune.call("group", "ownerOf", identity(ERIN).commitment) == ERIN
