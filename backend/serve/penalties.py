"""/v1/penalties: what members may lose, and what became of it. What is pending does not count in a score."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from backend.project.penalties import PENALTY_STATES, Penalty
from backend.read import Moment
from backend.serve.page import Paged, listing
from backend.serve.reputation import ReasonName
from backend.serve.values import (
    ADDRESS,
    HASH,
    TIME,
    MemberFilter,
    Model,
    TopicFilter,
    columns,
    hex_of,
)
from backend.serve.view import PageEnvelope, Used
from backend.store import table_of

router = APIRouter(tags=["reputation"])

PenaltyState = Literal["Pending", "Carried", "Struck"]
assert ("Unknown", *PenaltyState.__args__) == PENALTY_STATES  # type: ignore[attr-defined]


class PenaltyModel(Model):
    penalty_id: int = Field(examples=[3])
    member_id: int = Field(examples=[7])
    topic: int = Field(examples=[2])
    amount: str = Field(description="Micro-points as text", examples=["1000000"])
    reason: ReasonName = Field(examples=["Review"])
    evidence: str = Field(description="Hash of what it is for", examples=[HASH])
    source: str = Field(description="The module that imposed it", examples=[ADDRESS])
    source_module: str | None = Field(examples=["reviews"])
    state: PenaltyState = Field(description="Only a carried one counts", examples=["Pending"])
    due_at: int = Field(description="From when it can be carried out", examples=[TIME + 1_209_600])
    imposed_at: int = Field(examples=[TIME])
    appealed_at: int | None = Field(examples=[None])
    grounds: str | None = Field(description="Of the appeal, for /v1/texts", examples=[None])
    ended_at: int | None = Field(description="When it was carried out, or struck", examples=[None])
    taken: str | None = Field(description="What was really lost, micro-points as text", examples=[None])
    strike_reason: str | None = Field(description="Why it was struck, for /v1/texts", examples=[None])
    block: int = Field(examples=[1240])


@router.get("/penalties", response_model=PageEnvelope[PenaltyModel], summary="Penalties, newest first")
async def penalties(
    service: Used,
    page: Paged,
    member_id: MemberFilter = None,
    topic: TopicFilter = None,
    state: PenaltyState | None = None,
) -> Response:
    where: list[str] = []
    arguments: list[Any] = []
    for column, value in (("y.member_id", member_id), ("y.topic", topic), ("y.state", state)):
        if value is not None:
            where.append(f"{column} = ?")
            arguments.append(value)
    with service.view() as view:
        moment = view.moment
        return view.page(
            listing(
                view.reader,
                page,
                name="penalties",
                select=f"SELECT {columns(Penalty, 'y')} FROM penalties y",
                order=["y.penalty_id"],
                where=" AND ".join(where),
                arguments=arguments,
                present=lambda row: penalty_json(moment, table_of(Penalty).from_sql(row)),
                descending=True,
            )
        )


def penalty_json(moment: Moment, found: Penalty) -> dict[str, Any]:
    return {
        "penaltyId": found.penalty_id,
        "memberId": found.member_id,
        "topic": found.topic,
        "amount": str(found.amount),
        "reason": found.reason,
        "evidence": hex_of(found.evidence),
        "source": hex_of(found.source),
        "sourceModule": moment.modules.get(found.source),
        "state": found.state,
        "dueAt": found.due_at,
        "imposedAt": found.imposed_at,
        "appealedAt": found.appealed_at,
        "grounds": hex_of(found.grounds),
        "endedAt": found.ended_at,
        "taken": str(found.taken) if found.taken is not None else None,
        "strikeReason": hex_of(found.strike_reason),
        "block": found.block,
    }
