"""`sign`: members of the petition's electorate, once each."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, admit_directly, execute
from tests.contracts.offices.steps import GROUNDS, created, petitioned, seated, vote_of, voted
from tests.contracts.people import ACTIVE, DAY, EXECUTED, LEFT, SUCCEEDED, person

# IRecall.PetitionState
UNKNOWN, VOTING, RECALLED, LAPSED = 0, 2, 3, 5


def test_nobody_signs_twice(recall, running, bob, carol):
    for who, member in ((bob, 2), (carol, 3)):
        with reverts(error("RecallSignedTwice", running, member)):
            recall.sign(running, who.tx)


@pytest.mark.parametrize("petition", [0, 99])
def test_a_petition_there_is_not_is_not_signed(recall, held, bob, petition):
    with reverts(error("RecallUnknownPetition", petition)):
        recall.sign(petition, bob.tx)
    with reverts(error("RecallUnknownPetition", petition)):
        recall.petitionOf(petition)
    assert recall.state(petition) == UNKNOWN


def test_a_lapsed_petition_is_not_signed(recall, running, dave):
    mine_at(recall.petitionOf(running)["expiry"] + 1)
    with reverts(error("RecallWrongState", running, LAPSED)):
        recall.sign(running, dave.tx)


def test_who_slept_when_it_opened_does_not_sign_it(commune, recall, held, many, alice, bob, erin):
    presence = acting_as(commune.presence)
    commune.membership.setDormant(5, presence)
    advance(1)
    petition = petitioned(commune, held, alice, bob)
    commune.membership.wake(5, presence)
    with reverts(error("RecallNotInElectorate", petition, 5)):
        recall.sign(petition, erin.tx)


# ------------------------------------------------------------------ after the newcomers' probation


@pytest.fixture(scope="module")
def seasoned(commune, many, alice):
    """The same after their probation, in a new office that Alice holds."""
    advance(91 * DAY)
    office = created(commune)
    seated(commune, office, alice)
    return office


def set_parameter(commune, name, value):
    commune.constitution.setParameter(communes.bytes32(name), value, acting_as(commune.timelock))


def test_who_joined_after_the_petition_opened_does_not_sign_it(commune, recall, seasoned, many, alice, bob):
    """Petitions may run longer than probation: then it is this that keeps the electorate as it was."""
    set_parameter(commune, "recall.expiry", 90 * DAY)
    set_parameter(commune, "admission.probation", 30 * DAY)
    late = person(30)
    petition = petitioned(commune, seasoned, alice, bob)
    admit_directly(commune, late)
    advance(31 * DAY)
    assert commune.membership.isFull(15)
    with reverts(error("RecallNotInElectorate", petition, 15)):
        recall.sign(petition, late.tx)
    recall.sign(petition, many[0].tx)


def test_who_left_and_came_back_does_not_sign_it(commune, recall, seasoned, many, alice, bob):
    set_parameter(commune, "recall.expiry", 90 * DAY)
    set_parameter(commune, "admission.probation", 30 * DAY)
    petition = petitioned(commune, seasoned, alice, bob)
    commune.membership.leave(many[0].tx)
    with reverts(error("MembershipNotActive", 6, LEFT)):
        recall.sign(petition, many[0].tx)
    admit_directly(commune, many[0])
    advance(31 * DAY)
    with reverts(error("RecallNotInElectorate", petition, 6)):
        recall.sign(petition, many[0].tx)


# ------------------------------------------------------------------ more than half while the vote runs


@pytest.fixture
def needless(commune, recall, seasoned, many, alice, bob, carol, dave, founders):
    """Eight of fourteen have signed while the vote ran; returns the petition and the vote's transaction."""
    petition = petitioned(commune, seasoned, alice, bob, carol)
    opening = recall.sign(petition, dave.tx)
    for signer in many[:4]:
        recall.sign(petition, signer.tx)
    assert recall.state(petition) == VOTING
    recall.sign(petition, many[4].tx)
    return petition, opening


def test_more_than_half_recall_while_the_vote_runs(commune, offices, recall, seasoned, needless, many):
    petition, opening = needless
    assert recall.state(petition) == RECALLED
    assert not recall.isFrozen(seasoned, 1)
    assert offices.holdersOf(seasoned) == ()
    advance(1)
    assert commune.assembly.state(vote_of(opening)) == ACTIVE
    with reverts(error("RecallWrongState", petition, RECALLED)):
        recall.sign(petition, many[5].tx)


def test_the_needless_vote_bars_nobody_twice(commune, offices, recall, seasoned, needless, many, stranger):
    """It can be carried out, and changes nothing."""
    petition, opening = needless
    until = offices.barredUntil(seasoned, 1)
    voted(commune, vote_of(opening), many)
    assert commune.assembly.state(vote_of(opening)) == SUCCEEDED
    tx = execute(commune, opening, stranger)
    assert commune.assembly.state(vote_of(opening)) == EXECUTED
    assert "Barred" not in tx.events
    assert offices.barredUntil(seasoned, 1) == until
    assert recall.state(petition) == RECALLED


def test_a_needless_vote_in_reserve_hits_no_later_tenure(
    commune, offices, recall, many, alice, bob, carol, dave
):
    """In an office with short terms the bar ends before the vote expires."""
    advance(91 * DAY)
    brief = created(commune, term=7 * DAY)
    seated(commune, brief, alice)
    petition = petitioned(commune, brief, alice, bob, carol)
    opening = recall.sign(petition, dave.tx)
    for signer in many[:5]:
        recall.sign(petition, signer.tx)
    voted(commune, vote_of(opening), many)
    mine_at(offices.barredUntil(brief, 1))
    seated(commune, brief, alice)
    with reverts(error("RecallRunning", brief, 1, petition)):
        recall.petition(brief, 1, GROUNDS, bob.tx)
    execute(commune, opening, bob)
    assert offices.isHolder(brief, 1)
    recall.petition(brief, 1, GROUNDS, bob.tx)
