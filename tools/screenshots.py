"""`./dev screenshots`: every place of the page as one of the demo's members sees it, in build/screenshots.

On a phone and on a desktop, light and dark. The demo plays first, unless NODE names a node of a running one.
The README's three, in docs/images, are copies of home, proposals-id and delegation.
"""

from __future__ import annotations

import json
import os
import shutil
import urllib.request
from pathlib import Path
from typing import Any, Literal

from tools.demo import demo
from tools.workspace import BUILD, project_env, run, say

FOLDER = BUILD / "screenshots"
VIEWPORTS = {"phone": (360, 740), "desktop": (1280, 800)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def screenshots(args: list[str]) -> int:
    """Take them of the demo's commune; `args`: the name of a scenario."""
    if node := os.environ.get("NODE"):
        return _take(node)
    return demo(args, then=_take)


def _take(node: str) -> int:
    """In the environment that has Playwright."""
    return run("python", "-m", "tools.screenshots", node.rstrip("/"), env=project_env())


def photograph(node: str, folder: Path) -> int:
    """Screenshots of all places that the commune has something at; how many there are."""
    from playwright.sync_api import sync_playwright

    from tools.browser import launched
    from tools.tour import go, tour

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    places = tour(node)
    wallet: Any = {"name": "dualpower.wallet", "value": f"demo {_somebody(node)}"}
    taken = 0
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for device, (width, height) in VIEWPORTS.items():
            for scheme in SCHEMES:
                context = browser.new_context(
                    base_url=node,
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    locale="en-GB",
                    reduced_motion="reduce",
                    service_workers="block",
                    storage_state={"origins": [{"origin": node, "localStorage": [wallet]}]},
                )
                page = context.new_page()
                page.goto("/")
                page.locator("header .signin").get_by_text("Member").first.wait_for()
                for pattern, address in places.items():
                    go(page, address)
                    page.screenshot(path=folder / f"{_name(pattern)}-{device}-{scheme}.png")
                    taken += 1
                context.close()
        browser.close()
    return taken


def _name(pattern: str) -> str:
    """`/proposals/:id` is `proposals-id`, and `/` is `home`."""
    return pattern.strip("/").replace("/:", "-").replace("/", "-") or "home"


def _somebody(node: str) -> str:
    """The account of a member whom things wait for: the first who is active and no longer on probation."""
    with urllib.request.urlopen(f"{node}/v1/members?limit=200", timeout=30) as answer:  # noqa: S310 - a local node
        members = json.load(answer)["data"]
    account: str = next(member["account"] for member in members if member["status"] == "Active")
    return account


if __name__ == "__main__":
    import sys

    say(f"{photograph(sys.argv[1], FOLDER)} screenshots in {FOLDER}")
