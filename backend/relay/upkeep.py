"""Calls that anybody may make and that are for all, made by the node itself; nobody hands them in."""

from __future__ import annotations

from typing import Any, NoReturn

import msgspec
from eth_hash.auto import keccak

from backend.relay.fields import Malformed


class Upkeep(msgspec.Struct, frozen=True):
    """A call of `to` with at most `gas`."""

    to: bytes
    data: bytes
    gas: int

    @property
    def subject(self) -> bytes:
        return keccak(b"upkeep" + self.to + self.data)

    def call(self, sender: str) -> dict[str, str]:
        """As JSON-RPC takes it."""
        return {
            "from": sender,
            "to": f"0x{self.to.hex()}",
            "data": f"0x{self.data.hex()}",
            "gas": hex(self.gas),
        }


def upkeep_of(given: Any) -> NoReturn:
    """Raises `Malformed`."""
    raise Malformed("upkeep is the node's own")
