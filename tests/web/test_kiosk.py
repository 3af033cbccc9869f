"""A meeting at which people without a wallet vote on one device, and what it leaves on paper."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_hash.auto import keccak
from playwright.sync_api import Page, expect
from rlp import decode as rlp_decode

from tests.backend.commune import AGAINST, FOOD, FOR, Person
from tests.backend.polling import Polling
from tests.cli.conftest import opened
from tests.web.conftest import FOUNDERS
from tests.web.meeting import PIN, begin, card_of, kept_on, show, take_turn

WITNESS, BOB, CAROL, DAVE = 1, 2, 3, 4
# Stands in for the device's camera: it sees the code that is held into it.
CAMERA = """
window.holdIntoCamera = (box, path) => {
    const size = Number(box.split(" ")[2]), scale = 6;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size * scale;
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(scale, scale);
    context.fillStyle = "#000";
    context.fill(new Path2D(path));
    const stream = canvas.captureStream(10);
    setInterval(() => context.fillRect(-1, -1, 0.5, 0.5), 50);
    navigator.mediaDevices.getUserMedia = async () => stream;
};
"""


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
def proposal(desk, authors) -> int:
    """One that is voted on. Nobody may have two that live."""
    commune = desk.commune
    author, *others = next(authors)
    action = ("constitution", commune.data("constitution", "addTopic", f"bread {author.index}"))
    draft = commune.draft(author, action, text="A topic for bread\n\nWe talk about it a lot.")
    number = commune.propose(draft, author, [author, *others], FOOD)
    commune.to_voting(number)
    desk.catch_up()
    return number


@pytest.fixture(scope="module")
def authors(desk) -> Iterator[list[Person]]:
    people = desk.commune.people
    return iter([[people[who], people[who % FOUNDERS + 1]] for who in range(1, FOUNDERS + 1)])


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


def test_whoever_stays_away_is_forgotten(device, desk):
    device.clock.install()
    begin(device, desk)
    take_turn(device, desk, CAROL)
    device.clock.run_for(75_000)
    expect(device.get_by_text("Are you still there?")).to_be_visible()
    device.get_by_role("heading", name="Member 3").click()
    expect(device.get_by_text("Are you still there?")).to_have_count(0)
    device.clock.run_for(91_000)
    expect(device.get_by_role("heading", name="Whose turn is it?")).to_be_visible()
    expect(device.locator("body")).not_to_contain_text("Member 3")


def test_a_wrong_pin_a_misread_card_and_something_else_are_told_apart(device, desk):
    device.goto("/#/kiosk")
    field = device.get_by_role("textbox", name="The witness's card")
    field.fill("https://example.org")
    device.keyboard.press("Enter")
    expect(device.get_by_text("That is no key of this kind.")).to_be_visible()
    line = card_of(desk, WITNESS)
    show(device, line[:-1] + ("0" if line[-1] != "0" else "1"))
    expect(device.get_by_text("The card was read with an error.")).to_be_visible()
    device.get_by_role("button", name="Another card").click()
    show(device, line.lower(), pin="not the PIN")
    expect(device.get_by_text("The password does not open it.")).to_be_visible()
    device.get_by_label("PIN of the card").fill(PIN)
    device.get_by_role("button", name="Go on").click()
    expect(device.get_by_role("heading", name="Whose turn is it?")).to_be_visible()


def test_a_meeting_is_opened_by_a_member_only(device, desk):
    device.goto("/#/kiosk")
    show(device, card_of(desk, 20))
    expect(device.get_by_text("A meeting is opened by an active member.")).to_be_visible()


def test_a_card_is_made_printed_and_read_by_a_camera(open_context, desk):
    maker = open_context().new_page()
    maker.goto("/#/kiosk/card")
    maker.get_by_role("button", name="Make new keys").click()
    maker.get_by_label("PIN", exact=True).fill("short")
    maker.get_by_label("The same again").fill("short")
    maker.get_by_role("button", name="Make a card").click()
    expect(maker.get_by_text("Take at least 8 characters.")).to_be_visible()
    maker.get_by_label("PIN", exact=True).fill(PIN)
    maker.get_by_label("The same again").fill(PIN)
    maker.get_by_role("button", name="Make a card").click()
    code = maker.get_by_role("img", name="The card's code")
    expect(code).to_be_visible()
    account = maker.locator(".facts code").get_attribute("title")
    maker.emulate_media(media="print")
    expect(code).to_be_visible()
    expect(maker.get_by_role("button", name="Print")).not_to_be_visible()
    maker.emulate_media(media="screen")
    box, path = code.get_attribute("viewBox"), code.locator("path").get_attribute("d")
    maker.get_by_role("button", name="I have printed it").click()
    expect(maker.get_by_role("button", name="Make new keys")).to_be_visible()
    assert "DPC1" not in kept_on(maker) + maker.content()

    device = open_context().new_page()
    device.add_init_script(CAMERA)
    begin(device, desk)
    device.evaluate("([box, path]) => window.holdIntoCamera(box, path)", [box, path])
    device.get_by_role("button", name="Scan with the camera").click()
    device.get_by_label("PIN of the card").fill(PIN)
    device.get_by_role("button", name="Go on").click()
    expect(device.get_by_text("The account of this card is no member yet")).to_be_visible()
    expect(device.get_by_text(account, exact=True)).to_be_visible()


def test_without_a_camera_the_scanner_is_named(device, desk):
    begin(device, desk)
    device.get_by_role("button", name="Scan with the camera").click()
    expect(device.get_by_text("Use a hand-held scanner.")).to_be_visible()


def test_a_passkey_opens_what_the_device_keeps(open_context, desk, hosts):
    # Passkeys are for names, and an address in numbers is none.
    there = desk.node.replace("127.0.0.1", "localhost")
    hosts.add(there.removeprefix("http://"))
    device = open_context(base_url=there).new_page()
    session = device.context.new_cdp_session(device)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "usb",
        "hasPrf": True,
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    device.goto("/#/kiosk/card")
    device.get_by_role("button", name="Make new keys").click()
    device.get_by_label("PIN", exact=True).fill(PIN)
    device.get_by_label("The same again").fill(PIN)
    device.get_by_role("button", name="Make a card").click()
    account = device.locator(".facts code").get_attribute("title")
    device.get_by_role("button", name="Also keep it here for a passkey").click()
    expect(device.get_by_text("your passkey opens it here")).to_be_visible()
    device.get_by_role("button", name="I have printed it").click()
    begin(device, desk)
    device.get_by_role("button", name="Use a passkey").click()
    expect(device.get_by_text(account, exact=True)).to_be_visible()


@pytest.fixture
def ask_the_chain(page, desk, hosts):
    """The page is told where the chain is, as a person does it in the node's place."""
    hosts.add(desk.commune.chain.url.removeprefix("http://"))
    page.add_init_script(f"localStorage.setItem('dualpower.chain', {json.dumps(desk.commune.chain.url)})")


@pytest.mark.usefixtures("ask_the_chain")
def test_a_printed_ballot_carries_a_proof_that_needs_no_node(page, desk, proposal):
    commune = desk.commune
    for who, support, votes in ((BOB, FOR, 3), (CAROL, AGAINST, 1)):
        commune.send(commune.people[who], "assembly", "castBallot", proposal, support, votes)
    desk.catch_up()
    page.goto(f"/#/kiosk/ballot/{proposal}/{BOB}")
    sheet = page.locator("article.paper")
    expect(sheet.get_by_text("For", exact=True)).to_be_visible()
    expect(sheet.get_by_role("heading", name="Proof that it is on the chain")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the proof").click()
    proof = json.loads(saved.value.path().read_text())
    block = commune.chain.rpc("eth_getBlockByNumber", hex(proof["block"]["number"]), False)
    header = bytes.fromhex(proof["block"]["header"][2:])
    assert f"0x{keccak(header).hex()}" == proof["block"]["hash"] == block["hash"]
    assert rlp_decode(header)[5].hex() == block["receiptsRoot"][2:]

    page.get_by_label("The proof", exact=True).fill(json.dumps(proof))
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text(f"It holds: Member 2 voted For with 3 on proposal {proposal}")).to_be_visible()
    for words, change in (
        (
            "The header does not have the block's hash.",
            {"block": proof["block"] | {"hash": "0x" + "11" * 32}},
        ),
        ("The nodes do not lead", {"nodes": [node[:-2] + "77" for node in proof["nodes"]]}),
        ("The nodes do not lead", {"position": proof["position"] + 1}),
        ("The receipt has no such event.", {"event": 99}),
        ("That is no proof of a ballot.", {"version": 2}),
    ):
        page.get_by_label("The proof", exact=True).fill(json.dumps(proof | change))
        page.get_by_role("button", name="Check", exact=True).click()
        expect(page.get_by_text(words)).to_be_visible()


@pytest.mark.usefixtures("ask_the_chain")
def test_a_ballot_is_proved_among_many_receipts(page, desk, proposal):
    """More transactions in a block than one branch of the trie holds."""
    commune = desk.commune
    chain = commune.chain
    chain.rpc("evm_setAutomine", False)
    try:
        data = commune.data("assembly", "castBallot", proposal, FOR, 2)
        others = commune.people[6:20]
        for number in range(20):
            sender = others[number % len(others)].address
            chain.rpc("eth_sendTransaction", {"from": sender, "to": sender, "value": "0x1"})
        sent = {
            "from": commune.people[DAVE].address,
            "to": commune.addresses["assembly"],
            "data": f"0x{data.hex()}",
        }
        chain.rpc("eth_sendTransaction", sent | {"gas": hex(1_000_000)})
        chain.rpc("evm_mine")
    finally:
        chain.rpc("evm_setAutomine", True)
    desk.catch_up()
    page.goto(f"/#/kiosk/ballot/{proposal}/{DAVE}")
    expect(page.get_by_role("heading", name="Proof that it is on the chain")).to_be_visible()


def test_without_a_chain_a_printed_ballot_says_whose_word_it_is(page, desk, proposal, faults):
    desk.commune.send(desk.commune.people[BOB], "assembly", "castBallot", proposal, AGAINST, 1)
    desk.catch_up()
    faults.forgive(r"127\.0\.0\.1:8545")
    page.route("http://127.0.0.1:8545/", lambda route: route.abort())
    page.goto(f"/#/kiosk/ballot/{proposal}/{BOB}")
    expect(page.get_by_role("heading", name="Without a proof")).to_be_visible()
    expect(page.get_by_text("No chain could be asked.")).to_be_visible()
    state = httpx.get(f"{desk.node}/v1/state").json()["data"]["stateHash"]
    expect(page.get_by_text(state)).to_be_visible()


def test_blank_ballots_lead_to_the_proposal(page, desk, proposal):
    page.goto(f"/#/kiosk/blank/{proposal}")
    page.get_by_label("How many").fill("6")
    expect(page.locator("article.blank")).to_have_count(6)
    expect(page.get_by_role("heading", name="A topic for bread")).to_have_count(6)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).not_to_be_visible()
    assert (
        len(page.get_by_role("img", name="The proposal's address").first.locator("path").get_attribute("d"))
        > 500
    )
