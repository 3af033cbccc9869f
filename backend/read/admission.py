"""Admission.sol's reads."""

from __future__ import annotations

from backend.project.admission import Admission, Application, Vouch
from backend.read import assembly, membership
from backend.read.moment import Moment


def closes_at(moment: Moment, application: Application) -> int | None:
    """When the objection window ends, which is when the applicant may be admitted."""
    if application.vouched_at is None:
        return None
    return application.vouched_at + moment.parameters["admission.objectionWindow"]


def expires_at(moment: Moment, application: Application) -> int | None:
    """When an application lapses: for want of vouches, or because nobody admitted after the window."""
    if application.status == "Open":
        return application.applied_at + moment.parameters["admission.expiry"]
    if application.status == "Vouched":
        return (closes_at(moment, application) or 0) + moment.parameters["admission.expiry"]
    return None


def vouchers_of(moment: Moment, member_id: int) -> list[int]:
    """Who vouched for a member when they were last admitted, in the order in which they did."""
    admitted = moment.row(Admission, member_id)
    if admitted is None:
        return []
    found = moment.rows(Vouch, "application_id = ?", (admitted.application_id,), "position")
    return [vouch.member_id for vouch in found]


def vouches_left(moment: Moment, member_id: int) -> int:
    """How often the member may still vouch this season."""
    return _left(moment, "vouches", "vouched_at", member_id, "admission.vouchesPerSeason")


def objections_left(moment: Moment, member_id: int) -> int:
    return _left(moment, "objections", "objected_at", member_id, "admission.objectionsPerSeason")


def admissions_left(moment: Moment) -> int:
    """How many more may be admitted this season."""
    share = moment.parameters["admission.shareBps"]
    of_members = membership.active_at_season_start(moment) * share // 10_000
    used = moment.number("SELECT count(*) FROM applications WHERE admitted_at >= ?", (moment.season_start,))
    return max(0, max(moment.parameters["admission.minPerSeason"], of_members) - used)


def _left(moment: Moment, table: str, at: str, member_id: int, parameter: str) -> int:
    used = moment.number(
        f"SELECT count(*) FROM {table} WHERE member_id = ? AND {at} >= ?",
        (member_id, moment.season_start),
    )
    return max(0, moment.parameters[parameter] - used)


def has_lapsed(moment: Moment, application: Application) -> bool:
    """Whether a pending application has no way left to succeed. One that won its vote waits for room."""
    if application.status == "Contested":
        state = assembly.state_of(moment, application.proposal_id or 0)
        return state in ("Defeated", "Expired", "Canceled")
    end = expires_at(moment, application)
    return end is not None and moment.now >= end
