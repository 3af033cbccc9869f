"""Consent.sol's reads."""

from __future__ import annotations

from backend.project.consent import CONSENT_STATE, Allowance, ConsentProposal
from backend.read.moment import Moment
from backend.store import table_of

_LIVE = ("Open", "Passed")


def state_sql(moment: Moment) -> str:
    """A consent proposal's state as an SQL expression over consent proposals c."""
    return CONSENT_STATE.format(now=int(moment.now))


def state_of(moment: Moment, proposal_id: int) -> str | None:
    found = moment.reader.one(
        f"SELECT {state_sql(moment)} FROM consent_proposals c WHERE c.proposal_id = ?",
        (table_of(ConsentProposal).value_to_sql("proposal_id", proposal_id),),
    )
    return found[0] if found else None


def live_proposal_of(moment: Moment, member_id: int) -> int | None:
    """The member's last consent proposal while it is undecided or waits to be carried out."""
    found = moment.reader.one(
        "SELECT proposal_id FROM consent_proposals WHERE opener = ?"
        " ORDER BY opened_block DESC, opened_position DESC LIMIT 1",
        (member_id,),
    )
    if found is None:
        return None
    proposal_id = int.from_bytes(found[0], "big")
    return proposal_id if state_of(moment, proposal_id) in _LIVE else None


def allowance_for(moment: Moment, target: bytes, selector: bytes, first: bytes) -> Allowance | None:
    """The allowance that covers a call with this first argument."""
    found = moment.row(Allowance, target, selector, first)
    if found is not None and found.keyed:
        return found
    general = moment.row(Allowance, target, selector, bytes(32))
    return None if general is None or general.keyed else general
