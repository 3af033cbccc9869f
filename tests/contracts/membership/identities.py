"""Members who register, come and go in any order, and what the group must hold then: a model of it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import brownie

from tests.contracts.clock import advance
from tests.contracts.membership import semaphore
from tests.contracts.membership.steps import acting_as, admit_directly, expel_directly, move_directly
from tests.contracts.people import DAY, DORMANT, EXPELLED, LEFT, MEMBER_ACTIVE, Person, person

MEMBERS = 14
# What may happen, as often as it stands here.
STEPS = (
    *("register", "register", "register_their_own", "register_their_own", "register_their_own"),
    *("leave_or_return", "fall_asleep_or_wake", "fall_asleep_or_wake", "recover", "expel", "pass_a_month"),
)


@dataclass
class Modelled:
    """A member as register and group should know them."""

    who: Person
    status: int = MEMBER_ACTIVE
    index: int | None = None
    commitment: int = 0
    """theirs while active or dormant"""
    season: int = 0
    """of the last registration that counted against the limit"""
    recovered: bool = False

    @property
    def leaf(self) -> int:
        return self.commitment if self.status == MEMBER_ACTIVE else 0


class Identities:
    """A life of `MEMBERS` people; each step names one by their memberId."""

    def __init__(self, commune: Any, keys: Sequence[semaphore.Identity]) -> None:
        self.commune = commune
        # Two keys for each member: few enough for them to meet each other's, and their own again.
        self.keys = keys
        self.members = {number: Modelled(person(number)) for number in range(1, MEMBERS + 1)}
        self.accounts = iter(range(MEMBERS + 1, 60))
        self.owners: dict[int, int] = {}
        self.roots: list[tuple[list[int], int]] = []
        self.registered: Counter[tuple[int, int]] = Counter()
        self.moves: Counter[int] = Counter()

    def live(self, steps: int, seed: int) -> None:
        """Most register; then random steps, with the invariants checked after each."""
        chance = random.Random(seed)
        for number in chance.sample(range(1, MEMBERS + 1), MEMBERS - 3):
            self.register(number, self.keys[2 * (number - 1)])
        for _ in range(steps):
            step, number = chance.choice(STEPS), chance.randint(1, MEMBERS)
            if step == "register":
                self.register(number, chance.choice(self.keys))
            elif step == "register_their_own":
                self.register(number, self.keys[2 * (number - 1) + chance.randint(0, 1)])
            else:
                getattr(self, step)(number)
            self.check_i9(number)
            self.check_i11(number)
        self.check_i9_as_a_whole()
        self.check_i10()

    # ------------------------------------------------------------------------------------------ steps

    def register(self, number: int, key: semaphore.Identity) -> None:
        member, season = self.members[number], int(self.commune.constitution.currentSeason())
        refusal = None
        if member.status in (DORMANT, LEFT, EXPELLED):
            refusal = "MembershipNotActive"
        elif self.owners.get(key.commitment, number) != number:
            refusal = "MemberGroupKeyTaken"
        elif member.commitment == key.commitment:
            refusal = "MemberGroupKeyUnchanged"
        elif member.index is not None and not member.recovered and member.season == season:
            refusal = "MemberGroupReregistered"
        if refusal:
            with brownie.reverts(revert_pattern=f"{refusal}: .*"):
                self.commune.group.register.call(*key.key, member.who.tx)
            return

        self.commune.group.register(*key.key, member.who.tx)
        if member.index is None:
            member.index = len(self.leaves())
        elif member.recovered:
            member.recovered = False
        else:
            member.season = season
        member.commitment = key.commitment
        self.owners[key.commitment] = number
        self.registered[number, season] += 1

    def leave_or_return(self, number: int) -> None:
        member = self.members[number]
        if member.status in (LEFT, EXPELLED):
            admit_directly(self.commune, member.who)
            member.status = MEMBER_ACTIVE
        else:
            self.commune.membership.leave(member.who.tx)
            member.status, member.commitment = LEFT, 0

    def fall_asleep_or_wake(self, number: int) -> None:
        member, presence = self.members[number], acting_as(self.commune.presence)
        if member.status == MEMBER_ACTIVE:
            self.commune.membership.setDormant(number, presence)
            member.status = DORMANT
        elif member.status == DORMANT:
            self.commune.membership.wake(number, presence)
            member.status = MEMBER_ACTIVE

    def expel(self, number: int) -> None:
        member, season = self.members[number], self.commune.constitution.currentSeason()
        if member.status == EXPELLED or self.commune.membership.expulsionsIn(season):
            return
        expel_directly(self.commune, number)
        member.status, member.commitment = EXPELLED, 0

    def recover(self, number: int) -> None:
        member, account = self.members[number], next(self.accounts)
        if member.status in (LEFT, EXPELLED):
            return
        member.who = person(account)
        move_directly(self.commune, number, member.who)
        member.commitment, member.recovered = 0, member.index is not None
        self.moves[number] += 1

    def pass_a_month(self, number: int) -> None:
        advance(30 * DAY)

    # ------------------------------------------------------------------------------------------ invariants

    def leaves(self) -> list[int]:
        """What the group should hold."""
        found = {m.index: m.leaf for m in self.members.values() if m.index is not None}
        return [found[index] for index in range(len(found))]

    def check_i9(self, number: int) -> None:
        """The leaf of whoever a step was about, and how many there are; roots are kept for the end."""
        group, member, leaves = self.commune.group, self.members[number], self.leaves()
        assert group.identityOf(number) == (member.commitment, member.index or 0, member.leaf != 0)
        size = len(semaphore.filled(leaves))
        assert (group.size(), group.listed()) == (size, sum(1 for leaf in leaves if leaf))
        self.roots.append((leaves, int(group.root())))

    def check_i9_as_a_whole(self) -> None:
        """Each leaf is its member's, and every root of this life is that of Semaphore's own group."""
        group, leaves = self.commune.group, self.leaves()
        assert [group.leafAt(index) for index in range(len(leaves))] == leaves
        for number, member in self.members.items():
            assert self.commune.membership.statusOf(number) == member.status
        assert [root for _, root in self.roots] == semaphore.roots(*(leaves for leaves, _ in self.roots))

    def check_i10(self) -> None:
        for key in self.keys:
            assert self.commune.group.ownerOf(key.commitment) == self.owners.get(key.commitment, 0)
        listed = [leaf for leaf in self.leaves() if leaf]
        assert len(listed) == len(set(listed))

    def check_i11(self, number: int) -> None:
        """One registration for each season, the first ever, and one for each recovery."""
        counts = [count for (who, _), count in self.registered.items() if who == number]
        assert sum(counts) <= len(counts) + 1 + self.moves[number]
