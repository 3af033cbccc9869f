"""A meeting's device, with cards, and a scanner that types and presses Enter."""

from __future__ import annotations

import re
from base64 import b64decode

from playwright.sync_api import Page, expect

from tests.backend.polling import identity
from tests.cli.conftest import Desk
from tests.web.cards import card

PIN = "correct horse"
WITNESS = 1


def card_of(desk: Desk, who: int, *, account: bool = True, secret: bool = True) -> str:
    """With the keys that the chain's account number `who` and `tests.backend.polling` have."""
    key = desk.commune.people[who].key if account else None
    return card(PIN, account=key, identity=b64decode(identity(who).export()) if secret else None)


def show(page: Page, line: str, pin: str = PIN) -> None:
    page.get_by_role("textbox", name=re.compile("card$", re.I)).fill(line)
    page.keyboard.press("Enter")
    page.get_by_label("PIN of the card").fill(pin)
    page.get_by_role("button", name="Go on").click()


def begin(page: Page, desk: Desk) -> None:
    page.goto("/#/kiosk")
    show(page, card_of(desk, WITNESS))
    expect(page.get_by_role("heading", name="Whose turn is it?")).to_be_visible()


def take_turn(page: Page, desk: Desk, who: int, **on_card: bool) -> None:
    show(page, card_of(desk, who, **on_card))
    expect(page.get_by_role("button", name="I am done")).to_be_visible()


def kept_on(page: Page) -> str:
    """Everything that the page has written down on the device."""
    found: str = page.evaluate(
        """async () => {
            const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
            for (const { name } of await indexedDB.databases()) {
                const opened = await new Promise((resolve) => {
                    const asked = indexedDB.open(name);
                    asked.onsuccess = () => resolve(asked.result);
                });
                for (const store of opened.objectStoreNames) {
                    const asked = opened.transaction(store).objectStore(store).getAll();
                    await new Promise((resolve) => { asked.onsuccess = resolve; });
                    found.push(name, JSON.stringify(asked.result));
                }
                opened.close();
            }
            return found.join("\\n");
        }"""
    )
    return found
