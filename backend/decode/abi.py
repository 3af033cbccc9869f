"""Events as the contract ABI (Solidity JSON ABI specification) declares them, and the types they become.

uintN and intN are `int`; address, bytesN and bytes are `bytes`; bool, string are themselves; arrays are
tuples, structs are classes of their own. An indexed value of a dynamic type is only known by its hash: 32
`bytes`.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from eth_hash.auto import keccak

from backend.decode.errors import AbiUnsupported

_ELEMENTARY = re.compile(r"(uint|int)(\d+)|bytes(\d+)|address|bool|function")

# What every event class has beside its arguments (decode/event.py).
_TAKEN = {"at", "contract", "name", "signature"}


@dataclass(frozen=True)
class Input:
    """`type` is canonical (tuples spelt out); `name` as in the ABI, `field` as in Python.

    `struct` is the class of a struct's values (or of the values of an array of them) and `members` its
    fields.
    """

    name: str
    field: str
    type: str
    indexed: bool
    struct: str = ""
    members: tuple[Input, ...] = ()

    @property
    def elementary(self) -> bool:
        """Whether the value fills exactly one 32-byte word."""
        return _ELEMENTARY.fullmatch(self.type) is not None

    @property
    def hashed(self) -> bool:
        return self.indexed and not self.elementary

    @property
    def item(self) -> Input | None:
        """What an array holds; None for anything else."""
        if not self.type.endswith("]"):
            return None
        return replace(self, type=self.type[: self.type.rindex("[")], indexed=False)

    @property
    def python(self) -> str:
        if self.hashed:
            return "bytes"
        if item := self.item:
            return f"tuple[{item.python}, ...]"
        return self.struct or _python(self.type)


@dataclass(frozen=True)
class EventAbi:
    contract: str
    name: str
    inputs: tuple[Input, ...]

    @property
    def signature(self) -> str:
        return f"{self.name}({','.join(argument.type for argument in self.inputs)})"

    @property
    def topic(self) -> bytes:
        return keccak(self.signature.encode())

    @property
    def class_name(self) -> str:
        return f"{self.contract}{self.name}"


def events_of(contract: str, abi: Iterable[dict[str, Any]]) -> list[EventAbi]:
    """The contract's events in the order of the ABI. Anonymous ones cannot be told apart: refused."""
    events = []
    for entry in abi:
        if entry.get("type") != "event":
            continue
        if entry.get("anonymous"):
            raise AbiUnsupported(f"{contract}.{entry['name']} is anonymous")
        events.append(EventAbi(contract, entry["name"], inputs_of(contract, entry["inputs"])))
    names = [event.name for event in events]
    if twice := {name for name in names if names.count(name) > 1}:
        raise AbiUnsupported(f"{contract} overloads the event {', '.join(sorted(twice))}")
    return events


def snake(name: str) -> str:
    """`memberId` -> `member_id`, `ERC20Paid` -> `erc20_paid`, `from` -> `from_`, `name` -> `name_`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower().strip("_")
    return f"{spaced}_" if keyword.iskeyword(spaced) or spaced in _TAKEN else spaced


def structs_of(events: Iterable[EventAbi]) -> dict[str, tuple[Input, ...]]:
    """Every struct in the events by class name, those that others are made of first."""
    structs: dict[str, tuple[Input, ...]] = {}

    def visit(arguments: tuple[Input, ...]) -> None:
        for argument in arguments:
            if argument.struct and not argument.hashed:
                visit(argument.members)
                if structs.setdefault(argument.struct, argument.members) != argument.members:
                    raise AbiUnsupported(f"two structs are called {argument.struct}")

    for event in events:
        visit(event.inputs)
    return structs


def inputs_of(contract: str, entries: list[dict[str, Any]]) -> tuple[Input, ...]:
    """The arguments of an event, a function or an error. Unnamed ones are called by their place."""
    inputs = []
    for place, entry in enumerate(entries):
        name = entry.get("name") or f"arg{place}"
        struct = ""
        members: tuple[Input, ...] = ()
        if entry["type"].startswith("tuple"):
            members = inputs_of(contract, entry["components"])
            declared = re.search(r"(\w+)(\[\d*\])*$", entry.get("internalType", ""))
            struct = contract + (declared[1] if declared else name[:1].upper() + name[1:])
        inputs.append(
            Input(name, snake(name), _canonical(entry), bool(entry.get("indexed")), struct, members)
        )
    return tuple(inputs)


def _canonical(entry: dict[str, Any]) -> str:
    declared: str = entry["type"]
    if declared.startswith("tuple"):
        members = ",".join(_canonical(component) for component in entry["components"])
        return f"({members}){declared.removeprefix('tuple')}"
    return declared


def _python(canonical: str) -> str:
    if canonical.startswith(("uint", "int")):
        return "int"
    if canonical == "bool":
        return "bool"
    if canonical == "string":
        return "str"
    if canonical.startswith(("bytes", "address", "function")):
        return "bytes"
    raise AbiUnsupported(f"no Python type for {canonical}")
