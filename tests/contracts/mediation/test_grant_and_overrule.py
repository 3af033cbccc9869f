"""Only the vote that was opened in a case overrules its decision, or grants what was asked for."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance
from tests.contracts.errors import error
from tests.contracts.mediation.panels import (
    ANYONE,
    APPEALED,
    ASSEMBLY,
    CARRIED,
    DECIDED,
    DRAWING,
    GROUNDS,
    OVERRULED,
    convened,
    shrunk,
    state_of,
    voted_on,
)
from tests.contracts.mediation.steps import opened_case
from tests.contracts.membership.steps import acting_as, execute
from tests.contracts.people import draft, opened, person, to_end, vote

VOTERS = [person(n) for n in range(3, 13)]


def proposed(commune, who, function, case):
    """A person vote on the call that a member proposed with sponsors; voted through, not carried out yet."""
    call = getattr(commune.panels, function).encode_input(case)
    d = draft(who, (commune.panels, call))
    proposal = opened(commune, d, who, VOTERS[:2])
    advance(1)
    vote(commune, proposal, VOTERS)
    to_end(commune, proposal)
    return d


@pytest.mark.parametrize("function", ["overrule", "grant"])
@pytest.mark.parametrize("appealed", [False, True])
def test_what_members_propose_themselves_does_nothing(commune, panels, decided, bob, function, appealed):
    """Also while the appeal's vote runs, or passed: whoever lost an appeal would try again and again."""
    if appealed:
        panels.appeal(decided, GROUNDS, bob.tx)
    d = proposed(commune, person(5), function, decided)
    state = state_of(commune, decided)
    assert state == DECIDED
    with reverts(error("CasePanelsWrongState", decided, state)):
        commune.assembly.execute(*d.arguments, d.description_hash, ANYONE.tx)


def test_not_even_when_the_appeal_was_won(commune, panels, dismissed, alice):
    """Members' own vote on the same call comes first; the appeal's is carried out after."""
    tx = panels.appeal(dismissed, GROUNDS, alice.tx)
    d = draft(person(5), (panels, panels.grant.encode_input(dismissed)))
    own = opened(commune, d, person(5), VOTERS[:2])
    advance(1)
    vote(commune, panels.panelOf(dismissed)["proposalId"], VOTERS)
    vote(commune, own, VOTERS)
    to_end(commune, own)
    with reverts(error("CasePanelsWrongState", dismissed, APPEALED)):
        commune.assembly.execute(*d.arguments, d.description_hash, ANYONE.tx)
    execute(commune, tx, ANYONE)
    assert state_of(commune, dismissed) == CARRIED
    with reverts(error("CasePanelsWrongState", dismissed, CARRIED)):
        commune.assembly.execute(*d.arguments, d.description_hash, ANYONE.tx)


def test_a_decision_is_overruled_once(commune, panels, decided, bob):
    tx = panels.appeal(decided, GROUNDS, bob.tx)
    voted_on(commune, decided, VOTERS)
    execute(commune, tx, ANYONE)
    for call in (panels.overrule, panels.grant):
        with reverts(error("CasePanelsWrongState", decided, OVERRULED)):
            call(decided, acting_as(commune.assembly))


def test_there_must_be_something_to_overrule(commune, panels, drawing):
    assembly = acting_as(commune.assembly)
    for call in (panels.overrule, panels.grant):
        with reverts(error("CasePanelsWrongState", drawing, DRAWING)):
            call(drawing, assembly)
        with reverts(error("CasePanelsUnknown", 99)):
            call(99, assembly)


def test_the_assembly_grants_the_whole_remedy_in_a_panels_place(commune, panels, many, alice, bob):
    shrunk(commune, 5)
    case = opened_case(commune, alice, bob)
    tx = convened(commune, case)
    assert tx.events["ProposalCreated"]["calldatas"] == (panels.grant.encode_input(case),)
    assert tx.events["ProposalCreated"]["description"].startswith(f"Case {case}: text:0x")
    with reverts(error("CasePanelsWrongState", case, ASSEMBLY)):
        panels.grant(case, acting_as(commune.assembly))
    voted_on(commune, case, VOTERS[:3])
    done = execute(commune, tx, ANYONE)
    assert done.events["DecisionCarried"]["extent"] == 4
    assert state_of(commune, case) == CARRIED
