"""Whose ballot is followed, and how many votes are paid for. On a real chain: tests/backend/keeper."""

from __future__ import annotations

import random
from itertools import product

import pytest

from backend.delegation import (
    FOLLOW_PROBLEMS,
    LATE,
    MAX_HOPS,
    Outcome,
    afforded_ballot,
    afforded_votes,
    binds_before,
    followers,
    outcome_of,
    outcomes,
)
from backend.polls import cost_of, votes_of, word_of

HOUR = 3_600
START = 1_767_225_600
DEADLINE = START + 4 * 86_400


def test_the_first_who_voted_decides():
    assert outcomes({1: 2, 2: 3, 3: 4}, {3: True, 4: True}) == {1: Outcome(3), 2: Outcome(3)}


def test_a_late_ballot_ends_the_chain_although_somebody_beyond_voted_in_time():
    assert outcomes({1: 2, 2: 3}, {2: False, 3: True}) == {1: Outcome(0, "LateBallot")}


def test_each_way_to_no_ballot_has_its_name():
    delegates = {1: 2, 2: 1, 3: 4} | {m: m + 1 for m in range(10, 10 + MAX_HOPS + 1)}
    last = 10 + MAX_HOPS + 1
    found = outcomes(delegates, {last: True, 50: True})
    assert {member: outcome.problem for member, outcome in found.items() if member < 11} == {
        1: "Cycle",
        2: "Cycle",
        3: "NoDelegate",
        10: "ChainTooLong",
    }
    assert found[11] == Outcome(last)
    assert {outcome.problem for outcome in found.values()} <= set(FOLLOW_PROBLEMS)


def test_who_voted_is_never_followed_over():
    delegates = {1: 2}
    assert outcomes(delegates, {1: True, 2: True}) == {}
    assert outcome_of(lambda member: delegates.get(member, 0), {1: False}, 1) == Outcome(0, "HasBallot")


def test_followers_are_those_who_get_a_ballot():
    assert followers({1: 2, 2: 3, 4: 5, 6: 1}, {3: True, 5: False, 6: True}) == {1: 3, 2: 3}


@pytest.mark.parametrize("seed", range(30))
def test_one_member_asked_about_alone_is_told_what_all_are(seed):
    chance = random.Random(seed)
    members = range(1, 40)
    delegates = {m: d for m in members if chance.random() < 0.9 and (d := chance.choice(members)) != m}
    direct = {member: chance.random() < 0.7 for member in members if chance.random() < 0.2}
    found = outcomes(delegates, direct)
    for member in members:
        alone = outcome_of(lambda known: delegates.get(known, 0), direct, member)
        expected = Outcome(0, "HasBallot" if member in direct else "NoDelegate")
        assert alone == found.get(member, expected)


@pytest.mark.parametrize(
    ("cast_at", "binding"),
    [
        (START + 1, True),
        (DEADLINE - LATE - 1, True),
        (DEADLINE - LATE, False),
        (DEADLINE, False),
    ],
)
def test_a_ballot_binds_if_its_hour_ended_a_day_before_the_deadline(cast_at, binding):
    assert (cast_at < binds_before(START, DEADLINE)) is binding


def test_hours_are_counted_from_the_start_of_voting_and_not_by_the_clock():
    half_past = START + HOUR // 2
    assert binds_before(half_past, DEADLINE) == DEADLINE - LATE - HOUR // 2
    assert binds_before(half_past, half_past + LATE + 2 * HOUR) == half_past + 2 * HOUR


def test_a_vote_shorter_than_a_day_binds_nobody():
    assert binds_before(START, START + LATE - 1) <= START


@pytest.mark.parametrize(
    ("votes", "most", "credits"), list(product((1, 2, 5, 31), (1, 2, 31), (0, 2, 3, 8, 960)))
)
def test_votes_are_as_many_as_the_delegate_gave_and_the_follower_can_pay(votes, most, credits):
    allowed = [n for n in range(1, 32) if n <= votes and n <= most and (n == 1 or n * n - 1 <= credits)]
    assert afforded_votes(votes, most, credits) == max(allowed)


@pytest.mark.parametrize("seed", range(20))
def test_a_polls_ballot_is_lowered_evenly_until_it_can_be_paid_for(seed):
    chance = random.Random(seed)
    votes = [chance.randint(0, 15) for _ in range(chance.randint(2, 6))]
    most, credits = chance.randint(1, 15), chance.randint(0, 60)
    word = word_of(dict(enumerate(votes)), len(votes))
    ways = [[min(given, ceiling) for given in votes] for ceiling in range(1, most + 1)]
    payable = [way for way in ways if cost_of(way) - 1 <= credits]
    found = afforded_ballot(word, len(votes), most, credits)
    assert (found is None) == (not payable)
    if found is not None:
        assert votes_of(found, len(votes)) == payable[-1]


def test_a_blank_ballot_is_followed_by_who_has_no_credits():
    assert afforded_ballot(0, 3, 2, 0) == 0


def test_one_vote_on_each_of_many_options_can_be_too_much():
    assert afforded_ballot(word_of({0: 1, 1: 1, 2: 1}, 3), 3, 2, 1) is None
