"""A member's part in the commune's work: what they hold, did, missed, and were asked to review."""

from __future__ import annotations

from dataclasses import dataclass

from backend.project.assignments import RELEASES, Seat
from backend.project.reviews import Reviewer
from backend.read.moment import Moment

# Of what happened to seats, how often each kind did to a member.
COUNTED = ("Taken", "Delivered", "Done", *RELEASES)


@dataclass(frozen=True)
class Counts:
    """Since they joined. `by_kind` by what happened to seats; `no_shows`: shifts that they missed."""

    by_kind: dict[str, int]
    no_shows: int
    reviews_done: int
    reviews_missed: int
    shifts_confirmed: int


def counts_of(moment: Moment, member_id: int) -> Counts:
    found = dict(
        moment.reader.query(
            "SELECT kind, count(*) FROM seat_events WHERE member_id = ? GROUP BY kind", (member_id,)
        )
    )
    no_shows = moment.number(
        "SELECT count(*) FROM seat_events e JOIN assignments a ON a.assignment_id = e.assignment_id"
        " WHERE e.member_id = ? AND a.kind = 'Shift' AND e.kind IN ('MissedHeartbeat', 'MissedDeadline')",
        (member_id,),
    )
    return Counts(
        {kind: found.get(kind, 0) for kind in COUNTED},
        no_shows,
        moment.number("SELECT count(*) FROM verdicts WHERE member_id = ?", (member_id,)),
        moment.number(
            "SELECT count(*) FROM reviewers WHERE member_id = ? AND replaced_at IS NOT NULL", (member_id,)
        ),
        moment.number("SELECT count(*) FROM shift_confirmations WHERE confirmer = ?", (member_id,)),
    )


def seats_of(moment: Moment, member_id: int) -> list[Seat]:
    """Those that a member holds, has delivered or reworks."""
    return moment.rows(Seat, "member_id = ? AND state IN ('Held', 'Delivered', 'Rework')", (member_id,))


def volunteering_of(moment: Moment, member_id: int) -> list[int]:
    """The assignments for which a member volunteers, whose seats are not given yet."""
    rows = moment.reader.query(
        "SELECT v.assignment_id FROM volunteers v JOIN assignments a ON a.assignment_id = v.assignment_id"
        " WHERE v.member_id = ? AND v.withdrawn_at IS NULL AND a.selected_at IS NULL"
        " AND a.cancelled_at IS NULL ORDER BY v.assignment_id",
        (member_id,),
    )
    return [assignment_id for (assignment_id,) in rows]


def asked_of(moment: Moment, member_id: int) -> list[Reviewer]:
    """The reviews that a member is asked for and has not answered yet."""
    where = (
        "member_id = ? AND replaced_at IS NULL AND EXISTS (SELECT 1 FROM reviews v"
        " WHERE v.review_id = reviewers.review_id AND v.round = reviewers.round"
        " AND v.state IN ('Drawing', 'Reviewing'))"
        " AND NOT EXISTS (SELECT 1 FROM verdicts g WHERE g.review_id = reviewers.review_id"
        " AND g.round = reviewers.round AND g.member_id = reviewers.member_id)"
    )
    return moment.rows(Reviewer, where, (member_id,), "answer_until, review_id")
