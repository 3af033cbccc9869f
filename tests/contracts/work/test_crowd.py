"""As many volunteers as there may be: every step fits into a block."""

from types import SimpleNamespace

import pytest
from brownie import reverts

from tests.contracts.clock import advance
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.people import person
from tests.contracts.work.steps import DRAW, SCORE, Brief, capture, created, holders, volunteering_over

MOST = 128
HALF_A_BLOCK = 15_000_000


@pytest.fixture(scope="module")
def everybody(commune):
    """129 members: the chain speaks for those who have none of its accounts."""
    found = [SimpleNamespace(address=f"0x{10**40 + number:040x}") for number in range(MOST + 1)]
    admit_directly(commune, *found)
    advance(1)
    return found


@pytest.fixture(scope="module")
def wanted(commune, everybody):
    """Two assignments of 16 seats, 8 of them reserved, for which 128 volunteer: by lot, and by score."""
    first = created(
        commune, *(Brief(seats=16, trial_seats=8, selection=selection) for selection in (DRAW, SCORE))
    )
    for member in everybody[:MOST]:
        for assignment in (first, first + 1):
            commune.assignments.volunteer(assignment, acting_as(member))
    return first


def test_the_129th_volunteer_is_refused(commune, assignments, everybody, wanted, alice):
    for late in (alice.tx, acting_as(everybody[MOST])):
        with reverts(error("AssignmentsVolunteersFull", wanted, MOST)):
            assignments.volunteer.call(wanted, late)
    assignments.withdraw(wanted, acting_as(everybody[0]))
    assignments.volunteer(wanted, alice.tx)


def test_every_step_has_room_for_128_volunteers(commune, assignments, everybody, wanted):
    volunteering_over(commune, wanted)
    opening = assignments.select(wanted, person(1).tx)
    capture(commune, opening.events["SelectionDrawn"]["drawId"])
    steps = [opening, *(assignments.select(assignment, person(1).tx) for assignment in (wanted, wanted + 1))]
    assert max(tx.gas_used for tx in steps) < HALF_A_BLOCK
    for assignment in (wanted, wanted + 1):
        assert len(set(holders(commune, assignment))) == 16
    first = commune.membership.memberIdOf(everybody[0].address)
    assert holders(commune, wanted + 1) == list(range(first, first + 16))
