"""Ballots of every kind, good and bad, in any order, and what the polls must say then: a model of them."""

from __future__ import annotations

import random
from typing import Any

import brownie

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import GENERAL, member_id, person
from tests.contracts.polls.conftest import PROOF_INVALID, SecretBallot, votes
from tests.contracts.polls.prover import Prover

OPTIONS = 10
LISTED = range(1, 13)
# Who votes in secret, in each of the two secret polls: a proof takes as long as twenty open ballots.
SECRET_VOTERS = range(1, 4)
SALT = b"\x5a" * 32
STEPS = ("cast", "cast", "cast", "deliver", "deliver", "seal", "batch", "forge")


class Ballots:
    """Three polls of ten options: by name, secret with live results, secret with hidden ones."""

    def __init__(self, commune: Any, prover: Prover) -> None:
        self.commune = commune
        self.polls = commune.polls
        self.identities = {n: prover.identity(f"what only person {n} knows") for n in LISTED}
        for number, identity in self.identities.items():
            commune.group.register(*identity.public_key, person(number).tx)
        advance(2)
        self.open, self.live, self.hidden = (self._opened(*kind) for kind in ((0, 0), (1, 0), (1, 1)))
        self.secret = [self._proved(prover, self.live, n, self._some(n)) for n in SECRET_VOTERS]
        self.sealed = {}
        for number in SECRET_VOTERS:
            ballot = self._some(number + 7)
            nullifier = self._proved(prover, self.hidden, number, 2).nullifier
            seal = self.polls.sealOf(self.hidden, nullifier, ballot, SALT)
            self.sealed[self._proved(prover, self.hidden, number, seal)] = ballot
        self.counted: dict[int, dict[int, int]] = {self.open: {}, self.live: {}, self.hidden: {}}
        self.sealed_so_far: set[int] = set()

    def run(self, steps: int, seed: int) -> None:
        """Random steps during voting, then random reveals; the invariants are checked after each."""
        chance = random.Random(seed)
        for _ in range(steps):
            getattr(self, f"_{chance.choice(STEPS)}")(chance)
            self.check()
        mine_at(max(now(), self.polls.poll(self.hidden)["votingEnd"]) + 1)
        for _ in range(2 * len(self.sealed)):
            self._reveal(chance)
            self.check()

    def check(self) -> None:
        """I12: tallies are the sums of counted ballots. I13: each member and each nullifier counts once."""
        for poll, ballots in self.counted.items():
            expected = [sum(b >> 4 * option & 15 for b in ballots.values()) for option in range(OPTIONS)]
            assert list(self.polls.tally(poll)) == expected
            assert self.polls.ballotCount(poll) == len(ballots)
        assert self.polls.sealedCount(self.hidden) == len(self.sealed_so_far)
        for member, ballot in self.counted[self.open].items():
            assert self.polls.ballotOf(self.open, member)[:3] == (True, ballot, False)

    # ---------------------------------------------------------------- steps

    def _cast(self, chance: random.Random) -> None:
        """An open ballot, often a second one, often more than the voter can pay."""
        voter = person(chance.choice(LISTED))
        member, ballot = (
            member_id(self.commune, voter),
            votes(*(chance.choice((0, 0, 1, 2, 5)) for _ in range(10))),
        )
        cost = max(0, sum((ballot >> 4 * option & 15) ** 2 for option in range(OPTIONS)) - 1)
        if member in self.counted[self.open] or cost > self.commune.credits.creditsLeft(member, 1):
            with brownie.reverts():
                self.polls.cast.call(self.open, ballot, voter.tx)
        else:
            self.polls.cast(self.open, ballot, voter.tx)
            self.counted[self.open][member] = ballot

    def _deliver(self, chance: random.Random) -> None:
        """A secret ballot, often one that is there already."""
        ballot = chance.choice(self.secret)
        if ballot.nullifier in self.counted[self.live]:
            with brownie.reverts():
                self.polls.castSecret.call(ballot.struct, person(40).tx)
        else:
            self.polls.castSecret(ballot.struct, person(40).tx)
            self.counted[self.live][ballot.nullifier] = ballot.ballot

    def _seal(self, chance: random.Random) -> None:
        ballot = chance.choice(list(self.sealed))
        self.polls.castSecretBatch([ballot.struct, ballot.struct], person(40).tx)
        self.sealed_so_far.add(ballot.nullifier)

    def _batch(self, chance: random.Random) -> None:
        """Ballots of both polls, some twice."""
        chosen = chance.choices([*self.secret, *self.sealed], k=3)
        self.polls.castSecretBatch([b.struct for b in chosen], person(40).tx)
        for ballot in chosen:
            if ballot.poll == self.live:
                self.counted[self.live][ballot.nullifier] = ballot.ballot
            else:
                self.sealed_so_far.add(ballot.nullifier)

    def _forge(self, chance: random.Random) -> None:
        """Somebody's proof under another ballot, or in the other poll."""
        good = chance.choice([b for b in self.secret if b.nullifier not in self.counted[self.live]] or [None])
        if good is None:
            return
        poll, ballot = chance.choice(((self.live, good.ballot ^ 1), (self.hidden, good.ballot)))
        forged = SecretBallot(poll, good.nullifier, ballot, good.points)
        tx = self.polls.castSecretBatch([forged.struct], person(40).tx)
        assert tx.events["SecretBallotRefused"]["problem"] == PROOF_INVALID

    def _reveal(self, chance: random.Random) -> None:
        """The right opening, the same again, or a wrong one."""
        sealed, ballot = chance.choice(list(self.sealed.items()))
        opening = chance.choice((ballot, ballot, ballot ^ 1))
        arguments = (self.hidden, sealed.nullifier, opening, SALT)
        good = sealed.nullifier in self.sealed_so_far and opening == ballot
        if good and sealed.nullifier not in self.counted[self.hidden]:
            self.polls.reveal(*arguments, person(40).tx)
            self.counted[self.hidden][sealed.nullifier] = ballot
        else:
            with brownie.reverts():
                self.polls.reveal.call(*arguments, person(40).tx)

    # ---------------------------------------------------------------- beforehand

    def _opened(self, secret: int, hidden: int) -> int:
        text = communes.text_hash("What do we plant?")
        arguments = (text, OPTIONS, GENERAL, bool(secret), bool(hidden))
        self.polls.open(*arguments, acting_as(self.commune.timelock))
        return int(self.polls.pollCount())

    def _proved(self, prover: Prover, poll: int, number: int, ballot: int) -> SecretBallot:
        group = self.commune.group
        leaves = [group.leafAt(index) for index in range(group.size())]
        message, scope = self.polls.messageOf(poll, ballot), self.polls.scopeOf(poll)
        depth = self.polls.poll(poll)["depth"]
        proof = prover.prove(self.identities[number], leaves, depth, message, scope)
        return SecretBallot(poll, proof.nullifier, ballot, proof.points)

    def _some(self, number: int) -> int:
        """A ballot within its credits, over both slots of the tally."""
        return votes(*(1 + (number + option) % 4 if option % 2 else 0 for option in range(OPTIONS)))
