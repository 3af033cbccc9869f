"""Which contracts a node follows, as the deploy script records them in `deployments/<chain>.json`.

::

    {"chainId": 31337, "block": 12, "contracts": {"Assembly": {"address": "0x...", "abi": [...]}, ...}}

`block` is the one in which the first contract was deployed: nothing of interest happened before it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec


class DeploymentInvalid(Exception):
    """The file is missing, is not JSON, or lacks something."""


class Contract(msgspec.Struct, frozen=True):
    address: str
    abi: list[dict[str, Any]]


class Deployment(msgspec.Struct, frozen=True, rename="camel"):
    chain_id: int
    block: int
    contracts: dict[str, Contract]

    @property
    def addresses(self) -> dict[str, bytes]:
        return {name: bytes.fromhex(contract.address[2:]) for name, contract in self.contracts.items()}

    @property
    def interfaces(self) -> dict[str, tuple[bytes, list[dict[str, Any]]]]:
        """What `Decoders` wants: address and ABI by name."""
        return {name: (self.addresses[name], contract.abi) for name, contract in self.contracts.items()}

    def identity(self, genesis: str) -> str:
        """Names the chain (by its id and first block) and the deployment on it."""
        wanted = "".join(sorted(address.hex() for address in self.addresses.values()))
        contracts = hashlib.sha256(wanted.encode()).hexdigest()[:16]
        return f"chain {self.chain_id}, genesis {genesis}, contracts {contracts}"


def load(path: Path) -> Deployment:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Deployment)
    except (OSError, msgspec.MsgspecError) as error:
        raise DeploymentInvalid(f"{path}: {error}") from error
