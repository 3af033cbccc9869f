"""/v1/reviews: what was delivered, who was drawn to review it, and what they said."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.project.reviews import REVIEW_STATES, Delivery, Review, Reviewer
from backend.read import Moment
from backend.read import reviews as reads
from backend.read.trace import transaction_at
from backend.serve.page import Paged, listing
from backend.serve.problem import not_found
from backend.serve.values import (
    HASH,
    TIME,
    AssignmentFilter,
    MemberFilter,
    Model,
    ReviewId,
    columns,
    hex_of,
)
from backend.serve.view import Envelope, PageEnvelope, Used
from backend.store import table_of

router = APIRouter(tags=["reviews"])

ReviewState = Literal[
    "Drawing", "Reviewing", "Rework", "Stuck", "Accepted", "Failed", "Abandoned", "Overturned"
]
assert ("Unknown", *ReviewState.__args__) == REVIEW_STATES  # type: ignore[attr-defined]


class ReviewModel(Model):
    review_id: int = Field(examples=[2])
    assignment_id: int = Field(examples=[4])
    seat: int = Field(examples=[1])
    member_id: int = Field(description="Who delivered", examples=[5])
    round: int = Field(description="From 1; one more after each rework", examples=[1])
    state: ReviewState = Field(examples=["Reviewing"])
    draw_id: int | None = Field(description="The draw that names reviewers", examples=[3])
    pool: int = Field(description="memberIds 1 to this one are drawn from", examples=[24])
    wanted: int = Field(description="How many are to review", examples=[2])
    asked: list[int] = Field(description="memberIds of who reviews this round", examples=[[3, 9]])
    answer_until: int | None = Field(
        description="The last second in which those asked last answer", examples=[TIME + 259_200]
    )
    opened_at: int = Field(examples=[TIME])
    concluded_at: int | None = Field(examples=[None])
    by_vote: bool = Field(description="Whether a vote concluded it", examples=[False])
    share_bps: int = Field(description="Ten-thousandths of the reward that were given", examples=[0])
    challengeable_until: int | None = Field(
        description="Until when a case can be opened about it; 0 where a vote concluded it", examples=[None]
    )
    overturned_at: int | None = Field(examples=[None])
    step: Literal["seatReviewers", "redraw", "abandon"] | None = Field(
        description="What anyone can do to bring it on now", examples=[None]
    )


class ShareModel(Model):
    member_id: int = Field(examples=[5])
    bps: int = Field(description="Ten-thousandths of the award", examples=[10_000])


class DeliveryModel(Model):
    round: int = Field(examples=[1])
    evidence: str = Field(description="For /v1/texts", examples=[HASH])
    text: str | None = Field(description="null where this node lacks it", examples=["Forty loaves, baked."])
    delivered_at: int = Field(examples=[TIME])
    transaction: str = Field(examples=[HASH])
    block: int = Field(examples=[1240])


class ReviewerModel(Model):
    """Of one round. `verdict` and what follows it are null before they answer."""

    round: int = Field(examples=[1])
    member_id: int = Field(examples=[3])
    asked_at: int = Field(examples=[TIME + 600])
    answer_until: int = Field(examples=[TIME + 259_200])
    replaced_at: int | None = Field(description="When somebody else was drawn instead", examples=[None])
    penalty_id: int | None = Field(description="What they may lose for not answering", examples=[None])
    verdict: Literal["Accept", "Rework"] | None = Field(examples=["Accept"])
    mark: int | None = Field(description="Percent of the reward; 0 for rework", examples=[90])
    text_hash: str | None = Field(description="Why, for /v1/texts", examples=[HASH])
    text: str | None = Field(description="null where this node lacks it", examples=["Good bread."])
    given_at: int | None = Field(examples=[TIME + 90_000])
    transaction: str | None = Field(examples=[HASH])
    block: int | None = Field(examples=[1260])


class ReviewDetailModel(ReviewModel):
    shares: list[ShareModel] = Field(description="Whose work it is; empty: the one who delivered")
    deliveries: list[DeliveryModel] = Field(description="One a round")
    reviewers: list[ReviewerModel] = Field(description="Of all rounds, those who were replaced too")


@router.get("/reviews", response_model=PageEnvelope[ReviewModel], summary="Reviews, newest first")
async def reviews(
    service: Used,
    page: Paged,
    state: ReviewState | None = None,
    assignment_id: AssignmentFilter = None,
    member_id: MemberFilter = None,
    reviewer: Annotated[
        int | None, Query(ge=1, le=2**32 - 1, description="memberId of who was drawn", examples=[3])
    ] = None,
) -> Response:
    where: list[str] = []
    arguments: list[Any] = []
    for column, value in (
        ("v.state", state),
        ("v.assignment_id", assignment_id),
        ("v.member_id", member_id),
    ):
        if value is not None:
            where.append(f"{column} = ?")
            arguments.append(value)
    if reviewer is not None:
        where.append("v.review_id IN (SELECT review_id FROM reviewers WHERE member_id = ?)")
        arguments.append(reviewer)
    with service.view() as view:
        moment = view.moment
        return view.page(
            listing(
                view.reader,
                page,
                name="reviews",
                select=f"SELECT {columns(Review, 'v')} FROM reviews v",
                order=["v.review_id"],
                where=" AND ".join(where),
                arguments=arguments,
                present=lambda row: review_json(moment, table_of(Review).from_sql(row)),
                descending=True,
            )
        )


@router.get(
    "/reviews/{reviewId}",
    response_model=Envelope[ReviewDetailModel],
    summary="One review: what was delivered, and what each reviewer said",
)
async def review(service: Used, review_id: ReviewId) -> Response:
    with service.view() as view:
        moment = view.moment
        found = reads.review(moment, review_id)
        if found is None:
            raise not_found(f"Review {review_id}")
        return view.answer(
            review_json(moment, found)
            | {
                "shares": [
                    {"memberId": share.member_id, "bps": share.bps}
                    for share in reads.shares_of(moment, review_id)
                ],
                "deliveries": [
                    _delivery_json(moment, delivery) for delivery in reads.deliveries_of(moment, review_id)
                ],
                "reviewers": [
                    _reviewer_json(moment, asked) for asked in reads.all_reviewers_of(moment, review_id)
                ],
            }
        )


def review_json(moment: Moment, found: Review) -> dict[str, Any]:
    return {
        "reviewId": found.review_id,
        "assignmentId": found.assignment_id,
        "seat": found.seat,
        "memberId": found.member_id,
        "round": found.round,
        "state": found.state,
        "drawId": found.draw_id,
        "pool": found.pool,
        "wanted": found.wanted,
        "asked": [asked.member_id for asked in reads.reviewers_of(moment, found)],
        "answerUntil": found.answer_until,
        "openedAt": found.opened_at,
        "concludedAt": found.concluded_at,
        "byVote": found.by_vote,
        "shareBps": found.share_bps,
        "challengeableUntil": reads.challengeable_until(moment, found),
        "overturnedAt": found.overturned_at,
        "step": reads.step_of(moment, found),
    }


def _delivery_json(moment: Moment, found: Delivery) -> dict[str, Any]:
    return {
        "round": found.round,
        "evidence": hex_of(found.evidence),
        "text": moment.text(found.evidence),
        "deliveredAt": found.delivered_at,
        "transaction": hex_of(transaction_at(moment, found.block, found.position)),
        "block": found.block,
    }


def _reviewer_json(moment: Moment, asked: Reviewer) -> dict[str, Any]:
    given = reads.verdict_of(moment, asked)
    return {
        "round": asked.round,
        "memberId": asked.member_id,
        "askedAt": asked.asked_at,
        "answerUntil": asked.answer_until,
        "replacedAt": asked.replaced_at,
        "penaltyId": asked.penalty_id,
        "verdict": given.verdict if given else None,
        "mark": given.mark if given else None,
        "textHash": hex_of(given.text_hash) if given else None,
        "text": moment.text(given.text_hash) if given else None,
        "givenAt": given.given_at if given else None,
        "transaction": hex_of(transaction_at(moment, given.block, given.position)) if given else None,
        "block": given.block if given else None,
    }
