"""Signs of life: check-ins, notices, waking. Direct ballots, which count too, are in `budgets`."""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import table


@table("check_ins", key=["member_id", "check_in"], indexes=[["attester"]])
class CheckIn(msgspec.Struct, frozen=True):
    """`check_in`: how many the member had made before."""

    member_id: int
    check_in: int
    attester: int
    checked_in_at: int
    woke: bool


@table("presences", key=["member_id"])
class Presence(msgspec.Struct, frozen=True):
    """`signed_at`: the last check-in or waking. `notice_at`: the last notice given, which may have lapsed."""

    member_id: int
    signed_at: int = 0
    notice_at: int | None = None
    check_ins: int = 0
    last_attester: int | None = None


@table("notices", key=["block", "position"], indexes=[["member_id"]])
class Notice(msgspec.Struct, frozen=True):
    block: int
    position: int
    member_id: int
    given_at: int
    dormant_from: int


presence = Projection("presence", tables=[CheckIn, Presence, Notice])


def _presence(state: State, member_id: int) -> Presence:
    return state.get(Presence, member_id) or Presence(member_id)


@presence.on(events.PresenceCheckedIn)
def checked_in(state: State, event: events.PresenceCheckedIn) -> None:
    now = event.at.timestamp
    state.insert(CheckIn(event.member_id, event.check_in, event.attester, now, event.woke))
    state.put(Presence(event.member_id, now, None, event.check_in + 1, event.attester))


@presence.on(events.PresenceNoticeGiven)
def notice_given(state: State, event: events.PresenceNoticeGiven) -> None:
    at = event.at
    state.insert(Notice(at.block, at.index, event.member_id, at.timestamp, event.dormant_from))
    state.put(msgspec.structs.replace(_presence(state, event.member_id), notice_at=at.timestamp))


@presence.on(events.PresenceMarkedDormant)
def marked_dormant(state: State, event: events.PresenceMarkedDormant) -> None:
    state.put(msgspec.structs.replace(_presence(state, event.member_id), notice_at=None))


@presence.on(events.MembershipStatusChanged)
def woken(state: State, event: events.MembershipStatusChanged) -> None:
    """Waking is a sign of life, whichever module brings it about."""
    if (event.from_, event.to) == (2, 1):
        known = _presence(state, event.member_id)
        state.put(msgspec.structs.replace(known, signed_at=event.at.timestamp))
