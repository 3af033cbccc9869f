"""Semaphore V4's proofs of membership: their form.

A proof says: whoever made this holds the private key of one of the leaves below `root`, meant `message`, and
has the one `nullifier` that this key has for `scope`. It does not say which leaf.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zk.errors import ProofMalformed

_FIELDS = ("merkleTreeDepth", "merkleTreeRoot", "nullifier", "message", "scope", "points")
_LONGEST = len(str(1 << 256))
# Some 1,200 are used. Deep nesting brings Python's JSON reader down where the recursion limit has been raised.
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


def _decimal(name: str, text: object) -> int:
    """Digits without sign or leading zero, so that a number has one spelling, of a length that a word may
    have."""
    if not isinstance(text, str) or not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST:
        raise ProofMalformed(f"{name} is no number in decimal digits")
    if text != "0" and text[0] == "0":
        raise ProofMalformed(f"{name} begins with a zero")
    return int(text)
