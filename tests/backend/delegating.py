"""A commune that delegates at random, and a keeper over a database that follows it, in the test's process."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from backend.decode import Decoders
from backend.deployment import load
from backend.keeper import Keeper
from backend.node import application_of
from backend.proofs import Verifier
from backend.read import Moment, delegation
from backend.relay import Relay, RelaySettings
from backend.serve import Service
from backend.store.content import Content
from tests.backend.commune import FOOD, Commune, Person, text_hash
from tests.backend.mirror import Mirror
from tests.backend.polling import OVEN, Polling, ballot

HOUR = 3_600


class Delegating:
    """Members 1 to `members` are people of the same numbers; member `seed` is who proposes."""

    def __init__(self, commune: Commune, folder: Path, members: int, seed: int, topic: int = FOOD) -> None:
        self.commune = commune
        folder.mkdir(exist_ok=True)
        self.mirror = Mirror(commune, folder)
        self.members = range(1, members + 1)
        self.chance = random.Random(seed)
        self.author = self.person(seed)
        self.topic = topic
        self.told: list[str] = []

    def person(self, member_id: int) -> Person:
        return self.commune.people[member_id]

    def delegate(self, member_id: int, to: int, votes: int = 2, credits: int = 30) -> None:
        self.commune.send(self.person(member_id), "delegation", "delegate", self.topic, to, votes, credits)

    def delegate_at_random(self) -> None:
        """Most name somebody; some change their minds."""
        for member_id in self.members:
            if self.chance.random() < 0.8:
                others = [other for other in self.members if other != member_id]
                caps = self.chance.choice([1, 2, 5, 31]), self.chance.choice([0, 3, 30, 500])
                self.delegate(member_id, self.chance.choice(others), *caps)

    def propose(self) -> int:
        p = self.commune.people
        text = f"Resolution {self.chance.random()}"
        adopt = ("constitution", self.commune.data("constitution", "adopt", text_hash(text)))
        draft = self.commune.draft(self.author, adopt, text=text)
        proposal = self.commune.propose(draft, self.author, (p[1], p[2]), self.topic)
        self.commune.to_voting(proposal)
        return proposal

    def open_poll(self) -> int:
        return Polling(self.commune).open(OVEN, 3, self.topic)

    def vote_at_random(self, proposal: int | None = None, poll: int | None = None) -> None:
        """A third of them, over the whole time of voting, the last day included."""
        begin = self.commune.now
        times = sorted(
            (self.chance.choice([0, 10, 40, 70, 71, 72, 80, 90]) * HOUR, member_id)
            for member_id in self.members
            if self.chance.random() < 0.35
        )
        for after, member_id in times:
            self.commune.wait_until(begin + after)
            who = self.person(member_id)
            if proposal is not None:
                choice, votes = self.chance.randrange(3), self.chance.choice([1, 2, 4])
                self.commune.send(who, "assembly", "castBallot", proposal, choice, votes)
            if poll is not None:
                word = ballot(*(self.chance.choice([0, 1, 2, 3]) for _ in range(3)))
                self.commune.send(who, "polls", "cast", poll, word)

    def to_following(self, proposal: int | None = None, poll: int | None = None) -> None:
        if poll is not None:
            end = Polling(self.commune).poll(poll)["votingEnd"]
        else:
            end = self.commune.call("assembly", "proposalDeadline", proposal)
        self.commune.wait_until(end + 1)

    # The node's side

    def service(self) -> Service:
        settings = self.mirror.settings
        deployment, application = load(settings.deployment), application_of(settings)
        decoders = Decoders(deployment.interfaces, application.events)
        return Service(settings.database, deployment, decoders, application.tables)

    def read(self, question: Callable[[Moment], Any]) -> Any:
        self.mirror.follow()
        with self.service().view() as view:
            return question(view.moment)

    def outcome(
        self, member_id: int, *, proposal: int | None = None, poll: int | None = None
    ) -> delegation.FollowedBallot:
        """What the node says that following would give a member."""

        def asked(moment: Moment) -> Any:
            if poll is not None:
                vote = delegation.vote_in(moment, poll)
            else:
                vote = delegation.vote_on(moment, proposal or 0)
            assert vote is not None
            return delegation.outcome(moment, vote, member_id)

        found: delegation.FollowedBallot = self.read(asked)
        return found

    def do(self, payer: int, action: Callable[[Keeper, Relay], Awaitable[Any]]) -> Any:
        """With a keeper that the chain's account `payer` pays for, as a process that starts has it."""

        async def work() -> Any:
            settings = RelaySettings(test_key=payer, poll=0.02)
            content = Content(self.mirror.settings.database)
            relay = Relay(settings, self.mirror.settings.rpc_url, self.service(), content, Verifier())
            try:
                async with asyncio.timeout(120):
                    return await action(Keeper(relay, self.told.append), relay)
            finally:
                await relay.close()

        self.mirror.follow()
        return asyncio.run(work())

    def keep(self, payer: int, steps: int = 1_000) -> None:
        """Until nothing is left to do, or for so many steps."""

        async def stepping(keeper: Keeper, relay: Relay) -> None:
            for _ in range(steps):
                busy = await keeper.step()
                while await relay.step():
                    pass
                await asyncio.to_thread(self.mirror.follow)
                if not busy:
                    return
            if steps >= 1_000:
                raise TimeoutError(self.told)

        self.do(payer, stepping)

    def work_of(self, payer: int) -> list[tuple[bytes, bytes]]:
        """(contract, calldata) of what a keeper would send first, if anything; it is not sent."""
        handed: list[tuple[bytes, bytes]] = []

        async def look(keeper: Keeper, relay: Relay) -> None:
            async def keep(work: Any) -> str:
                handed.append((work.to, work.data))
                return ""

            relay.keep = keep  # type: ignore[method-assign]
            await keeper.step()

        self.do(payer, look)
        return handed

    def ballots(self, proposal: int) -> dict[int, tuple[Any, ...]]:
        """(cast, support, votes, followed) of each member, from the contract."""
        return {
            member_id: self.commune.call("assembly", "ballotOf", proposal, member_id)[:4]
            for member_id in self.members
        }

    def poll_ballots(self, poll: int) -> dict[int, tuple[Any, ...]]:
        """(voted, ballot, followed) of each member, from the contract."""
        return {
            member_id: self.commune.call("polls", "ballotOf", poll, member_id)[:3]
            for member_id in self.members
        }
