"""`seatReviewers`: two are asked in the order of the draw, and never who worked or vouched for who did."""

import pytest
from brownie import chain, reverts

from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, admit_directly, move_directly
from tests.contracts.people import joined, member_id, person, wait
from tests.contracts.work.reviewing import (
    ACCEPT,
    ACCEPTED,
    DRAWING,
    EVIDENCE,
    REVIEWING,
    STUCK,
    WINDOW,
    all_say,
    anyone,
    delivers,
    drawn,
    order_of,
    reviewers,
    says,
    state_of,
)
from tests.contracts.work.steps import Brief, capture, opened, taken


def ids(commune, people):
    return [member_id(commune, who) for who in people]


def delivered(commune, who, brief=None, shares=()):
    """Delivered work whose draw is captured: the assignment and the review."""
    assignment = opened(commune, brief or Brief())
    review = delivers(commune, assignment, who, taken(commune, assignment, who), shares)
    capture(commune, commune.reviews.reviewOf(review)["drawId"])
    return assignment, review


@pytest.mark.parametrize("again", range(3))
def test_the_first_two_of_the_draw_who_can_are_asked(commune, reviews, crowd, again):
    alice = crowd[0]
    chain.mine(again)
    _, review = delivered(commune, alice)
    tx = reviews.seatReviewers(review, anyone())
    order = [member for member in order_of(commune, review) if member != member_id(commune, alice)]
    asked = tx.events["ReviewerAsked"]
    assert [e["memberId"] for e in asked] == order[:2] == ids(commune, reviewers(commune, review))
    assert {e["until"] for e in asked} == {tx.timestamp + WINDOW}
    assert (state_of(commune, review), reviews.reviewOf(review)["until"]) == (
        REVIEWING,
        tx.timestamp + WINDOW,
    )


def test_nobody_is_asked_before_the_draw_is_captured(commune, reviews, held, alice):
    review = delivers(commune, held, alice)
    draw = reviews.reviewOf(review)["drawId"]
    with reverts(error("ReviewsNotCaptured", review, draw)):
        reviews.seatReviewers(review, anyone())
    capture(commune, draw)
    reviews.seatReviewers(review, anyone())
    with reverts(error("ReviewsWrongState", review, REVIEWING)):
        reviews.seatReviewers(review, anyone())


def test_who_delivers_knows_no_reviewer_beforehand(commune, reviews, held, alice):
    """The block that decides is not mined yet when the work is handed in, and follows from that block."""
    review = delivers(commune, held, alice)
    draw = commune.draws.draw(reviews.reviewOf(review)["drawId"])
    assert draw["targetBlock"] > chain.height
    assert draw["number"] == 0


def test_a_missed_draw_is_set_again_and_goes_on(commune, reviews, held, alice):
    """Withholding the capture takes everybody's silence for 256 blocks; no caller chooses the next one."""
    review = delivers(commune, held, alice)
    draw = reviews.reviewOf(review)["drawId"]
    chain.mine(270)
    with reverts(error("ReviewsNotCaptured", review, draw)):
        reviews.seatReviewers(review, anyone())
    commune.draws.retarget(draw, anyone())
    drawn(commune, review)
    assert state_of(commune, review) == REVIEWING


def test_who_holds_a_seat_of_the_assignment_reviews_nothing_of_it(commune, alice, bob, carol, dave, erin):
    assignment = opened(commune, Brief(seats=3))
    taken(commune, assignment, alice, bob, carol)
    review = delivers(commune, assignment, alice)
    drawn(commune, review)
    assert set(ids(commune, reviewers(commune, review))) == {4, 5}


def test_who_did_a_seat_of_the_assignment_reviews_nothing_of_it(commune, alice, bob, carol):
    assignment = opened(commune, Brief(seats=2))
    taken(commune, assignment, alice, bob)
    first = delivers(commune, assignment, alice)
    drawn(commune, first)
    all_say(commune, first, ACCEPT, ACCEPT)
    commune.membership.leave(carol.tx)
    second = delivers(commune, assignment, bob, 2)
    drawn(commune, second)
    assert set(ids(commune, reviewers(commune, second))) == {4, 5}


def test_a_voucher_of_who_worked_is_never_drawn_and_cannot_review(
    commune, reviews, alice, bob, carol, dave, erin, newcomer
):
    joined(commune, newcomer, [alice, bob])
    wait(1)
    _, review = delivered(commune, newcomer)
    reviews.seatReviewers(review, anyone())
    assert set(ids(commune, reviewers(commune, review))) <= {3, 4, 5}
    for voucher in (alice, bob):
        with reverts(error("ReviewsNotDrawn", review, voucher)):
            says(commune, review, voucher)


def test_a_voucher_of_who_has_a_share_is_never_drawn(
    commune, reviews, alice, bob, carol, dave, erin, newcomer
):
    new = joined(commune, newcomer, [bob, carol])
    wait(1)
    _, review = delivered(commune, alice, shares=[(1, 5_000), (new, 5_000)])
    reviews.seatReviewers(review, anyone())
    assert set(ids(commune, reviewers(commune, review))) == {4, 5}


def test_who_is_gone_asleep_or_on_probation_is_passed_over(commune, reviews, alice, bob, carol, dave, erin):
    admit_directly(commune, person(20), person(21))
    _, review = delivered(commune, alice)
    commune.membership.leave(bob.tx)
    commune.membership.setDormant(3, acting_as(commune.presence))
    reviews.seatReviewers(review, anyone())
    assert set(ids(commune, reviewers(commune, review))) == {4, 5}


def test_who_changed_account_meanwhile_is_asked_all_the_same(commune, reviews, alice, dave, erin, stranger):
    for who in (dave, erin):
        commune.membership.leave(who.tx)
    _, review = delivered(commune, alice)
    move_directly(commune, 2, stranger)
    reviews.seatReviewers(review, anyone())
    assert set(ids(commune, reviewers(commune, review))) == {2, 3}
    says(commune, review, stranger)


# ------------------------------------------------------------------ few, and many


def test_one_reviewer_decides_where_there_is_only_one(commune, reviews, alice, bob, carol, dave, erin):
    """In a commune of two, the other one."""
    for who in (carol, dave, erin):
        commune.membership.leave(who.tx)
    _, review = delivered(commune, alice)
    reviews.seatReviewers(review, anyone())
    assert ids(commune, reviewers(commune, review)) == [2]
    tx = says(commune, review, bob, ACCEPT, 70)
    assert tx.events["ReviewConcluded"]["shareBps"] == 7_000
    assert state_of(commune, review) == ACCEPTED


def test_in_a_commune_of_three_the_two_others_review(commune, reviews, alice, dave, erin):
    for who in (dave, erin):
        commune.membership.leave(who.tx)
    _, review = delivered(commune, alice)
    reviews.seatReviewers(review, anyone())
    assert set(ids(commune, reviewers(commune, review))) == {2, 3}


def test_where_nobody_can_be_drawn_the_review_is_stuck(commune, reviews, alice, bob, carol, dave, erin):
    for who in (bob, carol, dave, erin):
        commune.membership.leave(who.tx)
    _, review = delivered(commune, alice)
    tx = reviews.seatReviewers(review, anyone())
    assert tx.events["ReviewStuck"]["reviewId"] == review
    assert (state_of(commune, review), reviews.reviewersOf(review)) == (STUCK, ())


def test_naming_others_to_leave_one_friend_as_reviewer_gets_nowhere(
    commune, reviews, alice, bob, carol, dave, erin
):
    """In a commune of five, three who are named as having worked are no reviewers: the one who is left does
    not decide alone."""
    _, review = delivered(commune, alice, shares=[(1, 8_500), (2, 500), (3, 500), (4, 500)])
    reviews.seatReviewers(review, anyone())
    assert state_of(commune, review) == STUCK
    with reverts(error("ReviewsWrongState", review, STUCK)):
        says(commune, review, erin)


def test_taking_a_seat_of_the_assignment_before_the_draw_excludes_only_oneself(commune, reviews, alice, bob):
    assignment = opened(commune, Brief(seats=2))
    review = delivers(commune, assignment, alice, taken(commune, assignment, alice))
    capture(commune, reviews.reviewOf(review)["drawId"])
    taken(commune, assignment, bob)
    reviews.seatReviewers(review, anyone())
    assert set(ids(commune, reviewers(commune, review))) <= {3, 4, 5}


@pytest.mark.skip_coverage  # traces of hundreds of reads
def test_a_large_commune_most_of_which_cannot_review_is_gone_through_in_pages(commune, reviews, alice):
    """Of 155 memberIds, 150 on probation; 64 places a call."""
    sender = acting_as(commune.admission)
    for number in range(150):
        commune.membership.admit(f"0x{number + 1:040x}", sender)
    _, review = delivered(commune, alice)
    found, cursors = [], []
    while state_of(commune, review) == DRAWING:
        tx = reviews.seatReviewers(review, anyone())
        cursors.append(reviews.reviewOf(review)["cursor"])
        assert tx.gas_used < 2_000_000
        found = ids(commune, reviewers(commune, review))
    order = order_of(commune, review)
    assert found == [member for member in order if member in (2, 3, 4, 5)][:2]
    assert cursors[:-1] == [64 * (page + 1) for page in range(len(cursors) - 1)]
    assert cursors[-1] == order.index(found[1]) + 1


def test_a_verdict_does_not_count_before_all_reviewers_are_seated(commune, reviews, held, alice, bob):
    review = reviews.deliver(held, 1, EVIDENCE, [], alice.tx).events["Delivered"]["reviewId"]
    mine_at(chain[-1].timestamp + 60)
    with reverts(error("ReviewsWrongState", review, DRAWING)):
        says(commune, review, bob)
