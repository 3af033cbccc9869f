"""Secret ballots and their openings, as members' programs hand them in. Nobody signs these: a proof, or the
opening of a seal, is all there is."""

from __future__ import annotations

from typing import Any

import msgspec
from eth_abi.abi import encode

from backend.relay.fields import Fields, Malformed
from zk import Proof, ProofMalformed

SECRET_BALLOT_TYPE = "(uint32,uint256,uint256,uint256[8])"  # noqa: S105
REVEAL_TYPES = ["uint32", "uint256", "uint256", "bytes32"]


class SecretBallot(msgspec.Struct, frozen=True):
    """`ballot` is the seal where results are hidden. Words are 32 bytes, big-endian; `points` has eight."""

    poll_id: int
    nullifier: bytes
    ballot: bytes
    points: bytes

    @property
    def values(self) -> tuple[Any, ...]:
        """As `SECRET_BALLOT_TYPE`."""
        points = [_number(self.points[at : at + 32]) for at in range(0, 256, 32)]
        return self.poll_id, _number(self.nullifier), _number(self.ballot), points

    @property
    def subject(self) -> bytes:
        """An identity has one ballot in a secret poll: whatever the proof's bytes, the nullifier is the
        same."""
        return secret_subject(self.poll_id, self.nullifier)


class Reveal(msgspec.Struct, frozen=True):
    """The opening of a seal."""

    poll_id: int
    nullifier: bytes
    ballot: bytes
    salt: bytes

    @property
    def values(self) -> tuple[Any, ...]:
        """As `REVEAL_TYPES`."""
        return self.poll_id, _number(self.nullifier), _number(self.ballot), self.salt

    @property
    def subject(self) -> bytes:
        return b"reveal" + self.poll_id.to_bytes(4, "big") + self.nullifier

    @property
    def calldata(self) -> bytes:
        """The arguments of `reveal`."""
        return encode(REVEAL_TYPES, self.values)


def secret_subject(poll_id: int, nullifier: bytes) -> bytes:
    return b"secret" + poll_id.to_bytes(4, "big") + nullifier


def secret_ballot_of(given: Any) -> tuple[SecretBallot, Proof]:
    """From JSON: `{"pollId", "ballot", "proof"}`, the proof as Semaphore writes it. Raises `Malformed`."""
    fields = Fields(given, {"pollId", "ballot", "proof"})
    proof = proof_of(fields.raw("proof"))
    words = (proof.nullifier, *proof.points)
    if max(words) >= 1 << 256:
        raise Malformed("proof has a number of more than 256 bits")
    ballot = SecretBallot(
        poll_id=fields.number("pollId", 32),
        nullifier=proof.nullifier.to_bytes(32, "big"),
        ballot=fields.number("ballot", 256).to_bytes(32, "big"),
        points=b"".join(point.to_bytes(32, "big") for point in proof.points),
    )
    return ballot, proof


def reveal_of(given: Any) -> Reveal:
    """From JSON: `{"pollId", "nullifier", "ballot", "salt"}`. Raises `Malformed`."""
    fields = Fields(given, {"pollId", "nullifier", "ballot", "salt"})
    salt = fields.octets("salt", 32)
    if len(salt) != 32:
        raise Malformed("salt is not 0x and 64 hex digits")
    return Reveal(
        poll_id=fields.number("pollId", 32),
        nullifier=fields.number("nullifier", 256).to_bytes(32, "big"),
        ballot=fields.number("ballot", 256).to_bytes(32, "big"),
        salt=salt,
    )


def proof_of(given: Any) -> Proof:
    """Raises `Malformed`."""
    try:
        return Proof.from_json(given if isinstance(given, dict) else {})
    except ProofMalformed as error:
        raise Malformed(f"proof: {error.problem}") from None


def _number(word: bytes) -> int:
    return int.from_bytes(word, "big")
