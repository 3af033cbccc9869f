"""What clients hand in as JSON, field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


class Malformed(Exception):
    """An item that was handed in is not what it has to be; the message names the field."""


class Fields:
    """A JSON object with exactly these members, and perhaps those of `optional`; large numbers may be decimal
    text."""

    def __init__(self, given: Any, names: set[str], optional: frozenset[str] = frozenset()) -> None:
        if not isinstance(given, Mapping):
            raise Malformed("not a JSON object")
        if missing := sorted(names - set(given)):
            raise Malformed(f"lacks {', '.join(missing)}")
        if unknown := sorted(set(given) - names - optional):
            raise Malformed(f"has {', '.join(map(str, unknown))[:80]}, which is not asked for")
        self._given = given

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def raw(self, name: str) -> Any:
        return self._given[name]

    def number(self, name: str, bits: int) -> int:
        value = self._given[name]
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,78}", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**bits:
            raise Malformed(f"{name} is no whole number of {bits} bits")
        return value

    def octets(self, name: str, most: int) -> bytes:
        value = self._given[name]
        if not isinstance(value, str) or not re.fullmatch(r"0x([0-9a-fA-F]{2})*", value):
            raise Malformed(f"{name} is not 0x and pairs of hex digits")
        if len(value) > 2 + 2 * most:
            raise Malformed(f"{name} is longer than {most} bytes")
        return bytes.fromhex(value[2:])

    def account(self, name: str) -> bytes:
        value = self.octets(name, 20)
        if len(value) != 20:
            raise Malformed(f"{name} is not 0x and 40 hex digits")
        return value
