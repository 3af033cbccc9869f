"""What a proof has to be a proof of: its root, depth, scope and message, all from the node's own tables.

A caller names a purpose (a ballot in a poll, a sign-in with a challenge) and never a scope or a message: a
proof that brought its own would be good for anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.deployment import MODULES, Deployment
from backend.read import Moment, group, polls
from zk import Claim, Message, Proof, Scope


class PurposeRefused(Exception):
    """Nothing can be proved for this purpose now; the message says why, `kind` names it for machines."""

    def __init__(self, kind: str, problem: str) -> None:
        super().__init__(problem)
        self.kind = kind


@dataclass(frozen=True)
class Purpose:
    """Proofs for it are made against `root`, at `depth` whatever the length of a leaf's own path."""

    root: int
    depth: int
    scope: Scope
    message: Message

    def claim(self, proof: Proof) -> Claim:
        return Claim(
            proof,
            roots=(self.root,),
            scope=self.scope.value,
            message=self.message.value,
            depths=(self.depth,),
        )


def poll_scope(deployment: Deployment, poll_id: int) -> Scope:
    return Scope.of_poll(deployment.chain_id, _address(deployment, "polls"), poll_id)


def ballot_purpose(moment: Moment, deployment: Deployment, poll_id: int, ballot: int) -> Purpose:
    """`ballot`: the ballot's word, or its seal where results are hidden. Raises `PurposeRefused`."""
    poll = polls.poll(moment, poll_id)
    if poll is None:
        raise PurposeRefused("unknown-poll", f"there is no poll {poll_id}")
    if not poll.secret:
        raise PurposeRefused("poll-not-secret", f"poll {poll_id} is open: its ballots need no proof")
    scope = poll_scope(deployment, poll_id)
    return Purpose(poll.root, poll.depth, scope, Message.of_ballot(scope, ballot))


def sign_in_purpose(moment: Moment, deployment: Deployment, origin: str, challenge: bytes) -> Purpose:
    """Against `read.group.tree_of_the_day`. Raises `PurposeRefused` where that has too few leaves to hide
    among."""
    tree = group.tree_of_the_day(moment)
    least = moment.parameters.get("polls.minListed")
    if least is None or tree.listed < least:
        raise PurposeRefused(
            "group-too-small",
            f"today's group lists {tree.listed} members: {least or 'more'} are needed to hide among",
        )
    scope = sign_in_scope(moment, deployment, origin)
    return Purpose(tree.root, tree.depth, scope, Message.of_sign_in(scope, challenge))


def sign_in_scope(moment: Moment, deployment: Deployment, origin: str) -> Scope:
    day = group.day_of(moment.now)
    return Scope.of_sign_in(deployment.chain_id, _address(deployment, "group"), day, origin)


def _address(deployment: Deployment, module: str) -> int:
    address = deployment.addresses.get(MODULES[module])
    if address is None:
        raise PurposeRefused("no-group", f"this commune has no {MODULES[module]} contract")
    return int.from_bytes(address, "big")
