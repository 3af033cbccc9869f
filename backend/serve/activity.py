"""/v1/activity: everything that happened, newest first."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.chain.types import Log
from backend.project.activity import KINDS, Activity
from backend.read.words import Words
from backend.serve.membership import PersonModel, people
from backend.serve.page import Paged, listing
from backend.serve.problem import Problem
from backend.serve.stream import event_json
from backend.serve.values import (
    HASH,
    PROPOSAL,
    TIME,
    AssignmentFilter,
    MemberFilter,
    Model,
    OfficeFilter,
    columns,
    proposal_id_of,
    uint256,
)
from backend.serve.view import PageEnvelope, Used
from backend.store import table_of

router = APIRouter(tags=["activity"])


class ActivityModel(Model):
    id: str = Field(description="block-logIndex, as in /v1/stream", examples=["1205-3"])
    kind: str = Field(description="The event's name in the contracts", examples=["BallotRecorded"])
    words: str = Field(examples=["member 7 voted For with 3 votes"])
    member: PersonModel | None = Field(description="Who acted, or whom it is about")
    other_member: PersonModel | None = Field(description="The second person, where there is one")
    proposal_id: str | None = Field(examples=[PROPOSAL])
    application_id: int | None = Field(examples=[None])
    hearing_id: int | None = Field(examples=[None])
    poll_id: int | None = Field(examples=[None])
    draw_id: int | None = Field(examples=[None])
    office_id: int | None = Field(examples=[None])
    election_id: int | None = Field(examples=[None])
    petition_id: int | None = Field(examples=[None])
    assignment_id: int | None = Field(examples=[None])
    series_id: int | None = Field(examples=[None])
    review_id: int | None = Field(examples=[None])
    penalty_id: int | None = Field(examples=[None])
    case_id: int | None = Field(examples=[None])
    topic: int | None = Field(examples=[None])
    arguments: dict[str, Any] = Field(
        description="The event's, named as in the ABI", examples=[{"memberId": 7, "votes": 3}]
    )
    happened_at: int = Field(examples=[TIME])
    transaction: str = Field(examples=[HASH])
    block: int = Field(examples=[1205])


_WIDTH = len(table_of(Activity).columns)


@router.get("/activity", response_model=PageEnvelope[ActivityModel], summary="What happened, newest first")
async def activity(
    service: Used,
    page: Paged,
    kind: Annotated[
        str | None, Query(max_length=40, description="One kind of event", examples=["BallotRecorded"])
    ] = None,
    member_id: MemberFilter = None,
    proposal_id: Annotated[str | None, Query(max_length=80, examples=[PROPOSAL])] = None,
    poll_id: Annotated[int | None, Query(alias="pollId", ge=1, le=2**32 - 1, examples=[3])] = None,
    office_id: OfficeFilter = None,
    assignment_id: AssignmentFilter = None,
    case_id: Annotated[int | None, Query(alias="caseId", ge=1, le=2**32 - 1, examples=[1])] = None,
) -> Response:
    where: list[str] = []
    arguments: list[Any] = []
    if kind is not None:
        if kind not in KINDS:
            raise Problem(400, "unknown-kind", "There is no such kind of activity", kind, known=list(KINDS))
        where.append("a.kind = ?")
        arguments.append(kind)
    if member_id is not None:
        where.append("(a.member_id = ? OR a.other_member_id = ?)")
        arguments += [member_id, member_id]
    if proposal_id is not None:
        where.append("a.proposal_id = ?")
        arguments.append(uint256(proposal_id_of(proposal_id)))
    if poll_id is not None:
        where.append("a.poll_id = ?")
        arguments.append(poll_id)
    if office_id is not None:
        where.append("a.office_id = ?")
        arguments.append(office_id)
    if assignment_id is not None:
        where.append("a.assignment_id = ?")
        arguments.append(assignment_id)
    if case_id is not None:
        where.append("a.case_id = ?")
        arguments.append(case_id)
    with service.view() as view:
        rows, following = listing(
            view.reader,
            page,
            name="activity",
            select=f"SELECT {columns(Activity, 'a')}, l.block, l.position, l.address, l.topics, l.data, l.tx,"
            " k.timestamp, k.hash FROM activities a"
            " JOIN logs l ON l.block = a.block AND l.position = a.position"
            " JOIN blocks k ON k.number = a.block",
            order=["a.block", "a.position"],
            where=" AND ".join(where),
            arguments=arguments,
            present=lambda row: row,
            descending=True,
        )
        found = [(table_of(Activity).from_sql(row), row[_WIDTH:]) for row in rows]
        ids = [member_id for row, _ in found for member_id in (row.member_id, row.other_member_id)]
        persons = people(view.moment, ids)
        words = Words(view.moment, service.calls)

        def shown(row: Activity, log: tuple[Any, ...]) -> dict[str, Any]:
            event = event_json(service, Log(*log[:6]), log[6], log[7])
            arguments: Any = event["arguments"]
            return {
                "id": event["id"],
                "kind": row.kind,
                "words": words.event(row.kind, arguments),
                "member": persons.get(row.member_id or 0),
                "otherMember": persons.get(row.other_member_id or 0),
                "proposalId": str(row.proposal_id) if row.proposal_id is not None else None,
                "applicationId": row.application_id,
                "hearingId": row.hearing_id,
                "pollId": row.poll_id,
                "drawId": row.draw_id,
                "officeId": row.office_id,
                "electionId": row.election_id,
                "petitionId": row.petition_id,
                "assignmentId": row.assignment_id,
                "seriesId": row.series_id,
                "reviewId": row.review_id,
                "penaltyId": row.penalty_id,
                "caseId": row.case_id,
                "topic": row.topic,
                "arguments": arguments,
                "happenedAt": row.happened_at,
                "transaction": event["transaction"],
                "block": row.block,
            }

        return view.page(([shown(row, log) for row, log in found], following))
