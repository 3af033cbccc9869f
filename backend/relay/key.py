"""Whose account pays: a keystore file's or, on a test chain of this machine only, a published one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from backend.chain.local import NotLocal, published_key
from backend.relay.errors import KeyRefused


@dataclass(frozen=True)
class RelaySettings:
    """`password` is a file too. `batch` in items, `per_minute` for each member (or nullifier), `poll` in
    seconds, `max_fee` in wei per gas: above it, the relay waits. A transaction without a block for `stuck`
    seconds is sent again for a higher fee. Included batches are watched for `depth` blocks, in case these
    leave the chain.

    A relay that `keeps` also does what anybody may do for all (backend.keeper).

    Secret ballots are taken from all at `secret_per_minute`. Those of one `secret_interval`, in seconds, are
    sent together at its end, so that the time on the chain does not tell when somebody handed theirs in.
    """

    keystore: Path | None = None
    password: Path | None = None
    test_key: int | None = None
    batch: int = 100
    per_minute: int = 30
    secret_per_minute: int = 600
    secret_interval: int = 30
    poll: float = 0.5
    max_fee: int = 200 * 10**9
    stuck: float = 45.0
    depth: int = 12
    keeps: bool = True


def load_key(settings: RelaySettings, chain_id: int, rpc_url: str) -> LocalAccount:
    """Raises `KeyRefused`."""
    if (settings.keystore is None) == (settings.test_key is None):
        raise KeyRefused("the relay takes either a keystore file or the number of a test key")
    if settings.test_key is not None:
        try:
            return published_key(settings.test_key, chain_id, rpc_url)
        except NotLocal as error:
            raise KeyRefused(str(error)) from error
    if settings.password is None:
        raise KeyRefused("the relay's keystore needs a file with its password")
    assert settings.keystore is not None
    try:
        content = json.loads(settings.keystore.read_text(encoding="utf-8"))
        password = settings.password.read_text(encoding="utf-8").rstrip("\r\n")
        key = Account.decrypt(content, password)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyRefused(f"{settings.keystore} does not open: {error}") from error
    account: LocalAccount = Account.from_key(key)
    return account
