"""Ballots as words: four bits of votes for each option."""

from __future__ import annotations

import pytest

from backend.polls import BallotInvalid, cost_of, votes_of, word_of


def test_a_word_holds_the_votes_of_each_option():
    word = word_of({0: 5, 2: 2, 59: 15}, 60)
    votes = votes_of(word, 60)
    assert (votes[0], votes[1], votes[2], votes[59]) == (5, 0, 2, 15)
    assert cost_of(votes) == 25 + 4 + 225
    assert word_of({}, 2) == 0
    assert word_of({1: 1}, 2) == 0x10


@pytest.mark.parametrize(("word", "options"), [(1 << 8, 2), (-1, 2), (1 << 240, 60), (1 << 256, 60)])
def test_a_bit_beyond_the_options_is_no_vote(word, options):
    with pytest.raises(BallotInvalid):
        votes_of(word, options)


@pytest.mark.parametrize("votes", [{2: 1}, {-1: 1}, {0: 16}, {0: -1}])
def test_votes_that_no_word_can_hold_are_refused(votes):
    with pytest.raises(BallotInvalid):
        word_of(votes, 2)
