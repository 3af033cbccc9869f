"""What Brownie and web3 do around every transaction and every test, less what no test here asks for.

A contract test spends most of its time in requests to the chain, and Brownie makes most of those for its
console: to undo single transactions, to price them, to show where one failed, to warn about how it is used.
Nothing is left out that a test reads, and a revert that no test expects is still followed to its line.
"""

import sys
from types import SimpleNamespace

import brownie.network.rpc
import requests.sessions
from brownie import web3
from brownie.exceptions import decode_typed_error
from brownie.network.contract import ContractContainer
from brownie.network.state import Chain
from brownie.network.transaction import TransactionReceipt, _get_memory
from brownie.test.managers.runner import RevertContextManager

# The first asks for the gas price and the latest block before each transaction, which has its price from
# brownie-config.yaml; the second looks for domain names in every argument; the third asks for the chain's id.
NEEDLESS = ("gas_price_strategy", "ens_name_to_address", "validation")

_expect, _meet = RevertContextManager.__enter__, RevertContextManager.__exit__
_read_trace = TransactionReceipt._reverted_trace
_raise_with_line = TransactionReceipt._raise_if_reverted
_expected: list[RevertContextManager] = []


def make_lean():
    """Take away, for the rest of this process, what costs time and gives a test nothing."""
    for name in NEEDLESS:
        web3.middleware_onion.remove(name)
    requests.sessions.get_environ_proxies = _no_proxies
    brownie.network.rpc.inspect = SimpleNamespace(stack=_callers)
    Chain._add_to_undo_buffer = _nothing_to_undo
    ContractContainer._revert = _forget_what_came_later
    RevertContextManager.__enter__, RevertContextManager.__exit__ = _start_expecting, _stop_expecting
    TransactionReceipt._reverted_trace = _read_message
    TransactionReceipt._raise_if_reverted = _raise_with_message


def _no_proxies(url, no_proxy=None):
    """The chain is on this machine; the environment is not to be searched for a proxy at each request."""
    return {}


def _callers():
    """The first two frames of `inspect.stack()`: Brownie looks at the second, it reads the source of all."""
    return [SimpleNamespace(frame=sys._getframe(depth)) for depth in (1, 2)]


def _nothing_to_undo(chain, tx, function, args, kwargs):
    """No snapshot after each transaction: tests go back to their module's, never by one transaction."""


def _forget_what_came_later(container, height):
    """Drop contracts deployed after block `height`, and of those that came otherwise the ones without code.

    Brownie asks for the code of each, of every deployed contract after every test. One whose deployment the
    chain still has is still there.
    """
    for contract in list(container):
        deployed = contract.tx and contract.tx.block_number
        if deployed > height if deployed else not web3.eth.get_code(contract.address):
            container.remove(contract)
            contract._reverted = True


def _start_expecting(reverts):
    _expected.append(reverts)
    return _expect(reverts)


def _stop_expecting(reverts, *raised):
    _expected.remove(reverts)
    return _meet(reverts, *raised)


def _read_message(receipt, trace):
    """Of a revert that a test expects, read the message alone, which the last step has in memory.

    Brownie goes through all steps to find the line in the sources; only a test that fails would show it.
    """
    last = trace[-1]
    if _expected and last["op"] == "REVERT" and int(last["stack"][-2], 16):
        receipt._modified_state = False
        receipt._revert_msg = decode_typed_error("0x" + bytes(_get_memory(last, -1)).hex())
        receipt._dev_revert_msg = ""
    else:
        _read_trace(receipt, trace)


def _raise_with_message(receipt, exc):
    if _expected and receipt.revert_msg:
        raise exc._with_attr(revert_msg=receipt.revert_msg)
    _raise_with_line(receipt, exc)
