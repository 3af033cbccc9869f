"""Voice credits: what seasons grant, and each member's budget and spending in them."""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.assembly import Proposal
from backend.project.polls import Poll
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import table


@table("grants", key=["season"])
class Grant(msgspec.Struct, frozen=True):
    """What a season grants, frozen at its first use. `start` in seconds since 1970, `length` in seconds."""

    season: int
    base: int
    bonus_cap: int
    points_per_credit: int
    start: int
    length: int


@table("budgets", key=["member_id", "season"], indexes=[["season"]])
class Budget(msgspec.Struct, frozen=True):
    """`budget` is None until it is opened. `voted_at`: the member's last direct ballot in a vote, or open
    ballot in a poll, that this season pays for."""

    member_id: int
    season: int
    budget: int | None = None
    spent: int = 0
    voted_at: int | None = None


voice_credits = Projection("credits", tables=[Grant, Budget])


def _budget(state: State, member_id: int, season: int) -> Budget:
    return state.get(Budget, member_id, season) or Budget(member_id, season)


@voice_credits.on(events.VoiceCreditsSeasonGranted)
def season_granted(state: State, event: events.VoiceCreditsSeasonGranted) -> None:
    state.insert(
        Grant(event.season, event.base, event.bonus_cap, event.points_per_credit, event.start, event.length)
    )


@voice_credits.on(events.VoiceCreditsBudgetOpened)
def budget_opened(state: State, event: events.VoiceCreditsBudgetOpened) -> None:
    known = _budget(state, event.member_id, event.season)
    state.put(msgspec.structs.replace(known, budget=event.budget))


@voice_credits.on(events.VoiceCreditsCreditsSpent)
def credits_spent(state: State, event: events.VoiceCreditsCreditsSpent) -> None:
    known = _budget(state, event.member_id, event.season)
    state.put(msgspec.structs.replace(known, spent=event.spent))


@voice_credits.on(events.AssemblyBallotRecorded)
def ballot_recorded(state: State, event: events.AssemblyBallotRecorded) -> None:
    """A direct ballot is a sign of life, whatever it cost."""
    if not event.followed:
        _voted(state, event.member_id, state.need(Proposal, event.proposal_id).season, event.at.timestamp)


@voice_credits.on(events.PollsPollBallotCast)
def poll_ballot_cast(state: State, event: events.PollsPollBallotCast) -> None:
    _voted(state, event.member_id, state.need(Poll, event.poll_id).season, event.at.timestamp)


def _voted(state: State, member_id: int, season: int, now: int) -> None:
    state.put(msgspec.structs.replace(_budget(state, member_id, season), voted_at=now))
