"""What quorums are shares of."""

from tests.contracts.clock import advance, now
from tests.contracts.membership.steps import acting_as, admit_directly, fall_silent, to_season
from tests.contracts.people import person


def test_it_is_the_active_members_in_a_commune_that_grows(membership, commune):
    assert membership.quorumBase(now() - 1) == 5
    admit_directly(commune, person(30), person(31))
    advance(10)
    assert membership.quorumBase(now() - 1) == 7


def test_wave_of_dormancy_does_not_hand_the_commune_to_the_few_awake(membership, commune):
    """Half of the five there were, rounded up, though one alone is awake."""
    fall_silent(commune, 1, 2, 3, 4)
    advance(10)
    assert membership.activeCount() == 1
    assert membership.quorumBase(now() - 1) == 3


def test_departures_count_for_five_seasons(membership, commune, alice, bob, carol, dave):
    for member in (alice, bob, carol, dave):
        membership.leave(member.tx)
    for season in (2, 3, 4, 5):
        to_season(commune, season)
        assert membership.quorumBase(now() - 1) == 3
    to_season(commune, 6)
    assert membership.quorumBase(now() - 1) == 1


def test_season_without_changes_is_as_high_as_it_began(membership, commune, alice, bob, carol, dave):
    """Nobody came or went in seasons 2 to 4; what they were as many as must not be forgotten."""
    to_season(commune, 4)
    for member in (alice, bob, carol, dave):
        membership.leave(member.tx)
    to_season(commune, 8)
    assert membership.quorumBase(now() - 1) == 3
    to_season(commune, 9)
    assert membership.quorumBase(now() - 1) == 1


def test_highest_count_of_a_season_is_not_its_last(membership, commune, newcomer, alice, bob):
    admit_directly(commune, newcomer, person(30))
    for member in (newcomer, person(30), alice, bob):
        membership.leave(member.tx)
    advance(10)
    assert membership.activeCount() == 3
    assert membership.quorumBase(now() - 1) == 4


def test_long_silence_does_not_overflow_the_seasons(membership, commune, alice):
    to_season(commune, 12)
    membership.leave(alice.tx)
    advance(10)
    assert membership.quorumBase(now() - 1) == 4
    membership.setDormant(2, acting_as(commune.presence))
    membership.setDormant(3, acting_as(commune.presence))
    advance(10)
    assert membership.quorumBase(now() - 1) == 3
