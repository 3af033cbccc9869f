"""Calls and errors, read back through the ABIs: what a proposal would do, and why a contract refused.

Calldata in proposals is written by members and may be anything: what does not fit the ABI exactly is not
decoded at all, so that nothing is shown that the contract would read differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eth_hash.auto import keccak

from backend.decode.abi import Input, inputs_of
from backend.decode.compile import codec

_STRING_ERROR = keccak(b"Error(string)")[:4]
_PANIC = keccak(b"Panic(uint256)")[:4]


@dataclass(frozen=True)
class Call:
    """`arguments` by their names in the ABI, as JSON."""

    contract: str
    function: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Refusal:
    """A contract's error. `words`: its name and values as a person reads them."""

    error: str
    arguments: dict[str, Any]

    @property
    def words(self) -> str:
        name = _spaced(self.error)
        values = ", ".join(f"{_spaced(name)} {value}" for name, value in self.arguments.items())
        return f"{name} ({values})" if values else name


@dataclass(frozen=True)
class _Signature:
    name: str
    inputs: tuple[Input, ...]

    @property
    def selector(self) -> bytes:
        return keccak(f"{self.name}({','.join(argument.type for argument in self.inputs)})".encode())[:4]

    def decode(self, data: bytes) -> dict[str, Any] | None:
        types = [argument.type for argument in self.inputs]
        try:
            values = codec.decode(types, data)
            # Only what encodes to the same bytes again: no dirty padding, nothing left over.
            if codec.encode(types, values) != data:
                return None
        except Exception:  # eth-abi raises many kinds, overflows among them
            return None
        return {
            argument.name: as_json(argument, value)
            for argument, value in zip(self.inputs, values, strict=True)
        }


class Calls:
    """Functions and errors of contracts by name: (address, ABI)."""

    def __init__(self, contracts: Mapping[str, tuple[bytes, list[dict[str, Any]]]]) -> None:
        self._functions: dict[tuple[bytes, bytes], tuple[str, _Signature]] = {}
        self._errors: dict[bytes, _Signature] = {}
        for contract, (address, abi) in contracts.items():
            for signature in _signatures(contract, abi, "function"):
                self._functions[address, signature.selector] = (contract, signature)
            for signature in _signatures(contract, abi, "error"):
                self._errors[signature.selector] = signature

    def name(self, target: bytes, selector: bytes) -> str | None:
        """The name of the function behind a selector."""
        found = self._functions.get((target, selector))
        return found[1].name if found else None

    def call(self, target: bytes, calldata: bytes) -> Call | None:
        found = self._functions.get((target, calldata[:4]))
        if found is None:
            return None
        contract, signature = found
        arguments = signature.decode(calldata[4:])
        return None if arguments is None else Call(contract, signature.name, arguments)

    def refusal(self, data: bytes) -> Refusal:
        """The error behind a revert's data, whatever it is."""
        selector, rest = data[:4], data[4:]
        if selector == _STRING_ERROR:
            arguments = _Signature("Error", (Input("reason", "reason", "string", False),)).decode(rest)
            return Refusal("Error", arguments or {})
        if selector == _PANIC:
            return Refusal("Panic", {"code": int.from_bytes(rest[:32], "big")})
        signature = self._errors.get(selector)
        arguments = signature.decode(rest) if signature else None
        if signature is None or arguments is None:
            return Refusal("UnknownError", {"data": f"0x{data.hex()}"} if data else {})
        return Refusal(signature.name, arguments)


def _signatures(contract: str, abi: Iterable[dict[str, Any]], kind: str) -> list[_Signature]:
    return [
        _Signature(entry["name"], inputs_of(contract, entry["inputs"]))
        for entry in abi
        if entry.get("type") == kind
    ]


def as_json(argument: Input, value: Any) -> Any:
    """eth-abi's value as the API shows it: integers of more than 48 bits as text, bytes as 0x hex."""
    if item := argument.item:
        return [as_json(item, part) for part in value]
    if argument.struct:
        return {
            member.name: as_json(member, part) for member, part in zip(argument.members, value, strict=True)
        }
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if match := re.fullmatch(r"u?int(\d+)", argument.type):
        return value if int(match[1]) <= 48 else str(value)
    return value


def _spaced(name: str) -> str:
    """`AdmissionVouchTwice` -> `admission vouch twice`, `memberId` -> `member id`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name).lower()
