"""The part of a story in which decisions become work: assignments, shifts, reviews and stipends.

A handler for each kind of step (scripts/steps.py), mixed into `scripts.demo.Play`, which knows who is who and
how something is sent. Who reviews is drawn: a story says what is said of a delivery, not by whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from brownie import ZERO_ADDRESS

from backend.work import brief as briefs
from backend.work.occurrences import starts_of
from backend.work.starts import proof_of, root_of
from scripts import steps
from scripts.institutions import ether, listed
from scripts.playing import Playing

DAY = 86_400
HOUR = 3_600
MICRO_POINTS = 1_000_000
# IAssignments.Kind and AssignmentState, IReviews.ReviewState and Verdict, as far as stories meet them
TASK, SHIFT = 0, 1
DRAW = 0
SELECTING, DRAWING, OPEN = 2, 3, 4
REVIEW_DRAWING, ACCEPTED = 1, 5
VERDICTS = {"accept": 1, "rework": 2}
# How long members can volunteer, seconds, and how long before it a shift is opened.
VOLUNTEERING = DAY
LEAD = 5 * DAY
# The time of day at which shifts begin, seconds.
SHIFTS_BEGIN = 9 * HOUR


@dataclass
class Piece:
    """An assignment or a series of the story; `id` and `assignment` are 0 until they exist."""

    action: steps.Assign | steps.AssignSeries
    text: str
    rule: str = ""
    id: int = 0
    assignment: int = 0


class Work(Playing):
    """What happens in assignments, series and reviews."""

    _works: dict[str, Piece]

    # ------------------------------------------------------------------------------------------ actions

    def _prepared_assignments(self, actions: Sequence[steps.Assign]) -> tuple[Any, Any, str]:
        """Target, calldata and a description of assignments that are created together."""
        made = []
        for action in actions:
            text = self._brief_text(action, action.skills.split(", ") if action.skills else [])
            made.append(self._brief(action, TASK, text, int(action.days * DAY)))
        names = listed(action.work for action in actions)
        data = self.commune.assignments.create.encode_input(made)
        return self.commune.assignments, data, f"create {len(made)} assignments ({names})"

    def _prepared_series(self, action: steps.AssignSeries) -> tuple[Any, Any, str]:
        first = self._now() + int(action.first_in * DAY)
        begins = datetime.fromtimestamp(first - first % DAY + SHIFTS_BEGIN, UTC)
        rule = f"DTSTART:{begins:%Y%m%dT%H%M%SZ}\nRRULE:{action.rule}"
        starts = starts_of(rule)
        text = self._brief_text(action, [], rule)
        plan = (
            self._hash(rule),
            root_of(starts),
            len(starts),
            LEAD,
            action.hours * HOUR,
            self._brief(action, SHIFT, text, 0),
        )
        data = self.commune.series.create.encode_input(plan)
        return self.commune.series, data, f"create a series of {len(starts)} shifts ({action.work})"

    def _prepared_work_purse(self, action: steps.OpenWorkPurse) -> tuple[Any, Any, str]:
        commons, topic = self.commune.commons, self._topics.index(action.topic) + 1
        arguments = (self.commune.assignments, topic, ZERO_ADDRESS, action.cap, self._hash(action.reason))
        told = f"give the work on {action.topic} a purse of {ether(action.cap)} a month"
        return commons, commons.openPurse.encode_input(*arguments), told

    def _brief_text(
        self, action: steps.Assign | steps.AssignSeries, skills: Sequence[str], rule: str = ""
    ) -> str:
        minutes = 60 * action.hours if action.hours else None
        title = action.work[0].upper() + action.work[1:]
        text = briefs.compose(title, action.text, skills=skills, minutes=minutes)
        self._works[action.work] = Piece(action, text, rule)
        return text

    def _brief(
        self, action: steps.Assign | steps.AssignSeries, kind: int, text: str, duration: int
    ) -> tuple[Any, ...]:
        task = action if isinstance(action, steps.Assign) else None
        topic, stipend = self._topics.index(action.topic) + 1, (task and task.stipend) or 0
        return (
            self._hash(text),
            topic,
            kind,
            DRAW,
            action.seats or 1,
            (task and task.trial) or 0,
            VOLUNTEERING,
            0,
            0,
            duration,
            int(((task and task.heartbeat) or 0) * DAY),
            action.points * MICRO_POINTS,
            self._purse_of(topic) if stipend else 0,
            stipend,
        )

    def _purse_of(self, topic: int) -> int:
        commons, assignments = self.commune.commons, self.commune.assignments.address
        for purse in range(1, commons.purseCount() + 1):
            found = commons.purse(purse)
            if found["controller"] == assignments and found["key"] == topic:
                return purse
        raise self._broke("there is no purse for the work on this topic yet")

    def _opened_work(self, tx: Any) -> None:
        """Remember the assignments and series that a decision has created."""
        for created in self._events(tx, "AssignmentCreated"):
            piece = next(p for p in self._works.values() if self._is_hash(created["assignment"][0], p.text))
            piece.assignment = int(created["assignmentId"])
        for created in self._events(tx, "SeriesCreated"):
            piece = next(
                p for p in self._works.values() if p.rule and self._is_hash(created["plan"][0], p.rule)
            )
            piece.id = int(created["seriesId"])

    # ------------------------------------------------------------------------------------------ taking work

    def _volunteer(self, step: steps.Volunteer) -> None:
        assignment = self._assignment(step.work)
        taken = []
        for name in step.who:
            tx = self._send(name, self.commune.assignments, "volunteer", assignment)
            taken += self._events(tx, "SeatTaken")
        does = "volunteer" if len(step.who) > 1 else "volunteers"
        seat = f" and {'have' if len(taken) > 1 else 'has'} the seat at once" if taken else ""
        self.narrator.fact(f"{listed(step.who)} {does} for “{step.work}”{seat}")

    def _select(self, step: steps.Select) -> None:
        """The node's keeper gives seats where there is one; otherwise somebody else."""
        assignments = self.commune.assignments
        for work in step.works:
            assignment = self._assignment(work)
            self._wait_until(int(assignments.assignment(assignment)["volunteerUntil"]) + 1)
            self._tell_day()
            self._move_on(assignment, SELECTING, step.by)
            if assignments.stateOf(assignment) == DRAWING:
                volunteers, terms = assignments.volunteersOf(assignment), assignments.assignment(assignment)
                self.narrator.fact(
                    f"“{work}”: {len(volunteers)} volunteer for {terms['seats']}, so the lot decides"
                )
                self._capture(int(terms["drawId"]), step.by)
                self._move_on(assignment, DRAWING, step.by)
            seated = _holders(assignments.seatsOf(assignment))
            holders = [self._name_of(member) for member in seated if member]
            if not holders:
                raise self._broke(f"nobody has a seat of {work!r}")
            self.narrator.fact(
                f"“{work}”: {listed(holders)} {'hold' if len(holders) > 1 else 'holds'} the "
                f"{'seats' if len(seated) > 1 else 'seat'}"
            )

    def _move_on(self, assignment: int, state: int, by: str) -> None:
        assignments = self.commune.assignments
        if not self._kept(lambda: assignments.stateOf(assignment) != state):
            self._send(by, assignments, "select", assignment)

    def _heartbeat(self, step: steps.Heartbeat) -> None:
        arguments = (self._assignment(step.work), self._seat(step.work, step.who), self._hash(step.note))
        self._send(step.who, self.commune.assignments, "heartbeat", *arguments)
        self.narrator.fact(f"{step.who}, on “{step.work}”: “{step.note}”")

    def _reopen(self, step: steps.Reopen) -> None:
        assignments, assignment = self.commune.assignments, self._assignment(step.work)
        seat = self._seat(step.work, step.of)
        self._wait_until(int(assignments.lateAfter(assignment, seat)) + 1)
        self._tell_day()
        tx = self._send(step.by, assignments, "reopen", assignment, seat)
        [released] = self._events(tx, "SeatReleased")
        self.narrator.fact(
            f"{step.by} reopens the seat of {step.of}, for whom it is strike {released['strikes']} of the "
            f"season: “{step.work}” is on the board again"
        )

    # ------------------------------------------------------------------------------------------ reviews

    def _deliver(self, step: steps.Deliver) -> None:
        arguments = (
            self._assignment(step.work), self._seat(step.work, step.who), self._hash(step.evidence), [],
        )  # fmt: skip
        self._send(step.who, self.commune.reviews, "deliver", *arguments)
        self.narrator.fact(f"{step.who} delivers “{step.work}”: “{step.evidence}”")

    def _review(self, step: steps.GiveReviews) -> None:
        reviews, assignment = self.commune.reviews, self._assignment(step.work)
        review = int(reviews.lastReviewOf(assignment, self._seat(step.work, step.of)))
        if reviews.reviewOf(review)["state"] == REVIEW_DRAWING:
            self._capture(int(reviews.reviewOf(review)["drawId"]), step.by)
            if not self._kept(lambda: reviews.reviewOf(review)["state"] != REVIEW_DRAWING):
                self._send(step.by, reviews, "seatReviewers", review)
        reviewers = [self._name_of(int(r["memberId"])) for r in reviews.reviewersOf(review)]
        text, awarded = self._hash(step.text), []
        for name in reviewers:
            tx = self._send(name, reviews, "review", review, VERDICTS[step.verdict], step.mark or 0, text)
            awarded += [a for a in self._events(tx, "Awarded") if a["memberId"] == self._member(step.of)]
        said = f"accept it at {step.mark} %" if step.mark else "ask for rework"
        self.narrator.fact(f"the lot has {listed(reviewers)} review it; they {said}: “{step.text}”")
        if step.mark:
            if reviews.reviewOf(review)["state"] != ACCEPTED:
                raise self._broke(f"the review of {step.work!r} is not over")
            gained = sum(int(a["amount"]) for a in awarded) / MICRO_POINTS
            self.narrator.fact(f"{step.of} earns {gained:.1f} points for it")

    def _pay_work(self, step: steps.PayWork) -> None:
        arguments = (self._assignment(step.work), self._seat(step.work, step.of))
        tx = self._send(step.by, self.commune.assignments, "payStipend", *arguments)
        [paid] = self._events(tx, "WorkPaid")
        self.narrator.fact(f"{step.of} is paid {ether(int(paid['amount']))} for “{step.work}” from its purse")

    # ------------------------------------------------------------------------------------------ shifts

    def _open_occurrence(self, step: steps.OpenOccurrence) -> None:
        """The node's keeper does it where there is one; otherwise somebody else."""
        piece, series = self._works[step.work], self.commune.series
        starts = starts_of(piece.rule)
        index, start = next((i, s) for i, s in enumerate(starts) if s > self._now())
        self._wait_until(start - LEAD + 1)
        self._tell_day()
        if not self._kept(lambda: series.assignmentOf(piece.id, index) != 0):
            self._send(step.by, series, "openOccurrence", piece.id, index, start, proof_of(starts, index))
        piece.assignment = int(series.assignmentOf(piece.id, index))
        self.narrator.fact(
            f"shift {index + 1} of {len(starts)} of “{step.work}” is due in "
            f"{(start - self._now()) // DAY + 1} days, and on the board"
        )

    def _confirm_shift(self, step: steps.ConfirmShift) -> None:
        assignments, assignment = self.commune.assignments, self._assignment(step.work)
        self._wait_until(int(assignments.assignment(assignment)["start"]) + 1)
        self._tell_day()
        seat = self._seat(step.work, step.of)
        tx = self._send(step.by, self.commune.reviews, "confirmShift", assignment, seat)
        [confirmed] = self._events(tx, "ShiftConfirmed")
        self.narrator.fact(
            f"{step.by} was there and confirms the shift of {step.of}, who earns "
            f"{int(confirmed['amount']) / MICRO_POINTS:.1f} points"
        )

    # ------------------------------------------------------------------------------------------ what is so

    def _vacancies(self) -> Iterator[int]:
        """Assignments with a seat that whoever comes first can have."""
        assignments = self.commune.assignments
        for piece in self._works.values():
            number = piece.assignment
            if number and assignments.stateOf(number) == OPEN and 0 in _holders(assignments.seatsOf(number)):
                yield number

    def _assignment(self, work: str) -> int:
        if not (assignment := self._works[work].assignment):
            raise self._broke(f"{work!r} is not on the board yet")
        return assignment

    def _seat(self, work: str, name: str) -> int:
        """The seat that somebody holds, or did the work of; the first where they are to be refused."""
        assignment, member = self._assignment(work), self._member(name)
        for number, seat in enumerate(self.commune.assignments.seatsOf(assignment), 1):
            if seat["memberId"] == member:
                return number
        if self._step.refused:
            return 1
        raise self._broke(f"{name} has no seat of {work!r}")

    _working: ClassVar[dict[type, Callable[[Any, Any], None]]] = {
        steps.Volunteer: _volunteer,
        steps.Select: _select,
        steps.Heartbeat: _heartbeat,
        steps.Deliver: _deliver,
        steps.GiveReviews: _review,
        steps.Reopen: _reopen,
        steps.PayWork: _pay_work,
        steps.OpenOccurrence: _open_occurrence,
        steps.ConfirmShift: _confirm_shift,
    }


def _holders(seats: Any) -> list[int]:
    """Who holds each seat; 0 for vacant ones."""
    return [int(seat["memberId"]) for seat in seats]
