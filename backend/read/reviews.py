"""Reviews.sol's reads."""

from __future__ import annotations

from collections.abc import Iterator

from backend.project.assignments import Seat
from backend.project.fading import POINT
from backend.project.membership import Member
from backend.project.reviews import (
    Delivery,
    Review,
    ReviewDraw,
    Reviewer,
    Share,
    ShiftConfirmation,
    VerdictRow,
)
from backend.read import draws, membership, reputation
from backend.read.due import Due
from backend.read.moment import Moment

# How many can confirm a shift with what they have earned: a part of their score.
CONFIRM_PART = 4


def review(moment: Moment, review_id: int) -> Review | None:
    return moment.row(Review, review_id)


def reviewers_of(moment: Moment, found: Review) -> list[Reviewer]:
    """Who is asked in this round, without those who were replaced, in the order in which they were drawn."""
    where = "review_id = ? AND round = ? AND replaced_at IS NULL"
    return moment.rows(Reviewer, where, (found.review_id, found.round), "block, position")


def all_reviewers_of(moment: Moment, review_id: int) -> list[Reviewer]:
    """Of every round, those who were replaced too."""
    return moment.rows(Reviewer, "review_id = ?", (review_id,), "block, position")


def verdict_of(moment: Moment, found: Reviewer) -> VerdictRow | None:
    return moment.row(VerdictRow, found.review_id, found.round, found.member_id)


def shares_of(moment: Moment, review_id: int) -> list[Share]:
    return moment.rows(Share, "review_id = ?", (review_id,), "position")


def deliveries_of(moment: Moment, review_id: int) -> list[Delivery]:
    return moment.rows(Delivery, "review_id = ?", (review_id,))


def reviews_of(moment: Moment, assignment_id: int, seat: int) -> list[Review]:
    """Of every delivery of a seat, in their order."""
    return moment.rows(Review, "assignment_id = ? AND seat = ?", (assignment_id, seat))


def last_review_of(moment: Moment, assignment_id: int, seat: int) -> int:
    """The review of a seat's last delivery, or 0."""
    return moment.number(
        "SELECT max(review_id) FROM reviews WHERE assignment_id = ? AND seat = ?", (assignment_id, seat)
    )


def challengeable_until(moment: Moment, found: Review) -> int | None:
    """Until when a case can be opened about what was concluded; 0 where a vote concluded it, None where
    nothing is concluded, or not any more."""
    if found.state not in ("Accepted", "Failed") or found.concluded_at is None:
        return None
    if found.by_vote:
        return 0
    return found.concluded_at + moment.parameters["work.challenge"]


def shift_confirmation(moment: Moment, assignment_id: int, seat: int) -> ShiftConfirmation | None:
    return moment.row(ShiftConfirmation, assignment_id, seat)


def shift_confirmation_left(moment: Moment, member_id: int) -> int:
    """What a member can still confirm of shifts this season, micro-points."""
    earned = reputation.score_at(moment, member_id, t=moment.season_start) // CONFIRM_PART
    limit = max(moment.parameters["work.confirmBase"] * POINT, earned)
    confirmed = moment.number(
        "SELECT sum(amount) FROM shift_confirmations WHERE confirmer = ? AND confirmed_at >= ?",
        (member_id, moment.season_start),
    )
    return max(0, limit - confirmed)


def text_of_draw(moment: Moment, draw_id: int) -> str | None:
    """What a draw of reviewers is about, as Reviews.sol writes it. None for any other draw."""
    found = moment.row(ReviewDraw, draw_id)
    return f"Reviewers of review {found.review_id}: members 1 to {found.pool}" if found else None


def due(moment: Moment) -> Iterator[Due]:
    """Reviewers to be asked or replaced, and reviews whose seat was taken away meanwhile."""
    for found in moment.rows(Review, "state IN ('Drawing', 'Reviewing', 'Stuck', 'Rework')"):
        step = step_of(moment, found)
        if step is not None:
            yield Due("reviews", step, (found.review_id,))


def step_of(moment: Moment, found: Review) -> str | None:
    """What anyone can do to bring it on now."""
    if found.state == "Drawing":
        return "seatReviewers" if draws.is_captured(moment, found.draw_id) else None
    late = found.answer_until is not None and found.answer_until < moment.now
    if found.state == "Reviewing":
        missing = [asked for asked in reviewers_of(moment, found) if verdict_of(moment, asked) is None]
        full = all(membership.is_full(moment, moment.need(Member, asked.member_id)) for asked in missing)
        return "redraw" if late or not full else None
    if found.state == "Stuck":
        return "redraw" if late else None
    if found.state == "Rework":
        seat = moment.need(Seat, found.assignment_id, found.seat)
        return "abandon" if seat.state != "Rework" else None
    return None
