"""The tables at one block, and that block's timestamp as the time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from backend.project.constitution import Commune, Era, season_at, season_bounds
from backend.store import Reader, table_of

R = TypeVar("R", bound=msgspec.Struct)


class Moment:
    """`now` is in seconds since 1970. Belongs to one snapshot of `reader`."""

    def __init__(self, reader: Reader, now: int) -> None:
        self.reader = reader
        self.now = now

    def row(self, kind: type[R], *key: Any) -> R | None:
        table = table_of(kind)
        where = " AND ".join(f"{part} = ?" for part in table.key)
        found = self.reader.one(
            f"SELECT {table.column_list} FROM {table.name} WHERE {where}",
            table.key_to_sql(key),
        )
        return table.from_sql(found) if found else None

    def need(self, kind: type[R], *key: Any) -> R:
        """A row that another one refers to."""
        found = self.row(kind, *key)
        if found is None:
            raise LookupError(f"{kind.__name__}{key} does not exist")
        return found

    def rows(
        self, kind: type[R], where: str = "1 = 1", arguments: Sequence[Any] = (), order: str = ""
    ) -> list[R]:
        """In the order of their keys unless `order` says otherwise."""
        table = table_of(kind)
        found = self.reader.query(
            f"SELECT {table.column_list} FROM {table.name} WHERE {where}"
            f" ORDER BY {order or ', '.join(table.key)}",
            arguments,
        )
        return [table.from_sql(row) for row in found]

    def number(self, sql: str, arguments: Sequence[Any] = ()) -> int:
        """The one number that a query gives; 0 where it gives none."""
        found = self.reader.one(sql, arguments)
        return int(found[0] or 0) if found else 0

    def text(self, text_hash: bytes | None) -> str | None:
        """A text that the chain names by its hash; None where this node does not hold it."""
        found = self.reader.one("SELECT content FROM texts WHERE text_hash = ?", (text_hash,))
        return bytes(found[0]).decode() if found else None

    @cached_property
    def block(self) -> int:
        """Its number."""
        cursor = self.reader.cursor()
        return cursor.number if cursor is not None else 0

    @cached_property
    def parameters(self) -> dict[str, int]:
        return dict(self.reader.query("SELECT name, value FROM parameters"))

    @cached_property
    def eras(self) -> list[Era]:
        return self.rows(Era)

    @cached_property
    def commune(self) -> Commune:
        return self.row(Commune, 1) or Commune()

    @cached_property
    def topics(self) -> dict[int, str]:
        return dict(self.reader.query("SELECT topic, name FROM topics"))

    @cached_property
    def modules(self) -> dict[bytes, str]:
        """The names under which the constitution lists contracts, by address."""
        return {address: name for name, address in self.reader.query("SELECT name, address FROM modules")}

    def season_at(self, t: int) -> int | None:
        return season_at(self.eras, t)

    @cached_property
    def season(self) -> int | None:
        """The current season; None before the commune was constituted."""
        return self.season_at(self.now)

    def bounds(self, season: int) -> tuple[int, int]:
        """Start and length of a season, as things stand."""
        found = season_bounds(self.eras, season)
        if found is None:
            raise LookupError(f"there is no season {season}")
        return found

    @cached_property
    def season_start(self) -> int:
        return self.bounds(self.season)[0] if self.season is not None else 0
