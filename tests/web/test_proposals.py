"""From a thought to its effect: a proposal is written, sponsored, opened and carried out, all on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests.backend.commune import FOR, text_hash
from tests.web.test_votes import sign_in
from tests.web.wallet import Wallet

RESOLUTION = "The hall is heated to 19 degrees.\n\n- On weekdays\n- In winter"
WHY = "Gas is *dear*, and pullovers are not."


def test_a_proposal_goes_from_a_draft_to_its_effect(
    page: Page,
    wallet: Wallet,
    desk: Any,
    open_context: Callable[..., Any],
    travel: Callable[..., None],
    faults: Any,
) -> None:
    c = desk.commune
    # A draft that nobody has sponsored, and a text that the node has not been given, are unknown to the node.
    faults.forgive("status of 404")
    page.goto("/#/proposals/new")
    sign_in(page, wallet)

    # What is missing is said beside its field, and nothing that was entered is lost by going elsewhere.
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_text("Write something here.")).to_be_visible()
    expect(page.get_by_text("Give it a title of one line")).to_be_visible()
    page.get_by_label("The text to adopt").fill(RESOLUTION)
    page.get_by_text("Preview").click()
    expect(page.get_by_role("listitem").filter(has_text="On weekdays")).to_be_visible()
    page.goto("/#/proposals")
    page.goto("/#/proposals/new")
    expect(page.get_by_label("The text to adopt")).to_have_value(RESOLUTION)
    page.get_by_label("Title", exact=True).fill("A warm hall")
    page.get_by_label("Your reasons").fill(WHY)
    page.get_by_label("Topic").select_option("food")
    page.get_by_role("button", name="Make the draft").click()

    # The author sponsors it, and gives the link to somebody else, who reads the same words.
    expect(page.get_by_text("Nobody sponsors it yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Propose it")).to_be_disabled()
    page.get_by_role("button", name="Sponsor it").click()
    expect(page.get_by_text("1 of 2 sponsors")).to_be_visible()
    link = page.get_by_label("Link to this draft").input_value()
    other = Wallet(c, c.people[2])
    theirs = open_context(other).new_page()
    theirs.goto(link)
    sign_in(theirs, other)
    expect(theirs.get_by_role("heading", level=1)).to_have_text("A warm hall")
    expect(theirs.get_by_text("Gas is dear, and pullovers are not.")).to_be_visible()
    theirs.get_by_role("button", name="Sponsor it").click()
    expect(theirs.get_by_text("2 of 2 sponsors")).to_be_visible()
    expect(theirs.get_by_text("Only its author can propose it.")).to_be_visible()

    # A link in which a word was changed is another draft, and is not shown as this one.
    identifier, packed = link.split("/draft/")[1].split("?d=")
    altered = theirs.evaluate(
        """async (packed) => {
            const plain = atob(packed.replace(/-/g, "+").replace(/_/g, "/"));
            const bytes = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
            const through = (blob, change) => new Response(blob.stream().pipeThrough(change));
            const text = await through(new Blob([bytes]), new DecompressionStream("deflate-raw")).text();
            const again = new Blob([text.replace("19 degrees", "29 degrees")]);
            const packedAgain = await through(again, new CompressionStream("deflate-raw")).arrayBuffer();
            return btoa(String.fromCharCode(...new Uint8Array(packedAgain)))
                .replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "");
        }""",
        packed,
    )
    assert altered != packed
    theirs.goto(f"/#/proposals/draft/{identifier}?d={altered}")
    expect(theirs.get_by_text("This link does not hold this draft")).to_be_visible()
    expect(theirs.get_by_role("button", name="Sponsor it")).to_be_hidden()

    # The author opens it, and the node is given its texts.
    page.get_by_role("button", name="Propose it").click()
    page.get_by_role("link", name="Go there").click()
    expect(page.get_by_text("In deliberation").first).to_be_visible()
    expect(page.get_by_text("Gas is dear, and pullovers are not.")).to_be_visible()
    expect(page.get_by_text("The hall is heated to 19 degrees.")).to_be_visible()
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    proposal = int(identifier)

    # It is voted on, queued and carried out; whoever carries it out need not have voted.
    c.to_voting(proposal)
    for voter in c.people[1:4]:
        c.send(voter, "assembly", "castBallot", proposal, FOR, 1)
    c.to_end(proposal)
    desk.catch_up()
    page.get_by_role("button", name="Put it in the queue").click()
    expect(page.get_by_text("It passed and waits.")).to_be_visible()
    c.wait_until(int(c.call("assembly", "proposalEta", proposal)) + 1)
    desk.catch_up()
    page.get_by_role("button", name="Carry it out").click()
    expect(page.get_by_text("It passed and was carried out on")).to_be_visible()
    adopted = httpx.get(f"{desk.node}/v1/resolutions").json()["data"]
    assert [one["textHash"] for one in adopted] == [f"0x{text_hash(RESOLUTION).hex()}"]
    page.goto("/#/proposals")
    closed = page.get_by_role("region", name="Closed")
    expect(closed.get_by_role("link", name="A warm hall")).to_be_visible()
    expect(closed.get_by_text("Carried out").first).to_be_visible()
