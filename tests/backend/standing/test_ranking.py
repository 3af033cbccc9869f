"""How members rank as seen by one of them."""

from __future__ import annotations

import pytest

from backend.standing import ALPHA, BETA, BRIDGE, WALKS, Confirmations, Given, faded, ranking
from tests.backend.standing.graphs import POINT, everybody_each_other, honest


def graph(*entries: Given) -> Confirmations:
    return faded(entries, 0, 1_000)


def chance_to_visit(confirmations: Confirmations, viewer: int, member: int) -> float:
    """Exactly, by iteration: from y, (1 - alpha) * sum of p(y, z) * (1 if z is the member, else from z)."""
    from_: dict[int, float] = {}
    for _ in range(400):
        from_ = {
            y: (1 - ALPHA)
            * sum(w * (1.0 if z == member else from_.get(z, 0.0)) for z, w in given.items())
            / sum(given.values())
            for y, given in confirmations.items()
        }
    return from_.get(viewer, 0.0)


def test_visits_are_as_likely_as_the_formula_says():
    known = graph(*honest(12, 60, seed=1))
    seen = {one.member_id: one for one in ranking(known, 1).seen}
    for member in range(2, 13):
        exact = chance_to_visit(known, 1, member)
        # Five times the standard deviation of a share of so many walks.
        assert seen[member].visits / WALKS == pytest.approx(exact, abs=5 * (0.25 / WALKS) ** 0.5)


def test_a_ring_that_nobody_confirmed_is_not_seen_at_all():
    found = ranking(graph(*honest(40, 800, 2), *everybody_each_other(range(41, 61), 100)), 1)
    assert {one.member_id for one in found.seen} <= set(range(1, 41))


def test_fakes_behind_one_accomplice_get_little_however_many_they_are():
    def behind(fakes: int) -> tuple[float, float]:
        farm = [Given(7, fake, 10 * POINT, 0) for fake in range(101, 101 + fakes)]
        ring = everybody_each_other(range(101, 101 + fakes), 50)
        seen = ranking(graph(*honest(40, 800, 3), *farm, *ring), 1).seen
        assert all(one.bridge == 7 for one in seen if one.member_id > 100)
        own = sum(one.score for one in seen if one.member_id > 100)
        return own, max(one.score for one in seen if one.member_id > 100)

    few, most_of_few = behind(5)
    many, most_of_many = behind(60)
    accomplice = next(one.score for one in ranking(graph(*honest(40, 800, 3)), 1).seen if one.member_id == 7)
    assert most_of_few < accomplice
    assert most_of_many < most_of_few
    # What came by there, at most all steps that are left to a walk, with the bridge's decay.
    assert max(few, many) < accomplice * (1 - BETA) / ALPHA


def test_who_is_confirmed_by_several_ways_is_behind_no_bridge():
    known = graph(
        Given(1, 2, POINT, 0),
        Given(1, 3, POINT, 0),
        Given(2, 4, POINT, 0),
        Given(3, 4, POINT, 0),
        Given(2, 5, POINT, 0),
    )
    seen = {one.member_id: one for one in ranking(known, 1).seen}
    assert seen[4].bridge is None
    assert seen[5].bridge == 2
    assert seen[5].score == pytest.approx(seen[5].visits / WALKS * (1 - BETA))
    assert seen[2].bridge is None
    assert 0.5 < BRIDGE < 1


def test_the_same_seed_gives_the_same_ranking_and_another_nearly_the_same():
    known = graph(*honest(30, 500, 4))
    assert ranking(known, 1, seed=5) == ranking(known, 1, seed=5)
    one, other = (
        {seen.member_id: seen.score for seen in ranking(known, 1, seed=seed).seen} for seed in (5, 6)
    )
    assert one != other
    assert all(abs(one[member] - other[member]) < 0.05 for member in one)


def test_the_view_is_each_ones_own_and_begins_with_their_confirmations():
    known = graph(Given(1, 2, POINT, 0), Given(3, 4, POINT, 0))
    assert [one.member_id for one in ranking(known, 1).seen] == [2]
    assert [one.member_id for one in ranking(known, 3).seen] == [4]
    assert ranking(known, 2).seen == ()
    assert ranking({}, 1).seen == ()
