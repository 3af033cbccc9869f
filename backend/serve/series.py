"""/v1/series: work that comes again, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from backend.project.series import Series
from backend.read import Moment
from backend.read import series as reads
from backend.serve.assignments import BriefModel, brief_json
from backend.serve.page import Paged, listing
from backend.serve.problem import not_found
from backend.serve.values import ADDRESS, HASH, TIME, Model, SeriesId, TopicFilter, columns, hex_of
from backend.serve.view import Envelope, PageEnvelope, Used
from backend.store import table_of

router = APIRouter(tags=["assignments"])

SeriesState = Literal["Running", "Over", "Stopped"]
assert SeriesState.__args__ == reads.SERIES_STATES  # type: ignore[attr-defined]

# How many of what comes are listed.
COMING = 50


class SeriesModel(BriefModel):
    series_id: int = Field(examples=[1])
    state: SeriesState = Field(
        description="At the answer's block; one whose text this node lacks is never over",
        examples=["Running"],
    )
    creator: str = Field(description="The contract that created it", examples=[ADDRESS])
    creator_module: str | None = Field(
        description="The creator's name in the constitution", examples=["timelock"]
    )
    rule_hash: str = Field(description="Of the RFC 5545 text, for /v1/texts", examples=[HASH])
    root: str = Field(description="Of the tree of starts", examples=[HASH])
    occurrences: int = Field(description="How many there are", examples=[52])
    opened: int = Field(description="How many were opened", examples=[3])
    lead: int = Field(description="How long before its start one can be opened, seconds", examples=[604_800])
    length: int = Field(description="From an occurrence's start to its end, seconds", examples=[10_800])
    volunteering: int = Field(description="In which members volunteer for each, seconds", examples=[86_400])
    next_start: int | None = Field(
        description="Of the next one that is not opened; null where this node cannot tell", examples=[TIME]
    )
    created_at: int = Field(examples=[TIME])
    stopped_at: int | None = Field(examples=[None])


class OpenedModel(Model):
    number: int = Field(description="From 0", examples=[0])
    start: int = Field(examples=[TIME])
    assignment_id: int = Field(examples=[4])
    opened_at: int = Field(examples=[TIME - 604_800])


class ComingModel(Model):
    number: int = Field(description="From 0", examples=[3])
    start: int = Field(examples=[TIME + 604_800])
    opens_at: int = Field(description="From when anyone can open it", examples=[TIME])


class SeriesDetailModel(SeriesModel):
    text: str | None = Field(
        description="What is to be done; null where this node lacks it",
        examples=["Open the shop\n\nHours: 3\n\nThe keys are at Anna's."],
    )
    rule: str | None = Field(
        description="When, in RFC 5545; null where this node lacks it",
        examples=["DTSTART;TZID=Europe/Berlin:20270104T090000\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=52"],
    )
    opened_ones: list[OpenedModel]
    coming: list[ComingModel] = Field(description=f"The next {COMING} at most")
    stop_reason: str | None = Field(description="For /v1/texts", examples=[None])
    block: int = Field(description="In which it was created", examples=[1240])


_SELECT = (
    f"SELECT {columns(Series, 'z')}, r.content, x.content FROM series z"
    " LEFT JOIN texts x ON x.text_hash = z.text_hash LEFT JOIN texts r ON r.text_hash = z.rule_hash"
)


@router.get("/series", response_model=PageEnvelope[SeriesModel], summary="Series, newest first")
async def all_series(service: Used, page: Paged, topic: TopicFilter = None) -> Response:
    with service.view() as view:
        moment = view.moment
        return view.page(
            listing(
                view.reader,
                page,
                name="series",
                select=_SELECT,
                order=["z.series_id"],
                where="" if topic is None else "z.topic = ?",
                arguments=[] if topic is None else [topic],
                present=lambda row: _listed_json(moment, row),
                descending=True,
            )
        )


@router.get(
    "/series/{seriesId}",
    response_model=Envelope[SeriesDetailModel],
    summary="One series, with what was opened and what comes",
)
async def series(service: Used, series_id: SeriesId) -> Response:
    with service.view() as view:
        moment = view.moment
        row = view.reader.one(f"{_SELECT} WHERE z.series_id = ?", (series_id,))
        if row is None:
            raise not_found(f"Series {series_id}")
        found: Series = table_of(Series).from_sql(row[:-2])
        opened, coming = reads.occurrences_of(moment, series_id), reads.coming(moment, found)
        return view.answer(
            _series_json(moment, found, row[-1], len(opened), coming)
            | {
                "text": row[-1].decode() if row[-1] is not None else None,
                "rule": row[-2].decode() if row[-2] is not None else None,
                "openedOnes": [
                    {
                        "number": one.number,
                        "start": one.start,
                        "assignmentId": one.assignment_id,
                        "openedAt": one.opened_at,
                    }
                    for one in opened
                ],
                "coming": [
                    {"number": one.number, "start": one.start, "opensAt": one.opens_at}
                    for one in (coming or ())[:COMING]
                ],
                "stopReason": hex_of(found.stop_reason),
                "block": found.block,
            }
        )


def _listed_json(moment: Moment, row: tuple[Any, ...]) -> dict[str, Any]:
    """From a series' columns, its rule and its text."""
    found: Series = table_of(Series).from_sql(row[:-2])
    opened = len(reads.occurrences_of(moment, found.series_id))
    return _series_json(moment, found, row[-1], opened, reads.coming(moment, found))


def _series_json(
    moment: Moment, found: Series, text: bytes | None, opened: int, coming: Sequence[reads.Coming] | None
) -> dict[str, Any]:
    return brief_json(text) | {
        "seriesId": found.series_id,
        "textHash": hex_of(found.text_hash),
        "topic": found.topic,
        "kind": found.kind,
        "selection": found.selection,
        "seats": found.seats,
        "trialSeats": found.trial_seats,
        "duration": found.duration,
        "heartbeat": found.heartbeat,
        "reward": str(found.reward),
        "purseId": found.purse_id,
        "stipend": str(found.stipend),
        "state": reads.state_of(found, coming),
        "creator": hex_of(found.creator),
        "creatorModule": moment.modules.get(found.creator),
        "ruleHash": hex_of(found.rule_hash),
        "root": hex_of(found.root),
        "occurrences": found.occurrences,
        "opened": opened,
        "lead": found.lead,
        "length": found.length,
        "volunteering": found.volunteering,
        "nextStart": coming[0].start if coming else None,
        "createdAt": found.created_at,
        "stoppedAt": found.stopped_at,
    }
