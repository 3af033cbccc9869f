"""`abandon`: a review whose seat was taken from its holder while in rework is over."""

import pytest
from brownie import reverts

from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.people import member_id
from tests.contracts.work.reviewing import (
    ABANDONED,
    ACCEPT,
    ASK_REWORK,
    IN_REWORK,
    REVIEWING,
    all_say,
    anyone,
    delivers,
    drawn,
    state_of,
    under_review,
)
from tests.contracts.work.steps import seat_of, taken


def expired(commune, who):
    """Work whose holder did not deliver again in time and lost the seat: the assignment and the review."""
    assignment, review, _ = under_review(commune, who)
    all_say(commune, review, ASK_REWORK, ASK_REWORK)
    mine_at(seat_of(commune, assignment)["dueAt"] + 1)
    commune.assignments.reopen(assignment, 1, anyone())
    return assignment, review


def test_a_review_is_abandoned_once_its_seat_is_reopened(commune, reviews, alice):
    _, review = expired(commune, alice)
    concluded = reviews.abandon(review, anyone()).events["ReviewConcluded"]
    assert (concluded["state"], concluded["shareBps"], concluded["byVote"]) == (ABANDONED, 0, False)
    assert state_of(commune, review) == ABANDONED
    with reverts(error("ReviewsWrongState", review, ABANDONED)):
        reviews.abandon(review, anyone())


def test_nobody_abandons_what_is_still_in_rework(commune, reviews, alice):
    _, review, _ = under_review(commune, alice)
    with reverts(error("ReviewsWrongState", review, REVIEWING)):
        reviews.abandon(review, anyone())
    all_say(commune, review, ASK_REWORK, ASK_REWORK)
    with reverts(error("ReviewsStillInRework", review)):
        reviews.abandon(review, anyone())


@pytest.mark.parametrize("noticed", [True, False])
def test_two_reviews_never_award_the_same_seat(commune, reviews, crowd, noticed):
    """Delivered by who took it next, whether somebody abandoned the first review or not."""
    alice, bob = crowd[:2]
    assignment, first = expired(commune, alice)
    taken(commune, assignment, bob)
    if noticed:
        reviews.abandon(first, anyone())
    second = delivers(commune, assignment, bob)
    assert second == first + 1 == reviews.lastReviewOf(assignment, 1)
    assert state_of(commune, first) == ABANDONED
    drawn(commune, second)
    tx = all_say(commune, second, ACCEPT, ACCEPT)
    assert {e["memberId"] for e in tx.events["Awarded"] if e["reason"] == 2} == {member_id(commune, bob)}
    with reverts(error("ReviewsWrongState", first, ABANDONED)):
        reviews.redraw(first, anyone())


def test_who_takes_their_own_seat_again_has_a_new_review(commune, reviews, crowd):
    """With new reviewers, and no memory of the first one's rounds."""
    alice = crowd[0]
    assignment, first = expired(commune, alice)
    taken(commune, assignment, alice)
    second = delivers(commune, assignment, alice)
    assert (second, reviews.reviewOf(second)["round"]) == (first + 1, 1)
    assert state_of(commune, first) == ABANDONED


def test_giving_up_in_rework_ends_the_review_and_is_a_strike(commune, reviews, alice):
    assignment, review, _ = under_review(commune, alice)
    all_say(commune, review, ASK_REWORK, ASK_REWORK)
    assert state_of(commune, review) == IN_REWORK
    commune.assignments.withdraw(assignment, alice.tx)
    assert commune.assignments.strikesOf(1) == 1
    reviews.abandon(review, anyone())
