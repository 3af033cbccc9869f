"""Where something came from: the events on the chain that lead from a decision to work and to its award.

An event is named by its place: block, and position of the log within it. Links are what one transaction did:
the execution of a proposal, or a holder's exercise, creates assignments in its own transaction, and a review
that ends awards in its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.project.assignments import Assignment
from backend.project.offices import Exercise
from backend.project.reputation import Entry
from backend.project.reviews import Review, ShiftConfirmation, VerdictRow
from backend.project.series import Occurrence, Series
from backend.read import reviews
from backend.read import series as series_reads
from backend.read.moment import Moment

Place = tuple[int, int]


@dataclass(frozen=True)
class Origin:
    """An executed proposal, or a holder's exercise of an office, that made an assignment, or the series of
    which it is an occurrence."""

    proposal_id: int | None
    executed: Place | None
    exercise: Exercise | None
    series: Series | None
    occurrence: Occurrence | None


def transaction_at(moment: Moment, block: int, position: int) -> bytes:
    """The hash of the transaction that an event is of."""
    found = moment.reader.one("SELECT tx FROM logs WHERE block = ? AND position = ?", (block, position))
    if found is None:
        raise LookupError(f"there is no event at {block}-{position}")
    return bytes(found[0])


def origin_of(moment: Moment, found: Assignment) -> Origin:
    occurrence = series_reads.occurrence_of(moment, found.assignment_id)
    series = moment.need(Series, occurrence.series_id) if occurrence is not None else None
    made = series or found
    exercise = _exercised(moment, made.creator, (made.block, made.position))
    if exercise is not None:
        return Origin(None, None, exercise, series, occurrence)
    proposal_id, executed = _executed(moment, (made.block, made.position))
    return Origin(proposal_id, executed, None, series, occurrence)


def _exercised(moment: Moment, creator: bytes, at: Place) -> Exercise | None:
    """The exercise in whose call something was made: it is told just before the call."""
    of_creator = "(SELECT position FROM logs WHERE block = ? AND tx = ? AND address = ?)"
    found = moment.rows(
        Exercise,
        f"block = ? AND position < ? AND position IN {of_creator}",
        (*at, at[0], transaction_at(moment, *at), creator),
        "position DESC LIMIT 1",
    )
    return found[0] if found else None


def _executed(moment: Moment, at: Place) -> tuple[int | None, Place | None]:
    """The proposal in whose execution something was made: it is told after all its calls."""
    found = moment.reader.one(
        "SELECT v.proposal_id, v.block, v.position FROM activities v"
        " JOIN logs l ON l.block = v.block AND l.position = v.position"
        " WHERE v.kind = 'ProposalExecuted' AND v.block = ? AND v.position > ? AND l.tx = ?"
        " ORDER BY v.position LIMIT 1",
        (*at, transaction_at(moment, *at)),
    )
    return (int.from_bytes(found[0], "big"), (found[1], found[2])) if found else (None, None)


def told_of(moment: Moment, kinds: tuple[str, ...], column: str, number: int | bytes) -> list[Place]:
    """The places of events of these kinds about one thing, which `column` of the feed names."""
    marks = ", ".join("?" * len(kinds))
    found = moment.reader.query(
        f"SELECT block, position FROM activities WHERE kind IN ({marks}) AND {column} = ?"
        " ORDER BY block, position",
        (*kinds, number),
    )
    return [(block, position) for block, position in found]


def entries_of_review(moment: Moment, found: Review) -> list[Entry]:
    """What the ledger gained and lost by a review: the award of the work, those of its reviewers, and what an
    overturned one took back."""
    verdicts = moment.rows(VerdictRow, "review_id = ?", (found.review_id,))
    places = [(row.block, row.position) for row in verdicts]
    for block, position in (
        (found.concluded_block, found.concluded_position),
        (found.overturned_block, found.overturned_position),
    ):
        if block is not None and position is not None:
            places.append((block, position))
    people = {found.member_id, *(share.member_id for share in reviews.shares_of(moment, found.review_id))}
    people |= {asked.member_id for asked in reviews.all_reviewers_of(moment, found.review_id)}
    evidence = {delivery.evidence for delivery in reviews.deliveries_of(moment, found.review_id)}
    entries = {(row.block, row.position): row for place in places for row in _entries_with(moment, place)}
    found_entries = [entries[at] for at in sorted(entries)]
    return [row for row in found_entries if row.evidence in evidence and row.member_id in people]


def entries_of_shift(moment: Moment, found: ShiftConfirmation) -> list[Entry]:
    """The award of a shift."""
    entries = _entries_with(moment, (found.block, found.position))
    return [row for row in entries if (row.member_id, row.confirmer) == (found.member_id, found.confirmer)]


def _entries_with(moment: Moment, place: Place) -> list[Entry]:
    """The entries of the ledger of reputation from the transaction of an event."""
    where = "block = ? AND position IN (SELECT position FROM logs WHERE block = ? AND tx = ?)"
    return moment.rows(Entry, where, (place[0], place[0], transaction_at(moment, *place)))
