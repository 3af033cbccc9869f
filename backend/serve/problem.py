"""Errors as RFC 9457 problem details.

`type` is a URN that names the kind of problem and never changes; `detail` is for people. Nothing leaves the
API as an error in any other form.
"""

from __future__ import annotations

import logging
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class ProblemDetails(BaseModel):
    """RFC 9457."""

    type: str = Field(examples=["urn:dualpower:problem:cursor-malformed"])
    title: str = Field(examples=["The cursor is not one that this API gave out"])
    status: int = Field(examples=[400])
    detail: str | None = None
    instance: str | None = None


class Problem(Exception):
    """Raised anywhere in an endpoint. `extra` are further members of the document."""

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.kind = kind
        self.title = title
        self.detail = detail
        self.headers = headers
        self.extra = extra

    def response(self, instance: str) -> Response:
        document = {
            "type": f"urn:dualpower:problem:{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            **self.extra,
        }
        body = orjson.dumps({name: value for name, value in document.items() if value is not None})
        return Response(
            body,
            self.status,
            media_type=MEDIA_TYPE,
            headers={"cache-control": "no-store"} | (self.headers or {}),
        )


def not_found(what: str) -> Problem:
    return Problem(404, "not-found", f"{what} does not exist")


_TITLES = {
    404: ("no-such-path", "Nothing is served at this path"),
    405: ("method-not-allowed", "Method not allowed"),
}


def install(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    async def problem(request: Request, error: Problem) -> Response:
        return error.response(request.url.path)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        kind, title = _TITLES.get(error.status_code, ("http", str(error.detail)))
        headers = dict(error.headers) if error.headers else None
        return Problem(error.status_code, kind, title, headers=headers).response(request.url.path)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        wrong = [
            {"where": ".".join(str(part) for part in entry["loc"]), "why": entry["msg"]}
            for entry in error.errors()
        ]
        detail = "; ".join(f"{entry['where']}: {entry['why']}" for entry in wrong)
        return Problem(422, "invalid-request", "The request is not valid", detail, errors=wrong).response(
            request.url.path
        )

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return Problem(500, "internal", "The node failed to answer").response(request.url.path)
