"""Voting cards, made as web/src/proofs/locked.ts makes them, from what is written there alone."""

from __future__ import annotations

import hashlib
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

ACCOUNT, IDENTITY = 1, 2


def card(pin: str, *, account: bytes | None = None, identity: bytes | None = None) -> str:
    """The line on a card with a private key, an identity's, or both."""
    content = (ACCOUNT if account else 0) | (IDENTITY if identity else 0)
    salt, nonce = os.urandom(16), os.urandom(12)
    key = Scrypt(salt=salt, length=32, n=1 << 17, r=8, p=1).derive(pin.encode())
    secret = (account or b"") + (identity or b"")
    sealed = AESGCM(key).encrypt(nonce, secret, b"DPC1%d" % content)
    whole = bytes([content]) + salt + nonce + sealed
    return "DPC1" + (whole + hashlib.sha256(whole).digest()[:4]).hex().upper()
