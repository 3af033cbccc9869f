"""OpenZeppelin's Governor with ERC20Votes and timelock on the chain that Brownie is connected to.

What the commune's gas is compared with. Its contracts, benchmarks/contracts, are no part of the law: they are
compiled here, by the same compiler, with the optimizer set to 200 runs as OpenZeppelin's own build has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import solcx
from brownie import Contract, chain, web3

from scripts import local_chain
from scripts.commune import text_hash
from tests.contracts.people import DAY, FOR, typed_data

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("ReferenceToken", "ReferenceGovernor", "ReferenceTarget")
TIMELOCK = "@openzeppelin/contracts/governance/TimelockController.sol"
RUNS = 200

DELAY, PERIOD, QUEUE = DAY, 4 * DAY, DAY
EACH = 10**18
QUORUM_PERCENT = 4


@dataclass(frozen=True)
class Reference:
    """The deployed contracts."""

    governor: Any
    strict_governor: Any
    """The same with a threshold to propose; for `propose` only."""
    target: Any

    def draft(self, author: Any, text: str, count: int = 1) -> tuple[list[Any], list[int], list[str], str]:
        """The actions of a proposal that adopts a text `count` times, and its description."""
        data = self.target.adopt.encode_input(text_hash(text))
        return [self.target] * count, [0] * count, [data] * count, text

    def propose(self, draft: tuple[Any, ...], author: Any) -> Any:
        return self.governor.propose(*draft, {"from": author})

    def id(self, draft: tuple[Any, ...]) -> int:
        return int(self.governor.getProposalId(*draft[:3], text_hash(draft[3])))

    def signature(self, proposal: int, index: int) -> bytes:
        """A vote For, signed by the test chain's account `index`."""
        voter = local_chain.key(index).address
        fields = {"proposalId": "uint256", "support": "uint8", "voter": "address", "nonce": "uint256"}
        nonce = int(self.governor.nonces(voter))
        message = {"proposalId": proposal, "support": FOR, "voter": voter, "nonce": nonce}
        return local_chain.sign(
            index, typed_data(self.governor, "Reference Governor", "Ballot", fields, message)
        )


def deployed(deployer: Any, holders: Sequence[Any]) -> Reference:
    """Deploy everything; the `holders` hold the same votes each and have delegated to themselves."""
    artifacts = _compiled()

    def deploy(name: str, *arguments: Any) -> Any:
        abi, bytecode = artifacts[name]
        data = web3.eth.contract(abi=abi, bytecode=bytecode).constructor(*arguments).data_in_transaction
        receipt = deployer.transfer(data=data, silent=True)
        return Contract.from_abi(name, receipt.contract_address, abi)

    token = deploy("ReferenceToken", [str(holder) for holder in holders], EACH)
    for holder in holders:
        token.delegate(holder, {"from": holder})
    timelock = deploy("TimelockController", QUEUE, [], [], deployer.address)
    terms = (token.address, timelock.address, DELAY, PERIOD)
    governor = deploy("ReferenceGovernor", *terms, 0, QUORUM_PERCENT)
    strict_governor = deploy("ReferenceGovernor", *terms, EACH, QUORUM_PERCENT)
    target = deploy("ReferenceTarget", timelock.address)
    for role in ("PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"):
        timelock.grantRole(getattr(timelock, role)(), governor, {"from": deployer})
    timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), deployer, {"from": deployer})
    chain.sleep(1)
    chain.mine()
    return Reference(governor, strict_governor, target)


def _compiled() -> dict[str, tuple[list[dict[str, Any]], str]]:
    """ABI and bytecode of each contract."""
    paths = [f"benchmarks/contracts/{name}.sol" for name in SOURCES]
    sources = {path: {"content": (ROOT / path).read_text()} for path in paths}
    sources[TIMELOCK] = {"content": (ROOT / "node_modules" / TIMELOCK).read_text()}
    settings = {
        "remappings": ["@openzeppelin=node_modules/@openzeppelin"],
        "optimizer": {"enabled": True, "runs": RUNS},
        "evmVersion": "shanghai",
        "outputSelection": {"*": {"*": ["abi", "evm.bytecode.object"]}},
    }
    output = solcx.compile_standard(
        {"language": "Solidity", "sources": sources, "settings": settings},
        base_path=ROOT,
        solc_version="0.8.30",
    )
    wanted = {path: Path(path).stem for path in sources}
    return {
        name: (artifact["abi"], artifact["evm"]["bytecode"]["object"])
        for path, name in wanted.items()
        for artifact in [output["contracts"][path][name]]
    }
