"""`Consent.escalate`: what was blocked goes to the vote, as the ordinary proposal of the same id."""

import pytest
from brownie import reverts

from tests.contracts.assembly.consenting import (
    ACKNOWLEDGE,
    BLOCK,
    BLOCKED,
    ESCALATED,
    EXPIRED,
    OPEN,
    PASSED,
    arguments,
    carry_out,
    opened_for_consent,
    payment_draft,
    respond,
    text_draft,
    to_end_of_window,
)
from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.people import (
    DAY,
    FOOD,
    HOUSING,
    PENDING,
    draft,
    sponsored,
    to_end,
    to_voting,
    vote,
)


@pytest.fixture(scope="module")
def blocked(commune, alice, bob, dave, erin):
    """Opens a draft under the food topic and lets two block it; returns the draft."""

    def send(d):
        proposal = opened_for_consent(commune, d, alice, (alice, bob), FOOD)
        respond(commune, proposal, BLOCK, dave, erin)
        to_end_of_window(commune, proposal)
        return d

    return send


def test_what_was_blocked_becomes_an_ordinary_proposal(commune, blocked, stranger):
    """Of the same id, with its text and topic; its sponsors are those of the draft."""
    d = blocked(text_draft(commune))
    proposal = d.id(commune)
    assert commune.docket.sponsorsOf(proposal) == ([1, 2], FOOD)
    tx = commune.consent.escalate(*arguments(d), stranger.tx)
    assert tx.events["ConsentEscalated"]["proposalId"] == proposal
    created, opened = tx.events["ProposalCreated"], tx.events["ProposalOpened"]
    assert (created["proposalId"], created["description"]) == (proposal, d.description)
    assert created["proposer"] == commune.consent
    assert (opened["author"], opened["topic"]) == (0, FOOD)
    terms = commune.assembly.termsOf(proposal)
    assert (terms["kind"], terms["topic"]) == (1, FOOD)
    assert commune.assembly.state(proposal) == PENDING
    assert commune.consent.state(proposal) == ESCALATED


def test_the_vote_overrides_the_blocks(commune, blocked, founders, accounts, stranger):
    """It is deliberated, voted, queued and carried out as any other."""
    shop = accounts[20]
    accounts[30].transfer(commune.commons, 1_000)
    before = shop.balance()
    d = blocked(payment_draft(commune, 100, to=shop))
    commune.consent.escalate(*arguments(d), stranger.tx)
    proposal = d.id(commune)
    to_voting(commune, proposal)
    vote(commune, proposal, founders[:3])
    to_end(commune, proposal)
    commune.assembly.queue(*d.arguments, d.description_hash, stranger.tx)
    mine_at(commune.assembly.proposalEta(proposal) + 1)
    commune.assembly.execute(*d.arguments, d.description_hash, stranger.tx)
    assert shop.balance() == before + 100
    with reverts(error("ConsentWrongState", proposal, ESCALATED, PASSED)):
        carry_out(commune, d, stranger)


def test_only_what_was_blocked_goes_to_the_vote(commune, alice, bob, carol, stranger):
    d = text_draft(commune)
    proposal = opened_for_consent(commune, d, alice, (alice, bob))
    with reverts(error("ConsentWrongState", proposal, OPEN, BLOCKED)):
        commune.consent.escalate(*arguments(d), stranger.tx)
    respond(commune, proposal, ACKNOWLEDGE, alice, bob, carol)
    to_end_of_window(commune, proposal)
    with reverts(error("ConsentWrongState", proposal, PASSED, BLOCKED)):
        commune.consent.escalate(*arguments(d), stranger.tx)


def test_it_goes_to_the_vote_once(commune, blocked, stranger):
    d = blocked(text_draft(commune))
    commune.consent.escalate(*arguments(d), stranger.tx)
    with reverts(error("ConsentWrongState", d.id(commune), ESCALATED, BLOCKED)):
        commune.consent.escalate(*arguments(d), stranger.tx)


def test_a_blocked_one_expires(commune, blocked, stranger):
    d = blocked(text_draft(commune))
    mine_at(commune.consent.consentProposal(d.id(commune))["expiry"] + 1)
    with reverts(error("ConsentWrongState", d.id(commune), EXPIRED, BLOCKED)):
        commune.consent.escalate(*arguments(d), stranger.tx)


def test_a_blocked_one_is_not_carried_out(commune, blocked, stranger):
    d = blocked(text_draft(commune))
    with reverts(error("ConsentWrongState", d.id(commune), BLOCKED, PASSED)):
        carry_out(commune, d, stranger)


def test_its_sponsors_need_not_stand_a_second_time(commune, blocked, bob, stranger):
    """One has left, and the sponsorship's month is over: the draft was sponsored when it opened."""
    d = blocked(text_draft(commune))
    commune.membership.leave(bob.tx)
    advance(29 * DAY)
    commune.consent.escalate(*arguments(d), stranger.tx)
    assert commune.assembly.termsOf(d.id(commune))["topic"] == FOOD


def test_nobody_moves_it_to_another_topic(commune, blocked, carol, stranger):
    """Not even when the sponsorship's month is over: whose ballots are followed hangs on the topic."""
    d = blocked(text_draft(commune))
    advance(29 * DAY)
    with reverts(error("DocketTopicMismatch", d.id(commune), HOUSING, FOOD)):
        commune.docket.sponsor(d.id(commune), HOUSING, carol.tx)
    assert commune.docket.sponsorsOf(d.id(commune)) == ([1, 2], FOOD)
    commune.consent.escalate(*arguments(d), stranger.tx)
    assert commune.assembly.termsOf(d.id(commune))["topic"] == FOOD


def test_who_joined_since_votes_on_it(commune, blocked, newcomer, stranger):
    """The vote has an electorate of its own."""
    d = blocked(text_draft(commune))
    admit_directly(commune, newcomer)
    advance(1)
    commune.consent.escalate(*arguments(d), stranger.tx)
    to_voting(commune, d.id(commune))
    vote(commune, d.id(commune), (newcomer,))


def test_a_module_that_opens_a_vote_on_a_person_names_no_topic(commune, alice, bob):
    """Whatever the draft was sponsored under: delegations never reach votes on persons."""
    recovery = commune.recovery
    data = recovery.recoverByVote.encode_input(5, alice.address)
    d = draft(commune.docket, (recovery, data))
    sponsored(commune, d, (alice, bob), HOUSING)
    tx = commune.assembly.openFor(*d.arguments, d.description, acting_as(commune.docket))
    assert tx.events["ProposalOpened"]["topic"] == 0
