"""`penalise`: how reputation is lost in one topic."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance
from tests.contracts.errors import error
from tests.contracts.people import DAY, FOOD, HOUSING, joined, member_id
from tests.contracts.reputation.ledger import Accumulator

POINT = 10**6
EVIDENCE = "0x" + "e1" * 32


def test_a_penalty_takes_exactly_what_it_says_from_topic_and_total(
    commune, reputation, alice, award, penalise, deployer
):
    who = member_id(commune, alice)
    award(alice, 50)
    award(alice, 40, topic=HOUSING)
    tx = penalise(alice, 20)
    assert tx.return_value == 20 * POINT
    event = tx.events["Penalised"]
    assert (event["memberId"], event["topic"]) == (who, FOOD)
    assert (event["requested"], event["amount"]) == (20 * POINT, 20 * POINT)
    assert (event["reason"], str(event["evidence"]), event["source"]) == (5, EVIDENCE, deployer)
    now = tx.timestamp
    topics = [reputation.scoreAt(who, topic, now) for topic in (FOOD, HOUSING)]
    assert 30 * POINT - 100 < topics[0] <= 30 * POINT
    assert 40 * POINT - 100 < topics[1] <= 40 * POINT
    assert 0 <= reputation.totalScoreAt(who, now) - sum(topics) <= 2


def test_a_penalty_lowers_a_faded_score_by_exactly_what_it_took(commune, reputation, alice, award, penalise):
    who = member_id(commune, alice)
    untouched = Accumulator(reputation.origin(), reputation.halfLife())
    untouched.change(award(alice, 50).timestamp, 50 * POINT)
    advance(100 * DAY)
    at = penalise(alice, 20).timestamp
    assert reputation.scoreAt(who, FOOD, at) == untouched.score(at) - 20 * POINT


def test_a_score_is_never_negative(commune, reputation, alice, award, penalise):
    who = member_id(commune, alice)
    award(alice, 50)
    tx = penalise(alice, 80)
    assert 49 * POINT < tx.return_value <= 50 * POINT
    assert tx.events["Penalised"]["requested"] == 80 * POINT
    assert tx.events["Penalised"]["amount"] == tx.return_value
    assert reputation.score(who, FOOD) == 0
    assert reputation.totalScore(who) == 0
    award(alice, 10)
    assert reputation.score(who, FOOD) > 9 * POINT


def test_who_has_nothing_loses_nothing_and_it_is_on_record(commune, reputation, alice, award, penalise):
    who = member_id(commune, alice)
    award(alice, 50, topic=HOUSING)
    tx = penalise(alice, 10)
    assert tx.return_value == tx.events["Penalised"]["amount"] == 0
    assert reputation.totalScore(who) > 49 * POINT


def test_nobody_without_the_power_penalises(commune, reputation, alice, bob):
    with reverts(error("AccessManagedUnauthorized", bob)):
        reputation.penalise(member_id(commune, alice), FOOD, POINT, 5, EVIDENCE, bob.tx)


def test_a_penalty_needs_member_topic_amount_and_evidence(reputation, alice, penalise, deployer):
    with reverts(error("ReputationUnknownMember", 99)):
        reputation.penalise(99, FOOD, POINT, 5, EVIDENCE, {"from": deployer})
    with reverts(error("ReputationUnknownTopic", 9)):
        penalise(alice, 1, topic=9)
    with reverts("ReputationZeroAmount: "):
        penalise(alice, 0)
    with reverts("ReputationEmptyEvidence: "):
        penalise(alice, 1, evidence="0x" + "00" * 32)


@pytest.mark.parametrize("expelled", [False, True], ids=["left", "expelled"])
def test_leaving_is_no_way_out_of_a_penalty(commune, reputation, alice, award, deployer, expelled):
    who = member_id(commune, alice)
    award(alice, 50)
    if expelled:
        commune.membership.expel(who, {"from": deployer})
    else:
        commune.membership.leave(alice.tx)
    tx = reputation.penalise(who, FOOD, 20 * POINT, 5, EVIDENCE, {"from": deployer})
    assert tx.return_value == 20 * POINT


def test_leaving_and_returning_sheds_no_penalty(commune, reputation, alice, bob, carol, award, penalise):
    who = member_id(commune, alice)
    award(alice, 50)
    penalise(alice, 45)
    commune.membership.leave(alice.tx)
    assert joined(commune, alice, [bob, carol]) == who
    assert reputation.score(who, FOOD) < 5 * POINT
    assert reputation.totalScore(who) < 5 * POINT
