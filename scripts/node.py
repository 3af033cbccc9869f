"""What a story asks of a node: to keep the texts that the chain names, and to send what members signed or
proved.

A node takes `PUT /v1/texts/{hash}` for the keccak256 of a text's UTF-8 bytes, once the hash is on the chain
it has indexed; `POST /v1/relay/ballots` for signed ballots and `/v1/relay/secret-ballots` for proved ones,
for both of which it pays. Standard library only, since this runs in Brownie's environment.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

# How long a node may take to index the blocks that a request builds on, or to send what it took, seconds.
PATIENCE = 120
# What a node answers while it does not know a hash or a proposal yet, or is still reading the chain.
NOT_YET = (404, 409, 422, 503)
# What will not change by waiting.
HOPELESS = ("no-such-path", "hash-mismatch", "no-relay")
PROBLEM = "urn:dualpower:problem:"
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"

T = TypeVar("T")


class NodeRefused(Exception):
    """A node did not do what it was asked."""


class NotYet(Exception):
    """A node may do it later; the message says what it said."""


def hand_in(node: str, texts: Mapping[str, str]) -> int:
    """Hand in `texts` by their hashes; returns how many the node has now."""
    for hashed, text in texts.items():
        url = f"{node}/v1/texts/0x{hashed.removeprefix('0x')}"
        _patiently(partial(_request, "PUT", url, text.encode(), TEXT))
    return len(texts)


def relays(node: str) -> bool:
    """Whether the node pays for members."""
    return bool(_request("GET", f"{node}/v1/relay")["enabled"])


def relay_ballots(node: str, ballots: Sequence[Mapping[str, Any]]) -> str:
    """Have signed ballots cast; returns the transaction that did. Raises `NodeRefused` unless all were."""
    return _relayed(node, _taken(node, "ballots", list(ballots)))


def relay_secret_ballots(node: str, ballots: Sequence[Mapping[str, Any]]) -> list[str]:
    """Have proved ballots cast, each handed in by itself, as each member does; returns the transactions."""
    tickets = [_taken(node, "secret-ballots", ballot) for ballot in ballots]
    return list(dict.fromkeys(_relayed(node, ticket) for ticket in tickets))


def _taken(node: str, kind: str, body: Any) -> str:
    """The ticket for what a node took to relay."""
    taken = _patiently(partial(_request, "POST", f"{node}/v1/relay/{kind}", json.dumps(body).encode()))
    return str(taken["ticket"])


def _relayed(node: str, ticket: str) -> str:
    """The transaction that did all that a ticket is for."""
    url = f"{node}/v1/relay/{ticket}"

    def settled() -> dict[str, Any]:
        found = _request("GET", url)
        if found["status"] == "Waiting":
            raise NotYet(f"{url} still says: Waiting")
        return found

    found = _patiently(settled)
    if found["status"] != "Done":
        raise NodeRefused(f"{url} says: {found['status']}: {found['reason']}")
    return str(found["items"][0]["transaction"])


def _patiently(attempt: Callable[[], T]) -> T:
    """Attempt until the node is as far, or `PATIENCE` ends."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except NotYet as error:
            if time.monotonic() > deadline:
                raise NodeRefused(str(error)) from error
        time.sleep(0.2)


def _request(method: str, url: str, body: bytes | None = None, content_type: str = JSON) -> dict[str, Any]:
    """The answer's data; raises `NotYet` or `NodeRefused`."""
    headers = {"content-type": content_type}
    request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 - our own node
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - our own node
            found: dict[str, Any] = json.loads(answer.read())["data"]
            return found
    except urllib.error.HTTPError as error:
        problem = _problem(error.read())
        said = f"{url} answered {error.code}: {problem.get('detail') or problem.get('title')}"
        if error.code in NOT_YET and problem.get("type", "").removeprefix(PROBLEM) not in HOPELESS:
            raise NotYet(said) from error
        raise NodeRefused(said) from error
    except OSError as error:
        raise NotYet(f"{url}: {error}") from error


def _problem(body: bytes) -> dict[str, str]:
    """An error's problem details (RFC 9457), or what came instead of them."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"title": body.decode(errors="replace")}
