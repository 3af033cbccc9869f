"""Secrets for draws, committed to when standing and kept on this machine until they are revealed.

Who does not reveal loses the place, so a secret is written down before its commitment is sent, and nothing
here is ever deleted or replaced: what was sent before an interruption may still arrive. Until it is revealed
only its owner may read it: who knows all secrets of a draw could tell a block that suits them.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from backend.cli import private
from backend.cli.contracts import Contracts
from backend.cli.errors import Misused
from backend.cli.places import data_folder
from backend.draws import commitment_of


def commit(contracts: Contracts, member_id: int) -> bytes:
    """The commitment to a new secret, which is kept here."""
    secret = secrets.token_bytes(32)
    commitment = commitment_of(member_id, secret)
    path = private.folder(_folder(contracts)) / f"{secrets.token_hex(8)}.json"
    content = {
        "memberId": member_id,
        "secret": f"0x{secret.hex()}",
        "commitment": f"0x{commitment.hex()}",
    }
    private.write_new(path, json.dumps(content, indent=2) + "\n")
    return commitment


def kept(contracts: Contracts) -> dict[str, bytes]:
    """Secrets by their commitments in hex. Raises `Misused` for a damaged file."""
    return dict(_read(path) for path in sorted(_folder(contracts).glob("*.json")))


def _folder(contracts: Contracts) -> Path:
    name = f"{contracts.chain_id}-{contracts.address('draws').lower()}"
    return data_folder() / "draws" / name


def _read(path: Path) -> tuple[str, bytes]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        secret = bytes.fromhex(found["secret"].removeprefix("0x"))
        commitment = commitment_of(int(found["memberId"]), secret)
        return f"0x{commitment.hex()}", secret
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Misused(f"{path} holds no secret: {type(error).__name__} {error}") from None
