"""`Consent.respond`: silence passes nothing, few stop it, and all may change their minds until the end."""

import pytest
from brownie import reverts

from tests.contracts.assembly.consenting import (
    ACKNOWLEDGE,
    BLOCK,
    BLOCKED,
    LAPSED,
    NO_REASON,
    NOTHING_SAID,
    OPEN,
    PASSED,
    STAND_ASIDE,
    UNKNOWN,
    WHY,
    opened_for_consent,
    respond,
    text_draft,
    to_end_of_window,
)
from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import admit_directly, expel_directly
from tests.contracts.people import member_id


@pytest.fixture(scope="module")
def proposal(commune, alice, bob):
    """Open for consent: three of five must acknowledge, two stop it."""
    return opened_for_consent(commune, text_draft(commune), alice, (alice, bob))


def counts(commune, proposal):
    found = commune.consent.consentProposal(proposal)
    return found["acknowledged"], found["blocks"], found["stoodAside"]


def test_silence_passes_nothing(commune, proposal):
    to_end_of_window(commune, proposal)
    assert commune.consent.state(proposal) == LAPSED


def test_two_of_three_is_silence_too(commune, proposal, alice, bob):
    respond(commune, proposal, ACKNOWLEDGE, alice, bob)
    to_end_of_window(commune, proposal)
    assert commune.consent.state(proposal) == LAPSED


def test_it_passes_with_enough_acknowledgements_at_the_end(commune, proposal, alice, bob, carol):
    respond(commune, proposal, ACKNOWLEDGE, alice, bob, carol)
    end = commune.consent.consentProposal(proposal)["end"]
    mine_at(end)
    assert commune.consent.state(proposal) == OPEN
    mine_at(end + 1)
    assert commune.consent.state(proposal) == PASSED


def test_one_block_does_not_stop_it_and_two_do(commune, proposal, alice, bob, carol, dave, erin):
    respond(commune, proposal, ACKNOWLEDGE, alice, bob, carol)
    respond(commune, proposal, BLOCK, dave)
    commune.consent.respond(proposal, STAND_ASIDE, WHY, erin.tx)
    assert counts(commune, proposal) == (3, 1, 1)
    end = commune.consent.consentProposal(proposal)["end"]
    mine_at(end - 60)
    tx = commune.consent.respond(proposal, BLOCK, WHY, erin.tx)
    assert tx.events["Responded"] == {
        "proposalId": proposal,
        "memberId": member_id(commune, erin),
        "response": BLOCK,
        "previous": STAND_ASIDE,
        "reason": WHY,
    }
    mine_at(end + 1)
    assert commune.consent.state(proposal) == BLOCKED


def test_blocks_stop_it_however_few_acknowledge(commune, proposal, dave, erin):
    respond(commune, proposal, BLOCK, dave, erin)
    to_end_of_window(commune, proposal)
    assert commune.consent.state(proposal) == BLOCKED


def test_whoever_changes_their_mind_counts_once(commune, proposal, alice):
    expected = {ACKNOWLEDGE: (1, 0, 0), BLOCK: (0, 1, 0), STAND_ASIDE: (0, 0, 1)}
    for response in (ACKNOWLEDGE, BLOCK, STAND_ASIDE, ACKNOWLEDGE, STAND_ASIDE, BLOCK, ACKNOWLEDGE):
        respond(commune, proposal, response, alice)
        assert counts(commune, proposal) == expected[response]
        assert commune.consent.responseOf(proposal, member_id(commune, alice)) == response


@pytest.mark.parametrize("response", [ACKNOWLEDGE, BLOCK, STAND_ASIDE])
def test_saying_it_twice_is_refused(commune, proposal, alice, response):
    respond(commune, proposal, response, alice)
    with reverts(error("ConsentSameResponse", proposal, member_id(commune, alice), response)):
        respond(commune, proposal, response, alice)


def test_saying_nothing_is_no_response(commune, proposal, alice):
    respond(commune, proposal, ACKNOWLEDGE, alice)
    with reverts(error("ConsentSameResponse", proposal, member_id(commune, alice), NOTHING_SAID)):
        commune.consent.respond(proposal, NOTHING_SAID, NO_REASON, alice.tx)


@pytest.mark.parametrize("response", [BLOCK, STAND_ASIDE])
def test_an_objection_has_a_reason(commune, proposal, alice, response):
    with reverts(error("ConsentReasonNeeded", response)):
        commune.consent.respond(proposal, response, NO_REASON, alice.tx)


def test_nobody_responds_after_the_window(commune, proposal, alice):
    to_end_of_window(commune, proposal)
    with reverts(error("ConsentWrongState", proposal, LAPSED, OPEN)):
        respond(commune, proposal, ACKNOWLEDGE, alice)


def test_nobody_responds_to_what_was_not_opened(commune, alice):
    assert commune.consent.state(7) == UNKNOWN
    with reverts(error("ConsentWrongState", 7, UNKNOWN, OPEN)):
        respond(commune, 7, ACKNOWLEDGE, alice)


def test_newcomers_respond_if_they_were_here_before_it_opened(commune, alice, bob, erin, newcomer, stranger):
    admit_directly(commune, newcomer)
    advance(1)
    proposal = opened_for_consent(commune, text_draft(commune), erin, (alice, bob))
    respond(commune, proposal, ACKNOWLEDGE, newcomer)
    with reverts(error("ConsentNotInElectorate", proposal, stranger)):
        respond(commune, proposal, ACKNOWLEDGE, stranger)
    admit_directly(commune, stranger)
    with reverts(error("ConsentNotInElectorate", proposal, stranger)):
        respond(commune, proposal, BLOCK, stranger)


def test_who_was_expelled_meanwhile_does_not_respond(commune, proposal, erin):
    expel_directly(commune, member_id(commune, erin))
    with reverts(error("ConsentNotInElectorate", proposal, erin)):
        respond(commune, proposal, BLOCK, erin)
