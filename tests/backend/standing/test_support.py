"""On how many others' word reputation rests."""

from __future__ import annotations

import pytest

from backend.standing import Given, faded, support
from tests.backend.standing.graphs import POINT

HALF_LIFE = 1_000


def test_who_rests_on_the_fewest_comes_first():
    entries = [
        *(Given(confirmer, 9, POINT, 0) for confirmer in range(1, 5)),
        Given(1, 8, 9 * POINT, 0),
        *(Given(confirmer, 7, amount * POINT, 0) for confirmer, amount in ((1, 6), (2, 2), (3, 1), (4, 1))),
    ]
    found = {one.member_id: one for one in support(faded(entries, 0, HALF_LIFE))}
    assert list(found) == [8, 7, 9]
    assert (found[8].confirmers, found[8].effective, found[8].first, found[8].foremost) == (1, 1, 1, (1,))
    assert found[9].effective == pytest.approx(4)
    assert found[9].first_three == 0.75
    assert found[7].effective == pytest.approx(100 / 42)
    assert (found[7].first, found[7].first_three, found[7].foremost) == (0.6, 0.9, (1, 2, 3))


def test_confirmations_fade_like_scores():
    entries = [Given(1, 9, 8 * POINT, 0), Given(2, 9, 8 * POINT, 2 * HALF_LIFE)]
    (one,) = support(faded(entries, 2 * HALF_LIFE, HALF_LIFE))
    assert (one.confirmed, one.first, one.foremost) == (10 * POINT, 0.8, (2, 1))


def test_nobody_supports_themselves():
    assert support(faded([Given(3, 3, POINT, 0)], 0, HALF_LIFE)) == []
