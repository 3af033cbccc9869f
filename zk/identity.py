"""A Semaphore V4 identity: a private key, and what follows from it.

::

    private key --BLAKE-512--> secret scalar --BabyJubJub--> public key --Poseidon--> commitment (a group's
    leaf)
                                     \\--Poseidon with a scope--> nullifier

The same private key gives the same identity in Semaphore's JavaScript. Signatures are EdDSA with Poseidon, as
circomlib and @zk-kit/eddsa-poseidon have them.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import NamedTuple

from zk._babyjubjub import BASE8, NEUTRAL, L, Point, add, is_in_subgroup, multiply
from zk._blake512 import blake512
from zk._field import is_element, require_element
from zk._poseidon import poseidon
from zk.errors import PrivateKeyMalformed, SignatureMalformed
from zk.scope import Scope

_KEY_BYTES = 32


class Signature(NamedTuple):
    """`r8` is a point of the subgroup, `s` a scalar below its order."""

    r8: Point
    s: int

    def to_bytes(self) -> bytes:
        """R8.x, R8.y and s, 32 bytes each, big-endian."""
        return b"".join(word.to_bytes(32, "big") for word in (*self.r8, self.s))

    @classmethod
    def from_bytes(cls, value: bytes) -> Signature:
        """What `to_bytes` made; whose it is, `verify_signature` says. Raises `SignatureMalformed`."""
        if len(value) != 96:
            raise SignatureMalformed(len(value))
        x, y, s = (int.from_bytes(value[at : at + 32], "big") for at in (0, 32, 64))
        return cls(Point(x, y), s)


class Identity:
    """Keep it on the member's machine: the secrets are attributes, and not in `repr`."""

    __slots__ = ("_nonce_key", "_private_key", "_pruned", "commitment", "public_key", "secret_scalar")

    public_key: Point
    commitment: int
    secret_scalar: int

    def __init__(self, private_key: bytes) -> None:
        """Any bytes are a private key, as in Semaphore, even those that others can guess; see `create`."""
        digest = blake512(private_key)
        self._private_key = bytes(private_key)
        self._pruned = _prune(digest[:32])
        self._nonce_key = digest[32:]
        self.secret_scalar = (self._pruned >> 3) % L
        self.public_key = multiply(BASE8, self.secret_scalar)
        self.commitment = commitment_of(self.public_key)

    @classmethod
    def create(cls) -> Identity:
        """A new one, from 32 random bytes."""
        return cls(secrets.token_bytes(_KEY_BYTES))

    @classmethod
    def from_export(cls, exported: str) -> Identity:
        """What `export`, here or in JavaScript, has written: standard base64."""
        try:
            private_key = base64.b64decode(exported, validate=True)
        except (binascii.Error, ValueError):
            raise PrivateKeyMalformed("an exported identity is base64") from None
        if not private_key:
            raise PrivateKeyMalformed("an exported identity is not empty")
        return cls(private_key)

    @classmethod
    def from_text(cls, text: str) -> Identity:
        """JavaScript's `new Identity("text")`."""
        try:
            return cls(text.encode())
        except UnicodeEncodeError:
            raise PrivateKeyMalformed("the text has no form in UTF-8") from None

    @classmethod
    def from_hex(cls, digits: str) -> Identity:
        """Bytes written as hexadecimal digits, with or without 0x."""
        try:
            return cls(binascii.unhexlify(digits.removeprefix("0x")))
        except (binascii.Error, ValueError):
            raise PrivateKeyMalformed("the key is no even number of hexadecimal digits") from None

    def export(self) -> str:
        """The private key in base64; whoever reads it is this member."""
        return base64.b64encode(self._private_key).decode()

    def nullifier(self, scope: Scope) -> int:
        """This identity's only one in the scope."""
        return poseidon((scope.signal, self.secret_scalar))

    def sign(self, message: int) -> Signature:
        """`message` is a field element. The nonce is derived, so that no message is signed twice with
        different ones."""
        require_element("message", message)
        nonce = int.from_bytes(blake512(self._nonce_key + message.to_bytes(32, "little")), "little") % L
        r8 = multiply(BASE8, nonce)
        challenge = poseidon((*r8, *self.public_key, message))
        return Signature(r8, (nonce + challenge * self._pruned) % L)

    def __repr__(self) -> str:
        return f"Identity(commitment={self.commitment})"


def commitment_of(public_key: tuple[int, int]) -> int:
    """The leaf that stands for a public key in a group."""
    return poseidon(public_key)


def verify_signature(public_key: tuple[int, int], message: int, signature: Signature) -> bool:
    """Whether whoever holds the private key signed `message`. Points outside the subgroup sign nothing."""
    r8, s = signature
    if not (is_element(message) and is_element(s) and s < L):
        return False
    # The neutral element is the key of the secret 0, which everybody has.
    if public_key == NEUTRAL or not (is_in_subgroup(public_key) and is_in_subgroup(r8)):
        return False
    challenge = poseidon((*r8, *public_key, message))
    return multiply(BASE8, s) == add(r8, multiply(public_key, 8 * challenge))


def _prune(digest: bytes) -> int:
    """RFC 8032, section 5.1.5: a multiple of the cofactor, bit 254 set."""
    scalar = int.from_bytes(digest, "little")
    return scalar & ~0b111 & ~(1 << 255) | 1 << 254
