"""Mediation.sol's reads."""

from __future__ import annotations

from collections.abc import Iterator

from backend.project.draws import Draw
from backend.project.mediation import Case, CaseAnswer, CaseEvidence, CaseParty
from backend.project.membership import Member
from backend.read import admission, membership
from backend.read.due import Due
from backend.read.moment import Moment


def case(moment: Moment, case_id: int) -> Case | None:
    return moment.row(Case, case_id)


def parties_of(moment: Moment, case_id: int) -> list[CaseParty]:
    """The claimant first."""
    return moment.rows(CaseParty, "case_id = ?", (case_id,), "position")


def evidence_of(moment: Moment, case_id: int) -> list[CaseEvidence]:
    """In the order in which it was given; first what the case was opened with."""
    return moment.rows(CaseEvidence, "case_id = ?", (case_id,), "position")


def answers_of(moment: Moment, case_id: int) -> list[CaseAnswer]:
    """To all mediators that were drawn."""
    return moment.rows(CaseAnswer, "case_id = ?", (case_id,), "mediators, answered_at, member_id")


def has_answered(moment: Moment, found: Case, member_id: int) -> bool:
    """Whether a party, or the mediator, has answered about the mediator drawn last."""
    return moment.row(CaseAnswer, found.case_id, found.mediators, member_id) is not None


def cases_left(moment: Moment, member_id: int) -> int:
    """How many more cases the member may open this season; those about reviews are not counted."""
    used = moment.number(
        "SELECT count(*) FROM cases WHERE claimant = ? AND review_id IS NULL AND opened_at >= ?",
        (member_id, moment.season_start),
    )
    return max(0, moment.parameters["mediation.cases"] - used)


def case_of_review(moment: Moment, review_id: int) -> int:
    """The case about a review, or 0."""
    return moment.number("SELECT case_id FROM cases WHERE review_id = ?", (review_id,))


def excluded(moment: Moment, case_id: int) -> set[int]:
    """Who can neither help nor decide, whatever else they are: the parties and who vouched for one."""
    parties = {party.member_id for party in parties_of(moment, case_id)}
    return parties.union(*(admission.vouchers_of(moment, member_id) for member_id in parties))


def is_eligible(moment: Moment, found: Case, member_id: int) -> bool:
    """Whether a member may help or decide in a case."""
    who = moment.row(Member, member_id)
    if who is None or not membership.is_full(moment, who) or member_id in excluded(moment, found.case_id):
        return False
    return membership.may_vote(moment, who, found.electorate_at)


def step_of(moment: Moment, found: Case) -> str | None:
    """What anyone can do to bring the case on now, until a panel takes it over."""
    if found.state == "Drawing":
        draw = moment.row(Draw, found.draw_id or 0)
        return "seatMediator" if draw is not None and draw.number is not None else None
    if found.state in ("Accepting", "Mediating"):
        return "moveOn" if moment.now > (found.until or 0) else None
    return "convene" if found.state == "Failed" else None


def due(moment: Moment) -> Iterator[Due]:
    """What anyone can do to bring a case on now, until a panel takes it over."""
    unfinished = "state IN ('Drawing', 'Accepting', 'Mediating', 'Failed')"
    for found in moment.rows(Case, unfinished):
        step = step_of(moment, found)
        if step is not None:
            yield Due("panels" if step == "convene" else "mediation", step, (found.case_id,))
