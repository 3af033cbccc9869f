"""The keys every local test chain publishes. They are refused on any other chain."""

from __future__ import annotations

from functools import cache
from typing import Any

from brownie import web3
from eth_account import Account
from eth_account.signers.local import LocalAccount

MNEMONIC = "test test test test test test test test test test test junk"
LOCAL_CHAINS = frozenset({31337, 1337})

Account.enable_unaudited_hdwallet_features()


class NotALocalChain(Exception):
    """The published keys were asked for on a chain that is not a local test chain."""


def require_local() -> None:
    """Raise unless the connected chain is a local test chain on the loopback interface."""
    chain_id = web3.eth.chain_id
    endpoint = getattr(web3.provider, "endpoint_uri", "")
    host = endpoint.split("://")[-1].split("/")[0].rsplit(":", 1)[0]
    if chain_id not in LOCAL_CHAINS or host not in {"127.0.0.1", "localhost", "[::1]"}:
        raise NotALocalChain(
            f"the test chain's keys are public: they are used on chains {sorted(LOCAL_CHAINS)} on loopback "
            f"only, not on chain {chain_id} at {endpoint or 'an unknown endpoint'}"
        )


@cache
def _derive(index: int) -> LocalAccount:
    return Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")


def key(index: int) -> LocalAccount:
    """The `index`-th published account with its key."""
    require_local()
    return _derive(index)


def sign(index: int, message: dict[str, Any]) -> bytes:
    """Sign EIP-712 typed data with a published key."""
    from eth_account.messages import encode_typed_data

    return bytes(key(index).sign_message(encode_typed_data(full_message=message)).signature)
