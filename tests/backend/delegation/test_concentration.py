"""How voices gather, against figures worked out by hand and against the Gini coefficient's definition."""

from __future__ import annotations

import random
from itertools import product

import pytest

from backend.delegation import Concentration, concentration, weights


def of(delegates: dict[int, int], active: set[int]) -> Concentration:
    return concentration(weights(delegates, active), len(active))


def test_where_nobody_delegates_all_voices_are_equal():
    assert of({}, set(range(1, 11))) == Concentration(10, 10, 0, 0.1, pytest.approx(0), 6)


def test_one_who_speaks_for_all_is_a_majority_alone():
    found = of(dict.fromkeys(range(2, 11), 1), set(range(1, 11)))
    assert found == Concentration(10, 10, 1, 1.0, pytest.approx(0.9), 1)


def test_exactly_half_is_no_majority():
    assert of({2: 1, 3: 1, 5: 4, 6: 4}, set(range(1, 7))).majority == 2


def test_voices_on_a_cycle_or_with_somebody_who_left_are_nobodys():
    held = weights({1: 2, 2: 1, 3: 9, 4: 5}, {1, 2, 3, 4, 5})
    assert held == {5: 2}


def test_who_left_passes_on_what_their_delegation_says():
    assert weights({1: 9, 9: 2}, {1, 2}) == {2: 2}


def test_a_commune_of_nobody_is_told_in_zeros():
    assert of({1: 2}, set()) == Concentration(0, 0, 0, 0.0, 0.0, 0)


@pytest.mark.parametrize("seed", range(10))
def test_the_gini_coefficient_is_half_the_relative_mean_difference(seed):
    chance = random.Random(seed)
    active = set(range(1, 25))
    delegates = {member: chance.randint(1, member) for member in active if chance.random() < 0.6}
    delegates = {member: other for member, other in delegates.items() if member != other}
    held = weights(delegates, active)
    voices = [held.get(member, 0) for member in active]
    differences = sum(abs(one - other) for one, other in product(voices, voices))
    mean = sum(voices) / len(voices)
    assert concentration(held, len(active)).gini == pytest.approx(differences / (2 * len(voices) ** 2 * mean))
