"""Offices.sol's reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.project.membership import Member
from backend.project.offices import Bar, Mandate, MandateUse, Office, StipendClaim, Tenure
from backend.read import membership
from backend.read.moment import Moment


@dataclass(frozen=True)
class Left:
    """What holders can still do with a call of the mandate in this period."""

    calls: int
    amount: int


@dataclass(frozen=True)
class Earned:
    """Pay for a calendar period that is over and was not claimed: the tenure's part of it."""

    period_start: int
    units: int


def office(moment: Moment, office_id: int) -> Office | None:
    return moment.row(Office, office_id)


def period_of(moment: Moment, t: int) -> int:
    """The start of the calendar period of `t`: ICommons.periodOf."""
    return t - t % moment.parameters["commons.period"]


def tenures_at(moment: Moment, office_id: int, t: int) -> list[Tenure]:
    """As things stand, whoever of them is active."""
    return moment.rows(Tenure, "office_id = ? AND held_from <= ? AND held_until > ?", (office_id, t, t))


def tenures_from(moment: Moment, office_id: int) -> list[Tenure]:
    """Those that run, or will."""
    where = "office_id = ? AND held_until > ? AND held_until > held_from"
    return moment.rows(Tenure, where, (office_id, moment.now), "held_from, tenure_id")


def is_held(moment: Moment, tenure: Tenure) -> bool:
    """Whether its member can exercise the office now: is active, and did not leave and come back since."""
    if not tenure.held_from <= moment.now < tenure.held_until:
        return False
    who = moment.row(Member, tenure.member_id)
    return who is not None and who.status == "Active" and who.joined_at <= tenure.given_at


def holders_of(moment: Moment, office_id: int) -> list[int]:
    running = tenures_at(moment, office_id, moment.now)
    return [tenure.member_id for tenure in running if is_held(moment, tenure)]


def vacant_at(moment: Moment, held: Office, t: int) -> int:
    """Seats without a tenure, as things stand."""
    if held.abolished_at is not None:
        return 0
    return max(0, held.seats - len(tenures_at(moment, held.office_id, t)))


def next_vacancy(moment: Moment, held: Office, horizon: int) -> int | None:
    """The first second from now, `horizon` seconds ahead at most, in which a seat has no tenure."""
    ends = {tenure.held_until for tenure in tenures_from(moment, held.office_id)}
    until = moment.now + horizon
    for t in [moment.now, *sorted(end for end in ends if end <= until)]:
        if vacant_at(moment, held, t):
            return t
    return None


def lead_of(moment: Moment, held: Office) -> int:
    """How long before a vacancy an election for it can be opened, seconds."""
    return min(moment.parameters["office.lead"], held.term)


def mandate_of(moment: Moment, office_id: int) -> list[Mandate]:
    return moment.rows(Mandate, "office_id = ?", (office_id,))


def mandate_left(moment: Moment, entry: Mandate) -> Left:
    used = moment.row(MandateUse, entry.office_id, entry.target, entry.selector)
    if used is None or used.period_end <= period_of(moment, moment.now):
        return Left(entry.calls, entry.cap)
    return Left(max(0, entry.calls - used.calls), max(0, entry.cap - used.amount))


def bars_of(moment: Moment, office_id: int) -> list[Bar]:
    """Who cannot hold the office now, since they were recalled from it."""
    return moment.rows(Bar, "office_id = ? AND until > ?", (office_id, moment.now))


def barred_until(moment: Moment, office_id: int, member_id: int) -> int:
    """0 if they never were."""
    found = moment.row(Bar, office_id, member_id)
    return found.until if found else 0


def claims_of(moment: Moment, tenure_id: int) -> list[StipendClaim]:
    return moment.rows(StipendClaim, "tenure_id = ?", (tenure_id,))


def unclaimed(moment: Moment, tenure: Tenure, claims: Sequence[StipendClaim]) -> list[Earned]:
    """By the seconds that were served of each period that is over; the worker's pay may cap it further."""
    length = moment.parameters["commons.period"]
    end = min(served_until(moment, tenure), period_of(moment, moment.now))
    claimed = {claim.period_start for claim in claims}
    found = []
    for start in range(period_of(moment, tenure.held_from), end, length):
        served = min(start + length, end) - max(start, tenure.held_from)
        units = tenure.stipend * served // length
        if start not in claimed and units:
            found.append(Earned(start, units))
    return found


def served_until(moment: Moment, tenure: Tenure) -> int:
    """The second before which a tenure was served. Who went served until they did, where that can be told."""
    who = moment.row(Member, tenure.member_id)
    end = min(tenure.held_until, moment.now)
    if who is None:
        return tenure.held_from
    if who.status != "Active":
        end = min(end, who.since)
    came_back = who.joined_at > tenure.given_at and end > who.joined_at
    if end <= tenure.held_from or came_back or not membership.active_at(moment, who.member_id, end - 1):
        return tenure.held_from
    return end
