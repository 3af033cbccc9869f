"""Test chains of this machine, and the keys that everybody knows on them."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from eth_account import Account
from eth_account.signers.local import LocalAccount

# What every local test chain publishes (anvil, hardhat; ganache by our own start command).
MNEMONIC = "test test test test test test test test test test test junk"
LOCAL_CHAINS = frozenset({1337, 31337})


class NotLocal(Exception):
    """Published keys were asked for on a chain where whoever knows them could take what they own."""


def require_local(chain_id: int, *urls: str) -> None:
    """Raises `NotLocal` unless the chain's id is a test chain's and all `urls` are of this very machine."""
    if chain_id not in LOCAL_CHAINS:
        allowed = " or ".join(str(known) for known in sorted(LOCAL_CHAINS))
        raise NotLocal(
            f"test accounts have public keys: they are for chain {allowed}, not for chain {chain_id}"
        )
    for url in urls:
        if not _is_loopback(url):
            raise NotLocal(
                f"test accounts have public keys: they are for a chain of this machine, not for {url}"
            )


def published_key(index: int, chain_id: int, *urls: str) -> LocalAccount:
    """One of the keys that every local test chain publishes, for use on such a chain only."""
    require_local(chain_id, *urls)
    Account.enable_unaudited_hdwallet_features()
    account: LocalAccount = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
    return account


def _is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return parts.scheme in ("http", "https") and (
            host == "localhost" or ipaddress.ip_address(host).is_loopback
        )
    except ValueError:
        return False
