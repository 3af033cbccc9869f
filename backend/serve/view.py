"""What endpoints see of the node: a snapshot of the database at one block, and how to answer from it.

::

    @router.get("/members")
    async def members(service: Used, page: Paged) -> Response:
        with service.view() as view:
            rows, following = listing(view.reader, page, ...)
            return view.answer(rows, following)

Nothing may be awaited inside the `with`: the snapshot is a transaction on the connection that all requests
share.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

import orjson
from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, create_model

from backend.decode import Calls, Decoders
from backend.deployment import Deployment
from backend.read import Moment
from backend.serve.problem import Problem
from backend.store import Cursor, Reader, Table, table_of

T = TypeVar("T")

_EXAMPLE_HASH = "0x8d1e7ac4c4d5b2f3a0d1b7f7c7ea7c8e0d3c5a3f1d2b6c9e8f7a6b5c4d3e2f10"


class BlockModel(BaseModel):
    """The block that the response is true at."""

    number: int = Field(examples=[1205])
    hash: str = Field(examples=[_EXAMPLE_HASH])
    timestamp: int = Field(description="Seconds since 1970", examples=[1767225600])


class Envelope(BaseModel, Generic[T]):
    data: T
    block: BlockModel


class PageEnvelope(BaseModel, Generic[T]):
    data: list[T]
    block: BlockModel
    next: str | None = Field(
        description="Cursor of the next page; null on the last", examples=["kwIDRY2nq3ZB"]
    )


class View:
    def __init__(self, reader: Reader, cursor: Cursor) -> None:
        self.reader = reader
        self.cursor = cursor
        self.moment = Moment(reader, cursor.timestamp)

    def answer(self, data: Any, following: str | None = None, *, paged: bool = False) -> Response:
        """`data` as the envelope's, with the block in headers and an ETag."""
        document: dict[str, Any] = {"data": data, "block": block_json(self.cursor)}
        if paged or following is not None:
            document["next"] = following
        return respond(self.cursor, orjson.dumps(document))

    def page(self, rows: tuple[list[Any], str | None]) -> Response:
        """What `listing` returned."""
        return self.answer(rows[0], rows[1], paged=True)


def block_json(cursor: Cursor) -> dict[str, Any]:
    return {"number": cursor.number, "hash": cursor.hash, "timestamp": cursor.timestamp}


def respond_json(cursor: Cursor, document: Any) -> Response:
    """A document of another standard's shape, without our envelope; the headers name the block."""
    return respond(cursor, orjson.dumps(document))


def respond(cursor: Cursor, body: bytes) -> Response:
    """The ETag names the block; the body's own hash is in it too, for what changes without a block."""
    tag = f'"{cursor.hash[2:18]}-{hashlib.blake2s(body, digest_size=6).hexdigest()}"'
    headers = {
        "etag": tag,
        "cache-control": "no-cache",
        "x-block-number": str(cursor.number),
        "x-block-hash": cursor.hash,
    }
    return Response(body, media_type="application/json", headers=headers)


@dataclass(frozen=True)
class Token:
    """What a token says of itself; None for what it does not say."""

    symbol: str | None
    decimals: int | None


@dataclass
class Service:
    """What a node serves from. `reader` belongs to the event loop's thread. `group_agrees`: whether the
    leaves of the members' group lead to its root; None until somebody has looked. `worked_out`: what was dear
    to work out of the tables, with the state of the database that it belongs to. `tokens` are those that were
    asked for their symbols, by address."""

    database: Path
    deployment: Deployment
    decoders: Decoders
    tables: Sequence[Table]
    max_behind: int = 5
    group_agrees: bool | None = None
    worked_out: dict[Hashable, tuple[int, Any]] = field(default_factory=dict)
    tokens: dict[bytes, Token] = field(default_factory=dict)
    reader: Reader = field(init=False)
    calls: Calls = field(init=False)

    def __post_init__(self) -> None:
        self.reader = Reader.open(self.database)
        self.calls = Calls(self.deployment.interfaces)

    def kept(self, key: Hashable, work: Callable[[], T]) -> T:
        """What `work` gives, until the database changes. `key` names it."""
        token = self.reader.change_token()
        if key not in self.worked_out or self.worked_out[key][0] != token:
            self.worked_out = {k: found for k, found in self.worked_out.items() if found[0] == token}
            self.worked_out[key] = (token, work())
        found: T = self.worked_out[key][1]
        return found

    @contextmanager
    def view(self) -> Iterator[View]:
        with self.reader.snapshot() as cursor:
            yield View(self.reader, servable(self.reader, cursor))


def servable(reader: Reader, cursor: Cursor | None) -> Cursor:
    """The snapshot's cursor, or a problem if what it holds must not be served."""
    if cursor is None:
        title = "The node has not read its first block yet"
        raise Problem(503, "not-ready", title, headers={"retry-after": "2"})
    if reader.status().phase == "stale":
        title = "The chain was reorganised more deeply than this node can rewind: it is being rebuilt"
        raise Problem(503, "stale", title, headers={"retry-after": "5"})
    return cursor


# Asynchronous, as all dependencies are: FastAPI would run any other in a thread, for each request.
async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Used = Annotated[Service, Depends(_service)]


def model_of(row: type[Any]) -> type[BaseModel]:
    """The row as the API shows it, for OpenAPI."""
    kinds: dict[str, Any] = {
        "int": int,
        "bool": bool,
        "str": str,
        "bytes": str,
        "uint256": str,
        "int256": str,
    }
    examples = {"int": 3, "bool": True, "str": "text", "bytes": "0x5fbdb2315678afecb367f032d93f642f64180aa3"}
    fields: dict[str, Any] = {}
    for column in table_of(row).columns:
        kind = kinds[column.kind]
        fields[column.json_name] = (
            kind | None if column.nullable else kind,
            Field(examples=[examples.get(column.kind, "7")]),
        )
    made: type[BaseModel] = create_model(row.__name__, __config__=ConfigDict(), __doc__=row.__doc__, **fields)
    return made
