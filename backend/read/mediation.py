"""Mediation.sol's reads."""

from __future__ import annotations

from collections.abc import Iterator

from backend.project.mediation import Case, CaseAnswer, CaseEvidence, CaseMediator, CaseParty, CaseVoucher
from backend.project.membership import Member
from backend.read import admission, draws, membership
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


def mediators_of(moment: Moment, case_id: int) -> list[CaseMediator]:
    """Everyone who was drawn, and the draw that is to give one."""
    return moment.rows(CaseMediator, "case_id = ?", (case_id,), "position")


def text_of_draw(moment: Moment, draw_id: int) -> str | None:
    """What a mediator's draw is about, as Mediation.sol writes it; None for any other draw."""
    found = moment.rows(CaseMediator, "draw_id = ?", (draw_id,))
    return f"Mediator {found[0].position} for case {found[0].case_id}" if found else None


def has_answered(moment: Moment, found: Case, member_id: int) -> bool:
    """Whether a party, or the mediator, has accepted; once all had, whether a party has signed. It means
    nothing of a case that was taken back, or whose mediation failed."""
    if found.state == "Accepting":
        answer = moment.row(CaseAnswer, found.case_id, found.mediators, member_id)
        return answer is not None
    party = moment.row(CaseParty, found.case_id, member_id)
    return found.state in ("Mediating", "Settled") and party is not None and party.signed_at is not None


def cases_left(moment: Moment, member_id: int) -> int:
    """How many more cases the member may open this season."""
    used = moment.number(
        "SELECT count(*) FROM cases WHERE claimant = ? AND opened_at >= ?", (member_id, moment.season_start)
    )
    return max(0, moment.parameters["mediation.cases"] - used)


def case_of_review(moment: Moment, review_id: int) -> int:
    """The last case about a review, or 0."""
    return moment.number("SELECT max(case_id) FROM cases WHERE review_id = ?", (review_id,))


def vouchers_of(moment: Moment, case_id: int) -> list[int]:
    """Who had vouched for a party when the case opened, without the parties."""
    return [row.member_id for row in moment.rows(CaseVoucher, "case_id = ?", (case_id,))]


def is_eligible(moment: Moment, found: Case, member_id: int) -> bool:
    """Whether a member may help or decide in a case."""
    who = moment.row(Member, member_id)
    if who is None or not membership.is_full(moment, who):
        return False
    if not membership.may_vote(moment, who, found.electorate_at):
        return False
    if member_id in vouchers_of(moment, found.case_id):
        return False
    parties = [party.member_id for party in parties_of(moment, found.case_id)]
    return member_id not in parties and not any(
        member_id in admission.vouchers_of(moment, party) for party in parties
    )


def eligible_count(moment: Moment, found: Case) -> int:
    """How many members were active when it opened, without its parties and their vouchers."""
    parties = [party.member_id for party in parties_of(moment, found.case_id)]
    without = [*parties, *vouchers_of(moment, found.case_id)]
    at = found.electorate_at
    active = sum(membership.active_at(moment, member_id, at) for member_id in without)
    return membership.active_count_at(moment, at) - active


def step_of(moment: Moment, found: Case) -> str | None:
    """What anyone can do to bring the case on now, until a panel takes it over."""
    if found.state == "Drawing":
        return "seatMediator" if draws.is_captured(moment, found.draw_id) else None
    if found.state in ("Accepting", "Mediating"):
        late = moment.now > found.until or not is_eligible(moment, found, found.mediator or 0)
        return "moveOn" if late else None
    return "convene" if found.state == "Failed" else None


def due(moment: Moment) -> Iterator[Due]:
    """What anyone can do to bring a case on now, until a panel takes it over."""
    unfinished = "state IN ('Drawing', 'Accepting', 'Mediating', 'Failed')"
    for found in moment.rows(Case, unfinished):
        step = step_of(moment, found)
        if step is not None:
            yield Due("panels" if step == "convene" else "mediation", step, (found.case_id,))
