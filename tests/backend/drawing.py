"""Draws in a commune: opened as a decision opens them, revealed, captured, and missed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth_abi import encode
from eth_hash.auto import keccak

from tests.backend.commune import Commune, text_hash

PUBLISHED, MIXED = 1, 2
PANEL = "A panel on the new bylaws\n\nOne of the published panels."
JURY = "Who hears both sides"
POOL = (3, 5, 1)
Happened = Callable[[str], None]


def decide(c: Commune, module: str, function: str, *arguments: Any) -> None:
    """In the timelock's name, as an executed decision does it."""
    chain, timelock = c.chain, c.addresses["timelock"]
    data = c.data(module, function, *arguments)
    chain.rpc("anvil_setBalance", timelock, hex(10**18))
    chain.rpc("anvil_impersonateAccount", timelock)
    sent = {"from": timelock, "to": c.addresses[module], "data": f"0x{data.hex()}", "gas": hex(5_000_000)}
    receipt = chain.receipt(chain.rpc("eth_sendTransaction", sent))
    assert receipt["status"] == "0x1", f"{module}.{function} failed"


def secret_of(member: int) -> bytes:
    return keccak(b"what only member %d knows" % member)


def commitment_of(member: int, secret: bytes) -> bytes:
    """As IDraws defines it."""
    domain = keccak(b"dualpower.secret")
    return keccak(encode(["bytes32", "uint32", "bytes32"], [domain, member, secret]))


def to_number(c: Commune, draw: int) -> None:
    """Mines up to the deciding block, and captures its hash."""
    target = int(c.call("draws", "draw", draw)[5])
    c.chain.rpc("anvil_mine", hex(max(1, target + 1 - c.chain.head)))
    c.send(c.people[0], "draws", "capture", draw)


def draw_lots(c: Commune, happened: Happened) -> None:
    decide(c, "draws", "open", keccak(b"the published panels"), 1_000, text_hash(PANEL))
    happened("a draw opened, from a published pool")
    commitments = [commitment_of(member, secret_of(member)) for member in POOL]
    decide(c, "draws", "openAmong", list(POOL), commitments, text_hash(JURY))
    for member in POOL[:2]:
        c.send(c.people[0], "draws", "reveal", MIXED, member, secret_of(member))
    happened("another one opened, and two of three revealed their secrets")
    to_number(c, PUBLISHED)
    c.chain.rpc("anvil_mine", hex(300))
    happened("one is captured, the other is missed")
    c.send(c.people[0], "draws", "retarget", MIXED)
    happened("and has another block")
    to_number(c, MIXED)
    happened("which somebody captured")
