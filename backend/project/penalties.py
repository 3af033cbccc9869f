"""Penalties that wait: imposed, appealed, struck by a vote or carried out.

Only what was carried out counts in a score, and stands in the ledger of reputation.
"""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.projection import Projection
from backend.project.reputation import REASONS
from backend.project.state import State
from backend.store import table

# IPenalties.PenaltyState; what is in the tables is never Unknown.
PENALTY_STATES = ("Unknown", "Pending", "Carried", "Struck")


@table("penalties", key=["penalty_id"], indexes=[["member_id"], ["state", "due_at"]])
class Penalty(msgspec.Struct, frozen=True):
    """`amount` in micro-points; `source`: the module that imposed it, at (`block`, `position`).

    `due_at`: from when it can be carried out. `ended_at`: when it was carried out, for `taken` micro-points,
    or struck, for `strike_reason`.
    """

    penalty_id: int
    member_id: int
    topic: int
    amount: int
    reason: str
    evidence: bytes
    source: bytes
    state: str
    due_at: int
    imposed_at: int
    block: int
    position: int
    appealed_at: int | None
    grounds: bytes | None
    ended_at: int | None
    taken: int | None
    strike_reason: bytes | None


penalties = Projection("penalties", tables=[Penalty])


@penalties.on(events.PenaltiesPenaltyImposed)
def penalty_imposed(state: State, event: events.PenaltiesPenaltyImposed) -> None:
    terms, at = event.penalty, event.at
    state.insert(
        Penalty(
            penalty_id=event.penalty_id,
            member_id=event.member_id,
            topic=event.topic,
            amount=terms.amount,
            reason=REASONS[terms.reason],
            evidence=terms.evidence,
            source=terms.source,
            state="Pending",
            due_at=terms.due_at,
            imposed_at=at.timestamp,
            block=at.block,
            position=at.index,
            appealed_at=None,
            grounds=None,
            ended_at=None,
            taken=None,
            strike_reason=None,
        )
    )


@penalties.on(events.PenaltiesPenaltyAppealed)
def penalty_appealed(state: State, event: events.PenaltiesPenaltyAppealed) -> None:
    at = event.at.timestamp
    _update(state, event.penalty_id, appealed_at=at, grounds=event.grounds, due_at=event.due_at)


@penalties.on(events.PenaltiesPenaltyStruck)
def penalty_struck(state: State, event: events.PenaltiesPenaltyStruck) -> None:
    at = event.at.timestamp
    _update(state, event.penalty_id, state="Struck", ended_at=at, strike_reason=event.reason)


@penalties.on(events.PenaltiesPenaltyCarried)
def penalty_carried(state: State, event: events.PenaltiesPenaltyCarried) -> None:
    at = event.at.timestamp
    _update(state, event.penalty_id, state="Carried", ended_at=at, taken=event.taken)


def _update(state: State, penalty_id: int, /, **changes: object) -> None:
    state.put(msgspec.structs.replace(state.need(Penalty, penalty_id), **changes))
