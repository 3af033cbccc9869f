"""The shuffle by itself; that the contract has the same is shown in tests/contracts/draws/test_shuffle.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.draws import shuffle

words = st.integers(0, 2**256 - 1)


@given(words, st.integers(1, 120))
def test_everybody_comes_exactly_once(number, n):
    assert sorted(shuffle.order(number, n)) == list(range(n))


@given(words, st.integers(1, 2**64 - 1), st.data())
def test_in_a_large_commune_nobody_comes_twice(number, n, data):
    places = data.draw(st.sets(st.integers(0, n - 1), max_size=20))
    found = {shuffle.at(number, i, n) for i in places}
    assert len(found) == len(places)
    assert all(0 <= x < n for x in found)


@pytest.mark.parametrize("n", [5, 7, 17])
def test_at_each_place_everybody_comes_about_as_often(n):
    """Chi squared of 3,000 shuffles against equal counts: with four rounds, this fails."""
    numbers = 3_000
    for place in (0, 1, n - 1):
        counts = [0] * n
        for number in range(numbers):
            counts[shuffle.at(number, place, n)] += 1
        expected = numbers / n
        chi_squared = sum((count - expected) ** 2 / expected for count in counts)
        # Of n - 1 degrees of freedom: mean n - 1, variance 2 (n - 1); six standard deviations.
        assert chi_squared < n - 1 + 6 * (2 * (n - 1)) ** 0.5


@pytest.mark.parametrize(("i", "n"), [(3, 3), (0, 0), (-1, 3)])
def test_a_place_that_there_is_not_has_nobody(i, n):
    with pytest.raises(ValueError, match=f"no place {i} among {n}"):
        shuffle.at(1, i, n)
