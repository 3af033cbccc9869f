"""axe-core on a page: WCAG 2.2 A and AA as far as a program can tell, and axe's best practices."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from tools.workspace import NODE_MODULES

SCRIPT = NODE_MODULES / "axe-core/axe.min.js"
OPTIONS = {"resultTypes": ["violations"]}


def violations(page: Page) -> list[str]:
    """Each rule that what is on the screen breaks, with the first elements that do."""
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    result = page.evaluate(f"() => axe.run(document, {json.dumps(OPTIONS)})")
    return [
        f"{found['id']}: {[node['target'] for node in found['nodes']][:3]}" for found in result["violations"]
    ]
