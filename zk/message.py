"""What a proof says: a message binds exact content, so that a proof made for one ballot carries no other.

Semaphore's JavaScript also takes text, and then "42", 42 and "0x2a" are one message. Here a message is only
made by a constructor of its kind, each under a domain of its own, and always within a scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from zk._field import WORD, hash_to_field, hash_words, keccak, require_below, require_element
from zk.errors import NotABytes32, ScopeMismatch
from zk.scope import POLL, SIGN_IN, Scope

_BALLOT = "dualpower.ballot"
_SEAL = "dualpower.seal"


@dataclass(frozen=True)
class Message:
    """`value` is the uint256 that contracts know; `scope` is where it belongs."""

    scope: Scope
    value: int

    def __post_init__(self) -> None:
        require_below("message", self.value, WORD)

    @classmethod
    def of_ballot(cls, scope: Scope, ballot: int) -> Message:
        """A ballot of a poll; its seal where results are hidden."""
        return cls(scope, _hash(_BALLOT, scope, POLL, require_below("ballot", ballot, WORD)))

    @classmethod
    def of_sign_in(cls, scope: Scope, challenge: bytes) -> Message:
        """`challenge` is 32 bytes that the node gives out once."""
        return cls(scope, _hash(SIGN_IN, scope, SIGN_IN, _bytes32("challenge", challenge)))

    @cached_property
    def signal(self) -> int:
        """What the circuit sees of it."""
        return hash_to_field(self.value)


def seal_of(scope: Scope, nullifier: int, ballot: int, salt: bytes) -> int:
    """What stands for a ballot until it is revealed. `salt` is 32 random bytes: without it, ballots can be
    guessed."""
    require_element("nullifier", nullifier)
    return _hash(_SEAL, scope, POLL, nullifier, require_below("ballot", ballot, WORD), _bytes32("salt", salt))


def _hash(kind: str, scope: Scope, domain: str, *content: int) -> int:
    if scope.domain != domain:
        raise ScopeMismatch(kind, scope.domain, domain)
    return hash_words(int.from_bytes(keccak(kind.encode()), "big"), scope.value, *content)


def _bytes32(what: str, value: bytes) -> int:
    if len(value) != 32:
        raise NotABytes32(what, len(value))
    return int.from_bytes(value, "big")
