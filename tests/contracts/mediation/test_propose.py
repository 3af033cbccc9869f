"""The mediator proposes; what is signed is what was proposed last."""

from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.mediation.steps import (
    ACCEPTING,
    MEDIATING,
    NOTHING,
    OTHER_OUTCOME,
    OUTCOME,
    begun,
    opened_case,
    past,
    signed_by,
    state_of,
)
from tests.contracts.people import joined


def test_a_mediator_proposes_an_outcome(mediation, case, helping):
    tx = mediation.propose(case, OUTCOME, helping.tx)
    assert tx.events["OutcomeProposed"]["outcome"] == OUTCOME
    assert mediation.caseOf(case)["outcome"] == OUTCOME


def test_only_the_mediator_proposes(mediation, case, helping, alice, stranger):
    for who in (alice, stranger):
        with reverts(error("MediationNotMediator", case, who)):
            mediation.propose(case, OUTCOME, who.tx)


def test_a_mediator_who_is_gone_proposes_nothing(commune, mediation, case, helping):
    commune.membership.leave(helping.tx)
    with reverts(error("MediationNotMediator", case, helping)):
        mediation.propose(case, OUTCOME, helping.tx)


def test_a_mediator_who_came_to_vouch_for_a_party_proposes_nothing(commune, mediation, newcomer, alice, bob):
    """The party left, and returned by the word of who mediates."""
    joined(commune, newcomer, (alice, bob))
    case = opened_case(commune, newcomer, alice)
    mediator = begun(commune, case, alice)
    commune.membership.leave(newcomer.tx)
    joined(commune, newcomer, (mediator, bob))
    with reverts(error("MediationNotMediator", case, mediator)):
        mediation.propose(case, OUTCOME, mediator.tx)


def test_an_outcome_has_a_text_and_comes_in_time(mediation, case, helping):
    with reverts(error("MediationEmptyHash")):
        mediation.propose(case, NOTHING, helping.tx)
    until = mediation.caseOf(case)["until"]
    past(until)
    with reverts(error("MediationTooLate", case, until)):
        mediation.propose(case, OUTCOME, helping.tx)


def test_nothing_is_proposed_before_all_accepted(mediation, case, mediator):
    with reverts(error("MediationWrongState", case, ACCEPTING)):
        mediation.propose(case, OUTCOME, mediator.tx)


def test_what_was_signed_before_counts_no_more(commune, mediation, case, helping, alice, bob):
    mediation.propose(case, OUTCOME, helping.tx)
    signed_by(commune, case, alice)
    mediation.propose(case, OTHER_OUTCOME, helping.tx)
    assert not mediation.hasAnswered(case, 1)
    signed_by(commune, case, bob, outcome=OTHER_OUTCOME)
    assert state_of(commune, case) == MEDIATING


def test_an_outcome_replaced_while_somebody_signs_is_not_signed(mediation, case, helping, alice):
    mediation.propose(case, OUTCOME, helping.tx)
    mediation.propose(case, OTHER_OUTCOME, helping.tx)
    with reverts(error("MediationOtherOutcome", case, bytes.fromhex(OTHER_OUTCOME[2:]))):
        mediation.sign(case, OUTCOME, alice.tx)
