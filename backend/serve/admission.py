"""/v1/applications: who asks to join."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.project.admission import APPLICATION_STATUSES, Application
from backend.read import Moment, admission, assembly
from backend.serve.membership import first_line
from backend.serve.page import Paged, listing
from backend.serve.problem import not_found
from backend.serve.values import (
    ADDRESS,
    HASH,
    PROPOSAL,
    TIME,
    ApplicationId,
    Model,
    account_of,
    columns,
    hex_of,
)
from backend.serve.view import Envelope, PageEnvelope, Used
from backend.store import table_of

router = APIRouter(tags=["applications"])

ApplicationStatus = Literal["Open", "Vouched", "Contested", "Cleared", "Admitted", "Withdrawn"]
assert set(ApplicationStatus.__args__) == set(APPLICATION_STATUSES)  # type: ignore[attr-defined]


class ApplicationModel(Model):
    application_id: int = Field(examples=[3])
    applicant: str = Field(examples=[ADDRESS])
    status: ApplicationStatus = Field(examples=["Vouched"])
    lapsed: bool = Field(
        description="Whether it has no way left to succeed, so that the applicant may apply again",
        examples=[False],
    )
    profile: str = Field(description="Hash of the applicant's introduction", examples=[HASH])
    introduction: str | None = Field(
        description="Its first line, where this node holds it", examples=["Baker. I get up early."]
    )
    applied_at: int = Field(examples=[TIME])
    vouched_at: int | None = Field(description="When the last needed vouch was given", examples=[TIME])
    closes_at: int | None = Field(description="When the objection window ends", examples=[TIME + 259_200])
    expires_at: int | None = Field(description="Of an open or vouched one", examples=[TIME + 5_184_000])
    vouches: int = Field(examples=[2])
    objections: int = Field(examples=[0])
    proposal_id: str | None = Field(description="The vote on a contested one", examples=[PROPOSAL])
    member_id: int | None = Field(description="Once admitted", examples=[None])
    admitted_at: int | None = Field(examples=[None])


class VouchModel(Model):
    member_id: int = Field(examples=[1])
    vouched_at: int = Field(examples=[TIME])


class ObjectionModel(Model):
    member_id: int = Field(examples=[4])
    reason: str = Field(description="Hash of a text", examples=[HASH])
    objected_at: int = Field(examples=[TIME])


class ApplicationDetailModel(ApplicationModel):
    vouchers: list[VouchModel]
    objectors: list[ObjectionModel]
    state: str | None = Field(description="Of the vote on a contested one", examples=["Active"])


_SELECT = (
    f"SELECT {columns(Application, 'a')}, x.content FROM applications a"
    " LEFT JOIN texts x ON x.text_hash = a.profile"
)


@router.get(
    "/applications", response_model=PageEnvelope[ApplicationModel], summary="Applications, newest first"
)
async def applications(
    service: Used,
    page: Paged,
    status: ApplicationStatus | None = None,
    applicant: Annotated[str | None, Query(max_length=80, examples=[ADDRESS])] = None,
) -> Response:
    where: list[str] = []
    arguments: list[Any] = []
    if status is not None:
        where.append("a.status = ?")
        arguments.append(status)
    if applicant is not None:
        where.append("a.applicant = ?")
        arguments.append(account_of(applicant))
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="applications",
                select=_SELECT,
                order=["a.application_id"],
                where=" AND ".join(where),
                arguments=arguments,
                present=lambda row: application_json(view.moment, row),
                descending=True,
            )
        )


@router.get(
    "/applications/{applicationId}",
    response_model=Envelope[ApplicationDetailModel],
    summary="One application, with who vouched and who objected",
)
async def application(service: Used, application_id: ApplicationId) -> Response:
    with service.view() as view:
        row = view.reader.one(f"{_SELECT} WHERE a.application_id = ?", (application_id,))
        if row is None:
            raise not_found(f"Application {application_id}")
        found: Application = table_of(Application).from_sql(row[:-1])
        vouchers = view.reader.query(
            "SELECT member_id, vouched_at FROM vouches WHERE application_id = ? ORDER BY position",
            (application_id,),
        )
        objectors = view.reader.query(
            "SELECT member_id, reason, objected_at FROM objections WHERE application_id = ?"
            " ORDER BY position",
            (application_id,),
        )
        voted = found.proposal_id is not None
        return view.answer(
            application_json(view.moment, row)
            | {
                "vouchers": [{"memberId": who, "vouchedAt": at} for who, at in vouchers],
                "objectors": [
                    {"memberId": who, "reason": hex_of(reason), "objectedAt": at}
                    for who, reason, at in objectors
                ],
                "state": assembly.state_of(view.moment, found.proposal_id or 0) if voted else None,
            }
        )


def application_json(moment: Moment, row: tuple[Any, ...]) -> dict[str, Any]:
    """From an application's columns, then its profile's text."""
    found: Application = table_of(Application).from_sql(row[:-1])
    return {
        "applicationId": found.application_id,
        "applicant": hex_of(found.applicant),
        "status": found.status,
        "lapsed": admission.has_lapsed(moment, found),
        "profile": hex_of(found.profile),
        "introduction": first_line(row[-1]),
        "appliedAt": found.applied_at,
        "vouchedAt": found.vouched_at,
        "closesAt": admission.closes_at(moment, found),
        "expiresAt": admission.expires_at(moment, found),
        "vouches": found.vouches,
        "objections": found.objections,
        "proposalId": str(found.proposal_id) if found.proposal_id is not None else None,
        "memberId": found.member_id,
        "admittedAt": found.admitted_at,
    }
