"""Votes on a case's panel, committed to first and kept on this machine until they are revealed.

Who does not reveal is counted as silent, so a vote is written down before its commitment is sent, and nothing
here is ever deleted or replaced: what was sent before an interruption may still arrive. A file says how
somebody votes; until it is revealed only its owner may read it.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from eth_abi.abi import encode
from eth_hash.auto import keccak

from backend.cli import private
from backend.cli.contracts import Contracts
from backend.cli.errors import Misused
from backend.cli.places import data_folder

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


def commit(contracts: Contracts, case_id: int, round_: int, member_id: int, extent: int) -> bytes:
    """The commitment to a vote, which is kept here."""
    vote = Vote(case_id, round_, member_id, extent, secrets.token_bytes(32))
    path = private.folder(_folder(contracts)) / f"{secrets.token_hex(8)}.json"
    content = {
        "caseId": case_id,
        "round": round_,
        "memberId": member_id,
        "extent": extent,
        "salt": f"0x{vote.salt.hex()}",
    }
    private.write_new(path, json.dumps(content, indent=2) + "\n")
    return vote.commitment(contracts.chain_id, contracts.address("panels"))


def kept(contracts: Contracts) -> dict[str, Vote]:
    """Votes by their commitments in hex. Raises `Misused` for a damaged file."""
    votes = [_read(path) for path in sorted(_folder(contracts).glob("*.json"))]
    at = contracts.chain_id, contracts.address("panels")
    return {f"0x{vote.commitment(*at).hex()}": vote for vote in votes}


def _folder(contracts: Contracts) -> Path:
    name = f"{contracts.chain_id}-{contracts.address('panels').lower()}"
    return data_folder() / "panels" / name


def _read(path: Path) -> Vote:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        salt = bytes.fromhex(found["salt"].removeprefix("0x"))
        if len(salt) != 32:
            raise ValueError(f"a salt of {len(salt)} bytes")
        case_id, round_ = int(found["caseId"]), int(found["round"])
        return Vote(case_id, round_, int(found["memberId"]), int(found["extent"]), salt)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Misused(f"{path} holds no vote: {type(error).__name__} {error}") from None
