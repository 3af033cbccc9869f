"""Chains, cycles and their ends, on graphs small enough to read and on random ones."""

from __future__ import annotations

import random

import pytest

from backend.delegation import MAX_HOPS, Chain, chain_of, chains, cycles, path


def line(length: int) -> dict[int, int]:
    """1 names 2, 2 names 3, ..., `length` names `length` + 1, who names nobody."""
    return {member: member + 1 for member in range(1, length + 1)}


def test_a_chain_leads_to_who_names_nobody():
    assert chains({1: 2, 2: 3}) == {1: Chain(3, 2), 2: Chain(3, 1)}


def test_a_chain_ends_at_the_first_who_voted_although_they_delegate_too():
    assert chains({1: 2, 2: 3, 3: 4}, stops={2, 4})[1] == Chain(2, 1)


def test_who_voted_is_not_the_end_of_their_own_chain():
    assert chains({1: 2, 2: 3}, stops={1, 3})[1] == Chain(3, 2)


def test_a_chain_of_eight_hops_counts_and_one_of_nine_does_not():
    found = chains(line(MAX_HOPS + 1))
    assert found[2] == Chain(MAX_HOPS + 2, MAX_HOPS)
    assert found[1] == Chain(0, 0, "ChainTooLong")


@pytest.mark.parametrize("length", [2, 3, MAX_HOPS])
def test_a_ring_leads_nowhere(length):
    ring = line(length - 1) | {length: 1}
    assert {chain.problem for chain in chains(ring).values()} == {"Cycle"}
    assert cycles(ring) == [list(range(1, length + 1))]


def test_a_ring_dissolves_once_somebody_in_it_votes():
    assert chains({1: 2, 2: 3, 3: 1}, stops={3}) == {1: Chain(3, 2), 2: Chain(3, 1), 3: Chain(3, 3)}


def test_a_tail_into_a_ring_leads_nowhere_either():
    assert chains({9: 1, 1: 2, 2: 1})[9].problem == "Cycle"


def test_cycles_are_told_once_each_with_their_smallest_member_first():
    assert cycles({5: 4, 4: 5, 9: 5, 3: 1, 1: 2, 2: 3, 7: 8}) == [[1, 2, 3], [4, 5]]


def test_a_path_names_everybody_on_the_way_and_stops_where_it_repeats_itself():
    delegates = {1: 2, 2: 3, 3: 2}
    assert path(lambda member: delegates.get(member, 0), 1) == [2, 3, 2]
    assert path(lambda member: 0, 1) == []


@pytest.mark.parametrize("seed", range(30))
def test_one_chain_by_itself_is_what_it_is_among_all(seed):
    chance = random.Random(seed)
    members = range(1, chance.choice([3, 12, 60]))
    delegates = {m: d for m in members if chance.random() < 0.9 and (d := chance.choice(members)) != m}
    stops = {member for member in members if chance.random() < 0.2}
    found = chains(delegates, stops)
    assert set(found) == set(delegates)
    for member in members:
        alone = chain_of(lambda known: delegates.get(known, 0), member, stops)
        assert (alone and alone.end, alone and alone.problem) == (
            found.get(member) and found[member].end,
            found.get(member) and found[member].problem,
        )
        assert chains(delegates, stops, [member]) == ({member: found[member]} if member in delegates else {})


def test_a_line_of_100_000_needs_no_deep_recursion():
    found = chains(line(100_000))
    assert sum(chain.problem is None for chain in found.values()) == MAX_HOPS
