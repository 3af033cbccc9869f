"""Appeals: by parties, in time, once a case; the assembly votes with the electorate of the case."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import advance
from tests.contracts.errors import error
from tests.contracts.mediation.panels import (
    ANYONE,
    APPEALED,
    CARRIED,
    DECIDED,
    DISMISSED,
    DRAWING,
    GROUNDS,
    OVERRULED,
    state_of,
    voted_on,
    window_over,
)
from tests.contracts.mediation.steps import NOTHING
from tests.contracts.membership.steps import admit_directly, execute, expel_directly, move_directly
from tests.contracts.people import AGAINST, joined, person, vote

VOTERS = [person(n) for n in range(3, 8)]


def test_a_party_puts_the_decision_to_the_assembly(commune, panels, decided, bob):
    tx = panels.appeal(decided, GROUNDS, bob.tx)
    proposal = panels.panelOf(decided)["proposalId"]
    found = tx.events["DecisionAppealed"]
    assert (found["memberId"], found["proposalId"], found["grounds"]) == (2, proposal, GROUNDS)
    created = tx.events["ProposalCreated"]
    assert (created["proposalId"], created["proposer"], created["targets"]) == (proposal, panels, (panels,))
    assert created["calldatas"] == (panels.overrule.encode_input(decided),)
    assert created["description"] == (
        f"Appeal in case {decided}: text:{GROUNDS.lower()}#nonce={decided}#proposer={panels.address.lower()}"
    )
    assert commune.assembly.termsOf(proposal)["kind"] == communes.PERSON
    assert state_of(commune, decided) == APPEALED


def test_what_the_assembly_overrules_is_void(commune, panels, decided, bob):
    tx = panels.appeal(decided, GROUNDS, bob.tx)
    voted_on(commune, decided, VOTERS)
    done = execute(commune, tx, ANYONE)
    assert done.events["DecisionOverruled"]["caseId"] == decided
    assert state_of(commune, decided) == OVERRULED
    assert "Penalised" not in done.events
    with reverts(error("CasePanelsWrongState", decided, OVERRULED)):
        panels.carryOut(decided, ANYONE.tx)


def test_a_vote_that_fails_leaves_the_decision(commune, panels, decided, bob):
    panels.appeal(decided, GROUNDS, bob.tx)
    with reverts(error("CasePanelsWrongState", decided, APPEALED)):
        panels.carryOut(decided, ANYONE.tx)
    voted_on(commune, decided, VOTERS, AGAINST)
    assert state_of(commune, decided) == DECIDED
    panels.carryOut(decided, ANYONE.tx)
    assert state_of(commune, decided) == CARRIED


def test_a_vote_that_passed_is_waited_for_until_it_expires(commune, panels, decided, bob):
    panels.appeal(decided, GROUNDS, bob.tx)
    voted_on(commune, decided, VOTERS)
    assert state_of(commune, decided) == APPEALED
    advance(31 * 86_400)
    assert state_of(commune, decided) == DECIDED
    panels.carryOut(decided, ANYONE.tx)


def test_a_dismissal_is_appealed_for_the_whole_remedy(commune, panels, dismissed, alice):
    tx = panels.appeal(dismissed, GROUNDS, alice.tx)
    assert tx.events["ProposalCreated"]["calldatas"] == (panels.grant.encode_input(dismissed),)
    voted_on(commune, dismissed, VOTERS)
    done = execute(commune, tx, ANYONE)
    assert done.events["DecisionCarried"]["extent"] == 4
    assert done.events["Penalised"]["memberId"] == 2
    assert state_of(commune, dismissed) == CARRIED


def test_a_dismissal_whose_appeal_fails_stays_one(commune, panels, dismissed, alice):
    panels.appeal(dismissed, GROUNDS, alice.tx)
    voted_on(commune, dismissed, VOTERS, AGAINST)
    panels.carryOut(dismissed, ANYONE.tx)
    assert state_of(commune, dismissed) == DISMISSED


def test_nobody_appeals_twice(commune, panels, decided, alice, bob):
    panels.appeal(decided, GROUNDS, bob.tx)
    for who in (alice, bob):
        with reverts(error("CasePanelsAppealedTwice", decided)):
            panels.appeal(decided, GROUNDS, who.tx)
    voted_on(commune, decided, VOTERS, AGAINST)
    with reverts(error("CasePanelsAppealedTwice", decided)):
        panels.appeal(decided, GROUNDS, bob.tx)


def test_nobody_appeals_too_late(commune, panels, decided, bob):
    until = panels.panelOf(decided)["appealUntil"]
    window_over(commune, decided)
    with reverts(error("CasePanelsAppealTooLate", decided, until)):
        panels.appeal(decided, GROUNDS, bob.tx)


def test_only_parties_appeal(panels, decided):
    for who in (person(3), person(40)):
        with reverts(error("CasePanelsNotParty", decided, who)):
            panels.appeal(decided, GROUNDS, who.tx)


def test_parties_appeal_also_after_leaving_and_by_a_new_account(commune, panels, decided, alice, bob):
    expel_directly(commune, 2)
    move_directly(commune, 1, person(31))
    with reverts(error("CasePanelsNotParty", decided, alice)):
        panels.appeal(decided, GROUNDS, alice.tx)
    panels.appeal(decided, GROUNDS, bob.tx)


def test_an_appeal_has_grounds_and_something_to_appeal(panels, decided, bob):
    with reverts(error("CasePanelsEmptyGrounds")):
        panels.appeal(decided, NOTHING, bob.tx)
    with reverts(error("CasePanelsUnknown", 99)):
        panels.appeal(99, GROUNDS, bob.tx)


def test_an_undecided_case_is_not_appealed(panels, drawing, bob):
    with reverts(error("CasePanelsWrongState", drawing, DRAWING)):
        panels.appeal(drawing, GROUNDS, bob.tx)


@pytest.fixture
def later(commune, decided):
    """Who joined, and who returned, after the case had opened."""
    admit_directly(commune, person(20))
    commune.membership.leave(person(16).tx)
    joined(commune, person(16), (person(3), person(4)))
    return person(20), person(16)


def test_whoever_joined_or_returned_since_does_not_vote(commune, panels, decided, later, bob):
    """The electorate is that of the second before the case opened: there is nothing to stuff."""
    panels.appeal(decided, GROUNDS, bob.tx)
    proposal = panels.panelOf(decided)["proposalId"]
    opened_at = commune.mediation.caseOf(decided)["openedAt"]
    assert commune.assembly.electorateAt(proposal) == opened_at - 1
    assert commune.assembly.termsOf(proposal)["quorum"] == 4
    advance(1)
    for who in later:
        with reverts(error("AssemblyNotInElectorate", proposal, who, 0)):
            commune.assembly.castBallot(proposal, 1, 1, who.tx)
    vote(commune, proposal, VOTERS)
