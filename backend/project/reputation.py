"""Reputation: the ledger of reasons, and for each member and topic the accumulator that scores come from."""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.constitution import Era, season_at
from backend.project.fading import Accumulator, Fading
from backend.project.membership import Member
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table

REASONS = ("Decision", "Voucher", "Assignment", "Review", "Agreement", "Mediation")
TOTAL = 0


@table("fading", key=["commune"])
class FadingRow(msgspec.Struct, frozen=True):
    """One row, keyed 1."""

    commune: int
    half_life: int
    origin: int


@table(
    "reputation_entries",
    key=["block", "position"],
    indexes=[["member_id", "block", "position"], ["topic", "block", "position"]],
)
class Entry(msgspec.Struct, frozen=True):
    """One change, in micro-points: below 0 for a penalty. `requested`: what the module asked for."""

    block: int
    position: int
    member_id: int
    topic: int
    amount: int
    requested: int
    reason: str
    evidence: bytes
    confirmer: int | None
    source: bytes
    recorded_at: int


@table("scores", key=["member_id", "topic"])
class Score(msgspec.Struct, frozen=True):
    """The present accumulator; topic 0 is the member's total."""

    member_id: int
    topic: int
    mantissa: Uint256
    base: int


@table("score_checkpoints", key=["member_id", "topic", "changed_at"])
class ScoreCheckpoint(msgspec.Struct, frozen=True):
    """The accumulator at the end of second `changed_at`."""

    member_id: int
    topic: int
    changed_at: int
    mantissa: Uint256
    base: int


@table("season_gains", key=["member_id", "topic", "season"])
class SeasonGain(msgspec.Struct, frozen=True):
    """Micro-points gained, which the season's cap is about."""

    member_id: int
    topic: int
    season: int
    amount: int


@table("season_confirmations", key=["confirmer", "season"])
class SeasonConfirmation(msgspec.Struct, frozen=True):
    """Micro-points that a member has confirmed of others, which their season's budget is about."""

    confirmer: int
    season: int
    amount: int


@table("confirmations", key=["confirmer", "member_id"])
class Confirmation(msgspec.Struct, frozen=True):
    confirmer: int
    member_id: int
    times: int


reputation = Projection(
    "reputation",
    tables=[FadingRow, Entry, Score, ScoreCheckpoint, SeasonGain, SeasonConfirmation, Confirmation],
)


@reputation.on(events.ReputationHalfLifeFixed)
def half_life_fixed(state: State, event: events.ReputationHalfLifeFixed) -> None:
    state.put(FadingRow(1, event.half_life, event.origin))


@reputation.on(events.ReputationAwarded)
def awarded(state: State, event: events.ReputationAwarded) -> None:
    at = event.at
    state.insert(
        Entry(
            block=at.block,
            position=at.index,
            member_id=event.member_id,
            topic=event.topic,
            amount=event.amount,
            requested=event.requested,
            reason=REASONS[event.reason],
            evidence=event.evidence,
            confirmer=event.confirmer or None,
            source=event.source,
            recorded_at=at.timestamp,
        )
    )
    # Who has left gains nothing, and the confirmer is not charged.
    charged = event.confirmer and state.need(Member, event.member_id).status in ("Active", "Dormant")
    if not charged and not event.amount:
        return
    season = season_at(state.select(Era), at.timestamp) or 0
    if charged:
        budget = state.get(SeasonConfirmation, event.confirmer, season)
        confirmed = (budget.amount if budget else 0) + event.requested
        state.put(SeasonConfirmation(event.confirmer, season, confirmed))
        known = state.get(Confirmation, event.confirmer, event.member_id)
        times = (known.times if known else 0) + 1
        state.put(Confirmation(event.confirmer, event.member_id, times))
    if event.amount:
        gain = state.get(SeasonGain, event.member_id, event.topic, season)
        gained = (gain.amount if gain else 0) + event.amount
        state.put(SeasonGain(event.member_id, event.topic, season, gained))
        _change(state, event.member_id, event.topic, event.amount, at.timestamp)


@reputation.on(events.ReputationPenalised)
def penalised(state: State, event: events.ReputationPenalised) -> None:
    at = event.at
    state.insert(
        Entry(
            block=at.block,
            position=at.index,
            member_id=event.member_id,
            topic=event.topic,
            amount=-event.amount,
            requested=event.requested,
            reason=REASONS[event.reason],
            evidence=event.evidence,
            confirmer=None,
            source=event.source,
            recorded_at=at.timestamp,
        )
    )
    if event.amount:
        _change(state, event.member_id, event.topic, -event.amount, at.timestamp)


def _change(state: State, member_id: int, topic: int, amount: int, now: int) -> None:
    row = state.need(FadingRow, 1)
    fading = Fading(row.half_life, row.origin)
    for part in (topic, TOTAL):
        known = state.get(Score, member_id, part)
        before = Accumulator(known.mantissa, known.base) if known else Accumulator()
        after = fading.changed(before, amount, now)
        state.put(Score(member_id, part, after.mantissa, after.base))
        state.put(ScoreCheckpoint(member_id, part, now, after.mantissa, after.base))
