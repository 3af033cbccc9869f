"""/v1/calendar.ics: the commune's work as an iCalendar feed (RFC 5545), for the calendars that members have.

It follows from the chain and the texts alone: an entry keeps its UID for ever, and its DTSTAMP is when the
chain last said something of it, so that two nodes serve the same bytes, and an unchanged feed has the same
ETag.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from icalendar import Calendar, Event

from backend.project.assignments import Assignment, Seat
from backend.project.series import Series
from backend.read import Moment, assignments, series
from backend.serve.values import TopicFilter
from backend.serve.view import Used
from backend.work import brief

router = APIRouter(tags=["assignments"])

# Entries end so long after they are over; of what comes, so many of each series are listed.
KEPT = 90 * 86_400
COMING = 26
_CURRENT = (
    "deadline >= ? OR volunteer_until >= ? OR EXISTS (SELECT 1 FROM seats b"
    " WHERE b.assignment_id = assignments.assignment_id AND b.state IN ('Held', 'Rework'))"
)
_PRODUCT = "-//Dual Power//Work//EN"


@router.get(
    "/calendar.ics",
    summary="Work as a calendar: shifts, starts and deadlines, and what comes of series",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"example": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"}}}},
)
async def calendar(
    service: Used,
    topic: TopicFilter = None,
    member: Annotated[
        int | None,
        Query(ge=1, le=2**32 - 1, description="Only what this member holds", examples=[5]),
    ] = None,
) -> Response:
    with service.view() as view:
        feed = Calendar()
        feed.add("prodid", _PRODUCT)
        feed.add("version", "2.0")
        feed.add("name", "Work")
        host = service.deployment.addresses["Constitution"].hex()
        for event in _entries(view.moment, host, topic, member):
            feed.add_component(event)
        body = feed.to_ical()
        tag = f'"{hashlib.blake2s(body, digest_size=12).hexdigest()}"'
        headers = {
            "etag": tag,
            "cache-control": "no-cache",
            "x-block-number": str(view.cursor.number),
            "x-block-hash": view.cursor.hash,
        }
        return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


def _entries(moment: Moment, host: str, topic: int | None, member: int | None) -> Iterator[Event]:
    since = moment.now - KEPT
    for found in moment.rows(Assignment, f"cancelled_at IS NULL AND ({_CURRENT})", (since, since)):
        if topic is None or found.topic == topic:
            yield from _of_assignment(moment, host, found, member)
    if member is None:
        for repeated in moment.rows(Series, "stopped_at IS NULL"):
            if topic is None or repeated.topic == topic:
                yield from _of_series(moment, host, repeated)


def _of_assignment(moment: Moment, host: str, found: Assignment, member: int | None) -> Iterator[Event]:
    """A shift is one entry from its start to its end; of a task each seat's deadline is one."""
    seats = [seat for seat in assignments.seats_of(moment, found.assignment_id) if _is_on(seat, member)]
    if member is not None and not seats:
        return
    name = f"assignment-{found.assignment_id}@{host}"
    said = _said(moment, found.text_hash, f"Assignment {found.assignment_id}")
    changed = max(
        [found.created_at, *(row.happened_at for row in assignments.history_of(moment, found.assignment_id))]
    )
    if found.kind == "Shift":
        if found.deadline + KEPT >= moment.now:
            yield _entry(name, said, changed, found.start, found.deadline)
        return
    if member is None and found.volunteer_until + KEPT >= moment.now:
        yield _entry(f"start-{name}", said, changed, found.start, found.start, "Start: ")
    for seat in seats:
        if seat.due_at is not None and seat.due_at + KEPT >= moment.now:
            yield _entry(f"seat-{seat.seat}-{name}", said, changed, seat.due_at, seat.due_at, "Due: ")


def _of_series(moment: Moment, host: str, found: Series) -> Iterator[Event]:
    """What is not opened yet; what is, is an assignment."""
    said = _said(moment, found.text_hash, f"Series {found.series_id}")
    for one in (series.coming(moment, found) or ())[:COMING]:
        name = f"series-{found.series_id}-{one.number}@{host}"
        yield _entry(name, said, found.created_at, one.start, one.start + found.length)


def _is_on(seat: Seat, member: int | None) -> bool:
    """Whether somebody is to do it still, this member if one is asked for."""
    if seat.state not in ("Held", "Rework"):
        return False
    return member is None or seat.member_id == member


def _said(moment: Moment, text_hash: bytes, otherwise: str) -> brief.Brief:
    text = moment.text(text_hash)
    return brief.parse(text) if text is not None else brief.Brief(otherwise)


def _entry(uid: str, said: brief.Brief, changed: int, start: int, end: int, before: str = "") -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", _time(changed))
    event.add("dtstart", _time(start))
    if end > start:
        event.add("dtend", _time(end))
    event.add("summary", f"{before}{said.title}")
    if said.body:
        event.add("description", said.body)
    if said.where:
        event.add("location", said.where)
    return event


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
