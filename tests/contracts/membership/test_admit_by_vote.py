"""The vote on a contested applicant."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance
from tests.contracts.errors import error
from tests.contracts.membership.steps import REASON, acting_as, execute, voted, vouched
from tests.contracts.people import ACTIVE, AGAINST, DAY, DEFEATED, FOR

VOUCHED, CONTESTED, ADMITTED = 2, 3, 5


@pytest.fixture
def application(commune, newcomer, alice, bob):
    return vouched(commune, newcomer, (alice, bob))


@pytest.fixture
def opening(admission, application, dave):
    """The transaction that made it a vote."""
    opened = admission.object(application, REASON, dave.tx)
    advance(2)
    return opened


@pytest.fixture
def proposal(opening):
    return opening.events["ApplicationContested"]["proposalId"]


def test_vote_that_is_won_admits_at_once(
    admission, membership, commune, application, opening, proposal, newcomer, stranger, alice, bob, carol
):
    voted(commune, proposal, (alice, bob, carol), FOR)
    tx = execute(commune, opening, stranger)

    assert tx.events["ApplicationCleared"]["applicationId"] == application
    assert tx.events["ApplicationAdmitted"]["memberId"] == 6
    assert membership.memberIdOf(newcomer.address) == 6
    assert admission.application(application)["status"] == ADMITTED
    assert admission.vouchersOfMember(6) == [1, 2]


def test_vote_that_is_won_admits_though_a_voucher_has_left(
    membership, commune, opening, proposal, newcomer, alice, bob, carol, dave
):
    voted(commune, proposal, (bob, carol, dave), FOR)
    membership.leave(alice.tx)
    execute(commune, opening, newcomer)
    assert membership.memberIdOf(newcomer.address) == 6


def test_vote_that_is_lost_admits_nobody(membership, commune, opening, proposal, newcomer, alice, bob, carol):
    voted(commune, proposal, (alice, bob, carol), AGAINST)
    assert commune.assembly.state(proposal) == DEFEATED
    with reverts(revert_pattern=f"GovernorUnexpectedProposalState: {proposal}, {DEFEATED}.*"):
        execute(commune, opening, newcomer)
    assert membership.memberIdOf(newcomer.address) == 0


def test_vote_runs_for_three_days_from_the_objection_on(commune, opening, proposal):
    assert commune.assembly.state(proposal) == ACTIVE
    assert commune.assembly.proposalDeadline(proposal) == opening.timestamp + 3 * DAY


def test_only_the_assembly_clears_an_applicant(admission, commune, application, proposal, alice):
    with reverts(error("AccessManagedUnauthorized", alice)):
        admission.admitByVote(application, alice.tx)
    with reverts(error("AccessManagedUnauthorized", commune.timelock)):
        admission.admitByVote(application, acting_as(commune.timelock))


def test_assembly_clears_only_who_was_contested(admission, commune, application):
    with reverts(error("AdmissionWrongStatus", application, VOUCHED)):
        admission.admitByVote(application, acting_as(commune.assembly))
