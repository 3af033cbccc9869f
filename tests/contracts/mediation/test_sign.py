"""Signing: an outcome is agreed when every party has, and the mediator earns what the parties confirm."""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.mediation.steps import (
    EVIDENCE,
    MEDIATING,
    NOTHING,
    OUTCOME,
    POINT,
    REWARD,
    SETTLED,
    begun,
    opened_case,
    past,
    set_parameter,
    signed_by,
    state_of,
)
from tests.contracts.membership.steps import acting_as, expel_directly
from tests.contracts.people import FOOD, GENERAL, member_id

MEDIATION_REASON = 5


@pytest.fixture
def proposed(mediation, case, helping):
    """The mediator of a case with a proposed outcome."""
    mediation.propose(case, OUTCOME, helping.tx)
    return helping


def test_the_last_signature_settles_the_case(commune, mediation, case, proposed, alice, bob):
    signed_by(commune, case, bob)
    assert (state_of(commune, case), mediation.hasAnswered(case, 2)) == (MEDIATING, True)
    tx = mediation.sign(case, OUTCOME, alice.tx)
    assert tx.events["OutcomeSigned"]["memberId"] == 1
    assert tx.events["CaseSettled"]["outcome"] == OUTCOME
    assert state_of(commune, case) == SETTLED


def test_the_mediator_earns_what_each_party_confirms(commune, mediation, case, proposed, alice, bob):
    signed_by(commune, case, alice)
    tx = mediation.sign(case, OUTCOME, bob.tx)
    awarded = [
        (e["memberId"], e["topic"], e["confirmer"], e["amount"], e["reason"], e["evidence"])
        for e in tx.events["Awarded"]
    ]
    mediator = member_id(commune, proposed)
    assert awarded == [(mediator, GENERAL, party, REWARD // 2, MEDIATION_REASON, OUTCOME) for party in (1, 2)]
    assert commune.reputation.score(mediator, GENERAL) == REWARD


def test_nobody_signs_twice_for_two(commune, mediation, case, proposed, alice):
    signed_by(commune, case, alice)
    with reverts(error("MediationAnsweredTwice", case, 1)):
        mediation.sign(case, OUTCOME, alice.tx)


def test_the_mediator_and_others_sign_nothing(mediation, case, proposed, stranger):
    for who in (proposed, stranger):
        with reverts(error("MediationNotParty", case, who)):
            mediation.sign(case, OUTCOME, who.tx)


def test_nothing_is_signed_before_it_is_proposed(mediation, case, helping, alice):
    with reverts(error("MediationOtherOutcome", case, NOTHING)):
        mediation.sign(case, NOTHING, alice.tx)


def test_nobody_signs_too_late(mediation, case, proposed, alice):
    until = mediation.caseOf(case)["until"]
    past(until)
    with reverts(error("MediationTooLate", case, until)):
        mediation.sign(case, OUTCOME, alice.tx)


def test_a_settled_case_is_over(mediation, case, proposed, commune, alice, bob):
    signed_by(commune, case, alice, bob)
    for call in (mediation.withdraw, mediation.accept, mediation.decline, mediation.moveOn):
        with reverts(error("MediationWrongState", case, SETTLED)):
            call(case, alice.tx)
    with reverts(error("MediationWrongState", case, SETTLED)):
        mediation.giveEvidence(case, EVIDENCE, alice.tx)


def test_a_party_who_left_signs_and_gives_nothing(commune, mediation, case, proposed, alice, bob):
    """The mediator gets the other part only."""
    expel_directly(commune, 2)
    signed_by(commune, case, bob, alice)
    assert state_of(commune, case) == SETTLED
    assert commune.reputation.score(member_id(commune, proposed), GENERAL) == REWARD // 2


def test_of_a_used_up_budget_only_the_rest_is_given(commune, mediation, alice, bob):
    case = opened_case(commune, alice, bob, topic=FOOD)
    mediator = begun(commune, case, alice)
    mediation.propose(case, OUTCOME, mediator.tx)
    left = commune.reputation.confirmationLeft(1)
    sender, other = acting_as(commune.timelock), member_id(commune, bob)
    commune.reputation.award(other, FOOD, left - POINT // 4, 0, EVIDENCE, 1, sender)
    commune.reputation.award(other, FOOD, commune.reputation.confirmationLeft(1), 0, EVIDENCE, 0, sender)
    signed_by(commune, case, bob, alice)
    assert commune.reputation.score(member_id(commune, mediator), FOOD) == REWARD // 2 + POINT // 4
    assert commune.reputation.confirmationLeft(1) == 0


def test_a_second_mediation_by_the_same_is_worth_less(commune, mediation, carol, dave, erin, alice, bob):
    """Everybody else is a party, so that Erin mediates twice."""
    first = opened_case(commune, alice, bob, carol, dave)
    second = opened_case(commune, alice, bob, carol, dave)
    scores = []
    for case in (first, second):
        assert begun(commune, case, alice) == erin
        mediation.propose(case, OUTCOME, erin.tx)
        before = commune.reputation.score(5, GENERAL)
        signed_by(commune, case, alice, bob, carol, dave)
        scores.append(round((commune.reputation.score(5, GENERAL) - before) / POINT, 2))
    assert scores == [2, 1]


def test_nothing_is_earned_where_nothing_is_promised(commune, mediation, case, proposed, alice, bob):
    set_parameter(commune, "mediation.reward", 0)
    signed_by(commune, case, alice)
    tx = mediation.sign(case, OUTCOME, bob.tx)
    assert "Awarded" not in tx.events
