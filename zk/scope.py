"""What a proof is for, as one number: within a scope an identity has one nullifier, and others in all other
scopes.

Two uses that shared a scope would show that the same person took part in both, so a scope says everything
that tells uses apart: the domain (a use of this project), the chain, the contract whose rules hold, and a
purpose there. The contract derives the same number, and a verifier derives it again; neither takes it from a
prover.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from zk._field import WORD, hash_to_field, hash_words, keccak, require_below

POLL = "dualpower.poll"
SIGN_IN = "dualpower.sign-in"

_ADDRESSES = 1 << 160


@dataclass(frozen=True)
class Scope:
    """Made by `of_poll` and `of_sign_in`; further uses add a constructor, and a domain, here.

    `contract` is an address as a number, `purpose` a uint256 that the domain gives a meaning. Raises
    `OutOfRange`.
    """

    domain: str
    chain_id: int
    contract: int
    purpose: int

    def __post_init__(self) -> None:
        require_below("chain id", self.chain_id, WORD)
        require_below("contract", self.contract, _ADDRESSES)
        require_below("purpose", self.purpose, WORD)

    @classmethod
    def of_poll(cls, chain_id: int, polls: int, poll_id: int) -> Scope:
        """A secret ballot in one poll; `polls` is the contract Polls."""
        return cls(POLL, chain_id, polls, require_below("poll id", poll_id, 1 << 32))

    @classmethod
    def of_sign_in(cls, chain_id: int, group: int, day: int, origin: str) -> Scope:
        """Signing in as "a member" on one day (since 1970) at one node; `group` is the contract MemberGroup.

        `origin` is the node's public address as browsers send it (`https://node.example`): two nodes see two
        nullifiers of the same person.
        """
        place = int.from_bytes(keccak(origin.encode()), "big")
        return cls(SIGN_IN, chain_id, group, hash_words(require_below("day", day, WORD), place))

    @cached_property
    def value(self) -> int:
        """The uint256 that contracts know."""
        domain = int.from_bytes(keccak(self.domain.encode()), "big")
        return hash_words(domain, self.chain_id, self.contract, self.purpose)

    @cached_property
    def signal(self) -> int:
        """What the circuit sees of it."""
        return hash_to_field(self.value)
