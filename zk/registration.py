"""Proof of possession: whoever registers a public key shows that they hold its private key.

The contract checks that a key lies on the curve, not that somebody holds it, which would cost more than all
the rest. A node asks for a signature over exactly this registration before it relays one: nobody can register
another's key through it and so take it from them, since a key belongs for ever to the member who registered
it first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from zk._babyjubjub import is_in_subgroup, is_on_curve
from zk._field import WORD, hash_to_field, hash_words, keccak, require_below
from zk.errors import KeyUnusable, PossessionUnproven
from zk.identity import Identity, Signature, verify_signature

_DOMAIN = "dualpower.registration"


@dataclass(frozen=True)
class Registration:
    """Of a member's key, in one group: `group` is the contract MemberGroup's address as a number."""

    chain_id: int
    group: int
    member_id: int

    def __post_init__(self) -> None:
        require_below("chain id", self.chain_id, WORD)
        require_below("group", self.group, 1 << 160)
        require_below("member id", self.member_id, 1 << 32)

    @cached_property
    def message(self) -> int:
        """The field element that is signed; EdDSA adds the public key to it."""
        domain = int.from_bytes(keccak(_DOMAIN.encode()), "big")
        return hash_to_field(hash_words(domain, self.chain_id, self.group, self.member_id))

    def sign(self, identity: Identity) -> Signature:
        return identity.sign(self.message)

    def check(self, public_key: tuple[int, int], signature: Signature) -> None:
        """Raises `KeyUnusable` and `PossessionUnproven`.

        Keys outside the subgroup pass the contract and prove nothing, since a circuit only makes keys inside.
        """
        if not is_on_curve(public_key):
            raise KeyUnusable(public_key, "it is no point of BabyJubJub")
        if public_key[0] == 0:
            raise KeyUnusable(public_key, "its secret is 0 or it has none")
        if not is_in_subgroup(public_key):
            raise KeyUnusable(public_key, "it is outside the subgroup of keys")
        if not verify_signature(public_key, self.message, signature):
            raise PossessionUnproven(public_key, self.member_id)
