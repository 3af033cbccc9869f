"""Acting without gas: what a member signed is posted to a node, which pays, and tells what came of it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from backend.cli import show, typed_data
from backend.cli.api import Node, NodeRefused, Reading
from backend.cli.contracts import Contracts, Happened
from backend.cli.errors import Refused
from backend.cli.keys import Key
from backend.cli.refusals import sentence
from backend.decode import Refusal

# How long a signed request can be carried out, seconds: a chain nobody writes to may stand still.
LIFETIME = 86_400
# Gas a request is signed for. What is not used costs nobody anything; too little makes it fail.
REQUEST_GAS = 1_500_000
# Of those whose cost grows with a proposal's actions.
PROPOSAL_GAS = 4_500_000
PROPOSAL_FUNCTIONS = ("propose", "queue", "execute", "cancel")
PATIENCE = 120


# How long the node may take to read the block, seconds.
READING = 15


@dataclass(frozen=True)
class Carried:
    """What the relay did for somebody. `transaction` is None where another one had done it before."""

    transaction: str | None
    happened: list[Happened]


class Pending(Refused):
    """The node took it, and had not carried it out when the command ended."""

    def __init__(self, ticket: str, why: str, *, resumed: bool) -> None:
        then = "give the same command again, or" if resumed else "before you sign again,"
        super().__init__(
            f"{why}: the node has it and may still carry it out; {then} ask `dualpower relayed {ticket}`",
            {"ticket": ticket},
        )


def request(
    node: Node,
    contracts: Contracts,
    key: Key,
    now: int,
    module: str,
    function: str,
    *arguments: Any,
    possession: bytes | None = None,
) -> Carried:
    """Has a member's action carried out. `now` is the chain's time; `possession` goes with a key to
    register."""
    data = contracts.calldata(module, function, *arguments)
    wanted = {
        "from": key.account,
        "to": contracts.address(module),
        "gas": PROPOSAL_GAS if function in PROPOSAL_FUNCTIONS else REQUEST_GAS,
        "nonce": secrets.randbits(64),
        "deadline": now + LIFETIME,
        "data": data,
    }
    signature = key.sign(typed_data.request(contracts, wanted))
    signed = wanted | {"nonce": str(wanted["nonce"]), "data": _hex(data)}
    signed |= {"signature": _hex(signature)}
    if possession is not None:
        signed |= {"possession": _hex(possession)}
    item = _carried_out(node, "/v1/relay/requests", signed)
    return Carried(item["transaction"], brought_about(_events(node, item), key.account, str(wanted["nonce"])))


def ballot(node: Node, contracts: Contracts, key: Key, **cast: int) -> Carried:
    """Has a ballot cast. `cast` has proposalId, memberId, support and votes."""
    signature = key.sign(typed_data.ballot(contracts, **cast))
    signed = cast | {"proposalId": str(cast["proposalId"]), "signature": _hex(signature)}
    item = _carried_out(node, "/v1/relay/ballots", signed)
    mine = {"proposalId": str(cast["proposalId"]), "memberId": cast["memberId"]}
    happened = [h for h in _events(node, item) if mine.items() <= h.arguments.items()]
    return Carried(item["transaction"], happened)


def secret_ballot(node: Node, poll: int, ballot: int, proof: Mapping[str, Any]) -> str | None:
    """Has a secret ballot cast, `ballot` being its seal where results are hidden; the transaction."""
    posted = {"pollId": poll, "ballot": str(ballot), "proof": proof}
    carried: str | None = _carried_out(node, "/v1/relay/secret-ballots", posted, resumed=True)["transaction"]
    return carried


def reveal(node: Node, poll: int, nullifier: int, ballot: int, salt: bytes) -> str | None:
    """Has a sealed ballot revealed; the transaction."""
    posted = {"pollId": poll, "nullifier": str(nullifier), "ballot": str(ballot), "salt": _hex(salt)}
    carried: str | None = _carried_out(node, "/v1/relay/reveals", posted, resumed=True)["transaction"]
    return carried


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
        return
    show.facts(
        [
            ("ticket", found["ticket"]),
            ("received", show.when(found["receivedAt"])),
            ("status", found["status"]),
            *(("transaction", item["transaction"]) for item in found["items"] if item["transaction"]),
            *(("problem", str(_refusal(item))) for item in found["items"] if item["problem"]),
        ]
    )


def _carried_out(node: Node, path: str, wanted: dict[str, Any], *, resumed: bool = False) -> dict[str, Any]:
    """Posts one thing and waits until it is done; what the relay says of it then.

    `resumed`: what the relay has already is waited for, and not refused.
    """
    try:
        posted = node.request("POST", path, json=wanted)["data"]
    except NodeRefused as refused:
        items = refused.problem.get("items")
        if not items:
            raise
        known = items[0]["problem"] or {}
        if not (resumed and known.get("error") == "RelayOnItsWay" and known["arguments"].get("ticket")):
            raise _refusal(items[0]) from None
        posted = outcome(node, known["arguments"]["ticket"])
    deadline = time.monotonic() + PATIENCE
    found = posted
    try:
        with show.progress("waiting for the relay"):
            while found["status"] == "Waiting":
                if time.monotonic() > deadline:
                    raise Pending(posted["ticket"], f"nothing came of it in {PATIENCE} s", resumed=resumed)
                time.sleep(0.3)
                found = outcome(node, posted["ticket"])
    except KeyboardInterrupt:
        raise Pending(posted["ticket"], "interrupted", resumed=resumed) from None
    item: dict[str, Any] = found["items"][0]
    if found["status"] != "Done":
        raise _refusal(item)
    return item


def _events(node: Node, item: dict[str, Any]) -> list[Happened]:
    """All events of the item's transaction in their order; none where the node does not get to its block."""
    if item["block"] is None:
        return []
    deadline = time.monotonic() + READING
    while node.get("/v1/node")["block"]["number"] < item["block"]:
        if time.monotonic() > deadline:
            return []
        time.sleep(0.2)
    found: list[Happened] = []
    for page in node.pages("/v1/events"):
        here = [event for event in page if event["transaction"] == item["transaction"]]
        found += [Happened(event["contract"], event["event"], event["arguments"]) for event in here]
        if page[-1]["block"]["number"] < item["block"]:
            break
    return found[::-1]


def brought_about(happened: list[Happened], account: str, nonce: str) -> list[Happened]:
    """What one request of a batch brought about: the events since the request before it."""
    mine: list[Happened] = []
    for event in happened:
        if event.event == "Forwarded":
            if (event.arguments["from"], event.arguments["nonce"]) == (account.lower(), nonce):
                return mine
            mine = []
        else:
            mine.append(event)
    return []


def _refusal(item: dict[str, Any]) -> Refused:
    """Why one item was not carried out, in words."""
    problem = item["problem"]
    if problem is None:
        return Refused("the relay did not carry it out, and does not say why", {"relay": item})
    refusal = Refusal(problem["error"], problem["arguments"])
    return Refused(sentence(refusal), {"refusal": refusal.error, "arguments": refusal.arguments})


def _hex(value: bytes) -> str:
    return f"0x{value.hex()}"
