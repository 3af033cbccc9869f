"""The formula of ICasePanels."""

from __future__ import annotations

from dataclasses import dataclass

from eth_abi.abi import encode
from eth_hash.auto import keccak

_DOMAIN = keccak(b"dualpower.panel")


@dataclass(frozen=True)
class Vote:
    """`extent`: quarters of what is asked for, from 0 to 4."""

    case_id: int
    round: int
    member_id: int
    extent: int
    salt: bytes

    def commitment(self, chain_id: int, panels: str) -> bytes:
        """As ICasePanels defines it; `panels` is the contract's address."""
        types = ["bytes32", "uint256", "address", "uint32", "uint8", "uint32", "uint8", "bytes32"]
        words = (self.case_id, self.round, self.member_id, self.extent, self.salt)
        return keccak(encode(types, [_DOMAIN, chain_id, panels, *words]))
