"""Series of assignments, and which occurrences of them were opened.

When each occurrence is follows from the series' RFC 5545 text (see `backend.work.occurrences`), which the
chain knows by its hash alone.
"""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.assignments import KINDS, SELECTIONS
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table


@table("series", key=["series_id"], indexes=[["rule_hash"], ["text_hash"], ["block", "position"]])
class Series(msgspec.Struct, frozen=True):
    """`rule_hash` of the text that says when, `root` of the tree of starts, `occurrences` how many there are.

    `lead`: how long before its start an occurrence can be opened; `length`: how long it takes, both in
    seconds. From `text_hash` on what each occurrence asks for, as in an assignment.
    """

    series_id: int
    creator: bytes
    rule_hash: bytes
    root: bytes
    occurrences: int
    lead: int
    length: int
    text_hash: bytes
    topic: int
    kind: str
    selection: str
    seats: int
    trial_seats: int
    volunteering: int
    duration: int
    heartbeat: int
    reward: int
    purse_id: int | None
    stipend: Uint256
    created_at: int
    block: int
    position: int
    stopped_at: int | None
    stop_reason: bytes | None


@table("occurrences", key=["series_id", "number"], indexes=[["assignment_id"]])
class Occurrence(msgspec.Struct, frozen=True):
    """One that was opened at (`block`, `position`); `number` from 0."""

    series_id: int
    number: int
    assignment_id: int
    start: int
    opened_at: int
    block: int
    position: int


series = Projection("series", tables=[Series, Occurrence])


@series.on(events.SeriesSeriesCreated)
def series_created(state: State, event: events.SeriesSeriesCreated) -> None:
    plan, brief, at = event.plan, event.plan.brief, event.at
    state.insert(
        Series(
            series_id=event.series_id,
            creator=event.creator,
            rule_hash=plan.rule,
            root=plan.root,
            occurrences=plan.occurrences,
            lead=plan.lead,
            length=plan.length,
            text_hash=brief.text,
            topic=brief.topic,
            kind=KINDS[brief.kind],
            selection=SELECTIONS[brief.selection],
            seats=brief.seats,
            trial_seats=brief.trial_seats,
            volunteering=brief.volunteering,
            duration=brief.duration,
            heartbeat=brief.heartbeat,
            reward=brief.reward,
            purse_id=brief.purse_id or None,
            stipend=brief.stipend,
            created_at=at.timestamp,
            block=at.block,
            position=at.index,
            stopped_at=None,
            stop_reason=None,
        )
    )


@series.on(events.SeriesOccurrenceOpened)
def occurrence_opened(state: State, event: events.SeriesOccurrenceOpened) -> None:
    at = event.at
    state.insert(
        Occurrence(
            series_id=event.series_id,
            number=event.index,
            assignment_id=event.assignment_id,
            start=event.start,
            opened_at=at.timestamp,
            block=at.block,
            position=at.index,
        )
    )


@series.on(events.SeriesSeriesStopped)
def series_stopped(state: State, event: events.SeriesSeriesStopped) -> None:
    known = state.need(Series, event.series_id)
    state.put(msgspec.structs.replace(known, stopped_at=event.at.timestamp, stop_reason=event.reason))
