"""/v1/offices: tasks held by named people, what holders may do, and what they did."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.decode import Calls
from backend.project.offices import FILLINGS, Exercise, Mandate, Office, Tenure
from backend.read import Moment, elections, recall
from backend.read import offices as reads
from backend.read.words import Words
from backend.serve.membership import first_line
from backend.serve.page import Paged, listing
from backend.serve.problem import not_found
from backend.serve.values import (
    ADDRESS,
    HASH,
    TIME,
    Model,
    OfficeId,
    TopicFilter,
    columns,
    hex_of,
)
from backend.serve.view import Envelope, PageEnvelope, Used, View
from backend.store import table_of

router = APIRouter(tags=["offices"])

Filling = Literal["Poll", "Draw", "DrawWithReveals"]
assert Filling.__args__ == FILLINGS  # type: ignore[attr-defined]


class OfficeModel(Model):
    office_id: int = Field(examples=[1])
    title: str | None = Field(
        description="The text's first line, where this node holds it", examples=["Keeper of the minutes"]
    )
    text_hash: str = Field(description="For /v1/texts", examples=[HASH])
    topic: int = Field(description="Of its polls", examples=[1])
    seats: int = Field(examples=[2])
    filling: Filling = Field(description="How seats are filled", examples=["Poll"])
    term: int = Field(description="Seconds", examples=[15_552_000])
    stipend: int = Field(
        description="Units of pay per period, for tenures given from now on", examples=[20_000]
    )
    created_at: int = Field(examples=[TIME])
    abolished_at: int | None = Field(examples=[None])
    holders: list[int] = Field(description="memberIds of who can exercise it now", examples=[[2, 5]])
    vacant: int = Field(description="Seats without a tenure now", examples=[0])
    next_vacancy: int | None = Field(
        description="The first second without a tenure on some seat, if an election for it can be opened now",
        examples=[None],
    )
    election_id: int | None = Field(description="Its election that is not over", examples=[None])


class MandateModel(Model):
    """A call that holders may make."""

    target: str = Field(examples=[ADDRESS])
    module: str | None = Field(description="The target's name in the constitution", examples=["constitution"])
    selector: str = Field(examples=["0x8a3bf4f3"])
    function: str | None = Field(description="null where the ABI does not explain it", examples=["adopt"])
    calls: int = Field(description="How often in a period, by all holders together", examples=[4])
    argument: int = Field(description="Which argument is an amount, from 1; 0 for none", examples=[0])
    cap: str = Field(description="What the amounts of a period add up to at most, as text", examples=["0"])
    calls_left: int = Field(description="In this period", examples=[3])
    amount_left: str = Field(description="In this period, as text", examples=["0"])


class EarnedModel(Model):
    period_start: int = Field(examples=[TIME - 2_592_000])
    units: int = Field(description="By the seconds served; the worker's pay may cap it", examples=[20_000])


class PaidModel(Model):
    period_start: int = Field(examples=[TIME - 5_184_000])
    units: int = Field(examples=[20_000])
    claimed_at: int = Field(examples=[TIME])


class TenureModel(Model):
    tenure_id: int = Field(examples=[4])
    office_id: int = Field(examples=[1])
    member_id: int = Field(examples=[5])
    held_from: int = Field(description="Its first second", examples=[TIME])
    held_until: int = Field(description="The first second after it", examples=[TIME + 15_552_000])
    held: bool = Field(description="Whether the member can exercise the office now", examples=[True])
    frozen: bool = Field(
        description="Whether a vote on recalling the member freezes their purses", examples=[False]
    )
    stipend: int = Field(description="Units of pay per period", examples=[20_000])
    ending: Literal["Resigned", "Recalled", "Vacated", "Abolished"] | None = Field(
        description="Why it ended before its time", examples=[None]
    )
    ended_at: int | None = Field(description="When that happened", examples=[None])
    unclaimed: list[EarnedModel] = Field(description="For periods that are over")
    claimed: list[PaidModel] = Field(description="For periods that are over")


class BarModel(Model):
    member_id: int = Field(examples=[3])
    until: int = Field(description="The first second in which they may hold it again", examples=[TIME])


class PeriodModel(Model):
    start: int = Field(examples=[TIME])
    end: int = Field(description="The first second of the next one", examples=[TIME + 2_592_000])


class OfficeDetailModel(OfficeModel):
    text: str | None = Field(
        description="What the office is for; null where this node lacks it",
        examples=["Keeper of the minutes\n\nWrites down what we decide."],
    )
    mandate: list[MandateModel]
    period: PeriodModel = Field(description="The calendar period that the mandate's caps count in")
    tenures: list[TenureModel] = Field(description="Those that run, or will")
    barred: list[BarModel] = Field(description="Who was recalled, and cannot hold it yet")


class ExerciseModel(Model):
    office_id: int = Field(examples=[1])
    member_id: int = Field(examples=[5])
    target: str = Field(examples=[ADDRESS])
    module: str | None = Field(description="The target's name in the constitution", examples=["constitution"])
    selector: str = Field(examples=["0x8a3bf4f3"])
    function: str | None = Field(description="null where the ABI does not explain it", examples=["adopt"])
    arguments: dict[str, Any] | None = Field(description="Named as in the ABI", examples=[{"textHash": HASH}])
    words: str = Field(examples=["adopt the text 0x8d1e… as a resolution"])
    amount: str = Field(description="What counted against the mandate's cap, as text", examples=["0"])
    calldata: str = Field(examples=["0x8a3bf4f3"])
    exercised_at: int = Field(examples=[TIME])
    transaction: str = Field(examples=[HASH])
    block: int = Field(examples=[1240])


_SELECT = (
    f"SELECT {columns(Office, 'o')}, x.content FROM offices o LEFT JOIN texts x ON x.text_hash = o.text_hash"
)


@router.get("/offices", response_model=PageEnvelope[OfficeModel], summary="Offices, oldest first")
async def offices(
    service: Used,
    page: Paged,
    topic: TopicFilter = None,
    abolished: Annotated[bool | None, Query(description="Only those that ended, or did not")] = None,
    held_by: Annotated[
        int | None,
        Query(alias="heldBy", ge=1, le=2**32 - 1, description="memberId of a holder now", examples=[5]),
    ] = None,
) -> Response:
    where: list[str] = []
    arguments: list[Any] = []
    if topic is not None:
        where.append("o.topic = ?")
        arguments.append(topic)
    if abolished is not None:
        where.append(f"o.abolished_at IS {'NOT ' if abolished else ''}NULL")
    with service.view() as view:
        moment, select = view.moment, _SELECT
        if held_by is not None:
            # The time stands in the statement's tables, not in its conditions: a cursor outlives the block.
            select += (
                " JOIN (SELECT DISTINCT t.office_id AS id, t.member_id AS holder FROM tenures t"
                " JOIN members m ON m.member_id = t.member_id AND m.status = 'Active'"
                f" WHERE t.held_from <= {int(moment.now)} AND t.held_until > {int(moment.now)}) h"
                " ON h.id = o.office_id"
            )
            where.append("h.holder = ?")
            arguments.append(held_by)
        return view.page(
            listing(
                view.reader,
                page,
                name="offices",
                select=select,
                order=["o.office_id"],
                where=" AND ".join(where),
                arguments=arguments,
                present=lambda row: _office_json(moment, row),
            )
        )


@router.get(
    "/offices/{officeId}",
    response_model=Envelope[OfficeDetailModel],
    summary="One office: its mandate, what is left of it, and who holds it",
)
async def office(service: Used, office_id: OfficeId) -> Response:
    with service.view() as view:
        moment = view.moment
        row = view.reader.one(f"{_SELECT} WHERE o.office_id = ?", (office_id,))
        if row is None:
            raise not_found(f"Office {office_id}")
        start = reads.period_of(moment, moment.now)
        return view.answer(
            _office_json(moment, row)
            | {
                "text": row[-1].decode() if row[-1] is not None else None,
                "mandate": [
                    _mandate_json(moment, service.calls, entry)
                    for entry in reads.mandate_of(moment, office_id)
                ],
                "period": {"start": start, "end": start + moment.parameters["commons.period"]},
                "tenures": [_tenure_json(moment, found) for found in reads.tenures_from(moment, office_id)],
                "barred": [
                    {"memberId": bar.member_id, "until": bar.until}
                    for bar in reads.bars_of(moment, office_id)
                ],
            }
        )


@router.get(
    "/offices/{officeId}/tenures",
    response_model=PageEnvelope[TenureModel],
    summary="All tenures of an office, those given last first",
)
async def tenures(service: Used, page: Paged, office_id: OfficeId) -> Response:
    with service.view() as view:
        _needed(view, office_id)
        return view.page(
            listing(
                view.reader,
                page,
                name="offices/tenures",
                select=f"SELECT {columns(Tenure, 't')} FROM tenures t",
                order=["t.tenure_id"],
                where="t.office_id = ?",
                arguments=[office_id],
                present=lambda row: _tenure_json(view.moment, table_of(Tenure).from_sql(row)),
                descending=True,
            )
        )


@router.get(
    "/offices/{officeId}/exercises",
    response_model=PageEnvelope[ExerciseModel],
    summary="What holders did in an office, newest first",
)
async def exercises(
    service: Used,
    page: Paged,
    office_id: OfficeId,
    member_id: Annotated[int | None, Query(alias="memberId", ge=1, le=2**32 - 1, examples=[5])] = None,
) -> Response:
    where, arguments = "e.office_id = ?", [office_id]
    if member_id is not None:
        where, arguments = f"{where} AND e.member_id = ?", [office_id, member_id]
    with service.view() as view:
        _needed(view, office_id)
        return view.page(
            listing(
                view.reader,
                page,
                name="offices/exercises",
                select=f"SELECT {columns(Exercise, 'e')} FROM exercises e",
                order=["e.block", "e.position"],
                where=where,
                arguments=arguments,
                present=lambda row: _exercise_json(view.moment, service.calls, row),
                descending=True,
            )
        )


def _needed(view: View, office_id: int) -> Office:
    found = reads.office(view.moment, office_id)
    if found is None:
        raise not_found(f"Office {office_id}")
    return found


def _office_json(moment: Moment, row: tuple[Any, ...]) -> dict[str, Any]:
    """From an office's columns, then its text."""
    found: Office = table_of(Office).from_sql(row[:-1])
    return {
        "officeId": found.office_id,
        "title": first_line(row[-1]),
        "textHash": hex_of(found.text_hash),
        "topic": found.topic,
        "seats": found.seats,
        "filling": found.filling,
        "term": found.term,
        "stipend": found.stipend,
        "createdAt": found.created_at,
        "abolishedAt": found.abolished_at,
        "holders": reads.holders_of(moment, found.office_id),
        "vacant": reads.vacant_at(moment, found, moment.now),
        "nextVacancy": reads.next_vacancy(moment, found, reads.lead_of(moment, found)),
        "electionId": elections.running_of(moment, found.office_id) or None,
    }


def _mandate_json(moment: Moment, calls: Calls, entry: Mandate) -> dict[str, Any]:
    left = reads.mandate_left(moment, entry)
    return {
        "target": hex_of(entry.target),
        "module": moment.modules.get(entry.target),
        "selector": hex_of(entry.selector),
        "function": calls.name(entry.target, entry.selector),
        "calls": entry.calls,
        "argument": entry.argument,
        "cap": str(entry.cap),
        "callsLeft": left.calls,
        "amountLeft": str(left.amount),
    }


def _tenure_json(moment: Moment, found: Tenure) -> dict[str, Any]:
    claims, held = reads.claims_of(moment, found.tenure_id), reads.is_held(moment, found)
    return {
        "tenureId": found.tenure_id,
        "officeId": found.office_id,
        "memberId": found.member_id,
        "heldFrom": found.held_from,
        "heldUntil": found.held_until,
        "held": held,
        "frozen": held and recall.is_frozen(moment, found.office_id, found.member_id),
        "stipend": found.stipend,
        "ending": found.ending,
        "endedAt": found.ended_at,
        "unclaimed": [
            {"periodStart": earned.period_start, "units": earned.units}
            for earned in reads.unclaimed(moment, found, claims)
        ],
        "claimed": [
            {"periodStart": claim.period_start, "units": claim.units, "claimedAt": claim.claimed_at}
            for claim in claims
        ],
    }


def _exercise_json(moment: Moment, calls: Calls, row: tuple[Any, ...]) -> dict[str, Any]:
    found: Exercise = table_of(Exercise).from_sql(row)
    call = calls.call(found.target, found.calldata)
    return {
        "officeId": found.office_id,
        "memberId": found.member_id,
        "target": hex_of(found.target),
        "module": moment.modules.get(found.target),
        "selector": hex_of(found.selector),
        "function": call.function if call else None,
        "arguments": call.arguments if call else None,
        "words": Words(moment, calls).action(found.target, found.calldata, call),
        "amount": str(found.amount),
        "calldata": hex_of(found.calldata),
        "exercisedAt": found.exercised_at,
        "transaction": hex_of(found.transaction_hash),
        "block": found.block,
    }
