"""`overturn`: what reviewers concluded can be undone by a panel, once."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.errors import error
from tests.contracts.people import FOOD, member_id
from tests.contracts.work.reviewing import (
    ACCEPT,
    ACCEPTED,
    ASK_REWORK,
    ASSIGNMENT,
    CHALLENGE,
    EVIDENCE,
    NOT_ACCEPTED,
    OVERTURNED,
    OVERTURNED_LOSS,
    REVIEW,
    REVIEWING,
    all_say,
    delivers,
    drawn,
    says,
    set_parameter,
    state_of,
    under_review,
)
from tests.contracts.work.steps import DONE, VACANT, WHY, award, seat_of

POINT = 1_000_000


@pytest.fixture(scope="module")
def panel(commune, accounts, timelock):
    """Sends as panels do: an account that was given their power."""
    commune.powers.grantRole(communes.ROLES["OVERTURN"][0], accounts[41], 0, timelock)
    return {"from": accounts[41]}


def failed(commune, who, shares=()):
    """Work that nobody accepted: the assignment, the review, the reviewers."""
    set_parameter(commune, "work.reworkRounds", 0)
    assignment, review, asked = under_review(commune, who, shares=shares)
    all_say(commune, review, ASK_REWORK, ASK_REWORK)
    return assignment, review, asked


def test_accepted_work_that_is_overturned_loses_what_it_was_awarded(commune, reviews, alice, panel):
    assignment, review, asked = under_review(commune, alice, shares=[(1, 6_000), (2, 4_000)])
    for member in (1, 2, *(member_id(commune, who) for who in asked)):
        award(commune, member, 30)
    all_say(commune, review, ACCEPT, ACCEPT)
    tx = reviews.overturn(review, panel)
    assert tx.events["ReviewOverturned"]["reviewId"] == review
    lost = [(e["memberId"], e["topic"], e["amount"], e["reason"]) for e in tx.events["Penalised"]]
    assert lost == [
        (1, FOOD, 6 * POINT, ASSIGNMENT),
        (2, FOOD, 4 * POINT, ASSIGNMENT),
        *((member_id(commune, who), FOOD, OVERTURNED_LOSS, REVIEW) for who in asked),
    ]
    assert {str(e["evidence"]) for e in tx.events["Penalised"]} == {EVIDENCE}
    assert state_of(commune, review) == OVERTURNED
    seat = seat_of(commune, assignment)
    assert (seat["state"], seat["shareBps"]) == (DONE, 0)


def test_what_was_cut_when_it_was_awarded_is_not_taken(commune, reviews, alice, panel):
    """Of a cap that was reached, of a budget that was used up."""
    _, review, _ = under_review(commune, alice)
    room = commune.reputation.awardRoom(1, FOOD)
    award(commune, 1, room // POINT - 3)
    all_say(commune, review, ACCEPT, ACCEPT)
    taken = reviews.overturn(review, panel).events["Penalised"]
    assert sum(e["requested"] for e in taken if e["reason"] == ASSIGNMENT) == 3 * POINT


def test_no_more_than_there_is_is_taken(commune, reviews, alice, panel):
    """The reviewers have earned one point each, for reviewing."""
    _, review, _ = under_review(commune, alice)
    all_say(commune, review, ACCEPT, ACCEPT)
    tx = reviews.overturn(review, panel)
    losses = [e["amount"] for e in tx.events["Penalised"] if e["reason"] == REVIEW]
    assert len(losses) == 2
    assert all(0 < loss <= POINT for loss in losses)
    assert commune.reputation.score(1, FOOD) == 0


def test_failed_work_that_is_overturned_earns_the_whole_reward(commune, reviews, alice, panel):
    assignment, review, asked = failed(commune, alice, [(1, 7_500), (2, 2_500)])
    tx = reviews.overturn(review, panel)
    gained = [(e["memberId"], e["confirmer"], e["amount"], e["reason"]) for e in tx.events["Awarded"]]
    assert gained == [(1, 0, 7_500_000, ASSIGNMENT), (2, 0, 2_500_000, ASSIGNMENT)]
    lost = [(e["memberId"], e["requested"], e["reason"]) for e in tx.events["Penalised"]]
    assert lost == [(member_id(commune, who), OVERTURNED_LOSS, REVIEW) for who in asked]
    assert seat_of(commune, assignment)["state"] == VACANT


def test_who_gave_the_other_verdict_loses_nothing(commune, reviews, crowd, panel):
    set_parameter(commune, "work.reworkRounds", 0)
    _, review, (one, two) = under_review(commune, crowd[0])
    says(commune, review, one)
    says(commune, review, two, ASK_REWORK)
    drawn(commune, review)
    third = reviews.reviewersOf(review)[2]["memberId"]
    reviews.review(review, ACCEPT, 100, WHY, {"from": commune.membership.accountOf(third)})
    tx = reviews.overturn(review, panel)
    losers = {e["memberId"] for e in tx.events["Penalised"] if e["reason"] == REVIEW}
    assert losers == {member_id(commune, one), third}


@pytest.mark.parametrize("verdict", [ACCEPT, ASK_REWORK])
def test_nothing_is_overturned_twice(commune, reviews, alice, panel, verdict):
    set_parameter(commune, "work.reworkRounds", 0)
    _, review, _ = under_review(commune, alice)
    all_say(commune, review, verdict, verdict)
    reviews.overturn(review, panel)
    with reverts(error("ReviewsNotConcluded", review, OVERTURNED)):
        reviews.overturn(review, panel)
    with reverts(error("ReviewsNotConcluded", review, OVERTURNED)):
        reviews.challengeableUntil(review)


def test_what_is_not_concluded_is_not_overturned(commune, reviews, alice, panel):
    _, review, _ = under_review(commune, alice)
    with reverts(error("ReviewsNotConcluded", review, REVIEWING)):
        reviews.overturn(review, panel)
    with reverts(error("ReviewsNotConcluded", review, REVIEWING)):
        reviews.challengeableUntil(review)


def test_nobody_else_overturns(commune, reviews, alice, bob):
    _, review, _ = under_review(commune, alice)
    all_say(commune, review, ACCEPT, ACCEPT)
    with reverts(error("AccessManagedUnauthorized", bob)):
        reviews.overturn(review, bob.tx)


def test_who_has_left_neither_gains_nor_holds_it_up(commune, reviews, alice, bob, panel):
    _, review, _ = failed(commune, alice)
    commune.membership.leave(alice.tx)
    tx = reviews.overturn(review, panel)
    assert [(e["memberId"], e["amount"]) for e in tx.events["Awarded"]] == [(1, 0)]


def test_with_no_loss_for_a_wrong_verdict_only_the_award_is_taken(commune, reviews, alice, panel):
    set_parameter(commune, "review.overturned", 0)
    _, review, _ = under_review(commune, alice)
    all_say(commune, review, ACCEPT, ACCEPT)
    tx = reviews.overturn(review, panel)
    assert {e["reason"] for e in tx.events["Penalised"]} == {ASSIGNMENT}


def test_a_case_can_be_opened_for_thirty_days_but_about_no_vote(commune, reviews, alice, held, timelock):
    _, review, _ = under_review(commune, alice)
    all_say(commune, review, ACCEPT, ACCEPT)
    r = reviews.reviewOf(review)
    assert reviews.challengeableUntil(review) == r["concludedAt"] + CHALLENGE
    voted = delivers(commune, held, alice)
    reviews.decide(voted, 10_000, timelock)
    assert state_of(commune, voted) == ACCEPTED
    assert reviews.challengeableUntil(voted) == 0


def test_work_that_failed_by_vote_costs_no_reviewer(commune, reviews, alice, panel, timelock):
    _, review, (one, _) = under_review(commune, alice)
    says(commune, review, one, ASK_REWORK)
    reviews.decide(review, 0, timelock)
    assert state_of(commune, review) == NOT_ACCEPTED
    tx = reviews.overturn(review, panel)
    assert "Penalised" not in tx.events
