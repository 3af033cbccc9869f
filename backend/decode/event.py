"""The base of every typed event."""

from __future__ import annotations

from typing import ClassVar

import msgspec


class At(msgspec.Struct, frozen=True, gc=False):
    """Where an event happened: `timestamp` of the block in seconds, `index` of the log within the block."""

    block: int
    timestamp: int
    index: int
    address: bytes
    transaction: bytes


class Event(msgspec.Struct, frozen=True):
    contract: ClassVar[str]
    name: ClassVar[str]
    signature: ClassVar[str]

    at: At
