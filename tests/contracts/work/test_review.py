"""`review`: who was drawn accepts the work with a mark, or asks for rework; and what follows from that."""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, expel_directly, move_directly
from tests.contracts.people import DAY, DORMANT, FOOD, joined, member_id, person, wait
from tests.contracts.work.reviewing import (
    ACCEPT,
    ACCEPTED,
    ASK_REWORK,
    ASSIGNMENT,
    DRAWING,
    EVIDENCE,
    IN_REWORK,
    MORE_EVIDENCE,
    NONE,
    NOT_ACCEPTED,
    NOTHING,
    REMARK,
    REVIEW,
    REVIEWING,
    REWARD,
    STUCK,
    all_say,
    delivers,
    drawn,
    reviewers,
    says,
    sent_back,
    set_parameter,
    state_of,
    to_last_round,
    under_review,
    window_over,
)
from tests.contracts.work.steps import (
    DELIVERED,
    DONE,
    REWORK,
    VACANT,
    WHY,
    Brief,
    award,
    holders,
    opened,
    seat_of,
    taken,
)

POINT = 1_000_000


def awards(tx, reason=ASSIGNMENT):
    """(memberId, confirmer, requested, gained) of each award for work."""
    # Brownie's events are no dict: they have no `get`.
    found = tx.events["Awarded"] if "Awarded" in tx.events else []  # noqa: SIM401
    return [
        (e["memberId"], e["confirmer"], e["requested"], e["amount"]) for e in found if e["reason"] == reason
    ]


# ------------------------------------------------------------------ accepted


def test_work_that_both_accept_earns_the_mean_of_their_marks(commune, reviews, alice):
    assignment, review, (one, two) = under_review(commune, alice)
    tx = says(commune, review, one, ACCEPT, 90)
    said = tx.events["Reviewed"]
    assert (said["reviewId"], said["memberId"], said["round"]) == (review, member_id(commune, one), 1)
    assert (said["verdict"], said["mark"], said["text"]) == (ACCEPT, 90, REMARK)
    assert "ReviewConcluded" not in tx.events
    tx = says(commune, review, two, ACCEPT, 71)
    concluded = tx.events["ReviewConcluded"]
    assert (concluded["state"], concluded["shareBps"], concluded["byVote"]) == (ACCEPTED, 8_050, False)
    r = reviews.reviewOf(review)
    assert (r["state"], r["shareBps"], r["concludedAt"]) == (ACCEPTED, 8_050, tx.timestamp)
    seat = seat_of(commune, assignment)
    assert (seat["state"], seat["memberId"], seat["shareBps"]) == (DONE, 1, 8_050)
    half = 4_025_000
    assert awards(tx) == [(1, member_id(commune, who), half, half) for who in (one, two)]
    assert {str(e["evidence"]) for e in tx.events["Awarded"]} == {EVIDENCE}


def test_a_reviewer_earns_a_little_for_answering_in_time_once(commune, reviews, alice):
    assignment, review, (one, two) = under_review(commune, alice)
    tx = says(commune, review, one, ASK_REWORK)
    assert awards(tx, REVIEW) == [(member_id(commune, one), 0, REWARD, REWARD)]
    says(commune, review, two, ASK_REWORK)
    delivers(commune, assignment, alice, evidence=MORE_EVIDENCE)
    assert awards(says(commune, review, one), REVIEW) == []
    assert awards(says(commune, review, two), REVIEW) == []


def test_an_award_is_shared_as_the_delivery_says_and_never_exceeds_the_reward(commune, alice):
    """Parts are rounded down; the second reviewer confirms what halving leaves."""
    brief = Brief(reward=1_000_001)
    _, review, (one, two) = under_review(commune, alice, brief, [(1, 3_333), (2, 3_333), (3, 3_334)])
    says(commune, review, one, ACCEPT, 33)
    tx = says(commune, review, two, ACCEPT, 34)
    reward = 1_000_001 * 3_350 // 10_000
    parts = [reward * bps // 10_000 for bps in (3_333, 3_333, 3_334)]
    confirmers = [member_id(commune, who) for who in (one, two)]
    expected = [
        (member, confirmer, amount, amount)
        for member, part in zip((1, 2, 3), parts, strict=True)
        for confirmer, amount in zip(confirmers, (part // 2, part - part // 2), strict=True)
    ]
    assert awards(tx) == expected
    assert reward - 3 < sum(parts) <= reward


def test_a_reward_too_small_to_be_halved_is_given_by_one(commune, alice):
    _, review, _ = under_review(commune, alice, Brief(reward=1))
    tx = all_say(commune, review, ACCEPT, ACCEPT)
    assert [(member, amount) for member, _, amount, _ in awards(tx)] == [(1, 1)]


def test_a_mark_of_one_is_a_mark(commune, alice):
    """It costs who works half of it; the other reviewer's mark still counts."""
    _, review, (one, two) = under_review(commune, alice)
    says(commune, review, one, ACCEPT, 1)
    assert says(commune, review, two, ACCEPT, 100).events["ReviewConcluded"]["shareBps"] == 5_050


# ------------------------------------------------------------------ who may, and when


def test_nobody_who_was_not_drawn_reviews(commune, crowd, stranger):
    alice = crowd[0]
    _, review, asked = under_review(commune, alice)
    undrawn = next(who for who in crowd if who not in (alice, *asked))
    for who in (alice, undrawn, stranger):
        with reverts(error("ReviewsNotDrawn", review, who)):
            says(commune, review, who)


def test_nobody_reviews_twice_in_a_round(commune, alice):
    _, review, (one, _) = under_review(commune, alice)
    says(commune, review, one)
    with reverts(error("ReviewsTwice", review, member_id(commune, one))):
        says(commune, review, one, ASK_REWORK)


def test_a_late_verdict_is_refused(commune, reviews, alice):
    _, review, (one, _) = under_review(commune, alice)
    until = reviews.reviewOf(review)["until"]
    window_over(commune, review)
    with reverts(error("ReviewsLate", review, until)):
        says(commune, review, one)


def test_after_the_conclusion_nobody_reviews(commune, alice):
    _, review, (one, _) = under_review(commune, alice)
    all_say(commune, review, ACCEPT, ACCEPT)
    with reverts(error("ReviewsWrongState", review, ACCEPTED)):
        says(commune, review, one)


@pytest.mark.parametrize(
    ("verdict", "mark"), [(ACCEPT, 0), (ACCEPT, 101), (ASK_REWORK, 1), (NONE, 0), (NONE, 50)]
)
def test_a_verdict_without_its_mark_is_refused(commune, alice, verdict, mark):
    _, review, (one, _) = under_review(commune, alice)
    with reverts(error("ReviewsBadVerdict", verdict, mark)):
        says(commune, review, one, verdict, mark)


def test_a_verdict_says_why(commune, reviews, alice):
    _, review, (one, _) = under_review(commune, alice)
    with reverts(error("ReviewsEmptyText")):
        reviews.review(review, ACCEPT, 100, NOTHING, one.tx)


def test_a_reviewer_who_took_a_seat_of_the_assignment_reviews_it_no_more(commune, alice):
    """And so is replaced for not answering."""
    assignment, review, (one, two) = under_review(commune, alice, Brief(seats=2))
    says(commune, review, two)
    taken(commune, assignment, one)
    member = member_id(commune, one)
    with reverts(error("ReviewsByAssignee", review, member)):
        says(commune, review, one)
    window_over(commune, review)
    replaced = commune.reviews.redraw(review, alice.tx).events["ReviewerReplaced"]
    assert (replaced["memberId"], replaced["penaltyId"]) == (member, 1)


def test_a_reviewer_who_was_recovered_answers_from_the_new_account(commune, alice, stranger):
    _, review, (one, _) = under_review(commune, alice)
    move_directly(commune, member_id(commune, one), stranger)
    with reverts(error("ReviewsNotDrawn", review, one)):
        says(commune, review, one)
    says(commune, review, stranger)


@pytest.mark.parametrize("gone", ["left", "expelled", "dormant"])
def test_a_reviewer_who_is_gone_gives_no_verdict(commune, alice, gone):
    _, review, (one, _) = under_review(commune, alice)
    go(commune, one, gone)
    with reverts(revert_pattern="Membership.*"):
        says(commune, review, one)


# ------------------------------------------------------------------ rework


def test_one_who_asks_for_rework_sends_it_back(commune, reviews, alice):
    assignment, review, _ = under_review(commune, alice)
    tx = all_say(commune, review, ACCEPT, ASK_REWORK)
    asked = tx.events["ReworkAsked"]
    assert (asked["reviewId"], asked["round"]) == (review, 1)
    seat = seat_of(commune, assignment)
    assert (seat["state"], seat["dueAt"]) == (REWORK, tx.timestamp + 7 * DAY)
    assert (state_of(commune, review), awards(tx)) == (IN_REWORK, [])


def test_work_that_was_sent_back_can_be_accepted_then(commune, reviews, alice):
    assignment, review, _ = under_review(commune, alice)
    sent_back(commune, assignment, review, alice)
    assert (state_of(commune, review), seat_of(commune, assignment)["state"]) == (REVIEWING, DELIVERED)
    tx = all_say(commune, review, ACCEPT, ACCEPT)
    assert tx.events["Reviewed"]["round"] == 2
    assert {str(e["evidence"]) for e in tx.events["Awarded"]} == {MORE_EVIDENCE}
    assert seat_of(commune, assignment)["state"] == DONE


def test_work_that_nobody_accepts_in_the_last_round_has_failed(commune, reviews, alice):
    assignment, review, _ = under_review(commune, alice)
    to_last_round(commune, assignment, review, alice)
    assert reviews.reviewOf(review)["round"] == 3
    tx = all_say(commune, review, ASK_REWORK, ASK_REWORK)
    concluded = tx.events["ReviewConcluded"]
    assert (concluded["state"], concluded["shareBps"]) == (NOT_ACCEPTED, 0)
    assert (reviews.reviewOf(review)["concludedAt"], awards(tx)) == (tx.timestamp, [])
    assert seat_of(commune, assignment)["state"] == VACANT
    assert commune.assignments.strikesOf(1) == 1


def test_without_rounds_of_rework_a_first_verdict_decides(commune, alice):
    set_parameter(commune, "work.reworkRounds", 0)
    _, review, _ = under_review(commune, alice)
    all_say(commune, review, ASK_REWORK, ASK_REWORK)
    assert state_of(commune, review) == NOT_ACCEPTED


# ------------------------------------------------------------------ a third


def split_in_the_last_round(commune, who):
    """The assignment, its review, and the third who was drawn since the two disagree."""
    set_parameter(commune, "work.reworkRounds", 0)
    assignment, review, _ = under_review(commune, who)
    first, second = reviewers(commune, review)
    says(commune, review, first, ACCEPT, 80)
    says(commune, review, second, ASK_REWORK)
    return assignment, review, first, second


def test_a_third_decides_where_two_disagree_in_the_last_round(commune, reviews, crowd):
    _, review, first, second = split_in_the_last_round(commune, crowd[0])
    assert (state_of(commune, review), reviews.reviewOf(review)["wanted"]) == (DRAWING, 3)
    tx = drawn(commune, review)
    *two, third = reviewers(commune, review)
    assert two == [first, second]
    assert third not in (crowd[0], first, second)
    assert [e["memberId"] for e in tx.events["ReviewerAsked"]] == [member_id(commune, third)]
    for earlier in two:
        with reverts(error("ReviewsTwice", review, member_id(commune, earlier))):
            says(commune, review, earlier)
    tx = says(commune, review, third, ACCEPT, 60)
    assert tx.events["ReviewConcluded"]["shareBps"] == 7_000
    confirmers = {confirmer for _, confirmer, _, _ in awards(tx)}
    assert confirmers == {member_id(commune, first), member_id(commune, third)}


def test_a_third_who_does_not_accept_either_fails_it(commune, crowd):
    assignment, review, _, _ = split_in_the_last_round(commune, crowd[0])
    drawn(commune, review)
    says(commune, review, reviewers(commune, review)[2], ASK_REWORK)
    assert state_of(commune, review) == NOT_ACCEPTED
    assert seat_of(commune, assignment)["state"] == VACANT


def test_a_third_who_does_not_answer_is_replaced(commune, reviews, crowd):
    _, review, first, second = split_in_the_last_round(commune, crowd[0])
    drawn(commune, review)
    silent = reviewers(commune, review)[2]
    window_over(commune, review)
    assert reviews.redraw(review, crowd[0].tx).events["ReviewerReplaced"]["memberId"] == member_id(
        commune, silent
    )
    drawn(commune, review)
    *two, third = reviewers(commune, review)
    assert two == [first, second]
    assert third != silent
    says(commune, review, third)
    assert state_of(commune, review) == ACCEPTED


def test_where_there_is_no_third_a_vote_decides(commune, reviews, alice, dave, erin):
    for who in (dave, erin):
        commune.membership.leave(who.tx)
    assignment, review, _, _ = split_in_the_last_round(commune, alice)
    drawn(commune, review)
    assert state_of(commune, review) == STUCK
    reviews.decide(review, 5_000, acting_as(commune.timelock))
    assert seat_of(commune, assignment)["shareBps"] == 5_000


# ------------------------------------------------------------------ nothing keeps it from being concluded


def go(commune, who, gone):
    member = member_id(commune, who)
    if gone == "left":
        commune.membership.leave(who.tx)
    elif gone == "expelled":
        expel_directly(commune, member)
    else:
        commune.membership.setDormant(member, acting_as(commune.presence))
        assert commune.membership.statusOf(member) == DORMANT


@pytest.mark.parametrize("gone", ["left", "expelled", "dormant"])
def test_a_reviewer_who_is_gone_after_the_verdict_confirms_nothing(commune, alice, gone):
    """The verdict stands; what they would have confirmed is the commune's to give."""
    _, review, (one, two) = under_review(commune, alice)
    says(commune, review, one)
    go(commune, one, gone)
    tx = says(commune, review, two)
    assert awards(tx) == [(1, 0, 5 * POINT, 5 * POINT), (1, member_id(commune, two), 5 * POINT, 5 * POINT)]


def test_of_a_budget_that_is_used_up_the_rest_is_given(commune, alice, crowd):
    assignment, review, (one, two) = under_review(commune, alice)
    confirmer, other = member_id(commune, one), member_id(commune, two)
    left = commune.reputation.confirmationLeft(confirmer)
    timelock = acting_as(commune.timelock)
    someone = next(member_id(commune, who) for who in crowd if who not in (alice, one, two))
    used = left - 2 * POINT
    commune.reputation.award(someone, FOOD, used, REVIEW, WHY, confirmer, timelock)
    says(commune, review, one)
    tx = says(commune, review, two)
    assert awards(tx) == [(1, confirmer, 2 * POINT, 2 * POINT), (1, other, 5 * POINT, 5 * POINT)]
    assert commune.reputation.confirmationLeft(confirmer) == 0
    assert seat_of(commune, assignment)["shareBps"] == 10_000


def test_of_two_budgets_that_are_used_up_nothing_is_given_and_the_work_is_done(commune, alice, crowd):
    assignment, review, asked = under_review(commune, alice)
    someone = next(member_id(commune, who) for who in crowd if who not in (alice, *asked))
    for confirmer in (member_id(commune, who) for who in asked):
        left = commune.reputation.confirmationLeft(confirmer)
        arguments = (someone, FOOD, left, REVIEW, WHY, confirmer)
        commune.reputation.award(*arguments, acting_as(commune.timelock))
    tx = all_say(commune, review, ACCEPT, ACCEPT)
    assert (awards(tx), seat_of(commune, assignment)["state"]) == ([], DONE)


def test_a_cap_that_is_reached_cuts_the_award(commune, alice):
    _, review, _ = under_review(commune, alice)
    room = commune.reputation.awardRoom(1, FOOD)
    award(commune, 1, room // POINT - 3)
    tx = all_say(commune, review, ACCEPT, ACCEPT)
    assert sum(gained for *_, gained in awards(tx)) == 3 * POINT


@pytest.mark.parametrize("gone", ["left", "expelled"])
def test_who_worked_and_left_is_awarded_nothing_and_holds_nobody_up(commune, alice, gone):
    assignment, review, _ = under_review(commune, alice, shares=[(1, 5_000), (2, 5_000)])
    go(commune, alice, gone)
    tx = all_say(commune, review, ACCEPT, ACCEPT)
    assert [(member, gained) for member, _, _, gained in awards(tx)] == [
        *((1, 0), (1, 0)),
        *((2, 2_500_000), (2, 2_500_000)),
    ]
    assert seat_of(commune, assignment)["state"] == DONE


def test_what_was_delivered_before_it_was_cancelled_is_reviewed(commune, alice):
    assignment, review, _ = under_review(commune, alice)
    commune.assignments.cancel(assignment, WHY, acting_as(commune.timelock))
    sent_back(commune, assignment, review, alice)
    all_say(commune, review, ACCEPT, ACCEPT)
    assert seat_of(commune, assignment)["state"] == DONE


def test_with_nothing_to_earn_for_reviews_they_go_on(commune, alice):
    set_parameter(commune, "review.reward", 0)
    _, review, _ = under_review(commune, alice)
    tx = all_say(commune, review, ACCEPT, ACCEPT)
    assert (awards(tx, REVIEW), state_of(commune, review)) == ([], ACCEPTED)


def test_each_seat_has_reviewers_of_its_own(commune, crowd):
    alice, bob = crowd[:2]
    assignment = opened(commune, Brief(seats=2))
    taken(commune, assignment, alice, bob)
    first, second = delivers(commune, assignment, alice), delivers(commune, assignment, bob, 2)
    for review in (first, second):
        drawn(commune, review)
        all_say(commune, review, ACCEPT, ACCEPT)
    assert holders(commune, assignment) == [1, 2]
    assert [commune.reviews.lastReviewOf(assignment, seat) for seat in (1, 2)] == [first, second]


def test_a_newcomer_delivers_and_is_reviewed(commune, bob, carol, newcomer):
    new = joined(commune, newcomer, [bob, carol])
    wait(1)
    _, review, _ = under_review(commune, person(newcomer.index))
    tx = all_say(commune, review, ACCEPT, ACCEPT)
    assert sum(gained for member, *_, gained in awards(tx) if member == new) == 10 * POINT
