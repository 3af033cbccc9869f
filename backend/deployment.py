"""Which contracts a node follows, as the deploy script records them in `deployments/<chain>.json`.

::

    {"chainId": 31337, "genesis": "0x...", "block": 12, "halfLife": 7776000,
     "contracts": {"assembly": "0x...", ...}}

`block` is the one in which the first contract was deployed: nothing of interest happened before it. `genesis`
is the hash of block 0: local chains share their id. A commune's contracts are named by their modules, and
their ABIs come with this release (backend/abi); any other contract brings its own,
`{"address": "0x...", "abi": [...]}`.
"""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec

# The contract behind each module name, which is also its artifact's name.
MODULES = {
    "forwarder": "Forwarder",
    "powers": "Powers",
    "constitution": "Constitution",
    "membership": "Membership",
    "reputation": "Reputation",
    "credits": "VoiceCredits",
    "timelock": "AssemblyTimelock",
    "docket": "Docket",
    "assembly": "Assembly",
    "admission": "Admission",
    "presence": "Presence",
    "recovery": "Recovery",
    "poseidon": "PoseidonT3",
    "group": "MemberGroup",
    "verifier": "Verifier",
    "polls": "Polls",
    "delegation": "Delegation",
    "commons": "Commons",
    "draws": "Draws",
    "consent": "Consent",
    "offices": "Offices",
    "recall": "Recall",
    "elections": "Elections",
    "penalties": "Penalties",
    "assignments": "Assignments",
    "series": "Series",
    "reviews": "Reviews",
    "mediation": "Mediation",
    "panels": "CasePanels",
    "founding": "Founding",
}
# Those that communes founded earlier lack: a node serves such a commune without them.
LATER = {
    *("poseidon", "group", "verifier", "polls"),
    *("delegation", "commons", "draws", "consent", "offices", "recall", "elections"),
    *("penalties", "assignments", "series", "reviews", "mediation", "panels"),
}
ABIS = Path(__file__).parent / "abi"

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")


class DeploymentInvalid(Exception):
    """The file is missing, is not JSON, or lacks something."""


class Contract(msgspec.Struct, frozen=True):
    address: str
    abi: list[dict[str, Any]]


class Deployment(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """`contracts` by the contracts' names; `genesis` and `half_life` (of reputation, in seconds) where
    recorded."""

    chain_id: int
    block: int
    contracts: dict[str, Contract]
    genesis: str | None = None
    half_life: int | None = None

    @property
    def addresses(self) -> dict[str, bytes]:
        return {name: bytes.fromhex(contract.address[2:]) for name, contract in self.contracts.items()}

    @property
    def interfaces(self) -> dict[str, tuple[bytes, list[dict[str, Any]]]]:
        """What `Decoders` wants: address and ABI by name."""
        return {name: (self.addresses[name], contract.abi) for name, contract in self.contracts.items()}

    def module(self, name: str) -> Contract:
        """A commune's contract by its module name."""
        return self.contracts[MODULES[name]]

    def identity(self, genesis: str) -> str:
        """Names the chain (by its id and first block) and the deployment on it."""
        wanted = "".join(sorted(address.hex() for address in self.addresses.values()))
        contracts = hashlib.sha256(wanted.encode()).hexdigest()[:16]
        return f"chain {self.chain_id}, genesis {genesis}, contracts {contracts}"


class _Recorded(msgspec.Struct, rename="camel"):
    chain_id: int
    block: int
    contracts: dict[str, str | Contract]
    genesis: str | None = None
    half_life: int | None = None


def load(path: Path) -> Deployment:
    try:
        recorded = msgspec.json.decode(path.read_bytes(), type=_Recorded)
    except (OSError, msgspec.MsgspecError) as error:
        raise DeploymentInvalid(f"{path}: {error}") from error
    contracts: dict[str, Contract] = {}
    for name, entry in recorded.contracts.items():
        if isinstance(entry, str):
            if name not in MODULES:
                raise DeploymentInvalid(f"{path}: {name} is no module of a commune, so it needs an ABI here")
            contracts[MODULES[name]] = Contract(entry, abi(MODULES[name]))
        else:
            contracts[name] = entry
    named = {name for name, entry in recorded.contracts.items() if isinstance(entry, str)}
    if missing := sorted(set(MODULES) - LATER - named) if named else []:
        raise DeploymentInvalid(f"{path}: the commune lacks {', '.join(missing)}")
    for name, contract in contracts.items():
        if not _ADDRESS.fullmatch(contract.address):
            raise DeploymentInvalid(f"{path}: {name} is at {contract.address!r}, which is no address")
    return Deployment(recorded.chain_id, recorded.block, contracts, recorded.genesis, recorded.half_life)


@functools.cache
def abi(contract: str) -> list[dict[str, Any]]:
    """The ABI of one of the commune's contracts, as this release carries it."""
    entries: list[dict[str, Any]] = msgspec.json.decode((ABIS / f"{contract}.json").read_bytes())
    return entries
