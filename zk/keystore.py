"""An identity in a file that only a password opens.

JSON, so that a person sees what it is. Its version says all of how it is made: version 1 derives a key with
scrypt (RFC 7914, N = 2**17, r = 8, p = 1: 128 MiB and some tenths of a second for each guess) and encrypts
with AES-256-GCM, which also covers everything else in the file. Neither commitment nor public key stands in
it, so that a lost file does not say whose it is.
"""

from __future__ import annotations

import json
import os
import secrets
import unicodedata
from os import PathLike
from pathlib import Path
from typing import Any

from zk.errors import (
    KeystoreError,
    KeystoreExists,
    KeystoreLocked,
    KeystoreTooNew,
    KeystoreUnreadable,
)
from zk.identity import Identity

_FORMAT = "dualpower.identity"
_VERSION = 1
_SALT_BYTES = 16
_NONCE_BYTES = 12
_TAG_BYTES = 16
_MOST_BYTES = 1 << 20


def write_keystore(path: str | PathLike[str], identity: Identity, password: str) -> None:
    """Readable by its owner alone, and there as a whole or not at all. Raises `KeystoreExists` and
    `KeystoreError`."""
    target = Path(path)
    exported = identity.export()
    Identity.from_export(exported)  # what could not be read back is not written
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    header = {"format": _FORMAT, "version": _VERSION, "salt": salt.hex(), "nonce": nonce.hex()}
    secret = _cipher(target, password, salt).encrypt(nonce, exported.encode(), _covered(header))
    content = json.dumps(header | {"encrypted": secret.hex()}, indent=2) + "\n"
    try:
        _write_new(target, content.encode())
    except FileExistsError:
        raise KeystoreExists(target, "it is there already, and is never overwritten") from None
    except OSError as error:
        raise KeystoreError(target, f"it cannot be written: {error}") from error


def read_keystore(path: str | PathLike[str], password: str) -> Identity:
    """Raises `KeystoreUnreadable`, `KeystoreTooNew`, `KeystoreLocked`, and `KeystoreError` where there is no
    file."""
    source = Path(path)
    header, secret = _parse(source)
    # Only in here, since few who use this package open a keystore.
    from cryptography.exceptions import InvalidTag

    cipher = _cipher(source, password, bytes.fromhex(header["salt"]))
    try:
        exported = cipher.decrypt(bytes.fromhex(header["nonce"]), secret, _covered(header))
    except InvalidTag:
        raise KeystoreLocked(source, "the password is wrong, or the file was altered") from None
    return Identity.from_export(exported.decode())


def _parse(source: Path) -> tuple[dict[str, Any], bytes]:
    """The header, whose form is that of version 1, and what is encrypted."""
    try:
        with source.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise KeystoreError(source, f"it cannot be read: {error}") from error
    try:
        header = json.loads(content)
    except (ValueError, RecursionError):
        header = None
    if len(content) > _MOST_BYTES or not isinstance(header, dict) or header.get("format") != _FORMAT:
        raise KeystoreUnreadable(source, "it is no keystore of an identity, or was cut short")
    version = header.get("version")
    if version != _VERSION:
        kind = KeystoreTooNew if type(version) is int and version > _VERSION else KeystoreUnreadable
        raise kind(source, f"version {version!r} is not the {_VERSION} that is known here")
    encrypted = header.pop("encrypted", None)
    if header.keys() != {"format", "version", "salt", "nonce"}:
        raise KeystoreUnreadable(source, "its entries are not those of a keystore")
    _hex(source, "salt", header["salt"], _SALT_BYTES, _SALT_BYTES)
    _hex(source, "nonce", header["nonce"], _NONCE_BYTES, _NONCE_BYTES)
    return header, _hex(source, "encrypted", encrypted, _TAG_BYTES + 1, _MOST_BYTES)


def _hex(source: Path, name: str, text: object, least: int, most: int) -> bytes:
    try:
        value = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        value = b""
    if not least <= len(value) <= most:
        raise KeystoreUnreadable(source, f"its {name} is missing or malformed")
    return value


def _cipher(path: Path, password: str, salt: bytes) -> Any:
    if not password:
        raise KeystoreError(path, "the password is empty")
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    # Keyboards write the same letter in different ways.
    normal = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return AESGCM(Scrypt(salt=salt, length=32, n=1 << 17, r=8, p=1).derive(normal))


def _covered(header: dict[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True, separators=(",", ":")).encode()


def _write_new(target: Path, content: bytes) -> None:
    """On disk under another name first; a link then gives it its own, unless that is taken."""
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, target)
    finally:
        draft.unlink()
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
