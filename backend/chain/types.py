"""What the JSON-RPC interface returns (`Wire...`), and what the rest of the node works with.

Wire types hold hex text as it comes; `Block` and `Log` hold integers and bytes. Source: the Ethereum
execution API specification.
"""

from __future__ import annotations

import msgspec


class WireHeader(msgspec.Struct, rename="camel", frozen=True):
    """`eth_getBlockByNumber(n, false)`."""

    number: str
    hash: str
    parent_hash: str
    timestamp: str
    logs_bloom: str
    transactions: list[str]

    def block(self) -> Block:
        return Block(int(self.number, 16), self.hash, self.parent_hash, int(self.timestamp, 16))


class WireLog(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """One entry of `eth_getLogs` or of a receipt. `block_timestamp` is an extension some nodes have."""

    address: str
    topics: list[str]
    data: str
    block_number: str
    block_hash: str
    transaction_hash: str
    log_index: str
    block_timestamp: str | None = None
    removed: bool = False

    def log(self) -> Log:
        return Log(
            int(self.block_number, 16),
            int(self.log_index, 16),
            bytes.fromhex(self.address[2:]),
            bytes.fromhex("".join([topic[2:] for topic in self.topics])),
            bytes.fromhex(self.data[2:]),
            bytes.fromhex(self.transaction_hash[2:]),
        )


class WireReceipt(msgspec.Struct, rename="camel", frozen=True):
    transaction_hash: str
    block_hash: str
    logs: list[WireLog]


class Block(msgspec.Struct, frozen=True, gc=False):
    """A link of the block-hash chain. `parent` is unknown (None) for blocks known only from their logs."""

    number: int
    hash: str
    parent: str | None
    timestamp: int


class Log(msgspec.Struct, frozen=True, gc=False):
    """A raw event. `topics` are concatenated, 32 bytes each."""

    block: int
    index: int
    address: bytes
    topics: bytes
    data: bytes
    transaction: bytes


class Batch(msgspec.Struct, frozen=True):
    """Everything that our contracts logged up to and including block `tip`, since the batch before.

    `blocks` are, in order, the blocks to remember: those with logs, and in the live window all of them.
    """

    first: int
    tip: Block
    blocks: list[Block]
    logs: list[Log]
