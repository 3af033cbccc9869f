"""The register: members, their accounts and statuses, and how many were active when."""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import table

STATUSES = ("None", "Active", "Dormant", "Left", "Expelled")


@table("members", key=["member_id"], indexes=[["account"], ["status"]])
class Member(msgspec.Struct, frozen=True):
    """Times in seconds since 1970. `joined_at` is the last admission, `first_joined_at` the first."""

    member_id: int
    account: bytes
    status: str
    since: int
    joined_at: int
    founder: bool
    first_joined_at: int


@table("status_changes", key=["block", "position"], indexes=[["member_id"]])
class StatusChange(msgspec.Struct, frozen=True):
    block: int
    position: int
    member_id: int
    from_status: str
    to_status: str
    changed_at: int


@table("accounts", key=["account"], indexes=[["member_id"]])
class Account(msgspec.Struct, frozen=True):
    """When an account held a membership: from `held_from` until `held_until`, or still."""

    account: bytes
    member_id: int
    held_from: int
    held_until: int | None


@table("active_counts", key=["counted_at"])
class ActiveCount(msgspec.Struct, frozen=True):
    """Active members at the end of second `counted_at`, until the next row; `peak` is the most within it."""

    counted_at: int
    active: int
    peak: int


@table("member_counts", key=["commune"])
class MemberCounts(msgspec.Struct, frozen=True):
    """One row, keyed 1. `members` counts the memberIds ever given."""

    commune: int = 1
    members: int = 0
    active: int = 0


membership = Projection("membership", tables=[Member, StatusChange, Account, ActiveCount, MemberCounts])


@membership.on(events.MembershipMemberAdmitted)
def member_admitted(state: State, event: events.MembershipMemberAdmitted) -> None:
    now = event.at.timestamp
    known = state.get(Member, event.member_id)
    if known is None:
        state.insert(Member(event.member_id, event.account, "None", now, now, event.founder, now))
        counts = _counts(state)
        state.put(msgspec.structs.replace(counts, members=counts.members + 1))
        state.put(Account(event.account, event.member_id, now, None))
    else:
        state.put(msgspec.structs.replace(known, account=event.account, joined_at=now, founder=event.founder))


@membership.on(events.MembershipStatusChanged)
def status_changed(state: State, event: events.MembershipStatusChanged) -> None:
    at = event.at
    before, after = STATUSES[event.from_], STATUSES[event.to]
    state.put(msgspec.structs.replace(state.need(Member, event.member_id), status=after, since=at.timestamp))
    state.insert(StatusChange(at.block, at.index, event.member_id, before, after, at.timestamp))
    change = (after == "Active") - (before == "Active")
    if change:
        counts = _counts(state)
        active = counts.active + change
        state.put(msgspec.structs.replace(counts, active=active))
        earlier = state.get(ActiveCount, at.timestamp)
        peak = max(active, earlier.peak) if earlier else active
        state.put(ActiveCount(at.timestamp, active, peak))


@membership.on(events.MembershipAccountMoved)
def account_moved(state: State, event: events.MembershipAccountMoved) -> None:
    now = event.at.timestamp
    state.put(msgspec.structs.replace(state.need(Member, event.member_id), account=event.to))
    state.put(msgspec.structs.replace(state.need(Account, event.from_), held_until=now))
    state.put(Account(event.to, event.member_id, now, None))


def _counts(state: State) -> MemberCounts:
    return state.get(MemberCounts, 1) or MemberCounts()
