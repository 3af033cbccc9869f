"""Requests that members signed and somebody else paid for: which of their nonces are used."""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table


@table("nonces", key=["account", "nonce"])
class Nonce(msgspec.Struct, frozen=True):
    """`outcome`: `Forwarded`, `Failed` (the call reverted) or `Cancelled`."""

    account: bytes
    nonce: Uint256
    outcome: str
    used_at: int
    transaction_hash: bytes


forwarder = Projection("forwarder", tables=[Nonce])


@forwarder.on(events.ForwarderForwarded)
def forwarded(state: State, event: events.ForwarderForwarded) -> None:
    outcome = "Forwarded" if event.success else "Failed"
    at = event.at
    state.insert(Nonce(event.from_, event.nonce, outcome, at.timestamp, at.transaction))


@forwarder.on(events.ForwarderNonceCancelled)
def nonce_cancelled(state: State, event: events.ForwarderNonceCancelled) -> None:
    at = event.at
    state.insert(Nonce(event.from_, event.nonce, "Cancelled", at.timestamp, at.transaction))
