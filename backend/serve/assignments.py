"""/v1/assignments and /v1/board: work that a decision made, and what of it is to be had now."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.project.assignments import ASSIGNMENT_STATES, KINDS, SEAT_STATES, SELECTIONS, Assignment, Seat
from backend.read import Moment, reviews, series
from backend.read import assignments as reads
from backend.serve.page import Paged, listing
from backend.serve.problem import not_found
from backend.serve.values import (
    ADDRESS,
    HASH,
    TIME,
    AssignmentId,
    Model,
    TopicFilter,
    columns,
    hex_of,
)
from backend.serve.view import Envelope, PageEnvelope, Used, View
from backend.store import table_of
from backend.work import brief

router = APIRouter(tags=["assignments"])

AssignmentState = Literal["Volunteering", "Selecting", "Drawing", "Open", "Finished", "Cancelled"]
AssignmentKind = Literal["Task", "Shift"]
SelectionName = Literal["Draw", "Score"]
SeatState = Literal["Vacant", "Held", "Delivered", "Rework", "Done", "Lapsed"]
assert ("Unknown", *AssignmentState.__args__) == ASSIGNMENT_STATES  # type: ignore[attr-defined]
assert AssignmentKind.__args__ == KINDS  # type: ignore[attr-defined]
assert SelectionName.__args__ == SELECTIONS  # type: ignore[attr-defined]
assert SeatState.__args__ == SEAT_STATES  # type: ignore[attr-defined]


class BriefModel(Model):
    """What is asked for. Assignments and the occurrences of a series say it alike."""

    title: str | None = Field(
        description="The text's first line, where this node holds it", examples=["Bake for the street party"]
    )
    text_hash: str = Field(description="For /v1/texts", examples=[HASH])
    skills: list[str] = Field(description="That help, as the text says", examples=[["baking"]])
    minutes: int | None = Field(description="Of one person's work, as the text says", examples=[180])
    where: str | None = Field(description="As the text says", examples=["The hall, back door"])
    topic: int = Field(examples=[2])
    kind: AssignmentKind = Field(
        description="A task is delivered and reviewed, a shift is confirmed", examples=["Task"]
    )
    selection: SelectionName = Field(
        description="Who gets a seat where too many volunteer", examples=["Draw"]
    )
    seats: int = Field(examples=[2])
    trial_seats: int = Field(description="Of them reserved for members on probation", examples=[1])
    duration: int = Field(description="Of a task: seconds from taking a seat, at least", examples=[604_800])
    heartbeat: int = Field(description="The most seconds between signs of progress; 0: none", examples=[0])
    reward: str = Field(description="Of each seat, micro-points as text", examples=["10000000"])
    purse_id: int | None = Field(description="Which purse pays the stipend", examples=[None])
    stipend: str = Field(description="Of each seat, the asset's smallest parts, as text", examples=["0"])


class AssignmentModel(BriefModel):
    assignment_id: int = Field(examples=[4])
    state: AssignmentState = Field(description="At the answer's block", examples=["Volunteering"])
    creator: str = Field(description="The contract that created it", examples=[ADDRESS])
    creator_module: str | None = Field(
        description="The creator's name in the constitution", examples=["timelock"]
    )
    series_id: int | None = Field(description="Of which it is an occurrence", examples=[None])
    volunteer_until: int = Field(description="The last second of volunteering", examples=[TIME + 86_400])
    start: int = Field(examples=[TIME + 86_400])
    deadline: int = Field(description="0 where the duration alone counts", examples=[0])
    volunteers: int = Field(description="Who offered to do it and did not step back", examples=[3])
    holders: list[int] = Field(description="memberIds of who holds a seat, or has delivered", examples=[[5]])
    vacant: int = Field(description="Seats nobody holds", examples=[1])
    closed_seats: int = Field(description="Seats done or lapsed", examples=[0])
    draw_id: int | None = Field(description="The draw that selects", examples=[None])
    created_at: int = Field(examples=[TIME])
    cancelled_at: int | None = Field(examples=[None])


class SeatModel(Model):
    seat: int = Field(description="From 1", examples=[1])
    state: SeatState = Field(examples=["Held"])
    member_id: int | None = Field(description="Who holds it, or did the work", examples=[5])
    taken_at: int | None = Field(examples=[TIME + 90_000])
    signed_at: int | None = Field(description="The last sign of progress", examples=[None])
    due_at: int | None = Field(
        description="The last second in which it can be delivered; a shift's end", examples=[TIME + 700_000]
    )
    late_after: int | None = Field(
        description="Until when its holder is not late, for a sign of progress, the delivery or a shift's"
        " confirmation",
        examples=[TIME + 700_000],
    )
    missed: bool = Field(description="Whether anyone can reopen it now", examples=[False])
    share_bps: int = Field(description="Ten-thousandths of the reward that were earned", examples=[0])
    paid: bool = Field(description="Whether its stipend was", examples=[False])
    review_id: int | None = Field(description="Of its last delivery", examples=[None])
    confirmer: int | None = Field(description="Who confirmed the shift", examples=[None])


class AssignmentDetailModel(AssignmentModel):
    text: str | None = Field(
        description="What is to be done; null where this node lacks it",
        examples=["Bake for the street party\n\nSkills: baking\n\nThe oven is hot at nine."],
    )
    each_seat: list[SeatModel]
    volunteering: list[int] = Field(description="memberIds, in the order in which they came", examples=[[5]])
    cancel_reason: str | None = Field(description="For /v1/texts", examples=[None])
    block: int = Field(description="In which it was created", examples=[1240])


class MissedSeatModel(Model):
    seat: int = Field(description="From 1", examples=[2])
    member_id: int = Field(description="Who holds it, and is late or gone", examples=[5])
    late_after: int = Field(examples=[TIME])


class BoardModel(AssignmentModel):
    step: Literal["Volunteer", "Select", "Wait", "Take", "Reopen"] = Field(
        description="What there is to do: volunteer, give the seats, wait for the draw, take a vacant seat,"
        " or reopen one whose holder is late",
        examples=["Take"],
    )
    missed: list[MissedSeatModel] = Field(description="Seats that anyone can reopen now")


def _select(moment: Moment) -> str:
    # The time stands in the statement's tables, not in its conditions: a cursor outlives the block.
    return (
        f"SELECT {columns(Assignment, 'a')}, s.state, x.content FROM assignments a"
        f" JOIN (SELECT a.assignment_id AS id, {reads.state_sql(moment)} AS state FROM assignments a) s"
        " ON s.id = a.assignment_id LEFT JOIN texts x ON x.text_hash = a.text_hash"
    )


@router.get("/assignments", response_model=PageEnvelope[AssignmentModel], summary="Assignments, newest first")
async def assignments(
    service: Used,
    page: Paged,
    state: Annotated[AssignmentState | None, Query(description="At the answer's block")] = None,
    topic: TopicFilter = None,
    kind: AssignmentKind | None = None,
    member: Annotated[
        int | None,
        Query(ge=1, le=2**32 - 1, description="memberId of who has a seat, or volunteers", examples=[5]),
    ] = None,
    series_id: Annotated[int | None, Query(alias="seriesId", ge=1, le=2**32 - 1, examples=[1])] = None,
) -> Response:
    where: list[str] = []
    arguments: list[Any] = []
    for column, value in (("s.state", state), ("a.topic", topic), ("a.kind", kind)):
        if value is not None:
            where.append(f"{column} = ?")
            arguments.append(value)
    if member is not None:
        where.append(
            "a.assignment_id IN (SELECT assignment_id FROM seats WHERE member_id = ? UNION"
            " SELECT assignment_id FROM volunteers WHERE member_id = ? AND withdrawn_at IS NULL)"
        )
        arguments += [member, member]
    if series_id is not None:
        where.append("a.assignment_id IN (SELECT assignment_id FROM occurrences WHERE series_id = ?)")
        arguments.append(series_id)
    with service.view() as view:
        moment = view.moment
        return view.page(
            listing(
                view.reader,
                page,
                name="assignments",
                select=_select(moment),
                order=["a.assignment_id"],
                where=" AND ".join(where),
                arguments=arguments,
                present=lambda row: _assignment_json(moment, row),
                descending=True,
            )
        )


@router.get(
    "/board",
    response_model=PageEnvelope[BoardModel],
    summary="What is open now: to volunteer for, to take, or to reopen",
)
async def board(service: Used, page: Paged, topic: TopicFilter = None) -> Response:
    where, arguments = ["o.id IS NOT NULL"], []
    if topic is not None:
        where.append("a.topic = ?")
        arguments.append(topic)
    with service.view() as view:
        moment = view.moment
        late, now = reads.late_sql(moment), int(moment.now)
        # Open ones need something to do: a vacant seat that can still be taken, or a holder who is late.
        open_now = (
            f" JOIN (SELECT a.assignment_id AS id FROM assignments a WHERE {reads.state_sql(moment)}"
            " IN ('Volunteering', 'Selecting', 'Drawing') OR EXISTS (SELECT 1 FROM seats b"
            " LEFT JOIN members m ON m.member_id = b.member_id WHERE b.assignment_id = a.assignment_id"
            f" AND ((b.state = 'Vacant' AND a.selected_at IS NOT NULL AND a.cancelled_at IS NULL"
            f" AND (a.kind = 'Task' OR a.deadline >= {now}))"
            f" OR (b.state IN ('Held', 'Rework') AND (m.status <> 'Active' OR {late} < {now}))))) o"
            " ON o.id = a.assignment_id"
        )
        return view.page(
            listing(
                view.reader,
                page,
                name="board",
                select=_select(moment) + open_now,
                order=["a.assignment_id"],
                where=" AND ".join(where),
                arguments=arguments,
                present=lambda row: _board_json(moment, row),
            )
        )


@router.get(
    "/assignments/{assignmentId}",
    response_model=Envelope[AssignmentDetailModel],
    summary="One assignment, with its seats and volunteers",
)
async def assignment(service: Used, assignment_id: AssignmentId) -> Response:
    with service.view() as view:
        moment = view.moment
        row = view.reader.one(f"{_select(moment)} WHERE a.assignment_id = ?", (assignment_id,))
        if row is None:
            raise not_found(f"Assignment {assignment_id}")
        found: Assignment = table_of(Assignment).from_sql(row)
        volunteers = reads.volunteers_of(moment, assignment_id)
        return view.answer(
            _assignment_json(moment, row)
            | {
                "text": row[-1].decode() if row[-1] is not None else None,
                "eachSeat": [seat_json(moment, seat) for seat in reads.seats_of(moment, assignment_id)],
                "volunteering": [volunteer.member_id for volunteer in volunteers],
                "cancelReason": hex_of(found.cancel_reason),
                "block": found.block,
            }
        )


def needed(view: View, assignment_id: int) -> Assignment:
    found = reads.assignment(view.moment, assignment_id)
    if found is None:
        raise not_found(f"Assignment {assignment_id}")
    return found


def brief_json(text: bytes | None) -> dict[str, Any]:
    """What an assignment's text says of itself."""
    if text is None:
        return {"title": None, "skills": [], "minutes": None, "where": None}
    said = brief.parse(text.decode())
    return {"title": said.title, "skills": list(said.skills), "minutes": said.minutes, "where": said.where}


def _assignment_json(moment: Moment, row: tuple[Any, ...]) -> dict[str, Any]:
    """From an assignment's columns, its state and its text."""
    found: Assignment = table_of(Assignment).from_sql(row)
    seats = reads.seats_of(moment, found.assignment_id)
    return brief_json(row[-1]) | {
        "assignmentId": found.assignment_id,
        "textHash": hex_of(found.text_hash),
        "topic": found.topic,
        "kind": found.kind,
        "selection": found.selection,
        "seats": found.seats,
        "trialSeats": found.trial_seats,
        "duration": found.duration,
        "heartbeat": found.heartbeat,
        "reward": str(found.reward),
        "purseId": found.purse_id,
        "stipend": str(found.stipend),
        "state": row[-2],
        "creator": hex_of(found.creator),
        "creatorModule": moment.modules.get(found.creator),
        "seriesId": series.series_of(moment, found.assignment_id),
        "volunteerUntil": found.volunteer_until,
        "start": found.start,
        "deadline": found.deadline,
        "volunteers": len(reads.volunteers_of(moment, found.assignment_id)),
        "holders": [seat.member_id for seat in seats if seat.state in ("Held", "Delivered", "Rework")],
        "vacant": sum(seat.state == "Vacant" for seat in seats),
        "closedSeats": found.closed_seats,
        "drawId": found.draw_id,
        "createdAt": found.created_at,
        "cancelledAt": found.cancelled_at,
    }


def seat_json(moment: Moment, seat: Seat) -> dict[str, Any]:
    confirmed = reviews.shift_confirmation(moment, seat.assignment_id, seat.seat)
    return {
        "seat": seat.seat,
        "state": seat.state,
        "memberId": seat.member_id,
        "takenAt": seat.taken_at,
        "signedAt": seat.signed_at,
        "dueAt": seat.due_at,
        "lateAfter": reads.late_after(moment, seat),
        "missed": reads.is_missed(moment, seat),
        "shareBps": seat.share_bps,
        "paid": seat.paid,
        "reviewId": reviews.last_review_of(moment, seat.assignment_id, seat.seat) or None,
        "confirmer": confirmed.confirmer if confirmed is not None else None,
    }


def _board_json(moment: Moment, row: tuple[Any, ...]) -> dict[str, Any]:
    document = _assignment_json(moment, row)
    seats = reads.seats_of(moment, document["assignmentId"])
    missed = [seat for seat in seats if reads.is_missed(moment, seat)]
    step = {"Volunteering": "Volunteer", "Selecting": "Select", "Drawing": "Wait"}.get(document["state"])
    return document | {
        "step": step or ("Take" if document["vacant"] else "Reopen"),
        "missed": [
            {"seat": seat.seat, "memberId": seat.member_id, "lateAfter": reads.late_after(moment, seat)}
            for seat in missed
        ],
    }
