"""The secret ballots that were prepared on this machine, kept until they are revealed.

Where results are hidden the chain has a seal, and only who has its opening, ballot and salt, can reveal what
it holds. So a ballot is written down before anything is sent, and nothing here is ever deleted or replaced:
what was sent before an interruption may still arrive. A file says how somebody voted; only its owner may read
it.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.cli import private
from backend.cli.errors import Misused
from backend.cli.places import data_folder


@dataclass(frozen=True)
class Poll:
    """Which poll, of all chains and communes. `contract` is the address of Polls."""

    chain_id: int
    contract: str
    poll_id: int

    @property
    def folder(self) -> Path:
        return data_folder() / "ballots" / f"{self.chain_id}-{self.contract.lower()}-{self.poll_id}"


@dataclass(frozen=True)
class Opening:
    """A prepared ballot. `cast` is the word that is sent: the ballot itself, or the seal made with `salt`.

    `proof` as Semaphore's clients write it.
    """

    poll: Poll
    nullifier: int
    ballot: int
    salt: bytes | None
    cast: int
    proof: dict[str, Any]


def keep(opening: Opening) -> Path:
    """Writes it down, under a name that says nothing; when this returns it is there to stay."""
    path = private.folder(opening.poll.folder) / f"{secrets.token_hex(8)}.json"
    content = {
        "chainId": opening.poll.chain_id,
        "polls": opening.poll.contract,
        "pollId": opening.poll.poll_id,
        "nullifier": str(opening.nullifier),
        "ballot": str(opening.ballot),
        "salt": f"0x{opening.salt.hex()}" if opening.salt is not None else None,
        "cast": str(opening.cast),
        "proof": opening.proof,
    }
    private.write_new(path, json.dumps(content, indent=2) + "\n")
    return path


def kept(poll: Poll, nullifier: int | None = None) -> list[Opening]:
    """Ballots prepared for a poll here, of one identity or of all. Raises `Misused` for a damaged file."""
    found = [_read(poll, path) for path in sorted(poll.folder.glob("*.json"))]
    return [opening for opening in found if nullifier in (None, opening.nullifier)]


def _read(poll: Poll, path: Path) -> Opening:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        salt = found["salt"]
        return Opening(
            poll,
            nullifier=int(found["nullifier"]),
            ballot=int(found["ballot"]),
            salt=bytes.fromhex(salt.removeprefix("0x")) if salt is not None else None,
            cast=int(found["cast"]),
            proof=dict(found["proof"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Misused(f"{path} holds no prepared ballot: {type(error).__name__} {error}") from None
