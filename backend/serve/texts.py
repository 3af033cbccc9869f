"""/v1/texts: texts by the hash with which the chain refers to them.

Whoever has a text may hand it in: the hash says that it is the right one, and only what the chain refers to
is kept. A text is served even while the node rebuilds its tables, since its hash speaks for it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from typing import Annotated, Any

import orjson
from eth_hash.auto import keccak
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import Field

from backend.project.texts import TextReference
from backend.serve.body import body_of
from backend.serve.feature import Feature
from backend.serve.page import Paged, listing
from backend.serve.problem import Problem
from backend.serve.values import HASH, TIME, Model
from backend.serve.view import Envelope, PageEnvelope, Service, Used, block_json
from backend.store.content import Content

# How long until the block that refers to a text may have arrived, in seconds.
RETRY = 3

TextHash = Annotated[
    str,
    Path(
        alias="textHash",
        max_length=80,
        description="keccak256 of the text's UTF-8 bytes, 0x and 64 hex digits",
        examples=[HASH],
    ),
]


class TextModel(Model):
    text_hash: str = Field(examples=[HASH])
    kind: str = Field(description="What it was to the chain when it was first named", examples=["profile"])
    referenced_at: int = Field(examples=[TIME])
    size: int | None = Field(description="Bytes; null if this node lacks the text", examples=[412])
    added_at: int | None = Field(description="When this node got it", examples=[TIME + 60])


class _TextMetrics(Collector):
    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        held, size = self._service.reader.query(
            "SELECT count(*), coalesce(sum(length(content)), 0) FROM texts"
        )[0]
        yield GaugeMetricFamily("dualpower_texts", "Texts held", value=held)
        yield GaugeMetricFamily("dualpower_text_bytes", "Bytes of texts held", value=size)


def hash_of(text: str) -> bytes:
    if not re.fullmatch(r"0x[0-9a-fA-F]{64}", text):
        raise Problem(400, "hash-malformed", "The hash is not 0x and 64 hex digits", f"got {text[:80]!r}")
    return bytes.fromhex(text[2:])


def texts(service: Service, content: Content, limit: int) -> Feature:
    """`limit` of a text in bytes."""
    router = APIRouter(prefix="/texts", tags=["texts"])

    @router.get("", response_model=PageEnvelope[TextModel], summary="Texts that the chain refers to")
    async def references(
        service: Used,
        page: Paged,
        held: Annotated[bool | None, Query(description="Only those this node has, or lacks")] = None,
    ) -> Response:
        where = "" if held is None else f"x.text_hash IS {'NOT ' if held else ''}NULL"
        with service.view() as view:
            return view.page(
                listing(
                    view.reader,
                    page,
                    name="texts",
                    select="SELECT r.text_hash, r.kind, r.referenced_at, length(x.content), x.added_at"
                    " FROM text_references r LEFT JOIN texts x ON x.text_hash = r.text_hash",
                    order=["r.block", "r.text_hash"],
                    where=where,
                    present=_text_json,
                    descending=True,
                )
            )

    @router.put(
        "/{textHash}",
        response_model=Envelope[TextModel],
        status_code=201,
        summary="Hand in a text",
        responses={200: {"description": "The node has it already"}},
        openapi_extra={
            "requestBody": {
                "required": True,
                "description": f"The text, as UTF-8, of {limit} bytes at most",
                "content": {"text/plain": {"schema": {"type": "string"}, "example": "I bake bread."}},
            }
        },
    )
    async def put(request: Request, service: Used, text_hash: TextHash) -> Response:
        wanted = hash_of(text_hash)
        body = await body_of(request, limit)
        try:
            body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Problem(415, "not-utf8", "The text is not UTF-8", str(error)) from None
        if (found := keccak(body)) != wanted:
            raise Problem(
                422,
                "hash-mismatch",
                "The text has another hash",
                f"the body's keccak256 is 0x{found.hex()}",
            )
        with service.view() as view:
            reference = view.moment.row(TextReference, wanted)
            block = block_json(view.cursor)
        if reference is None:
            raise Problem(
                404,
                "not-referenced",
                "Nothing on the chain refers to this text yet",
                f"as of block {block['number']}; if the transaction is under way, try again",
                headers={"retry-after": str(RETRY)},
            )
        now = int(time.time())
        new = await asyncio.to_thread(content.add_text, wanted, body, now)
        row = service.reader.one("SELECT length(content), added_at FROM texts WHERE text_hash = ?", (wanted,))
        size, added_at = row or (len(body), now)
        shown = _text_json((wanted, reference.kind, reference.referenced_at, size, added_at))
        return Response(
            orjson.dumps({"data": shown, "block": block}),
            201 if new else 200,
            media_type="application/json",
        )

    @router.get(
        "/{textHash}",
        summary="A text",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"example": "I bake bread."}}}},
    )
    async def get(service: Used, text_hash: TextHash) -> Response:
        wanted = hash_of(text_hash)
        row = service.reader.one("SELECT content FROM texts WHERE text_hash = ?", (wanted,))
        if row is None:
            raise Problem(
                404,
                "text-unknown",
                "This node does not have the text",
                "Whoever has it may hand it in with PUT, once the chain refers to it.",
            )
        headers = {
            "etag": f'"{wanted.hex()}"',
            "cache-control": "public, max-age=31536000, immutable",
            # Anyone's words: never to be taken for a page of this node.
            "x-content-type-options": "nosniff",
            "content-security-policy": "default-src 'none'; sandbox",
        }
        return Response(row[0], media_type="text/plain; charset=utf-8", headers=headers)

    return Feature(router, collector=_TextMetrics(service))


def _text_json(row: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "textHash": f"0x{row[0].hex()}",
        "kind": row[1],
        "referencedAt": row[2],
        "size": row[3],
        "addedAt": row[4],
    }
