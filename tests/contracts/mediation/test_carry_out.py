"""Carrying out what was decided: once, by anyone, when its time has come."""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.mediation.panels import (
    ANYONE,
    ASSEMBLY,
    CARRIED,
    DISMISSED,
    DRAWING,
    GROUNDS,
    MEDIATION_REASON,
    WINDOW,
    convened,
    judged,
    shrunk,
    state_of,
    voted_on,
    window_over,
)
from tests.contracts.mediation.steps import AWARD, EVIDENCE, PENALTY, POINT, opened_case, set_parameter
from tests.contracts.membership.steps import acting_as, expel_directly
from tests.contracts.people import AGAINST, GENERAL


def earned(commune, member, points):
    """Reputation that was earned before."""
    sender = acting_as(commune.timelock)
    commune.reputation.award(member, GENERAL, points * POINT, 0, EVIDENCE, 0, sender)


def test_a_penalty_is_carried_out_after_its_window(commune, panels, decided):
    earned(commune, 2, 20)
    until = panels.panelOf(decided)["appealUntil"]
    with reverts(error("CasePanelsTooEarly", decided, until + 1)):
        panels.carryOut(decided, ANYONE.tx)
    window_over(commune, decided)
    tx = panels.carryOut(decided, ANYONE.tx)
    lost = tx.events["Penalised"]
    assert (lost["memberId"], lost["topic"], lost["amount"]) == (2, GENERAL, 5 * POINT)
    assert (lost["reason"], lost["evidence"]) == (MEDIATION_REASON, EVIDENCE)
    assert (tx.events["DecisionCarried"]["extent"], tx.events["DecisionCarried"]["amount"]) == (2, 5 * POINT)
    assert state_of(commune, decided) == CARRIED


def test_nothing_is_carried_out_twice(commune, panels, decided):
    window_over(commune, decided)
    panels.carryOut(decided, ANYONE.tx)
    with reverts(error("CasePanelsWrongState", decided, CARRIED)):
        panels.carryOut(decided, ANYONE.tx)


def test_nothing_is_carried_out_before_it_is_decided(panels, drawing):
    with reverts(error("CasePanelsWrongState", drawing, DRAWING)):
        panels.carryOut(drawing, ANYONE.tx)
    with reverts(error("CasePanelsUnknown", 99)):
        panels.carryOut(99, ANYONE.tx)


def test_nobody_loses_more_than_they_have(commune, panels, decided):
    window_over(commune, decided)
    earned(commune, 2, 1)
    tx = panels.carryOut(decided, ANYONE.tx)
    assert tx.events["Penalised"]["requested"] == 5 * POINT
    assert POINT * 99 // 100 < tx.events["DecisionCarried"]["amount"] <= POINT
    assert commune.reputation.score(2, GENERAL) == 0


def test_who_left_or_was_expelled_loses_all_the_same(commune, panels, decided):
    earned(commune, 2, 20)
    expel_directly(commune, 2)
    window_over(commune, decided)
    assert panels.carryOut(decided, ANYONE.tx).events["DecisionCarried"]["amount"] == 5 * POINT


def test_the_least_amount_is_never_nothing(commune, panels, many, alice):
    """A quarter of a millionth of a point is rounded up."""
    tx = commune.mediation.open([2], GENERAL, (PENALTY, 2, 1), EVIDENCE, alice.tx)
    case = tx.events["CaseOpened"]["caseId"]
    judged(commune, case, 1, 1, 1, 1, 1)
    window_over(commune, case)
    earned(commune, 2, 1)
    assert panels.carryOut(case, ANYONE.tx).events["DecisionCarried"]["amount"] == 1


@pytest.mark.parametrize(("has", "moves"), [(50, 10), (4, 4), (0, 0)])
def test_an_award_is_what_the_other_loses(commune, panels, many, alice, bob, has, moves):
    """Nothing is created: friends gain nothing by awarding one another."""
    case = opened_case(commune, alice, bob, kind=AWARD)
    judged(commune, case, 4, 4, 4, 4, 4)
    window_over(commune, case)
    if has:
        earned(commune, 2, has)
    tx = panels.carryOut(case, ANYONE.tx)
    lost = tx.events["DecisionCarried"]["amount"]
    assert round(lost / POINT, 2) == moves
    assert commune.reputation.score(1, GENERAL) == lost
    assert ("Awarded" in tx.events) == bool(moves)


def test_a_claimant_who_left_gains_nothing(commune, panels, many, alice, bob):
    case = opened_case(commune, alice, bob, kind=AWARD)
    judged(commune, case, 4, 4, 4, 4, 4)
    commune.membership.leave(alice.tx)
    window_over(commune, case)
    earned(commune, 2, 50)
    tx = panels.carryOut(case, ANYONE.tx)
    assert (tx.events["Penalised"]["amount"], tx.events["Awarded"]["amount"]) == (10 * POINT, 0)


def test_a_dismissed_case_is_closed_after_its_window(commune, panels, dismissed):
    with reverts(error("CasePanelsTooEarly", dismissed, panels.panelOf(dismissed)["appealUntil"] + 1)):
        panels.carryOut(dismissed, ANYONE.tx)
    window_over(commune, dismissed)
    tx = panels.carryOut(dismissed, ANYONE.tx)
    assert tx.events["CaseDismissed"]["caseId"] == dismissed
    assert "Penalised" not in tx.events
    assert state_of(commune, dismissed) == DISMISSED


def test_a_window_stays_as_it_was_when_the_panel_decided(commune, panels, decided):
    until = panels.panelOf(decided)["appealUntil"]
    set_parameter(commune, "panel.appeal", 3 * WINDOW)
    assert panels.panelOf(decided)["appealUntil"] == until
    window_over(commune, decided)
    panels.carryOut(decided, ANYONE.tx)


@pytest.fixture
def asked(commune, many, alice, bob):
    """A case in what is left of the commune when eleven of the sixteen have gone: put to the assembly."""
    shrunk(commune, 5)
    case = opened_case(commune, alice, bob)
    convened(commune, case)
    assert state_of(commune, case) == ASSEMBLY
    return case


def test_what_the_assembly_does_not_grant_is_dismissed(commune, panels, asked, carol, dave, erin):
    with reverts(error("CasePanelsWrongState", asked, ASSEMBLY)):
        panels.carryOut(asked, ANYONE.tx)
    voted_on(commune, asked, [carol, dave, erin], AGAINST)
    assert state_of(commune, asked) == ASSEMBLY
    panels.carryOut(asked, ANYONE.tx)
    assert state_of(commune, asked) == DISMISSED


def test_what_the_assembly_was_asked_is_not_appealed(commune, panels, asked, alice):
    with reverts(error("CasePanelsWrongState", asked, ASSEMBLY)):
        panels.appeal(asked, GROUNDS, alice.tx)
