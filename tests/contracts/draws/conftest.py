"""Draws opened in the timelock's name, and blocks to wait for."""

import pytest
from brownie import chain, web3
from eth_abi import encode

from scripts import commune as communes
from tests.contracts.membership.steps import acting_as

TEXT = "0x" + communes.text_hash("Who of us keeps the keys?")
POOL = "0x" + communes.text_hash("a published pool")
DELAY, REVEALING_LASTS = 5, 10
# IDraws.DrawState
UNKNOWN, REVEALING, WAITING, CAPTURABLE, MISSED, CAPTURED = range(6)


@pytest.fixture(scope="module")
def constitution_file():
    """Secrets are revealed in ten blocks instead of a day's."""
    return communes.Constitution.load(
        topics=("general", "food", "housing"), parameters={"draw.reveal": REVEALING_LASTS}
    )


@pytest.fixture(scope="module")
def timelock(commune):
    """Sends as decisions do."""
    return acting_as(commune.timelock)


@pytest.fixture(scope="module")
def open_draw(commune, timelock):
    """Opens a draw from a published pool, and returns its id."""

    def send(pool=POOL, size=100):
        return commune.draws.open(pool, size, TEXT, timelock).events["DrawOpened"]["drawId"]

    return send


@pytest.fixture(scope="module")
def open_among(commune, timelock):
    """Opens a draw among people who have committed to secrets, or have not; returns its id."""

    def send(members, secrets=None):
        commitments = [commitment(m, secrets[m]) for m in members] if secrets else []
        return commune.draws.openAmong(members, commitments, TEXT, timelock).events["DrawOpened"]["drawId"]

    return send


def commitment(member, secret):
    """`IDraws`: what stands for a member's secret until it is revealed."""
    return keccak("bytes32", "uint32", "bytes32", values=(domain("dualpower.secret"), member, secret))


def domain(name):
    return bytes(web3.keccak(text=name))


def keccak(*types, values):
    """keccak256(abi.encode(values))."""
    return bytes(web3.keccak(encode(types, values)))


def number_of(commune, draw, block_hash, mix):
    """`IDraws`: a draw's number, worked out from public data."""
    values = (
        domain("dualpower.draw"),
        web3.eth.chain_id,
        commune.draws.address,
        draw,
        bytes(commune.draws.draw(draw)["pool"]),
        block_hash,
        mix,
    )
    types = ("bytes32", "uint256", "address", "uint32", "bytes32", "bytes32", "bytes32")
    return int.from_bytes(keccak(*types, values=values), "big")


def picked(number, n, k):
    """`IDraws`: which k of n the number takes."""
    order = list(range(n))
    for i in range(k):
        j = i + int.from_bytes(keccak("uint256", "uint256", values=(number, i)), "big") % (n - i)
        order[i], order[j] = order[j], order[i]
    return tuple(order[:k])


def to_block(number):
    """Mine until the latest block is `number`: the next transaction is in the one after it."""
    missing = number - web3.eth.block_number
    if missing < 0:
        raise ValueError(f"block {number} is {-missing} blocks ago")
    if missing:
        chain.mine(missing)
