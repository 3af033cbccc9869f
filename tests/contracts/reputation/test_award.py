"""`award`: how reputation is gained, and its caps."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import advance
from tests.contracts.errors import error
from tests.contracts.people import FOOD, GENERAL, HOUSING, joined, member_id

POINT = 10**6
CAP = 200 * POINT
BUDGET = 500 * POINT
EVIDENCE = "0x" + "e1" * 32


def test_an_award_counts_at_once_in_its_topic_and_in_total(commune, reputation, alice, award, deployer):
    who = member_id(commune, alice)
    tx = award(alice, 30)
    assert tx.return_value == 30 * POINT
    event = tx.events["Awarded"]
    assert (event["memberId"], event["topic"], event["confirmer"]) == (who, FOOD, 0)
    assert (event["requested"], event["amount"]) == (30 * POINT, 30 * POINT)
    assert (event["reason"], str(event["evidence"]), event["source"]) == (0, EVIDENCE, deployer)
    at = tx.timestamp
    assert reputation.scoreAt(who, FOOD, at) == 30 * POINT
    assert reputation.totalScoreAt(who, at) == 30 * POINT
    assert reputation.score(who, HOUSING) == 0
    assert reputation.scoreAt(who, FOOD, at - 1) == 0


def test_awards_add_up_exactly_in_the_second_they_are_given(commune, reputation, alice, award):
    who = member_id(commune, alice)
    award(alice, 50)
    advance(60)
    tx = award(alice, 30)
    faded = reputation.scoreAt(who, FOOD, tx.timestamp) - 30 * POINT
    assert 0 < 50 * POINT - faded < POINT


def test_nobody_without_the_power_awards(commune, reputation, alice, bob):
    with reverts(error("AccessManagedUnauthorized", bob)):
        reputation.award(member_id(commune, alice), FOOD, POINT, 0, EVIDENCE, 0, bob.tx)


def test_an_award_needs_a_topic_that_exists(commune, alice, award):
    for topic in (0, 4, 2**16 - 1):
        with reverts(error("ReputationUnknownTopic", topic)):
            award(alice, 1, topic=topic)


def test_an_award_needs_a_member(commune, reputation, deployer):
    with reverts(error("ReputationUnknownMember", 99)):
        reputation.award(99, FOOD, POINT, 0, EVIDENCE, 0, {"from": deployer})


def test_an_award_needs_an_amount_and_evidence(alice, award):
    with reverts("ReputationZeroAmount: "):
        award(alice, 0)
    with reverts("ReputationEmptyEvidence: "):
        award(alice, 1, evidence="0x" + "00" * 32)


def test_an_award_in_the_wrong_unit_is_refused(alice, award):
    award(alice, 10**6)
    with reverts(error("ReputationAmountTooLarge", 10**12 + 1, 10**12)):
        award(alice, 10**6 + 1e-6)


# -------------------- the season's cap


def test_what_exceeds_the_seasons_cap_is_cut_not_refused(commune, reputation, alice, award):
    who = member_id(commune, alice)
    assert award(alice, 150).return_value == 150 * POINT
    assert reputation.awardRoom(who, FOOD) == 50 * POINT
    tx = award(alice, 70)
    assert tx.return_value == tx.events["Awarded"]["amount"] == 50 * POINT
    assert tx.events["Awarded"]["requested"] == 70 * POINT
    tx = award(alice, 1)
    assert tx.return_value == tx.events["Awarded"]["amount"] == 0
    assert reputation.totalScore(who) <= CAP


def test_each_topic_and_each_member_has_a_cap_of_their_own(alice, bob, award):
    award(alice, 200)
    assert award(alice, 200, topic=HOUSING).return_value == CAP
    assert award(bob, 200).return_value == CAP


def test_a_new_season_gives_new_room(commune, reputation, alice, award, next_season):
    award(alice, 200)
    next_season()
    assert reputation.awardRoom(member_id(commune, alice), FOOD) == CAP
    assert award(alice, 200).return_value == CAP


def test_fading_and_penalties_give_no_new_room(commune, reputation, alice, award, penalise):
    award(alice, 200)
    penalise(alice, 100)
    assert award(alice, 1).return_value == 0


def test_a_lower_cap_holds_at_once_and_takes_nothing_back(commune, reputation, alice, award, deployer):
    who = member_id(commune, alice)
    award(alice, 150)
    commune.constitution.setParameter(communes.bytes32("reputation.seasonCap"), 100, {"from": deployer})
    assert reputation.awardRoom(who, FOOD) == 0
    assert award(alice, 10).return_value == 0
    assert reputation.score(who, FOOD) > 149 * POINT


# -------------------- confirmations


def test_the_third_confirmation_by_the_same_member_counts_a_third(commune, reputation, alice, bob, award):
    amounts = [award(alice, 30, confirmer=bob).return_value for _ in range(3)]
    assert amounts == [30 * POINT, 15 * POINT, 10 * POINT]
    assert reputation.confirmations(member_id(commune, bob), member_id(commune, alice)) == 3


def test_the_discount_is_between_two_people_and_outlasts_the_season(
    commune, alice, bob, carol, award, next_season
):
    award(alice, 30, confirmer=bob)
    assert award(alice, 30, confirmer=carol).return_value == 30 * POINT
    assert award(carol, 30, confirmer=bob).return_value == 30 * POINT
    next_season()
    assert award(alice, 30, topic=GENERAL, confirmer=bob).return_value == 15 * POINT


def test_a_member_confirms_others_within_a_seasons_budget(
    commune, reputation, alice, bob, carol, dave, award, next_season
):
    confirmer = member_id(commune, bob)
    for member in (alice, carol):
        award(member, 200, confirmer=bob)
    assert reputation.confirmationLeft(confirmer) == 100 * POINT
    with reverts(error("ReputationConfirmationBudgetExceeded", confirmer, 101 * POINT, 100 * POINT)):
        award(dave, 101, confirmer=bob)
    award(dave, 100, confirmer=bob)
    assert reputation.confirmationLeft(confirmer) == 0
    award(dave, 10, confirmer=alice)
    next_season()
    assert reputation.confirmationLeft(confirmer) == BUDGET
    award(dave, 200, confirmer=bob)


def test_the_budget_is_charged_what_was_confirmed_even_where_less_is_gained(
    commune, reputation, alice, bob, award
):
    confirmer = member_id(commune, bob)
    award(alice, 200)
    assert award(alice, 50, confirmer=bob).return_value == 0
    assert reputation.confirmationLeft(confirmer) == BUDGET - 50 * POINT


def test_a_decision_of_the_commune_charges_nobody(commune, reputation, alice, award):
    award(alice, 200)
    for who in range(1, 6):
        assert reputation.confirmationLeft(who) == BUDGET


def test_nobody_confirms_themselves(commune, alice, award):
    with reverts(error("ReputationSelfConfirmation", member_id(commune, alice))):
        award(alice, 1, confirmer=alice)


@pytest.mark.parametrize("status", ["dormant", "left", "expelled"])
def test_only_active_members_confirm(commune, alice, bob, award, deployer, status):
    confirmer = member_id(commune, bob)
    remove(commune, bob, status, deployer)
    with reverts(error("ReputationConfirmerNotActive", confirmer)):
        commune.reputation.award(
            member_id(commune, alice), FOOD, POINT, 3, EVIDENCE, confirmer, {"from": deployer}
        )


def test_a_confirmer_must_be_a_member(commune, reputation, alice, deployer):
    with reverts(error("ReputationConfirmerNotActive", 99)):
        reputation.award(member_id(commune, alice), FOOD, POINT, 3, EVIDENCE, 99, {"from": deployer})


# -------------------- members who are away


@pytest.mark.parametrize("status", ["left", "expelled"])
def test_who_is_gone_gains_nothing_yet_makes_no_decision_fail(
    commune, reputation, alice, bob, award, deployer, status
):
    gone, confirmer = member_id(commune, alice), member_id(commune, bob)
    award(alice, 20)
    remove(commune, alice, status, deployer)
    tx = reputation.award(gone, FOOD, 30 * POINT, 3, EVIDENCE, confirmer, {"from": deployer})
    assert (tx.events["Awarded"]["requested"], tx.events["Awarded"]["amount"]) == (30 * POINT, 0)
    assert tx.return_value == 0
    assert 19 * POINT < reputation.score(gone, FOOD) <= 20 * POINT
    assert reputation.confirmationLeft(confirmer) == BUDGET
    assert reputation.awardRoom(gone, FOOD) == CAP - 20 * POINT


def test_a_dormant_member_gains_for_work_they_did(commune, alice, award, deployer):
    remove(commune, alice, "dormant", deployer)
    assert award(alice, 20).return_value == 20 * POINT


def test_leaving_and_returning_keeps_scores_caps_and_discounts(
    commune, reputation, alice, bob, carol, award, deployer
):
    who = member_id(commune, alice)
    award(alice, 150, confirmer=bob)
    score = reputation.score(who, FOOD)
    commune.membership.leave(alice.tx)
    assert joined(commune, alice, [bob, carol]) == who
    assert reputation.score(who, FOOD) > score * 97 // 100
    assert reputation.awardRoom(who, FOOD) == 50 * POINT
    assert award(alice, 30, confirmer=bob).return_value == 15 * POINT


def remove(commune, who, status, deployer):
    if status == "left":
        commune.membership.leave(who.tx)
    elif status == "dormant":
        commune.membership.setDormant(member_id(commune, who), {"from": deployer})
    else:
        commune.membership.expel(member_id(commune, who), {"from": deployer})
