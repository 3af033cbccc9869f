"""Proving that one is among the members, without asking anybody about oneself.

All leaves are downloaded, never one path: whoever is asked for a path learns whose ballot follows. A root
that a node made up for one visitor would tell that visitor from others too, so the root is compared with the
chain's where a chain can be asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backend.cli import show
from backend.cli.api import Node
from backend.cli.contracts import Contracts
from backend.cli.errors import Refused

if TYPE_CHECKING:
    from zk import Group, Identity, Message, Proof


@dataclass(frozen=True)
class Electorate:
    """A group at one moment, and the depth at which proofs against it are made. `what` says when."""

    group: Group
    depth: int
    what: str


def of_poll(node: Node, poll: Mapping[str, Any]) -> Electorate:
    """Who may vote in a secret poll. Raises `Refused` where the leaves do not make the poll's root."""
    number = poll["pollId"]
    with show.progress("downloading the group"):
        found = node.data(f"/v1/polls/{number}/group")
    return _checked(node, found["leaves"], int(poll["root"]), poll["depth"], f"when poll {number} opened")


def of_today(node: Node, contracts: Contracts, rpc: str) -> tuple[Electorate, str | None]:
    """Whom sign-ins of the day are proved among, and why that is only the node's word, as in `doubt`.

    Every leaf has to be one of the group's own now: leaves made up for one visitor would tell them apart.
    """
    from backend.cli.chain import Chain

    with show.progress("downloading the group"):
        found = node.data("/v1/session/group")
        leaves = [int(leaf["leaf"]) for page in node.pages("/v1/group/leaves", _BULK) for leaf in page]
    today = _checked(node, found["leaves"], int(found["root"]), found["depth"], "today")
    known = set(leaves) | {0}
    if any(leaf not in known for leaf in today.group.leaves):
        raise Refused(
            f"{node.url} serves a group of today with leaves that the group does not have: use another node"
        )
    chain = Chain(rpc)
    try:
        if (there := chain.chain_id()) != contracts.chain_id:
            return today, f"{rpc} is chain {there}, and the commune is on chain {contracts.chain_id}"
        (root,) = chain.view(contracts, "group", "root")
    except Refused as refused:
        return today, str(refused)
    _checked(node, [str(leaf) for leaf in leaves], root, today.depth, "on the chain just now")
    return today, None


def prove(identity: Identity, electorate: Electorate, message: Message) -> Proof:
    """Raises `Refused` for an identity that is not in the group, and where proving fails."""
    from zk import prove as proved

    if electorate.group.index_of(identity.commitment) is None:
        raise Refused(
            f"your identity {identity.commitment} was not in the members' group {electorate.what}; `dualpower"
            " identity register` lists it for what comes, and --identity FILE names another one of yours"
        )
    with told(), show.progress(f"proving, in a tree {electorate.depth} deep"):
        return proved(identity, electorate.group, message, message.scope, electorate.depth)


@contextmanager
def told() -> Iterator[None]:
    """What zk refuses while it proves or verifies, as a `Refused` with its sentence."""
    from zk import ZkError

    try:
        yield
    except ZkError as error:
        raise Refused(str(error)) from None


def doubt(rpc: str, contracts: Contracts, poll: Mapping[str, Any]) -> str | None:
    """Why it is only the node's word what the poll froze; None once a chain has said the same.

    Raises `Refused` where the chain says something else.
    """
    from backend.cli.chain import Chain

    chain = Chain(rpc)
    try:
        if (found := chain.chain_id()) != contracts.chain_id:
            return f"{rpc} is chain {found}, and the commune is on chain {contracts.chain_id}"
        (terms,) = chain.view(contracts, "polls", "poll", poll["pollId"])
    except Refused as refused:
        return str(refused)
    (entry,) = contracts.functions("polls", "poll")
    names = [part["name"] for part in entry["outputs"][0]["components"]]
    said = dict(zip(names, terms, strict=True))
    served = {
        "text": bytes.fromhex(poll["textHash"][2:]),
        "root": int(poll["root"] or 0),
        "depth": poll["depth"] or 0,
        **{name: poll[name] for name in ("options", "secret", "hidden", "votingEnd", "revealEnd", "credits")},
    }
    differing = [name for name, value in served.items() if said[name] != value]
    if differing:
        raise Refused(
            f"the node does not serve poll {poll['pollId']} as the chain has it ({', '.join(differing)}"
            " differ): use another node"
        )
    return None


# Leaves in a page.
_BULK = 10_000


def _checked(node: Node, leaves: list[str], root: int, depth: int, what: str) -> Electorate:
    from zk import Group, ZkError, filled

    try:
        with show.progress("building the group's tree"):
            group = Group(filled(int(leaf) for leaf in leaves))
    except (ValueError, TypeError, ZkError):
        raise Refused(f"{node.url} serves something as the group's leaves that is none") from None
    if group.root != root:
        raise Refused(
            f"{node.url} serves {len(leaves)} leaves whose root is {group.root}, and the group's was {root}"
            f" {what}: use another node"
        )
    return Electorate(group, depth, what)
