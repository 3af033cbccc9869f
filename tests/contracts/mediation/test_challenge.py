"""Cases about reviews: what was said of delivered work is overturned by a panel, and nothing else does it."""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.mediation.panels import (
    ANYONE,
    CARRIED,
    DISMISSED,
    convened,
    grown,
    judged,
    seated,
    voted,
    window_over,
)
from tests.contracts.mediation.panels import state_of as panel_state_of
from tests.contracts.mediation.steps import (
    EVIDENCE,
    NOTHING,
    OUTCOME,
    OVERTURN,
    POINT,
    begun,
    past,
    set_parameter,
    signed_by,
)
from tests.contracts.membership.steps import admit_directly
from tests.contracts.people import FOOD, member_id, person
from tests.contracts.work.reviewing import (
    ACCEPT,
    ACCEPTED,
    ASK_REWORK,
    CHALLENGE,
    NOT_ACCEPTED,
    OVERTURNED,
    OVERTURNED_LOSS,
    all_say,
    state_of,
    under_review,
)
from tests.contracts.work.steps import award

DAY = 86_400
REWARD = 10 * POINT


@pytest.fixture(scope="module")
def crowd(commune):
    """Fifteen members out of probation, in a commune that sends nothing back twice."""
    grown(commune, 15)
    set_parameter(commune, "work.reworkRounds", 0)
    return [person(n) for n in range(1, 16)]


@pytest.fixture(scope="module")
def accepted(commune, crowd, alice, bob):
    """Alice's work, a tenth of it Bob's, that two members accepted: the review, and them."""
    _, review, reviewers = under_review(commune, alice, shares=((1, 9_000), (2, 1_000)))
    all_say(commune, review, ACCEPT, ACCEPT)
    assert state_of(commune, review) == ACCEPTED
    return review, reviewers


@pytest.fixture(scope="module")
def refused(commune, crowd, erin):
    """Erin's work that was not accepted."""
    _, review, reviewers = under_review(commune, erin)
    all_say(commune, review, ASK_REWORK, ASK_REWORK)
    assert state_of(commune, review) == NOT_ACCEPTED
    return review, reviewers


def other_than(crowd, *people):
    """Members with no part in it."""
    return [who for who in crowd if who not in people]


def challenged(commune, review, who):
    return commune.mediation.challenge(review, EVIDENCE, who.tx).events["CaseOpened"]["caseId"]


def test_accepted_work_is_challenged_by_any_full_member(commune, mediation, crowd, accepted, alice, bob):
    review, reviewers = accepted
    claimant = other_than(crowd, alice, bob, *reviewers)[0]
    case = challenged(commune, review, claimant)
    found = mediation.caseOf(case)
    assert (found["reviewId"], found["topic"], found["remedy"]) == (review, FOOD, (OVERTURN, 0, 0))
    parties = [member_id(commune, who) for who in (claimant, alice, bob, *reviewers)]
    assert mediation.partiesOf(case) == tuple(parties)
    assert mediation.caseOfReview(review) == case
    assert mediation.casesLeft(parties[0]) == 1
    assert not any(mediation.isEligible(case, member) for member in parties)


def test_what_was_awarded_is_taken_back_and_the_reviewers_lose(commune, panels, crowd, accepted, alice, bob):
    review, reviewers = accepted
    case = challenged(commune, review, other_than(crowd, alice, bob, *reviewers)[0])
    convened(commune, case)
    seats = seated(commune, case)
    assert not {alice, bob, *reviewers} & set(seats)
    voted(commune, case, *[1] * len(seats))
    window_over(commune, case)
    for who in reviewers:
        award(commune, member_id(commune, who), 30)
    tx = panels.carryOut(case, ANYONE.tx)
    assert state_of(commune, review) == OVERTURNED
    lost = {e["memberId"]: e["requested"] for e in tx.events["Penalised"]}
    assert lost[1] == REWARD * 9 // 10
    assert [lost[member_id(commune, who)] for who in reviewers] == [OVERTURNED_LOSS] * 2
    assert panel_state_of(commune, case) == CARRIED


def test_failed_work_is_challenged_by_who_delivered_it(commune, mediation, panels, crowd, refused, erin):
    review, reviewers = refused
    for who in (reviewers[0], other_than(crowd, erin, *reviewers)[0]):
        with reverts(error("MediationReviewNotTheirs", review, member_id(commune, who))):
            mediation.challenge(review, EVIDENCE, who.tx)
    case = challenged(commune, review, erin)
    assert mediation.partiesOf(case) == tuple(member_id(commune, who) for who in (erin, *reviewers))
    assert mediation.casesLeft(5) == 1
    judged(commune, case, 4, 4, 4, 0, 0)
    window_over(commune, case)
    before = commune.reputation.score(5, FOOD)
    panels.carryOut(case, ANYONE.tx)
    assert commune.reputation.score(5, FOOD) - before == REWARD
    assert state_of(commune, review) == OVERTURNED


def test_a_panel_that_dismisses_leaves_the_review(commune, panels, crowd, refused, erin):
    review, _ = refused
    case = challenged(commune, review, erin)
    judged(commune, case, 0, 0, 0, 0, 4)
    window_over(commune, case)
    panels.carryOut(case, ANYONE.tx)
    assert (panel_state_of(commune, case), state_of(commune, review)) == (DISMISSED, NOT_ACCEPTED)


def test_nobody_challenges_what_they_worked_on_or_accepted(commune, mediation, accepted, alice, bob):
    """A strawman could else lose the case that somebody else would have won."""
    review, reviewers = accepted
    for who in (alice, bob, *reviewers):
        with reverts(error("MediationAgainstSelf", member_id(commune, who))):
            mediation.challenge(review, EVIDENCE, who.tx)


def test_nobody_on_probation_and_no_stranger_challenges(commune, mediation, accepted):
    review, _ = accepted
    admit_directly(commune, person(20))
    until = commune.membership.probationUntil(16)
    with reverts(error("MembershipOnProbation", 16, until)):
        mediation.challenge(review, EVIDENCE, person(20).tx)
    with reverts(error("MembershipNotMember", person(40))):
        mediation.challenge(review, EVIDENCE, person(40).tx)


def test_it_is_challenged_in_time(commune, mediation, crowd, accepted, alice, bob):
    review, reviewers = accepted
    until = commune.reviews.reviewOf(review)["concludedAt"] + CHALLENGE
    past(until)
    with reverts(error("MediationReviewTooLate", review, until)):
        mediation.challenge(review, EVIDENCE, other_than(crowd, alice, bob, *reviewers)[0].tx)


def test_only_what_was_concluded_is_challenged(commune, mediation, crowd, carol):
    _, review, reviewers = under_review(commune, carol)
    with reverts(error("ReviewsNotConcluded", review, state_of(commune, review))):
        mediation.challenge(review, EVIDENCE, other_than(crowd, carol, *reviewers)[0].tx)
    with reverts(error("ReviewsUnknown", 99)):
        mediation.challenge(99, EVIDENCE, carol.tx)


def test_a_case_about_a_review_needs_evidence(mediation, crowd, refused, erin):
    with reverts(error("MediationEmptyHash")):
        mediation.challenge(refused[0], NOTHING, erin.tx)


def test_a_review_is_challenged_once(commune, mediation, crowd, accepted, refused, alice, bob, erin):
    for (review, reviewers), who in ((accepted, None), (refused, erin)):
        first, second = other_than(crowd, alice, bob, erin, *reviewers)[:2]
        case = challenged(commune, review, who or first)
        with reverts(error("MediationReviewChallenged", review, case)):
            mediation.challenge(review, EVIDENCE, (who or second).tx)


def test_who_takes_a_case_back_gives_others_the_time_it_ran(commune, mediation, crowd, accepted, alice, bob):
    """A friend's case, taken back on the last day, would else make the review safe."""
    review, reviewers = accepted
    friend, other, third = other_than(crowd, alice, bob, *reviewers)[:3]
    until = commune.reviews.challengeableUntil(review)
    past(until - 2 * DAY)
    case = challenged(commune, review, friend)
    past(until + 3 * DAY)
    tx = mediation.withdraw(case, friend.tx)
    ran = tx.timestamp - mediation.caseOf(case)["openedAt"]
    past(until + ran - DAY)
    assert challenged(commune, review, other) == case + 1
    mediation.withdraw(case + 1, other.tx)
    past(until + ran + DAY)
    with reverts(revert_pattern="MediationReviewTooLate: .*"):
        mediation.challenge(review, EVIDENCE, third.tx)


def test_what_was_settled_among_them_can_be_challenged_by_others(
    commune, mediation, crowd, accepted, alice, bob
):
    review, reviewers = accepted
    friend, other = other_than(crowd, alice, bob, *reviewers)[:2]
    case = challenged(commune, review, friend)
    mediator = begun(commune, case, friend)
    mediation.propose(case, OUTCOME, mediator.tx)
    signed_by(commune, case, friend, alice, bob, *reviewers)
    rest = [who for who in (friend, other) if who != mediator]
    assert challenged(commune, review, rest[-1]) == case + 1


def test_who_took_their_own_case_back_has_no_other(commune, mediation, refused, erin):
    review, _ = refused
    case = challenged(commune, review, erin)
    mediation.withdraw(case, erin.tx)
    with reverts(error("MediationReviewChallenged", review, case)):
        mediation.challenge(review, EVIDENCE, erin.tx)


def test_challenges_are_cases_of_a_season(commune, mediation, crowd, accepted, refused, alice, bob, erin):
    """They would else be a way of having panels drawn without end."""
    set_parameter(commune, "mediation.cases", 1)
    season = commune.constitution.currentSeason()
    for (review, reviewers), delivered in ((accepted, None), (refused, erin)):
        who = delivered or other_than(crowd, alice, bob, erin, *reviewers)[0]
        mediation.open([1], FOOD, (0, 1, POINT), EVIDENCE, who.tx)
        with reverts(error("MediationCasesExhausted", member_id(commune, who), season, 1)):
            mediation.challenge(review, EVIDENCE, who.tx)
