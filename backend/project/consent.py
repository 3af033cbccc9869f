"""Consent: what may pass without a vote, the drafts that were put to consent, and what members said.

As with proposals the state depends on the time: it is worked out when someone asks, from `CONSENT_STATE`.
"""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table

# IConsent.ConsentState; what is in the tables is never Unknown.
CONSENT_STATES = ("Unknown", "Open", "Passed", "Blocked", "Lapsed", "Executed", "Escalated", "Expired")
RESPONSES = ("None", "Acknowledge", "Block", "StandAside")


@table("consent_allowances", key=["target", "selector", "allowance_key"])
class Allowance(msgspec.Struct, frozen=True):
    """What is on the list now. `keyed`: for calls with this first argument only; `argument`: which word is an
    amount, from 1, of which one proposal's add up to `cap` at most; 0 for none."""

    target: bytes
    selector: bytes
    allowance_key: bytes
    keyed: bool
    argument: int
    cap: Uint256
    since: int


@table(
    "consent_proposals",
    key=["proposal_id"],
    indexes=[["opened_block", "opened_position"], ["opener"], ["topic"]],
)
class ConsentProposal(msgspec.Struct, frozen=True):
    """Times in seconds since 1970. `needed` acknowledgements pass it, `block_limit` blocks stop it."""

    proposal_id: Uint256
    opener: int
    topic: int
    description: str
    electorate_at: int
    window_end: int
    expiry: int
    needed: int
    block_limit: int
    pin: bytes
    opened_at: int
    opened_block: int
    opened_position: int
    acknowledged: int = 0
    blocks: int = 0
    stood_aside: int = 0
    executed_at: int | None = None
    escalated_at: int | None = None


@table("consent_actions", key=["proposal_id", "position"])
class ConsentAction(msgspec.Struct, frozen=True):
    """One call; `position` from 0. Nothing is sent along."""

    proposal_id: Uint256
    position: int
    target: bytes
    calldata: bytes


@table("consent_responses", key=["proposal_id", "member_id"], indexes=[["member_id"]])
class ConsentResponse(msgspec.Struct, frozen=True):
    """A member's last word; `block` and `position` are its own."""

    proposal_id: Uint256
    member_id: int
    response: str
    reason: bytes | None
    responded_at: int
    block: int
    position: int


consent = Projection("consent", tables=[Allowance, ConsentProposal, ConsentAction, ConsentResponse])

# Consent.state for proposals c at the time {now}.
CONSENT_STATE = """
CASE
  WHEN c.executed_at IS NOT NULL THEN 'Executed'
  WHEN c.escalated_at IS NOT NULL THEN 'Escalated'
  WHEN c.window_end >= {now} THEN 'Open'
  WHEN c.blocks < c.block_limit AND c.acknowledged < c.needed THEN 'Lapsed'
  WHEN c.expiry < {now} THEN 'Expired'
  WHEN c.blocks >= c.block_limit THEN 'Blocked'
  ELSE 'Passed'
END
"""


@consent.on(events.ConsentAllowanceSet)
def allowance_set(state: State, event: events.ConsentAllowanceSet) -> None:
    given = event.allowance
    if given.allowed:
        key = (event.target, event.selector, event.key)
        state.put(Allowance(*key, given.keyed, given.argument, given.cap, event.at.timestamp))
    elif state.get(Allowance, event.target, event.selector, event.key) is not None:
        state.delete(Allowance, event.target, event.selector, event.key)


@consent.on(events.ConsentConsentOpened)
def opened(state: State, event: events.ConsentConsentOpened) -> None:
    terms, at = event.terms, event.at
    state.insert(
        ConsentProposal(
            proposal_id=event.proposal_id,
            opener=event.opener,
            topic=event.topic,
            description=event.description,
            electorate_at=terms.electorate_at,
            window_end=terms.end,
            expiry=terms.expiry,
            needed=terms.needed,
            block_limit=terms.limit,
            pin=terms.pin,
            opened_at=at.timestamp,
            opened_block=at.block,
            opened_position=at.index,
        )
    )
    for position, (target, calldata) in enumerate(zip(event.targets, event.calldatas, strict=True)):
        state.insert(ConsentAction(event.proposal_id, position, target, calldata))


@consent.on(events.ConsentResponded)
def responded(state: State, event: events.ConsentResponded) -> None:
    at, given = event.at, RESPONSES[event.response]
    state.put(
        ConsentResponse(
            proposal_id=event.proposal_id,
            member_id=event.member_id,
            response=given,
            reason=event.reason if any(event.reason) else None,
            responded_at=at.timestamp,
            block=at.block,
            position=at.index,
        )
    )
    known = _counted(state.need(ConsentProposal, event.proposal_id), RESPONSES[event.previous], -1)
    state.put(_counted(known, given, 1))


@consent.on(events.ConsentConsentExecuted)
def executed(state: State, event: events.ConsentConsentExecuted) -> None:
    known = state.need(ConsentProposal, event.proposal_id)
    state.put(msgspec.structs.replace(known, executed_at=event.at.timestamp))


@consent.on(events.ConsentConsentEscalated)
def escalated(state: State, event: events.ConsentConsentEscalated) -> None:
    known = state.need(ConsentProposal, event.proposal_id)
    state.put(msgspec.structs.replace(known, escalated_at=event.at.timestamp))


def _counted(known: ConsentProposal, response: str, by: int) -> ConsentProposal:
    counts = {
        "None": {},
        "Acknowledge": {"acknowledged": known.acknowledged + by},
        "Block": {"blocks": known.blocks + by},
        "StandAside": {"stood_aside": known.stood_aside + by},
    }
    return msgspec.structs.replace(known, **counts[response])
