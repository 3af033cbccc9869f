"""Tables as frozen structs.

A row is an immutable `msgspec.Struct`; the `table` decorator names its table, key and indexes. Column types
follow from the annotations and exist in SQLite and PostgreSQL alike (SQLite takes BYTEA for a type of its own
making and stores blobs in it unchanged):

======================  =========================  ====================
annotation              column                     in JSON
======================  =========================  ====================
int                     BIGINT (64 bits, signed)   number
bool                    SMALLINT                   true or false
str                     TEXT                       text
bytes                   BYTEA                      0x hex
Uint256                 32 bytes, big-endian       decimal text
Int256                  32 bytes, biased by 2^255  decimal text
======================  =========================  ====================

each also as `X | None`. Big integers are stored so that they sort as numbers.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec

from backend.store.errors import SchemaUnsupported

Uint256 = Annotated[int, "uint256"]
Int256 = Annotated[int, "int256"]
Row = msgspec.Struct
R = TypeVar("R", bound=msgspec.Struct)

_BIAS = 1 << 255
_SQL_TYPES = {
    "int": "BIGINT",
    "bool": "SMALLINT",
    "str": "TEXT",
    "bytes": "BYTEA",
    "uint256": "BYTEA",
    "int256": "BYTEA",
}
_TO_SQL = {
    "bool": "int({0})",
    "uint256": "{0}.to_bytes(32, 'big')",
    "int256": "({0} + BIAS).to_bytes(32, 'big')",
}
_FROM_SQL = {
    "bool": "bool({0})",
    "uint256": "big({0}, 'big')",
    "int256": "big({0}, 'big') - BIAS",
}
_TO_JSON = {
    "bool": "bool({0})",
    "bytes": "'0x' + {0}.hex()",
    "uint256": "str(big({0}, 'big'))",
    "int256": "str(big({0}, 'big') - BIAS)",
}


class Column(msgspec.Struct, frozen=True):
    name: str
    kind: str
    nullable: bool

    @property
    def sql_type(self) -> str:
        return _SQL_TYPES[self.kind]

    @property
    def json_name(self) -> str:
        head, *rest = self.name.rstrip("_").split("_")
        return head + "".join(part.capitalize() for part in rest)


class Table:
    """A declared table, with functions compiled for its rows.

    `to_sql(row)` gives the tuple of column values, `from_sql(values)` the row, `to_json(values)` what the API
    shows (straight from column values, without building the row), `key_of(row)` the key's values, and
    `key_to_sql(key)` the key as column values.
    """

    def __init__(
        self, row: type[Row], name: str, key: Sequence[str], indexes: Sequence[Sequence[str]]
    ) -> None:
        self.row = row
        self.name = name
        self.columns = tuple(_columns(row))
        self.key = tuple(key)
        self.indexes = tuple(tuple(index) for index in indexes)
        by_name = {column.name: column for column in self.columns}
        for used in [*self.key, *(part for index in self.indexes for part in index)]:
            if used not in by_name:
                raise SchemaUnsupported(f"{name} has no column {used}")
        if not self.key:
            raise SchemaUnsupported(f"{name} has no key")
        if any(by_name[part].nullable for part in self.key):
            raise SchemaUnsupported(f"{name} has a nullable key")
        self.by_name = by_name
        keys = [by_name[part] for part in self.key]
        self.to_sql: Callable[[Any], tuple[Any, ...]] = _compile(
            "row",
            f"({''.join(_convert(_TO_SQL, column, f'row.{column.name}') + ', ' for column in self.columns)})",
        )
        self.from_sql: Callable[[Sequence[Any]], Any] = _compile(
            "v",
            f"cls({', '.join(_convert(_FROM_SQL, c, f'v[{n}]') for n, c in enumerate(self.columns))})",
            cls=row,
        )
        self.to_json: Callable[[Sequence[Any]], dict[str, Any]] = _compile(
            "v",
            f"{{{', '.join(_member(column, f'v[{n}]') for n, column in enumerate(self.columns))}}}",
        )
        self.key_of: Callable[[Any], tuple[Any, ...]] = _compile(
            "row", f"({''.join(f'row.{part}, ' for part in self.key)})"
        )
        self.key_to_sql: Callable[[Sequence[Any]], tuple[Any, ...]] = _compile(
            "v", f"({''.join(_convert(_TO_SQL, column, f'v[{n}]') + ', ' for n, column in enumerate(keys))})"
        )

    @property
    def column_list(self) -> str:
        return ", ".join(column.name for column in self.columns)

    @property
    def declaration(self) -> str:
        """One line of text that changes whenever the table's shape does."""
        columns = ",".join(
            f"{column.name}:{column.kind}{'?' if column.nullable else ''}" for column in self.columns
        )
        return f"{self.name}({columns}) key {self.key} indexes {self.indexes}"

    def value_to_sql(self, column: str, value: Any) -> Any:
        """One value as its column stores it."""
        kind = self.by_name[column].kind
        if value is None:
            return None
        if kind == "uint256":
            return int(value).to_bytes(32, "big")
        if kind == "int256":
            return (int(value) + _BIAS).to_bytes(32, "big")
        return int(value) if kind == "bool" else value


def table(
    name: str, *, key: Sequence[str], indexes: Sequence[Sequence[str]] = ()
) -> Callable[[type[R]], type[R]]:
    """Declares the struct as the rows of table `name`."""

    def declare(row: type[R]) -> type[R]:
        if not row.__struct_config__.frozen:
            raise SchemaUnsupported(
                f"{row.__name__} must be frozen: what a row was before is needed to rewind"
            )
        _declared[row] = Table(row, name, key, indexes)
        return row

    return declare


def table_of(row: type[Row]) -> Table:
    try:
        return _declared[row]
    except KeyError:
        raise SchemaUnsupported(f"{row.__name__} is not declared as a table") from None


_declared: dict[type[Row], Table] = {}


def _columns(row: type[Row]) -> list[Column]:
    hints = typing.get_type_hints(row, include_extras=True)
    columns = []
    for name in row.__struct_fields__:
        hint, nullable = hints[name], False
        if typing.get_origin(hint) in (typing.Union, types.UnionType):
            inner = [part for part in typing.get_args(hint) if part is not type(None)]
            nullable = len(inner) < len(typing.get_args(hint))
            hint = inner[0] if len(inner) == 1 else hint
        if typing.get_origin(hint) is Annotated:
            kind = typing.get_args(hint)[1]
        else:
            kind = getattr(hint, "__name__", "")
        if kind not in _SQL_TYPES:
            raise SchemaUnsupported(f"{row.__name__}.{name}: no column type for {hint}")
        columns.append(Column(name, kind, nullable))
    return columns


def _convert(conversions: dict[str, str], column: Column, value: str) -> str:
    template = conversions.get(column.kind)
    if template is None:
        return value
    converted = template.format(value)
    return f"(None if {value} is None else {converted})" if column.nullable else converted


def _member(column: Column, value: str) -> str:
    return f"{column.json_name!r}: {_convert(_TO_JSON, column, value)}"


def _compile(argument: str, expression: str, **space: Any) -> Any:
    space |= {"BIAS": _BIAS, "big": int.from_bytes}
    return eval(f"lambda {argument}: {expression}", space)  # noqa: S307
