"""Followed tallies on the chain are those of an independent model, in every order of calls."""

import pytest

from tests.contracts.clock import advance
from tests.contracts.delegation.conftest import CHAIN_TOO_LONG
from tests.contracts.delegation.graphs import Graph
from tests.contracts.delegation.liquid_democracy import Ballot, Cast, Lent, followed_ballots
from tests.contracts.membership.steps import admit_directly
from tests.contracts.people import person

# Traced, so many transactions would take hours.
pytestmark = pytest.mark.skip_coverage

DAY = 86_400
SEEDS = range(6)


@pytest.fixture(scope="module")
def crowd(commune, founders):
    """Twenty members."""
    joined = [person(index) for index in range(8, 23)]
    admit_directly(commune, *joined)
    advance(1)
    return [*founders, *joined]


@pytest.fixture(scope="module")
def seen():
    """What the graphs had, once all were looked at: ballots, and every reason for none but a long chain."""
    problems = []
    yield problems
    if len(problems) == 2 * len(SEEDS):
        assert set().union(*problems) | {CHAIN_TOO_LONG} == set(range(8))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("is_poll", [False, True], ids=["proposal", "poll"])
def test_followed_tallies_are_those_of_liquid_democracy(commune, crowd, seen, is_poll, seed):
    graph = Graph(commune, crowd, is_poll, seed)
    seen.append(graph.problems())
    expected = graph.expected()
    assert graph.foretold() == expected
    for order in range(3):
        found = graph.followed(order)
        assert found.ballots == expected
        assert found.tally == graph.tally_of(expected)


# -------------------------------------------------------------------- the model itself

LENT = {1: Lent(2, 31, 1000), 2: Lent(3, 2, 3), 3: Lent(1, 31, 1000)}
RICH = dict.fromkeys(range(1, 20), 100)


def modelled(cast, lent=LENT, credits=RICH):
    return followed_ballots(lent, cast, 4 * DAY, credits, RICH)


def test_the_model_has_no_ballots_in_a_cycle_without_a_voter():
    assert modelled({}) == {}


def test_the_model_dissolves_a_cycle_where_someone_votes():
    ballot = Ballot(1, (5,))
    assert modelled({3: Cast(ballot, 0)}) == {2: Ballot(1, (2,)), 1: ballot}


def test_the_model_lets_nobody_follow_what_came_late():
    assert modelled({3: Cast(Ballot(1, (1,)), 3 * DAY - 1)}).keys() == {1, 2}
    assert modelled({3: Cast(Ballot(1, (1,)), 3 * DAY)}) == {}


def test_the_model_ends_a_chain_after_eight_hops():
    lent = {member: Lent(member + 1, 31, 1000) for member in range(1, 12)}
    assert modelled({12: Cast(Ballot(0, (1,)), 0)}, lent).keys() == set(range(4, 12))


def test_the_model_lowers_votes_to_what_is_affordable():
    cast = {3: Cast(Ballot(1, (5, 0, 2)), 0)}
    assert modelled(cast, {1: Lent(3, 31, 1000)}, {1: 12}) == {1: Ballot(1, (3, 0, 2))}
    assert modelled(cast, {1: Lent(3, 31, 1000)}, {1: 0}) == {}
