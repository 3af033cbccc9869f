"""/v1/powers: who may call what, as scripts/audit.py proves it from the same events."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from backend.project.powers import Power
from backend.serve.page import Paged, listing
from backend.serve.values import ADDRESS, TIME, Model, columns, hex_of
from backend.serve.view import PageEnvelope, Used
from backend.store import table_of

router = APIRouter(tags=["powers"])


class PowerModel(Model):
    module: str = Field(description="Which contract grants it", examples=["powers"])
    power: str = Field(examples=["role 5"])
    label: str | None = Field(description="The role's name", examples=["PERSON"])
    role_id: str | None = Field(examples=["5"])
    holder: str = Field(examples=[ADDRESS])
    holder_module: str | None = Field(
        description="The holder's name in the constitution", examples=["assembly"]
    )
    delay: int = Field(description="Seconds between scheduling and executing", examples=[0])
    since: int = Field(examples=[TIME])


@router.get("/powers", response_model=PageEnvelope[PowerModel], summary="Every power that is held")
async def powers(service: Used, page: Paged) -> Response:
    with service.view() as view:
        modules = view.moment.modules

        def shown(values: tuple[Any, ...]) -> dict[str, Any]:
            power: Power = table_of(Power).from_sql(values[:-1])
            return {
                "module": power.module,
                "power": power.power,
                "label": values[-1] or None,
                "roleId": None if power.role_id is None else str(power.role_id),
                "holder": hex_of(power.holder),
                "holderModule": modules.get(power.holder),
                "delay": power.delay,
                "since": power.since,
            }

        return view.page(
            listing(
                view.reader,
                page,
                name="powers",
                select=f"SELECT {columns(Power, 'p')}, r.label FROM powers p"
                " LEFT JOIN roles r ON r.role_id = p.role_id",
                order=["p.module", "p.power", "p.holder"],
                present=shown,
            )
        )
