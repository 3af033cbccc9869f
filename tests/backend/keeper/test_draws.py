"""The keeper captures draws in time, and sets a new block where nobody did."""

from __future__ import annotations

import pytest

from tests.backend.chains import anvil
from tests.backend.commune import PEOPLE, Commune, text_hash
from tests.backend.delegating import Delegating
from tests.backend.drawing import decide

PAYER = PEOPLE - 1
WAITING, CAPTURABLE, MISSED, CAPTURED = 2, 3, 4, 5


@pytest.fixture
def group(tmp_path):
    with anvil("--accounts", str(PEOPLE)) as chain:
        yield Delegating(Commune.founded(chain, 3), tmp_path, 3, 1)


def opened(commune: Commune) -> int:
    decide(commune, "draws", "open", text_hash("a pool"), 5, text_hash("who cooks"))
    return int(commune.call("draws", "drawCount"))


def mine(commune: Commune, blocks: int) -> None:
    commune.chain.rpc("anvil_mine", hex(blocks))


def test_a_draw_is_captured_once_its_block_is_there(group):
    commune = group.commune
    draw = opened(commune)
    assert group.work_of(PAYER) == []
    mine(commune, 10)
    assert commune.call("draws", "state", draw) == CAPTURABLE
    group.keep(PAYER)
    assert commune.call("draws", "state", draw) == CAPTURED
    assert group.told == [f"draw {draw}: capture"]
    group.keep(PAYER)
    assert len(group.told) == 1


def test_a_draw_that_nobody_captured_gets_a_new_block_and_is_captured_there(group):
    commune = group.commune
    first, second = opened(commune), opened(commune)
    mine(commune, 300)
    assert commune.call("draws", "state", first) == MISSED
    group.keep(PAYER)
    assert [commune.call("draws", "state", draw) for draw in (first, second)] == [WAITING, WAITING]
    mine(commune, 260)
    group.keep(PAYER)
    assert [commune.call("draws", "state", draw) for draw in (first, second)] == [CAPTURED, CAPTURED]


def test_two_keepers_that_saw_the_same_draw_do_no_harm(group):
    commune = group.commune
    draw = opened(commune)
    mine(commune, 10)
    ((to, data),) = group.work_of(PAYER)
    commune.transact(commune.people[PAYER - 1], f"0x{to.hex()}", data)
    group.keep(PAYER)
    assert commune.call("draws", "state", draw) == CAPTURED
    assert commune.chain.rpc("eth_getTransactionCount", commune.people[PAYER].address, "latest") == "0x0"
