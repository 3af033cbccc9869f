"""Groups whose reputation comes from inside are found, and a commune that works shows none."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.standing import Given, faded, rings
from tests.backend.standing.graphs import POINT, everybody_each_other, honest, round_robin

HALF_LIFE = 90 * 86_400


def found(entries: list[Given]):
    return rings(faded(entries, 0, HALF_LIFE))


@pytest.mark.parametrize("seed", range(5))
def test_fakes_who_confirm_one_another_are_one_ring(seed: int):
    fakes = range(1, 21)
    (ring,) = found([*honest(100, 2_000, seed, fakes), *everybody_each_other(fakes)])
    assert ring.members == tuple(fakes)
    assert ring.density == 1.0
    assert ring.share > 0.85
    assert ring.by_chance < 0.4


@pytest.mark.parametrize("seed", range(5))
def test_a_commune_in_which_anybody_confirms_anybody_has_no_ring(seed: int):
    assert found(honest(100, 2_500, seed)) == []


def test_a_ring_in_which_no_two_confirm_each_other_is_one_too():
    fakes = range(41, 53)
    (ring,) = found([*honest(40, 600, 1), *round_robin(fakes, 5)])
    assert (ring.members, ring.share, ring.density) == (tuple(fakes), 1.0, 5 / 11)


def test_a_small_ring_is_found_among_a_thousand():
    three = (17, 400, 950)
    entries = [*honest(1_000, 6_000, 2, three), *everybody_each_other(three, points=100)]
    (ring,) = found(entries)
    assert ring.members == three
    assert ring.inside == 600 * POINT


def test_two_rings_are_told_apart_and_the_larger_comes_first():
    entries = [
        *honest(60, 900, 3),
        *everybody_each_other(range(61, 66)),
        *everybody_each_other(range(71, 81)),
    ]
    assert [ring.members for ring in found(entries)] == [tuple(range(71, 81)), tuple(range(61, 66))]


def test_somebody_who_confirms_a_circle_without_being_confirmed_is_not_of_it():
    circle = [*everybody_each_other((1, 2, 3)), Given(4, 1, 50 * POINT, 0), Given(4, 2, 50 * POINT, 0)]
    # Half of what the three have comes from outside: from the fourth.
    assert found([*circle, *honest(60, 10, 4)]) == []
    assert [ring.members for ring in found([*everybody_each_other((1, 2, 3), 60), *circle])] == []
    busy = [one for one in honest(60, 900, 4) if not {one.confirmer, one.member} & {1, 2, 3, 4}]
    assert [ring.members for ring in found([*everybody_each_other((1, 2, 3), 60), *circle, *busy])] == [
        (1, 2, 3)
    ]


def test_what_faded_away_makes_no_ring():
    long_ago = [Given(*one[:3], -40 * HALF_LIFE) for one in everybody_each_other(range(1, 6))]
    assert found(long_ago) == []
    assert found([]) == []


@given(st.randoms(use_true_random=False))
def test_the_order_of_confirmations_changes_nothing(order: random.Random):
    entries = [*honest(30, 200, 5, range(1, 6)), *everybody_each_other(range(1, 6))]
    expected = found(entries)
    order.shuffle(entries)
    assert found(entries) == expected
    assert [ring.members for ring in expected] == [(1, 2, 3, 4, 5)]
