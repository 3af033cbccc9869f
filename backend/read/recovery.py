"""Recovery.sol's reads."""

from __future__ import annotations

from dataclasses import dataclass

from backend.project.membership import Member
from backend.project.recovery import Guardian, Recovery, RecoverySupport
from backend.read import membership
from backend.read.moment import Moment


@dataclass(frozen=True)
class Guardians:
    """`effective_at` of a change under way; None for those in force."""

    members: list[int]
    threshold: int
    effective_at: int | None = None


@dataclass(frozen=True)
class Request:
    """`executable_at` is None while support is missing."""

    new_account: bytes
    supporters: list[int]
    executable_at: int | None


def recovery(moment: Moment, member_id: int) -> Recovery:
    return moment.row(Recovery, member_id) or Recovery(member_id)


def guardians_of(moment: Moment, member_id: int) -> Guardians:
    """In force now."""
    known = recovery(moment, member_id)
    if known.change_due(moment.now):
        return Guardians(_listed(moment, member_id, pending=True), known.pending_threshold)
    return Guardians(_listed(moment, member_id, pending=False), known.threshold)


def pending_guardians_of(moment: Moment, member_id: int) -> Guardians | None:
    known = recovery(moment, member_id)
    if known.pending_from is None or known.change_due(moment.now):
        return None
    listed = _listed(moment, member_id, pending=True)
    return Guardians(listed, known.pending_threshold, known.pending_from)


def request_of(moment: Moment, member_id: int) -> Request | None:
    known = recovery(moment, member_id)
    if known.new_account is None or known.lapsed(moment.now) or known.change_due(moment.now):
        return None
    supporters = []
    for guardian in _listed(moment, member_id, pending=False):
        support = moment.row(RecoverySupport, member_id, known.round, guardian)
        if support is not None and support.new_account == known.new_account:
            who = moment.row(Member, guardian)
            if who is not None and membership.is_full(moment, who):
                supporters.append(guardian)
    return Request(known.new_account, supporters, known.executable_at)


def required_support(moment: Moment, member_id: int) -> int:
    """How many supporters a request takes now."""
    known = recovery(moment, member_id)
    if known.change_due(moment.now):
        return known.pending_threshold
    guardians = len(_listed(moment, member_id, pending=False))
    more = known.veto_spent and known.threshold < guardians
    return known.threshold + (1 if more else 0)


def veto_spent(moment: Moment, member_id: int) -> bool:
    known = recovery(moment, member_id)
    return known.veto_spent and not known.change_due(moment.now)


def _listed(moment: Moment, member_id: int, *, pending: bool) -> list[int]:
    rows = moment.rows(Guardian, "member_id = ? AND pending = ?", (member_id, int(pending)), "position")
    return [row.guardian for row in rows]
