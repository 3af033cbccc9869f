"""Drawing a mediator: whom the number gives, nobody else, and what becomes of a draw that was missed."""

from brownie import chain, reverts

from backend.draws import shuffle
from tests.contracts.errors import error
from tests.contracts.mediation.steps import (
    ACCEPTING,
    ANSWER,
    DRAWING,
    FAILED,
    draw_captured,
    in_electorate,
    mediator_asked,
    opened_case,
    state_of,
)
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import member_id


def test_the_first_of_the_shuffle_who_may_help_is_asked(commune, mediation, case, alice, stranger):
    draw_captured(commune, case, stranger)
    tx = mediation.seatMediator(case, stranger.tx)
    number = commune.draws.draw(mediation.caseOf(case)["drawId"])["number"]
    order = [place + 1 for place in shuffle.order(number, 5)]
    expected = next(member for member in order if member not in (1, 2))
    asked = tx.events["MediatorDrawn"]
    assert (asked["mediator"], asked["until"]) == (expected, tx.timestamp + ANSWER)
    found = mediation.caseOf(case)
    assert (found["state"], found["mediators"]) == (ACCEPTING, 1)
    assert found["cursor"] == order.index(expected) + 1


def test_nobody_is_asked_before_the_block_is_there(commune, mediation, case, alice):
    draw = mediation.caseOf(case)["drawId"]
    with reverts(error("MediationNotDrawn", case, draw)):
        mediation.seatMediator(case, alice.tx)


def test_a_draw_that_was_missed_gets_another_block(commune, mediation, case, alice, stranger):
    draw = mediation.caseOf(case)["drawId"]
    chain.mine(300)
    with reverts(error("MediationNotDrawn", case, draw)):
        mediation.seatMediator(case, alice.tx)
    commune.draws.retarget(draw, stranger.tx)
    mediator_asked(commune, case, stranger)
    assert state_of(commune, case) == ACCEPTING


def test_a_mediator_is_asked_once(commune, mediation, case, mediator, alice):
    with reverts(error("MediationWrongState", case, ACCEPTING)):
        mediation.seatMediator(case, alice.tx)


def test_who_was_declined_is_not_drawn_again(commune, mediation, case, mediator, alice):
    first = member_id(commune, mediator)
    mediation.decline(case, alice.tx)
    assert state_of(commune, case) == DRAWING
    second = mediator_asked(commune, case, alice)
    assert second != mediator
    number = commune.draws.draw(mediation.caseOf(case)["drawId"])["number"]
    order = [place + 1 for place in shuffle.order(number, 5)]
    assert member_id(commune, second) == next(m for m in order if m not in (1, 2, first))


def test_looking_goes_on_where_it_stopped(commune, mediation, alice, bob, carol, dave, erin):
    """Of 75 members five are parties and the others on probation: a call looks at 64 places."""
    for number in range(1, 71):
        commune.membership.admit(f"0x{number:040x}", acting_as(commune.admission))
    in_electorate(commune)
    case = opened_case(commune, alice, bob, carol, dave, erin)
    draw_captured(commune, case, alice)
    tx = mediation.seatMediator(case, alice.tx)
    assert (state_of(commune, case), mediation.caseOf(case)["cursor"]) == (DRAWING, 64)
    assert tx.gas_used < 3_000_000
    mediation.seatMediator(case, alice.tx)
    assert (state_of(commune, case), mediation.caseOf(case)["cursor"]) == (FAILED, 75)
