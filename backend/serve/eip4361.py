"""Sign-In with Ethereum (EIP-4361): the text that a wallet shows and signs, read line by line.

::

    https://node.example wants you to sign in with your Ethereum account:
    0x5FbDB2315678afecb367f032d93F642f64180aa3

    Sign in as a member.

    URI: https://node.example
    Version: 1
    Chain ID: 31337
    Nonce: 9f86d081884c7d659a2feaa0c55ad015
    Issued At: 2026-01-01T00:00:00Z
    Expiration Time: 2026-01-01T00:05:00Z

Nothing is guessed: a text that differs from the standard's grammar in a single line is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

LONGEST = 4_096

_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"
_GRAMMAR = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<domain>[^\s/?#@]+)"
    r" wants you to sign in with your Ethereum account:\n"
    r"(?P<address>0x[0-9a-fA-F]{40})\n"
    r"\n"
    r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;= ]+\n)?"
    r"\n"
    r"URI: (?P<uri>\S+)\n"
    r"Version: 1\n"
    r"Chain ID: (?P<chain_id>[1-9]\d{0,18})\n"
    r"Nonce: (?P<nonce>[a-zA-Z0-9]{8,128})\n"
    rf"Issued At: (?P<issued_at>{_TIME})"
    rf"(?:\nExpiration Time: (?P<expiration>{_TIME}))?"
    rf"(?:\nNot Before: (?P<not_before>{_TIME}))?"
    r"(?:\nRequest ID: [^\s]*)?"
    r"(?:\nResources:(?:\n- \S+)*)?"
)


class MessageInvalid(ValueError):
    """It is no message of EIP-4361; the text says what is wrong."""


@dataclass(frozen=True)
class SignInMessage:
    """Times in seconds since 1970; None where the message sets none."""

    scheme: str | None
    domain: str
    address: str
    uri: str
    chain_id: int
    nonce: str
    issued_at: float
    expires_at: float | None
    not_before: float | None

    @classmethod
    def parse(cls, text: str) -> SignInMessage:
        """Raises `MessageInvalid`."""
        if len(text) > LONGEST:
            raise MessageInvalid(f"it is longer than {LONGEST} letters")
        found = _GRAMMAR.fullmatch(text)
        if found is None:
            raise MessageInvalid("it does not follow the grammar of EIP-4361")
        address = found["address"]
        if address != to_checksum_address(address):
            raise MessageInvalid(f"the checksum of {address} is wrong (EIP-55)")
        issued_at = _seconds(found["issued_at"])
        assert issued_at is not None
        return cls(
            scheme=found["scheme"],
            domain=found["domain"],
            address=address,
            uri=found["uri"],
            chain_id=int(found["chain_id"]),
            nonce=found["nonce"],
            issued_at=issued_at,
            expires_at=_seconds(found["expiration"]),
            not_before=_seconds(found["not_before"]),
        )


def digest(text: str) -> bytes:
    """What a wallet signs of a text (EIP-191, version 0x45)."""
    written = text.encode()
    return keccak(b"\x19Ethereum Signed Message:\n" + str(len(written)).encode() + written)


def _seconds(written: str | None) -> float | None:
    if written is None:
        return None
    try:
        return datetime.fromisoformat(written).timestamp()
    except (ValueError, OverflowError):
        raise MessageInvalid(f"{written} is no time") from None
