"""Whose key signs: a keystore file's, an unlocked account's of the chain's own node, or a test chain's.

Private keys are never arguments: a command line is seen by every process of the machine and kept in the
shell's history.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import typer
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils.address import is_hex_address, to_checksum_address

from backend.chain import local
from backend.cli.errors import Misused, Refused

PASSWORD_FILE = "DUALPOWER_PASSWORD_FILE"  # noqa: S105 - a variable's name

# Calls a JSON-RPC method: (method, parameters) -> result.
Rpc = Callable[[str, list[Any]], Any]


class Key(Protocol):
    """Signs in a person's name. `account` is checksummed."""

    account: str

    def sign(self, typed_data: dict[str, Any]) -> bytes:
        """The EIP-712 signature of a whole typed-data document."""

    def send(self, transaction: dict[str, Any], rpc: Rpc) -> str:
        """Sends a filled-in transaction; its hash."""


class LocalKey:
    """A key in this process's memory."""

    def __init__(self, local: LocalAccount) -> None:
        self._local = local
        self.account: str = local.address

    def sign(self, typed_data: dict[str, Any]) -> bytes:
        return bytes(self._local.sign_message(encode_typed_data(full_message=typed_data)).signature)

    def send(self, transaction: dict[str, Any], rpc: Rpc) -> str:
        signed = self._local.sign_transaction(transaction)
        return str(rpc("eth_sendRawTransaction", [f"0x{bytes(signed.raw_transaction).hex()}"]))


class UnlockedAccount:
    """An account whose key the chain's node holds and uses for whoever can reach it."""

    def __init__(self, account: str, rpc: Rpc) -> None:
        self.account: str = to_checksum_address(account)
        self._rpc = rpc

    def sign(self, typed_data: dict[str, Any]) -> bytes:
        answer = self._rpc("eth_signTypedData_v4", [self.account, in_json(typed_data)])
        return bytes.fromhex(str(answer).removeprefix("0x"))

    def send(self, transaction: dict[str, Any], rpc: Rpc) -> str:
        # The node takes its own account's nonce and knows its own chain.
        kept = {name: value for name, value in transaction.items() if name not in ("nonce", "chainId")}
        wire = {name: hex(value) if isinstance(value, int) else value for name, value in kept.items()}
        return str(rpc("eth_sendTransaction", [wire]))


def from_keystore(path: Path, password: str) -> LocalKey:
    """The key in a keystore file (Web3 Secret Storage), as every wallet exports it."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Misused(f"{path} is no readable keystore file: {error}") from None
    try:
        key = Account.decrypt(content, password)
    except ValueError as error:
        if "MAC mismatch" in str(error):
            raise Misused(f"the password does not open {path}") from None
        raise Misused(f"{path} is no keystore file: {error}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise Misused(f"{path} is no keystore file: it lacks {error}") from None
    return LocalKey(Account.from_key(key))


def password_for(path: Path, *, new: bool = False, variable: str = PASSWORD_FILE) -> str:
    """From the file that an environment variable names, or asked for at the terminal; a new one twice."""
    if named := os.environ.get(variable):
        try:
            return Path(named).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, ValueError) as error:
            raise Misused(f"{variable} names {named}, which cannot be read: {error}") from None
    if not sys.stdin.isatty():
        raise Misused(f"no terminal to ask for the password of {path}: put it into a file, {variable}")
    return str(typer.prompt(f"Password of {path}", hide_input=True, confirmation_prompt=new, err=True))


def unlocked(account: str, rpc: Rpc) -> UnlockedAccount:
    if not is_hex_address(account):
        raise Misused(f"{account} is no account: it takes 0x and 40 hex digits")
    return UnlockedAccount(account, rpc)


def published_key(index: int, chain_id: int, *urls: str) -> LocalKey:
    """One of the keys that every local test chain publishes, for use on such a chain only."""
    try:
        return LocalKey(local.published_key(index, chain_id, *urls))
    except local.NotLocal as error:
        raise Refused(str(error)) from None


def in_json(value: Any) -> Any:
    """A typed-data document as JSON-RPC takes it: bytes in hex, large numbers as decimal text."""
    if isinstance(value, dict):
        return {name: in_json(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [in_json(part) for part in value]
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, int) and not isinstance(value, bool) and value >= 2**53:
        return str(value)
    return value
