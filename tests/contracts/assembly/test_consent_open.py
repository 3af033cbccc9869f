"""`Consent.open`: only what is on the list, within its caps, sponsored as any draft."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.assembly.consenting import (
    BLOCK,
    CAP,
    ETH,
    OPEN,
    PASSED,
    WHY,
    arguments,
    opened_for_consent,
    payment_draft,
    respond,
    text_draft,
    to_end_of_window,
)
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.people import (
    DAY,
    FOOD,
    GENERAL,
    Draft,
    draft,
    member_id,
    opened,
    person,
    resolution,
    sponsored,
)

NONE = b"\0" * 32


def refused_to_open(commune, d, opener, sponsors, refusal):
    sponsored(commune, d, sponsors)
    with reverts(refusal):
        commune.consent.open(*arguments(d), opener.tx)


def test_a_draft_opened_for_consent_freezes_its_terms(commune, alice, bob, erin):
    d = text_draft(commune)
    proposal = opened_for_consent(commune, d, erin, (alice, bob), FOOD)
    found = commune.consent.consentProposal(proposal).dict()
    pin = found.pop("pin")
    assert found == {
        "opener": member_id(commune, erin),
        "topic": FOOD,
        "electorateAt": now() - 1,
        "end": now() + 3 * DAY,
        "expiry": now() + 33 * DAY,
        "needed": 3,
        "limit": 2,
        "acknowledged": 0,
        "blocks": 0,
        "stoodAside": 0,
        "executed": False,
        "escalated": False,
    }
    assert pin == commune.constitution.pinOf([commune.constitution])
    assert commune.consent.state(proposal) == OPEN
    assert commune.consent.liveProposalOf(member_id(commune, erin)) == proposal


def test_the_event_says_all_of_it(commune, alice, bob):
    d = sponsored(commune, text_draft(commune), (alice, bob), FOOD)
    tx = commune.consent.open(*arguments(d), alice.tx)
    event = tx.events["ConsentOpened"]
    assert (event["proposalId"], event["opener"], event["topic"]) == (
        d.id(commune),
        member_id(commune, alice),
        FOOD,
    )
    assert (event["targets"], event["description"]) == ((commune.constitution,), d.description)
    assert tuple(event["terms"]) == tuple(commune.consent.consentProposal(d.id(commune)))


def test_it_takes_more_where_there_are_more(commune, alice, bob):
    """Of 48: a tenth to acknowledge, rounded up, and a twentieth to block."""
    admit_directly(commune, *(person(index) for index in range(8, 51)))
    proposal = opened_for_consent(commune, text_draft(commune), alice, (alice, bob))
    found = commune.consent.consentProposal(proposal)
    assert (found["needed"], found["limit"]) == (5, 3)


def test_what_is_not_on_the_list_is_not_opened(commune, alice, bob):
    """Neither another function of a listed contract, nor what is ordinary, nor a stricter decision."""
    law, commons = commune.constitution, commune.commons
    for target, data in (
        (law, law.setDaoURI.encode_input("ipfs://us")),
        (law, law.setParameter.encode_input(communes.bytes32("assembly.sponsors"), 1)),
        (commons, commons.openPurse.encode_input(commune.docket, 1, ETH, 5, WHY)),
        (commons, commons.payBeyondBrake.encode_input(ETH, alice.address, 1, WHY)),
    ):
        d = draft(commune.consent, (target, data))
        refused_to_open(
            commune,
            d,
            alice,
            (alice, bob),
            error("ConsentNotAllowed", target, bytes.fromhex(data[2:10])),
        )


def test_one_action_off_the_list_is_enough(commune, alice, bob):
    law = commune.constitution
    uri = law.setDaoURI.encode_input("ipfs://us")
    text = law.adopt.encode_input(WHY)
    d = draft(commune.consent, (law, text), (law, uri))
    refused_to_open(
        commune, d, alice, (alice, bob), error("ConsentNotAllowed", law, bytes.fromhex(uri[2:10]))
    )


def test_a_payment_over_the_cap_is_not_opened(commune, alice, bob, stranger):
    commons = commune.commons
    pay = bytes.fromhex(commons.pay.signature[2:])
    d = payment_draft(commune, CAP + 1, to=stranger.address)
    refused_to_open(commune, d, alice, (alice, bob), error("ConsentOverCap", commons, pay, CAP + 1, CAP))
    opened_for_consent(commune, payment_draft(commune, CAP, to=stranger.address), alice, (alice, bob))


@pytest.mark.parametrize("parts", [(CAP, 1), (CAP // 2, CAP // 4, CAP // 4, 1), (1, 2**256 - 1)])
def test_a_payment_in_parts_is_over_the_cap_as_well(commune, alice, bob, stranger, parts):
    commons = commune.commons
    total = min(sum(parts), 2**256 - 1)
    pay = bytes.fromhex(commons.pay.signature[2:])
    d = payment_draft(commune, *parts, to=stranger.address)
    refused_to_open(commune, d, alice, (alice, bob), error("ConsentOverCap", commons, pay, total, CAP))


def test_an_amount_says_nothing_without_its_asset(commune, alice, bob, stranger, project_contracts):
    """The list has ETH; the same amount of a token may be a fortune."""
    token = project_contracts["OddToken"].deploy(alice.tx)
    d = payment_draft(commune, 1, to=stranger.address, asset=token)
    pay = bytes.fromhex(commune.commons.pay.signature[2:])
    refused_to_open(commune, d, alice, (alice, bob), error("ConsentNotAllowed", commune.commons, pay))


def test_a_call_that_is_cut_short_has_no_amount(commune, alice, bob, stranger):
    """The last word it needs is missing, or a byte of it."""
    commons = commune.commons
    whole = commons.pay.encode_input(ETH, stranger.address, 1, WHY)
    for length, needed in ((4 + 95, 4 + 96), (4 + 32, 4 + 96), (4 + 31, 36), (4, 36)):
        d = draft(commune.consent, (commons, whole[: 2 + 2 * length]))
        refused_to_open(commune, d, alice, (alice, bob), error("ConsentShortCall", commons, length, needed))


def test_nothing_that_wraps_calls_passes_by_consent(commune, alice, bob):
    """Even if somebody put it on the list."""
    timelock = acting_as(commune.timelock)
    call = commune.powers.execute.encode_input(commune.constitution, "0x")
    commune.consent.setAllowance(commune.powers, call[:10], NONE, (True, False, 0, 0), timelock)
    d = draft(commune.consent, (commune.powers, call))
    refused_to_open(
        commune,
        d,
        alice,
        (alice, bob),
        error("ConstitutionWrappedCall", commune.powers, bytes.fromhex(call[2:10])),
    )


def test_no_more_than_an_ordinary_decision_passes_by_consent(commune, alice, bob):
    """A stricter rule holds, even if somebody put it on the list."""
    law = commune.constitution
    data = law.setCharter.encode_input(WHY)
    allowance = (True, False, 0, 0)
    commune.consent.setAllowance(law, data[:10], NONE, allowance, acting_as(commune.timelock))
    d = draft(commune.consent, (law, data))
    refused_to_open(commune, d, alice, (alice, bob), error("ConsentNotOrdinary", d.id(commune)))


def test_it_takes_sponsors_who_are_still_there(commune, alice, bob, carol):
    d = text_draft(commune)
    with reverts(error("DocketNotSponsored", d.id(commune), 0, 2)):
        commune.consent.open(*arguments(d), alice.tx)
    sponsored(commune, d, (bob, carol))
    commune.membership.leave(bob.tx)
    with reverts(error("DocketNotSponsored", d.id(commune), 1, 2)):
        commune.consent.open(*arguments(d), alice.tx)
    sponsored(commune, d, (alice,))
    commune.consent.open(*arguments(d), alice.tx)


def test_a_sponsorship_that_has_expired_is_none(commune, alice, bob):
    d = sponsored(commune, text_draft(commune), (alice, bob))
    advance(30 * DAY + 1)
    with reverts(error("DocketNotSponsored", d.id(commune), 0, 2)):
        commune.consent.open(*arguments(d), alice.tx)


def test_a_draft_names_the_consent_as_its_proposer(commune, alice, bob):
    """So that nobody opens it as a proposal before it is blocked."""
    good = text_draft(commune)
    for description in (
        good.description.replace(commune.consent.address.lower(), alice.address.lower()),
        good.description.replace("#nonce=", "#n="),
        "",
    ):
        d = Draft(good.targets, good.values, good.calldatas, description)
        refused_to_open(commune, d, alice, (alice, bob), error("ConsentDescriptionSuffix", commune.consent))
    sponsored(commune, good, (alice, bob))
    with reverts(error("DocketDescriptionSuffix", alice)):
        commune.assembly.propose(*good.arguments, good.description, alice.tx)


def test_it_is_opened_once(commune, alice, bob, carol):
    d = text_draft(commune)
    proposal = opened_for_consent(commune, d, alice, (alice, bob))
    for wait in (0, 4 * DAY, 60 * DAY):
        advance(wait + 1)
        with reverts(error("ConsentAlreadyOpened", proposal)):
            commune.consent.open(*arguments(d), carol.tx)


def test_each_has_one_live_consent_proposal(commune, alice, bob, carol):
    first = opened_for_consent(commune, text_draft(commune), alice, (alice, bob))
    second = sponsored(commune, text_draft(commune), (bob, carol))
    refusal = error("ConsentLiveProposal", member_id(commune, alice), first)
    with reverts(refusal):
        commune.consent.open(*arguments(second), alice.tx)
    respond(commune, first, 1, alice, bob, carol)
    to_end_of_window(commune, first)
    assert commune.consent.state(first) == PASSED
    with reverts(refusal):
        commune.consent.open(*arguments(second), alice.tx)
    commune.consent.open(*arguments(second), carol.tx)


def test_who_was_blocked_may_try_again(commune, alice, bob, carol, dave):
    first = opened_for_consent(commune, text_draft(commune), alice, (alice, bob))
    respond(commune, first, BLOCK, carol, dave)
    to_end_of_window(commune, first)
    opened_for_consent(commune, text_draft(commune), alice, (alice, bob))


def test_newcomers_open_and_strangers_do_not(commune, alice, bob, newcomer, stranger):
    admit_directly(commune, newcomer)
    d = sponsored(commune, text_draft(commune), (alice, bob))
    with reverts(error("MembershipNotMember", stranger)):
        commune.consent.open(*arguments(d), stranger.tx)
    commune.consent.open(*arguments(d), newcomer.tx)


def test_a_stale_vote_leaves_what_is_open_alone(commune, alice, bob):
    proposal = opened_for_consent(commune, text_draft(commune), alice, (alice, bob))
    before = commune.consent.consentProposal(proposal)
    timelock = acting_as(commune.timelock)
    for name, value in (("consent.window", 7 * DAY), ("consent.ackBps", 5_000), ("consent.blocks", 5)):
        commune.constitution.setParameter(communes.bytes32(name), value, timelock)
    assert commune.consent.consentProposal(proposal) == before


def test_an_allowance_for_every_call_has_no_key(commune):
    law = commune.constitution
    timelock = acting_as(commune.timelock)
    with reverts(error("ConsentNeedlessKey", bytes.fromhex(WHY[2:]))):
        commune.consent.setAllowance(law, law.adopt.signature, WHY, (True, False, 0, 0), timelock)


def test_the_list_at_the_founding(commune, stranger):
    """Texts, and up to a tenth of an ETH; a keyed allowance covers its key and nothing else."""
    consent, law, commons = commune.consent, commune.constitution, commune.commons
    eth = bytes(32)
    stranger_key = bytes(12) + bytes.fromhex(stranger.address[2:])
    assert consent.allowanceFor(law, law.adopt.signature, WHY) == (True, False, 0, 0)
    assert consent.allowanceFor(commons, commons.pay.signature, eth) == (True, True, 3, CAP)
    nothing = (False, False, 0, 0)
    assert consent.allowanceFor(commons, commons.pay.signature, stranger_key) == nothing
    assert consent.allowanceFor(commons, commons.openPurse.signature, eth) == nothing


def test_a_call_taken_off_the_list_is_off(commune, alice, bob):
    law = commune.constitution
    off = (False, False, 0, 0)
    tx = commune.consent.setAllowance(law, law.adopt.signature, NONE, off, acting_as(commune.timelock))
    assert tx.events["AllowanceSet"]["allowance"] == off
    adopt = bytes.fromhex(law.adopt.signature[2:])
    refused_to_open(commune, text_draft(commune), alice, (alice, bob), error("ConsentNotAllowed", law, adopt))


def test_the_docket_keeps_what_stands(commune, alice, bob):
    d = text_draft(commune)
    consent = acting_as(commune.consent)
    with reverts(error("DocketNotSponsored", d.id(commune), 0, 2)):
        commune.docket.keepSponsorship(d.id(commune), consent)
    sponsored(commune, d, (alice, bob), FOOD)
    mine_at(now() + 30 * DAY + 2)
    with reverts(error("DocketNotSponsored", d.id(commune), 0, 2)):
        commune.docket.keepSponsorship(d.id(commune), consent)
    sponsored(commune, d, (alice, bob), FOOD)
    commune.docket.keepSponsorship(d.id(commune), consent)
    mine_at(now() + 30 * DAY + 2)
    assert commune.docket.keepSponsorship(d.id(commune), consent).return_value == FOOD


def test_what_is_proposed_already_is_no_draft(commune, alice, bob):
    proposal = opened(commune, resolution(commune, alice), alice, (alice, bob), GENERAL)
    with reverts(error("DocketAlreadyProposed", proposal)):
        commune.docket.keepSponsorship(proposal, acting_as(commune.consent))
