"""Semaphore V4's proofs of membership: their form, and how they are made.

A proof says: whoever made this holds the private key of one of the leaves below `root`, meant `message`, and
has the one `nullifier` that this key has for `scope`. It does not say which leaf.
"""

from __future__ import annotations

import atexit
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zk._field import WORD, hash_to_field, require_below
from zk._zkey import ZKey
from zk.artifacts import Artifacts
from zk.errors import DepthTooSmall, NotAMember, PathInvalid, ProofMalformed, ScopeMismatch
from zk.group import Group, MerkleProof
from zk.identity import Identity
from zk.keys import MIN_DEPTH
from zk.message import Message
from zk.scope import Scope

if TYPE_CHECKING:
    from zk._witness import Circuit

_FIELDS = ("merkleTreeDepth", "merkleTreeRoot", "nullifier", "message", "scope", "points")
_LONGEST = len(str(1 << 256))
# Some 1,200 are used. Deep nesting brings Python's JSON reader down where the recursion limit was raised.
_LONGEST_JSON = 8192


@dataclass(frozen=True)
class Proof:
    """SemaphoreProof, field for field; nothing in it is checked until `verify`.

    `depth`: of the tree that the circuit was made for, not of the group. `message` and `scope` are the words
    whose hashes the circuit sees. `points`: A.x, A.y, B.x.c1, B.x.c0, B.y.c1, B.y.c0, C.x, C.y, as the EVM
    takes them.
    """

    depth: int
    root: int
    nullifier: int
    message: int
    scope: int
    points: tuple[int, ...]

    @classmethod
    def from_json(cls, value: str | bytes | Mapping[str, Any]) -> Proof:
        """A proof from what Semaphore's JavaScript writes, as text or parsed; `ProofMalformed` if it is not
        that.

        Numbers are decimal strings and nothing else, except for the depth. There must be no further fields.
        """
        if isinstance(value, str | bytes):
            if len(value) > _LONGEST_JSON:
                raise ProofMalformed(f"it is longer than {_LONGEST_JSON} characters")
            try:
                value = json.loads(value)
            except (ValueError, RecursionError) as error:
                raise ProofMalformed("it is not JSON") from error
        if not isinstance(value, Mapping):
            raise ProofMalformed("it is no object")
        if wrong := set(_FIELDS) ^ set(value):
            raise ProofMalformed(f"fields missing or unknown: {', '.join(sorted(map(str, wrong))[:8])}")
        depth, points = value["merkleTreeDepth"], value["points"]
        if not isinstance(depth, int) or isinstance(depth, bool):
            raise ProofMalformed("merkleTreeDepth is no integer")
        if not isinstance(points, list | tuple) or len(points) != 8:
            raise ProofMalformed("points is no list of 8 words")
        root, nullifier, message, scope = (_decimal(name, value[name]) for name in _FIELDS[1:5])
        words = tuple(_decimal(f"points[{i}]", point) for i, point in enumerate(points))
        return cls(depth, root, nullifier, message, scope, words)

    def to_json(self) -> dict[str, Any]:
        """What Semaphore's JavaScript takes."""
        return {
            "merkleTreeDepth": self.depth,
            "merkleTreeRoot": str(self.root),
            "nullifier": str(self.nullifier),
            "message": str(self.message),
            "scope": str(self.scope),
            "points": [str(word) for word in self.points],
        }


def prove(
    identity: Identity,
    group: Group | MerkleProof,
    message: Message | int,
    scope: Scope | int,
    depth: int | None = None,
    artifacts: Artifacts | None = None,
) -> Proof:
    """A proof that `identity` is a member of `group` and says `message` in `scope`.

    `depth`: what the purpose has fixed for all its proofs; by default the group's, at least 1. It has to be
    named with a Merkle proof, whose own length differs between leaves and would tell them apart. `artifacts`:
    by default those that `Artifacts.locate` finds. Raises `ProvingError` for whatever no verifier would
    accept, and `ArtifactError`.

    The first proof at a depth takes longer: the proving key is read and compared, and the circuit compiled
    unless that is found in the user's cache folder. The keys of the depths last used are kept.
    """
    scope_word, message_word = words(scope, message)
    path = _path(identity, group)
    if depth is None and isinstance(group, Group):
        depth = max(MIN_DEPTH, group.depth)
    if depth is None or len(path.siblings) > depth:
        raise DepthTooSmall(depth, len(path.siblings))
    circuit, key = _prover((artifacts or Artifacts.locate()).folder, depth)
    witness = circuit.witness(
        {
            "secret": identity.secret_scalar,
            "merkleProofLength": len(path.siblings),
            "merkleProofIndex": path.index,
            "merkleProofSiblings": [*path.siblings, *[0] * (depth - len(path.siblings))],
            "scope": hash_to_field(scope_word),
            "message": hash_to_field(message_word),
        }
    )
    root, nullifier = (int.from_bytes(witness[at : at + 32], "little") for at in (32, 64))
    if root != path.root:
        raise PathInvalid(f"it leads to root {root}, not {path.root}")
    # wasmtime is loaded when something is proved, not by everyone who imports the package.
    from zk import _groth16

    return Proof(depth, root, nullifier, message_word, scope_word, _groth16.prove(key, witness))


def words(scope: Scope | int, message: Message | int) -> tuple[int, int]:
    """The scope's and the message's words. `ScopeMismatch` if the message was made for another scope."""
    scope_word = scope.value if isinstance(scope, Scope) else require_below("scope", scope, WORD)
    if not isinstance(message, Message):
        return scope_word, require_below("message", message, WORD)
    if message.scope.value != scope_word:
        raise ScopeMismatch("message", message.scope.domain, f"scope {scope_word}")
    return scope_word, message.value


def _path(identity: Identity, group: Group | MerkleProof) -> MerkleProof:
    if isinstance(group, Group):
        index = group.index_of(identity.commitment)
        if index is None:
            raise NotAMember(identity.commitment, group.size)
        return group.proof(index)
    if group.leaf != identity.commitment:
        raise PathInvalid("its leaf is another's")
    if not Group.verify_proof(group):
        raise PathInvalid("it does not lead from its leaf to its root")
    return group


@lru_cache(maxsize=4)
def _prover(folder: Path, depth: int) -> tuple[Circuit, ZKey]:
    from zk._witness import Circuit

    artifacts = Artifacts(folder)
    return Circuit(artifacts.read(depth, "wasm")), artifacts.zkey(depth)


# wasmtime's objects complain if they outlive its module.
atexit.register(_prover.cache_clear)


def _decimal(name: str, text: object) -> int:
    """Digits without sign or leading zero, so that a number has one spelling, of a length that a word may
    have."""
    if not isinstance(text, str) or not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST:
        raise ProofMalformed(f"{name} is no number in decimal digits")
    if text != "0" and text[0] == "0":
        raise ProofMalformed(f"{name} begins with a zero")
    return int(text)
