"""Semaphore's own contract on the chain that Brownie is connected to: what the group's and the polls' gas is
compared with. It is compiled here from its npm package, by our compiler, with the optimizer set to 200 runs.
Poseidon is the published one, on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import solcx
from brownie import Contract, web3

from scripts.poseidon import init_code

ROOT = Path(__file__).resolve().parent.parent
SEMAPHORE = "@semaphore-protocol/contracts/Semaphore.sol"
VERIFIER = "@semaphore-protocol/contracts/base/SemaphoreVerifier.sol"
PACKAGES = ("@semaphore-protocol", "@zk-kit", "poseidon-solidity")
RUNS = 200
# Where Semaphore.sol keeps its trees, by their groups' ids: (size, depth, sideNodes, leaves) each.
TREES_SLOT = 0


class Semaphore:
    """The deployed contract; its groups are `deployer`'s."""

    def __init__(self, deployer: Any) -> None:
        self.deployer = deployer
        artifacts = _compiled()
        verifier = self._deploy(artifacts[VERIFIER])
        poseidon = str(deployer.transfer(data=init_code(), silent=True).contract_address)
        abi, bytecode, holes = artifacts[SEMAPHORE]
        for start in holes:
            bytecode = bytecode[: 2 * start] + poseidon[2:].lower() + bytecode[2 * (start + 20) :]
        self.contract = Contract.from_abi("Semaphore", self._deploy((abi, bytecode, []), verifier), abi)

    def group(self, size: int, depth: int, root: int) -> int:
        """A new group, its tree put where it would stand after `size` members; returns its id.

        To add ten thousand takes minutes. Proofs are checked against size and root (the last of the side
        nodes), and nothing else of the tree.
        """
        group = int(self.contract.groupCounter())
        self.contract.createGroup({"from": self.deployer})
        tree = slot_of(TREES_SLOT, group)
        put(self.contract, tree, size)
        put(self.contract, tree + 1, depth)
        put(self.contract, slot_of(tree + 2, depth), root)
        return group

    def _deploy(self, artifact: tuple[list[dict[str, Any]], str, Sequence[int]], *arguments: Any) -> str:
        abi, bytecode, _ = artifact
        data = web3.eth.contract(abi=abi, bytecode=bytecode).constructor(*arguments).data_in_transaction
        return str(self.deployer.transfer(data=data, silent=True).contract_address)


def slot_of(mapping: int, key: int) -> int:
    """The slot of a mapping's entry (Solidity's storage layout)."""
    return int.from_bytes(web3.keccak(key.to_bytes(32, "big") + mapping.to_bytes(32, "big")), "big")


def put(contract: Any, slot: int, value: int) -> None:
    """Write a storage slot of a contract on the test chain."""
    on_anvil = "anvil" in web3.client_version.lower()
    method = "anvil_setStorageAt" if on_anvil else "evm_setAccountStorageAt"
    words = (f"0x{number:064x}" for number in (slot, value))
    answer = web3.provider.make_request(method, [contract.address, *words])
    if "error" in answer:
        raise ValueError(answer["error"])


def _compiled() -> dict[str, tuple[list[dict[str, Any]], str, list[int]]]:
    """ABI and bytecode of each contract, and where the bytecode leaves room for Poseidon's address."""
    sources = {
        path: {"content": (ROOT / "node_modules" / path).read_text()} for path in (SEMAPHORE, VERIFIER)
    }
    settings = {
        "remappings": [f"{package}=node_modules/{package}" for package in PACKAGES],
        "optimizer": {"enabled": True, "runs": RUNS},
        "evmVersion": "shanghai",
        "outputSelection": {"*": {"*": ["abi", "evm.bytecode"]}},
    }
    output = solcx.compile_standard(
        {"language": "Solidity", "sources": sources, "settings": settings},
        base_path=ROOT,
        solc_version="0.8.30",
    )
    found = {}
    for path in sources:
        artifact = output["contracts"][path][Path(path).stem]
        bytecode = artifact["evm"]["bytecode"]
        found[path] = (artifact["abi"], bytecode["object"], list(_holes(bytecode["linkReferences"])))
    return found


def _holes(references: dict[str, dict[str, list[dict[str, int]]]]) -> Iterator[int]:
    for libraries in references.values():
        for places in libraries.values():
            yield from (place["start"] for place in places)
