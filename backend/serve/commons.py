"""/v1/commons and /v1/purses: the common treasury, its ledger and its purses."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.project.commons import ENTRY_KINDS, Asset, LedgerEntry, Purse
from backend.read import Moment
from backend.read import commons as reads
from backend.serve.page import Paged, listing
from backend.serve.problem import not_found
from backend.serve.tokens import token_json
from backend.serve.values import (
    ADDRESS,
    HASH,
    TIME,
    MemberFilter,
    Model,
    PurseId,
    account_of,
    columns,
    hex_of,
)
from backend.serve.view import Envelope, PageEnvelope, Service, Used
from backend.store import table_of

router = APIRouter(tags=["commons"])

EntryKind = Literal["Income", "Decision", "BeyondBrake", "Purse", "Stipend", "Work"]
assert EntryKind.__args__ == ENTRY_KINDS  # type: ignore[attr-defined]
AMOUNT = "250000000000000000"
# How many assets the summary lists; the others are in /v1/commons/assets.
SHOWN = 50


class TokenModel(Model):
    """What the token's contract says of itself: nothing to rely on."""

    symbol: str | None = Field(examples=["DAI"])
    decimals: int | None = Field(examples=[18])


class AssetModel(Model):
    asset: str = Field(description="The token's address; zero for ETH", examples=[ADDRESS])
    token: TokenModel | None = Field(description="null where the token says nothing, or was not asked")
    balance: str = Field(description="By the ledger, in the asset's smallest parts", examples=[AMOUNT])
    brake_spent: str = Field(description="What has left in this period under the brake", examples=["0"])
    brake_left: str = Field(
        description="What can still leave in this period without the constitutional rule",
        examples=["50000000000000000"],
    )


class PayModel(Model):
    """What pay and stipends are counted in."""

    asset: str = Field(examples=[ADDRESS])
    token: TokenModel | None = Field(description="null where the token says nothing, or was not asked")
    unit: str = Field(
        description="Of the asset's smallest parts; 0 while there is none", examples=["1000000000000"]
    )
    workers_pay: int = Field(description="The most anyone is paid for a period, in units", examples=[100_000])


class CommonsModel(Model):
    period_start: int = Field(description="The calendar period of now", examples=[TIME])
    period_end: int = Field(description="The first second after it", examples=[TIME + 2_592_000])
    brake_bps: int = Field(
        description="The share of a balance that may leave in a period, in ten thousandths", examples=[2000]
    )
    pay: PayModel
    assets: list[AssetModel] = Field(
        description=f"ETH and tokens that a decision named, {SHOWN} at most; all are in /v1/commons/assets"
    )


class EntryModel(Model):
    id: str = Field(description="block-logIndex, as in /v1/stream", examples=["1205-3"])
    kind: EntryKind = Field(examples=["Purse"])
    asset: str = Field(examples=[ADDRESS])
    token: TokenModel | None = Field(description="null where the token says nothing, or was not asked")
    account: str | None = Field(
        description="Who gave, null where it was found; or who was paid", examples=[ADDRESS]
    )
    amount: str = Field(description="What came in or went out, in the smallest parts", examples=[AMOUNT])
    arrived: str | None = Field(
        description="What reached who was paid: less where the token keeps some; null of income",
        examples=[AMOUNT],
    )
    purse_id: int | None = Field(examples=[1])
    member_id: int | None = Field(description="Who paid from the purse, or whose stipend it is", examples=[7])
    reason_hash: str | None = Field(description="For /v1/texts", examples=[HASH])
    reason: str | None = Field(
        description="null where none was given, or this node lacks the text", examples=["Flour for May"]
    )
    booked_at: int = Field(examples=[TIME])
    block: int = Field(examples=[1205])


class PurseModel(Model):
    purse_id: int = Field(examples=[1])
    controller: str = Field(description="The contract that says who holds it", examples=[ADDRESS])
    module: str | None = Field(description="Its name in the constitution", examples=["offices"])
    key: str = Field(description="For the controller: of offices the officeId", examples=["2"])
    asset: str = Field(examples=[ADDRESS])
    token: TokenModel | None = Field(description="null where the token says nothing, or was not asked")
    cap: str = Field(description="The most it pays in a period", examples=[AMOUNT])
    spent: str = Field(description="In this period", examples=["0"])
    left: str = Field(description="What it can still pay in this period", examples=[AMOUNT])
    closed: bool = Field(examples=[False])
    reason_hash: str = Field(description="For /v1/texts", examples=[HASH])
    reason: str | None = Field(
        description="null where this node lacks the text", examples=["For the kitchen"]
    )
    opened_at: int = Field(examples=[TIME])
    closed_at: int | None = Field(examples=[None])


@router.get("/commons", response_model=Envelope[CommonsModel], summary="What there is, and what may leave")
async def commons(service: Used) -> Response:
    with service.view() as view:
        moment = view.moment
        start, end = reads.period(moment)
        pay = reads.pay_unit(moment)
        assets = moment.rows(Asset, "named = 1")[:SHOWN]
        return view.answer(
            {
                "periodStart": start,
                "periodEnd": end,
                "brakeBps": moment.parameters["commons.brakeBps"],
                "pay": {
                    "asset": hex_of(pay.asset),
                    "token": token_json(service.tokens, pay.asset),
                    "unit": str(pay.unit),
                    "workersPay": moment.parameters["commons.workerPay"],
                },
                "assets": [_asset_json(service, moment, found) for found in assets],
            }
        )


@router.get(
    "/commons/assets", response_model=PageEnvelope[AssetModel], summary="Every asset that ever came in"
)
async def assets(service: Used, page: Paged) -> Response:
    """Tokens among them that nobody asked for: anyone can send anything."""
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="commons/assets",
                select=f"SELECT {columns(Asset, 'a')} FROM assets a",
                order=["a.asset"],
                present=lambda row: _asset_json(service, view.moment, table_of(Asset).from_sql(row)),
            )
        )


@router.get(
    "/commons/ledger", response_model=PageEnvelope[EntryModel], summary="Everything in and out, newest first"
)
async def ledger(
    service: Used,
    page: Paged,
    kind: Annotated[EntryKind | None, Query(description="Only income, or only one kind of payment")] = None,
    asset: Annotated[str | None, Query(max_length=42, description="Only of it", examples=[ADDRESS])] = None,
    purse_id: Annotated[int | None, Query(alias="purseId", ge=1, le=2**32 - 1, examples=[1])] = None,
    member_id: MemberFilter = None,
) -> Response:
    where: list[str] = []
    arguments: list[Any] = []
    for column, value in (
        ("e.kind", kind),
        ("e.asset", account_of(asset) if asset is not None else None),
        ("e.purse_id", purse_id),
        ("e.member_id", member_id),
    ):
        if value is not None:
            where.append(f"{column} = ?")
            arguments.append(value)
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="commons/ledger",
                select=f"SELECT {columns(LedgerEntry, 'e')}, x.content FROM ledger_entries e"
                " LEFT JOIN texts x ON x.text_hash = e.reason",
                order=["e.block", "e.position"],
                where=" AND ".join(where),
                arguments=arguments,
                present=lambda row: _entry_json(service, row),
                descending=True,
            )
        )


@router.get("/purses", response_model=PageEnvelope[PurseModel], summary="Purses, newest first")
async def purses(
    service: Used,
    page: Paged,
    closed: Annotated[bool | None, Query(description="Only closed ones, or only open ones")] = None,
) -> Response:
    where = "" if closed is None else f"p.closed_at IS {'NOT ' if closed else ''}NULL"
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="purses",
                select=_PURSES,
                order=["p.purse_id"],
                where=where,
                present=lambda row: _purse_json(service, view.moment, row),
                descending=True,
            )
        )


@router.get("/purses/{purseId}", response_model=Envelope[PurseModel], summary="One purse")
async def purse(service: Used, purse_id: PurseId) -> Response:
    with service.view() as view:
        row = view.reader.one(f"{_PURSES} WHERE p.purse_id = ?", (purse_id,))
        if row is None:
            raise not_found(f"Purse {purse_id}")
        return view.answer(_purse_json(service, view.moment, row))


_PURSES = f"SELECT {columns(Purse, 'p')}, x.content FROM purses p LEFT JOIN texts x ON x.text_hash = p.reason"


def _asset_json(service: Service, moment: Moment, found: Asset) -> dict[str, Any]:
    return {
        "asset": hex_of(found.asset),
        "token": token_json(service.tokens, found.asset),
        "balance": str(found.balance),
        "brakeSpent": str(reads.brake_spent(moment, found)),
        "brakeLeft": str(reads.brake_left(moment, found)),
    }


def _entry_json(service: Service, row: tuple[Any, ...]) -> dict[str, Any]:
    """From an entry's columns and its reason's text."""
    found: LedgerEntry = table_of(LedgerEntry).from_sql(row)
    return {
        "id": f"{found.block}-{found.position}",
        "kind": found.kind,
        "asset": hex_of(found.asset),
        "token": token_json(service.tokens, found.asset),
        "account": hex_of(found.account),
        "amount": str(found.amount),
        "arrived": None if found.arrived is None else str(found.arrived),
        "purseId": found.purse_id,
        "memberId": found.member_id,
        "reasonHash": hex_of(found.reason),
        "reason": _text(row[-1]),
        "bookedAt": found.booked_at,
        "block": found.block,
    }


def _purse_json(service: Service, moment: Moment, row: tuple[Any, ...]) -> dict[str, Any]:
    """From a purse's columns and its reason's text."""
    found: Purse = table_of(Purse).from_sql(row)
    return {
        "purseId": found.purse_id,
        "controller": hex_of(found.controller),
        "module": moment.modules.get(found.controller),
        "key": str(found.purse_key),
        "asset": hex_of(found.asset),
        "token": token_json(service.tokens, found.asset),
        "cap": str(found.cap),
        "spent": str(reads.purse_spent(moment, found)),
        "left": str(reads.purse_left(moment, found)),
        "closed": found.closed_at is not None,
        "reasonHash": hex_of(found.reason),
        "reason": _text(row[-1]),
        "openedAt": found.opened_at,
        "closedAt": found.closed_at,
    }


def _text(content: bytes | None) -> str | None:
    """Texts were checked to be UTF-8 when they were taken."""
    return None if content is None else content.decode()
