"""Recall.sol's reads."""

from __future__ import annotations

from backend.project.assembly import Tally
from backend.project.recall import PETITION_STATE, Petition, PetitionSignature
from backend.read import assembly
from backend.read.moment import Moment


def state_sql(moment: Moment) -> str:
    """A petition's state as an SQL expression over petitions q."""
    vote = (
        f"(SELECT {assembly.state_sql(moment)} FROM proposals p JOIN tallies t"
        " ON t.proposal_id = p.proposal_id WHERE p.proposal_id = q.proposal_id)"
    )
    return PETITION_STATE.format(now=int(moment.now), vote=vote)


def state_of(moment: Moment, petition_id: int) -> str | None:
    found = moment.reader.one(
        f"SELECT {state_sql(moment)} FROM petitions q WHERE q.petition_id = ?", (petition_id,)
    )
    return found[0] if found else None


def signatures_of(moment: Moment, petition_id: int) -> list[PetitionSignature]:
    """In the order in which they signed."""
    return moment.rows(PetitionSignature, "petition_id = ?", (petition_id,), "position")


def last_on(moment: Moment, office_id: int, member_id: int) -> Petition | None:
    """The last petition on a holder: at most one runs at a time."""
    where = "petition_id = (SELECT max(petition_id) FROM petitions WHERE office_id = ? AND member_id = ?)"
    return next(iter(moment.rows(Petition, where, (office_id, member_id))), None)


def is_frozen(moment: Moment, office_id: int, member_id: int) -> bool:
    """Whether a vote on recalling this holder is open, or passed and not carried out yet."""
    last = last_on(moment, office_id, member_id)
    return last is not None and state_of(moment, last.petition_id) == "Voting"


def cooling_until(moment: Moment, office_id: int, member_id: int) -> int:
    """Until when no new petition on this holder is taken; 0 unless the last one's vote failed."""
    last = last_on(moment, office_id, member_id)
    if last is None or state_of(moment, last.petition_id) != "Failed":
        return 0
    tally = moment.row(Tally, last.proposal_id)
    deadline = tally.deadline if tally is not None else 0
    return deadline + moment.parameters["recall.cooldown"]
