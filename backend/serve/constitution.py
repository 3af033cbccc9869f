"""/v1/commune, parameters, rules, topics, seasons and resolutions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from pydantic import Field

from backend.project.constitution import ParameterChange, Resolution, Rule, Topic
from backend.project.powers import FunctionRole
from backend.read import Moment, admission, credits, membership, reputation
from backend.serve.page import Paged, listing
from backend.serve.problem import not_found
from backend.serve.values import ADDRESS, HASH, TIME, Model, Season, hex_of
from backend.serve.view import Envelope, PageEnvelope, Service, Used, model_of
from backend.store import table_of

router = APIRouter(tags=["constitution"])


class SeasonModel(Model):
    season: int = Field(examples=[1])
    start: int = Field(description="Seconds since 1970", examples=[TIME])
    end: int = Field(description="When the next season starts", examples=[TIME + 7_776_000])
    length: int = Field(description="Seconds", examples=[7_776_000])
    base: int = Field(description="Voice credits for every member", examples=[100])
    bonus_cap: int = Field(description="The largest bonus for reputation", examples=[100])
    points_per_credit: int = Field(description="Points for one credit of bonus", examples=[10])
    frozen: bool = Field(description="Whether what it grants is settled", examples=[True])
    spent: int = Field(description="Credits that members have spent", examples=[412])
    current: bool = Field(examples=[True])


class MembersModel(Model):
    total: int = Field(description="memberIds ever given", examples=[27])
    active: int = Field(examples=[24])
    dormant: int = Field(examples=[1])


class CommuneModel(Model):
    chain_id: int = Field(examples=[31337])
    constituted_at: int | None = Field(description="Seconds since 1970", examples=[TIME])
    constitution_hash: str | None = Field(description="What every founder signed", examples=[HASH])
    founders: int = Field(examples=[12])
    charter: str | None = Field(description="Hash of its text, for /v1/texts", examples=[HASH])
    dao_uri: str = Field(
        alias="daoURI", description="As the chain says (ERC-4824)", examples=["https://node.example/v1/dao"]
    )
    half_life: int | None = Field(description="Of reputation, in seconds", examples=[7_776_000])
    members: MembersModel
    quorum_base: int = Field(description="What quorums are shares of", examples=[24])
    season: SeasonModel | None
    admissions_left: int = Field(description="This season", examples=[4])
    expulsions_left: int = Field(description="This season", examples=[1])
    contracts: dict[str, str] = Field(
        description="As the constitution lists them", examples=[{"assembly": ADDRESS}]
    )


class ParameterModel(Model):
    name: str = Field(examples=["ordinary.quorumBps"])
    value: int = Field(
        description="Times in seconds, Bps are 1/10,000, Ppm 1/1,000,000, reputation in points",
        examples=[1_000],
    )
    floor: int = Field(description="No vote can go below", examples=[500])
    ceiling: int = Field(description="No vote can go above", examples=[3_000])
    since: int = Field(examples=[TIME])


class ParameterChangeModel(Model):
    old_value: int = Field(examples=[1_000])
    new_value: int = Field(examples=[1_500])
    changed_at: int = Field(examples=[TIME])
    block: int = Field(examples=[1205])


class ParameterHistoryModel(ParameterModel):
    changes: list[ParameterChangeModel]


class RuleModel(Model):
    target: str = Field(examples=[ADDRESS])
    module: str | None = Field(description="The target's name in the constitution", examples=["reputation"])
    selector: str = Field(examples=["0x6c3bf4f3"])
    function: str | None = Field(examples=["award"])
    rule: Literal["Constitutional", "Ordinary", "Person", "Admission", "Expulsion", "Recall"] = Field(
        examples=["Ordinary"]
    )
    since: int = Field(examples=[TIME])


class RestrictedModel(Model):
    target: str = Field(examples=[ADDRESS])
    module: str | None = Field(examples=["membership"])
    selector: str = Field(examples=["0x6c3bf4f3"])
    function: str | None = Field(examples=["expel"])
    role_id: str = Field(examples=["5"])
    since: int = Field(examples=[TIME])


class ResolutionModel(Model):
    text_hash: str = Field(description="For /v1/texts", examples=[HASH])
    adopted_at: int = Field(examples=[TIME])
    block: int = Field(examples=[1205])
    transaction: str = Field(examples=[HASH])


@router.get("/commune", response_model=Envelope[CommuneModel], summary="What the commune is")
async def commune(service: Used) -> Response:
    with service.view() as view:
        moment = view.moment
        counts, known = membership.counts(moment), moment.commune
        constituted = known.constituted_at is not None
        return view.answer(
            {
                "chainId": service.deployment.chain_id,
                "constitutedAt": known.constituted_at,
                "constitutionHash": hex_of(known.constitution_hash),
                "founders": known.founders,
                "charter": hex_of(known.charter),
                "daoURI": known.dao_uri,
                "halfLife": reputation.fading(moment).half_life if constituted else None,
                "members": {
                    "total": counts.members,
                    "active": counts.active,
                    "dormant": moment.number("SELECT count(*) FROM members WHERE status = 'Dormant'"),
                },
                "quorumBase": membership.quorum_base(moment, moment.now - 1),
                "season": season_json(moment, moment.season) if moment.season is not None else None,
                "admissionsLeft": admission.admissions_left(moment) if constituted else 0,
                "expulsionsLeft": membership.expulsions_left(moment) if constituted else 0,
                "contracts": {name: f"0x{address.hex()}" for address, name in moment.modules.items()},
            }
        )


@router.get(
    "/parameters", response_model=PageEnvelope[ParameterModel], summary="All parameters with their bounds"
)
async def parameters(service: Used, page: Paged) -> Response:
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="parameters",
                select="SELECT name, value, floor, ceiling, since FROM parameters",
                order=["position"],
                present=_parameter_json,
            )
        )


@router.get(
    "/parameters/{name}",
    response_model=Envelope[ParameterHistoryModel],
    summary="One parameter and its changes",
)
async def parameter(
    service: Used, name: Annotated[str, Path(max_length=32, examples=["ordinary.quorumBps"])]
) -> Response:
    with service.view() as view:
        row = view.reader.one(
            "SELECT name, value, floor, ceiling, since FROM parameters WHERE name = ?", (name,)
        )
        if row is None:
            raise not_found(f"Parameter {name}")
        changes = [
            {
                "oldValue": change.old_value,
                "newValue": change.new_value,
                "changedAt": change.changed_at,
                "block": change.block,
            }
            for change in view.moment.rows(ParameterChange, "name = ?", (name,))
        ]
        return view.answer(_parameter_json(row) | {"changes": changes})


def _parameter_json(row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(("name", "value", "floor", "ceiling", "since"), row, strict=False))


@router.get("/rules", response_model=PageEnvelope[RuleModel], summary="Which rule which action falls under")
async def rules(service: Used, page: Paged) -> Response:
    """What is not listed falls under the constitutional rule."""
    with service.view() as view:
        modules = view.moment.modules

        def shown(values: tuple[Any, ...]) -> dict[str, Any]:
            rule: Rule = table_of(Rule).from_sql(values)
            return _function_json(service, modules, rule.target, rule.selector) | {
                "rule": rule.kind,
                "since": rule.since,
            }

        return view.page(
            listing(
                view.reader,
                page,
                name="rules",
                select=f"SELECT {table_of(Rule).column_list} FROM rules",
                order=["target", "selector"],
                present=shown,
            )
        )


@router.get(
    "/restrictions",
    response_model=PageEnvelope[RestrictedModel],
    summary="Which role may call which function",
)
async def restrictions(service: Used, page: Paged) -> Response:
    """A restricted function that is not listed belongs to role 0, the timelock's."""
    with service.view() as view:
        modules = view.moment.modules

        def shown(values: tuple[Any, ...]) -> dict[str, Any]:
            row: FunctionRole = table_of(FunctionRole).from_sql(values)
            return _function_json(service, modules, row.target, row.selector) | {
                "roleId": str(row.role_id),
                "since": row.since,
            }

        return view.page(
            listing(
                view.reader,
                page,
                name="restrictions",
                select=f"SELECT {table_of(FunctionRole).column_list} FROM function_roles",
                order=["target", "selector"],
                present=shown,
            )
        )


def _function_json(
    service: Service, modules: dict[bytes, str], target: bytes, selector: bytes
) -> dict[str, Any]:
    return {
        "target": f"0x{target.hex()}",
        "module": modules.get(target),
        "selector": f"0x{selector.hex()}",
        "function": service.calls.name(target, selector),
    }


@router.get("/topics", response_model=PageEnvelope[model_of(Topic)], summary="The areas of life")  # type: ignore[misc]
async def topics(service: Used, page: Paged) -> Response:
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="topics",
                select=f"SELECT {table_of(Topic).column_list} FROM topics",
                order=["topic"],
                present=table_of(Topic).to_json,
            )
        )


@router.get("/resolutions", response_model=PageEnvelope[ResolutionModel], summary="Texts that were adopted")
async def resolutions(service: Used, page: Paged) -> Response:
    def shown(values: tuple[Any, ...]) -> dict[str, Any]:
        row: Resolution = table_of(Resolution).from_sql(values)
        return {
            "textHash": hex_of(row.text_hash),
            "adoptedAt": row.adopted_at,
            "block": row.block,
            "transaction": hex_of(row.transaction_hash),
        }

    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="resolutions",
                select=f"SELECT {table_of(Resolution).column_list} FROM resolutions",
                order=["block", "position"],
                present=shown,
                descending=True,
            )
        )


@router.get("/seasons", response_model=Envelope[list[SeasonModel]], summary="All seasons so far")
async def seasons(
    service: Used,
    last: Annotated[int, Query(ge=1, le=200, description="How many at most, the latest first")] = 50,
) -> Response:
    with service.view() as view:
        current = view.moment.season or 0
        numbers = range(current, max(0, current - last), -1)
        return view.answer([season_json(view.moment, number) for number in numbers])


@router.get("/seasons/{season}", response_model=Envelope[SeasonModel], summary="One season")
async def season(service: Used, season: Season) -> Response:
    """Seasons to come are as things stand now; only the next one can be asked for."""
    with service.view() as view:
        current = view.moment.season
        if current is None or season > current + 1:
            raise not_found(f"Season {season}")
        return view.answer(season_json(view.moment, season))


def season_json(moment: Moment, number: int) -> dict[str, Any]:
    grant = credits.grant_of(moment, number)
    return {
        "season": number,
        "start": grant.start,
        "end": grant.start + grant.length,
        "length": grant.length,
        "base": grant.base,
        "bonusCap": grant.bonus_cap,
        "pointsPerCredit": grant.points_per_credit,
        "frozen": moment.number("SELECT count(*) FROM grants WHERE season = ?", (number,)) == 1,
        "spent": moment.number("SELECT sum(spent) FROM budgets WHERE season = ?", (number,)),
        "current": number == moment.season,
    }
