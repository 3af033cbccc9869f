"""What is missing on the chain that a keeper can bring about, and handing it to the relay, which pays.

One transaction is under way at a time, and the next is worked out only when the node has read the block of
the last: so little is done twice, by one keeper or by several, of which each begins elsewhere.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from eth_abi.abi import encode

from backend.chain import ChainError
from backend.chain.errors import RpcError
from backend.chain.rpc import Call
from backend.deployment import MODULES
from backend.read import Moment, assignments, draws, mediation, panels, penalties, reviews, series
from backend.read import delegation as reads
from backend.read.delegation import Vote
from backend.read.due import Due
from backend.relay.check import calldata_of, selector_of
from backend.relay.relay import Relay
from backend.relay.upkeep import Upkeep
from backend.serve.problem import Problem
from backend.serve.view import Service
from backend.store.content import INCLUDED

log = logging.getLogger(__name__)

# Members in one transaction.
PAGE = 100
# What a transaction may use at most, below the 2^24 of EIP-7825; a page that takes more is halved.
MOST_GAS = 15_000_000
# By how much an estimate is raised: storage can differ a little by the time of the block.
GAS_MARGIN = 1.2
# Who knows what is due, before following and after it: the chain knows a block's hash for 256 blocks only, a
# vote's follow period ends, and the rest can wait.
BEFORE = (draws.due,)
AFTER = (reviews.due, assignments.due, panels.due, mediation.due, series.due, penalties.due)
# What the keeper calls the things that its calls are about.
NOUNS = {
    "draws": "draw",
    "assignments": "assignment",
    "reviews": "review",
    "series": "series",
    "penalties": "penalty",
    "mediation": "case",
    "panels": "case",
}
# How many of what is due are looked at; what the chain refuses waits for the next block.
DUE = 20
# Seconds between two looks while there is nothing to do, and after the chain failed to answer.
IDLE, PATIENCE = 2.0, 10.0


@dataclass
class Progress:
    """Of one vote: whose ballot each follower gets, and who got one or was passed over. `fruitless`: of whom
    the chain said beforehand that they would get none."""

    followers: dict[int, int]
    settled: set[int] = field(default_factory=set)
    fruitless: set[int] = field(default_factory=set)

    @property
    def missing(self) -> list[int]:
        return sorted(self.followers.keys() - self.settled - self.fruitless)


class Keeper:
    """`obstacle` says what keeps it from working; None if nothing does. `told` hears of all it does."""

    def __init__(self, relay: Relay, told: Callable[[str], None] = log.info) -> None:
        self.relay = relay
        self.service: Service = relay.service
        self.told = told
        self.obstacle: str | None = None
        self.progress: dict[Vote, Progress] = {}
        addresses = self.service.deployment.addresses
        self._delegation = addresses.get(MODULES["delegation"])
        self._ticket: str | None = None
        self._read_until = 0
        self._rewinds = 0
        self._refused: tuple[int, set[Due]] = (0, set())

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                busy = await self.step()
                pause = self.relay.settings.poll if busy else max(IDLE, self.relay.settings.poll)
                self.obstacle = None
            except ChainError as error:
                pause = PATIENCE
                self.obstacle = str(error)
                log.warning("the keeper waits: %s", error)
            except Problem as problem:
                # The node has no tables to work from, or stale ones.
                pause = IDLE
                self.obstacle = problem.title
            await asyncio.sleep(pause)

    async def step(self) -> bool:
        """One look; True while something is under way."""
        content = self.relay.content
        if await asyncio.to_thread(content.under_way, "upkeep"):
            return True
        await self._conclude()
        with self.service.view() as view:
            self._forget_what_never_was()
            if view.cursor.number < self._read_until:
                return True
            votes = reads.votes_being_followed(view.moment) if self._delegation else []
            urgent, due = self._due(view.moment, BEFORE), self._due(view.moment, AFTER)
            new = {vote: reads.following(view.moment, vote) for vote in votes if vote not in self.progress}
        for vote, following in new.items():
            self.progress[vote] = Progress(await asyncio.to_thread(following.followers))
            self.told(f"{name_of(vote)}: {len(self.progress[vote].followers)} members follow")
        with self.service.view() as view:
            self._look(view.moment, votes)
        work = await self._upkeep(urgent)
        if work is None:
            work = await self._following()
        if work is None:
            work = await self._upkeep(due)
        if work is None:
            return False
        self._ticket = await self.relay.keep(work)
        return True

    async def _conclude(self) -> None:
        """What became of the last transaction: the next is worked out from tables that know it."""
        if self._ticket is None:
            return
        (item,) = await asyncio.to_thread(self.relay.content.items_under, self._ticket)
        self._ticket = None
        if item.status == INCLUDED and item.block is not None:
            self._read_until = item.block
        elif item.status != INCLUDED:
            log.warning("the chain did not take the keeper's transaction: %s", item.problem)

    def _forget_what_never_was(self) -> None:
        """After a reorganisation all is worked out again."""
        last = max(
            (rewind.position for rewind in self.service.reader.rewinds_after(self._rewinds)), default=0
        )
        if last:
            self._rewinds, self._read_until = last, 0
            self.progress.clear()

    # What is due

    def _due(self, moment: Moment, concerns: Sequence[Callable[[Moment], Iterator[Due]]]) -> list[Due]:
        """What anyone may do now, and the chain did not refuse in this block already."""
        if self._refused[0] != moment.block:
            self._refused = (moment.block, set())
        found = (due for concern in concerns for due in concern(moment))
        return list(islice((due for due in found if due not in self._refused[1]), DUE))

    async def _upkeep(self, due: Sequence[Due]) -> Upkeep | None:
        """The first of it that the chain takes."""
        for one in due:
            contract = MODULES[one.module]
            to = self.service.deployment.addresses[contract]
            data = calldata_of(contract, one.function, one.arguments)
            work = await self._priced(Upkeep(to, data, MOST_GAS))
            if work is not None:
                self.told(f"{NOUNS[one.module]} {one.arguments[0]}: {one.function}")
                return work
            self._refused[1].add(one)
        return None

    async def _priced(self, work: Upkeep) -> Upkeep | None:
        """With the gas it takes; None where it takes too much, or the contract refuses it."""
        call = work.call(self.relay.sender)
        (gas,) = await self.relay.rpc.each([Call("eth_estimateGas", (call,), str)])
        if isinstance(gas, RpcError):
            log.warning("the chain would not take the keeper's transaction: %s", gas.message)
            return None
        return Upkeep(work.to, work.data, min(MOST_GAS, int(int(gas, 16) * GAS_MARGIN)))

    # Following

    def _look(self, moment: Moment, votes: Sequence[Vote]) -> None:
        """Keeps to the votes that are being followed now, and brings what is known of them up to date."""
        for vote in self.progress.keys() - set(votes):
            del self.progress[vote]
        for vote in votes:
            known = self.progress[vote]
            before = len(known.settled)
            known.settled = reads.followed_for(moment, vote) | reads.passed_over(moment, vote)
            if len(known.settled) > before:
                done = len(known.settled & known.followers.keys())
                self.told(f"{name_of(vote)}: {done} of {len(known.followers)} are followed for")

    async def _following(self) -> Upkeep | None:
        """A page of members of the vote whose follow period ends first, who have no ballot yet."""
        for vote, known in list(self.progress.items()):
            while members := self._page_of(known.missing):
                if (work := await self._worked_out(vote, members)) is not None:
                    return work
                known.fruitless.update(members)
        return None

    def _page_of(self, missing: list[int]) -> list[int]:
        """From a place of this keeper's own: two that begin at once then seldom do the same."""
        pages = -(-len(missing) // PAGE)
        start = PAGE * (int(self.relay.sender, 16) % pages) if pages else 0
        return missing[start : start + PAGE]

    async def _worked_out(self, vote: Vote, members: list[int]) -> Upkeep | None:
        """What has members followed for, with the gas it takes; None if it would give nobody a ballot."""
        assert self._delegation is not None
        while members:
            work = Upkeep(self._delegation, follow_call(vote, members), MOST_GAS)
            call = work.call(self.relay.sender)
            (count,) = await self.relay.rpc.each([Call("eth_call", (call, "pending"), str)])
            if isinstance(count, RpcError) and count.data:
                # Not for want of gas: the contract refuses all, as after the period's end.
                log.warning("%s: %s", name_of(vote), self.service.calls.refusal(count.data).words)
                self.progress[vote].fruitless.update(self.progress[vote].missing)
                return None
            if not isinstance(count, RpcError):
                if int(count, 16) == 0:
                    return None
                if (priced := await self._priced(work)) is not None:
                    return priced
            members = members[: len(members) // 2]
        return None


def follow_call(vote: Vote, members: Sequence[int]) -> bytes:
    """The calldata that has members followed for."""
    if vote.poll_id is not None:
        return selector_of(MODULES["delegation"], "followPoll") + encode(
            ["uint32", "uint32[]"], [vote.poll_id, members]
        )
    return selector_of(MODULES["delegation"], "follow") + encode(
        ["uint256", "uint32[]"], [vote.proposal_id, members]
    )


def name_of(vote: Vote) -> str:
    return f"poll {vote.poll_id}" if vote.poll_id is not None else f"proposal {vote.proposal_id}"
