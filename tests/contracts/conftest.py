"""What every contract test stands on: a state of its own, and a Brownie that recognises our code."""

import re

import brownie.network.contract
import pytest
from brownie import web3

_matches_exactly = brownie.network.contract._verify_deployed_code


def _matches_but_for_immutables(address, expected_bytecode, language):
    """Compare deployed code with the compiled code, whatever words the constructor put into its immutables.

    Brownie compares byte for byte, so a contract with `immutable`s (anything with OpenZeppelin's EIP712)
    looks like a stranger and silently loses traces, coverage and dev revert strings. The compiler leaves 32
    zero bytes behind a PUSH32 for each immutable, and Brownie 40 characters `_..._` for a linked library's
    address: take what is deployed there before comparing.
    """
    if _matches_exactly(address, expected_bytecode, language):
        return True
    deployed = bytes(web3.eth.get_code(address))
    text, deployed_text = expected_bytecode.removeprefix("0x"), deployed.hex()
    expected = bytearray.fromhex(
        re.sub("_.{38}_", lambda hole: deployed_text[hole.start() : hole.end()], text)
    )
    if len(deployed) != len(expected):
        return False
    placeholder, at = b"\x7f" + bytes(32), 0
    while (at := expected.find(placeholder, at)) >= 0:
        end = at + len(placeholder)
        expected[at + 1 : end] = deployed[at + 1 : end]
        at = end
    # The last two bytes are the length of the metadata before them, which Brownie leaves out as well.
    code_length = len(expected) - 2 - int.from_bytes(expected[-2:], "big")
    return deployed[:code_length] == expected[:code_length]


brownie.network.contract._verify_deployed_code = _matches_but_for_immutables


@pytest.fixture(autouse=True)
def isolation(fn_isolation):
    """Every test starts from the state its module's fixtures left."""
