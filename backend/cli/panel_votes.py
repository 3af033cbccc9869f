"""Votes on a case's panel, committed to first and kept on this machine until they are revealed.

Who does not reveal is counted as silent, so a vote is written down before its commitment is sent, and nothing
here is ever deleted or replaced: what was sent before an interruption may still arrive. A file says how
somebody votes; until it is revealed only its owner may read it.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from backend.cases import Vote
from backend.cli import private
from backend.cli.contracts import Contracts
from backend.cli.errors import Misused
from backend.cli.places import data_folder


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
