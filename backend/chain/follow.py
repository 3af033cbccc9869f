"""Where we stand on the chain: on its main line, behind, on a branch that was dropped, or on another chain.

The tip's hash is compared at every start and every poll, at equal height too: a reorg need not change the
height. A node that has not reached our tip yet is lagging as long as its head is a block of ours; only a
differing hash is a reorg.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backend.chain import errors
from backend.chain.fetch import Fetch, header_call
from backend.chain.rpc import Rpc
from backend.chain.types import Block


@dataclass(frozen=True)
class OnChain:
    """Our tip is on the chain, whose head is `head`."""

    head: Block


@dataclass(frozen=True)
class Lagging:
    """The node's head is a block of ours below our tip."""

    head: Block


@dataclass(frozen=True)
class Forked:
    """Our tip is off the chain; `ancestor` is the number of the highest block that is still on it."""

    head: Block
    ancestor: int


@dataclass(frozen=True)
class TooDeep:
    """Our tip is off the chain and so is every block we remember."""

    head: Block


async def stand(
    rpc: Rpc, fetch: Fetch, tip: Block, remembered: Mapping[int, str]
) -> OnChain | Lagging | Forked | TooDeep:
    """Compares `tip` and the `remembered` window (number -> hash, the tip included) with the node's chain."""
    at_tip, latest = await rpc.batch([header_call(tip.number), header_call("latest")])
    if latest is None:
        raise errors.BadAnswer("the RPC node has no latest block")
    head = latest.block()
    if at_tip is not None and at_tip.hash == tip.hash:
        return OnChain(head) if head.number >= tip.number else Lagging(head)
    if at_tip is None and head.number >= tip.number:
        raise errors.HeadBehind(tip.number)
    if at_tip is None and remembered.get(head.number) == head.hash:
        return Lagging(head)
    if at_tip is None and head.number < min(remembered, default=tip.number):
        # Below everything we remember: nothing to compare, so nothing is proved.
        return Lagging(head)
    known = sorted((number for number in remembered if number <= head.number), reverse=True)
    for header in sorted(await fetch.headers(known), key=lambda found: int(found.number, 16), reverse=True):
        number = int(header.number, 16)
        if remembered[number] == header.hash:
            return Forked(head, number)
    return TooDeep(head)


async def check_identity(rpc: Rpc, chain_id: int, addresses: Mapping[str, bytes]) -> str:
    """The hash of block 0, after checking the chain's id and that every contract (by name) has code there."""
    from backend.chain.rpc import Call

    codes: list[Call[str]] = [
        Call("eth_getCode", (f"0x{address.hex()}", "latest"), str) for address in addresses.values()
    ]
    found, genesis, *code = await rpc.batch([Call("eth_chainId", (), str), header_call(0), *codes])
    if int(found, 16) != chain_id:
        raise errors.ChainMismatch(
            f"{rpc.url} is chain {int(found, 16)}, the deployment is on chain {chain_id}"
        )
    if genesis is None:
        raise errors.BadAnswer(f"{rpc.url} has no block 0")
    for name, text in zip(addresses, code, strict=True):
        if text in ("0x", "0x0"):
            raise errors.ChainMismatch(f"{name} has no code at 0x{addresses[name].hex()} on chain {chain_id}")
    block_hash: str = genesis.hash
    return block_hash
