"""Series.sol's reads, and what follows from a series' text where the node holds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from backend.project.series import Occurrence, Series
from backend.read.due import Due
from backend.read.moment import Moment
from backend.work.occurrences import RuleInvalid, starts_of
from backend.work.starts import proof_of, root_of

SERIES_STATES = ("Running", "Over", "Stopped")


@dataclass(frozen=True)
class Coming:
    """An occurrence that is not opened and not over; anyone can open it from `opens_at`."""

    number: int
    start: int
    opens_at: int


def series(moment: Moment, series_id: int) -> Series | None:
    return moment.row(Series, series_id)


def series_of(moment: Moment, assignment_id: int) -> int | None:
    """The series of which an assignment is an occurrence."""
    found = occurrence_of(moment, assignment_id)
    return found.series_id if found is not None else None


def occurrence_of(moment: Moment, assignment_id: int) -> Occurrence | None:
    """Which occurrence an assignment is."""
    return next(iter(moment.rows(Occurrence, "assignment_id = ?", (assignment_id,))), None)


def occurrences_of(moment: Moment, series_id: int) -> list[Occurrence]:
    """Those that were opened."""
    return moment.rows(Occurrence, "series_id = ?", (series_id,))


def starts(moment: Moment, found: Series) -> list[int] | None:
    """When each occurrence begins; None where this node lacks the text, or the text says something else than
    was decided."""
    text = moment.text(found.rule_hash)
    return _decided(text, found.occurrences, found.root) if text is not None else None


def coming(moment: Moment, found: Series) -> list[Coming] | None:
    """In the order of their starts; None where the node cannot tell."""
    if found.stopped_at is not None:
        return []
    known = starts(moment, found)
    if known is None:
        return None
    opened = {row.number for row in occurrences_of(moment, found.series_id)}
    return [
        Coming(number, start, start - found.lead)
        for number, start in enumerate(known)
        if number not in opened and start + found.length >= moment.now
    ]


def state_of(found: Series, come: Sequence[Coming] | None) -> str:
    """One of `SERIES_STATES`, from what comes: it is over when that is nothing."""
    if found.stopped_at is not None:
        return "Stopped"
    return "Running" if come is None or come else "Over"


def due(moment: Moment) -> Iterator[Due]:
    """Occurrences that can be opened now."""
    for found in moment.rows(Series, "stopped_at IS NULL"):
        ready = [one for one in coming(moment, found) or () if one.opens_at <= moment.now]
        known = starts(moment, found) if ready else None
        for one in ready:
            assert known is not None, "what comes follows from the text"
            arguments = (found.series_id, one.number, one.start, tuple(proof_of(known, one.number)))
            yield Due("series", "openOccurrence", arguments)


@lru_cache(maxsize=256)
def _decided(text: str, occurrences: int, root: bytes) -> list[int] | None:
    """A text's starts, if they are those of the tree."""
    try:
        found = starts_of(text, occurrences)
    except RuleInvalid:
        return None
    return found if len(found) == occurrences and root_of(found) == root else None
