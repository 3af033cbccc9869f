"""Drafts for consent, and what members do with them."""

from brownie import ZERO_ADDRESS

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.people import GENERAL, draft, resolution, sponsored

# IConsent.Response
NOTHING_SAID, ACKNOWLEDGE, BLOCK, STAND_ASIDE = range(4)
# IConsent.ConsentState
UNKNOWN, OPEN, PASSED, BLOCKED, LAPSED, EXECUTED, ESCALATED, EXPIRED = range(8)
ETH = ZERO_ADDRESS
CAP = 10**17
WHY = "0x" + communes.text_hash("It would flood the cellar")
NO_REASON = b"\0" * 32


def text_draft(commune, text="We paint the door green"):
    """A draft for consent that records a text."""
    return resolution(commune, commune.consent, text)


def payment_draft(commune, *amounts, to, asset=ETH):
    """A draft for consent that pays amounts to somebody."""
    pay = commune.commons.pay
    actions = [(commune.commons, pay.encode_input(asset, to, amount, WHY)) for amount in amounts]
    return draft(commune.consent, *actions, text="We buy paint")


def arguments(d):
    """What `open` and `escalate` take."""
    return list(d.targets), list(d.calldatas), d.description


def opened_for_consent(commune, d, opener, sponsors, topic=GENERAL):
    """Sponsor a draft and open it for consent; returns its id."""
    sponsored(commune, d, sponsors, topic)
    advance(1)
    commune.consent.open(*arguments(d), opener.tx)
    return d.id(commune)


def respond(commune, proposal, response, *members):
    """The same response of several members; with a reason where it takes one."""
    for member in members:
        reason = NO_REASON if response == ACKNOWLEDGE else WHY
        commune.consent.respond(proposal, response, reason, member.tx)


def to_end_of_window(commune, proposal):
    mine_at(max(now(), commune.consent.consentProposal(proposal)["end"]) + 1)


def carry_out(commune, d, sender):
    return commune.consent.execute(*arguments(d)[:2], d.description_hash, sender.tx)
