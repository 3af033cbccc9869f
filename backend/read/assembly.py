"""Assembly.sol's and Docket.sol's reads."""

from __future__ import annotations

from backend.project.assembly import STATE, Proposal, Tally
from backend.project.docket import Draft, Hearing, Sponsor
from backend.read import membership
from backend.read.moment import Moment
from backend.store import table_of

_UNDECIDED = ("Pending", "Active", "Succeeded", "Queued")


def state_sql(moment: Moment) -> str:
    """A proposal's state as an SQL expression over proposals p and tallies t."""
    return STATE.format(now=int(moment.now))


def state_of(moment: Moment, proposal_id: int) -> str | None:
    found = moment.reader.one(
        f"SELECT {state_sql(moment)} FROM proposals p JOIN tallies t ON t.proposal_id = p.proposal_id"
        " WHERE p.proposal_id = ?",
        _key(proposal_id),
    )
    return found[0] if found else None


def live_proposal_of(moment: Moment, member_id: int) -> int | None:
    """The author's last proposal while it is undecided or waits to be executed."""
    found = moment.reader.one(
        "SELECT proposal_id FROM proposals WHERE author = ?"
        " ORDER BY opened_block DESC, opened_position DESC LIMIT 1",
        (member_id,),
    )
    if found is None:
        return None
    proposal_id = int.from_bytes(found[0], "big")
    return proposal_id if state_of(moment, proposal_id) in _UNDECIDED else None


def sponsors_expire_at(moment: Moment, draft: Draft) -> int:
    return draft.since + moment.parameters["assembly.sponsorshipExpiry"]


def sponsors_of(moment: Moment, proposal_id: int) -> list[Sponsor]:
    """In the order in which they sponsored."""
    return moment.rows(Sponsor, "proposal_id = ?", _key(proposal_id), "position")


def votable_at(moment: Moment, hearing: Hearing) -> int | None:
    """When the hearing ends and the vote may be opened."""
    if hearing.started_at is None:
        return None
    return hearing.started_at + moment.parameters["hearing.length"]


def hearing_expires_at(moment: Moment, hearing: Hearing) -> int:
    since = votable_at(moment, hearing)
    since = hearing.requested_at if since is None else since
    return since + moment.parameters["hearing.expiry"]


def quorum_of(moment: Moment, rule: str, t: int) -> int:
    """Heads that a proposal under `rule`, opened right after `t`, would take."""
    base = membership.quorum_base(moment, t)
    share = -(-base * moment.parameters[f"{rule_section(rule)}.quorumBps"] // 10_000)
    return max(share, min(moment.parameters["assembly.quorumFloor"], base), 1)


def rule_section(rule: str) -> str:
    """The section of the parameters that holds a rule's numbers."""
    return {"Constitutional": "constitutional", "Ordinary": "ordinary", "Expulsion": "expulsion"}.get(
        rule, "person"
    )


def proposal_with_tally(moment: Moment, proposal_id: int) -> tuple[Proposal, Tally] | None:
    proposal = moment.row(Proposal, proposal_id)
    tally = moment.row(Tally, proposal_id)
    return (proposal, tally) if proposal and tally else None


def _key(proposal_id: int) -> tuple[bytes]:
    return (table_of(Proposal).value_to_sql("proposal_id", proposal_id),)
