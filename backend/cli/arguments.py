"""Values as people write them, turned into what a contract's ABI declares.

A word in a shell and a value in a TOML or JSON file are read alike: numbers in decimals or hex, `true` and
`false`, addresses as 0x and 40 digits or as a module's name, `bytes32` as hex or as a short name, a
constant of an enum by its name, lists as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from eth_utils.address import is_hex_address, to_checksum_address

from backend.cli.errors import Misused
from backend.project.assignments import KINDS, SELECTIONS
from backend.project.constitution import RULE_KINDS
from backend.project.offices import FILLINGS
from backend.project.reputation import REASONS

_ENUMS = {
    "Filling": FILLINGS,
    "Kind": KINDS,
    "Reason": REASONS,
    "RuleKind": RULE_KINDS,
    "Selection": SELECTIONS,
}
_INTEGER = re.compile(r"-?[0-9][0-9_]*|0x[0-9a-fA-F]+")

AddressOf = Callable[[str], str]


def value(declared: Mapping[str, Any], given: Any, address_of: AddressOf) -> Any:
    """`given` as the ABI's parameter `declared` wants it. `address_of` gives a module's address by its name.

    Raises `Misused`, which says what the parameter takes.
    """
    kind: str = declared["type"]
    name = declared.get("name") or kind
    if kind.endswith("]"):
        return _list(declared, given, address_of)
    if kind.startswith("tuple"):
        return _struct(declared, given, address_of)
    if match := re.fullmatch(r"(u?)int(\d+)", kind):
        return _integer(name, declared, given, signed=not match[1], bits=int(match[2]))
    if kind == "bool":
        return _boolean(name, given)
    if kind == "address":
        return _address(name, given, address_of)
    if match := re.fullmatch(r"bytes(\d*)", kind):
        return _bytes(name, given, int(match[1]) if match[1] else None)
    if kind == "string":
        return str(given)
    raise Misused(f"{name} is of type {kind}, which cannot be given here")


def _list(declared: Mapping[str, Any], given: Any, address_of: AddressOf) -> list[Any]:
    name = declared.get("name") or declared["type"]
    items = _from_json(given)
    if not isinstance(items, list):
        raise Misused(f"{name} takes a list, as in [1, 2]; got {given!r}")
    inner = {**declared, "type": declared["type"][: declared["type"].rindex("[")]}
    return [value(inner, item, address_of) for item in items]


def _struct(declared: Mapping[str, Any], given: Any, address_of: AddressOf) -> tuple[Any, ...]:
    parts = declared["components"]
    items = _from_json(given)
    if not isinstance(items, list) or len(items) != len(parts):
        names = ", ".join(part["name"] for part in parts)
        raise Misused(f"{declared['name']} takes a list of {names}; got {given!r}")
    return tuple(value(part, item, address_of) for part, item in zip(parts, items, strict=True))


def _from_json(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        return None


def _integer(name: str, declared: Mapping[str, Any], given: Any, *, signed: bool, bits: int) -> int:
    enum = _ENUMS.get(str(declared.get("internalType", "")).removeprefix("enum ").rpartition(".")[2])
    named = {name.lower(): number for number, name in enumerate(enum or ())}
    if isinstance(given, str) and given.lower() in named:
        return named[given.lower()]
    if isinstance(given, str) and _INTEGER.fullmatch(given):
        given = int(given, 16) if given.startswith("0x") else int(given)
    if not isinstance(given, int) or isinstance(given, bool):
        known = f" or one of {', '.join(enum)}" if enum else ""
        raise Misused(f"{name} takes a whole number{known}; got {given!r}")
    least, most = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    if enum is not None:
        most = len(enum) - 1
    if not least <= given <= most:
        raise Misused(f"{name} takes a number from {least} to {most}; got {given}")
    return given


def _boolean(name: str, given: Any) -> bool:
    known = {"true": True, "false": False}
    if isinstance(given, bool):
        return given
    if str(given).lower() not in known:
        raise Misused(f"{name} takes true or false; got {given!r}")
    return known[str(given).lower()]


def _address(name: str, given: Any, address_of: AddressOf) -> str:
    if isinstance(given, str) and is_hex_address(given) and given.startswith("0x"):
        return str(to_checksum_address(given))
    try:
        return address_of(str(given))
    except Misused:
        raise Misused(f"{name} takes 0x and 40 hex digits, or a module's name; got {given!r}") from None


def _bytes(name: str, given: Any, size: int | None) -> bytes:
    text = str(given)
    if re.fullmatch(r"0x([0-9a-fA-F]{2})*", text):
        raw = bytes.fromhex(text[2:])
        if size is None or len(raw) == size:
            return raw
        raise Misused(f"{name} takes {size} bytes in hex; got {len(raw)}")
    if size is None or size < 32 or text.startswith("0x") or len(text.encode()) > size:
        what = "bytes in hex after 0x" if size is None else f"{size} bytes in hex after 0x"
        raise Misused(f"{name} takes {what}; got {given!r}")
    return text.encode().ljust(size, b"\0")
