"""Logs, complete and in order.

History is read in ranges: one filter for all contracts and events, two requests in flight, handed over in
order. The width adapts: a refused range is narrowed to what the node suggests, or halved; an answer with few
logs widens the next by half. One block that still fails is an error, never a gap.

The live window is read block by block: headers first, then, where the header's Bloom filter admits our
events, every receipt of the block. Receipts must be as many as the transactions, their logs numbered without
a gap, and together they must set exactly the header's filter; a node that returns half a block is found out.
In history the same test is made on the last block of each range, which finds answers that were silently cut
short.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Collection

from backend.chain import errors
from backend.chain.bloom import bits, bloom_of, may_contain
from backend.chain.rpc import Call, Rpc
from backend.chain.types import Batch, Block, Log, WireHeader, WireLog, WireReceipt

HEADERS_PER_REQUEST = 100


def header_call(number: int | str) -> Call[WireHeader | None]:
    return Call(
        "eth_getBlockByNumber",
        (number if isinstance(number, str) else hex(number), False),
        WireHeader | None,
    )


class Fetch:
    """Reads the logs of `addresses` whose first topic is one of `topics`.

    `target` is the number of logs to aim at in one answer; `width` the blocks of the first range, at most
    `widest` later on.
    """

    IN_FLIGHT = 2

    def __init__(
        self,
        rpc: Rpc,
        addresses: Collection[bytes],
        topics: Collection[bytes],
        *,
        target: int = 4_000,
        width: int = 64,
        widest: int = 50_000,
    ) -> None:
        self.rpc = rpc
        self.width = width
        self._addresses = frozenset(addresses)
        self._topics = frozenset(topics)
        self._target = target
        self._widest = widest
        self._ceiling = widest
        self._answers = 0
        self._by_block = True
        self.filter = {
            "address": [f"0x{address.hex()}" for address in sorted(self._addresses)],
            "topics": [[f"0x{topic.hex()}" for topic in sorted(self._topics)]],
        }

    async def history(self, first: int, last: int) -> AsyncIterator[Batch]:
        """Batches that cover [first, last] without a gap."""
        pending: deque[asyncio.Task[list[Batch]]] = deque()
        upcoming = first
        try:
            while upcoming <= last or pending:
                while upcoming <= last and len(pending) < self.IN_FLIGHT:
                    end = min(last, upcoming + self.width - 1)
                    pending.append(asyncio.create_task(self._range(upcoming, end)))
                    upcoming = end + 1
                for batch in await pending[0]:
                    yield batch
                pending.popleft()
        finally:
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

    async def recent(self, first: int, last: int, parent: Block) -> list[Batch]:
        """One batch for each block of [first, last], linked to `parent` by their hashes."""
        headers = await self.headers(range(first, last + 1))
        before = parent.hash
        for header in headers:
            if header.parent_hash != before:
                raise errors.ParentMismatch(int(header.number, 16), header.parent_hash, before)
            before = header.hash
        batches = []
        for header in headers:
            block = header.block()
            logs = await self._block_logs(header) if self._admits(header) else []
            batches.append(Batch(block.number, block, [block], logs))
        return batches

    async def headers(self, numbers: Collection[int]) -> list[WireHeader]:
        wanted = list(numbers)
        found: list[WireHeader] = []
        for at in range(0, len(wanted), HEADERS_PER_REQUEST):
            part = wanted[at : at + HEADERS_PER_REQUEST]
            for number, header in zip(
                part, await self.rpc.batch([header_call(n) for n in part]), strict=True
            ):
                if header is None:
                    raise errors.HeadBehind(number)
                if int(header.number, 16) != number:
                    raise errors.RangeLied(f"asked for block {number}, got {int(header.number, 16)}")
                found.append(header)
        return found

    async def _range(self, first: int, last: int) -> list[Batch]:
        """[first, last] in as many pieces as the node makes necessary."""
        batches: list[Batch] = []
        at = first
        end = last
        while at <= last:
            try:
                batch = await self._piece(at, end)
            except (errors.RangeRefused, errors.TimedOut) as refusal:
                if at == end:
                    raise
                self._ceiling = max(1, min(self._ceiling, end - at))
                end = self._narrowed(at, end, refusal)
                self.width = end - at + 1
                continue
            batches.append(batch)
            self._adapt(end - at + 1, len(batch.logs))
            at = end + 1
            end = min(last, at + self.width - 1)
        return batches

    def _narrowed(self, first: int, last: int, refusal: Exception) -> int:
        suggested = refusal.suggested if isinstance(refusal, errors.RangeRefused) else None
        # A suggestion counts only if it starts where we are and asks for less than we did.
        if suggested is not None and suggested[0] == first and first <= suggested[1] < last:
            return suggested[1]
        return first + (last - first + 1) // 2 - 1

    def _adapt(self, width: int, logs: int) -> None:
        """A width that was refused is not tried again soon: the ceiling rises by half every 64 answers."""
        self._answers += 1
        if self._answers % 64 == 0:
            self._ceiling = min(self._widest, self._ceiling + self._ceiling // 2 + 1)
        if logs > 2 * self._target:
            self.width = max(1, width * self._target // logs)
        elif logs < self._target and width >= self.width:
            self.width = min(self._ceiling, self.width + self.width // 2 + 1)

    async def _piece(self, first: int, last: int) -> Batch:
        """One eth_getLogs, checked. A range that times out is narrowed rather than asked for again."""
        query = self.filter | {"fromBlock": hex(first), "toBlock": hex(last)}
        # One batch, so that a load balancer asks the same node for both: no header, no trust in its logs.
        header, wire = await self.rpc.batch(
            [header_call(last), Call("eth_getLogs", (query,), list[WireLog])],
            patient=first == last,
        )
        if header is None:
            raise errors.HeadBehind(last)
        tip = header.block()
        hashes: dict[int, tuple[str, str | None]] = {}
        logs = []
        for entry in wire:
            log = entry.log()
            self._check(log, entry, first, last)
            if hashes.setdefault(log.block, (entry.block_hash, entry.block_timestamp))[0] != entry.block_hash:
                raise errors.RangeLied(f"two hashes for block {log.block}")
            logs.append(log)
        logs.sort(key=lambda log: (log.block, log.index))
        if last in hashes and hashes[last][0] != tip.hash:
            raise errors.RangeLied(
                f"block {last} is {tip.hash} by its header and {hashes[last][0]} by its logs"
            )
        if self._admits(header):
            in_tip = [log for log in logs if log.block == last]
            if in_tip != await self._block_logs(header):
                raise errors.RangeLied(
                    f"logs of blocks {first} to {last} are cut short: block {last} is incomplete"
                )
        return Batch(first, tip, await self._blocks(hashes, tip), logs)

    def _check(self, log: Log, entry: WireLog, first: int, last: int) -> None:
        if not first <= log.block <= last:
            raise errors.RangeLied(f"asked for blocks {first} to {last}, got a log of block {log.block}")
        if log.address not in self._addresses or log.topics[:32] not in self._topics or entry.removed:
            raise errors.RangeLied(f"log {log.block}-{log.index} does not match the filter")

    async def _blocks(self, hashes: dict[int, tuple[str, str | None]], tip: Block) -> list[Block]:
        """The blocks with logs. Some nodes give no timestamp with a log: then their headers are read."""
        missing = [
            number for number, (_, timestamp) in hashes.items() if timestamp is None and number != tip.number
        ]
        read = {int(header.number, 16): header for header in await self.headers(missing)}
        blocks = []
        for number in sorted(hashes):
            block_hash, timestamp = hashes[number]
            if number == tip.number:
                blocks.append(tip)
            elif header := read.get(number):
                if header.hash != block_hash:
                    raise errors.RangeLied(
                        f"block {number} is {header.hash} by its header and {block_hash} by its logs"
                    )
                blocks.append(header.block())
            else:
                blocks.append(Block(number, block_hash, None, int(timestamp or "", 16)))
        return blocks

    def _admits(self, header: WireHeader) -> bool:
        return may_contain(int(header.logs_bloom, 16), self._addresses, self._topics)

    async def _block_logs(self, header: WireHeader) -> list[Log]:
        """Our logs of one block, after checking that none of the block's logs is missing."""
        number, bloom = int(header.number, 16), int(header.logs_bloom, 16)
        receipts = await self._receipts(header)

        def incomplete(reason: str) -> errors.BlockIncomplete:
            return errors.BlockIncomplete(number, header.hash, reason)

        if [receipt.transaction_hash for receipt in receipts] != header.transactions:
            raise incomplete(f"{len(receipts)} receipts for {len(header.transactions)} transactions")
        wire = [entry for receipt in receipts for entry in receipt.logs]
        if any(receipt.block_hash != header.hash for receipt in receipts):
            raise incomplete("a receipt belongs to another block")
        logs = [entry.log() for entry in wire]
        if [log.index for log in logs] != list(range(len(logs))):
            raise incomplete("its logs are not numbered from 0 without a gap")
        if bloom_of((log.address, log.topics) for log in logs) != bloom:
            raise incomplete(f"its {len(logs)} logs do not produce the header's Bloom filter")
        return [log for log in logs if log.address in self._addresses and log.topics[:32] in self._topics]

    async def _receipts(self, header: WireHeader) -> list[WireReceipt]:
        if self._by_block:
            try:
                receipts: list[WireReceipt] | None = await self.rpc.call(
                    "eth_getBlockReceipts", header.hash, result=list[WireReceipt] | None
                )
                if receipts is None:
                    raise errors.HeadBehind(int(header.number, 16))
                return receipts
            except errors.MethodMissing:
                self._by_block = False
        calls: list[Call[WireReceipt | None]] = [
            Call("eth_getTransactionReceipt", (tx,), WireReceipt | None) for tx in header.transactions
        ]
        found: list[WireReceipt | None] = []
        for at in range(0, len(calls), HEADERS_PER_REQUEST):
            found += await self.rpc.batch(calls[at : at + HEADERS_PER_REQUEST])
        return [receipt for receipt in found if receipt is not None]


def bloom_is_kept(header: WireHeader, address: bytes) -> bool:
    """Whether the chain fills in Bloom filters. `header` must be of a block in which `address` logged."""
    return int(header.logs_bloom, 16) & bits(address) == bits(address)
