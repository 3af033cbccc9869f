"""`open`: budgets opened ahead of use, and what a season grants."""

from brownie import reverts

from scripts import commune as communes
from tests.contracts.errors import error
from tests.contracts.people import member_id


def test_anyone_opens_a_page_of_budgets(commune, voice_credits, founders, stranger):
    ids = [member_id(commune, founder) for founder in founders]
    tx = voice_credits.open(ids, stranger.tx)
    assert [(event["memberId"], event["budget"]) for event in tx.events["BudgetOpened"]] == [
        (who, 100) for who in ids
    ]


def test_open_budgets_and_members_who_are_away_are_passed_over(
    commune, voice_credits, alice, bob, carol, dave, deployer, spend
):
    ids = {who: member_id(commune, who) for who in (alice, bob, carol, dave)}
    spend(alice, 7)
    commune.membership.setDormant(ids[bob], {"from": deployer})
    commune.membership.leave(carol.tx)
    tx = voice_credits.open([*ids.values(), *ids.values()], alice.tx)
    assert [event["memberId"] for event in tx.events["BudgetOpened"]] == [ids[dave]]
    assert voice_credits.creditsLeft(ids[alice], 1) == 93
    assert voice_credits.budgetOf(ids[bob], 1) == voice_credits.budgetOf(ids[carol], 1) == 0


def test_opening_early_or_late_gives_the_same(commune, voice_credits, alice, bob, award, go_to):
    award(alice, 300)
    award(bob, 300)
    go_to(2)
    voice_credits.open([member_id(commune, alice)], alice.tx)
    go_to(2, 0.9)
    tx = voice_credits.open([member_id(commune, bob)], alice.tx)
    assert tx.events["BudgetOpened"]["budget"] > 100
    assert (
        abs(voice_credits.budgetOf(member_id(commune, alice), 2) - tx.events["BudgetOpened"]["budget"]) <= 1
    )


def test_a_member_nobody_knows_is_refused(voice_credits, alice):
    with reverts(error("MembershipUnknownMember", 99)):
        voice_credits.open([99], alice.tx)


def test_the_first_use_freezes_what_the_season_grants(commune, voice_credits, alice):
    start, length = commune.constitution.seasonBounds(1)
    event = voice_credits.open([], alice.tx).events["SeasonGranted"]
    assert event["season"] == 1
    assert (event["base"], event["bonusCap"], event["pointsPerCredit"]) == (100, 100, 10)
    assert (event["start"], event["length"]) == (start, length)
    assert voice_credits.grantOf(1) == (100, 100, 10, start, length)
    assert "SeasonGranted" not in voice_credits.open([], alice.tx).events


def test_parameters_changed_in_mid_season_hold_from_the_next(
    commune, voice_credits, alice, bob, deployer, spend, go_to
):
    spend(alice, 3)
    for name, value in {"credits.base": 200, "credits.bonusCap": 50, "credits.pointsPerCredit": 1}.items():
        commune.constitution.setParameter(communes.bytes32(name), value, {"from": deployer})
    assert voice_credits.budgetOf(member_id(commune, bob), 1) == 100
    assert spend(bob, 3).events["BudgetOpened"]["budget"] == 100
    go_to(2)
    assert voice_credits.grantOf(2)[:3] == (200, 50, 1)
    assert spend(bob, 3).events["BudgetOpened"]["budget"] == 200


def test_a_new_season_length_does_not_stretch_what_a_season_granted(
    commune, voice_credits, alice, bob, newcomer, deployer, spend, go_to
):
    spend(alice, 3)
    before = voice_credits.grantOf(1)
    commune.constitution.setParameter(communes.bytes32("season.length"), 30 * 86_400, {"from": deployer})
    assert voice_credits.grantOf(1) == before
    go_to(2)
    assert spend(alice, 3).events["SeasonGranted"]["length"] == 30 * 86_400
    go_to(2, 0.5)
    commune.membership.admit(newcomer.address, {"from": deployer})
    assert voice_credits.budgetOf(member_id(commune, newcomer), 2) in (49, 50)
