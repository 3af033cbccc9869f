"""`Shuffle`: people drawn from a commune of any size, one place at a time, and by whom it concerns alike."""

import random

import pytest

from backend.draws import shuffle

NUMBER = 0xD1CE << 240


@pytest.fixture(scope="module")
def check(deployer, ShuffleCheck):
    return ShuffleCheck.deploy({"from": deployer})


@pytest.mark.parametrize("n", [*range(1, 18), 63, 64, 65, 100, 255, 256, 257, 300])
def test_everybody_comes_exactly_once(check, n):
    found = [x for start in range(0, n, 64) for x in check.slice(NUMBER + n, n, start, 64)]
    assert sorted(found) == list(range(n))
    assert found == shuffle.order(NUMBER + n, n)


@pytest.mark.parametrize("n", [1_000, 1_025, 100_000, 2**32 - 1, 2**64 - 1])
def test_anyone_works_out_a_place_in_a_large_commune(check, n):
    chance = random.Random(n)
    for _ in range(8):
        number, i = chance.getrandbits(256), chance.randrange(n)
        assert check.slice(number, n, i, 1) == (shuffle.at(number, i, n),)


def test_another_number_is_another_order(check):
    assert len({check.slice(number, 100, 0, 100) for number in range(6)}) == 6
