"""The relay's queue and its sender.

One batch is on its way at a time. It is written down, signed, before it is sent, so that a relay that was
killed in between sends the very same transaction again: the chain takes it once. Before anything is sent, or
sent anew, the chain is asked about each item again.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from backend.chain import ChainError, Rpc
from backend.chain.errors import MethodMissing, RpcError
from backend.chain.rpc import Call
from backend.chain.types import Log, WireLog
from backend.decode import Refusal
from backend.events import (
    AssemblyBallotRecorded,
    AssemblyBallotSkipped,
    ForwarderForwarded,
    ForwarderRequestSkipped,
    PollsSecretBallotCast,
    PollsSecretBallotRefused,
    PollsSecretBallotRevealed,
)
from backend.project.membership import Member
from backend.project.polls import SECRET_BALLOT_PROBLEMS, Poll
from backend.proofs import Verifier, ballot_purpose
from backend.read import Moment
from backend.relay.check import Accepted, Checks, Handed, Refused, Sendable, named, refused, secret_refusal
from backend.relay.fields import Malformed
from backend.relay.key import RelaySettings, load_key
from backend.relay.secret import Reveal, SecretBallot, reveal_of, secret_ballot_of, secret_subject
from backend.relay.signed import Ballot, Request, ballot_of, request_of
from backend.relay.upkeep import Upkeep, upkeep_of
from backend.serve.view import Service
from backend.store.content import (
    FAILED,
    INCLUDED,
    LOST,
    QUEUED,
    REFUSED,
    SENT,
    SKIPPED,
    Batch,
    Content,
    Item,
    Transaction,
)
from zk import Proof

log = logging.getLogger(__name__)

KINDS: dict[str, tuple[Callable[[Any], Any], type[Sendable]]] = {
    "ballots": (ballot_of, Ballot),
    "requests": (request_of, Request),
    "secret-ballots": (secret_ballot_of, SecretBallot),
    "reveals": (reveal_of, Reveal),
    "upkeep": (upkeep_of, Upkeep),
}
# Handed in one by one: a list would say that its items come from one person.
SECRET_KINDS = {"secret-ballots", "reveals"}
# A transaction each.
ALONE = {"reveals", "upkeep"}
BATCH_OVERHEAD = 80_000
# Of a block's gas, so that a batch finds room.
SHARE_OF_BLOCK = 0.8
ATTEMPTS = 3
QUEUE = 10_000
# Seconds after which a transaction that has no block is sent again as it is.
PUSH_EVERY = 10.0
# What a replacement must pay more for nodes to take it, with some to spare.
BUMP = 1.25
# Errors that say that it has happened already.
DONE = {"AssemblyAlreadyVoted", "ForwarderNonceUsed", "PollsAlreadyRevealed"}

_pack = msgspec.msgpack.Encoder().encode


class _Receipt(msgspec.Struct, rename="camel"):
    status: str
    block_number: str
    block_hash: str
    transaction_hash: str
    logs: list[WireLog]


class _Header(msgspec.Struct, rename="camel"):
    number: str
    gas_limit: str
    base_fee_per_gas: str | None = None


@dataclass(frozen=True)
class Taken:
    """What was handed in, with what became of each item at once."""

    ticket: str
    items: list[Item]
    retry_after: float | None


class QueueFull(Exception):
    pass


class Relay:
    """`obstacle` says what keeps it from sending; None if nothing does."""

    def __init__(
        self,
        settings: RelaySettings,
        rpc_url: str,
        service: Service,
        content: Content,
        verifier: Verifier,
    ) -> None:
        self.settings = settings
        self.service = service
        self.content = content
        self.verifier = verifier
        self.key = load_key(settings, service.deployment.chain_id, rpc_url)
        self.sender = self.key.address.lower()
        self.rpc = Rpc(rpc_url)
        self.checks = Checks(
            self.rpc,
            service.deployment,
            service.calls,
            self.sender,
            settings.per_minute,
            settings.secret_per_minute,
        )
        self.obstacle: str | None = None
        self.balance: int | None = None
        self._news = asyncio.Event()
        self._pushed: dict[int, float] = {}

    # Handing in

    async def take(self, kind: str, given: Sequence[Any]) -> Taken:
        """Checks every item and queues the good ones.

        Raises `QueueFull`, `VerifierBusy`, `VerifierFailed`.
        """
        if await asyncio.to_thread(self.content.length) + len(given) > QUEUE:
            raise QueueFull
        ticket, now = secrets.token_hex(16), self._received_at(kind)
        items: list[Item] = []
        waits: list[float] = []
        good: list[tuple[int, Handed, int]] = []
        for position, raw in enumerate(given):
            try:
                parsed, proof = _parsed(kind, raw)
            except Malformed as error:
                verdict: Accepted | Refused = refused("RelayMalformed", reason=str(error))
                items.append(_item(ticket, position, kind, None, verdict, now))
                continue
            verdict = await self._judged(parsed, proof, {item.subject for _, item, _ in good})
            if isinstance(verdict, Accepted):
                good.append((position, parsed, verdict.gas))
            else:
                waits += [verdict.retry_after] if verdict.retry_after is not None else []
                items.append(_item(ticket, position, kind, parsed, verdict, now))
        # Of secret ballots the RPC node learns no sooner than the chain: they are tried when they are sent.
        tried = [] if kind in SECRET_KINDS else await self.checks.tried([parsed for _, parsed, _ in good])
        outcomes = tried or [None] * len(good)
        for (position, parsed, gas), outcome in zip(good, outcomes, strict=True):
            verdict = outcome if outcome is not None else Accepted(gas)
            items.append(_item(ticket, position, kind, parsed, verdict, now))
        items.sort(key=lambda item: item.position)
        if any(item.status == QUEUED for item in items):
            items = await asyncio.to_thread(self.content.enqueue, items, _on_its_way)
            self._news.set()
        return Taken(ticket, items, max(waits) if waits else None)

    async def keep(self, work: Upkeep) -> str:
        """Queues what nobody asked for and anybody may do, behind everything that members handed in; the
        ticket for it. The chain is asked about it before it is sent."""
        ticket = secrets.token_hex(16)
        item = _item(ticket, 0, "upkeep", work, Accepted(work.gas), int(time.time()))
        await asyncio.to_thread(self.content.enqueue, [item], _on_its_way)
        self._news.set()
        return ticket

    def _received_at(self, kind: str) -> int:
        """Of secret ballots only the interval is known, never the second."""
        now, interval = int(time.time()), self.settings.secret_interval
        return now // interval * interval if kind in SECRET_KINDS and interval else now

    async def _judged(self, parsed: Handed, proof: Proof | None, others: set[bytes]) -> Accepted | Refused:
        if isinstance(parsed, SecretBallot | Reveal):
            return await self._judged_secret(parsed, proof)
        account: bytes | None = None
        with self.service.view() as view:
            if isinstance(parsed, Ballot):
                told = self.checks.ballot_refused(view.moment, parsed)
                account = _account_of(view.moment, parsed.member_id)
            else:
                now = max(view.moment.now, int(time.time()) if self._clock_is_ours(view.moment) else 0)
                told = self.checks.request_refused(view.moment, parsed, now)
        if told is not None:
            return told
        if parsed.subject in others:
            return refused("RelayTwiceInOneList")
        if (ticket := await asyncio.to_thread(self.content.waiting, parsed.subject)) is not None:
            return refused("RelayOnItsWay", ticket=ticket)
        if isinstance(parsed, Ballot):
            assert account is not None
            return await self.checks.ballot_signed(parsed, account)
        verdict = await self.checks.request_signed(parsed)
        if isinstance(verdict, Accepted) and self.checks.registers_key(parsed):
            with self.service.view() as view:
                return self.checks.key_refused(view.moment, parsed) or verdict
        return verdict

    async def _judged_secret(self, parsed: SecretBallot | Reveal, proof: Proof | None) -> Accepted | Refused:
        with self.service.view() as view:
            moment = view.moment
            if isinstance(parsed, SecretBallot):
                told = self.checks.secret_ballot_refused(moment, parsed)
            else:
                told = self.checks.reveal_refused(moment, parsed)
            if told is not None:
                return told
            gas = self.checks.secret_gas(moment, parsed)
            ballot = int.from_bytes(parsed.ballot, "big")
            purpose = ballot_purpose(moment, self.service.deployment, parsed.poll_id, ballot)
        if (ticket := await asyncio.to_thread(self.content.waiting, parsed.subject)) is not None:
            return refused("RelayOnItsWay", ticket=ticket)
        if (told := self.checks.nullifier_wait(parsed)) is not None:
            return told
        if proof is not None:
            outcome = await self.verifier.check(purpose.claim(proof))
            if outcome.refusal is not None:
                return refused("RelayProofRefused", check=outcome.refusal, reason=outcome.words)
        return self.checks.secrets_wait() or Accepted(gas)

    def _clock_is_ours(self, moment: Moment) -> bool:
        """Test chains have moved their clock; where the head is recent, a deadline can be told by ours."""
        return abs(moment.now - time.time()) < 900

    # Sending

    async def run(self) -> None:
        """Until cancelled."""
        failures = 0
        while True:
            try:
                busy = await self.step()
                failures = 0
                pause = self.settings.poll
            except ChainError as error:
                failures += 1
                busy, pause = True, min(15.0, self.settings.poll * 2 ** min(failures, 6))
                self.obstacle = str(error)
                log.warning("the relay waits: %s", error)
            if not busy:
                self._news.clear()
            try:
                async with asyncio.timeout(pause if busy else self.settings.poll * 20):
                    await self._news.wait() if not busy else await asyncio.sleep(pause)
            except TimeoutError:
                pass

    async def close(self) -> None:
        await self.rpc.close()

    async def step(self) -> bool:
        """One look at what is on its way and what waits; True if there is more to do."""
        head = await self._head()
        await self._watch(int(head.number, 16))
        open_batches = await asyncio.to_thread(self.content.batches, SENT)
        for batch in open_batches:
            if not await self._settled(batch):
                return True
        for kind in KINDS:
            if await self._send(kind, head):
                return True
        return False

    async def _head(self) -> _Header:
        header: _Header = await self.rpc.call("eth_getBlockByNumber", "latest", False, result=_Header)
        return header

    async def _watch(self, head: int) -> None:
        """Blocks can leave the chain, with a batch in them: then it is on its way again."""
        recent = await asyncio.to_thread(self.content.batches, INCLUDED, head - self.settings.depth)
        for batch in recent:
            receipt = await self._receipt(batch)
            if receipt is not None and int(receipt.block_number, 16) != batch.block:
                await self._conclude(batch, receipt)
            if receipt is None:
                log.warning("batch %d left the chain: it is on its way again", batch.batch)
                again = msgspec.structs.replace(batch, status=SENT, block=None)
                items = [
                    _changed(item, SENT, block=None, transaction_hash=None, problem=None)
                    for item in await asyncio.to_thread(self.content.items_of, batch.batch)
                ]
                await asyncio.to_thread(self.content.settle, again, items)

    async def _receipt(self, batch: Batch) -> _Receipt | None:
        transactions = await asyncio.to_thread(self.content.transactions, batch.batch)
        calls: list[Call[_Receipt | None]] = [
            Call("eth_getTransactionReceipt", (f"0x{t.transaction_hash.hex()}",), _Receipt | None)
            for t in transactions
        ]
        return next((found for found in await self.rpc.batch(calls) if found is not None), None)

    async def _settled(self, batch: Batch) -> bool:
        receipt = await self._receipt(batch)
        if receipt is not None:
            await self._conclude(batch, receipt)
            return True
        used = int(await self.rpc.call("eth_getTransactionCount", self.sender, "latest", result=str), 16)
        if used > batch.nonce:
            # The nonce went to a transaction that is not ours; the items are checked and sent again.
            if await self._receipt(batch) is None:
                log.warning("batch %d lost its nonce %d to another transaction", batch.batch, batch.nonce)
                await self._requeue(msgspec.structs.replace(batch, status=LOST))
            return False
        await self._push(batch)
        return False

    async def _push(self, batch: Batch) -> None:
        """Sends what is recorded again, for a higher fee once it is stuck."""
        transactions = await asyncio.to_thread(self.content.transactions, batch.batch)
        latest = transactions[0]
        fee = int(latest.fee * BUMP) + 1
        if time.time() - latest.sent_at > self.settings.stuck and fee <= self.settings.max_fee:
            tip = None if latest.tip is None else int(latest.tip * BUMP) + 1
            items = await asyncio.to_thread(self.content.items_of, batch.batch)
            latest = self._signed(batch, items, fee, tip)
            await asyncio.to_thread(self.content.replace, latest)
        elif time.monotonic() - self._pushed.get(batch.batch, 0.0) < PUSH_EVERY:
            return
        await self._broadcast(latest)

    async def _broadcast(self, transaction: Transaction) -> None:
        self._pushed = {transaction.batch: time.monotonic()}
        try:
            await self.rpc.call("eth_sendRawTransaction", f"0x{transaction.raw.hex()}", result=str)
            self.obstacle = None
        except RpcError as error:
            # Known already, or its nonce is used: the receipt will tell. Whatever else it is, time may help.
            if "known" not in error.message.lower() and "nonce" not in error.message.lower():
                self.obstacle = error.message
                log.warning("the chain did not take the relay's transaction: %s", error.message)

    async def _send(self, kind: str, head: _Header) -> bool:
        most = 1 if kind in ALONE else self.settings.batch
        waiting = await asyncio.to_thread(self.content.queued, kind, most)
        if kind in SECRET_KINDS:
            waiting = self._due(kind, waiting)
        if not waiting:
            return False
        ready = await self._still_good(kind, waiting)
        room = int(int(head.gas_limit, 16) * SHARE_OF_BLOCK) - BATCH_OVERHEAD
        chosen: list[Item] = []
        for item in ready:
            if item.gas > room and not chosen:
                problem = _problem(Refusal("RelayTooMuchGas", {"gas": item.gas, "limit": room}))
                await asyncio.to_thread(self.content.change, [_changed(item, SKIPPED, problem=problem)])
                return True
            if item.gas > room:
                break
            room -= item.gas
            chosen.append(item)
        if not chosen:
            return bool(waiting)
        fee, tip = await self._fee(head)
        gas = BATCH_OVERHEAD + sum(item.gas for item in chosen)
        if not await self._affordable(fee, fee * gas):
            return False
        nonce = int(await self.rpc.call("eth_getTransactionCount", self.sender, "latest", result=str), 16)
        number = await asyncio.to_thread(self.content.next_batch)
        batch = Batch(number, kind, nonce, SENT, None)
        sent = [
            _changed(item, SENT, batch=number, place=place, attempts=item.attempts + 1)
            for place, item in enumerate(chosen)
        ]
        transaction = self._signed(batch, sent, fee, tip)
        await asyncio.to_thread(self.content.send, batch, transaction, sent)
        await self._broadcast(transaction)
        return True

    def _due(self, kind: str, waiting: list[Item]) -> list[Item]:
        """Those of intervals that are over, and those of polls that soon are."""
        if not waiting:
            return []
        interval, now = self.settings.secret_interval, time.time()
        urgent: set[int] = set()
        # A node that has no tables yet, or stale ones, still sends what it took.
        with self.service.reader.snapshot() as cursor:
            if cursor is not None:
                moment = Moment(self.service.reader, cursor.timestamp)
                end = "voting_end" if kind == "secret-ballots" else "reveal_end"
                ending = moment.rows(Poll, f"{end} <= ?", (moment.now + 2 * interval,))
                urgent = {poll.poll_id for poll in ending}
        return [
            item
            for item in waiting
            if now >= item.received_at + interval or getattr(_unpacked(item), "poll_id", None) in urgent
        ]

    async def _still_good(self, kind: str, waiting: list[Item]) -> list[Item]:
        """Asks the chain again; what it refuses now is not paid for."""
        outcomes = await self.checks.tried([_unpacked(item) for item in waiting])
        ready, done = [], []
        for item, outcome in zip(waiting, outcomes, strict=True):
            if outcome is None:
                ready.append(item)
            elif item.attempts and _happened(outcome.refusal):
                done.append(_changed(item, INCLUDED))
            else:
                done.append(_changed(item, SKIPPED, problem=_problem(outcome.refusal)))
        if done:
            await asyncio.to_thread(self.content.change, done)
        return ready

    async def _fee(self, head: _Header) -> tuple[int, int | None]:
        """The most to pay per gas, and what of it goes to whoever makes the block, in wei."""
        if head.base_fee_per_gas is None:
            price = int(await self.rpc.call("eth_gasPrice", result=str), 16)
            return price, None
        try:
            tip = int(await self.rpc.call("eth_maxPriorityFeePerGas", result=str), 16)
        except MethodMissing:
            tip = 10**9
        return 2 * int(head.base_fee_per_gas, 16) + tip, tip

    async def _affordable(self, fee: int, cost: int) -> bool:
        self.balance = int(await self.rpc.call("eth_getBalance", self.sender, "latest", result=str), 16)
        if fee > self.settings.max_fee:
            self.obstacle = f"gas costs {fee} wei, and the relay pays {self.settings.max_fee} at most"
        elif cost > self.balance:
            self.obstacle = f"{self.sender} has {self.balance} wei, and a batch may take {cost}"
        else:
            self.obstacle = None
            return True
        log.warning("the relay waits: %s", self.obstacle)
        return False

    def _signed(self, batch: Batch, items: list[Item], fee: int, tip: int | None) -> Transaction:
        contract, data = self.checks.batch_call(batch.kind, [_unpacked(item) for item in items])
        price: dict[str, Any] = {"gasPrice": fee}
        if tip is not None:
            price = {"type": 2, "maxFeePerGas": fee, "maxPriorityFeePerGas": min(tip, fee)}
        signed = self.key.sign_transaction(
            {
                "chainId": self.service.deployment.chain_id,
                "nonce": batch.nonce,
                "to": contract,
                "value": 0,
                "data": data,
                "gas": BATCH_OVERHEAD + sum(item.gas for item in items),
                **price,
            }
        )
        return Transaction(
            bytes(signed.hash), batch.batch, bytes(signed.raw_transaction), fee, tip, int(time.time())
        )

    # What came of it

    async def _conclude(self, batch: Batch, receipt: _Receipt) -> None:
        block = int(receipt.block_number, 16)
        items = await asyncio.to_thread(self.content.items_of, batch.batch)
        included = msgspec.structs.replace(batch, status=INCLUDED, block=block)
        if int(receipt.status, 16) != 1:
            await self._requeue(included)
            return
        transaction = bytes.fromhex(receipt.transaction_hash[2:])
        outcomes = self._outcomes(batch.kind, items, [entry.log() for entry in receipt.logs])
        changed = []
        for item in items:
            status, refusal = outcomes.get(item.place, (SKIPPED, Refusal("RelayNoOutcome", {})))
            if status == SKIPPED and refusal is not None and refusal.error in _UNLUCKY:
                changed.append(_again(item))
                continue
            changed.append(
                _changed(
                    item,
                    status,
                    transaction_hash=transaction,
                    block=block,
                    problem=_problem(refusal) if refusal else None,
                )
            )
        await asyncio.to_thread(self.content.settle, included, changed)

    def _outcomes(
        self, kind: str, items: list[Item], logs: list[Log]
    ) -> dict[int | None, tuple[str, Refusal | None]]:
        """By the item's place in the batch."""
        places = {item.subject: item.place for item in items}
        if kind == "upkeep":
            return {item.place: (INCLUDED, None) for item in items}
        decoded = [self.service.decoders.decode(entry, 0) for entry in logs]
        outcomes: dict[int | None, tuple[str, Refusal | None]] = {}
        for event in decoded:
            if isinstance(event, AssemblyBallotRecorded | AssemblyBallotSkipped) and kind == "ballots":
                cast = Ballot(event.proposal_id.to_bytes(32, "big"), event.member_id, 0, 0, b"")
                if isinstance(event, AssemblyBallotRecorded):
                    outcomes[places.get(cast.subject)] = (INCLUDED, None)
                else:
                    outcomes[places.get(cast.subject)] = (SKIPPED, self.service.calls.refusal(event.reason))
            elif isinstance(event, ForwarderForwarded) and kind == "requests":
                used = Request(event.from_, b"", 0, event.nonce.to_bytes(32, "big"), 0, b"", b"")
                failure = None if event.success else self.service.calls.refusal(event.result)
                outcomes[places.get(used.subject)] = (FAILED if failure else INCLUDED, failure)
            elif isinstance(event, ForwarderRequestSkipped) and kind == "requests":
                outcomes[event.index] = (SKIPPED, self.service.calls.refusal(event.reason))
            elif isinstance(event, PollsSecretBallotCast | PollsSecretBallotRefused):
                place = places.get(secret_subject(event.poll_id, event.nullifier.to_bytes(32, "big")))
                if isinstance(event, PollsSecretBallotCast):
                    outcomes[place] = (INCLUDED, None)
                else:
                    problem = SECRET_BALLOT_PROBLEMS[event.problem]
                    outcomes[place] = (SKIPPED, secret_refusal(event.poll_id, event.nullifier, problem))
            elif isinstance(event, PollsSecretBallotRevealed):
                outcomes[items[0].place] = (INCLUDED, None)
        return outcomes

    async def _requeue(self, batch: Batch) -> None:
        items = await asyncio.to_thread(self.content.items_of, batch.batch)
        await asyncio.to_thread(self.content.settle, batch, [_again(item) for item in items])


def _happened(refusal: Refusal) -> bool:
    """Whether the chain refuses because it has been done."""
    return refusal.error in DONE or named(refusal).arguments.get("problem") == "NullifierUsed"


# Reasons that are not the item's own: too little gas was left for it.
_UNLUCKY = {"RelayNoOutcome", "SignaturesTooLittleGas", "ForwarderTooLittleGas"}


def _again(item: Item) -> Item:
    """Back into the queue, unless it was tried often enough."""
    if item.attempts >= ATTEMPTS:
        problem = _problem(Refusal("RelayGaveUp", {"attempts": item.attempts}))
        return _changed(item, SKIPPED, problem=problem)
    return _changed(item, QUEUED, transaction_hash=None, block=None)


def _changed(item: Item, status: str, **changes: Any) -> Item:
    return msgspec.structs.replace(item, status=status, changed_at=int(time.time()), **changes)


def _item(
    ticket: str,
    position: int,
    kind: str,
    parsed: Sendable | None,
    verdict: Accepted | Refused,
    now: int,
) -> Item:
    accepted = isinstance(verdict, Accepted)
    return Item(
        ticket=ticket,
        position=position,
        kind=kind,
        subject=parsed.subject if parsed else b"",
        payload=_pack(parsed) if accepted else b"",
        gas=verdict.gas if isinstance(verdict, Accepted) else 0,
        status=QUEUED if accepted else REFUSED,
        attempts=0,
        batch=None,
        place=None,
        transaction_hash=None,
        block=None,
        problem=None if isinstance(verdict, Accepted) else _problem(verdict.refusal),
        received_at=now,
        changed_at=now,
    )


def _problem(refusal: Refusal) -> str:
    content = {"error": refusal.error, "arguments": refusal.arguments, "words": refusal.words}
    return msgspec.json.encode(content).decode()


def _parsed(kind: str, raw: Any) -> tuple[Handed, Proof | None]:
    """Raises `Malformed`. A proof is for the check alone, and not kept as such."""
    parsed = KINDS[kind][0](raw)
    return parsed if isinstance(parsed, tuple) else (parsed, None)


def _on_its_way(item: Item) -> Item:
    problem = _problem(Refusal("RelayOnItsWay", {}))
    return msgspec.structs.replace(item, status=REFUSED, payload=b"", gas=0, problem=problem)


def _unpacked(item: Item) -> Sendable:
    found: Sendable = msgspec.msgpack.decode(item.payload, type=KINDS[item.kind][1])
    return found


def _account_of(moment: Moment, member_id: int) -> bytes | None:
    who = moment.row(Member, member_id)
    return who.account if who else None
