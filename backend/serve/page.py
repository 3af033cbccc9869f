"""Cursor pagination by key.

A cursor holds the key of the last row shown, so that new rows and reorgs neither repeat nor skip the others.
It is opaque to clients and bound to the listing and its filters: one that was mangled, or belongs elsewhere,
is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Query

from backend.serve.problem import Problem
from backend.store import Reader

_pack = msgspec.msgpack.Encoder().encode
_CHECK = 6


@dataclass(frozen=True)
class Page:
    """What the client asked for."""

    limit: int
    cursor: str | None


async def page(
    limit: Annotated[int, Query(ge=1, le=200, description="Rows at most")] = 50,
    cursor: Annotated[
        str | None,
        Query(max_length=400, description="`next` of the page before; opaque", examples=["kwIDRY2nq3ZB"]),
    ] = None,
) -> Page:
    return Page(limit, cursor)


Paged = Annotated[Page, Depends(page)]


def listing(
    reader: Reader,
    page: Page,
    *,
    name: str,
    select: str,
    order: Sequence[str],
    present: Callable[[tuple[Any, ...]], Any],
    where: str = "",
    arguments: Sequence[Any] = (),
    descending: bool = False,
) -> tuple[list[Any], str | None]:
    """One page of `select`, and the cursor of the next.

    `order` names the columns that order the rows and together identify one; `where` the filters, without the
    keyword, with `arguments`. The rows given to `present` have only the columns of `select`.
    """
    scope = _pack([name, where, list(arguments), descending])
    conditions = [where] if where else []
    values = list(arguments)
    keys = ", ".join(order)
    if page.cursor is not None:
        after = decode(page.cursor, scope, len(order))
        conditions.append(f"({keys}) {'<' if descending else '>'} ({', '.join('?' * len(order))})")
        values += after
    matching = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    direction = ", ".join(f"{column} DESC" for column in order) if descending else keys
    head, _, tail = select.partition(" FROM ")
    rows = reader.query(
        f"{head}, {keys} FROM {tail}{matching} ORDER BY {direction} LIMIT ?", [*values, page.limit + 1]
    )
    shown = rows[: page.limit]
    following = encode(shown[-1][-len(order) :], scope) if len(rows) > page.limit else None
    return [present(row[: -len(order)]) for row in shown], following


def encode(key: Sequence[Any], scope: bytes) -> str:
    packed = _pack(list(key))
    return base64.urlsafe_b64encode(_check(packed, scope) + packed).rstrip(b"=").decode()


def decode(cursor: str, scope: bytes, width: int) -> list[Any]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        packed = raw[_CHECK:]
        if _check(packed, scope) != raw[:_CHECK]:
            raise ValueError("checksum")
        key = msgspec.msgpack.decode(packed, type=list[Any])
        if len(key) != width:
            raise ValueError("width")
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        raise Problem(
            400,
            "cursor-malformed",
            "The cursor is not one that this API gave out",
            "Take `next` from a page of the same listing with the same filters, unchanged.",
        ) from None
    return key


def _check(packed: bytes, scope: bytes) -> bytes:
    return hashlib.blake2s(packed, key=hashlib.blake2s(scope).digest(), digest_size=_CHECK).digest()
