"""The HTTP application: what every node serves, whatever its projections; their routers are added to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from pydantic import BaseModel, Field
from starlette.middleware.cors import CORSMiddleware

from backend.chain.types import Log
from backend.serve import problem
from backend.serve.cache import PREFIX, AnswerCache
from backend.serve.feature import Feature
from backend.serve.health import NodeMetrics, obstacle
from backend.serve.page import Paged, listing
from backend.serve.problem import Problem, ProblemDetails
from backend.serve.state import StateHashes
from backend.serve.stream import Broadcast, EventStream, Streamed, event_json, parse_id
from backend.serve.view import BlockModel, Envelope, PageEnvelope, Service, Used, block_json, respond

_HASH = "0x8d1e7ac4c4d5b2f3a0d1b7f7c7ea7c8e0d3c5a3f1d2b6c9e8f7a6b5c4d3e2f10"


class NodeModel(BaseModel):
    """Which commune this node serves."""

    chain_id: int = Field(alias="chainId", examples=[31337])
    deployed_at: int = Field(alias="deployedAt", description="Block of the first contract", examples=[1])
    contracts: dict[str, str] = Field(examples=[{"Assembly": "0x5fbdb2315678afecb367f032d93f642f64180aa3"}])


class StateModel(BaseModel):
    """SHA-256 over all rows at the block; equal on any two nodes that saw the same chain."""

    state_hash: str = Field(alias="stateHash", examples=[_HASH])
    tables: dict[str, str] = Field(description="Each table's own hash", examples=[{"ballots": _HASH}])


class EventModel(BaseModel):
    id: str = Field(description="block-logIndex", examples=["1205-3"])
    contract: str = Field(examples=["Assembly"])
    event: str = Field(examples=["BallotRecorded"])
    arguments: dict[str, Any] = Field(
        description="Named as in the ABI", examples=[{"memberId": 7, "votes": 3}]
    )
    transaction: str = Field(examples=[_HASH])
    block: BlockModel


class HealthModel(BaseModel):
    alive: bool = Field(examples=[True])


class ReadyModel(BaseModel):
    ready: bool = Field(examples=[True])
    block: BlockModel


async def only_known_parameters(request: Request) -> None:
    """A mistyped filter must not silently return everything."""
    route = request.scope["route"]
    known = set(_parameters(route.dependant))
    if unknown := sorted(set(request.query_params) - known):
        raise Problem(
            400,
            "unknown-parameter",
            "The request has a parameter that this path does not know",
            ", ".join(unknown),
            known=sorted(known),
        )


def _parameters(dependant: Dependant) -> Iterator[str]:
    yield from (parameter.alias for parameter in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _parameters(inner)


def create_app(
    service: Service,
    routers: Sequence[APIRouter] = (),
    features: Sequence[Feature] = (),
    *,
    title: str = "Dual Power node",
) -> FastAPI:
    """`routers` serve under /v1."""
    registry = CollectorRegistry()
    broadcast = Broadcast(service)
    hashes = StateHashes(service)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        running = [broadcast.run, *(feature.run for feature in features if feature.run)]
        tasks = [asyncio.ensure_future(run()) for run in running]
        yield
        broadcast.close()
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        for feature in features:
            if feature.close:
                await feature.close()

    app = FastAPI(
        title=title,
        version="1",
        description="Everything is read from the chain; each response names the block that it is true at.",
        lifespan=lifespan,
        # FastAPI's own pages about an API load their scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        responses={
            "4XX": {
                "model": ProblemDetails,
                "content": {problem.MEDIA_TYPE: {}},
                "description": "Problem details",
            }
        },
    )
    app.state.service = service
    app.state.broadcast = broadcast
    problem.install(app)
    NodeMetrics(service, broadcast.clients, registry)

    v1 = APIRouter()
    _add_probes(app, service, registry)
    _add_chain(v1, service, broadcast, hashes)
    # Side by side rather than one within the other: each level costs every request.
    for router in [v1, *routers, *(feature.router for feature in features)]:
        app.include_router(router, prefix=PREFIX, dependencies=[Depends(only_known_parameters)])
    for feature in features:
        if feature.collector is not None:
            registry.register(feature.collector)
    app.add_middleware(AnswerCache, service=service, registry=registry)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "PUT", "POST", "DELETE"],
        allow_headers=["*"],
        expose_headers=["ETag", "X-Block-Number", "X-Block-Hash", "Retry-After"],
    )
    return app


def _add_probes(app: FastAPI, service: Service, registry: CollectorRegistry) -> None:
    @app.get("/health", tags=["probes"], response_model=HealthModel, summary="Whether the process answers")
    async def health() -> Response:
        return Response(b'{"alive":true}', media_type="application/json")

    @app.get(
        "/ready",
        tags=["probes"],
        response_model=ReadyModel,
        responses={503: {"model": ProblemDetails, "description": "Not ready, with the reason as `detail`"}},
        summary="Whether the node is up to date with the chain",
    )
    async def ready() -> Response:
        with service.reader.snapshot() as cursor:
            status = service.reader.status()
        reason = obstacle(cursor, status, service.max_behind, time.time())
        if reason is not None or cursor is None:
            raise Problem(
                503, "not-ready", "The node is not ready", reason, phase=status.phase, head=status.head
            )
        return Response(
            orjson.dumps({"ready": True, "block": block_json(cursor)}), media_type="application/json"
        )

    @app.get("/metrics", tags=["probes"], include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _add_chain(v1: APIRouter, service: Service, broadcast: Broadcast, hashes: StateHashes) -> None:
    @v1.get("/node", tags=["node"], response_model=Envelope[NodeModel], summary="Which chain and contracts")
    async def node(service: Used) -> Response:
        contracts = {name: f"0x{address.hex()}" for name, address in service.deployment.addresses.items()}
        with service.view() as view:
            return view.answer(
                {
                    "chainId": service.deployment.chain_id,
                    "deployedAt": service.deployment.block,
                    "contracts": contracts,
                }
            )

    @v1.get("/state", tags=["node"], response_model=Envelope[StateModel], summary="The state hash")
    async def state() -> Response:
        found, cursor = await hashes.current()
        document = {
            "data": {"stateHash": found.state_hash, "tables": found.tables},
            "block": block_json(cursor),
        }
        return respond(cursor, orjson.dumps(document))

    @v1.get(
        "/state/{table}",
        tags=["node"],
        response_model=PageEnvelope[dict[str, Any]],
        summary="One table's rows in the order of their keys, as the state hash has them",
    )
    async def rows(
        service: Used,
        page: Paged,
        table: Annotated[str, Path(max_length=64, description="A name in /v1/state", examples=["ballots"])],
    ) -> Response:
        """With it two nodes whose hashes differ find the row."""
        known = next((found for found in service.tables if found.name == table), None)
        if known is None:
            raise problem.not_found(f"Table {table}")
        with service.view() as view:
            return view.page(
                listing(
                    view.reader,
                    page,
                    name=f"state/{table}",
                    select=f"SELECT {known.column_list} FROM {known.name}",
                    order=known.key,
                    present=known.to_json,
                )
            )

    @v1.get(
        "/events",
        tags=["events"],
        response_model=PageEnvelope[EventModel],
        summary="All events, newest first",
    )
    async def events(
        service: Used,
        page: Paged,
        block: Annotated[
            int | None, Query(ge=0, le=2**63 - 1, description="Of this block only", examples=[1205])
        ] = None,
        event_id: Annotated[
            str | None, Query(alias="id", max_length=40, description="This one only", examples=["1205-3"])
        ] = None,
    ) -> Response:
        where: list[str] = []
        arguments: list[int] = []
        if block is not None:
            where.append("logs.block = ?")
            arguments.append(block)
        if event_id is not None:
            where += ["logs.block = ?", "logs.position = ?"]
            # Beyond SQLite's integers there is no event either.
            arguments += [min(part, 2**63 - 1) for part in parse_id(event_id)]

        def shown(row: tuple[Any, ...]) -> dict[str, object]:
            return event_json(service, Log(*row[:6]), row[6], row[7])

        with service.view() as view:
            return view.page(
                listing(
                    view.reader,
                    page,
                    name="events",
                    select="SELECT logs.block, logs.position, address, topics, data, tx, timestamp, hash"
                    " FROM logs JOIN blocks ON blocks.number = logs.block",
                    order=["logs.block", "logs.position"],
                    where=" AND ".join(where),
                    arguments=arguments,
                    present=shown,
                    descending=True,
                )
            )

    @v1.get(
        "/stream",
        tags=["events"],
        summary="Events as they happen (server-sent events)",
        response_class=Response,
        responses={
            200: {
                "content": {
                    "text/event-stream": {
                        "example": "id: 1205-3\nevent: Assembly.BallotRecorded\ndata: {}\n\n"
                    }
                }
            }
        },
    )
    async def stream(
        after: Annotated[
            str | None, Query(description="Resume after this event id", examples=["1205-3"])
        ] = None,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> Any:
        resume = last_event_id or after
        return Streamed(EventStream(broadcast, parse_id(resume) if resume else None))
