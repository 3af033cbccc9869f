"""`penaliseAcross`: how reputation is lost wherever there is some."""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.people import FOOD, GENERAL, HOUSING, member_id

POINT = 10**6
EVIDENCE = "0x" + "e1" * 32


def test_topics_pay_in_their_order_until_the_amount_is_reached(
    commune, reputation, alice, award, penalise_across, deployer
):
    who = member_id(commune, alice)
    for topic in (HOUSING, GENERAL, FOOD):
        award(alice, 30, topic=topic)
    tx = penalise_across(alice, 40)
    assert tx.return_value == 40 * POINT
    first, second = tx.events["Penalised"]
    assert (first["topic"], first["requested"]) == (GENERAL, 40 * POINT)
    assert 29 * POINT < first["amount"] <= 30 * POINT
    assert (second["topic"], second["requested"]) == (FOOD, 40 * POINT - first["amount"])
    assert second["amount"] == second["requested"]
    assert (second["memberId"], second["reason"], second["source"]) == (who, 1, deployer)
    assert reputation.score(who, GENERAL) == 0
    assert reputation.score(who, HOUSING) > 29 * POINT


def test_more_than_there_is_takes_all_and_no_more(commune, reputation, alice, award, penalise_across):
    who = member_id(commune, alice)
    for topic in (GENERAL, FOOD, HOUSING):
        award(alice, 30, topic=topic)
    tx = penalise_across(alice, 1000)
    assert tx.return_value == sum(event["amount"] for event in tx.events["Penalised"])
    assert 89 * POINT < tx.return_value <= 90 * POINT
    assert reputation.totalScore(who) <= 3
    assert all(reputation.score(who, topic) == 0 for topic in (GENERAL, FOOD, HOUSING))


def test_who_has_nothing_loses_nothing(alice, bob, award, penalise_across):
    award(bob, 30)
    tx = penalise_across(alice, 10)
    assert tx.return_value == 0
    assert "Penalised" not in tx.events


@pytest.mark.skip_coverage  # a trace with all these calls in memory at each step takes 20 GB
def test_the_highest_topic_there_can_be_is_reached(
    commune, reputation, alice, award, penalise_across, deployer
):
    law, powers = commune.constitution, commune.powers
    one_more = powers.execute.encode_input(law, law.addTopic.encode_input("one more"))
    for count in (126, 126):
        powers.multicall([one_more] * count, {"from": deployer})
    assert law.topicCount() == 255
    award(alice, 30, topic=255)
    assert penalise_across(alice, 10).events["Penalised"]["topic"] == 255


def test_nobody_without_the_power_penalises(commune, reputation, alice, bob):
    with reverts(error("AccessManagedUnauthorized", bob)):
        reputation.penaliseAcross(member_id(commune, alice), POINT, 1, EVIDENCE, bob.tx)


def test_a_penalty_needs_member_amount_and_evidence(reputation, alice, penalise_across, deployer):
    with reverts(error("ReputationUnknownMember", 99)):
        reputation.penaliseAcross(99, POINT, 1, EVIDENCE, {"from": deployer})
    with reverts("ReputationZeroAmount: "):
        penalise_across(alice, 0)
    with reverts("ReputationEmptyEvidence: "):
        penalise_across(alice, 1, evidence="0x" + "00" * 32)
