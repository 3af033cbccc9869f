"""Hand a node the texts whose hashes are on the chain: profiles, bodies of proposals, reasons, evidence.

A node takes `PUT /v1/texts/{hash}` for the keccak256 of a text's UTF-8 bytes, once the hash is on the chain
it has indexed.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping

# How long a node may take to index the blocks in which the hashes stand, seconds.
PATIENCE = 30
# What a node answers while it does not know the hash yet, or is still reading the chain.
NOT_YET = (404, 409, 503)
NO_SUCH_PATH = "urn:dualpower:problem:no-such-path"


class TextRefused(Exception):
    """A node did not take a text."""


def hand_in(node: str, texts: Mapping[str, str]) -> int:
    """Hand in `texts` by their hashes; returns how many the node has now."""
    deadline = time.monotonic() + PATIENCE
    for hashed, text in texts.items():
        while answer := _refusal(f"{node}/v1/texts/0x{hashed.removeprefix('0x')}", text):
            # The node may be some blocks behind the chain, and does not know the hash yet.
            if time.monotonic() > deadline:
                raise TextRefused(f"{node} did not take the text {hashed}: {answer}")
            time.sleep(0.2)
    return len(texts)


def _refusal(url: str, text: str) -> str | None:
    """Why the text was not taken, or None if it was."""
    request = urllib.request.Request(  # noqa: S310 - our own node
        url, text.encode(), {"content-type": "text/plain; charset=utf-8"}, method="PUT"
    )
    try:
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - our own node
            return None
    except urllib.error.HTTPError as error:
        problem = _problem(error.read())
        why = f"{url} answered {error.code}: {problem.get('detail') or problem.get('title')}"
        if error.code not in NOT_YET or problem.get("type") == NO_SUCH_PATH:
            raise TextRefused(why) from error
        return why
    except OSError as error:
        return f"{url}: {error}"


def _problem(body: bytes) -> dict[str, str]:
    """An error's problem details (RFC 9457), or what came instead of them."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"title": body.decode(errors="replace")}
