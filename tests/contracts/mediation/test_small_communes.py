"""Small communes, and such as have few out of probation: three decide instead of five, or the assembly."""

import pytest

from tests.contracts.mediation.panels import (
    ANYONE,
    ASSEMBLY,
    COMMITTING,
    DRAWING,
    convened,
    draw_captured,
    grown,
    round_of,
    seated,
    state_of,
)
from tests.contracts.mediation.steps import EXPULSION, in_electorate, opened_case
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.people import founded_by, member_id, person


@pytest.mark.parametrize(
    ("members", "seats"),
    [(5, None), (6, None), (7, 3), (8, 3), (12, 3), (13, 3), (14, 5)],
)
def test_the_size_follows_from_how_many_are_eligible(commune, panels, alice, bob, members, seats):
    """All but the two parties."""
    grown(commune, members)
    case = opened_case(commune, alice, bob)
    tx = convened(commune, case)
    if seats is None:
        assert "PanelOpened" not in tx.events
        assert state_of(commune, case) == ASSEMBLY
        assert (panels.panelOf(case)["seats"], round_of(commune, case)) == (0, 0)
    else:
        assert tx.events["PanelOpened"]["seats"] == seats


def test_in_a_commune_of_three_the_assembly_decides(deployer, constitution_file):
    founders = [person(n) for n in range(1, 4)]
    commune = founded_by(founders, deployer, constitution_file)
    case = opened_case(commune, *founders[:2])
    tx = convened(commune, case)
    assert state_of(commune, case) == ASSEMBLY
    asked = tx.events["AssemblyAsked"]["proposalId"]
    assert asked == tx.events["ProposalCreated"]["proposalId"] == commune.panels.panelOf(case)["proposalId"]


def test_where_everybody_is_a_party_the_assembly_decides(commune, alice, bob, carol, dave, erin):
    case = opened_case(commune, alice, bob, carol, dave, erin)
    convened(commune, case)
    assert state_of(commune, case) == ASSEMBLY


@pytest.mark.parametrize(("members", "seats"), [(15, None), (16, 3)])
def test_nobody_names_so_many_that_their_friends_are_left_to_judge(commune, alice, members, seats):
    """Eight parties: of fifteen members fewer than half are left, of whom a few friends could be most."""
    grown(commune, members)
    tx = convened(commune, opened_case(commune, alice, *map(person, range(2, 9))))
    assert ("PanelOpened" in tx.events and tx.events["PanelOpened"]["seats"]) == (seats or False)
    assert ("AssemblyAsked" in tx.events) == (seats is None)


def test_an_expulsion_waits_for_the_hearing(commune, alice, bob):
    tx = convened(commune, opened_case(commune, alice, bob, kind=EXPULSION))
    assert tx.events["AssemblyAsked"]["proposalId"] == 0
    assert "ProposalCreated" not in tx.events


def test_who_mediated_does_not_judge(commune, panels, mediation, alice, bob):
    """Seven members, two of them parties, one the last mediator: three of the others are seated."""
    grown(commune, 7)
    case = opened_case(commune, alice, bob)
    convened(commune, case)
    assert len(seated(commune, case)) == 3
    assert mediation.caseOf(case)["mediator"] not in panels.panelistsOf(case, 1)


def test_who_joined_since_is_not_seated(commune, mediation, alice, bob):
    """Stuffed with nine after the case opened: the same five are eligible."""
    grown(commune, 7)
    case = opened_case(commune, alice, bob)
    grown(commune, 16)
    convened(commune, case)
    assert {member_id(commune, who) for who in seated(commune, case)} < {3, 4, 5, 6, 7}


def test_as_many_as_are_found_are_enough_if_they_are_three(commune, panels, mediation, alice, bob):
    """Sixteen are active, but nine on probation, two parties, and one was the last mediator."""
    grown(commune, 7)
    admit_directly(commune, *map(person, range(8, 17)))
    in_electorate(commune)
    case = opened_case(commune, alice, bob)
    assert convened(commune, case).events["PanelOpened"]["seats"] == 5
    assert len(seated(commune, case)) == panels.panelOf(case)["seats"] == 4
    assert state_of(commune, case) == COMMITTING


def test_where_fewer_than_three_are_found_the_assembly_decides(commune, panels, alice, bob):
    admit_directly(commune, *map(person, range(6, 15)))
    in_electorate(commune)
    case = opened_case(commune, alice, bob)
    assert convened(commune, case).events["PanelOpened"]["seats"] == 5
    draw_captured(commune, case)
    tx = panels.seat(case, ANYONE.tx)
    assert state_of(commune, case) == ASSEMBLY
    assert tx.events["AssemblyAsked"]["proposalId"] == panels.panelOf(case)["proposalId"] != 0


def test_looking_goes_on_where_it_stopped(commune, panels, alice, bob, carol, dave):
    for number in range(1, 71):
        commune.membership.admit(f"0x{number:040x}", acting_as(commune.admission))
    in_electorate(commune)
    case = opened_case(commune, alice, bob, carol, dave)
    convened(commune, case)
    draw_captured(commune, case)
    panels.seat(case, ANYONE.tx)
    assert (state_of(commune, case), panels.panelOf(case)["cursor"]) == (DRAWING, 64)
    panels.seat(case, ANYONE.tx)
    assert state_of(commune, case) == ASSEMBLY
