"""`spend`: what a season's budget is and how ballots use it up."""

from random import Random

import pytest
from brownie import reverts
from brownie.test import given, strategy
from hypothesis import settings

from scripts import commune as communes
from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.people import DAY, joined, member_id, person

POINT = 10**6
SEASON = 90 * DAY


def test_spending_adds_up_over_the_season(commune, voice_credits, alice, spend):
    who = member_id(commune, alice)
    tx = spend(alice, 24)
    event = tx.events["CreditsSpent"]
    assert (event["memberId"], event["season"], event["cost"], event["spent"]) == (who, 1, 24, 24)
    tx = spend(alice, 3)
    assert (tx.events["CreditsSpent"]["cost"], tx.events["CreditsSpent"]["spent"]) == (3, 27)
    assert voice_credits.budgetOf(who, 1) == 100
    assert voice_credits.spentBy(who, 1) == 27
    assert voice_credits.creditsLeft(who, 1) == 73


def test_the_first_spending_opens_the_budget_once(commune, alice, spend):
    event = spend(alice, 3).events["BudgetOpened"]
    assert (event["memberId"], event["season"], event["budget"]) == (member_id(commune, alice), 1, 100)
    assert "BudgetOpened" not in spend(alice, 3).events


def test_a_budget_cannot_be_exceeded(commune, voice_credits, alice, spend):
    who = member_id(commune, alice)
    with reverts(error("VoiceCreditsExceeded", who, 1, 101, 100)):
        spend(alice, 101)
    spend(alice, 99)
    with reverts(error("VoiceCreditsExceeded", who, 1, 2, 1)):
        spend(alice, 2)
    spend(alice, 1)
    with reverts(error("VoiceCreditsExceeded", who, 1, 1, 0)):
        spend(alice, 1)
    assert voice_credits.spentBy(who, 1) == 100


@pytest.mark.parametrize("cost", [2**10, 2**32, 2**256 - 1])
def test_no_cost_is_so_large_that_it_wraps(commune, alice, spend, cost):
    spend(alice, 3)
    with reverts(error("VoiceCreditsExceeded", member_id(commune, alice), 1, cost, 97)):
        spend(alice, cost)


def test_a_budget_that_is_used_up_is_not_opened_again(commune, voice_credits, alice, spend):
    who = member_id(commune, alice)
    spend(alice, 100)
    voice_credits.open([who], alice.tx)
    assert voice_credits.creditsLeft(who, 1) == 0
    with reverts(error("VoiceCreditsExceeded", who, 1, 1, 0)):
        spend(alice, 1)


def test_only_spenders_charge(commune, voice_credits, alice, deployer):
    for sender in (alice.account, deployer):
        with reverts(error("VoiceCreditsOnlySpender", sender)):
            voice_credits.spend(member_id(commune, alice), 1, 0, True, {"from": sender})


def test_the_one_vote_each_decision_brings_needs_no_budget(commune, voice_credits, alice, spend):
    spend(alice, 100)
    tx = spend(alice, 0)
    assert "CreditsSpent" not in tx.events
    tx = spend(alice, 0, direct=False)
    assert len(tx.events) == 0
    assert voice_credits.spentBy(member_id(commune, alice), 1) == 100


def test_a_free_vote_leaves_the_budget_for_later(commune, voice_credits, bob, spend):
    who = member_id(commune, bob)
    tx = spend(bob, 0)
    assert "BudgetOpened" not in tx.events
    assert voice_credits.creditsLeft(who, 1) == 100
    assert "BudgetOpened" in spend(bob, 100).events


def test_each_season_has_a_budget_of_its_own(commune, voice_credits, alice, spend, go_to):
    who = member_id(commune, alice)
    spend(alice, 90)
    go_to(2)
    assert voice_credits.creditsLeft(who, 2) == 100
    spend(alice, 80)
    assert (voice_credits.spentBy(who, 1), voice_credits.spentBy(who, 2)) == (90, 80)


def test_neighbours_in_a_storage_slot_do_not_touch_each_other(commune, voice_credits, deployer, spend):
    """Twenty members fill two slots and a half: what one spends is seen at no other."""
    people = [person(index) for index in range(1, 21)]
    for someone in people[5:]:
        commune.membership.admit(someone.address, {"from": deployer})
    voice_credits.open([member_id(commune, someone) for someone in people], people[0].tx)
    budgets = {who: voice_credits.budgetOf(member_id(commune, who), 1) for who in people}
    costs = {who: 3 * index + 1 for index, who in enumerate(people)}
    for who in sorted(people, key=lambda someone: someone.index * 7 % 20):
        spend(who, costs[who], direct=who.index % 2 == 0)
    for who in people:
        assert voice_credits.spentBy(member_id(commune, who), 1) == costs[who]
        assert voice_credits.budgetOf(member_id(commune, who), 1) == budgets[who]
        assert (voice_credits.lastBallotDay(member_id(commune, who), 1) > 0) == (who.index % 2 == 0)


@given(seed=strategy("uint32"))
@settings(max_examples=6)
def test_whatever_is_tried_nobody_spends_more_than_their_budget(
    commune, voice_credits, founders, spender, seed
):
    random = Random(seed)
    spent = dict.fromkeys(founders, 0)
    for _ in range(10):
        who, cost = random.choice(founders), random.randint(0, 70)
        send = (member_id(commune, who), 1, cost, random.random() < 0.5, {"from": spender})
        if random.random() < 0.2:
            voice_credits.open(
                [member_id(commune, someone) for someone in random.sample(founders, 2)], send[-1]
            )
        if spent[who] + cost <= 100:
            voice_credits.spend(*send)
            spent[who] += cost
        else:
            with reverts(error("VoiceCreditsExceeded", send[0], 1, cost, 100 - spent[who])):
                voice_credits.spend(*send)
    assert {who: voice_credits.spentBy(member_id(commune, who), 1) for who in founders} == spent


# -------------------- pro-rata budgets


def test_who_joins_in_mid_season_gets_the_rest_of_it(
    commune, voice_credits, newcomer, deployer, spend, go_to
):
    go_to(1, 0.5)
    tx = commune.membership.admit(newcomer.address, {"from": deployer})
    start, length = commune.constitution.seasonBounds(1)
    share = 100 * (start + length - tx.timestamp) // length
    assert share in (49, 50)
    with reverts(error("VoiceCreditsExceeded", member_id(commune, newcomer), 1, share + 1, share)):
        spend(newcomer, share + 1)
    go_to(1, 0.9)
    spend(newcomer, share)
    go_to(2)
    spend(newcomer, 100)


def test_who_joins_at_the_very_end_can_still_cast_the_free_vote(
    commune, voice_credits, newcomer, deployer, spend, go_to
):
    go_to(1, 0.9999)
    commune.membership.admit(newcomer.address, {"from": deployer})
    who = member_id(commune, newcomer)
    assert voice_credits.budgetOf(who, 1) == 0
    spend(newcomer, 0)
    with reverts(error("VoiceCreditsExceeded", who, 1, 1, 0)):
        spend(newcomer, 1)


def test_a_dormant_member_has_no_budget_but_the_free_vote(commune, alice, deployer, spend):
    who = member_id(commune, alice)
    commune.membership.setDormant(who, {"from": deployer})
    spend(alice, 0)
    with reverts(error("VoiceCreditsExceeded", who, 1, 3, 0)):
        spend(alice, 3)


def test_who_wakes_late_gets_a_pro_rata_budget(commune, voice_credits, alice, deployer, spend, go_to):
    who = member_id(commune, alice)
    commune.membership.setDormant(who, {"from": deployer})
    spend(alice, 0)
    go_to(2, 0.75)
    commune.membership.wake(who, {"from": deployer})
    assert voice_credits.budgetOf(who, 2) in (24, 25)
    spend(alice, 24)


def test_leaving_and_returning_renews_no_budget(commune, voice_credits, alice, bob, carol, spend):
    who = member_id(commune, alice)
    spend(alice, 100)
    commune.membership.leave(alice.tx)
    assert joined(commune, alice, [bob, carol]) == who
    assert voice_credits.creditsLeft(who, 1) == 0
    with reverts(error("VoiceCreditsExceeded", who, 1, 1, 0)):
        spend(alice, 1)


def test_returning_without_having_spent_gives_only_the_rest_of_the_season(
    commune, voice_credits, alice, bob, carol, go_to
):
    commune.membership.leave(alice.tx)
    assert voice_credits.budgetOf(member_id(commune, alice), 1) == 0
    go_to(1, 0.5)
    who = joined(commune, alice, [bob, carol])
    assert 0 < voice_credits.budgetOf(who, 1) < 50


# -------------------- votes that outlast their season


def test_a_late_spending_finds_the_budget_the_season_gave(commune, voice_credits, alice, award, spend, go_to):
    """Nothing that happens later moves it: neither new reputation nor what the next season grants."""
    who = member_id(commune, alice)
    award(alice, 300)
    go_to(2)
    given_in_season = voice_credits.budgetOf(who, 2)
    assert given_in_season > 100
    go_to(3)
    award(alice, 500)
    go_to(3, 0.1)
    assert voice_credits.budgetOf(who, 2) == given_in_season
    assert spend(alice, 3, season=2).events["BudgetOpened"]["budget"] == given_in_season


def test_who_became_active_after_the_season_has_no_budget_in_it(
    commune, voice_credits, alice, deployer, spend, go_to
):
    who = member_id(commune, alice)
    commune.membership.setDormant(who, {"from": deployer})
    go_to(2)
    commune.membership.wake(who, {"from": deployer})
    assert voice_credits.budgetOf(who, 1) == 0
    spend(alice, 0, season=1)
    with reverts(error("VoiceCreditsExceeded", who, 1, 3, 0)):
        spend(alice, 3, season=1)
    assert voice_credits.budgetOf(who, 2) in (99, 100)


def test_a_season_that_has_not_started_grants_nothing(alice, spend):
    with reverts(error("VoiceCreditsSeasonNotStarted", 2, 1)):
        spend(alice, 3, season=2)


# -------------------- the bonus


def test_reputation_at_the_seasons_start_gives_a_bonus(commune, voice_credits, alice, award, go_to):
    """600 points fade to a little less than 300 in a season, 10 points a credit: 29 voice_credits more."""
    who = member_id(commune, alice)
    award(alice, 600)
    assert voice_credits.budgetOf(who, 1) == 100
    go_to(2)
    start, _ = commune.constitution.seasonBounds(2)
    bonus = commune.reputation.totalScoreAt(who, start - 1) // (10 * POINT)
    assert bonus in (29, 30)
    assert voice_credits.budgetOf(who, 2) == 100 + bonus


def test_reputation_gained_in_the_season_counts_from_the_next(
    commune, voice_credits, alice, award, spend, go_to
):
    who = member_id(commune, alice)
    go_to(2)
    award(alice, 600)
    assert voice_credits.budgetOf(who, 2) == 100
    assert spend(alice, 3).events["BudgetOpened"]["budget"] == 100


def test_who_joins_late_has_their_bonus_pro_rata_too(commune, voice_credits, alice, award, deployer, go_to):
    who = member_id(commune, alice)
    award(alice, 600)
    commune.membership.setDormant(who, {"from": deployer})
    go_to(2)
    start, length = commune.constitution.seasonBounds(2)
    bonus = commune.reputation.totalScoreAt(who, start - 1) // (10 * POINT)
    mine_at(start + length // 2)
    since = commune.membership.wake(who, {"from": deployer}).timestamp
    assert voice_credits.budgetOf(who, 2) == (100 + bonus) * (start + length - since) // length


def test_full_season_budgets_differ_at_most_twofold_whatever_bonus_is_set(
    commune, voice_credits, alice, bob, award, deployer, go_to
):
    """A credit of bonus for a point, and a bonus of up to four times the base: it still ends at the base."""
    for name, value in {"credits.bonusCap": 400, "credits.pointsPerCredit": 1}.items():
        commune.constitution.setParameter(communes.bytes32(name), value, {"from": deployer})
    award(alice, 600)
    go_to(2)
    budgets = [voice_credits.budgetOf(member_id(commune, who), 2) for who in (alice, bob)]
    assert budgets == [200, 100]


# -------------------- gas: spending is part of every ballot

SENDING = 21_000 + 1_100  # the transaction and its calldata


def test_a_later_spending_is_one_slot_read_and_written(alice, spend):
    """2,100 to read who may spend, 5,000 for the cell, 2,000 for the event, the rest for arithmetic."""
    spend(alice, 3)
    assert spend(alice, 3).gas_used - SENDING < 11_000


def test_a_free_vote_on_the_same_day_writes_nothing(alice, spend):
    spend(alice, 3)
    assert spend(alice, 0).gas_used - SENDING < 6_000


def test_the_first_spending_of_a_member_opens_the_budget(commune, voice_credits, alice, bob, spend):
    voice_credits.open([member_id(commune, bob)], alice.tx)
    assert spend(alice, 3).gas_used - SENDING < 32_000


def test_the_first_spending_of_a_member_with_reputation(
    commune, voice_credits, alice, bob, spend, award, go_to
):
    award(alice, 600)
    go_to(2)
    voice_credits.open([member_id(commune, bob)], alice.tx)
    assert spend(alice, 3).gas_used - SENDING < 40_000
