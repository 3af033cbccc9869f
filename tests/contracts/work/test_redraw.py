"""`redraw`: who does not answer, or is gone, is replaced; and where nobody is left a vote decides."""

import pytest
from brownie import reverts

from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, expel_directly
from tests.contracts.people import FOOD, member_id
from tests.contracts.work.reviewing import (
    ACCEPT,
    ACCEPTED,
    ASK_REWORK,
    DRAWING,
    EVIDENCE,
    IN_REWORK,
    NOT_ACCEPTED,
    REVIEW,
    REVIEWING,
    SILENCE,
    STUCK,
    all_say,
    anyone,
    drawn,
    reviewers,
    says,
    set_parameter,
    state_of,
    under_review,
    window_over,
)
from tests.contracts.work.steps import DONE, VACANT, award, seat_of

PENDING = 1


def replaced(tx):
    """(memberId, penaltyId) of those whom it replaced."""
    return [(e["memberId"], e["penaltyId"]) for e in tx.events["ReviewerReplaced"]]


def test_who_does_not_answer_is_replaced_and_gets_a_penalty_that_waits(commune, reviews, crowd):
    alice = crowd[0]
    _, review, (one, two) = under_review(commune, alice)
    says(commune, review, two)
    silent = member_id(commune, one)
    award(commune, silent, 10)
    window_over(commune, review)
    tx = reviews.redraw(review, anyone())
    assert replaced(tx) == [(silent, 1)]
    assert tx.events["ReviewersWanted"]["reviewId"] == review
    p = commune.penalties.penalty(1)
    assert (p["memberId"], p["topic"], p["amount"], p["reason"]) == (silent, FOOD, SILENCE, REVIEW)
    assert (p["state"], p["evidence"], p["source"]) == (PENDING, EVIDENCE, reviews)
    assert "Penalised" not in tx.events
    assert state_of(commune, review) == DRAWING
    tx = drawn(commune, review)
    kept, new = reviewers(commune, review)
    assert kept == two
    assert new not in (alice, one, two)
    assert [e["memberId"] for e in tx.events["ReviewerAsked"]] == [member_id(commune, new)]
    with reverts(error("ReviewsNotDrawn", review, one)):
        says(commune, review, one)
    says(commune, review, new)
    assert state_of(commune, review) == ACCEPTED


def test_nobody_is_replaced_in_their_time(commune, reviews, alice):
    _, review, _ = under_review(commune, alice)
    until = reviews.reviewOf(review)["until"]
    mine_at(until - 1)
    with reverts(error("ReviewsAnswersDue", review, until)):
        reviews.redraw(review, anyone())


def test_one_silence_is_one_penalty(commune, reviews, alice, bob, carol, dave, erin):
    """Who was silent is never drawn for this review again."""
    _, review, asked = under_review(commune, alice)
    silent = {member_id(commune, who) for who in asked}
    window_over(commune, review)
    reviews.redraw(review, anyone())
    with reverts(error("ReviewsWrongState", review, DRAWING)):
        reviews.redraw(review, anyone())
    drawn(commune, review)
    others = {member_id(commune, who) for who in reviewers(commune, review)}
    assert others == {2, 3, 4, 5} - silent
    assert commune.penalties.penaltyCount() == 2


@pytest.mark.parametrize("share", [0, 6_000])
def test_where_all_are_silent_a_vote_decides(commune, reviews, alice, bob, carol, dave, erin, share):
    assignment, review, _ = under_review(commune, alice)
    for _ in range(2):
        window_over(commune, review)
        reviews.redraw(review, anyone())
        drawn(commune, review)
    assert (state_of(commune, review), reviews.reviewersOf(review)) == (STUCK, ())
    assert {commune.penalties.penalty(p)["memberId"] for p in range(1, 5)} == {2, 3, 4, 5}
    tx = reviews.decide(review, share, acting_as(commune.timelock))
    concluded = tx.events["ReviewConcluded"]
    assert (concluded["shareBps"], concluded["byVote"]) == (share, True)
    if share:
        assert (state_of(commune, review), seat_of(commune, assignment)["state"]) == (ACCEPTED, DONE)
        assert [(e["memberId"], e["confirmer"], e["amount"]) for e in tx.events["Awarded"]] == [
            (1, 0, 6_000_000)
        ]
    else:
        assert (state_of(commune, review), seat_of(commune, assignment)["state"]) == (NOT_ACCEPTED, VACANT)


@pytest.mark.parametrize("gone", ["left", "expelled", "dormant"])
def test_who_is_gone_is_replaced_at_once_and_without_a_penalty(commune, reviews, crowd, gone):
    _, review, (one, two) = under_review(commune, crowd[0])
    member = member_id(commune, one)
    if gone == "left":
        commune.membership.leave(one.tx)
    elif gone == "expelled":
        expel_directly(commune, member)
    else:
        commune.membership.setDormant(member, acting_as(commune.presence))
    assert replaced(reviews.redraw(review, anyone())) == [(member, 0)]
    drawn(commune, review)
    assert reviewers(commune, review)[0] == two
    assert reviews.reviewOf(review)["until"] > 0
    all_say(commune, review, ACCEPT, ACCEPT)
    assert state_of(commune, review) == ACCEPTED


def test_who_left_during_the_window_has_no_penalty_after_it(commune, reviews, crowd):
    _, review, (one, two) = under_review(commune, crowd[0])
    says(commune, review, two)
    commune.membership.leave(one.tx)
    window_over(commune, review)
    assert replaced(reviews.redraw(review, anyone())) == [(member_id(commune, one), 0)]
    assert commune.penalties.penaltyCount() == 0


def test_a_verdict_outlives_its_reviewers_membership(commune, reviews, crowd):
    """Nobody voids a verdict that was given by going, nor by having the other one replaced."""
    _, review, (one, two) = under_review(commune, crowd[0])
    says(commune, review, one)
    commune.membership.leave(one.tx)
    window_over(commune, review)
    assert replaced(reviews.redraw(review, anyone())) == [(member_id(commune, two), 1)]
    drawn(commune, review)
    says(commune, review, reviewers(commune, review)[1])
    assert state_of(commune, review) == ACCEPTED


def test_where_the_other_one_cannot_be_replaced_the_verdict_that_there_is_decides(
    commune, reviews, alice, dave, erin
):
    """A commune of three, in which one of two is silent."""
    for who in (dave, erin):
        commune.membership.leave(who.tx)
    _, review, (one, _) = under_review(commune, alice)
    says(commune, review, one, ACCEPT, 50)
    window_over(commune, review)
    reviews.redraw(review, anyone())
    tx = drawn(commune, review)
    assert tx.events["ReviewConcluded"]["shareBps"] == 5_000
    assert state_of(commune, review) == ACCEPTED


def test_one_who_asks_for_rework_is_enough_where_the_other_one_cannot_be_replaced(
    commune, reviews, alice, dave, erin
):
    for who in (dave, erin):
        commune.membership.leave(who.tx)
    _, review, (one, _) = under_review(commune, alice)
    says(commune, review, one, ASK_REWORK)
    window_over(commune, review)
    reviews.redraw(review, anyone())
    drawn(commune, review)
    assert state_of(commune, review) == IN_REWORK


def test_a_verdict_does_not_decide_alone_where_others_have_a_share(commune, reviews, alice, erin):
    commune.membership.leave(erin.tx)
    _, review, (one, _) = under_review(commune, alice, shares=[(1, 9_000), (2, 1_000)])
    says(commune, review, one)
    window_over(commune, review)
    reviews.redraw(review, anyone())
    drawn(commune, review)
    assert state_of(commune, review) == STUCK


def test_who_is_silent_in_a_second_round_is_replaced(commune, reviews, crowd):
    alice = crowd[0]
    assignment, review, (one, two) = under_review(commune, alice)
    all_say(commune, review, ASK_REWORK, ACCEPT)
    reviews.deliver(assignment, 1, EVIDENCE, [], alice.tx)
    says(commune, review, two)
    window_over(commune, review)
    assert replaced(reviews.redraw(review, anyone())) == [(member_id(commune, one), 1)]
    drawn(commune, review)
    says(commune, review, reviewers(commune, review)[1])
    assert state_of(commune, review) == ACCEPTED


def test_a_stuck_review_is_drawn_again_after_a_while(commune, reviews, alice, bob, carol, dave, erin):
    """Once somebody has come back, say."""
    for member in (2, 3, 4, 5):
        commune.membership.setDormant(member, acting_as(commune.presence))
    _, review, _ = under_review(commune, alice)
    until = reviews.reviewOf(review)["until"]
    with reverts(error("ReviewsAnswersDue", review, until)):
        reviews.redraw(review, anyone())
    for member in (2, 3):
        commune.membership.wake(member, acting_as(commune.presence))
    mine_at(until + 1)
    reviews.redraw(review, anyone())
    drawn(commune, review)
    assert {member_id(commune, who) for who in reviewers(commune, review)} == {2, 3}
    assert state_of(commune, review) == REVIEWING


def test_with_no_penalty_for_silence_the_silent_are_replaced_all_the_same(commune, reviews, crowd):
    set_parameter(commune, "review.silence", 0)
    _, review, asked = under_review(commune, crowd[0])
    window_over(commune, review)
    tx = reviews.redraw(review, anyone())
    assert sorted(replaced(tx)) == sorted((member_id(commune, who), 0) for who in asked)


def test_a_review_that_is_concluded_or_unknown_is_not_drawn_again(commune, reviews, alice):
    _, review, _ = under_review(commune, alice)
    all_say(commune, review, ACCEPT, ACCEPT)
    window_over(commune, review)
    with reverts(error("ReviewsWrongState", review, ACCEPTED)):
        reviews.redraw(review, anyone())
    for call in (reviews.redraw, reviews.seatReviewers, reviews.abandon):
        with reverts(error("ReviewsUnknown", 9)):
            call(9, anyone())
