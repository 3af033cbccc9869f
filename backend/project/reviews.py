"""Reviews: what was delivered, who was drawn to review it, what they said, and what came of it."""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.constitution import Parameter
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import table

# The enums of IReviews; what is in the tables is never Unknown or None.
REVIEW_STATES = (
    *("Unknown", "Drawing", "Reviewing", "Rework", "Stuck"),
    *("Accepted", "Failed", "Abandoned", "Overturned"),
)
VERDICTS = ("None", "Accept", "Rework")
# How many are asked at first, where so many can be found.
REVIEWERS = 2


@table(
    "reviews",
    key=["review_id"],
    indexes=[["assignment_id", "seat"], ["member_id"], ["state"], ["draw_id"]],
)
class Review(msgspec.Struct, frozen=True):
    """Of one seat's work, through all its rounds. `member_id`: who delivered.

    `draw_id`: the draw that names reviewers among memberIds 1 to `pool`. `wanted`: how many of them.
    `answer_until`: the last second in which those asked last answer, or in which a stuck review waits.
    `share_bps`: how much of the reward was given when it was accepted or failed, at (`concluded_block`,
    `concluded_position`).
    """

    review_id: int
    assignment_id: int
    seat: int
    member_id: int
    round: int
    state: str
    draw_id: int | None
    pool: int
    wanted: int
    answer_until: int | None
    opened_at: int
    share_bps: int
    by_vote: bool
    concluded_at: int | None
    concluded_block: int | None
    concluded_position: int | None
    overturned_at: int | None
    overturned_block: int | None
    overturned_position: int | None


@table("review_draws", key=["draw_id"])
class ReviewDraw(msgspec.Struct, frozen=True):
    """A draw that names reviewers among memberIds 1 to `pool`."""

    draw_id: int
    review_id: int
    pool: int


@table("deliveries", key=["review_id", "round"], indexes=[["evidence"]])
class Delivery(msgspec.Struct, frozen=True):
    """`evidence`: hash of the text that shows the work, delivered at (`block`, `position`)."""

    review_id: int
    round: int
    member_id: int
    evidence: bytes
    delivered_at: int
    block: int
    position: int


@table("shares", key=["review_id", "member_id"], indexes=[["member_id"]])
class Share(msgspec.Struct, frozen=True):
    """Who worked on what was delivered, and how many ten-thousandths of the award are theirs."""

    review_id: int
    member_id: int
    position: int
    bps: int


@table("reviewers", key=["review_id", "round", "member_id"], indexes=[["member_id"]])
class Reviewer(msgspec.Struct, frozen=True):
    """Somebody who is asked, at (`block`, `position`), to answer by `answer_until`.

    `penalty_id`: what they may lose for not answering, where they were replaced.
    """

    review_id: int
    round: int
    member_id: int
    answer_until: int
    asked_at: int
    block: int
    position: int
    replaced_at: int | None
    penalty_id: int | None


@table("verdicts", key=["review_id", "round", "member_id"], indexes=[["member_id"], ["text_hash"]])
class VerdictRow(msgspec.Struct, frozen=True):
    """`mark`: percent of the reward where it is accepted, else 0. `text_hash` of the text that says why."""

    review_id: int
    round: int
    member_id: int
    verdict: str
    mark: int
    text_hash: bytes
    given_at: int
    block: int
    position: int


@table(
    "shift_confirmations",
    key=["assignment_id", "seat"],
    indexes=[["confirmer", "confirmed_at"], ["member_id"]],
)
class ShiftConfirmation(msgspec.Struct, frozen=True):
    """`amount` in micro-points: what was awarded, and taken from what `confirmer` can confirm this season."""

    assignment_id: int
    seat: int
    member_id: int
    confirmer: int
    amount: int
    confirmed_at: int
    block: int
    position: int


reviews = Projection(
    "reviews", tables=[Review, ReviewDraw, Delivery, Share, Reviewer, VerdictRow, ShiftConfirmation]
)


@reviews.on(events.ReviewsDelivered)
def delivered(state: State, event: events.ReviewsDelivered) -> None:
    at, known = event.at, state.get(Review, event.review_id)
    if known is None:
        known = Review(
            review_id=event.review_id,
            assignment_id=event.assignment_id,
            seat=event.seat,
            member_id=event.member_id,
            round=event.round,
            state="Drawing",
            draw_id=None,
            pool=0,
            wanted=REVIEWERS,
            answer_until=None,
            opened_at=at.timestamp,
            share_bps=0,
            by_vote=False,
            concluded_at=None,
            concluded_block=None,
            concluded_position=None,
            overturned_at=None,
            overturned_block=None,
            overturned_position=None,
        )
    state.put(msgspec.structs.replace(known, round=event.round, state="Drawing"))
    state.insert(
        Delivery(
            review_id=event.review_id,
            round=event.round,
            member_id=event.member_id,
            evidence=event.evidence,
            delivered_at=at.timestamp,
            block=at.block,
            position=at.index,
        )
    )
    for old in state.select(Share, review_id=event.review_id):
        state.delete(Share, event.review_id, old.member_id)
    for position, share in enumerate(event.shares):
        state.put(Share(event.review_id, share.member_id, position, share.bps))


@reviews.on(events.ReviewsReviewersWanted)
def reviewers_wanted(state: State, event: events.ReviewsReviewersWanted) -> None:
    """Once all who were asked have answered, another one is wanted: they disagree."""
    review, (asked, answered) = state.need(Review, event.review_id), _asked(state, event.review_id)
    state.insert(ReviewDraw(event.draw_id, event.review_id, event.pool))
    _update(
        state,
        event.review_id,
        state="Drawing",
        draw_id=event.draw_id,
        pool=event.pool,
        wanted=REVIEWERS + 1 if asked == answered == REVIEWERS else review.wanted,
    )


@reviews.on(events.ReviewsReviewerAsked)
def reviewer_asked(state: State, event: events.ReviewsReviewerAsked) -> None:
    review, at = state.need(Review, event.review_id), event.at
    state.put(
        Reviewer(
            review_id=event.review_id,
            round=review.round,
            member_id=event.member_id,
            answer_until=event.until,
            asked_at=at.timestamp,
            block=at.block,
            position=at.index,
            replaced_at=None,
            penalty_id=None,
        )
    )
    _update(state, event.review_id, state="Reviewing", answer_until=event.until)


@reviews.on(events.ReviewsReviewStuck)
def review_stuck(state: State, event: events.ReviewsReviewStuck) -> None:
    window = state.need(Parameter, "review.window").value
    _update(state, event.review_id, state="Stuck", answer_until=event.at.timestamp + window)


@reviews.on(events.ReviewsReviewed)
def reviewed(state: State, event: events.ReviewsReviewed) -> None:
    at = event.at
    state.insert(
        VerdictRow(
            review_id=event.review_id,
            round=event.round,
            member_id=event.member_id,
            verdict=VERDICTS[event.verdict],
            mark=event.mark,
            text_hash=event.text,
            given_at=at.timestamp,
            block=at.block,
            position=at.index,
        )
    )


@reviews.on(events.ReviewsReviewerReplaced)
def reviewer_replaced(state: State, event: events.ReviewsReviewerReplaced) -> None:
    review = state.need(Review, event.review_id)
    reviewer = state.need(Reviewer, event.review_id, review.round, event.member_id)
    at = event.at.timestamp
    state.put(msgspec.structs.replace(reviewer, replaced_at=at, penalty_id=event.penalty_id or None))


@reviews.on(events.ReviewsReworkAsked)
def rework_asked(state: State, event: events.ReviewsReworkAsked) -> None:
    _update(state, event.review_id, state="Rework")


@reviews.on(events.ReviewsReviewConcluded)
def review_concluded(state: State, event: events.ReviewsReviewConcluded) -> None:
    at, concluded = event.at, REVIEW_STATES[event.state]
    if concluded == "Abandoned":
        _update(state, event.review_id, state=concluded)
        return
    _update(
        state,
        event.review_id,
        state=concluded,
        share_bps=event.share_bps,
        by_vote=event.by_vote,
        concluded_at=at.timestamp,
        concluded_block=at.block,
        concluded_position=at.index,
    )


@reviews.on(events.ReviewsReviewOverturned)
def review_overturned(state: State, event: events.ReviewsReviewOverturned) -> None:
    at = event.at
    _update(
        state,
        event.review_id,
        state="Overturned",
        overturned_at=at.timestamp,
        overturned_block=at.block,
        overturned_position=at.index,
    )


@reviews.on(events.ReviewsShiftConfirmed)
def shift_confirmed(state: State, event: events.ReviewsShiftConfirmed) -> None:
    at = event.at
    state.insert(
        ShiftConfirmation(
            assignment_id=event.assignment_id,
            seat=event.seat,
            member_id=event.member_id,
            confirmer=event.confirmer,
            amount=event.amount,
            confirmed_at=at.timestamp,
            block=at.block,
            position=at.index,
        )
    )


def _asked(state: State, review_id: int) -> tuple[int, int]:
    """How many are asked in this round, and how many of them have answered."""
    key = {"review_id": review_id, "round": state.need(Review, review_id).round}
    asked = {row.member_id for row in state.select(Reviewer, **key) if row.replaced_at is None}
    answered = {row.member_id for row in state.select(VerdictRow, **key)}
    return len(asked), len(asked & answered)


def _update(state: State, review_id: int, /, **changes: object) -> None:
    state.put(msgspec.structs.replace(state.need(Review, review_id), **changes))
