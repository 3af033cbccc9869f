"""`Elections.open`: whenever a seat is or falls vacant, one election for an office at a time."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import mine_at, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.offices.steps import (
    DRAW,
    STANDING,
    TERM,
    UNFILLED,
    appointed,
    created,
    opened_election,
    seated,
    started,
)
from tests.contracts.people import DAY


def test_any_member_opens_an_election_for_a_vacant_seat(commune, offices, newcomer):
    admit_directly(commune, newcomer)
    office = created(commune, filling=DRAW)
    tx = commune.elections.open(office, newcomer.tx)
    election = tx.events["ElectionOpened"]["electionId"]
    until = tx.timestamp + 7 * DAY
    assert tx.events["ElectionOpened"] == {
        "electionId": election,
        "officeId": office,
        "from": tx.timestamp,
        "standUntil": until,
    }
    assert commune.elections.election(election) == (office, STANDING, DRAW, until, tx.timestamp, 0, 0, 0)
    assert commune.elections.runningOf(office) == election == commune.elections.electionCount()


def test_an_election_opens_thirty_days_before_a_seat_falls_vacant(commune, offices, held, bob):
    end = offices.tenure(offices.lastTenureOf(held, 1))["until"]
    for t in (now() + 10 * DAY, end - 30 * DAY - 100):
        mine_at(t)
        with reverts(error("ElectionsNoVacancy", held)):
            commune.elections.open(held, bob.tx)
    mine_at(end - 30 * DAY)
    tx = commune.elections.open(held, bob.tx)
    assert tx.events["ElectionOpened"]["from"] == end


def test_nobody_is_elected_for_the_tenure_after_next(commune, offices, bob, carol):
    """With terms of a week, and thirty days of lead."""
    office = created(commune, term=7 * DAY)
    end = offices.tenure(seated(commune, office, bob))["until"]
    next_end = appointed(commune, office, carol, end).events["TenureGiven"]["until"]
    with reverts(error("ElectionsNoVacancy", office)):
        commune.elections.open(office, bob.tx)
    mine_at(next_end - 7 * DAY)
    assert commune.elections.open(office, bob.tx).events["ElectionOpened"]["from"] == next_end


def test_a_gap_that_closes_while_members_stand_opens_no_election(commune, offices, alice, bob, carol):
    """One seat is free for five days; the other one falls vacant after ten, and is not kept waiting."""
    two = created(commune, seats=2)
    end = offices.tenure(seated(commune, two, alice))["until"]
    mine_at(now() + 5 * DAY)
    later = offices.tenure(seated(commune, two, bob))["until"]
    mine_at(end - 10 * DAY)
    appointed(commune, two, carol, end)
    mine_at(end - 5 * DAY)
    offices.resign(two, alice.tx)
    with reverts(error("ElectionsNoVacancy", two)):
        commune.elections.open(two, alice.tx)
    mine_at(end)
    assert commune.elections.open(two, alice.tx).events["ElectionOpened"]["from"] == later


def test_one_election_for_an_office_runs_at_a_time(commune, contested, bob):
    office, election = contested
    with reverts(error("ElectionsRunning", office, election)):
        commune.elections.open(office, bob.tx)
    opened_election(commune, created(commune), bob)
    started(commune, election, bob)
    assert commune.elections.election(election)["stage"] == UNFILLED
    assert commune.elections.runningOf(office) == 0
    opened_election(commune, office, bob)


def test_strangers_and_those_who_are_gone_open_none(commune, clerk, erin, stranger):
    with reverts(error("MembershipNotMember", stranger)):
        commune.elections.open(clerk, stranger.tx)
    commune.membership.setDormant(5, acting_as(commune.presence))
    with reverts(error("MembershipNotActive", 5, 2)):
        commune.elections.open(clerk, erin.tx)


def test_there_is_no_election_without_an_office(commune, offices, clerk, timelock, bob):
    for unknown in (0, 9):
        with reverts(error("OfficesUnknown", unknown)):
            commune.elections.open(unknown, bob.tx)
    offices.abolish(clerk, timelock)
    with reverts(error("ElectionsNoVacancy", clerk)):
        commune.elections.open(clerk, bob.tx)


def test_the_lead_is_the_constitutions(commune, offices, held, timelock, bob):
    commune.constitution.setParameter(communes.bytes32("office.lead"), 10 * DAY, timelock)
    end = offices.tenure(offices.lastTenureOf(held, 1))["until"]
    assert end - now() <= TERM
    mine_at(end - 10 * DAY - 100)
    with reverts(error("ElectionsNoVacancy", held)):
        commune.elections.open(held, bob.tx)
    mine_at(end - 10 * DAY)
    opened_election(commune, held, bob)


@pytest.mark.parametrize("election", [0, 99])
def test_an_election_there_is_not_does_nothing(commune, bob, election):
    elections, unknown = commune.elections, error("ElectionsUnknown", election)
    for act in (
        lambda: elections.stand(election, b"\0" * 32, b"\0" * 32, bob.tx),
        lambda: elections.withdraw(election, bob.tx),
        lambda: elections.start(election, bob.tx),
        lambda: elections.fill(election, bob.tx),
        lambda: elections.election(election),
    ):
        with reverts(unknown):
            act()
