"""/v1/drafts and /v1/hearings: what comes before a vote."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.project.docket import Draft, Hearing
from backend.read import Moment, assembly
from backend.serve.page import Paged, listing
from backend.serve.problem import not_found
from backend.serve.values import (
    HASH,
    PROPOSAL,
    TIME,
    HearingId,
    MemberFilter,
    Model,
    ProposalText,
    columns,
    hex_of,
    proposal_id_of,
)
from backend.serve.view import Envelope, PageEnvelope, Used
from backend.store import table_of

router = APIRouter()


class DraftModel(Model):
    """The chain knows a draft only by the id that its proposal will have."""

    proposal_id: str = Field(examples=[PROPOSAL])
    topic: int = Field(description="Named by every sponsor", examples=[2])
    sponsors: int = Field(examples=[2])
    required: int = Field(description="Sponsors it takes now", examples=[2])
    since: int = Field(description="The first sponsorship", examples=[TIME])
    expires_at: int = Field(examples=[TIME + 2_592_000])
    expired: bool = Field(examples=[False])
    opened_at: int | None = Field(description="When it became a proposal", examples=[None])


class SponsorModel(Model):
    member_id: int = Field(examples=[7])
    sponsored_at: int = Field(examples=[TIME])


class DraftDetailModel(DraftModel):
    members: list[SponsorModel] = Field(description="The sponsors, in their order")


class HearingModel(Model):
    hearing_id: int = Field(examples=[2])
    member_id: int = Field(description="Whose expulsion it is about", examples=[7])
    openers: list[int] = Field(description="memberIds; it takes two", examples=[[2, 5]])
    grounds: str = Field(description="Hash of a text", examples=[HASH])
    requested_at: int = Field(examples=[TIME])
    started_at: int | None = Field(description="When the second opener joined", examples=[TIME])
    votable_at: int | None = Field(description="When the hearing ends", examples=[TIME + 604_800])
    expires_at: int | None = Field(
        description="Until when it can be joined, or voted on; null once there is a vote",
        examples=[TIME + 3_196_800],
    )
    proposal_id: str | None = Field(description="The vote that came of it", examples=[None])
    state: str | None = Field(description="Of that vote", examples=[None])


@router.get(
    "/drafts",
    tags=["drafts"],
    response_model=PageEnvelope[DraftModel],
    summary="Sponsored drafts, newest first",
)
async def drafts(
    service: Used,
    page: Paged,
    opened: Annotated[bool | None, Query(description="Only those that were proposed, or were not")] = None,
) -> Response:
    where = "" if opened is None else f"d.opened_at IS {'NOT ' if opened else ''}NULL"
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="drafts",
                select=f"SELECT {columns(Draft, 'd')} FROM drafts d",
                order=["d.since", "d.proposal_id"],
                where=where,
                present=lambda row: _draft_json(view.moment, table_of(Draft).from_sql(row)),
                descending=True,
            )
        )


@router.get(
    "/drafts/{proposalId}",
    tags=["drafts"],
    response_model=Envelope[DraftDetailModel],
    summary="A draft's sponsors",
)
async def draft(service: Used, draft_id: ProposalText) -> Response:
    """A draft that nobody has sponsored is unknown to the chain, and to this path."""
    proposal_id = proposal_id_of(draft_id)
    with service.view() as view:
        found = view.moment.row(Draft, proposal_id)
        if found is None:
            raise not_found(f"Draft {draft_id}")
        members = [
            {"memberId": sponsor.member_id, "sponsoredAt": sponsor.sponsored_at}
            for sponsor in assembly.sponsors_of(view.moment, proposal_id)
        ]
        return view.answer(_draft_json(view.moment, found) | {"members": members})


def _draft_json(moment: Moment, found: Draft) -> dict[str, Any]:
    expires_at = assembly.sponsors_expire_at(moment, found)
    return {
        "proposalId": str(found.proposal_id),
        "topic": found.topic,
        "sponsors": found.sponsors,
        "required": moment.parameters["assembly.sponsors"],
        "since": found.since,
        "expiresAt": expires_at,
        "expired": found.opened_at is None and moment.now > expires_at,
        "openedAt": found.opened_at,
    }


@router.get(
    "/hearings",
    tags=["hearings"],
    response_model=PageEnvelope[HearingModel],
    summary="Hearings, newest first",
)
async def hearings(service: Used, page: Paged, member_id: MemberFilter = None) -> Response:
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="hearings",
                select=f"SELECT {columns(Hearing, 'h')} FROM hearings h",
                order=["h.hearing_id"],
                where="" if member_id is None else "h.member_id = ?",
                arguments=[] if member_id is None else [member_id],
                present=lambda row: _hearing_json(view.moment, table_of(Hearing).from_sql(row)),
                descending=True,
            )
        )


@router.get(
    "/hearings/{hearingId}",
    tags=["hearings"],
    response_model=Envelope[HearingModel],
    summary="One hearing",
)
async def hearing(service: Used, hearing_id: HearingId) -> Response:
    with service.view() as view:
        found = view.moment.row(Hearing, hearing_id)
        if found is None:
            raise not_found(f"Hearing {hearing_id}")
        return view.answer(_hearing_json(view.moment, found))


def _hearing_json(moment: Moment, found: Hearing) -> dict[str, Any]:
    voted = found.proposal_id is not None
    return {
        "hearingId": found.hearing_id,
        "memberId": found.member_id,
        "openers": [who for who in (found.opener, found.second_opener) if who is not None],
        "grounds": hex_of(found.grounds),
        "requestedAt": found.requested_at,
        "startedAt": found.started_at,
        "votableAt": assembly.votable_at(moment, found),
        "expiresAt": None if voted else assembly.hearing_expires_at(moment, found),
        "proposalId": str(found.proposal_id) if voted else None,
        "state": assembly.state_of(moment, found.proposal_id or 0) if voted else None,
    }
