"""`lastBallotDay`: a direct ballot is a sign of life, to the day."""

import pytest

from scripts import commune as communes
from tests.contracts.people import DAY, member_id


@pytest.fixture(scope="module")
def constitution_file():
    """With the longest season there can be."""
    bounds = {name: ceiling for name, _, _, ceiling in communes.Constitution.load().parameters}
    return communes.Constitution.load(parameters={"season.length": bounds["season.length"]})


def test_a_direct_ballot_shows_its_day(commune, voice_credits, alice, bob, spend):
    at = spend(alice, 3).timestamp
    assert voice_credits.lastBallotDay(member_id(commune, alice), 1) == at // DAY * DAY
    assert voice_credits.lastBallotDay(member_id(commune, bob), 1) == 0


def test_a_free_ballot_counts_as_much(commune, voice_credits, alice, spend):
    at = spend(alice, 0).timestamp
    assert voice_credits.lastBallotDay(member_id(commune, alice), 1) == at // DAY * DAY


def test_a_followed_ballot_is_no_sign_of_life(commune, voice_credits, alice, bob, spend, go_to):
    spend(alice, 3, direct=False)
    spend(alice, 0, direct=False)
    assert voice_credits.lastBallotDay(member_id(commune, alice), 1) == 0
    at = spend(bob, 3).timestamp
    go_to(1, 0.5)
    spend(bob, 3, direct=False)
    assert voice_credits.lastBallotDay(member_id(commune, bob), 1) == at // DAY * DAY


@pytest.mark.parametrize("part", [0.2, 0.9999, 1.3])
def test_the_latest_day_counts_also_after_the_seasons_end(commune, voice_credits, alice, spend, go_to, part):
    """A vote opened in a season may end in the next: its day is kept with its own season."""
    spend(alice, 3)
    go_to(1, part)
    at = spend(alice, 5, season=1).timestamp
    assert voice_credits.lastBallotDay(member_id(commune, alice), 1) == at // DAY * DAY
    assert voice_credits.lastBallotDay(member_id(commune, alice), 2) == 0


def test_the_day_never_disturbs_the_amounts(commune, voice_credits, alice, spend, go_to):
    who = member_id(commune, alice)
    for step in range(1, 11):
        go_to(1, step / 11)
        spend(alice, 1, season=1)
        assert (voice_credits.budgetOf(who, 1), voice_credits.spentBy(who, 1)) == (100, step)
