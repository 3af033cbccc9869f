"""Members who take work, drop it, deliver it and review it, in any order, while they come and go.

Two things are held against every history: who holds which seat, as the events tell it (I26), and that there
is no dead end (I27): in every state that is none of the ends of docs/specification.md, a call by somebody
goes through now, or a second counts down after which one does. At the end of a life these seconds are let
pass: nobody who owes anything lifts a finger, and every seat comes to an end or is vacant for somebody new.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import brownie
from brownie import accounts, chain

from tests.contracts.clock import advance, mine_at, now
from tests.contracts.draws.conftest import CAPTURABLE, CAPTURED, MISSED, WAITING
from tests.contracts.membership.steps import acting_as, admit_directly, expel_directly, move_directly
from tests.contracts.people import DAY, DORMANT, EXPELLED, LEFT, MEMBER_ACTIVE, Person, person
from tests.contracts.work.reviewing import (
    ACCEPT,
    ASK_REWORK,
    EVIDENCE,
    REMARK,
    REVIEWING,
    STUCK,
)
from tests.contracts.work.reviewing import (
    DRAWING as DRAWING_REVIEWERS,
)
from tests.contracts.work.steps import (
    CANCELLED,
    DELIVERED,
    DRAW,
    DRAWING,
    FINISHED,
    HELD,
    HOUR,
    LAPSED,
    NOTHING,
    OPEN,
    REWORK,
    SCORE,
    SELECTING,
    SHIFT,
    VACANT,
    VOLUNTEERING,
    WHY,
    Brief,
    shift,
)

OUT_OF_PROBATION, ON_PROBATION = range(1, 11), range(11, 13)
# As many assignments are under way at once.
AT_ONCE = 3
# What may happen to a seat, by its state, as often as it stands here; of a shift other than of a task.
TO_A_TASK = {
    VACANT: ("volunteer",),
    HELD: (*("deliver",) * 5, "heartbeat", "withdraw", "reopen", "let_time_pass"),
    DELIVERED: ("bring_on_review",),
    REWORK: (*("deliver",) * 4, "withdraw", "reopen", "let_time_pass"),
}
TO_A_SHIFT = {
    VACANT: ("volunteer",),
    HELD: (*("confirm",) * 3, "heartbeat", "withdraw", *("reopen",) * 2, *("let_time_pass",) * 3),
}
OF_MEMBERS = ("leave", "come_back", "fall_asleep", "wake", "expel", "recover")
OUT_OF_TURN = ("volunteer", "withdraw", "select", "heartbeat", "deliver", "reopen", "confirm", "cancel")


class Works:
    """A life of twelve people and the work they decide on."""

    def __init__(self, commune: Any) -> None:
        self.commune, self.work, self.reviews = commune, commune.assignments, commune.reviews
        self.timelock = acting_as(commune.timelock)
        self.people: dict[int, Person] = {
            number: person(number) for number in (*OUT_OF_PROBATION, *ON_PROBATION)
        }
        self.accounts = iter(range(41, 60))
        self.under_way: dict[int, Any] = {}
        """assignments that are no end yet, as they were read last: state, what was asked for, seats"""
        self.holders: dict[tuple[int, int], int] = {}
        self.counts: Counter[str] = Counter()

    def live(self, steps: int, seed: int) -> None:
        """Random steps, with the invariants checked of something after each; then the end."""
        self.chance = random.Random(seed)
        for _ in range(steps):
            self.step()
            self.look()
            if self.under_way:
                assignment = self.chance.choice(list(self.under_way))
                self.check_i26(assignment)
                self.check_i27(assignment)
            self.check_i26_of_members()
        self.settle()

    def step(self) -> None:
        """Something that fits what is under way, most often."""
        chance = self.chance.random()
        if len(self.under_way) < AT_ONCE and chance < 0.5:
            self.ask_for_work()
        elif not self.under_way or chance < 0.07:
            self.let_time_pass(0, 0)
        elif chance < 0.17:
            getattr(self, self.chance.choice(OF_MEMBERS))()
        elif chance < 0.25:
            getattr(self, self.chance.choice(OUT_OF_TURN))(*self.chance.choice(self.places()))
        else:
            self.go_on(*self.chance.choice(self.places()))

    def go_on(self, assignment: int, number: int) -> None:
        state, found, seats = self.under_way[assignment]
        if state == VOLUNTEERING:
            self.chance.choice((self.some_volunteer, self.let_volunteering_end))(assignment)
        elif state in (SELECTING, DRAWING):
            self.select(assignment, number)
        else:
            choices = TO_A_SHIFT if found["kind"] == SHIFT else TO_A_TASK
            of_seat = choices.get(seats[number - 1]["state"], ("let_time_pass",))
            getattr(self, self.chance.choice(of_seat))(assignment, number)

    # ------------------------------------------------------------------------------------------ steps

    def ask_for_work(self) -> None:
        """A task, or a shift in three days."""
        chance = self.chance
        seats = chance.randint(1, 3)
        fields = {
            "seats": seats,
            "trial_seats": chance.randint(0, seats),
            "selection": chance.choice((DRAW, SCORE)),
            "heartbeat": chance.choice((0, 2 * DAY)),
        }
        task = Brief(duration=chance.randint(3, 9) * DAY, **fields)
        brief = task if chance.random() < 0.75 else shift(now() + 3 * DAY, length=DAY, **fields)
        tx = self.work.create([brief.struct], self.timelock)
        self.under_way[tx.events["AssignmentCreated"]["assignmentId"]] = None

    def volunteer(self, assignment: int, _: int) -> None:
        self.send(self.work.volunteer, assignment, self.somebody().tx)

    def some_volunteer(self, assignment: int) -> None:
        for who in self.chance.sample(list(self.people.values()), self.chance.randint(1, 5)):
            self.send(self.work.volunteer, assignment, who.tx)

    def let_volunteering_end(self, assignment: int) -> None:
        mine_at(max(now(), self.under_way[assignment][1]["volunteerUntil"]) + 1)

    def withdraw(self, assignment: int, number: int) -> None:
        self.send(self.work.withdraw, assignment, self.holder_or_somebody(assignment, number).tx)

    def select(self, assignment: int, _: int) -> None:
        self.draw_on(self.work.assignment(assignment)["drawId"])
        if tx := self.send(self.work.select, assignment, self.somebody().tx):
            self.counts["drawn"] += "SelectionDrawn" in tx.events

    def heartbeat(self, assignment: int, number: int) -> None:
        who = self.holder_or_somebody(assignment, number)
        self.send(self.work.heartbeat, assignment, number, NOTHING, who.tx)

    def deliver(self, assignment: int, number: int) -> None:
        """Sometimes with a share for somebody else."""
        holder = self.holders.get((assignment, number), 0)
        other = self.chance.choice(list(self.people))
        shared = holder and other != holder and self.chance.random() < 0.3
        shares = [(holder, 6_000), (other, 4_000)] if shared else []
        who = self.holder_or_somebody(assignment, number)
        self.send(self.reviews.deliver, assignment, number, EVIDENCE, shares, who.tx)

    def bring_on_review(self, assignment: int, number: int) -> None:
        """Draw, answer, replace who was silent, or let a vote decide."""
        review = self.reviews.lastReviewOf(assignment, number)
        found = self.reviews.reviewOf(review)
        if self.chance.random() < 0.05:
            self.send(self.reviews.decide, review, self.chance.choice((0, 5_000)), self.timelock)
        elif found["state"] == DRAWING_REVIEWERS:
            self.draw_on(found["drawId"])
            self.send(self.reviews.seatReviewers, review, self.somebody().tx)
        elif now() > found["until"] or found["state"] == STUCK:
            mine_at(max(now(), found["until"]) + 1)
            self.send(self.reviews.redraw, review, self.somebody().tx)
        else:
            self.answer(review)

    def answer(self, review: int) -> None:
        """All who were drawn, or some and somebody else."""
        for reviewer in self.reviews.reviewersOf(review):
            chance = self.chance.random()
            if chance < 0.1:
                continue
            who = self.somebody() if chance < 0.2 else self.people[reviewer["memberId"]]
            verdict = self.chance.choice((ACCEPT, ACCEPT, ASK_REWORK))
            mark = self.chance.randint(1, 100) if verdict == ACCEPT else 0
            self.send(self.reviews.review, review, verdict, mark, REMARK, who.tx)

    def confirm(self, assignment: int, number: int) -> None:
        self.send(self.reviews.confirmShift, assignment, number, self.somebody().tx)

    def reopen(self, assignment: int, number: int) -> None:
        """Mostly once it can be."""
        if self.holders.get((assignment, number)) and self.chance.random() < 0.7:
            seat = self.work.seatOf(assignment, number)
            if seat["state"] in (HELD, REWORK):
                mine_at(max(now(), self.work.lateAfter(assignment, number)) + 1)
        self.send(self.work.reopen, assignment, number, self.somebody().tx)

    def cancel(self, assignment: int, _: int) -> None:
        if tx := self.send(self.work.cancel, assignment, WHY, self.timelock):
            self.counts["cancelled"] += bool(tx)

    def let_time_pass(self, *_: int) -> None:
        advance(self.chance.choice((HOUR, 8 * HOUR, DAY, 2 * DAY)))

    def leave(self) -> None:
        if number := self.one_who_is(MEMBER_ACTIVE, at_least=9):
            self.commune.membership.leave(self.people[number].tx)

    def come_back(self) -> None:
        if number := self.one_who_is(LEFT, EXPELLED):
            admit_directly(self.commune, self.people[number])

    def fall_asleep(self) -> None:
        if number := self.one_who_is(MEMBER_ACTIVE, at_least=9):
            self.commune.membership.setDormant(number, acting_as(self.commune.presence))

    def wake(self) -> None:
        if number := self.one_who_is(DORMANT):
            self.commune.membership.wake(number, acting_as(self.commune.presence))

    def expel(self) -> None:
        """Once a season at most."""
        season = self.commune.constitution.currentSeason()
        number = self.one_who_is(MEMBER_ACTIVE, at_least=9)
        if number and not self.commune.membership.expulsionsIn(season):
            expel_directly(self.commune, number)

    def recover(self) -> None:
        number = self.one_who_is(MEMBER_ACTIVE)
        who = person(next(self.accounts))
        move_directly(self.commune, number, who)
        self.people[number] = who

    # ------------------------------------------------------------------------------------------ choices

    def look(self) -> None:
        """Read what is under way, and put aside what has come to its end."""
        for assignment in list(self.under_way):
            state, seats = self.work.stateOf(assignment), self.work.seatsOf(assignment)
            at_work = any(seat["state"] in (HELD, DELIVERED, REWORK) for seat in seats)
            self.under_way[assignment] = state, self.work.assignment(assignment), seats
            if state == FINISHED or (state == CANCELLED and not at_work):
                assert not at_work
                del self.under_way[assignment]
                self.counts["through"] += 1

    def places(self) -> list[tuple[int, int]]:
        """The seats of what is under way."""
        return [
            (a, number) for a, (_, _, seats) in self.under_way.items() for number in range(1, len(seats) + 1)
        ]

    def seats_in(self, assignment: int, *states: int) -> list[int]:
        seats = self.work.seatsOf(assignment)
        return [number for number, seat in enumerate(seats, 1) if seat["state"] in states]

    def somebody(self) -> Person:
        return self.people[self.chance.choice(list(self.people))]

    def holder_or_somebody(self, assignment: int, number: int) -> Person:
        holder = self.holders.get((assignment, number))
        return self.people[holder] if holder and self.chance.random() < 0.9 else self.somebody()

    def one_who_is(self, *statuses: int, at_least: int = 1) -> int | None:
        """Someone of this status, most often with a seat, if there are enough of them."""
        status_of = self.commune.membership.statusOf
        found = [number for number in self.people if status_of(number) in statuses]
        if len(found) < at_least:
            return None
        seated = [number for number in found if number in self.holders.values()]
        return self.chance.choice(seated if seated and self.chance.random() < 0.5 else found)

    # ------------------------------------------------------------------------------------------ calls

    def send(self, call: Any, *arguments: Any) -> Any:
        """What goes through is sent; what does not leaves everything as it was."""
        if not goes_through(call, *arguments):
            self.counts["refused"] += 1
            return None
        tx = call(*arguments)
        self.note(tx)
        return tx

    def note(self, tx: Any) -> None:
        """I26, as it happens: nobody takes a seat that somebody holds, or a second one of an assignment."""
        for event in tx.events:
            if event.name not in ("SeatTaken", "SeatReleased", "SeatDone", "SeatInRework"):
                continue
            self.counts[event.name] += 1
            place, member = (event["assignmentId"], event["seat"]), event["memberId"]
            if event.name == "SeatTaken":
                assert place not in self.holders
                assert (place[0], member) not in {(other[0], who) for other, who in self.holders.items()}
                self.holders[place] = member
            elif event.name == "SeatInRework":
                assert self.holders[place] == member
            else:
                assert self.holders.pop(place) == member

    def draw_on(self, draw: int) -> None:
        """Take the hash of a draw's block, or set another one, where that is what it waits for."""
        if draw == 0:
            return
        state = self.commune.draws.state(draw)
        if state == WAITING:
            chain.mine(6)
            state = self.commune.draws.state(draw)
        if state == CAPTURABLE:
            self.commune.draws.capture(draw, anyone())
        elif state == MISSED:
            self.commune.draws.retarget(draw, anyone())

    # ------------------------------------------------------------------------------------------ invariants

    def check_i26(self, assignment: int) -> None:
        """The contract says of every seat what the events say."""
        _, _, seats = self.under_way[assignment]
        held = {
            (assignment, number): seat["memberId"]
            for number, seat in enumerate(seats, 1)
            if seat["state"] in (HELD, DELIVERED, REWORK)
        }
        assert held == {place: who for place, who in self.holders.items() if place[0] == assignment}
        assert len(set(held.values())) == len(held)
        assert not any(seat["memberId"] for seat in seats if seat["state"] in (VACANT, LAPSED))

    def check_i26_of_members(self) -> None:
        """And of somebody who holds one."""
        if self.holders:
            (assignment, number), member = self.chance.choice(list(self.holders.items()))
            assert self.work.seatHeldBy(assignment, member) == number
            assert self.work.seatsHeld(member) == sum(who == member for who in self.holders.values())

    def check_i27(self, assignment: int) -> None:
        """Something goes through now, or a second counts down after which it does."""
        state, found, seats = self.under_way[assignment]
        if state == VOLUNTEERING:
            assert now() <= found["volunteerUntil"]
        elif state == SELECTING or (state == DRAWING and self.is_drawn(found["drawId"])):
            assert goes_through(self.work.select, assignment, anyone())
        for number, seat in enumerate(seats, 1):
            if seat["state"] in (HELD, REWORK):
                until = self.work.lateAfter(assignment, number)
                assert now() <= until or goes_through(self.work.reopen, assignment, number, anyone())
            elif seat["state"] == DELIVERED:
                self.check_review(self.reviews.lastReviewOf(assignment, number))
            elif seat["state"] == VACANT and state == OPEN:
                assert self.can_be_taken(assignment, found)

    def check_review(self, review: int) -> None:
        """That of a delivered seat."""
        found = self.reviews.reviewOf(review)
        self.counts[f"review {found['state']}"] += 1
        if found["state"] == DRAWING_REVIEWERS:
            drawn = self.is_drawn(found["drawId"])
            assert not drawn or goes_through(self.reviews.seatReviewers, review, anyone())
        elif found["state"] == REVIEWING:
            asked = [r["memberId"] for r in self.reviews.reviewersOf(review) if not r["verdict"]]
            assert asked
            assert now() <= found["until"] or goes_through(self.reviews.redraw, review, anyone())
        else:
            assert found["state"] == STUCK
            assert now() <= found["until"] or goes_through(self.reviews.redraw, review, anyone())
        assert goes_through(self.reviews.decide, review, 1, self.timelock)

    def is_drawn(self, draw: int) -> bool:
        """Whether a draw's number is there; if not, it is a matter of blocks, or of anybody's call."""
        draws = self.commune.draws
        state = draws.state(draw)
        if state in (CAPTURABLE, MISSED):
            assert goes_through(draws.capture if state == CAPTURABLE else draws.retarget, draw, anyone())
        else:
            assert state in (WAITING, CAPTURED)
        return bool(state == CAPTURED)

    def can_be_taken(self, assignment: int, found: Any) -> bool:
        """A vacant seat is somebody's, or where nobody may take it a vote's; of a past shift nobody's."""
        if found["kind"] == SHIFT and now() > found["deadline"]:
            return True
        people = self.chance.sample(list(self.people.values()), len(self.people))
        taken = any(goes_through(self.work.volunteer, assignment, who.tx) for who in people)
        self.counts["vacant"] += taken
        return taken or goes_through(self.work.cancel, assignment, WHY, self.timelock)

    # ------------------------------------------------------------------------------------------ the end

    def settle(self) -> None:
        """Nobody who has a seat or was drawn does anything any more: others bring everything to its end."""
        for _ in range(12):
            self.look()
            waiting = [a for a in self.under_way if not self.rests(a)]
            for assignment in waiting:
                self.settle_some(assignment)
        assert waiting == []
        newcomer = person(next(self.accounts))
        admit_directly(self.commune, newcomer)
        for assignment in self.under_way:
            assert goes_through(self.work.volunteer, assignment, newcomer.tx)

    def rests(self, assignment: int) -> bool:
        """Whether all that is left are vacant seats that anybody may take."""
        state, _, seats = self.under_way[assignment]
        return state == OPEN and not any(seat["state"] in (HELD, DELIVERED, REWORK) for seat in seats)

    def settle_some(self, assignment: int) -> None:
        state, found, _ = self.under_way[assignment]
        if state == VOLUNTEERING:
            self.let_volunteering_end(assignment)
        elif state in (SELECTING, DRAWING):
            self.draw_on(found["drawId"])
            self.send(self.work.select, assignment, anyone())
        for number in self.seats_in(assignment, HELD, REWORK):
            mine_at(max(now(), self.work.lateAfter(assignment, number)) + 1)
            assert self.send(self.work.reopen, assignment, number, anyone())
        for number in self.seats_in(assignment, DELIVERED):
            self.settle_review(self.reviews.lastReviewOf(assignment, number))

    def settle_review(self, review: int) -> None:
        """Reviewers are silent, others are drawn, and at last a vote decides."""
        found = self.reviews.reviewOf(review)
        if found["state"] == DRAWING_REVIEWERS:
            self.draw_on(found["drawId"])
            assert self.send(self.reviews.seatReviewers, review, anyone())
        elif found["state"] == REVIEWING and self.chance.random() < 0.5:
            mine_at(max(now(), found["until"]) + 1)
            assert self.send(self.reviews.redraw, review, anyone())
        else:
            assert self.send(self.reviews.decide, review, self.chance.choice((0, 10_000)), self.timelock)


def anyone() -> dict[str, Any]:
    return {"from": accounts[0]}


def goes_through(call: Any, *arguments: Any) -> bool:
    try:
        call.call(*arguments)
    except (ValueError, brownie.exceptions.VirtualMachineError):
        return False
    return True
