"""Nobody keeps a case waiting by silence."""

from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.mediation.steps import (
    DRAWING,
    FAILED,
    MEDIATING,
    OUTCOME,
    accepted_by,
    mediator_asked,
    past,
    signed_by,
    state_of,
)


def test_a_silent_mediator_is_replaced_by_anyone(commune, mediation, case, mediator, alice, bob, stranger):
    accepted_by(commune, case, alice, bob)
    past(mediation.caseOf(case)["until"])
    mediation.moveOn(case, stranger.tx)
    assert state_of(commune, case) == DRAWING
    assert mediator_asked(commune, case, alice) != mediator


def test_a_second_silent_mediator_is_the_last(commune, mediation, case, mediator, stranger):
    for expected in (DRAWING, FAILED):
        if state_of(commune, case) == DRAWING:
            mediator_asked(commune, case, stranger)
        past(mediation.caseOf(case)["until"])
        mediation.moveOn(case, stranger.tx)
        assert state_of(commune, case) == expected


def test_for_a_silent_party_no_other_mediator_waits(commune, mediation, case, mediator, alice, stranger):
    accepted_by(commune, case, alice, mediator)
    past(mediation.caseOf(case)["until"])
    mediation.moveOn(case, stranger.tx)
    assert state_of(commune, case) == FAILED


def test_without_an_outcome_in_time_mediation_has_failed(commune, mediation, case, helping, alice, stranger):
    mediation.propose(case, OUTCOME, helping.tx)
    signed_by(commune, case, alice)
    until = mediation.caseOf(case)["until"]
    with reverts(error("MediationTooEarly", case, until)):
        mediation.moveOn(case, stranger.tx)
    past(until)
    mediation.moveOn(case, stranger.tx)
    assert state_of(commune, case) == FAILED


def test_a_mediator_who_is_gone_is_not_waited_for(commune, mediation, case, mediator, alice, stranger):
    with reverts(error("MediationTooEarly", case, mediation.caseOf(case)["until"])):
        mediation.moveOn(case, stranger.tx)
    commune.membership.leave(mediator.tx)
    mediation.moveOn(case, stranger.tx)
    assert state_of(commune, case) == DRAWING


def test_one_who_goes_while_mediating_ends_it(commune, mediation, case, helping, stranger):
    assert state_of(commune, case) == MEDIATING
    commune.membership.leave(helping.tx)
    mediation.moveOn(case, stranger.tx)
    assert state_of(commune, case) == FAILED


def test_a_draw_is_waited_for(mediation, case, stranger):
    with reverts(error("MediationWrongState", case, DRAWING)):
        mediation.moveOn(case, stranger.tx)
