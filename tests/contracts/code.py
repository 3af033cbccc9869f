"""Code put behind an address by the test chain, as metamorphic contracts and delegated accounts change."""

import pytest
from brownie import web3
from brownie._config import CONFIG


def set_code(target, code):
    """Make `code` (hex) the code of an address; "0x" takes it away.

    Under coverage a test of a deployed contract ends here: Brownie then reverts after every read, and forgets
    contracts whose code is another by that time.
    """
    if CONFIG.argv["coverage"] and hasattr(target, "address"):
        pytest.skip("Brownie forgets contracts whose code changes under coverage")
    on_anvil = "anvil" in web3.client_version.lower()
    method = "anvil_setCode" if on_anvil else "evm_setAccountCode"
    answer = web3.provider.make_request(method, [_address(target), code])
    if "error" in answer:
        raise ValueError(answer["error"])


def code_hash(target):
    """keccak256 of the code at an address."""
    return bytes(web3.keccak(web3.eth.get_code(_address(target))))


def _address(target):
    return web3.to_checksum_address(str(getattr(target, "address", target)))
