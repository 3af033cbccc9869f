"""`reveal`: secrets that were committed before the pool was, mixed in before the block's hash exists."""

import pytest
from brownie import reverts, web3

from tests.contracts.draws.conftest import (
    CAPTURABLE,
    REVEALING,
    WAITING,
    commitment,
    keccak,
    number_of,
    to_block,
)
from tests.contracts.errors import error

SECRETS = {member: bytes([member]) * 32 for member in (1, 2, 3)}


@pytest.fixture
def draw(open_among):
    """Among members 1, 2 and 3, who have committed to secrets."""
    return open_among((1, 2, 3), SECRETS)


def test_whoever_has_the_secret_reveals_it(commune, draw, stranger):
    tx = commune.draws.reveal(draw, 2, SECRETS[2], stranger.tx)
    mix = keccak("bytes32", "uint32", "bytes32", values=(bytes(32), 2, SECRETS[2]))
    assert tx.events["SecretRevealed"] == {
        "drawId": draw,
        "memberId": 2,
        "secret": "0x" + SECRETS[2].hex(),
        "mix": "0x" + mix.hex(),
    }
    assert commune.draws.hasRevealed(draw, 2)
    assert not commune.draws.hasRevealed(draw, 1)
    assert (commune.draws.draw(draw)["reveals"], bytes(commune.draws.draw(draw)["mix"])) == (1, mix)


def test_secrets_are_in_the_number(commune, draw, stranger):
    mix = bytes(32)
    for member in (3, 1):
        commune.draws.reveal(draw, member, SECRETS[member], stranger.tx)
        mix = keccak("bytes32", "uint32", "bytes32", values=(mix, member, SECRETS[member]))
    target = commune.draws.draw(draw)["targetBlock"]
    to_block(target)
    tx = commune.draws.capture(draw, stranger.tx)
    block_hash = bytes(web3.eth.get_block(target).hash)
    assert tx.events["DrawCaptured"]["number"] == number_of(commune, draw, block_hash, mix)


def test_without_reveals_the_blocks_hash_is_all(commune, draw, stranger):
    """It is for the opener to see that nobody kept a place."""
    target = commune.draws.draw(draw)["targetBlock"]
    to_block(target)
    tx = commune.draws.capture(draw, stranger.tx)
    block_hash = bytes(web3.eth.get_block(target).hash)
    assert tx.events["DrawCaptured"]["number"] == number_of(commune, draw, block_hash, bytes(32))
    assert commune.draws.draw(draw)["reveals"] == 0


def test_nobody_reveals_for_another(commune, open_among, timelock, stranger):
    """Another's commitment, copied, opens for nobody: whose secret it is, is in it."""
    copied = commitment(1, SECRETS[1])
    tx = commune.draws.openAmong([1, 2], [copied, copied], b"\1" * 32, timelock)
    draw = tx.events["DrawOpened"]["drawId"]
    commune.draws.reveal(draw, 1, SECRETS[1], stranger.tx)
    with reverts(error("DrawsWrongSecret", draw, 2)):
        commune.draws.reveal(draw, 2, SECRETS[1], stranger.tx)


def test_another_secret_is_refused(commune, draw, stranger):
    with reverts(error("DrawsWrongSecret", draw, 1)):
        commune.draws.reveal(draw, 1, SECRETS[2], stranger.tx)


def test_who_is_not_in_the_pool_reveals_nothing(commune, draw, stranger):
    with reverts(error("DrawsNoCommitment", draw, 4)):
        commune.draws.reveal(draw, 4, SECRETS[1], stranger.tx)


def test_a_secret_is_revealed_once(commune, draw, stranger):
    commune.draws.reveal(draw, 1, SECRETS[1], stranger.tx)
    with reverts(error("DrawsAlreadyRevealed", draw, 1)):
        commune.draws.reveal(draw, 1, SECRETS[1], stranger.tx)


def test_secrets_are_taken_until_the_last_block_of_revealing(commune, draw, stranger):
    end = commune.draws.draw(draw)["revealEnd"]
    to_block(end - 1)
    tx = commune.draws.reveal(draw, 1, SECRETS[1], stranger.tx)
    assert tx.block_number == end
    with reverts(error("DrawsWrongState", draw, WAITING, REVEALING)):
        commune.draws.reveal(draw, 2, SECRETS[2], stranger.tx)


def test_the_block_cannot_be_captured_while_secrets_are_taken(commune, draw, stranger):
    with reverts(error("DrawsWrongState", draw, REVEALING, CAPTURABLE)):
        commune.draws.capture(draw, stranger.tx)


def test_a_draw_without_secrets_takes_none(commune, open_among, stranger):
    draw = open_among((1, 2))
    with reverts(error("DrawsWrongState", draw, WAITING, REVEALING)):
        commune.draws.reveal(draw, 1, SECRETS[1], stranger.tx)
