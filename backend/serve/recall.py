"""/v1/petitions: recalling who holds an office."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.project.recall import PETITION_STATES, Petition
from backend.read import Moment, assembly
from backend.read import recall as reads
from backend.serve.membership import first_line
from backend.serve.page import Paged, listing
from backend.serve.problem import not_found
from backend.serve.values import (
    HASH,
    PROPOSAL,
    TIME,
    MemberFilter,
    Model,
    OfficeFilter,
    PetitionId,
    columns,
    hex_of,
)
from backend.serve.view import Envelope, PageEnvelope, Used
from backend.store import table_of

router = APIRouter(tags=["petitions"])

PetitionState = Literal["Open", "Voting", "Recalled", "Failed", "Lapsed"]
assert ("Unknown", *PetitionState.__args__) == PETITION_STATES  # type: ignore[attr-defined]


class PetitionModel(Model):
    petition_id: int = Field(examples=[1])
    office_id: int = Field(examples=[1])
    member_id: int = Field(description="Whom it would recall", examples=[5])
    petitioner: int = Field(description="memberId of who opened it", examples=[3])
    state: PetitionState = Field(description="At the answer's block", examples=["Open"])
    grounds: str = Field(description="Hash of a text, for /v1/texts", examples=[HASH])
    title: str | None = Field(
        description="The grounds' first line, where this node holds them",
        examples=["The minutes of May are missing."],
    )
    opened_at: int = Field(examples=[TIME])
    expiry: int = Field(
        description="The last second for signing, and for opening the vote", examples=[TIME + 2_592_000]
    )
    electorate_at: int = Field(description="Who was active then may sign", examples=[TIME - 1])
    signatures: int = Field(examples=[2])
    needed: int = Field(description="Signatures that open a vote", examples=[3])
    immediate: int = Field(description="Signatures that recall at once", examples=[21])
    proposal_id: str | None = Field(description="The vote it led to", examples=[PROPOSAL])
    recalled_at: int | None = Field(description="When signatures alone recalled", examples=[None])


class SignatureModel(Model):
    member_id: int = Field(examples=[3])
    signed_at: int = Field(examples=[TIME])


class PetitionDetailModel(PetitionModel):
    text: str | None = Field(
        description="The grounds; null where this node lacks them",
        examples=["The minutes of May are missing."],
    )
    vote: str | None = Field(description="State of the vote it led to", examples=["Active"])
    signers: list[SignatureModel] = Field(description="In the order in which they signed")


def _select(moment: Moment) -> str:
    # The time stands in the statement's tables, not in its conditions: a cursor outlives the block.
    return (
        f"SELECT {columns(Petition, 'q')}, s.state, x.content FROM petitions q"
        f" JOIN (SELECT q.petition_id AS id, {reads.state_sql(moment)} AS state FROM petitions q) s"
        " ON s.id = q.petition_id LEFT JOIN texts x ON x.text_hash = q.grounds"
    )


@router.get("/petitions", response_model=PageEnvelope[PetitionModel], summary="Petitions, newest first")
async def petitions(
    service: Used,
    page: Paged,
    office_id: OfficeFilter = None,
    member_id: MemberFilter = None,
    state: Annotated[PetitionState | None, Query(description="At the answer's block")] = None,
) -> Response:
    where: list[str] = []
    arguments: list[Any] = []
    for column, value in (("q.office_id", office_id), ("q.member_id", member_id), ("s.state", state)):
        if value is not None:
            where.append(f"{column} = ?")
            arguments.append(value)
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="petitions",
                select=_select(view.moment),
                order=["q.petition_id"],
                where=" AND ".join(where),
                arguments=arguments,
                present=_petition_json,
                descending=True,
            )
        )


@router.get(
    "/petitions/{petitionId}",
    response_model=Envelope[PetitionDetailModel],
    summary="One petition, with its grounds and who signed it",
)
async def petition(service: Used, petition_id: PetitionId) -> Response:
    with service.view() as view:
        moment = view.moment
        row = view.reader.one(f"{_select(moment)} WHERE q.petition_id = ?", (petition_id,))
        if row is None:
            raise not_found(f"Petition {petition_id}")
        found: Petition = table_of(Petition).from_sql(row)
        voted = found.proposal_id is not None
        return view.answer(
            _petition_json(row)
            | {
                "text": row[-1].decode() if row[-1] is not None else None,
                "vote": assembly.state_of(moment, found.proposal_id or 0) if voted else None,
                "signers": [
                    {"memberId": signature.member_id, "signedAt": signature.signed_at}
                    for signature in reads.signatures_of(moment, petition_id)
                ],
            }
        )


def _petition_json(row: tuple[Any, ...]) -> dict[str, Any]:
    """From a petition's columns, its state and its grounds."""
    found: Petition = table_of(Petition).from_sql(row)
    return {
        "petitionId": found.petition_id,
        "officeId": found.office_id,
        "memberId": found.member_id,
        "petitioner": found.petitioner,
        "state": row[-2],
        "grounds": hex_of(found.grounds),
        "title": first_line(row[-1]),
        "openedAt": found.opened_at,
        "expiry": found.expiry,
        "electorateAt": found.electorate_at,
        "signatures": found.signatures,
        "needed": found.needed,
        "immediate": found.immediate,
        "proposalId": str(found.proposal_id) if found.proposal_id is not None else None,
        "recalledAt": found.recalled_at,
    }
