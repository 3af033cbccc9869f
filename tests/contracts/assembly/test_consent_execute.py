"""`Consent.execute`: what passed is carried out once, if it is still what was agreed to and still allowed."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.assembly.consenting import (
    ACKNOWLEDGE,
    BLOCK,
    CAP,
    ETH,
    EXECUTED,
    EXPIRED,
    LAPSED,
    OPEN,
    PASSED,
    WHY,
    arguments,
    carry_out,
    opened_for_consent,
    payment_draft,
    respond,
    text_draft,
    to_end_of_window,
)
from tests.contracts.clock import mine_at
from tests.contracts.code import set_code
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import draft, member_id, sponsored

NONE = b"\0" * 32


@pytest.fixture(scope="module", autouse=True)
def money(commune, accounts):
    accounts[30].transfer(commune.commons, 100 * CAP)


@pytest.fixture(scope="module")
def consented(commune, alice, bob, carol):
    """Opens a draft and lets it pass; returns the draft."""

    def send(d):
        proposal = opened_for_consent(commune, d, alice, (alice, bob))
        respond(commune, proposal, ACKNOWLEDGE, alice, bob, carol)
        to_end_of_window(commune, proposal)
        assert commune.consent.state(proposal) == PASSED
        return d

    return send


def test_what_passed_by_consent_is_carried_out_by_anyone(commune, consented, stranger, accounts):
    shop = accounts[20]
    before = shop.balance()
    d = consented(payment_draft(commune, CAP // 2, CAP // 4, to=shop))
    tx = carry_out(commune, d, stranger)
    assert tx.events["ConsentExecuted"]["proposalId"] == d.id(commune)
    assert shop.balance() == before + CAP // 4 * 3
    assert commune.consent.state(d.id(commune)) == EXECUTED


def test_a_text_is_adopted_by_consent(commune, consented, stranger):
    text = communes.text_hash("We paint the door green")
    tx = carry_out(commune, consented(text_draft(commune)), stranger)
    assert tx.events["ResolutionAdopted"]["textHash"] == "0x" + text


def test_it_is_carried_out_once(commune, consented, stranger):
    d = consented(text_draft(commune))
    carry_out(commune, d, stranger)
    with reverts(error("ConsentWrongState", d.id(commune), EXECUTED, PASSED)):
        carry_out(commune, d, stranger)


def test_nothing_is_carried_out_before_its_end_or_without_consent(commune, alice, bob, carol, stranger):
    d = text_draft(commune)
    proposal = opened_for_consent(commune, d, alice, (alice, bob))
    respond(commune, proposal, ACKNOWLEDGE, alice, bob)
    respond(commune, proposal, BLOCK, carol)
    with reverts(error("ConsentWrongState", proposal, OPEN, PASSED)):
        carry_out(commune, d, stranger)
    to_end_of_window(commune, proposal)
    with reverts(error("ConsentWrongState", proposal, LAPSED, PASSED)):
        carry_out(commune, d, stranger)


def test_consent_expires(commune, consented, stranger):
    d = consented(text_draft(commune))
    mine_at(commune.consent.consentProposal(d.id(commune))["expiry"] + 1)
    with reverts(error("ConsentWrongState", d.id(commune), EXPIRED, PASSED)):
        carry_out(commune, d, stranger)
    assert commune.consent.liveProposalOf(1) == 0


def test_what_is_taken_off_the_list_meanwhile_is_not_carried_out(commune, consented, stranger):
    law = commune.constitution
    d = consented(text_draft(commune))
    commune.consent.setAllowance(
        law, law.adopt.signature, NONE, (False, False, 0, 0), acting_as(commune.timelock)
    )
    with reverts(error("ConsentNotAllowed", law, bytes.fromhex(law.adopt.signature[2:]))):
        carry_out(commune, d, stranger)


def test_a_lower_cap_holds_for_what_has_passed(commune, consented, stranger, accounts):
    commons = commune.commons
    pay = commons.pay.signature
    d = consented(payment_draft(commune, CAP, to=accounts[20]))
    commune.consent.setAllowance(commons, pay, NONE, (True, True, 3, CAP - 1), acting_as(commune.timelock))
    with reverts(error("ConsentOverCap", commons, bytes.fromhex(pay[2:]), CAP, CAP - 1)):
        carry_out(commune, d, stranger)


def test_a_stricter_rule_holds_for_what_has_passed(commune, consented, stranger):
    law = commune.constitution
    d = consented(text_draft(commune))
    law.setRule(law, law.adopt.signature, communes.CONSTITUTIONAL, acting_as(commune.timelock))
    with reverts(error("ConsentNotOrdinary", d.id(commune))):
        carry_out(commune, d, stranger)


def test_other_code_behind_a_target_is_not_called(commune, alice, bob, carol, stranger, project_contracts):
    """What was agreed to was what the code did then."""
    target = project_contracts["ReenteringTarget"].deploy(alice.tx)
    timelock = acting_as(commune.timelock)
    act = target.act.signature
    commune.consent.setAllowance(target, act, NONE, (True, False, 0, 0), timelock)
    commune.constitution.setRule(target, act, communes.ORDINARY, timelock)
    d = draft(commune.consent, (target, act))
    proposal = opened_for_consent(commune, d, alice, (alice, bob))
    respond(commune, proposal, ACKNOWLEDGE, alice, bob, carol)
    to_end_of_window(commune, proposal)
    set_code(target, "0x00")
    pinned = bytes(commune.consent.consentProposal(proposal)["pin"])
    found = bytes(commune.constitution.pinOf([target]))
    assert pinned != found
    with reverts(error("ConsentCodeChanged", proposal, pinned, found)):
        carry_out(commune, d, stranger)


def test_a_target_cannot_have_it_carried_out_twice(commune, alice, bob, carol, stranger, project_contracts):
    """Calling back while it is being carried out."""
    target = project_contracts["ReenteringTarget"].deploy(alice.tx)
    timelock = acting_as(commune.timelock)
    act = target.act.signature
    commune.consent.setAllowance(target, act, NONE, (True, False, 0, 0), timelock)
    commune.constitution.setRule(target, act, communes.ORDINARY, timelock)
    d = draft(commune.consent, (target, act))
    again = commune.consent.execute.encode_input(*arguments(d)[:2], d.description_hash)
    target.prepare(commune.consent, again, alice.tx)
    proposal = opened_for_consent(commune, d, alice, (alice, bob))
    respond(commune, proposal, ACKNOWLEDGE, alice, bob, carol)
    to_end_of_window(commune, proposal)
    tx = carry_out(commune, d, stranger)
    assert tx.events["CalledBack"]["success"] is False
    assert len(tx.events["CalledBack"]) == 1
    assert commune.consent.state(proposal) == EXECUTED


def test_if_one_call_fails_none_is_made(commune, consented, stranger, accounts):
    """The second one's receiver takes no money; it can be tried again until it expires."""
    shop = accounts[20]
    before = shop.balance()
    pay = commune.commons.pay.encode_input
    d = consented(
        draft(
            commune.consent,
            (commune.commons, pay(ETH, shop, 5, WHY)),
            (commune.commons, pay(ETH, commune.constitution, 5, WHY)),
        )
    )
    with reverts(revert_pattern="ConsentCallFailed: 1, .*"):
        carry_out(commune, d, stranger)
    assert shop.balance() == before
    assert commune.consent.state(d.id(commune)) == PASSED


def test_the_brake_holds_for_consent_too(commune, consented, stranger, accounts):
    timelock = acting_as(commune.timelock)
    d = consented(payment_draft(commune, CAP, to=accounts[20]))
    commons = commune.commons
    commons.pay(ETH, accounts[20], commons.brakeLeft(ETH) - CAP + 1, WHY, timelock)
    with reverts(revert_pattern="ConsentCallFailed: 0, .*"):
        carry_out(commune, d, stranger)


def test_consent_holds_the_powers_of_its_list_and_no_others(commune):
    """Every role it has, and all that those roles may call."""
    held = {role for role, (_, holders, _) in communes.ROLES.items() if "consent" in holders}
    calls = {call for role in held for call in communes.ROLES[role][2]}
    assert calls == {(target, function) for target, function, *_ in communes.CONSENT}
    for number, _, _ in communes.ROLES.values():
        is_member, delay = commune.powers.hasRole(number, commune.consent)
        assert is_member == (number in {communes.ROLES[role][0] for role in held})
        assert delay == 0
    assert not commune.powers.hasRole(communes.ADMIN, commune.consent)[0]


def test_somebody_elses_actions_are_another_proposal(commune, consented, alice, bob, stranger):
    """The id binds actions and text: nothing else is carried out in its name."""
    d = consented(text_draft(commune))
    other = sponsored(commune, text_draft(commune, "We sell the door"), (alice, bob))
    with reverts(error("ConsentWrongState", other.id(commune), 0, PASSED)):
        carry_out(commune, other, stranger)
    assert commune.consent.liveProposalOf(member_id(commune, alice)) == d.id(commune)
