"""What other people write is shown as what it is: nothing of it runs, loads or takes the page along."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from backend.polls import compose
from tests.backend.commune import FOOD, text_hash
from tests.backend.polling import Polling
from tests.web.test_votes import hand_in, proposed, sign_in
from tests.web.wallet import Wallet

# What browsers have been made to run by Markdown, HTML within it, addresses, SVG and entities.
CORPUS = [
    "<script>window.hacked = 1</script>",
    '<img src=x onerror="window.hacked = 1">',
    "<svg/onload=window.hacked=1>",
    "<svg><animate onbegin=window.hacked=1 attributeName=x dur=1s></svg>",
    "<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'/>#x\"></use></svg>",
    '<math><mi//xlink:href="javascript:window.hacked=1">',
    '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
    '<iframe src="https://evil.example/"></iframe>',
    '<object data="https://evil.example/x.swf"></object><embed src="https://evil.example/x">',
    "<body onload=window.hacked=1><input autofocus onfocus=window.hacked=1>",
    "<details open ontoggle=window.hacked=1><summary>x</summary></details>",
    '<a href="javascript:window.hacked=1">click</a>',
    '<form action="https://evil.example/"><button>Vote</button></form>',
    '<base href="https://evil.example/"><link rel=stylesheet href="https://evil.example/x.css">',
    '<meta http-equiv=refresh content="0;url=https://evil.example/">',
    "<style>body { display: none } @import url(https://evil.example/x.css);</style>",
    "<video><source onerror=window.hacked=1></video><audio src=x onerror=window.hacked=1>",
    "<template><script>window.hacked=1</script></template>",
    '<noscript><p title="</noscript><img src=x onerror=window.hacked=1>">',
    '<p style="position:fixed;inset:0;background:url(https://evil.example/bg.png)">over everything</p>',
    "[click](javascript:window.hacked=1)",
    "[click](JaVaScRiPt:window.hacked=1)",
    "[click](java\tscript:window.hacked=1)",
    "[click](&#106;avascript:window.hacked=1)",
    "[click](\u0001javascript:window.hacked=1)",
    "[click](data:text/html,<script>window.hacked=1</script>)",
    "[click](vbscript:msgbox)",
    '[click](https://good.example/ "" onmouseover="window.hacked=1")',
    "[click](//evil.example/)",
    "[a]: javascript:window.hacked=1\n\n[a]",
    "![x](https://evil.example/pixel.png)",
    '![x](x" onerror="window.hacked=1)',
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "<javascript:window.hacked=1>",
    '<https://good.example/"onmouseover="window.hacked=1>',
    "`<img src=x onerror=window.hacked=1>`",
    "```html\n<script>window.hacked=1</script>\n```",
    '```"><img src=x onerror=window.hacked=1>\nx\n```',
    "| a | <img src=x onerror=window.hacked=1> |\n|---|---|\n| <script>window.hacked=1</script> | b |",
    "- [ ] <img src=x onerror=window.hacked=1>",
    "1. <svg onload=window.hacked=1>",
    "> <iframe src=javascript:window.hacked=1>",
    "# <img src=x onerror=window.hacked=1>",
    "&lt;script&gt;window.hacked=1&lt;/script&gt;",
    "\\<script>window.hacked=1\\</script>",
    "<scr<script>ipt>window.hacked=1</scr</script>ipt>",
    "<<SCRIPT>window.hacked=1//<</SCRIPT>",
    "<img \x00src=x onerror=window.hacked=1>",
    "{{constructor.constructor('window.hacked=1')()}} ${window.hacked=1} <%= hacked %>",
    "__proto__ constructor toString hasOwnProperty",
    ">" * 400 + " deep",
    "[" * 400 + "deep",
    "- " * 200 + "deep",
    "*" * 2_000,
    "\u202edrawkcab\u2066 \u200fאבג\u200e",
]
ALLOWED = {
    *(
        "a",
        "bdi",
        "blockquote",
        "br",
        "code",
        "del",
        "div",
        "em",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
    ),
    *("pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    "href",
    "target",
    "rel",
    "title",
    "class",
    "dir",
    "start",
    "scope",
    "tabindex",
    "role",
    "aria-label",
}
OVERRIDE = "\u202e"
ARABIC = "مخزن بارد في القاعة"
LARGE = 5_000_000


def found(page: Page) -> list[dict[str, Any]]:
    """Every element of what people wrote, with its attributes."""
    elements: list[dict[str, Any]] = page.evaluate(
        """() => [...document.querySelectorAll(".theirs, .theirs *")].map((element) => ({
            tag: element.localName,
            attributes: element.getAttributeNames(),
            href: element.getAttribute("href"),
        }))"""
    )
    return elements


def check(page: Page) -> None:
    """Nothing ran, and nothing is there that a text may not bring."""
    assert page.evaluate("() => window.hacked") is None
    elements = found(page)
    assert elements
    assert {element["tag"] for element in elements} <= ALLOWED
    assert {name for element in elements for name in element["attributes"]} <= ATTRIBUTES
    for element in elements:
        assert element["href"] is None or element["href"].startswith(("https://", "http://", "#/"))


def test_nothing_that_people_write_runs_or_loads(page: Page, wallet: Wallet, desk: Any) -> None:
    c = desk.commune
    body = "\n\n".join(CORPUS)
    title = CORPUS[1] + ARABIC
    call = ("constitution", c.data("constitution", "adopt", text_hash(body)))
    draft = c.draft(c.people[1], call, text=f"{title}\n\n{CORPUS[0]}\n\n[x](javascript:window.hacked=1)")
    proposal = c.propose(draft, c.people[1], c.people[1:3], FOOD)
    c.to_voting(proposal)
    reason = "<img src=x onerror=window.hacked=1> [x](javascript:window.hacked=1)"
    c.send(c.people[3], "assembly", "castVoteWithReason", proposal, 0, reason)
    question = "<img src=x onerror=window.hacked=1> Which?"
    asked = compose(question, ["<script>window.hacked=1</script>", ARABIC, "[c](javascript:window.hacked=1)"])
    poll = Polling(c).open(asked, 3)
    hand_in(desk, body, asked)

    page.goto(f"/#/proposals/{proposal}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(CORPUS[1])
    expect(page.get_by_text("over everything")).to_be_visible()
    expect(page.get_by_text(reason)).to_be_visible()
    check(page)
    links = [element["href"] for element in found(page) if element["href"]]
    assert any(link.startswith("https://good.example/") for link in links)
    # A picture is a link that says where it leads: showing it would tell its server who reads.
    expect(page.get_by_role("link", name="x (evil.example)")).to_have_attribute(
        "rel", "noopener noreferrer nofollow"
    )
    for element in page.locator(".theirs summary, .theirs button, .theirs input").all():
        pytest.fail(f"a text brought a control: {element.inner_text()}")

    # In lists, in what the wallet signs, and in the list of what was signed.
    sign_in(page, wallet)
    page.get_by_role("radio", name="For", exact=True).check()
    page.get_by_role("button", name="Cast: For, 1 vote").click()
    expect(page.locator("[data-ballot=For]")).to_be_visible()
    page.goto("/#/proposals")
    expect(page.get_by_role("link", name=ARABIC)).to_be_visible()
    check(page)
    page.goto("/#/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("() => window.hacked") is None

    # The poll's options are names, and its sliders are ours.
    page.goto(f"/#/polls/{poll}")
    expect(page.get_by_role("heading", level=1)).to_have_text(question)
    expect(page.get_by_role("slider", name="<script>window.hacked=1</script>")).to_be_visible()
    check(page)


def test_a_link_from_a_stranger_is_no_more_than_a_draft(page: Page, faults: Any) -> None:
    faults.forgive("status of 404")
    strange = ["e30", "%00", "A" * 5_000, "javascript:window.hacked=1", "<img src=x onerror=window.hacked=1>"]
    for link in strange:
        page.goto(f"/#/proposals/draft/7?d={link}")
        expect(page.get_by_text("This link does not hold this draft")).to_be_visible()
    for path in (
        "proposals/draft/x",
        "polls/0",
        "polls/x",
        f"polls/{2**40}",
        f"proposals/{2**255}",
        "consent/7",
    ):
        page.goto(f"/#/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("() => window.hacked") is None


def test_right_to_left_text_stays_in_its_place(page: Page, desk: Any) -> None:
    c = desk.commune
    body = f"{ARABIC} — {OVERRIDE}reversed\n\n- {ARABIC}\n- left to right"
    draft = c.draft(
        c.people[2],
        ("constitution", c.data("constitution", "adopt", text_hash(body))),
        text=f"{OVERRIDE}{ARABIC}",
    )
    proposal = c.propose(draft, c.people[2], c.people[1:3], FOOD)
    hand_in(desk, body)
    page.goto(f"/#/proposals/{proposal}")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(ARABIC)
    # The override within the title ends with it: what follows reads as it should.
    assert heading.locator("bdi").evaluate("(e) => getComputedStyle(e).unicodeBidi") == "isolate"
    text = page.locator(".prose").filter(has_text=ARABIC).first
    expect(text).to_be_visible()
    assert text.evaluate("(e) => getComputedStyle(e).direction") == "rtl"
    box, card = text.bounding_box(), page.locator("section.card").first.bounding_box()
    assert box is not None
    assert card is not None
    assert card["x"] <= box["x"]
    assert box["x"] + box["width"] <= card["x"] + card["width"] + 1
    assert page.evaluate("() => document.documentElement.dir") in ("", "ltr")


def test_a_text_of_five_megabytes_keeps_the_page_awake(page: Page, desk: Any) -> None:
    c = desk.commune
    line = "# <img src=x onerror=window.hacked=1> **all** work and no play\n\n"
    text = (line * (LARGE // len(line) + 1))[:LARGE]
    named = text_hash(text)
    draft = c.draft(c.people[4], ("constitution", c.data("constitution", "adopt", named)), text="A long one")
    c.propose(draft, c.people[4], c.people[1:3], FOOD)
    desk.catch_up()
    refused = httpx.put(f"{desk.node}/v1/texts/0x{named.hex()}", content=text.encode())
    assert refused.status_code == 413

    # A node that takes larger texts than ours serves it.
    def answer(route: Route) -> None:
        route.fulfill(body=text, content_type="text/plain; charset=utf-8")

    page.context.route(f"**/v1/texts/0x{named.hex()}", answer)
    page.goto("/#/proposals")
    expect(page.get_by_role("link", name="A long one")).to_be_visible()
    page.evaluate(
        """() => {
            let last = performance.now();
            window.longest = 0;
            setInterval(() => {
                const now = performance.now();
                window.longest = Math.max(window.longest, now - last);
                last = now;
            }, 20);
        }"""
    )
    page.get_by_role("link", name="A long one").click()
    expect(page.get_by_text("This text has 5,000,000 characters.")).to_be_visible()
    more = page.get_by_role("button", name="Show more")
    for _ in range(3):
        more.click()
    longest = page.evaluate("() => window.longest")
    assert longest < 2_500, f"the page did not answer for {longest:.0f} ms"
    assert page.evaluate("() => document.querySelectorAll('.theirs *').length") < 200
    check(page)


def test_texts_made_to_tangle_the_page_are_shown_all_the_same(page: Page, desk: Any) -> None:
    c = desk.commune
    tangled = [">" * 60_000, "* " * 30_000 + "a", "1. " * 20_000, "a" * 60_000 + "@", "_a" * 30_000]
    calls = [("constitution", c.data("constitution", "adopt", text_hash(text))) for text in tangled]
    draft = c.draft(c.people[3], *calls, text="Tangled")
    proposal = c.propose(draft, c.people[3], c.people[1:3], FOOD)
    hand_in(desk, *tangled)
    page.goto(f"/#/proposals/{proposal}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tangled")
    expect(page.locator(".quoted .theirs")).to_have_count(len(tangled))
    check(page)


def test_nobody_signs_for_another_proposal_than_the_one_shown(
    page: Page, wallet: Wallet, desk: Any, faults: Any
) -> None:
    c = desk.commune
    meant, shown = (proposed(desk, c.people[who], text) for who, text in ((4, "Stones"), (5, "Bread")))
    said = {
        proposal: httpx.get(f"{desk.node}/v1/proposals/{proposal}").json()["data"]
        for proposal in (shown, meant)
    }
    lies = {
        "another id": said[shown] | {"proposalId": str(meant)},
        "other calls": said[meant] | {"actions": said[shown]["actions"][:0]},
        "another title": said[meant] | {"title": "Bread"},
        "another text": said[meant] | {"texts": ["0x" + "11" * 32]},
    }
    lie: dict[str, Any] = {}

    def answer(route: Route) -> None:
        honest = route.fetch(headers={**route.request.headers, "if-none-match": ""})
        route.fulfill(response=honest, json=honest.json() | {"data": lie or said[meant]})

    faults.forgive("status of 404")
    page.context.route(f"**/v1/proposals/{meant}", answer)
    page.goto("/#/")
    sign_in(page, wallet)
    for lie in lies.values():  # noqa: B007 - the answer above tells it
        page.goto(f"/#/proposals/{meant}")
        page.reload()
        page.get_by_role("radio", name="For", exact=True).check()
        page.get_by_role("button", name="Cast: For, 1 vote").click()
        expect(page.locator('[data-refusal="false-proposal"]')).to_contain_text("Nothing was signed")
    assert wallet.signed() == []
    lie = {}
    page.reload()
    page.get_by_role("radio", name="For", exact=True).check()
    page.get_by_role("button", name="Cast: For, 1 vote").click()
    expect(page.locator("[data-ballot=For]")).to_be_visible()
    assert [one["message"]["proposalId"] for one in wallet.signed()] == [str(meant)]
    # What is asked for while the browser closes is nobody's answer any more.
    page.context.unroute_all(behavior="ignoreErrors")
