"""Request bodies, read no further than they may be long."""

from __future__ import annotations

from fastapi import Request

from backend.serve.problem import Problem


async def body_of(request: Request, limit: int) -> bytes:
    """The whole body, of `limit` bytes at most, whether its length is declared or it comes in pieces."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            raise _too_large(limit)
        pieces.append(piece)
    return b"".join(pieces)


def _too_large(limit: int) -> Problem:
    # What is still on its way is not read: the connection cannot be used again.
    return Problem(
        413,
        "body-too-large",
        "The body is too large",
        f"{limit} bytes are taken at most",
        headers={"connection": "close"},
    )
