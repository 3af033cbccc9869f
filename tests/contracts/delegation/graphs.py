"""Random graphs of delegations, and votes in them, followed in random orders and pages."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from brownie import chain

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.delegation.liquid_democracy import Ballot, Cast, Lent, followed_ballots
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import FOOD, HOUSING, Person, member_id, opened, resolution, to_voting
from tests.contracts.polls.conftest import votes

HOUR = 3_600
OPTIONS = 5
# Founders 1 and 2 open votes and sponsor them.
AUTHOR, SPONSOR, RELAYER = Person(1), Person(2), Person(7)


@dataclass(frozen=True)
class Followed:
    """What following everyone came to: ballots by member, the tally, and what each member paid."""

    ballots: dict[int, Ballot]
    tally: list[int]
    paid: dict[int, int]


class Graph:
    """Members who delegate, spend, vote and leave at random; `vote` is a proposal or a poll on food."""

    def __init__(self, commune: Any, people: Sequence[Person], is_poll: bool, seed: int) -> None:
        self.commune, self.is_poll = commune, is_poll
        self.chance = random.Random(seed)
        self.people = {member_id(commune, who): who for who in people}
        self.members = list(self.people)
        self.electorate = set(self.members)
        self.lent: dict[int, Lent] = {}
        self.cast: dict[int, Cast] = {}
        self._delegate_all()
        self._spend_some()
        advance(1)
        self.vote = self._opened_poll(FOOD) if is_poll else self._opened_proposal()
        self.start, self.end = self._times()
        for member in self.chance.sample(self.members, 4):
            self._delegate(member)  # after the snapshot: it counts for nothing
        self._vote_some()
        self.end = self._times()[1]  # a late quorum may have moved it
        self._leave_some()
        mine_at(self.end + 1)

    # ---------------------------------------------------------------- what happens

    def _delegate_all(self) -> None:
        """Nearly all delegate, some after having changed their mind; some graphs have long chains."""
        onwards = self.chance.choice((0.2, 0.7, 0.95))
        for place, member in enumerate(self.members):
            if self.chance.random() < 0.04:
                continue
            if self.chance.random() < 0.2:
                self._delegate(member)
            following = self.members[(place + 1) % len(self.members)]
            to = following if self.chance.random() < onwards else None
            self.lent[member] = self._delegate(member, to)
            if self.chance.random() < 0.05:
                self.commune.delegation.revoke(FOOD, self.people[member].tx)
                del self.lent[member]

    def _delegate(self, member: int, to: int | None = None) -> Lent:
        to = to or self.chance.choice([other for other in self.members if other != member])
        lent = Lent(to, self.chance.choice((1, 2, 2, 4, 31)), self.chance.choice((0, 3, 10, 50, 1000)))
        arguments = (FOOD, lent.to, lent.max_votes, lent.max_credits)
        self.commune.delegation.delegate(*arguments, self.people[member].tx)
        return lent

    def _spend_some(self) -> None:
        """Some have little left: about 20, 7 or 4 credits of 100."""
        poll = self._opened_poll(HOUSING)
        for member in self.chance.sample(self.members, len(self.members) // 3):
            spent = self.chance.choice((votes(9), votes(9, 3, 2), votes(9, 4)))
            self.commune.polls.cast(poll, spent, self.people[member].tx)

    def _vote_some(self) -> None:
        """A few vote, in the order of their times, some of them in the last hours."""
        hours = (self.end - self.start) // HOUR
        voters = self.chance.sample(self.members, self.chance.choice((2, 4, 6)))
        times = sorted(
            self.chance.choice((0, 3, 40, hours - 26, hours - 25, hours - 24, hours - 1)) for _ in voters
        )
        for member, hour in zip(voters, times, strict=True):
            mine_at(max(now() + 1, self.start + hour * HOUR + 60))
            most = 3 if self.credits_left(member) < 30 else 5
            given = [self.chance.randrange(most) for _ in range(OPTIONS if self.is_poll else 1)]
            if not self.is_poll:
                given[0] += 1
            ballot = Ballot(0 if self.is_poll else self.chance.randrange(3), tuple(given))
            if ballot.cost > self.credits_left(member):
                ballot = Ballot(ballot.support, (1,) + (0,) * (len(given) - 1))
            sender = self.people[member].tx
            if self.is_poll:
                tx = self.commune.polls.cast(self.vote, votes(*ballot.votes), sender)
            else:
                tx = self.commune.assembly.castBallot(self.vote, ballot.support, ballot.votes[0], sender)
            self.cast[member] = Cast(ballot, tx.timestamp - self.start)

    def _leave_some(self) -> None:
        for member in self.chance.sample(self.members[5:], 2):
            self.commune.membership.leave(self.people[member].tx)
            self.electorate.discard(member)

    # ---------------------------------------------------------------- what it comes to

    def credits_left(self, member: int) -> int:
        return int(self.commune.credits.creditsLeft(member, 1))

    def expected(self) -> dict[int, Ballot]:
        """What the model has filled in for whom."""
        credits = {member: self.credits_left(member) for member in self.members}
        return followed_ballots(self.lent, self.cast, self.end - self.start, credits, self.electorate)

    def problems(self) -> set[int]:
        """Why some would get no ballot."""
        delegation = self.commune.delegation
        outcome = delegation.pollOutcomeOf if self.is_poll else delegation.outcomeOf
        return {outcome(self.vote, member)[0] for member in self.members}

    def foretold(self) -> dict[int, Ballot]:
        """What the contract says it would fill in."""
        found = {}
        for member in self.members:
            if self.is_poll:
                problem, _, word = self.commune.delegation.pollOutcomeOf(self.vote, member)
                ballot = Ballot(0, _options(word))
            else:
                problem, _, support, given = self.commune.delegation.outcomeOf(self.vote, member)
                ballot = Ballot(support, (given,))
            if problem == 0:
                found[member] = ballot
        return found

    def followed(self, seed: int) -> Followed:
        """Follow everyone in a random order and in random pages, some twice, and take it all back."""
        chance = random.Random(seed)
        before = chain._take_snapshot()
        credits = {member: self.credits_left(member) for member in self.members}
        waiting = [*self.members, *chance.sample(self.members, 3)]
        chance.shuffle(waiting)
        follow = self.commune.delegation.followPoll if self.is_poll else self.commune.delegation.follow
        while waiting:
            size = chance.choice((1, 3, len(self.members)))
            page, waiting = waiting[:size], waiting[size:]
            follow(self.vote, page, RELAYER.tx)
        paid = {member: left - self.credits_left(member) for member, left in credits.items()}
        found = Followed(self._ballots(), self._tally(), paid)
        chain._revert(before)
        return found

    def tally_of(self, followed: dict[int, Ballot]) -> list[int]:
        """Direct and followed ballots together: Against, For, Abstain, or the options."""
        sums = [0] * (OPTIONS if self.is_poll else 3)
        for ballot in [*followed.values(), *(cast.ballot for cast in self.cast.values())]:
            for place, given in enumerate(ballot.votes):
                sums[place if self.is_poll else ballot.support] += given
        return sums

    def _ballots(self) -> dict[int, Ballot]:
        found = {}
        for member in self.members:
            if self.is_poll:
                cast, word, followed, _ = self.commune.polls.ballotOf(self.vote, member)
                ballot = Ballot(0, _options(word))
            else:
                cast, support, given, followed, _ = self.commune.assembly.ballotOf(self.vote, member)
                ballot = Ballot(support, (given,))
            if cast and followed:
                found[member] = ballot
            elif cast:
                assert self.cast[member].ballot == ballot
        return found

    def _tally(self) -> list[int]:
        if self.is_poll:
            assert self.commune.polls.ballotCount(self.vote) == len(self.cast)
            return list(self.commune.polls.tally(self.vote))
        assert self.commune.assembly.tallyOf(self.vote)["heads"] == len(self.cast)
        return list(self.commune.assembly.proposalVotes(self.vote))

    # ---------------------------------------------------------------- beforehand

    def _opened_poll(self, topic: int) -> int:
        text = "0x" + communes.text_hash("What do we cook?")
        timelock = acting_as(self.commune.timelock)
        tx = self.commune.polls.open(text, OPTIONS, topic, False, False, timelock)
        return int(tx.events["PollOpened"]["pollId"])

    def _opened_proposal(self) -> int:
        draft = resolution(self.commune, AUTHOR)
        proposal = opened(self.commune, draft, AUTHOR, [AUTHOR, SPONSOR], FOOD)
        to_voting(self.commune, proposal)
        return proposal

    def _times(self) -> tuple[int, int]:
        """When voting starts and ends."""
        if self.is_poll:
            terms = self.commune.polls.poll(self.vote)
            return terms["electorateAt"] + 1, terms["votingEnd"]
        assembly = self.commune.assembly
        return assembly.proposalSnapshot(self.vote), assembly.proposalDeadline(self.vote)


def _options(word: int) -> tuple[int, ...]:
    return tuple(word >> 4 * option & 15 for option in range(OPTIONS))
