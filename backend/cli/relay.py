"""Acting without gas: what a member signed is posted to a node, which pays, and tells what came of it."""

from __future__ import annotations

import secrets
import time
from typing import Annotated, Any

import typer

from backend.cli import show, typed_data
from backend.cli.api import Node, Reading
from backend.cli.contracts import Contracts
from backend.cli.errors import Refused
from backend.cli.keys import Key

# How long a signed request can be carried out, seconds: a chain nobody writes to may stand still.
LIFETIME = 86_400
# Gas a request is signed for. What is not used costs nobody anything; too little makes it fail.
REQUEST_GAS = 1_500_000
PATIENCE = 120


class Pending(Refused):
    """The node took it, and had not carried it out when the command ended."""

    def __init__(self, ticket: str, why: str) -> None:
        super().__init__(
            f"{why}: the node has what you signed and may still carry it out; before you sign again, ask with"
            f" `dualpower relayed {ticket}`",
            {"ticket": ticket},
        )


def request(node: Node, contracts: Contracts, key: Key, module: str, data: bytes, now: int) -> dict[str, Any]:
    """Has a member's action carried out; what came of it. `now` is the chain's time."""
    wanted = {
        "from": key.account,
        "to": contracts.address(module),
        "gas": REQUEST_GAS,
        "nonce": secrets.randbits(64),
        "deadline": now + LIFETIME,
        "data": data,
    }
    signature = key.sign(typed_data.request(contracts, wanted))
    posted = wanted | {"nonce": str(wanted["nonce"]), "data": f"0x{data.hex()}", "signature": _hex(signature)}
    return _carried_out(node, "/v1/relay/requests", posted)


def ballot(node: Node, contracts: Contracts, key: Key, **cast: int) -> dict[str, Any]:
    """Has a ballot cast; what came of it. `cast` has proposalId, memberId, support and votes."""
    signature = key.sign(typed_data.ballot(contracts, **cast))
    posted = cast | {"proposalId": str(cast["proposalId"]), "signature": _hex(signature)}
    return _carried_out(node, "/v1/relay/ballots", posted)


def outcome(node: Node, ticket: str) -> dict[str, Any]:
    """What is known of something posted."""
    found: dict[str, Any] = node.request("GET", f"/v1/relay/{ticket}")["data"]
    return found


def relayed(
    reading: Reading,
    ticket: Annotated[str, typer.Argument(metavar="TICKET", help="What the relay gave for it.")],
) -> None:
    """Ask what came of something that you signed for a relay."""
    with Node(reading.node) as node:
        found = outcome(node, ticket)
    if reading.as_json:
        show.as_json(found)
    else:
        show.facts(sorted(found.items()))


def _carried_out(node: Node, path: str, posted: dict[str, Any]) -> dict[str, Any]:
    ticket = str(node.request("POST", path, json=posted)["data"]["ticket"])
    deadline = time.monotonic() + PATIENCE
    try:
        with show.progress("waiting for the relay"):
            while True:
                found = outcome(node, ticket)
                if found["status"] == "Refused":
                    raise Refused(f"the relay did not carry it out: {found['reason']}", {"relay": found})
                if found["status"] == "Done":
                    return found
                if time.monotonic() > deadline:
                    raise Pending(ticket, f"nothing came of it in {PATIENCE} s")
                time.sleep(0.3)
    except KeyboardInterrupt:
        raise Pending(ticket, "interrupted") from None


def _hex(value: bytes) -> str:
    return f"0x{value.hex()}"
