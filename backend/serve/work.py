"""/v1/members/{memberId}/work: what a member holds, did, missed, and is asked for."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from backend.project.assignments import SEAT_EVENTS, SeatEvent
from backend.read import Moment, assignments, reviews
from backend.read import work as reads
from backend.serve.assignments import SeatModel, brief_json, seat_json
from backend.serve.membership import needed
from backend.serve.page import Paged, listing
from backend.serve.values import HASH, TIME, MemberId, Model, columns, hex_of
from backend.serve.view import Envelope, PageEnvelope, Used
from backend.store import table_of

router = APIRouter(tags=["members"])

SeatEventKind = Literal[
    "Taken",
    "Heartbeat",
    "Withdrew",
    "MissedHeartbeat",
    "MissedDeadline",
    "Gone",
    "Failed",
    "Cancelled",
    "Delivered",
    "Rework",
    "Done",
    "Overturned",
    "Paid",
]
assert SeatEventKind.__args__ == SEAT_EVENTS  # type: ignore[attr-defined]


class HeldSeatModel(SeatModel):
    assignment_id: int = Field(examples=[4])


class AskedModel(Model):
    review_id: int = Field(examples=[2])
    round: int = Field(examples=[1])
    answer_until: int = Field(examples=[TIME + 259_200])


class MemberWorkModel(Model):
    member_id: int = Field(examples=[7])
    strikes: int = Field(description="This season: seats missed or failed", examples=[0])
    strikes_limit: int = Field(description="With so many a member takes no seat this season", examples=[3])
    seats_held: int = Field(description="Of work that is not done yet", examples=[1])
    seats_limit: int = Field(description="The most that one member holds at a time", examples=[5])
    shift_confirmation_left: str = Field(
        description="Micro-points the member may still confirm of shifts this season", examples=["2000000"]
    )
    taken: int = Field(description="Seats taken, ever; as all that follows", examples=[6])
    delivered: int = Field(description="Deliveries, those after rework too", examples=[4])
    done: int = Field(examples=[3])
    missed: int = Field(description="Seats lost for a missed heartbeat or deadline", examples=[1])
    no_shows: int = Field(description="Of them, shifts", examples=[0])
    failed: int = Field(description="Seats whose work was not accepted", examples=[0])
    withdrew: int = Field(description="Seats given up in time", examples=[1])
    reviews_done: int = Field(description="Verdicts given", examples=[2])
    reviews_missed: int = Field(description="Reviews not answered in time", examples=[0])
    shifts_confirmed: int = Field(description="Of others", examples=[1])
    holds: list[HeldSeatModel]
    volunteers_for: list[int] = Field(description="assignmentIds", examples=[[5]])
    asked: list[AskedModel] = Field(description="Reviews to answer")


class WorkEventModel(Model):
    kind: SeatEventKind = Field(description="What happened to the member's seat", examples=["Taken"])
    assignment_id: int = Field(examples=[4])
    title: str | None = Field(
        description="The assignment's, where this node holds its text", examples=["Bake for the street party"]
    )
    seat: int = Field(examples=[1])
    note: str | None = Field(description="On progress, for /v1/texts", examples=[None])
    due_at: int | None = Field(description="Of a seat that was taken or sent back", examples=[TIME])
    strikes: int | None = Field(
        description="The member's in that season, where they lost the seat", examples=[None]
    )
    share_bps: int | None = Field(description="Of work that is done", examples=[None])
    amount: str | None = Field(description="Of a stipend, the asset's smallest parts", examples=[None])
    happened_at: int = Field(examples=[TIME])
    transaction: str = Field(examples=[HASH])
    block: int = Field(examples=[1240])


@router.get(
    "/members/{memberId}/work",
    response_model=Envelope[MemberWorkModel],
    summary="A member's work: what they hold, did and missed",
)
async def member_work(service: Used, member_id: MemberId) -> Response:
    with service.view() as view:
        needed(view, member_id)
        return view.answer(_work_json(view.moment, member_id))


@router.get(
    "/members/{memberId}/work/history",
    response_model=PageEnvelope[WorkEventModel],
    summary="What happened to a member's seats, newest first",
)
async def member_work_history(service: Used, page: Paged, member_id: MemberId) -> Response:
    with service.view() as view:
        needed(view, member_id)
        return view.page(
            listing(
                view.reader,
                page,
                name="member-work",
                select=f"SELECT {columns(SeatEvent, 'e')}, x.content, l.tx FROM seat_events e"
                " JOIN logs l ON l.block = e.block AND l.position = e.position"
                " JOIN assignments a ON a.assignment_id = e.assignment_id"
                " LEFT JOIN texts x ON x.text_hash = a.text_hash",
                order=["e.block", "e.position"],
                where="e.member_id = ?",
                arguments=[member_id],
                present=_event_json,
                descending=True,
            )
        )


def _work_json(moment: Moment, member_id: int) -> dict[str, Any]:
    counts = reads.counts_of(moment, member_id)
    by_kind = counts.by_kind
    return {
        "memberId": member_id,
        "strikes": assignments.strikes_of(moment, member_id),
        "strikesLimit": moment.parameters.get("work.strikes", 0),
        "seatsHeld": assignments.seats_held(moment, member_id),
        "seatsLimit": moment.parameters.get("work.maxSeats", 0),
        "shiftConfirmationLeft": str(reviews.shift_confirmation_left(moment, member_id)),
        "taken": by_kind["Taken"],
        "delivered": by_kind["Delivered"],
        "done": by_kind["Done"],
        "missed": by_kind["MissedHeartbeat"] + by_kind["MissedDeadline"],
        "noShows": counts.no_shows,
        "failed": by_kind["Failed"],
        "withdrew": by_kind["Withdrew"],
        "reviewsDone": counts.reviews_done,
        "reviewsMissed": counts.reviews_missed,
        "shiftsConfirmed": counts.shifts_confirmed,
        "holds": [
            seat_json(moment, seat) | {"assignmentId": seat.assignment_id}
            for seat in reads.seats_of(moment, member_id)
        ],
        "volunteersFor": reads.volunteering_of(moment, member_id),
        "asked": [
            {"reviewId": asked.review_id, "round": asked.round, "answerUntil": asked.answer_until}
            for asked in reads.asked_of(moment, member_id)
        ],
    }


def _event_json(row: tuple[Any, ...]) -> dict[str, Any]:
    """From an event's columns, its assignment's text, and its transaction."""
    found: SeatEvent = table_of(SeatEvent).from_sql(row)
    return {
        "kind": found.kind,
        "assignmentId": found.assignment_id,
        "title": brief_json(row[-2])["title"],
        "seat": found.seat,
        "note": hex_of(found.note),
        "dueAt": found.due_at,
        "strikes": found.strikes,
        "shareBps": found.share_bps,
        "amount": str(found.amount) if found.amount is not None else None,
        "happenedAt": found.happened_at,
        "transaction": hex_of(row[-1]),
        "block": found.block,
    }
