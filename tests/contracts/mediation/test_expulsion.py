"""Motions to expel: a panel cannot expel anybody, it puts it to the vote."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.mediation.panels import (
    ANYONE,
    ASSEMBLY,
    CARRIED,
    DECIDED,
    DISMISSED,
    GROUNDS,
    convened,
    judged,
    shrunk,
    state_of,
    to_hearing,
    voted_on,
)
from tests.contracts.mediation.steps import EVIDENCE, EXPULSION, opened_case, set_parameter
from tests.contracts.membership.steps import execute, expel_directly, to_season
from tests.contracts.people import EXPELLED, LEFT, person

VOTERS = [person(n) for n in range(3, 13)]


@pytest.fixture
def voting(commune, panels, moved):
    """The transaction that put the motion to the vote."""
    to_hearing(commune, moved)
    return panels.carryOut(moved, ANYONE.tx)


def test_a_motion_has_no_window(commune, panels, moved):
    assert (state_of(commune, moved), panels.panelOf(moved)["appealUntil"]) == (DECIDED, 0)


def test_a_motion_needs_no_appeal(panels, moved, bob):
    """The vote on the expulsion is the decision."""
    with reverts(error("CasePanelsMotionNeedsNoAppeal", moved)):
        panels.appeal(moved, GROUNDS, bob.tx)


def test_a_motion_opens_the_assemblys_vote(commune, panels, moved, voting):
    created = voting.events["ProposalCreated"]
    proposal = panels.panelOf(moved)["proposalId"]
    assert (created["proposalId"], created["targets"]) == (proposal, (commune.membership,))
    assert created["calldatas"] == (commune.membership.expel.encode_input(2),)
    assert created["description"].startswith(
        f"Expulsion of member 2 in case {moved}: text:{EVIDENCE.lower()}#nonce={moved}#proposer="
    )
    terms = commune.assembly.termsOf(proposal)
    assert (terms["kind"], terms["electorateAt"]) == (
        communes.EXPULSION,
        commune.mediation.caseOf(moved)["electorateAt"],
    )
    assert voting.events["MotionToExpel"]["memberId"] == 2
    assert (voting.events["DecisionCarried"]["extent"], voting.events["DecisionCarried"]["amount"]) == (1, 0)
    assert state_of(commune, moved) == CARRIED
    with reverts(error("CasePanelsWrongState", moved, CARRIED)):
        panels.carryOut(moved, ANYONE.tx)


def test_not_before_a_week_of_hearing(commune, panels, moved):
    from_ = commune.mediation.caseOf(moved)["openedAt"] + 30 * 86_400
    set_parameter(commune, "hearing.length", 30 * 86_400)
    with reverts(error("CasePanelsTooEarly", moved, from_)):
        panels.carryOut(moved, ANYONE.tx)
    mine_at(from_)
    panels.carryOut(moved, ANYONE.tx)


def test_who_is_voted_out_is_out(commune, moved, voting):
    voted_on(commune, moved, VOTERS)
    execute(commune, voting, ANYONE)
    assert commune.membership.statusOf(2) == EXPELLED


def test_who_left_meanwhile_is_voted_on_all_the_same(commune, panels, moved, bob):
    """Leaving does not shed an expulsion."""
    commune.membership.leave(bob.tx)
    to_hearing(commune, moved)
    tx = panels.carryOut(moved, ANYONE.tx)
    assert commune.membership.statusOf(2) == LEFT
    voted_on(commune, moved, VOTERS)
    execute(commune, tx, ANYONE)
    assert commune.membership.statusOf(2) == EXPELLED


def test_who_was_expelled_meanwhile_is_not_voted_on(commune, panels, moved):
    expel_directly(commune, 2)
    to_hearing(commune, moved)
    tx = panels.carryOut(moved, ANYONE.tx)
    assert "ProposalCreated" not in tx.events
    assert state_of(commune, moved) == DISMISSED


def test_when_the_seasons_expulsions_are_used_up_it_waits_for_the_next(commune, panels, moved):
    season = commune.constitution.currentSeason()
    start, length = commune.constitution.seasonBounds(season)
    mine_at(start + length - 10 * 86_400)
    voting = panels.carryOut(moved, ANYONE.tx)
    expel_directly(commune, 16)
    voted_on(commune, moved, VOTERS)
    with reverts(error("MembershipExpulsionsExhausted", season, 1)):
        execute(commune, voting, ANYONE)
    to_season(commune, season + 1)
    execute(commune, voting, ANYONE)
    assert commune.membership.statusOf(2) == EXPELLED


def test_a_dismissed_motion_ends_there(commune, panels, many, alice, bob):
    """What is left is a hearing, for which two members have to ask."""
    case = opened_case(commune, alice, bob, kind=EXPULSION)
    judged(commune, case, 0, 0, 0, 4, 4)
    with reverts(error("CasePanelsMotionNeedsNoAppeal", case)):
        panels.appeal(case, GROUNDS, alice.tx)
    panels.carryOut(case, ANYONE.tx)
    assert state_of(commune, case) == DISMISSED


def test_in_a_panels_place_the_vote_is_the_decision(commune, panels, many, alice, bob):
    shrunk(commune, 5)
    case = opened_case(commune, alice, bob, kind=EXPULSION)
    convened(commune, case)
    assert state_of(commune, case) == ASSEMBLY
    with reverts(error("CasePanelsTooEarly", case, commune.mediation.caseOf(case)["openedAt"] + 7 * 86_400)):
        panels.carryOut(case, ANYONE.tx)
    to_hearing(commune, case)
    tx = panels.carryOut(case, ANYONE.tx)
    assert (tx.events["MotionToExpel"]["memberId"], state_of(commune, case)) == (2, CARRIED)


def test_whose_motion_it_was_is_known(commune, panels, moved, voting):
    assert [panels.movedExpulsion(member, 2) for member in (1, 2, 3)] == [True, False, False]
    assert not panels.movedExpulsion(1, 3)
