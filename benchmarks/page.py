"""The members' page in a headless Chromium, with what a member on a modest phone would wait for.

The commune has 10,000 founders on a local anvil, and its node serves the page. Chain, node and browser share
this machine's processors. Figures of the page are taken with the processor throttled to a quarter, of visits
with nothing kept from an earlier one, by a member whose wallet is connected; each is the median of `VISITS`
visits.

`load.kb`: what a visit to Home transfers until it is quiet, headers included, without the answers of /v1; kB.
`fcp_s`: first contentful paint, from the start of the navigation.
`interactive_s`: the first moment at which the member can act: Home is drawn in their name, and no task of the
main thread that takes over 50 ms begins within the second after it.
`list10k.frame_ms`: the 95th percentile of the times between two frames while the list of all members is
scrolled as by a hard fling, `FLING` pixels a second for five seconds; throttled like the rest.
`list10k.shown_s`: from the start of the navigation until all members are listed, throttled.
`prove.d20_s`: a proof of depth 20 over a group of 10,000 in the page's own worker, not throttled: from
starting the worker until the proof is there, with the keys fetched from the node. Its parts are told by the
worker.
`axe.violations`: what axe-core finds on all places, light and dark, on a phone and on a desktop, in a commune
that has lived for two years (`tests.backend.life`); rules of WCAG 2.2 A and AA, and axe's best practices.
"""

from __future__ import annotations

import functools
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from coincurve import PrivateKey
from eth_account.messages import _hash_eip191_message, encode_typed_data
from eth_hash.auto import keccak
from eth_utils import to_checksum_address
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect, sync_playwright

from backend.cli.places import COMMUNE
from backend.node import Settings
from benchmarks._results import Row, publish
from tests.backend.chains import anvil, free_port
from tests.backend.commune import PEOPLE, Commune, Person
from tests.backend.life import FOUNDERS, SMALL, live
from tests.backend.processes import serving, wait_until
from tests.web.wallet import Wallet
from tools.axe import violations
from tools.browser import launched
from tools.tour import go, tour
from tools.web import PAGE, web
from zk import Group, Identity
from zk.group import filled

MEMBERS = 10_000
VISITS = 5
SLOWDOWN = 4
DEPTH = 20
# Pixels a second, and for how many seconds.
FLING, FLUNG = 6_000, 5
PATIENCE = 120_000
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
LIMITS = {
    "load.kb": ("value", 300.0),
    "fcp_s": ("value", 1.0),
    "interactive_s": ("value", 1.5),
    "list10k.frame_ms": ("value", 20.0),
    "axe.violations": ("value", 0.0),
}

WATCH = """
    window.slowTasks = [];
    new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries())
            window.slowTasks.push([startTime, startTime + duration]);
    }).observe({ type: "longtask", buffered: true });
    window.drawnAt = null;
    new MutationObserver(() => {
        const title = document.querySelector("main h1");
        if (window.drawnAt === null && title && WANTED.test(title.textContent))
            window.drawnAt = performance.now();
    }).observe(document, { childList: true, subtree: true, characterData: true });
"""

# When the member can act, in ms since the navigation began; null while the main thread may still be busy.
INTERACTIVE = """() => {
    if (window.drawnAt === null) return null;
    let quiet = window.drawnAt;
    for (const [start, end] of window.slowTasks) if (end > quiet && start < quiet + 1000) quiet = end;
    return performance.now() > quiet + 1500 ? quiet : null;
}"""

SCROLL = """([seconds, speed]) => new Promise((resolve) => {
    const list = document.querySelector("main .long");
    const gaps = [];
    let began = null, before = null;
    const step = (now) => {
        began ??= now;
        if (before !== null) gaps.push(now - before);
        before = now;
        const passed = (now - began) / 1000;
        if (passed >= seconds) return resolve(gaps);
        list.scrollTop = passed * speed;
        requestAnimationFrame(step);
    };
    list.scrollTop = 0;
    requestAnimationFrame(step);
})"""

PROVE = """([script, task]) => new Promise((resolve, reject) => {
    const began = performance.now();
    const steps = [];
    const worker = new Worker(script, { type: "module" });
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => {
        const at = performance.now() - began;
        if (data.is === "progress") {
            if (steps.at(-1)?.[0] !== data.progress.step) steps.push([data.progress.step, at]);
        } else if (data.is === "done") resolve({ steps, at, proof: data.result });
        else reject(new Error(JSON.stringify(data)));
    };
    worker.postMessage(task);
})"""


@functools.cache
def digest(typed: str) -> bytes:
    return bytes(_hash_eip191_message(encode_typed_data(full_message=json.loads(typed))))


class Founder(Person):
    """Signs at once what thousands sign alike."""

    def sign(self, typed_data: dict[str, Any]) -> bytes:
        typed = json.dumps(typed_data, default=lambda word: f"0x{word.hex()}")
        signature = PrivateKey(self.key).sign_recoverable(digest(typed), hasher=None)
        return signature[:64] + bytes([27 + signature[64]])


def founder(number: int) -> Founder:
    key = PrivateKey((10**9 + number).to_bytes(32, "big"))
    address = to_checksum_address(keccak(key.public_key.format(compressed=False)[1:])[12:])
    return Founder(number, address, key.secret)


@contextmanager
def node_of(commune: Commune, folder: Path) -> Iterator[str]:
    """A node of the commune that serves the page; its address."""
    deployment = folder / "deployment.json"
    deployment.write_text(json.dumps(commune.record))
    settings = Settings(
        commune.chain.url, deployment, folder / "node.sqlite", application=COMMUNE, port=free_port()
    )
    with serving(replace(settings, poll=0.5, page=PAGE)) as client:
        wait_until(lambda: client.get("/v1/node").json()["block"]["number"] >= commune.chain.head)
        yield f"http://127.0.0.1:{settings.port}"


def signed_in(browser: Browser, node: str, wallet: Wallet, **options: Any) -> BrowserContext:
    """A browser that keeps nothing but which wallet signs."""
    stored = [{"origin": node, "localStorage": [{"name": "dualpower.wallet", "value": "example.wallet"}]}]
    options = {"viewport": PHONE, "locale": "en-GB"} | options
    context = browser.new_context(base_url=node, storage_state={"cookies": [], "origins": stored}, **options)
    context.set_default_timeout(PATIENCE)
    wallet.put_into(context)
    return context


def throttled(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    return session


def visit(browser: Browser, node: str, wallet: Wallet) -> tuple[float, float, float]:
    """Transferred kB, first contentful paint and interactivity in seconds."""
    context = signed_in(browser, node, wallet, service_workers="block")
    context.add_init_script(WATCH.replace("WANTED", "/Member 1/"))
    page = context.new_page()
    session = throttled(page)
    session.send("Network.enable")
    received: dict[str, float] = {}
    answers: set[str] = set()

    def begun(event: dict[str, Any]) -> None:
        if "/v1/" in event["request"]["url"]:
            answers.add(event["requestId"])

    session.on("Network.requestWillBeSent", begun)
    session.on(
        "Network.loadingFinished",
        lambda event: received.__setitem__(event["requestId"], event["encodedDataLength"]),
    )
    page.goto("/")
    interactive = page.wait_for_function(INTERACTIVE, polling=250).json_value()
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    kb = sum(size for request, size in received.items() if request not in answers) / 1000
    return kb, paint / 1000, interactive / 1000


def visits(browser: Browser, node: str, wallet: Wallet) -> list[Row]:
    taken = [visit(browser, node, wallet) for _ in range(VISITS)]
    kb, fcp, interactive = (statistics.median(column) for column in zip(*taken, strict=True))
    return [
        Row("load.kb", round(kb, 1), "kB"),
        Row("fcp_s", round(fcp, 3), "s"),
        Row("interactive_s", round(interactive, 3), "s"),
        Row("interactive_worst_s", round(max(visit[2] for visit in taken), 3), "s"),
    ]


def scrolled(browser: Browser, node: str, wallet: Wallet) -> list[Row]:
    context = signed_in(browser, node, wallet, service_workers="block")
    page = context.new_page()
    session = throttled(page)
    page.goto("/#/members")
    expect(page.locator("main")).to_contain_text(f"{MEMBERS:,} members", timeout=PATIENCE)
    page.locator("main .long").wait_for()
    shown = page.evaluate("performance.now()") / 1000
    slow = sorted(page.evaluate(SCROLL, [FLUNG, FLING]))
    drawn = page.locator("main .long li").count()
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    fast = sorted(page.evaluate(SCROLL, [FLUNG, FLING]))
    context.close()
    return [
        Row("list10k.frame_ms", round(_percentile(slow, 95), 1), "ms"),
        Row("list10k.frame_p50_ms", round(_percentile(slow, 50), 1), "ms"),
        Row("list10k.frame_worst_ms", round(slow[-1], 1), "ms"),
        Row("list10k.frame_full_speed_ms", round(_percentile(fast, 95), 1), "ms"),
        Row("list10k.shown_s", round(shown, 2), "s"),
        Row("list10k.rows_drawn", drawn, "rows"),
    ]


def _percentile(ordered: list[float], share: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


def proved(browser: Browser, node: str) -> list[Row]:
    """The worker alone, as the page starts it; the page's own policy lets no script of ours do so."""
    me = Identity.from_text("benchmark")
    leaves = [keccak_element(number) for number in range(MEMBERS - 1)] + [me.commitment]
    worker = json.loads((PAGE / "build.json").read_text())["prover"]
    context = browser.new_context(base_url=node, bypass_csp=True, service_workers="block")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/")
    task = {
        "do": "prove",
        "secret": me.export(),
        "leaves": [str(leaf) for leaf in leaves],
        "root": str(Group(filled(leaves)).root),
        "depth": DEPTH,
        "message": "1",
        "scope": "2",
        "artifacts": f"{node}/artifacts",
    }
    first, again = (page.evaluate(PROVE, [f"{node}/{worker}", task]) for _ in range(2))
    context.close()
    starts = dict(first["steps"])
    return [
        Row("prove.d20_s", round(first["at"] / 1000, 2), "s"),
        Row("prove.d20.again_s", round(again["at"] / 1000, 2), "s"),
        Row("prove.d20.group10k_s", round((starts["keys"] - starts.get("group", 0)) / 1000, 2), "s"),
        Row("prove.d20.proof_s", round((first["at"] - starts["witness"]) / 1000, 2), "s"),
    ]


def keccak_element(number: int) -> int:
    return int.from_bytes(keccak(number.to_bytes(32, "big")), "big") >> 8


def violated(browser: Browser, node: str, wallet: Wallet) -> list[Row]:
    found = seen = 0
    for viewport in (PHONE, DESKTOP):
        for scheme in ("light", "dark"):
            context = signed_in(
                browser, node, wallet, viewport=viewport, color_scheme=scheme, reduced_motion="reduce"
            )
            page = context.new_page()
            for pattern, address in tour(node).items():
                go(page, address)
                seen += 1
                for violation in violations(page):
                    print(f"axe: {pattern} ({viewport['width']} px, {scheme}): {violation}", flush=True)
                    found += 1
            context.close()
    return [Row("axe.violations", found, "violations"), Row("axe.pages", seen, "pages")]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


def of_thousands(folder: Path) -> list[Row]:
    with anvil("--accounts", str(PEOPLE)) as chain:
        commune = Commune(chain)
        commune.deploy({})
        known = commune.people[1:PEOPLE]
        commune.found([*known, *(founder(number) for number in range(MEMBERS - len(known)))])
        with node_of(commune, folder) as node, chromium() as browser:
            wallet = trusted(commune)
            return [*visits(browser, node, wallet), *scrolled(browser, node, wallet), *proved(browser, node)]


def of_a_life(folder: Path) -> list[Row]:
    with anvil("--accounts", str(PEOPLE)) as chain:
        commune = Commune.founded(chain, FOUNDERS, **SMALL)
        live(commune, lambda happened: None)
        with node_of(commune, folder) as node, chromium() as browser:
            return violated(browser, node, trusted(commune))


def main() -> int:
    web()
    rows: list[Row] = []
    for measure in (of_thousands, of_a_life):
        with tempfile.TemporaryDirectory() as folder:
            rows += measure(Path(folder))
    publish("page", rows, LIMITS)
    return 0


def trusted(commune: Commune) -> Wallet:
    """The wallet of person 1, who has let the page see their account before."""
    return Wallet(commune, commune.people[1], trusted=True)


if __name__ == "__main__":
    sys.exit(main())
