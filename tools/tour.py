"""A tour of the members' page: every place there is, each at an address that a commune has something at."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TimedOut

from tools.workspace import ROOT

ROUTES = ROOT / "web/src/app/routes.ts"
# What stands for `:id` in a route: the list of the API, and the field that names its items. Where a list has
# items in one of the states, the first of those; else its first.
LISTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "/applications": ("/v1/applications", "applicationId", ("Open",)),
    "/assignments": ("/v1/assignments", "assignmentId", ("Volunteering", "Running")),
    "/cases": ("/v1/cases", "caseId", ("Convened",)),
    "/consent": ("/v1/consent", "proposalId", ("Open", "Executed")),
    "/draws": ("/v1/draws", "drawId", ("Captured",)),
    "/elections": ("/v1/elections", "electionId", ("Polling",)),
    "/kiosk/ballot": ("/v1/proposals", "proposalId", ("Active",)),
    "/kiosk/blank": ("/v1/proposals", "proposalId", ("Active",)),
    "/members": ("/v1/members", "memberId", ("Active",)),
    "/offices": ("/v1/offices", "officeId", ()),
    "/petitions": ("/v1/petitions", "petitionId", ()),
    "/polls": ("/v1/polls", "pollId", ("Voting", "Closed")),
    "/proposals": ("/v1/proposals", "proposalId", ("Active",)),
    "/proposals/draft": ("/v1/drafts", "proposalId", ()),
    "/reputation": ("/v1/members", "memberId", ("Active",)),
    "/reviews": ("/v1/reviews", "reviewId", ()),
    "/series": ("/v1/series", "seriesId", ()),
}


def go(page: Page, address: str) -> None:
    """To a place, and waits until it is drawn; a time-out names the address."""
    page.goto(f"/#{address}")
    try:
        _settle(page)
    except TimedOut as error:
        raise TimedOut(f"{address}: {error}") from None


def _settle(page: Page) -> None:
    page.locator("main h1").first.wait_for()
    page.wait_for_function("() => !document.querySelector('main .loading')")
    # Readings that arrive one after the other draw the place more than once.
    page.wait_for_timeout(300)
    page.wait_for_function("() => !document.querySelector('main .loading')")


class NoSuchPlace(Exception):
    """A route whose parameters nothing stands for; `LISTS` lacks it."""


def routes() -> list[str]:
    """The patterns of all places, as web/src/app/routes.ts has them."""
    return re.findall(r'\{\s*path: "([^"]+)"', ROUTES.read_text(encoding="utf-8"))


def tour(node: str) -> dict[str, str]:
    """For each pattern an address after `#`; those of which the commune has no example are left out."""
    found = {pattern: _example(pattern, node) for pattern in routes()}
    return {pattern: address for pattern, address in found.items() if address is not None}


def _example(pattern: str, node: str) -> str | None:
    stem, colon, parameters = pattern.partition("/:")
    if not colon:
        return pattern
    if stem not in LISTS:
        raise NoSuchPlace(f"nothing stands for the parameters of {pattern} in {__name__}.LISTS")
    path, field, states = LISTS[stem]
    items = _read(f"{node}{path}?limit=200")
    liked = [item for state in states for item in items if item.get("state", item.get("status")) == state]
    for item in liked + [item for item in items if item not in liked]:
        address = f"{stem}/{item[field]}"
        if ":" not in parameters:
            return address
        # What comes after a proposal is a member who voted on it.
        if ballots := _read(f"{node}/v1/proposals/{item[field]}/ballots"):
            return f"{address}/{ballots[0]['memberId']}"
    return None


def _read(url: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - a node that the caller runs
        found: list[dict[str, Any]] = json.load(answer)["data"]
    return found
