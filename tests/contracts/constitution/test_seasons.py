"""Seasons: counted from the founding, and as long as the commune decides for those to come."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.people import DAY

LENGTH = communes.bytes32("season.length")


@pytest.fixture(scope="module")
def start(constitution):
    return constitution.constitutedAt()


def test_the_first_season_starts_with_the_commune(constitution, start):
    assert constitution.currentSeason() == 1
    assert constitution.seasonBounds(1) == (start, 90 * DAY)
    assert constitution.seasonAt(start) == 1


def test_a_season_ends_to_the_second(constitution, start):
    assert constitution.seasonAt(start + 90 * DAY - 1) == 1
    assert constitution.seasonAt(start + 90 * DAY) == 2
    mine_at(start + 90 * DAY - 1)
    assert constitution.currentSeason() == 1
    mine_at(start + 90 * DAY)
    assert constitution.currentSeason() == 2


def test_there_is_no_season_before_the_commune(constitution, start):
    with reverts("ConstitutionNotConstituted: "):
        constitution.seasonAt(start - 1)
    with reverts(error("ConstitutionUnknownSeason", 0)):
        constitution.seasonBounds(0)


def test_a_new_length_holds_from_the_next_season(constitution, timelock, start):
    tx = constitution.setParameter(LENGTH, 30 * DAY, timelock)
    assert tx.events["SeasonLengthSet"] == {
        "firstSeason": 2,
        "start": start + 90 * DAY,
        "length": 30 * DAY,
    }
    assert constitution.seasonBounds(1) == (start, 90 * DAY)
    assert constitution.seasonBounds(2) == (start + 90 * DAY, 30 * DAY)
    assert constitution.seasonBounds(3) == (start + 120 * DAY, 30 * DAY)
    assert constitution.seasonAt(start + 119 * DAY) == 2


def test_a_second_change_in_a_season_replaces_the_first(constitution, timelock, start):
    constitution.setParameter(LENGTH, 30 * DAY, timelock)
    constitution.setParameter(LENGTH, 60 * DAY, timelock)
    assert constitution.seasonBounds(2) == (start + 90 * DAY, 60 * DAY)
    assert constitution.seasonBounds(3) == (start + 150 * DAY, 60 * DAY)
    constitution.setParameter(LENGTH, 90 * DAY, timelock)
    assert constitution.seasonBounds(3) == (start + 180 * DAY, 90 * DAY)


def test_seasons_passed_keep_their_bounds(constitution, timelock, start):
    constitution.setParameter(LENGTH, 30 * DAY, timelock)
    mine_at(start + 100 * DAY)
    assert constitution.currentSeason() == 2
    constitution.setParameter(LENGTH, 60 * DAY, timelock)
    mine_at(start + 121 * DAY)
    assert constitution.currentSeason() == 3
    bounds = [constitution.seasonBounds(season) for season in (1, 2, 3, 4)]
    assert bounds == [
        (start, 90 * DAY),
        (start + 90 * DAY, 30 * DAY),
        (start + 120 * DAY, 60 * DAY),
        (start + 180 * DAY, 60 * DAY),
    ]
    for season, (begins, length) in enumerate(bounds, 1):
        assert constitution.seasonAt(begins) == season
        assert constitution.seasonAt(begins + length - 1) == season
