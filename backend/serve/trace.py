"""/v1/assignments/{assignmentId}/trace: the unbroken chain from a decision to confirmed work and its award.

Each step is an event on the chain, with its transaction, and leads to what else this API says of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from backend.chain.types import Log
from backend.project.assignments import Seat
from backend.project.reviews import Review
from backend.read import Moment, assembly, assignments, reviews, trace
from backend.read.trace import Origin, Place
from backend.read.words import Words
from backend.serve.assembly import BallotModel, TallyModel, ballots_page, tally_json, title_of
from backend.serve.assignments import needed
from backend.serve.page import Page
from backend.serve.stream import event_json
from backend.serve.values import HASH, PROPOSAL, TIME, AssignmentId, Model, uint256
from backend.serve.view import Envelope, Service, Used, View

router = APIRouter(tags=["assignments"])

# Ballots that are listed with a decision; `link` leads to all.
BALLOTS = 200

_ASSIGNMENT = "/v1/assignments/4"


class StepModel(Model):
    """An event on the chain."""

    id: str = Field(description="block-logIndex, as in /v1/stream", examples=["1240-3"])
    kind: str = Field(description="The event's name in the contracts", examples=["SeatTaken"])
    words: str = Field(examples=["member 5 took seat 1 of assignment 4"])
    arguments: dict[str, Any] = Field(
        description="The event's, named as in the ABI", examples=[{"assignmentId": 4, "seat": 1}]
    )
    happened_at: int = Field(examples=[TIME])
    transaction: str = Field(examples=[HASH])
    block: int = Field(examples=[1240])
    link: str = Field(description="What else this API says of it", examples=[_ASSIGNMENT])


class BallotsModel(Model):
    tally: TallyModel
    link: str = Field(description="All of them", examples=[f"/v1/proposals/{PROPOSAL}/ballots"])
    first: list[BallotModel] = Field(description=f"The first {BALLOTS}, in the order they were cast")


class DecisionModel(Model):
    proposal_id: str = Field(examples=[PROPOSAL])
    title: str = Field(examples=["A street party"])
    link: str = Field(examples=[f"/v1/proposals/{PROPOSAL}"])
    opened: list[StepModel] = Field(description="Its sponsors, and its opening")
    ballots: BallotsModel
    executed: list[StepModel] = Field(description="Queueing and execution")


class MandateStepsModel(Model):
    office_id: int = Field(examples=[1])
    member_id: int = Field(description="The holder", examples=[5])
    link: str = Field(examples=["/v1/offices/1"])
    exercised: StepModel


class SeriesStepsModel(Model):
    series_id: int = Field(examples=[1])
    occurrence: int = Field(description="From 0", examples=[3])
    link: str = Field(examples=["/v1/series/1"])
    created: StepModel
    opened: StepModel


class ReviewStepsModel(Model):
    review_id: int = Field(examples=[2])
    link: str = Field(examples=["/v1/reviews/2"])
    delivered: list[StepModel] = Field(description="One a round")
    reviewers: list[StepModel] = Field(description="Draws, who was asked, and who was replaced")
    verdicts: list[StepModel]
    concluded: list[StepModel] = Field(description="What came of it, rework and overturning included")
    awards: list[StepModel] = Field(description="What the ledger of reputation gained and lost by it")


class SeatStepsModel(Model):
    seat: int = Field(description="From 1", examples=[1])
    steps: list[StepModel] = Field(description="Who took it, signs of progress, who lost it, its end")
    reviews: list[ReviewStepsModel]
    confirmed: StepModel | None = Field(description="A shift's confirmation")
    awards: list[StepModel] = Field(description="Of a shift")
    paid: StepModel | None = Field(description="The stipend")


class TraceModel(Model):
    assignment_id: int = Field(examples=[4])
    decision: DecisionModel | None = Field(description="The executed proposal that made it, or its series")
    mandate: MandateStepsModel | None = Field(description="The holder's exercise that made it, or its series")
    series: SeriesStepsModel | None = Field(description="Of which it is an occurrence")
    created: StepModel
    volunteers: list[StepModel] = Field(description="Who offered, and how seats were given")
    seats: list[SeatStepsModel]
    cancelled: StepModel | None


@router.get(
    "/assignments/{assignmentId}/trace",
    response_model=Envelope[TraceModel],
    summary="From the proposal and its ballots to the work, its reviews and its award",
)
async def trace_of(service: Used, assignment_id: AssignmentId) -> Response:
    with service.view() as view:
        found = needed(view, assignment_id)
        moment, steps = view.moment, Steps(service, view.moment)
        origin, link = trace.origin_of(moment, found), f"/v1/assignments/{assignment_id}"
        offered = trace.told_of(
            moment,
            ("Volunteered", "VolunteerWithdrew", "SelectionDrawn", "Selected"),
            "assignment_id",
            assignment_id,
        )
        drawn = (
            trace.told_of(moment, ("DrawCaptured",), "draw_id", found.draw_id)
            if found.draw_id is not None
            else []
        )
        cancelled = trace.told_of(moment, ("AssignmentCancelled",), "assignment_id", assignment_id)
        return view.answer(
            {
                "assignmentId": assignment_id,
                "decision": _decision_json(view, steps, origin),
                "mandate": _mandate_json(steps, origin),
                "series": _series_json(steps, origin),
                "created": steps.at((found.block, found.position), link),
                "volunteers": steps.all(sorted([*offered, *drawn]), link),
                "seats": [
                    _seat_json(moment, steps, seat) for seat in assignments.seats_of(moment, assignment_id)
                ],
                "cancelled": steps.at(cancelled[0], link) if cancelled else None,
            }
        )


class Steps:
    """Events as steps, by their places."""

    def __init__(self, service: Service, moment: Moment) -> None:
        self._service = service
        self._moment = moment
        self._words = Words(moment, service.calls)

    def at(self, place: Place, link: str) -> dict[str, Any]:
        row = self._moment.reader.one(
            "SELECT l.block, l.position, l.address, l.topics, l.data, l.tx, k.timestamp, k.hash"
            " FROM logs l JOIN blocks k ON k.number = l.block WHERE l.block = ? AND l.position = ?",
            place,
        )
        assert row is not None, f"the tables tell of an event at {place} that is not there"
        event = event_json(self._service, Log(*row[:6]), row[6], row[7])
        kind, arguments = str(event["event"]), dict(event["arguments"])  # type: ignore[call-overload]
        return {
            "id": event["id"],
            "kind": kind,
            "words": self._words.event(kind, arguments),
            "arguments": arguments,
            "happenedAt": row[6],
            "transaction": event["transaction"],
            "block": place[0],
            "link": link,
        }

    def all(self, places: Iterable[Place], link: str) -> list[dict[str, Any]]:
        return [self.at(place, link) for place in places]


def _decision_json(view: View, steps: Steps, origin: Origin) -> dict[str, Any] | None:
    if origin.proposal_id is None:
        return None
    moment, key = view.moment, uint256(origin.proposal_id)
    found = assembly.proposal_with_tally(moment, origin.proposal_id)
    assert found is not None, "what was executed was proposed"
    proposal, tally = found
    link = f"/v1/proposals/{origin.proposal_id}"
    cast, _ = ballots_page(view, Page(BALLOTS, None), "trace", "b.proposal_id = ?", [key])
    opened = trace.told_of(moment, ("Sponsored", "ProposalOpened"), "proposal_id", key)
    executed = trace.told_of(moment, ("ProposalQueued", "ProposalExecuted"), "proposal_id", key)
    return {
        "proposalId": str(origin.proposal_id),
        "title": title_of(proposal.description),
        "link": link,
        "opened": steps.all(opened, link),
        "ballots": {"tally": tally_json(proposal, tally), "link": f"{link}/ballots", "first": cast},
        "executed": steps.all(executed, link),
    }


def _mandate_json(steps: Steps, origin: Origin) -> dict[str, Any] | None:
    exercise = origin.exercise
    if exercise is None:
        return None
    link = f"/v1/offices/{exercise.office_id}"
    return {
        "officeId": exercise.office_id,
        "memberId": exercise.member_id,
        "link": link,
        "exercised": steps.at((exercise.block, exercise.position), link),
    }


def _series_json(steps: Steps, origin: Origin) -> dict[str, Any] | None:
    series, occurrence = origin.series, origin.occurrence
    if series is None or occurrence is None:
        return None
    link = f"/v1/series/{series.series_id}"
    return {
        "seriesId": series.series_id,
        "occurrence": occurrence.number,
        "link": link,
        "created": steps.at((series.block, series.position), link),
        "opened": steps.at((occurrence.block, occurrence.position), link),
    }


def _seat_json(moment: Moment, steps: Steps, seat: Seat) -> dict[str, Any]:
    link = f"/v1/assignments/{seat.assignment_id}"
    happened = [row for row in assignments.history_of(moment, seat.assignment_id) if row.seat == seat.seat]
    paid = [(row.block, row.position) for row in happened if row.kind == "Paid"]
    # What a delivery and its review did to the seat is told there.
    told = [row for row in happened if row.kind not in ("Delivered", "Rework", "Overturned", "Paid")]
    confirmed = reviews.shift_confirmation(moment, seat.assignment_id, seat.seat)
    awards = trace.entries_of_shift(moment, confirmed) if confirmed is not None else []
    return {
        "seat": seat.seat,
        "steps": steps.all([(row.block, row.position) for row in told], link),
        "reviews": [
            _review_json(moment, steps, found)
            for found in reviews.reviews_of(moment, seat.assignment_id, seat.seat)
        ],
        "confirmed": steps.at((confirmed.block, confirmed.position), link) if confirmed else None,
        "awards": [_award_json(steps, (row.block, row.position), row.member_id) for row in awards],
        "paid": steps.at(paid[0], "/v1/commons/ledger") if paid else None,
    }


def _review_json(moment: Moment, steps: Steps, found: Review) -> dict[str, Any]:
    review_id, link = found.review_id, f"/v1/reviews/{found.review_id}"

    def told(*kinds: str) -> list[dict[str, Any]]:
        return steps.all(trace.told_of(moment, kinds, "review_id", review_id), link)

    entries = trace.entries_of_review(moment, found)
    return {
        "reviewId": review_id,
        "link": link,
        "delivered": told("Delivered"),
        "reviewers": told("ReviewersWanted", "ReviewerAsked", "ReviewerReplaced", "ReviewStuck"),
        "verdicts": told("Reviewed"),
        "concluded": told("ReworkAsked", "ReviewConcluded", "ReviewOverturned"),
        "awards": [_award_json(steps, (row.block, row.position), row.member_id) for row in entries],
    }


def _award_json(steps: Steps, place: Place, member_id: int) -> dict[str, Any]:
    return steps.at(place, f"/v1/reputation?memberId={member_id}")
