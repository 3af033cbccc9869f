"""A claimant takes a case back, as long as no panel decides it."""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.mediation.steps import CONVENED, WITHDRAWN, begun, failed, mediator_asked, state_of
from tests.contracts.membership.steps import move_directly
from tests.contracts.people import person


@pytest.mark.parametrize("stage", [None, mediator_asked, begun, failed])
def test_a_case_is_taken_back(commune, mediation, case, alice, stage):
    if stage is failed:
        failed(commune, case)
    elif stage:
        stage(commune, case, alice)
    tx = mediation.withdraw(case, alice.tx)
    assert tx.events["CaseWithdrawn"]["caseId"] == case
    assert state_of(commune, case) == WITHDRAWN
    with reverts(error("MediationWrongState", case, WITHDRAWN)):
        mediation.withdraw(case, alice.tx)


def test_only_its_claimant_takes_it_back(mediation, case, bob, stranger):
    for who in (bob, stranger):
        with reverts(error("MediationNotClaimant", case, who)):
            mediation.withdraw(case, who.tx)


def test_a_claimant_who_left_or_has_a_new_account_does(commune, mediation, case, alice):
    move_directly(commune, 1, person(11))
    with reverts(error("MediationNotClaimant", case, alice)):
        mediation.withdraw(case, alice.tx)
    commune.membership.leave(person(11).tx)
    mediation.withdraw(case, person(11).tx)


def test_not_once_a_panel_was_convened(commune, mediation, case, alice, convened):
    convened(case)
    with reverts(error("MediationWrongState", case, CONVENED)):
        mediation.withdraw(case, alice.tx)


def test_what_is_taken_back_is_not_given_back_in_cases(mediation, case, alice):
    mediation.withdraw(case, alice.tx)
    assert mediation.casesLeft(1) == 1
