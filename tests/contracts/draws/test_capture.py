"""`capture` and `retarget`: the number comes from one block, which nobody who calls has a say in."""

from itertools import pairwise

import pytest
from brownie import reverts, web3

from scripts import commune as communes
from tests.contracts.draws.conftest import (
    CAPTURABLE,
    CAPTURED,
    DELAY,
    MISSED,
    WAITING,
    number_of,
    picked,
    to_block,
)
from tests.contracts.errors import error

STEP = 257 + DELAY


def test_the_number_is_what_anyone_works_out_from_public_data(commune, open_draw, stranger):
    draw = open_draw()
    target = commune.draws.draw(draw)["targetBlock"]
    to_block(target)
    tx = commune.draws.capture(draw, stranger.tx)
    block_hash = bytes(web3.eth.get_block(target).hash)
    number = number_of(commune, draw, block_hash, bytes(32))
    assert tx.events["DrawCaptured"] == {
        "drawId": draw,
        "blockHash": "0x" + block_hash.hex(),
        "number": number,
    }
    found = commune.draws.draw(draw)
    assert (found["blockHash"], found["number"]) == ("0x" + block_hash.hex(), number)
    assert commune.draws.state(draw) == CAPTURED


def test_it_takes_as_many_as_asked_in_the_order_of_the_shuffle(commune, open_draw, stranger):
    draw = open_draw()
    to_block(commune.draws.draw(draw)["targetBlock"])
    commune.draws.capture(draw, stranger.tx)
    number = commune.draws.draw(draw)["number"]
    for n, k in ((1, 1), (7, 0), (7, 3), (60, 60), (500, 20)):
        taken = commune.draws.pick(draw, n, k)
        assert taken == picked(number, n, k)
        assert len(set(taken)) == k
        assert all(0 <= index < n for index in taken)
    with reverts(error("DrawsTooMany", 4, 3)):
        commune.draws.pick(draw, 3, 4)


def test_nothing_is_drawn_before_its_block(commune, open_draw, stranger):
    """Not even in that block itself, whose hash does not exist yet."""
    draw = open_draw()
    to_block(commune.draws.draw(draw)["targetBlock"] - 1)
    with reverts(error("DrawsWrongState", draw, WAITING, CAPTURABLE)):
        commune.draws.capture(draw, stranger.tx)
    with reverts(error("DrawsWrongState", draw, WAITING, CAPTURED)):
        commune.draws.pick(draw, 2, 1)


def test_a_draw_is_captured_once(commune, open_draw, stranger):
    draw = open_draw()
    to_block(commune.draws.draw(draw)["targetBlock"])
    commune.draws.capture(draw, stranger.tx)
    with reverts(error("DrawsWrongState", draw, CAPTURED, CAPTURABLE)):
        commune.draws.capture(draw, stranger.tx)
    with reverts(error("DrawsWrongState", draw, CAPTURED, MISSED)):
        commune.draws.retarget(draw, stranger.tx)


def test_the_last_block_in_which_it_can_be_captured(commune, open_draw, stranger):
    draw = open_draw()
    target = commune.draws.draw(draw)["targetBlock"]
    to_block(target + 255)
    tx = commune.draws.capture(draw, stranger.tx)
    assert tx.block_number == target + 256
    assert tx.events["DrawCaptured"]["blockHash"] == "0x" + bytes(web3.eth.get_block(target).hash).hex()


def test_a_missed_draw_gets_another_block_from_anyone(commune, open_draw, stranger):
    draw = open_draw()
    target = commune.draws.draw(draw)["targetBlock"]
    to_block(target + 255)
    with reverts(error("DrawsWrongState", draw, CAPTURABLE, MISSED)):
        commune.draws.retarget(draw, stranger.tx)
    with reverts(error("DrawsWrongState", draw, MISSED, CAPTURABLE)):
        commune.draws.capture(draw, stranger.tx)
    tx = commune.draws.retarget(draw, stranger.tx)
    assert tx.events["DrawRetargeted"]["retargets"] == 1
    second = commune.draws.draw(draw)["targetBlock"]
    assert second == tx.events["DrawRetargeted"]["targetBlock"] == target + 2 * STEP > tx.block_number
    to_block(second)
    commune.draws.capture(draw, stranger.tx)
    assert commune.draws.state(draw) == CAPTURED


@pytest.mark.parametrize("late", [0, 1, DELAY, 2 * STEP - DELAY, 600])
def test_who_sets_another_block_has_no_say_in_which(commune, open_draw, stranger, late):
    """A whole number of steps after the missed one; at least the delay ahead, less than a step more."""
    draw = open_draw()
    target = commune.draws.draw(draw)["targetBlock"]
    to_block(target + 256 + late)
    tx = commune.draws.retarget(draw, stranger.tx)
    second = tx.events["DrawRetargeted"]["targetBlock"]
    assert (second - target) % STEP == 0
    assert DELAY <= second - tx.block_number < DELAY + STEP


def test_a_later_vote_on_the_delay_leaves_an_open_draw_alone(commune, open_draw, timelock, stranger):
    draw = open_draw()
    target = commune.draws.draw(draw)["targetBlock"]
    commune.constitution.setParameter(communes.bytes32("draw.delay"), 64, timelock)
    assert commune.draws.draw(draw)["targetBlock"] == target
    to_block(target + 256)
    commune.draws.retarget(draw, stranger.tx)
    assert commune.draws.draw(draw)["targetBlock"] == target + STEP


def test_two_draws_of_one_block_differ(commune, open_draw, timelock, stranger):
    """The same pool and the same block: the draw's own id is in its number."""
    draws = [open_draw(), open_draw()]
    numbers = []
    for draw in draws:
        to_block(max(web3.eth.block_number, commune.draws.draw(draw)["targetBlock"]))
        commune.draws.capture(draw, stranger.tx)
        numbers.append(commune.draws.draw(draw)["number"])
    assert all(a != b for a, b in pairwise(numbers))


@pytest.mark.parametrize("unknown", [0, 1])
def test_a_draw_that_was_never_opened_is_unknown(commune, stranger, unknown):
    assert commune.draws.state(unknown) == 0
    refused = error("DrawsUnknown", unknown)
    for call in (commune.draws.capture, commune.draws.retarget):
        with reverts(refused):
            call(unknown, stranger.tx)
    with reverts(refused):
        commune.draws.draw(unknown)
    with reverts(refused):
        commune.draws.pick(unknown, 2, 1)
