"""What every contract test stands on: a founded commune, its people, a Brownie that recognises our code."""

import gc
import re
import time

import brownie
import brownie.network.contract
import pytest
from brownie import chain, web3
from brownie._config import CONFIG
from brownie.network.transaction import TransactionReceipt
from web3.exceptions import TransactionNotFound

from scripts import commune as communes
from tests.contracts.lean import make_lean
from tests.contracts.people import Person, founded_by, person

make_lean()

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


# The constitution of most modules.
USUAL = communes.Constitution.load(topics=("general", "food", "housing"))


class KeptCommune:
    """The commune most modules start from, founded once in a run: deploying takes as long as twenty tests."""

    def __init__(self):
        self._key = self._commune = self._snapshot = None

    def restore(self):
        """Bring the chain back to the commune's first day, or to its start where none is kept yet."""
        if self._snapshot is None:
            chain.reset()
        else:
            self._snapshot = chain._current_id = chain._revert(self._snapshot)

    def founded(self, founders, deployer, constitution):
        """The kept commune if it was founded the same way, else a new one; the first usual one is kept."""
        key = (tuple(founders), str(deployer), constitution)
        if self._key == key:
            return self._commune
        commune = founded_by(founders, deployer, constitution)
        if self._key is None and constitution == USUAL:
            self._key, self._commune, self._snapshot = key, commune, chain._take_snapshot()
        return commune


_kept = KeptCommune()


@pytest.fixture(scope="module")
def module_isolation():
    """Every module starts from the same state; Brownie's own fixture starts from an empty chain."""
    _kept.restore()


_confirms = TransactionReceipt._await_confirmation
_constructors_traced = set()


def _confirms_once_there_is_a_receipt(receipt, block_number=None, required_confs=1):
    """Give the node half a minute to show the receipt of a transaction it already counts in the nonce.

    Brownie takes the one without the other for a dropped transaction. Anvil shows them in that order,
    and with traces on and much in a transaction, a busy machine leaves time to ask in between.
    """
    deadline = time.monotonic() + 30
    found = None
    while found is None and time.monotonic() < deadline:
        try:
            found = web3.eth.get_transaction_receipt(receipt.txid)
        except TransactionNotFound:
            time.sleep(0.05)
    # Each step of a trace holds the memory of its time: a constructor's is hundreds of megabytes. Once is
    # enough, and none is kept beyond its evaluation.
    covers = CONFIG.argv["coverage"] and found is not None and found["status"] == 1
    if covers and found["contractAddress"]:
        if receipt.contract_name in _constructors_traced:
            receipt._raw_trace, receipt._trace = [], []
        _constructors_traced.add(receipt.contract_name)
    _confirms(receipt, block_number, required_confs)
    if covers:
        receipt._raw_trace = None
        receipt._trace = None


TransactionReceipt._await_confirmation = _confirms_once_there_is_a_receipt


def pytest_collection_finish():
    """Keep what is loaded by now out of garbage collections.

    Brownie collects at every revert, which a test has at least one of, and each time looks through the syntax
    trees of all contracts.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def isolation(fn_isolation):
    """Every test starts from the state its module's fixtures left."""


DAY = 86_400
# Accounts of the test chain: 0 deploys, 1 to 5 found, the rest are nobody yet.
FOUNDERS = range(1, 6)


@pytest.fixture(scope="module")
def deployer(accounts):
    return accounts[0]


@pytest.fixture(scope="module")
def constitution_file():
    """The constitution the commune of this module is founded with; modules override it for other numbers."""
    return USUAL


@pytest.fixture(scope="module")
def founders() -> list[Person]:
    """Five founders: full members from the first day."""
    return [person(i) for i in FOUNDERS]


@pytest.fixture(scope="module")
def commune(deployer, founders, constitution_file):
    """A commune of five founders, constituted, one day old."""
    return _kept.founded(founders, deployer, constitution_file)


@pytest.fixture(scope="module")
def alice(founders):
    return founders[0]


@pytest.fixture(scope="module")
def bob(founders):
    return founders[1]


@pytest.fixture(scope="module")
def carol(founders):
    return founders[2]


@pytest.fixture(scope="module")
def dave(founders):
    return founders[3]


@pytest.fixture(scope="module")
def erin(founders):
    return founders[4]


@pytest.fixture(scope="module")
def newcomer() -> Person:
    """Someone who wants to join."""
    return person(6)


@pytest.fixture(scope="module")
def stranger() -> Person:
    """Someone who has nothing to do with the commune."""
    return person(7)


@pytest.fixture(scope="session")
def project_contracts():
    """Every compiled contract by its name."""
    return dict(brownie.project.get_loaded_projects()[0].dict())
