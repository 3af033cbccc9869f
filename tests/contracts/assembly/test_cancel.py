"""`cancel`: the author takes a proposal back while nobody can have voted."""

import pytest
from brownie import reverts

from scripts.commune import text_hash
from tests.contracts.errors import error
from tests.contracts.membership.steps import REASON, move_directly, vouched
from tests.contracts.people import CANCELED, opened, person, resolution, to_voting


@pytest.fixture(scope="module")
def draft(commune, alice):
    return resolution(commune, alice)


@pytest.fixture(scope="module")
def proposal(commune, draft, alice, bob, carol):
    return opened(commune, draft, alice, [bob, carol])


def cancel(commune, d, who):
    return commune.assembly.cancel(*d.arguments, d.description_hash, who.tx)


def test_the_author_takes_a_pending_proposal_back(commune, assembly, draft, proposal, alice):
    cancel(commune, draft, alice)
    assert assembly.state(proposal) == CANCELED
    assert assembly.liveProposalOf(1) == 0


@pytest.mark.parametrize("who", ["bob", "stranger", "newcomer"])
def test_nobody_else_cancels(commune, draft, proposal, request, who):
    someone = request.getfixturevalue(who)
    with reverts(error("GovernorUnableToCancel", proposal, someone)):
        cancel(commune, draft, someone)


def test_nobody_cancels_once_voting_has_begun(commune, draft, proposal, alice):
    to_voting(commune, proposal)
    with reverts(error("GovernorUnableToCancel", proposal, alice)):
        cancel(commune, draft, alice)


def test_nobody_cancels_twice(commune, draft, proposal, alice):
    cancel(commune, draft, alice)
    with reverts(error("GovernorUnableToCancel", proposal, alice)):
        cancel(commune, draft, alice)


def test_the_author_cancels_from_the_account_the_membership_moved_to(
    commune, assembly, draft, proposal, alice
):
    new_account = person(9)
    move_directly(commune, 1, new_account)
    with reverts(error("GovernorUnableToCancel", proposal, alice)):
        cancel(commune, draft, alice)
    cancel(commune, draft, new_account)
    assert assembly.state(proposal) == CANCELED


def test_nobody_cancels_a_vote_that_a_module_opened(commune, alice, bob, carol, newcomer):
    application = vouched(commune, newcomer, [alice, bob])
    created = commune.admission.object(application, REASON, carol.tx).events["ProposalCreated"]
    assert created["proposer"] == commune.admission.address
    arguments = created["targets"], created["values"], created["calldatas"], text_hash(created["description"])
    for who in (alice, carol, newcomer):
        with reverts(error("GovernorUnableToCancel", created["proposalId"], who)):
            commune.assembly.cancel(*arguments, who.tx)
