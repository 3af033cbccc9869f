"""The formulas of a draw by themselves; that the contract has the same is shown where draws are verified."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.draws import REACH, mix_after, number_of, pick, target_after

words = st.integers(0, 2**256 - 1)


@given(words, st.integers(1, 60), st.data())
def test_a_pick_takes_different_ones_and_fewer_begin_more(number, n, data):
    k = data.draw(st.integers(0, n))
    everything = pick(number, n, n)
    assert sorted(everything) == list(range(n))
    assert pick(number, n, k) == everything[:k]


def test_every_place_is_taken_about_as_often():
    counts = [0] * 7
    for number in range(7_000):
        counts[pick(number, 7, 1)[0]] += 1
    assert all(850 < count < 1_150 for count in counts)


@pytest.mark.parametrize(("n", "k"), [(3, 4), (0, 1), (3, -1)])
def test_more_than_there_are_cannot_be_taken(n, k):
    with pytest.raises(ValueError, match=f"{k} of {n}"):
        pick(1, n, k)


def test_everything_that_a_number_is_made_of_moves_it():
    given_ = (31337, bytes(20), 1, bytes(32), b"\1" * 32, bytes(32))
    others = (1, b"\1" * 20, 2, b"\1" * 32, bytes(32), b"\1" * 32)
    numbers = {number_of(*given_)}
    for place, other in enumerate(others):
        numbers.add(number_of(*given_[:place], other, *given_[place + 1 :]))
    assert len(numbers) == 7


def test_the_order_of_secrets_moves_the_mix():
    one, two = (1, b"\1" * 32), (2, b"\2" * 32)
    assert mix_after(mix_after(bytes(32), *one), *two) != mix_after(mix_after(bytes(32), *two), *one)


@given(st.integers(0, 10**9), st.integers(0, 10**6), st.integers(2, 64))
def test_the_next_block_lies_ahead_and_does_not_depend_on_who_asks_when(target, late, delay):
    block = target + REACH + 1 + late
    following = target_after(target, block, delay)
    step = REACH + 1 + delay
    assert block + delay <= following < block + delay + step
    assert (following - target) % step == 0
    assert target_after(target, following - delay, delay) == following
