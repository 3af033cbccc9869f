"""/v1/reputation: the ledger of reasons."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from backend.project.reputation import REASONS, Entry
from backend.serve.page import Paged, listing
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

ReasonName = Literal["Decision", "Voucher", "Assignment", "Review", "Agreement", "Mediation"]
assert ReasonName.__args__ == REASONS  # type: ignore[attr-defined]


class EntryModel(Model):
    member_id: int = Field(examples=[7])
    topic: int = Field(examples=[2])
    name: str | None = Field(description="The topic's", examples=["food"])
    amount: str = Field(description="Micro-points as text; below 0 for a penalty", examples=["50000000"])
    requested: str = Field(description="What the module asked for", examples=["50000000"])
    reason: ReasonName = Field(examples=["Decision"])
    evidence: str = Field(description="Hash of what shows it", examples=[HASH])
    confirmer: int | None = Field(description="memberId; null where the commune decided", examples=[None])
    source: str = Field(description="The module that said so", examples=[ADDRESS])
    source_module: str | None = Field(examples=["timelock"])
    recorded_at: int = Field(examples=[TIME])
    block: int = Field(examples=[1205])


@router.get(
    "/reputation", response_model=PageEnvelope[EntryModel], summary="Every gain and loss, newest first"
)
async def ledger(
    service: Used,
    page: Paged,
    member_id: MemberFilter = None,
    topic: TopicFilter = None,
    reason: ReasonName | None = None,
) -> Response:
    where, arguments = [], []
    for column, value in (("e.member_id", member_id), ("e.topic", topic), ("e.reason", reason)):
        if value is not None:
            where.append(f"{column} = ?")
            arguments.append(value)
    with service.view() as view:
        moment = view.moment

        def shown(row: tuple[Any, ...]) -> dict[str, Any]:
            entry: Entry = table_of(Entry).from_sql(row)
            return {
                "memberId": entry.member_id,
                "topic": entry.topic,
                "name": moment.topics.get(entry.topic),
                "amount": str(entry.amount),
                "requested": str(entry.requested),
                "reason": entry.reason,
                "evidence": hex_of(entry.evidence),
                "confirmer": entry.confirmer,
                "source": hex_of(entry.source),
                "sourceModule": moment.modules.get(entry.source),
                "recordedAt": entry.recorded_at,
                "block": entry.block,
            }

        return view.page(
            listing(
                view.reader,
                page,
                name="reputation",
                select=f"SELECT {columns(Entry, 'e')} FROM reputation_entries e",
                order=["e.block", "e.position"],
                where=" AND ".join(where),
                arguments=arguments,
                present=shown,
                descending=True,
            )
        )
