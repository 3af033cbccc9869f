"""Accepting a mediator, and the task."""

from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.mediation.steps import (
    ACCEPTING,
    MEDIATING,
    TIME,
    accepted_by,
    mediator_asked,
    opened_case,
    past,
    state_of,
    who_is,
)
from tests.contracts.membership.steps import expel_directly, move_directly
from tests.contracts.people import joined, member_id, person


def test_mediation_begins_when_all_have_accepted(commune, mediation, case, mediator, alice, bob):
    accepted_by(commune, case, bob, mediator)
    assert state_of(commune, case) == ACCEPTING
    answered = [mediation.hasAnswered(case, m) for m in (1, 2, member_id(commune, mediator))]
    assert answered == [False, True, True]
    tx = mediation.accept(case, alice.tx)
    assert tx.events["MediatorAccepted"]["memberId"] == 1
    assert tx.events["MediationBegan"]["until"] == tx.timestamp + TIME
    assert state_of(commune, case) == MEDIATING
    assert not mediation.hasAnswered(case, 2)


def test_nobody_accepts_twice(mediation, case, mediator, bob):
    mediation.accept(case, bob.tx)
    with reverts(error("MediationAnsweredTwice", case, 2)):
        mediation.accept(case, bob.tx)


def test_others_have_nothing_to_accept(commune, mediation, case, mediator, stranger):
    other = next(m for m in (3, 4, 5) if m != member_id(commune, mediator))
    for who in (stranger, who_is(commune, other)):
        with reverts(error("MediationNotParty", case, who)):
            mediation.accept(case, who.tx)
    assert not mediation.hasAnswered(case, other)


def test_nobody_accepts_too_late(mediation, case, mediator, bob):
    until = mediation.caseOf(case)["until"]
    past(until)
    with reverts(error("MediationTooLate", case, until)):
        mediation.accept(case, bob.tx)


def test_nobody_accepts_before_somebody_is_drawn(mediation, case, bob):
    with reverts(error("MediationWrongState", case, 1)):
        mediation.accept(case, bob.tx)


def test_a_mediator_who_is_gone_cannot_accept(commune, mediation, case, mediator):
    commune.membership.leave(mediator.tx)
    with reverts(error("MediationNotMediator", case, mediator)):
        mediation.accept(case, mediator.tx)


def test_a_partys_voucher_cannot_accept(commune, mediation, alice, bob, carol, newcomer):
    joined(commune, newcomer, (bob, carol))
    case = opened_case(commune, newcomer, alice)
    assert mediator_asked(commune, case, alice) in (person(4), person(5))
    for voucher in (bob, carol):
        with reverts(error("MediationNotParty", case, voucher)):
            mediation.accept(case, voucher.tx)


def test_parties_act_also_after_leaving_and_by_a_new_account(commune, mediation, case, mediator, alice, bob):
    move_directly(commune, 1, person(11))
    expel_directly(commune, 2)
    with reverts(error("MediationNotParty", case, alice)):
        mediation.accept(case, alice.tx)
    accepted_by(commune, case, person(11), bob, mediator)
    assert state_of(commune, case) == MEDIATING
