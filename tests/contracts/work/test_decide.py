"""`decide`: a vote concludes what reviewers did not."""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import carried_out, draft
from tests.contracts.work.reviewing import (
    ACCEPT,
    ACCEPTED,
    ASK_REWORK,
    IN_REWORK,
    NOT_ACCEPTED,
    all_say,
    delivers,
    says,
    state_of,
    under_review,
)
from tests.contracts.work.steps import DONE, seat_of


def test_an_ordinary_decision_concludes_a_review(commune, reviews, held, alice, bob, carol, dave):
    review = delivers(commune, held, alice)
    d = draft(dave, (reviews, reviews.decide.encode_input(review, 7_000)), text="It is painted")
    carried_out(commune, d, dave, (alice, bob), (alice, bob, carol))
    r = reviews.reviewOf(review)
    assert (r["state"], r["shareBps"], r["byVote"]) == (ACCEPTED, 7_000, True)
    assert seat_of(commune, held)["state"] == DONE


def test_nobody_else_decides(reviews, held, alice, bob, commune):
    review = delivers(commune, held, alice)
    for who in (alice, bob):
        with reverts(error("AccessManagedUnauthorized", who)):
            reviews.decide(review, 10_000, who.tx)


def test_no_more_than_the_reward_is_decided(commune, reviews, held, alice, timelock):
    review = delivers(commune, held, alice)
    with reverts(error("ReviewsShare", 10_001, 0, 10_000)):
        reviews.decide(review, 10_001, timelock)


def test_a_vote_comes_before_verdicts_that_are_missing(commune, reviews, alice, timelock):
    _, review, (one, two) = under_review(commune, alice)
    says(commune, review, one)
    reviews.decide(review, 0, timelock)
    assert state_of(commune, review) == NOT_ACCEPTED
    with reverts(error("ReviewsWrongState", review, NOT_ACCEPTED)):
        says(commune, review, two)


@pytest.mark.parametrize(("verdict", "state"), [(ACCEPT, ACCEPTED), (ASK_REWORK, IN_REWORK)])
def test_what_reviewers_have_said_is_not_decided_again(commune, reviews, alice, verdict, state):
    _, review, _ = under_review(commune, alice)
    all_say(commune, review, verdict, verdict)
    with reverts(error("ReviewsWrongState", review, state)):
        reviews.decide(review, 10_000, acting_as(commune.timelock))


def test_what_is_not_known_is_not_decided(reviews, timelock):
    with reverts(error("ReviewsUnknown", 1)):
        reviews.decide(1, 10_000, timelock)
