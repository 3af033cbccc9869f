"""The commune's contracts through their ABIs: calldata, events and errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

from backend.chain.types import Log
from backend.cli.errors import Misused, Refused
from backend.decode import Calls, Decoders, Refusal, present
from backend.deployment import LATER, MODULES, Contract, Deployment, abi


@dataclass(frozen=True)
class Happened:
    """An event of a transaction; `arguments` by their names in the ABI, as JSON."""

    contract: str
    event: str
    arguments: dict[str, Any]


class Contracts:
    """Modules are named as the deployment names them: `assembly`, `credits`, ..."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self._calls = Calls(deployment.interfaces)
        self._decoders = Decoders(deployment.interfaces)

    @classmethod
    def of_node(cls, about: Mapping[str, Any]) -> Contracts:
        """From what a node says about itself at /v1/node."""
        found = {
            name: Contract(to_checksum_address(address), abi(name))
            for name, address in about["contracts"].items()
            if name in MODULES.values()
        }
        needed = {contract for module, contract in MODULES.items() if module not in LATER}
        if missing := sorted(needed - set(found)):
            raise Refused(f"the node serves no commune: it knows no {', '.join(missing)}")
        return cls(Deployment(about["chainId"], about["deployedAt"], found))

    @property
    def chain_id(self) -> int:
        return self.deployment.chain_id

    def address(self, module: str) -> str:
        return self._module(module).address

    def functions(self, module: str, name: str) -> list[dict[str, Any]]:
        """The ABI's entries of this name: more than one where it is overloaded."""
        return [
            entry
            for entry in self._module(module).abi
            if entry["type"] == "function" and entry["name"] == name
        ]

    def _module(self, name: str) -> Contract:
        """Raises `Refused` where the commune was founded before there were any."""
        try:
            return self.deployment.module(name)
        except KeyError:
            raise Refused(f"this commune has no {name}: it was founded by an earlier release") from None

    def calldata(self, module: str, name: str, *arguments: Any) -> bytes:
        (entry,) = (e for e in self.functions(module, name) if len(e["inputs"]) == len(arguments))
        return calldata(entry, arguments)

    def returned(self, module: str, name: str, data: bytes) -> tuple[Any, ...]:
        """What a view of this name returned. Raises `Refused` where nothing of the kind answered."""
        (entry,) = self.functions(module, name)
        try:
            return decode([canonical(value) for value in entry["outputs"]], data)
        except DecodingError:
            raise Refused(f"there is no {MODULES[module]} at {self.address(module)}") from None

    def refusal(self, data: bytes) -> Refusal:
        """The error behind a revert's data."""
        return self._calls.refusal(data)

    def happened(self, logs: Iterable[Mapping[str, Any]]) -> list[Happened]:
        """A receipt's events, as far as they are the commune's."""
        found = []
        for entry in logs:
            log = Log(
                entry["blockNumber"],
                entry["logIndex"],
                bytes.fromhex(entry["address"][2:]),
                b"".join(bytes(topic) for topic in entry["topics"]),
                bytes(entry["data"]),
                bytes(entry["transactionHash"]),
            )
            event = self._decoders.decode(log, 0)
            if event is not None:
                declared = self._decoders.events[log.address, log.topics[:32]]
                found.append(Happened(declared.contract, declared.name, present(declared, event)))
        return found


def module_named(name: str) -> str:
    """A module by its own name or by its contract's."""
    lowered = name.lower()
    by_contract = {contract.lower(): module for module, contract in MODULES.items()}
    if lowered in MODULES:
        return lowered
    if lowered in by_contract:
        return by_contract[lowered]
    raise Misused(f"{name} is no module of the commune; there are {', '.join(MODULES)}")


def canonical(entry: Mapping[str, Any]) -> str:
    """A parameter's type as it is hashed into selectors."""
    declared: str = entry["type"]
    if not declared.startswith("tuple"):
        return declared
    return f"({','.join(canonical(part) for part in entry['components'])}){declared.removeprefix('tuple')}"


def selector(entry: Mapping[str, Any]) -> bytes:
    """The first four bytes of calls to a function of the ABI."""
    types = ",".join(canonical(argument) for argument in entry["inputs"])
    return keccak(f"{entry['name']}({types})".encode())[:4]


def calldata(entry: Mapping[str, Any], arguments: Iterable[Any]) -> bytes:
    return selector(entry) + encode([canonical(argument) for argument in entry["inputs"]], list(arguments))
