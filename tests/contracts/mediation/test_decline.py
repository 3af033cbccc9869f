"""Declining: two mediators are drawn at most."""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.mediation.steps import DRAWING, FAILED, mediator_asked, state_of
from tests.contracts.people import member_id


@pytest.mark.parametrize("party", [True, False], ids=["a party", "the mediator"])
def test_another_one_is_drawn(commune, mediation, case, mediator, bob, party):
    who = bob if party else mediator
    tx = mediation.decline(case, who.tx)
    assert tx.events["MediatorDeclined"]["memberId"] == member_id(commune, who)
    assert tx.events["MediatorWanted"]["drawId"] == mediation.caseOf(case)["drawId"]
    assert state_of(commune, case) == DRAWING


def test_two_are_drawn_at_most(commune, mediation, case, mediator, bob):
    mediation.decline(case, bob.tx)
    mediator_asked(commune, case, bob)
    tx = mediation.decline(case, bob.tx)
    assert tx.events["MediationFailed"]["caseId"] == case
    assert "MediatorWanted" not in tx.events
    assert state_of(commune, case) == FAILED
    with reverts(error("MediationWrongState", case, FAILED)):
        mediation.decline(case, bob.tx)


def test_who_had_accepted_one_has_not_accepted_the_next(commune, mediation, case, mediator, alice, bob):
    mediation.accept(case, alice.tx)
    mediation.decline(case, bob.tx)
    assert not mediation.hasAnswered(case, 1)
    mediator_asked(commune, case, bob)
    assert not mediation.hasAnswered(case, 1)
    mediation.accept(case, alice.tx)


def test_once_all_had_accepted_there_is_no_other(commune, mediation, case, helping, bob):
    mediation.decline(case, bob.tx)
    assert state_of(commune, case) == FAILED


def test_a_mediator_gives_up_what_they_began(commune, mediation, case, helping):
    mediation.decline(case, helping.tx)
    assert state_of(commune, case) == FAILED


def test_others_have_nothing_to_decline(mediation, case, mediator, stranger):
    with reverts(error("MediationNotParty", case, stranger)):
        mediation.decline(case, stranger.tx)


def test_nobody_declines_before_somebody_is_drawn(mediation, case, bob):
    with reverts(error("MediationWrongState", case, DRAWING)):
        mediation.decline(case, bob.tx)
