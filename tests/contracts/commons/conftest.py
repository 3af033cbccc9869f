"""A commons with ETH and a token in it, and a purse that Bob holds."""

from dataclasses import dataclass

import pytest
from brownie import ZERO_ADDRESS, accounts

from scripts import commune as communes
from tests.contracts.clock import mine_at, now
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import DAY, member_id

ETH = ZERO_ADDRESS
PERIOD = 30 * DAY
REASON = "0x" + communes.text_hash("Seeds for the spring")
NOTHING = b"\0" * 32
KEY = 7
# Roles.PURSE
PURSES = communes.ROLES["PURSE"][0]
# ICommons.Outlay
DECISION, BEYOND_BRAKE, PURSE, STIPEND, WORK = range(5)
# OddToken.Behaviour
PLAIN, SILENT, REFUSING, IDLE, TAXING, GREEDY, CALLING = range(7)
# The selector of OpenZeppelin's ReentrancyGuardReentrantCall().
REENTERED = "0x3ee5aeb5"


def next_period():
    """Go to the first second of the next calendar period."""
    mine_at(now() - now() % PERIOD + PERIOD)


@dataclass(frozen=True)
class Purse:
    id: int
    controller: object
    asset: object
    cap: int


@pytest.fixture(scope="module", autouse=True)
def early_in_a_period(commune):
    """Tests that count days do not cross a period's border unless they mean to."""
    next_period()


@pytest.fixture(scope="module")
def timelock(commune):
    """Sends as decisions do."""
    return acting_as(commune.timelock)


@pytest.fixture(scope="module")
def shop(accounts):
    """Someone outside whom the commune pays."""
    return accounts[20]


@pytest.fixture(scope="module")
def ether(commune):
    """A thousand units of ETH in the commons."""
    accounts[30].transfer(commune.commons, 1_000)
    return ETH


@pytest.fixture(scope="module")
def token(commune, project_contracts, deployer):
    """A token of which a thousand units came to the commons without a word."""
    found = project_contracts["OddToken"].deploy({"from": deployer})
    found.mint(commune.commons, 1_000, {"from": deployer})
    commune.commons.recordIncome(found, {"from": deployer})
    return found


@pytest.fixture(scope="module")
def payers(commune, project_contracts, timelock, deployer):
    """A controller that the constitutional rule trusts."""
    found = project_contracts["PayerList"].deploy({"from": deployer})
    commune.powers.grantRole(PURSES, found, 0, timelock)
    return found


@pytest.fixture(scope="module")
def purse(commune, ether, payers, bob, timelock, deployer):
    """Bob's, of 100 units of ETH a period."""
    payers.allow(KEY, bob.address, member_id(commune, bob), {"from": deployer})
    tx = commune.commons.openPurse(payers, KEY, ether, 100, REASON, timelock)
    return Purse(tx.events["PurseOpened"]["purseId"], payers, ether, 100)
