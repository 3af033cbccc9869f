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


class TextRefused(Exception):
    """A node did not take a text."""


def hand_in(node: str, texts: Mapping[str, str]) -> int:
    """Hand in `texts` by their hashes; returns how many the node has now."""
    deadline = time.monotonic() + PATIENCE
    for hashed, text in texts.items():
        while answer := _refusal(f"{node}/v1/texts/{hashed}", text):
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
        body = error.read().decode(errors="replace")
        if error.code not in (404, 409, 503):
            raise TextRefused(f"{url} answered {error.code}: {_detail(body)}") from error
        return f"{error.code}: {_detail(body)}"
    except OSError as error:
        return str(error)


def _detail(body: str) -> str:
    try:
        return str(json.loads(body).get("detail", body))
    except ValueError:
        return body
