"""Guardians, and requests to move a membership to a new account.

The contract settles what time brought about (a due change of guardians, lapsed support) when it is next
touched; so do these handlers, before what the event says.
"""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import table

# Of support, then of a scheduled recovery (contracts/membership/Recovery.sol).
LIFETIME = 30 * 86_400


@table("recoveries", key=["member_id"])
class Recovery(msgspec.Struct, frozen=True):
    """A member's guardians' threshold, the change under way (`pending_from` None: none) and the request.

    `executable_at` is None while support is missing. Supports belong to a round.
    """

    member_id: int
    threshold: int = 0
    pending_threshold: int = 0
    pending_from: int | None = None
    new_account: bytes | None = None
    started_at: int | None = None
    executable_at: int | None = None
    round: int = 0
    veto_spent: bool = False

    def lapsed(self, t: int) -> bool:
        if self.started_at is None:
            return False
        since = self.started_at if self.executable_at is None else self.executable_at
        return t >= since + LIFETIME

    def change_due(self, t: int) -> bool:
        """A change never takes effect while a recovery is scheduled."""
        if self.pending_from is None or t < self.pending_from:
            return False
        return self.executable_at is None or self.lapsed(t)


@table("guardians", key=["member_id", "pending", "guardian"], indexes=[["guardian"]])
class Guardian(msgspec.Struct, frozen=True):
    """`position` is the place in the member's list; `pending` rows are of the change under way."""

    member_id: int
    pending: bool
    guardian: int
    position: int


@table("recovery_supports", key=["member_id", "round", "guardian"])
class RecoverySupport(msgspec.Struct, frozen=True):
    member_id: int
    round: int
    guardian: int
    new_account: bytes
    supported_at: int


recovery = Projection("recovery", tables=[Recovery, Guardian, RecoverySupport])


def _settled(state: State, member_id: int, now: int) -> Recovery:
    known = state.get(Recovery, member_id) or Recovery(member_id)
    due = known.change_due(now)
    if known.lapsed(now):
        known = _round_ended(known)
    if not due:
        return known
    if known.started_at is not None:
        known = _round_ended(known)
    pending = state.select(Guardian, member_id=member_id, pending=True)
    threshold = known.pending_threshold
    _clear(state, member_id, pending=False)
    for guardian in pending:
        state.put(msgspec.structs.replace(guardian, pending=False))
    known = _pending_dropped(state, known)
    return msgspec.structs.replace(known, threshold=threshold, veto_spent=False)


def _round_ended(known: Recovery) -> Recovery:
    return msgspec.structs.replace(
        known, new_account=None, started_at=None, executable_at=None, round=known.round + 1
    )


def _pending_dropped(state: State, known: Recovery) -> Recovery:
    _clear(state, known.member_id, pending=True)
    return msgspec.structs.replace(known, pending_threshold=0, pending_from=None)


def _clear(state: State, member_id: int, *, pending: bool) -> None:
    for row in state.select(Guardian, member_id=member_id, pending=pending):
        state.delete(Guardian, member_id, pending, row.guardian)


@recovery.on(events.RecoveryGuardiansChangeScheduled)
def guardians_change_scheduled(state: State, event: events.RecoveryGuardiansChangeScheduled) -> None:
    known = _settled(state, event.member_id, event.at.timestamp)
    _clear(state, event.member_id, pending=True)
    for position, guardian in enumerate(event.guardians):
        state.put(Guardian(event.member_id, True, guardian, position))
    state.put(
        msgspec.structs.replace(known, pending_threshold=event.threshold, pending_from=event.effective_at)
    )


@recovery.on(events.RecoveryRecoverySupported)
def recovery_supported(state: State, event: events.RecoveryRecoverySupported) -> None:
    now = event.at.timestamp
    known = _settled(state, event.member_id, now)
    state.put(RecoverySupport(event.member_id, known.round, event.guardian, event.new_account, now))
    started_at = now if known.started_at is None else known.started_at
    state.put(msgspec.structs.replace(known, new_account=event.new_account, started_at=started_at))


@recovery.on(events.RecoveryRecoveryScheduled)
def recovery_scheduled(state: State, event: events.RecoveryRecoveryScheduled) -> None:
    known = state.need(Recovery, event.member_id)
    state.put(msgspec.structs.replace(known, executable_at=event.executable_at))


@recovery.on(events.RecoveryRecoveryVetoed)
def recovery_vetoed(state: State, event: events.RecoveryRecoveryVetoed) -> None:
    known = _round_ended(_settled(state, event.member_id, event.at.timestamp))
    state.put(msgspec.structs.replace(known, veto_spent=True))


@recovery.on(events.RecoveryRecoveryCancelled)
def recovery_cancelled(state: State, event: events.RecoveryRecoveryCancelled) -> None:
    known = _round_ended(_settled(state, event.member_id, event.at.timestamp))
    state.put(_pending_dropped(state, known))


@recovery.on(events.RecoveryRecovered)
def recovered(state: State, event: events.RecoveryRecovered) -> None:
    if event.by_vote:
        # The contract does not settle here: guardians whom a thief may have named go as they are.
        known = state.get(Recovery, event.member_id) or Recovery(event.member_id)
        _clear(state, event.member_id, pending=False)
        known = msgspec.structs.replace(known, threshold=0)
    else:
        known = _settled(state, event.member_id, event.at.timestamp)
    known = _pending_dropped(state, _round_ended(known))
    state.put(msgspec.structs.replace(known, veto_spent=False))
