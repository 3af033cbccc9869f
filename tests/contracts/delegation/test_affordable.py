"""What a followed ballot costs its member: never more than their caps and their season's credits afford."""

import pytest

from scripts import commune as communes
from tests.contracts.membership.steps import acting_as, to_season
from tests.contracts.people import FOOD, FOR, HOUSING, member_id


@pytest.fixture(scope="module")
def followed_with(commune, open_vote, cast, to_following, follow, ballot, dave, erin):
    """Has dave vote so many times and erin follow; returns her votes and what they cost her."""

    def send(votes, **other):
        proposal = open_vote(**other)
        cast(proposal, dave, FOR, votes)
        to_following(proposal)
        me = member_id(commune, erin)
        before = commune.credits.spentBy(me, 1)
        tx = follow(proposal, erin)
        assert tx.events.count("Followed") == 1
        return ballot(proposal, erin)[1], commune.credits.spentBy(me, 1) - before

    return send


@pytest.mark.parametrize(("cap", "votes"), [(1, 1), (2, 2), (4, 4), (31, 5)])
def test_votes_are_at_most_the_followers_own_cap(delegate, followed_with, dave, erin, cap, votes):
    delegate(erin, dave, votes=cap)
    assert followed_with(5) == (votes, votes * votes - 1)


@pytest.mark.parametrize(
    ("credits", "votes"), [(0, 1), (2, 1), (3, 2), (7, 2), (8, 3), (98, 9), (99, 10), (65535, 10)]
)
def test_votes_are_lowered_until_the_cap_on_credits_affords_them(
    delegate, followed_with, dave, erin, credits, votes
):
    """10 votes, the most that a budget of 100 affords, cost 99."""
    delegate(erin, dave, credits=credits)
    assert followed_with(10) == (votes, votes * votes - 1)


def test_a_delegate_with_more_credits_bankrupts_nobody(
    commune, delegation, delegate, open_vote, cast, to_following, follow, ballot, alice, dave, erin
):
    """14 votes cost 195 of a budget that reputation has doubled; a follower's own is 100."""
    timelock = acting_as(commune.timelock)
    commune.constitution.setParameter(communes.bytes32("credits.pointsPerCredit"), 1, timelock)
    commune.reputation.award(member_id(commune, dave), FOOD, 200 * 1_000_000, 0, b"\1" * 32, 0, timelock)
    to_season(commune, 2)
    delegate(erin, dave)
    delegate(alice, dave, votes=2, credits=10)
    proposal = open_vote()
    season = commune.assembly.termsOf(proposal)["season"]
    cast(proposal, dave, FOR, 14)
    to_following(proposal)
    follow(proposal, erin, alice)
    assert (ballot(proposal, erin), ballot(proposal, alice)) == ((FOR, 10, True), (FOR, 2, True))
    assert commune.credits.creditsLeft(member_id(commune, erin), season) == 1
    assert commune.credits.creditsLeft(member_id(commune, alice), season) == 97


def test_the_cap_on_credits_is_for_all_votes_of_a_season(
    commune, delegation, delegate, followed_with, alice, bob, carol, dave, erin
):
    delegate(erin, dave, credits=10)
    authors = (alice, bob, carol)
    assert [followed_with(3, author=author) for author in authors] == [(3, 8), (1, 0), (1, 0)]
    assert delegation.followSpent(member_id(commune, erin), FOOD, 1) == 8


def test_each_season_begins_anew(commune, delegation, delegate, followed_with, alice, bob, dave, erin):
    delegate(erin, dave, credits=8)
    assert followed_with(3, author=alice) == (3, 8)
    to_season(commune, 2)
    delegate(erin, dave, credits=8)
    assert followed_with(3, author=bob)[0] == 3
    assert [delegation.followSpent(member_id(commune, erin), FOOD, season) for season in (1, 2)] == [8, 8]


def test_each_topic_has_a_cap_of_its_own(
    commune, delegation, delegate, open_vote, cast, to_following, follow, ballot, alice, bob, dave, erin
):
    for topic in (FOOD, HOUSING):
        delegate(erin, dave, credits=8, topic=topic)
    for proposal in (open_vote(author=alice), open_vote(author=bob, topic=HOUSING)):
        cast(proposal, dave, FOR, 3)
        to_following(proposal)
        follow(proposal, erin)
        assert ballot(proposal, erin) == (FOR, 3, True)
    me = member_id(commune, erin)
    assert [delegation.followSpent(me, topic, 1) for topic in (FOOD, HOUSING)] == [8, 8]


def test_what_members_spend_themselves_leaves_less_for_following(
    commune, delegate, open_vote, cast, to_following, follow, ballot, alice, bob, dave, erin
):
    """Erin keeps 4 of her 100 credits: two votes cost 3, three would cost 8."""
    delegate(erin, dave)
    spent = open_vote(author=alice)
    cast(spent, erin, FOR, 9)
    also_spent = open_vote(author=bob)
    cast(also_spent, erin, FOR, 4)
    proposal = open_vote(author=dave)
    cast(proposal, dave, FOR, 7)
    to_following(proposal)
    follow(proposal, erin)
    assert ballot(proposal, erin) == (FOR, 2, True)
    assert commune.credits.creditsLeft(member_id(commune, erin), 1) == 100 - 80 - 15 - 3


def test_what_following_costs_leaves_less_for_voting(commune, delegate, followed_with, dave, erin):
    delegate(erin, dave)
    assert followed_with(10) == (10, 99)
    assert commune.credits.creditsLeft(member_id(commune, erin), 1) == 1


def test_budgets_are_opened_with_the_page_and_only_where_they_are_needed(
    commune, delegate, open_vote, cast, to_following, follow, alice, bob, carol, dave, erin
):
    delegate(erin, dave)
    delegate(carol, dave, votes=1)
    delegate(bob, dave, credits=0)
    proposal = open_vote()
    cast(proposal, dave, FOR, 3)
    to_following(proposal)
    tx = follow(proposal, alice, bob, carol, erin)
    assert [event["memberId"] for event in tx.events["BudgetOpened"]] == [member_id(commune, erin)]
    assert [commune.credits.spentBy(member_id(commune, who), 1) for who in (bob, carol, erin)] == [0, 0, 8]
