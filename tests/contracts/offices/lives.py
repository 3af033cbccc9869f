"""Members who hold offices, lose them, come and go in any order, and the powers that exist then: a model.

The model knows the rules only from docs/specification.md: who holds what, when, and what they may call.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import brownie

from scripts import audit
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.membership.steps import (
    acting_as,
    admit_directly,
    execute,
    expel_directly,
    move_directly,
)
from tests.contracts.offices.steps import GROUNDS, PERIOD, Call, adopt, created, vote_of
from tests.contracts.people import (
    AGAINST,
    DAY,
    DORMANT,
    EXPELLED,
    FOR,
    LEFT,
    MEMBER_ACTIVE,
    Person,
    member_id,
    person,
    to_end,
    vote,
)

MEMBERS = 9
TERMS = (14 * DAY, 30 * DAY, 45 * DAY)
LIMIT = 2
# What may happen, as often as it stands here.
STEPS = (
    *("appoint",) * 9,
    *("exercise",) * 8,
    *("recall", "petition", "petition", "petition", "sign", "decide", "decide", "decide", "carry_out"),
    *("resign", "leave", "leave", "come_back", "fall_asleep", "fall_asleep", "wake", "expel", "recover"),
    *("vacate", "vacate", "vacate", "vacate", "set_mandate", "abolish", "let_days_pass", "let_weeks_pass"),
)


@dataclass
class Modelled:
    """A member as the register knows them."""

    who: Person
    joined: int
    status: int = MEMBER_ACTIVE
    since: int = 0


@dataclass
class Tenure:
    id: int
    member: int
    start: int
    end: int
    given: int


@dataclass
class Office:
    id: int
    seats: int
    term: int
    mandate: dict[str, Call]
    tenures: list[Tenure] = field(default_factory=list)
    bars: dict[int, int] = field(default_factory=dict)
    used: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    """calls and amount by function and period"""
    abolished: bool = False

    def tenures_of(self, number: int) -> list[Tenure]:
        """A member's, in the order of time, without those undone before they began."""
        return [t for t in self.tenures if t.member == number and t.start < t.end]


@dataclass
class Petition:
    """One whose vote is open, or passed and not carried out."""

    id: int
    office: Office
    member: int
    signers: set[int]
    electorate_at: int
    immediate: int
    opening: Any = None
    passed: bool | None = None
    over: bool = False


class Lives:
    """A life of `MEMBERS` people and a few offices."""

    def __init__(self, commune: Any, target: Any) -> None:
        self.commune, self.target = commune, target
        self.calls = {
            "adopt": Call(commune.constitution, "adopt", calls=3),
            "act": Call(target, "act", calls=4, argument=1, cap=50),
        }
        joined = {number: commune.membership.member(number)["joinedAt"] for number in range(1, MEMBERS + 1)}
        self.members = {number: Modelled(person(number), joined[number]) for number in joined}
        self.accounts = iter(range(30, 60))
        self.offices: list[Office] = []
        self.petitions: list[Petition] = []
        self.counts: Counter[str] = Counter()

    def live(self, steps: int, seed: int) -> None:
        """Random steps, with the invariants checked after each."""
        self.chance = random.Random(seed)
        for seats in (1, 2, 3):
            self.create(seats)
        for _ in range(steps):
            self.steer_clear()
            getattr(self, self.chance.choice(STEPS))()
            self.check_i17()
            for office in self.offices:
                known = self.known_tenures(office)
                self.check_i18(office, known)
                self.check_i19(office, known)
        self.check_i17_as_a_whole()
        assert audit.violations(self.commune) == []

    # ------------------------------------------------------------------------------------------ steps

    def create(self, seats: int) -> None:
        names = self.chance.sample(sorted(self.calls), self.chance.randint(1, 2))
        mandate = {name: self.calls[name] for name in names}
        term = self.chance.choice(TERMS)
        self.offices.append(
            Office(created(self.commune, *mandate.values(), seats=seats, term=term), seats, term, mandate)
        )

    def appoint(self) -> None:
        office, number = self.an_office(), self.a_member()
        own = office.tenures_of(number)
        ends = [t.end for t in office.tenures if t.end > now() + 100]
        start = self.chance.choice([now() + 60, *ends])
        allowed = (
            not office.abolished
            and self.members[number].status == MEMBER_ACTIVE
            and office.bars.get(number, 0) <= now()
            and start <= now() + office.term
            and not any(t.end > start or (t.end > now() and not self.stands(t)) for t in own)
            and in_a_row([(t.start, t.end) for t in own], start, office.term) < LIMIT
            and running(office, start) < office.seats
        )
        arguments = (office.id, number, start, acting_as(self.commune.elections))
        if not allowed:
            self.refused(lambda: self.commune.offices.appoint(*arguments))
            return
        tx = self.commune.offices.appoint(*arguments)
        given = tx.events["TenureGiven"]
        later = [t.start for t in office.tenures if start < t.start < start + office.term]
        end = next((t for t in sorted(later) if running(office, t) >= office.seats), start + office.term)
        assert (given["from"], given["until"]) == (start, end)
        office.tenures.append(Tenure(given["tenureId"], number, start, end, tx.timestamp))
        self.counts["appointed"] += 1
        if self.chance.random() < 0.7 and start <= now() + 60:
            mine_at(start)

    def exercise(self) -> None:
        office, number = self.an_office_and_a_member()
        name = self.chance.choice(sorted(self.calls))
        amount = self.chance.choice((0, 5, 20, 20, 51))
        arguments = self.call(office, number, name, amount)
        if not self.may(office, number, name, amount):
            self.refused(lambda: self.commune.offices.exercise(*arguments))
            return
        tx = self.commune.offices.exercise(*arguments)
        calls, sum_ = office.used.get((name, tx.timestamp // PERIOD), (0, 0))
        counted = amount if name == "act" else 0
        office.used[name, tx.timestamp // PERIOD] = calls + 1, sum_ + counted
        self.counts["exercised"] += 1

    def recall(self) -> None:
        office, number = self.an_office_and_a_member()
        tx = self.commune.offices.recall(office.id, number, acting_as(self.commune.recall))
        self.recalled(office, number, tx.timestamp)

    def petition(self) -> None:
        office, number = self.an_office_and_a_member()
        recall = self.commune.recall
        holds = any(t.end > now() for t in office.tenures_of(number))
        cooling = recall.coolingUntil(office.id, number) > now()
        last = self.last_petition(office, number)
        signers = [n for n in self.members if self.is_full(n)]
        if not signers:
            return
        first = self.chance.choice(signers)
        arguments = (office.id, number, GROUNDS, self.members[first].who.tx)
        if not holds or cooling or last is not None:
            self.refused(lambda: recall.petition(*arguments))
            return
        tx = recall.petition(*arguments)
        opened = tx.events["PetitionOpened"]["petition"]
        petition = Petition(
            tx.events["PetitionOpened"]["petitionId"],
            office,
            number,
            {first},
            opened["electorateAt"],
            opened["immediate"],
        )
        self.petitions.append(petition)
        for signer in self.chance.sample(signers, min(len(signers), 2)):
            self.signed(petition, signer)

    def sign(self) -> None:
        """Everybody who can, more often than not, so that there are recalls without a vote."""
        for petition in [p for p in self.petitions if not p.over and p.passed is None]:
            for number in self.chance.sample(sorted(self.members), 3):
                self.signed(petition, number)

    def signed(self, petition: Petition, number: int) -> None:
        state = self.commune.recall.state(petition.id)
        in_electorate = self.commune.membership.voterOf(
            self.members[number].who.address, petition.electorate_at
        )
        allowed = (
            state in (1, 2) and self.is_full(number) and number not in petition.signers and in_electorate != 0
        )
        arguments = (petition.id, self.members[number].who.tx)
        if not allowed:
            self.refused(lambda: self.commune.recall.sign(*arguments))
            return
        tx = self.commune.recall.sign(*arguments)
        petition.signers.add(number)
        if "RecallVoteOpened" in tx.events:
            petition.opening = tx
        if len(petition.signers) >= petition.immediate:
            petition.over = True
            self.recalled(petition.office, petition.member, tx.timestamp)
            self.counts["recalled at once"] += 1

    def decide(self) -> None:
        """Members vote on a recall, and time passes until the vote is over."""
        live = [p for p in self.petitions if p.opening and p.passed is None and not p.over]
        if not live:
            return
        petition = self.chance.choice(live)
        proposal = vote_of(petition.opening)
        advance(1)
        if self.commune.assembly.state(proposal) != 1:
            petition.over = True
            return
        support = self.chance.choice((FOR, FOR, AGAINST))
        electorate = self.commune.assembly.electorateAt(proposal)
        for modelled in self.members.values():
            if self.commune.membership.voterOf(modelled.who.address, electorate):
                vote(self.commune, proposal, [modelled.who], support)
        to_end(self.commune, proposal)
        petition.passed = self.commune.assembly.state(proposal) == 4
        petition.over = not petition.passed
        if self.chance.random() < 0.5:
            self.carry_out()

    def carry_out(self) -> None:
        for petition in [p for p in self.petitions if p.passed and not p.over]:
            tx = execute(self.commune, petition.opening, person(0))
            petition.over = True
            self.recalled(petition.office, petition.member, tx.timestamp)
            self.counts["recalled by vote"] += 1

    def resign(self) -> None:
        office, number = self.an_office_and_a_member()
        own = [t for t in office.tenures_of(number) if t.end > now()]
        arguments = (office.id, self.members[number].who.tx)
        if not own:
            self.refused(lambda: self.commune.offices.resign(*arguments))
            return
        tx = self.commune.offices.resign(*arguments)
        end_all(office, number, tx.timestamp, tx.timestamp)

    def vacate(self) -> None:
        """Whoever is gone and has a seat, if there is one."""
        seats = [(o, t) for o in self.offices for t in o.tenures if now() < t.end > t.start]
        gone = [(o, t.member) for o, t in seats if not self.stands(t)]
        office, number = self.chance.choice(gone) if gone else self.an_office_and_a_member()
        own = [t for t in office.tenures_of(number) if t.end > now()]
        arguments = (office.id, number, {"from": person(0).account})
        if not own or self.stands(own[-1]):
            self.refused(lambda: self.commune.offices.vacate(*arguments))
            return
        modelled = self.members[number]
        tx = self.commune.offices.vacate(*arguments)
        end = tx.timestamp if modelled.status == MEMBER_ACTIVE else modelled.since
        end_all(office, number, end, tx.timestamp)
        self.counts["vacated"] += 1

    def leave(self) -> None:
        if number := self.one_who_is(MEMBER_ACTIVE, at_least=6):
            tx = self.commune.membership.leave(self.members[number].who.tx)
            self.is_now(number, LEFT, tx)

    def come_back(self) -> None:
        if number := self.one_who_is(LEFT, EXPELLED):
            advance(1)
            admit_directly(self.commune, self.members[number].who)
            self.members[number].status = MEMBER_ACTIVE
            self.members[number].joined = now()

    def fall_asleep(self) -> None:
        if number := self.one_who_is(MEMBER_ACTIVE, at_least=6):
            tx = self.commune.membership.setDormant(number, acting_as(self.commune.presence))
            self.is_now(number, DORMANT, tx)

    def wake(self) -> None:
        if number := self.one_who_is(DORMANT):
            tx = self.commune.membership.wake(number, acting_as(self.commune.presence))
            self.is_now(number, MEMBER_ACTIVE, tx)

    def expel(self) -> None:
        """Once a season at most."""
        season = self.commune.constitution.currentSeason()
        number = self.one_who_is(MEMBER_ACTIVE, at_least=6)
        if number and not self.commune.membership.expulsionsIn(season):
            self.is_now(number, EXPELLED, expel_directly(self.commune, number))

    def recover(self) -> None:
        number, index = self.one_who_is(MEMBER_ACTIVE), next(self.accounts, None)
        if number is None or index is None:
            return
        move_directly(self.commune, number, person(index))
        self.members[number].who = person(index)
        self.counts["recovered"] += 1

    def set_mandate(self) -> None:
        office = self.an_office()
        names = self.chance.sample(sorted(self.calls), self.chance.randint(0, 2))
        calls = [self.calls[name].struct for name in names]
        timelock = acting_as(self.commune.timelock)
        if office.abolished:
            self.refused(lambda: self.commune.offices.setMandate(office.id, calls, timelock))
            return
        self.commune.offices.setMandate(office.id, calls, timelock)
        office.mandate = {name: self.calls[name] for name in names}

    def abolish(self) -> None:
        """Seldom, and there is another one at once."""
        if self.chance.random() > 0.3:
            return
        office = self.an_office()
        if office.abolished:
            return
        tx = self.commune.offices.abolish(office.id, acting_as(self.commune.timelock))
        office.abolished = True
        for number in self.members:
            end_all(office, number, tx.timestamp, tx.timestamp)
        self.create(self.chance.randint(1, 3))

    def let_days_pass(self) -> None:
        advance(self.chance.randint(1, 9) * DAY)

    def let_weeks_pass(self) -> None:
        """To the second in which a tenure or a bar begins or ends, where one does within three weeks."""
        mine_at(self.chance.choice(self.borders(21 * DAY) or [now() + 21 * DAY]))

    def borders(self, within: int) -> list[int]:
        times = {
            time
            for office in self.offices
            for time in (*office.bars.values(), *(t for own in office.tenures for t in (own.start, own.end)))
        }
        return sorted(time for time in times if now() < time <= now() + within)

    def steer_clear(self) -> None:
        """Past every border that a transaction might cross or not, as the machine is fast or slow."""
        while near := self.borders(within=30):
            mine_at(near[-1])

    # ------------------------------------------------------------------------------------------ choices

    def an_office(self) -> Office:
        return self.chance.choice(self.offices[-3:])

    def a_member(self) -> int:
        return self.chance.choice(sorted(self.members))

    def an_office_and_a_member(self) -> tuple[Office, int]:
        """Who has a seat of it now or later, in three of four cases."""
        seats = [(o, t.member) for o in self.offices[-3:] for t in o.tenures if now() < t.end > t.start]
        if seats and self.chance.random() < 0.75:
            return self.chance.choice(seats)
        return self.an_office(), self.a_member()

    def one_who_is(self, *statuses: int, at_least: int = 1) -> int | None:
        """Someone of this status, most often with a seat, if there are enough of them."""
        found = [number for number, m in self.members.items() if m.status in statuses]
        if len(found) < at_least:
            return None
        seated = [
            t.member for o in self.offices for t in o.tenures if now() < t.end > t.start and t.member in found
        ]
        return self.chance.choice(seated if seated and self.chance.random() < 0.75 else found)

    # ------------------------------------------------------------------------------------------ the model

    def is_now(self, number: int, status: int, tx: Any) -> None:
        self.members[number].status = status
        self.members[number].since = tx.timestamp

    def is_full(self, number: int) -> bool:
        return bool(self.commune.membership.isFull(number))

    def stands(self, tenure: Tenure) -> bool:
        modelled = self.members[tenure.member]
        return modelled.status == MEMBER_ACTIVE and modelled.joined <= tenure.given

    def holds(self, office: Office, number: int) -> bool:
        return any(t.start <= now() < t.end and self.stands(t) for t in office.tenures if t.member == number)

    def may(self, office: Office, number: int, name: str, amount: int) -> bool:
        """Whether a member can make a call of an office now."""
        if name not in office.mandate or not self.holds(office, number):
            return False
        calls, sum_ = office.used.get((name, now() // PERIOD), (0, 0))
        within = name != "act" or sum_ + amount <= self.calls[name].cap
        return calls < self.calls[name].calls and within

    def recalled(self, office: Office, number: int, at: int) -> None:
        office.bars[number] = at + office.term
        end_all(office, number, at, at)

    def last_petition(self, office: Office, number: int) -> Petition | None:
        """One that runs: it takes signatures, or its vote can still be carried out."""
        of_them = [p for p in self.petitions if (p.office, p.member) == (office, number)]
        if not of_them:
            return None
        last = of_them[-1]
        if last.opening is None:
            return last if not last.over and self.commune.recall.state(last.id) == 1 else None
        return last if self.commune.assembly.state(vote_of(last.opening)) in (0, 1, 4) else None

    def is_frozen(self, office: Office, number: int) -> bool:
        last = self.last_petition(office, number)
        return last is not None and last.opening is not None and not last.over

    def call(self, office: Office, number: int, name: str, amount: int) -> tuple[Any, ...]:
        data = adopt(self.commune) if name == "adopt" else self.target.act.encode_input(amount)
        return office.id, self.calls[name].target, data, self.members[number].who.tx

    def refused(self, act: Any) -> None:
        with brownie.reverts():
            act()
        self.counts["refused"] += 1

    # ------------------------------------------------------------------------------------------ invariants

    def check_i17(self) -> None:
        """The powers that exist are those of the mandates of current holders; a few are tried."""
        offices = self.commune.offices
        for office in self.offices:
            holders = [number for number in self.members if self.holds(office, number)]
            assert sorted(offices.holdersOf(office.id)) == holders
        for _ in range(3):
            office, number = self.an_office_and_a_member()
            self.check_power(office, number, self.chance.choice(sorted(self.calls)))

    def check_i17_as_a_whole(self) -> None:
        for office in self.offices:
            for number in self.members:
                for name in self.calls:
                    self.check_power(office, number, name)

    def check_power(self, office: Office, number: int, name: str) -> None:
        offices, who = self.commune.offices, self.members[number].who
        may = self.may(office, number, name, 0)
        assert succeeds(lambda: offices.exercise.call(*self.call(office, number, name, 0))) == may
        pays = self.holds(office, number) and not self.is_frozen(office, number)
        paid = succeeds(lambda: offices.requirePayer(office.id, who.address, person(0).address))
        assert paid == pays
        self.counts["powers"] += may
        self.counts["frozen"] += self.holds(office, number) and not pays
        assert member_id(self.commune, who) == number

    def known_tenures(self, office: Office) -> list[Any]:
        """As the contract knows them. Those that have been over for long were read often enough."""
        late = [t for t in office.tenures if t.end > now() - 2 * office.term]
        known = [self.commune.offices.tenure(t.id) for t in late]
        assert [(t["from"], t["until"]) for t in known] == [(t.start, t.end) for t in late]
        return known

    def check_i18(self, office: Office, known: list[Any]) -> None:
        """Never more tenures than seats, at any second."""
        for start in {t["from"] for t in known}:
            assert sum(t["from"] <= start < t["until"] for t in known) <= office.seats
        vacant = 0 if office.abolished else office.seats - running(office, now())
        assert self.commune.offices.vacantAt(office.id, now()) == vacant

    def check_i19(self, office: Office, known: list[Any]) -> None:
        """Nobody holds, or will hold, a seat while barred, or more often in a row than the limit says."""
        spans: dict[int, list[tuple[int, int]]] = {}
        for t in known:
            if t["from"] < t["until"]:
                spans.setdefault(t["memberId"], []).append((t["from"], t["until"]))
        for number, own in spans.items():
            own.sort()
            bar = self.commune.offices.barredUntil(office.id, number)
            assert bar == office.bars.get(number, 0)
            assert bar <= now() or own[-1][1] <= now()
            for place, (start, _) in enumerate(own):
                assert in_a_row(own[:place], start, office.term) < LIMIT


def running(office: Office, t: int) -> int:
    return sum(tenure.start <= t < tenure.end for tenure in office.tenures)


def in_a_row(spans: list[tuple[int, int]], start: int, term: int) -> int:
    """How many of these tenures one from `start` on would follow with less than a term between any two."""
    count = 0
    for begun, ended in sorted((span for span in spans if span[0] < span[1]), reverse=True):
        if start >= ended + term:
            break
        count, start = count + 1, begun
    return count


def end_all(office: Office, number: int, end: int, at: int) -> None:
    """End a member's tenures that have not run out at `at`; those that begin later never were."""
    for t in office.tenures:
        if t.member == number and t.end > at:
            t.end = max(t.start, end)


def succeeds(call: Any) -> bool:
    try:
        call()
    except (ValueError, brownie.exceptions.VirtualMachineError):
        return False
    return True
