"""Random lives of work that is delivered, reviewed, confirmed and overturned; and its ledger, twice.

Everything is checked by what the events say: each award and penalty goes into a model of the reputation (see
tests/contracts/reputation/ledger.py), and each verdict is held against who had to do with the work.
"""

from __future__ import annotations

import random
from collections import defaultdict

import brownie
from brownie import accounts, chain

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import DAY, FOOD, GENERAL, member_id
from tests.contracts.reputation.ledger import Accumulator
from tests.contracts.work.reviewing import (
    ACCEPT,
    ACCEPTED,
    ASK_REWORK,
    DRAWING,
    IN_REWORK,
    NOT_ACCEPTED,
    OVERTURNED,
    REMARK,
    REVIEWING,
    STUCK,
    anyone,
    reviewers,
    window_over,
)
from tests.contracts.work.steps import (
    WHY,
    Brief,
    capture,
    created,
    opened,
    seat_of,
    selected,
    shift,
)

BPS = 10_000
ASSIGNMENT = 2
PENDING = 1
STEPS = (
    *("_deliver", "_deliver", "_deliver"),
    *("_draw", "_draw", "_draw"),
    *("_say", "_say", "_say", "_say", "_say", "_say"),
    *("_deliver_again", "_deliver_again", "_fall_silent", "_decide", "_overturn", "_overturn"),
    *("_shift", "_carry_out", "_leave", "_wait", "_sham"),
)


def events(tx, name):
    # Brownie's events are no dict: they have no `get`.
    return tx.events[name] if name in tx.events else ()  # noqa: SIM401


def attempt(call, *arguments):
    """The transaction, or None, and what it was refused with."""
    try:
        return call(*arguments), ""
    except brownie.exceptions.VirtualMachineError as refusal:
        return None, str(refusal)


class Confirmations:
    """Members who work, review, confirm, fall silent and leave; `panel` sends as panels do."""

    def __init__(self, commune, people, panel):
        self.commune, self.people, self.panel = commune, list(people), panel
        reputation = commune.reputation
        self.model = defaultdict(lambda: Accumulator(reputation.origin(), reputation.halfLife()))
        self.rewards: dict[int, int] = {}
        self.evidence: dict[str, int] = {}
        self.awarded: dict[int, int] = defaultdict(int)
        self.members_gone = 0
        self.refused = 0
        self.happened: set[str] = set()

    def live(self, steps, seed):
        chance = random.Random(seed)
        for _ in range(steps):
            getattr(self, chance.choice(STEPS))(chance)

    def do(self, tx):
        """Read a transaction: into the ledger, and against what may be."""
        changed = set()
        for name, sign in (("Awarded", 1), ("Penalised", -1)):
            for e in events(tx, name):
                if e["amount"]:
                    for part in (e["topic"], "total"):
                        self.model[e["memberId"], part].change(tx.timestamp, sign * e["amount"])
                changed.add(e["memberId"])
                self.happened.add(name)
                review = self.evidence.get(str(e["evidence"]))
                if name == "Awarded" and e["reason"] == ASSIGNMENT and review:
                    self.awarded[review] += e["requested"]
        self._i28(changed, tx.timestamp)
        for e in events(tx, "Reviewed"):
            self._i29_verdict(e["reviewId"], e["memberId"])
        for e in events(tx, "ReviewConcluded"):
            self.happened.add(f"concluded {e['state']}")
            self._i29_award(e["reviewId"])
        return tx

    # ---------------------------------------------------------------- what always holds

    def _i28(self, members, t):
        for member in members:
            reputation = self.commune.reputation
            for topic in (GENERAL, FOOD):
                assert reputation.scoreAt(member, topic, t) == self.model[member, topic].score(t)
            assert reputation.totalScoreAt(member, t) == self.model[member, "total"].score(t)

    def i28_of_everybody(self):
        advance(1)
        self._i28(range(1, self.commune.membership.memberCount() + 1), now())

    def _i29_award(self, review):
        share = self.commune.reviews.reviewOf(review)["shareBps"]
        assert self.awarded[review] <= self.rewards[review] * share // BPS <= self.rewards[review]

    def _i29_verdict(self, review, reviewer):
        c = self.commune
        r = c.reviews.reviewOf(review)
        concerned = {seat["memberId"] for seat in c.assignments.seatsOf(r["assignmentId"])}
        concerned |= {r["memberId"], *(member for member, _ in c.reviews.sharesOf(review))} - {0}
        assert reviewer not in concerned
        assert not any(c.admission.isVoucherOf(reviewer, member) for member in concerned)

    # ---------------------------------------------------------------- steps

    def _deliver(self, chance):
        """Somebody does some work, alone or with others."""
        reward, seats = chance.choice((1, 3, 999_999, 10_000_001)), chance.choice((1, 1, 2))
        assignment = opened(
            self.commune, Brief(reward=reward, seats=seats, topic=chance.choice((GENERAL, FOOD)))
        )
        who = chance.choice(self._active())
        self._hand_in(chance, assignment, who, self._take(assignment, who), reward)

    def _take(self, assignment, who):
        tx, refusal = attempt(self.commune.assignments.volunteer, assignment, who.tx)
        if tx is None:
            assert "AssignmentsStruck" in refusal or "AssignmentsTooManySeats" in refusal
            return None
        return tx.events["SeatTaken"]["seat"]

    def _hand_in(self, chance, assignment, who, seat, reward):
        if seat is None:
            return
        evidence = "0x" + communes.text_hash(f"Work, at block {chain.height}")
        tx = self.commune.reviews.deliver(assignment, seat, evidence, self._shares(chance, who), who.tx)
        review = tx.events["Delivered"]["reviewId"]
        self.evidence[evidence] = review
        self.rewards[review] = reward
        self.do(tx)

    def _shares(self, chance, who):
        if chance.random() < 0.5:
            return []
        others = [p for p in self._active() if p != who]
        named = [who, *chance.sample(others, chance.choice((1, 2)))]
        parts = [BPS // len(named)] * len(named)
        parts[0] += BPS - sum(parts)
        return [(member_id(self.commune, p), part) for p, part in zip(named, parts, strict=True)]

    def _deliver_again(self, chance):
        for review in self._in(IN_REWORK):
            r = self.commune.reviews.reviewOf(review)
            seat = seat_of(self.commune, r["assignmentId"], r["seat"])
            who = self._person(r["memberId"])
            if who is None or now() >= seat["dueAt"] or seat["memberId"] != r["memberId"]:
                continue
            evidence = "0x" + communes.text_hash(f"Better work, at block {chain.height}")
            self.evidence[evidence] = review
            self.do(self.commune.reviews.deliver(r["assignmentId"], r["seat"], evidence, [], who.tx))
            return

    def _draw(self, chance):
        for review in self._in(DRAWING):
            draw = self.commune.reviews.reviewOf(review)["drawId"]
            if not self.commune.draws.draw(draw)["number"]:
                if self.commune.draws.state(draw) == 4:
                    self.commune.draws.retarget(draw, anyone())
                capture(self.commune, draw)
            self.do(self.commune.reviews.seatReviewers(review, anyone()))
            return

    def _say(self, chance):
        open_ = self._in(REVIEWING)
        if not open_:
            self._draw(chance)
            return
        review = chance.choice(open_)
        until = self.commune.reviews.reviewOf(review)["until"]
        waiting = [
            self._person(r["memberId"]) for r in self.commune.reviews.reviewersOf(review) if r["verdict"] == 0
        ]
        who = chance.choice(waiting)
        if who is None or now() >= until:
            self.do(self.commune.reviews.redraw(review, anyone()))
            return
        verdict, mark = chance.choice(((ACCEPT, 1), (ACCEPT, 77), (ASK_REWORK, 0), (ASK_REWORK, 0)))
        self.do(self.commune.reviews.review(review, verdict, mark, REMARK, who.tx))

    def _sham(self, chance):
        """Somebody who has nothing to say about it."""
        for review in self._in(REVIEWING):
            drawn = {p.index for p in reviewers(self.commune, review)}
            who = chance.choice([p for p in self.people if p.index not in drawn])
            with brownie.reverts():
                self.commune.reviews.review(review, ACCEPT, 100, REMARK, who.tx)
            self.refused += 1
            return

    def _fall_silent(self, chance):
        for review in self._in(REVIEWING, STUCK):
            window_over(self.commune, review)
            self.do(self.commune.reviews.redraw(review, anyone()))
            self.happened.add("silence")
            return

    def _decide(self, chance):
        for review in self._in(STUCK, DRAWING, REVIEWING)[:1]:
            share = chance.choice((0, 0, 3_333, BPS))
            self.do(self.commune.reviews.decide(review, share, acting_as(self.commune.timelock)))

    def _overturn(self, chance):
        for review in self._in(ACCEPTED, NOT_ACCEPTED)[:1]:
            before = self.awarded.pop(review, 0)
            was_accepted = self.commune.reviews.reviewOf(review)["state"] == ACCEPTED
            self.do(self.commune.reviews.overturn(review, self.panel))
            assert was_accepted or before == 0
            assert self.awarded[review] <= self.rewards[review]
            assert self.commune.reviews.reviewOf(review)["state"] == OVERTURNED
            self.happened.add("overturned")

    def _shift(self, chance):
        worker, confirmer = chance.sample(self._active(), 2)
        assignment = created(self.commune, shift(reward=1_500_000, start=now() + DAY + 60))
        tx, refusal = attempt(self.commune.assignments.volunteer, assignment, worker.tx)
        if tx is None:
            assert "AssignmentsStruck" in refusal
            return
        selected(self.commune, assignment)
        mine_at(self.commune.assignments.assignment(assignment)["start"])
        tx, refusal = attempt(self.commune.reviews.confirmShift, assignment, 1, confirmer.tx)
        if tx is None:
            allowed = "SameConfirmerTwice", "ByVoucher", "NothingToConfirmWith", "Probation", "WrongSeatState"
            assert any(name in refusal for name in allowed)
            self.refused += 1
            return
        self.do(tx)

    def _carry_out(self, chance):
        penalties = self.commune.penalties
        for penalty in range(1, penalties.penaltyCount() + 1):
            p = penalties.penalty(penalty)
            if p["state"] != PENDING:
                continue
            if chance.random() < 0.2:
                penalties.strike(penalty, WHY, acting_as(self.commune.timelock))
                return
            mine_at(max(now() + 1, p["dueAt"]))
            self.do(penalties.carryOut(penalty, {"from": accounts[0]}))
            self.happened.add("carried out")
            return

    def _leave(self, chance):
        """At most two, of those who joined last."""
        if self.members_gone < 2:
            self.members_gone += 1
            self.commune.membership.leave(self.people[-self.members_gone].tx)

    def _wait(self, chance):
        advance(chance.choice((60, DAY, 10 * DAY, 40 * DAY)))

    # ---------------------------------------------------------------- who and what

    def _in(self, *states):
        found = range(1, self.commune.reviews.reviewCount() + 1)
        return [review for review in found if self.commune.reviews.reviewOf(review)["state"] in states]

    def _active(self):
        return [p for p in self.people if self.commune.membership.statusOf(member_id(self.commune, p)) == 1]

    def _person(self, member):
        """Who of the active ones it is, or None."""
        return next((p for p in self._active() if member_id(self.commune, p) == member), None)
