"""`follow`: the ballots of those who did not vote, filled in by their delegations."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.delegation.conftest import HAS_BALLOT, NO_DELEGATE, NOT_IN_ELECTORATE
from tests.contracts.errors import error
from tests.contracts.membership.steps import (
    acting_as,
    admit_directly,
    contested,
    expel_directly,
    move_directly,
    to_season,
)
from tests.contracts.people import (
    ABSTAIN,
    AGAINST,
    DAY,
    DEFEATED,
    FOOD,
    FOR,
    HOUSING,
    SUCCEEDED,
    member_id,
    opened,
    parameter_change,
    person,
    resolution,
    sponsored,
    to_end,
    to_voting,
    vote,
)

HOUR = 3_600


def test_anyone_has_a_ballot_filled_in_for_who_delegated(
    commune, delegation, delegate, open_vote, cast, to_following, follow, ballot, dave, erin
):
    delegate(erin, dave)
    proposal = open_vote()
    cast(proposal, dave, AGAINST, 3)
    to_following(proposal)
    assert delegation.follow.call(proposal, [member_id(commune, erin)]) == 1
    tx = follow(proposal, erin)
    assert ballot(proposal, erin) == (AGAINST, 3, True)
    assert tx.events["Followed"] == {
        "proposalId": proposal,
        "memberId": member_id(commune, erin),
        "voter": member_id(commune, dave),
    }
    assert commune.assembly.tallyOf(proposal)["againstVotes"] == 6


@pytest.mark.parametrize("support", [AGAINST, FOR, ABSTAIN])
def test_every_choice_is_followed(
    delegate, open_vote, cast, to_following, follow, ballot, dave, erin, support
):
    delegate(erin, dave)
    proposal = open_vote()
    cast(proposal, dave, support)
    to_following(proposal)
    follow(proposal, erin)
    assert ballot(proposal, erin) == (support, 1, True)


# -------------------------------------------------------------------- who is followed for


def test_who_voted_is_never_followed_over(
    commune, delegate, open_vote, cast, to_following, follow, skipped, ballot, dave, erin
):
    delegate(erin, dave)
    proposal = open_vote()
    cast(proposal, dave, AGAINST)
    cast(proposal, erin, FOR)
    to_following(proposal)
    assert skipped(follow(proposal, erin)) == [(member_id(commune, erin), HAS_BALLOT)]
    assert ballot(proposal, erin) == (FOR, 1, False)


def test_nobody_is_followed_for_twice(
    commune, delegate, open_vote, cast, to_following, follow, skipped, dave, erin
):
    delegate(erin, dave)
    proposal = open_vote()
    cast(proposal, dave)
    to_following(proposal)
    tx = follow(proposal, erin, dave, erin, erin)
    assert tx.events.count("Followed") == 1
    me = member_id(commune, erin)
    assert skipped(tx) == [(member_id(commune, dave), HAS_BALLOT), (me, HAS_BALLOT), (me, HAS_BALLOT)]
    assert skipped(follow(proposal, erin)) == [(me, HAS_BALLOT)]
    assert commune.assembly.tallyOf(proposal)["forVotes"] == 2


def test_who_delegated_on_another_topic_has_no_ballot(
    commune, delegate, open_vote, cast, to_following, follow, skipped, dave, erin
):
    delegate(erin, dave, topic=HOUSING)
    proposal = open_vote()
    cast(proposal, dave)
    to_following(proposal)
    assert skipped(follow(proposal, erin)) == [(member_id(commune, erin), NO_DELEGATE)]


def test_a_page_may_be_empty(open_vote, to_following, follow):
    proposal = open_vote()
    to_following(proposal)
    assert follow(proposal).events.count("Followed") == 0


@pytest.mark.parametrize("nobody", [0, 99, 2**32 - 1])
def test_numbers_that_are_nobodys_are_passed_over(open_vote, to_following, follow, skipped, nobody):
    proposal = open_vote()
    to_following(proposal)
    assert skipped(follow(proposal, nobody)) == [(nobody, NOT_IN_ELECTORATE)]


def test_who_joined_since_has_no_ballot(
    commune, delegate, open_vote, cast, to_following, follow, skipped, dave, newcomer
):
    proposal = open_vote()
    admit_directly(commune, newcomer)
    delegate(newcomer, dave)
    cast(proposal, dave)
    to_following(proposal)
    assert skipped(follow(proposal, newcomer)) == [(member_id(commune, newcomer), NOT_IN_ELECTORATE)]


def leaves(commune, who):
    commune.membership.leave(who.tx)


def is_expelled(commune, who):
    expel_directly(commune, member_id(commune, who))


def leaves_and_returns(commune, who):
    commune.membership.leave(who.tx)
    advance(1)
    admit_directly(commune, who)


@pytest.mark.parametrize("what", [leaves, is_expelled, leaves_and_returns])
def test_who_went_meanwhile_is_not_followed_for(
    commune, delegate, open_vote, cast, to_following, follow, skipped, dave, erin, what
):
    delegate(erin, dave)
    me = member_id(commune, erin)
    proposal = open_vote()
    cast(proposal, dave)
    what(commune, erin)
    to_following(proposal)
    assert skipped(follow(proposal, me)) == [(me, NOT_IN_ELECTORATE)]


def test_who_fell_dormant_meanwhile_is_still_followed_for(
    commune, delegate, open_vote, cast, to_following, follow, ballot, dave, erin
):
    """As they could still vote: with the one vote that needs no budget, since theirs was not opened."""
    delegate(erin, dave)
    proposal = open_vote()
    cast(proposal, dave, FOR, 3)
    commune.membership.setDormant(member_id(commune, erin), acting_as(commune.presence))
    to_following(proposal)
    follow(proposal, erin)
    assert ballot(proposal, erin) == (FOR, 1, True)


def test_a_membership_that_moved_is_followed_for_at_its_new_account(
    commune, delegate, open_vote, cast, to_following, follow, ballot, dave, erin
):
    delegate(erin, dave)
    proposal = open_vote()
    cast(proposal, dave)
    phone = person(30)
    move_directly(commune, member_id(commune, erin), phone)
    to_following(proposal)
    tx = follow(proposal, phone)
    assert tx.events["VoteCast"]["voter"] == phone.address
    assert ballot(proposal, phone) == (FOR, 1, True)


# -------------------------------------------------------------------- who decides


@pytest.mark.parametrize("what", [leaves, is_expelled])
def test_a_delegate_who_went_in_mid_vote_keeps_the_ballot_they_cast(
    commune, delegate, open_vote, cast, to_following, follow, ballot, dave, erin, what
):
    delegate(erin, dave)
    proposal = open_vote()
    cast(proposal, dave, AGAINST, 2)
    what(commune, dave)
    to_following(proposal)
    follow(proposal, erin)
    assert ballot(proposal, erin) == (AGAINST, 2, True)


@pytest.mark.parametrize("what", [leaves, is_expelled, leaves_and_returns])
def test_a_delegate_who_went_passes_on_what_their_delegation_said(
    commune, chain, open_vote, cast, to_following, follow, ballot, carol, dave, erin, what
):
    chain(erin, dave, carol)
    what(commune, dave)
    proposal = open_vote()
    cast(proposal, carol, AGAINST)
    to_following(proposal)
    follow(proposal, erin)
    assert ballot(proposal, erin) == (AGAINST, 1, True)


def test_a_delegate_whose_membership_moved_is_followed_all_the_same(
    commune, delegate, open_vote, cast, to_following, follow, ballot, dave, erin
):
    delegate(erin, dave)
    proposal = open_vote()
    phone = person(30)
    move_directly(commune, member_id(commune, dave), phone)
    cast(proposal, phone, AGAINST)
    to_following(proposal)
    follow(proposal, erin)
    assert ballot(proposal, erin) == (AGAINST, 1, True)


# -------------------------------------------------------------------- what counts when


def test_what_was_delegated_after_the_snapshot_does_not_count(
    commune, delegate, open_vote, cast, to_following, follow, skipped, dave, erin
):
    proposal = open_vote()
    delegate(erin, dave)
    cast(proposal, dave)
    to_following(proposal)
    assert skipped(follow(proposal, erin)) == [(member_id(commune, erin), NO_DELEGATE)]


def test_a_delegation_of_the_second_of_the_snapshot_counts_and_a_later_one_does_not(
    commune, delegation, delegate, open_vote, alice, bob, dave, erin
):
    """The snapshot is the second before the opening."""
    d = sponsored(commune, resolution(commune, alice), (alice, bob), FOOD)
    delegate(erin, dave)
    made = now()
    mine_at(made + 1)
    commune.assembly.propose(*d.arguments, d.description, alice.tx)
    electorate_at = commune.assembly.electorateAt(d.id(commune))
    assert electorate_at >= made
    me = member_id(commune, erin)
    assert delegation.delegationAt(me, FOOD, made)["delegate"] == member_id(commune, dave)
    assert delegation.delegationAt(me, FOOD, made - 1)["delegate"] == 0


def test_what_was_changed_or_revoked_after_the_snapshot_stands_as_it_was(
    commune, delegation, delegate, open_vote, cast, to_following, follow, ballot, bob, carol, dave, erin
):
    delegate(erin, dave)
    delegate(carol, dave, votes=1)
    proposal = open_vote()
    for _ in range(5):
        delegate(carol, bob, votes=31)
        delegation.revoke(FOOD, carol.tx)
    delegation.revoke(FOOD, erin.tx)
    cast(proposal, dave, FOR, 2)
    cast(proposal, bob, AGAINST, 2)
    to_following(proposal)
    follow(proposal, carol, erin)
    assert (ballot(proposal, carol), ballot(proposal, erin)) == ((FOR, 1, True), (FOR, 2, True))


def test_following_starts_after_voting_and_ends_with_its_day(
    commune, delegation, delegate, open_vote, cast, to_following, follow, stranger, dave, erin
):
    delegate(erin, dave)
    proposal = open_vote()
    cast(proposal, dave)
    deadline = commune.assembly.proposalDeadline(proposal)
    refusal = error("DelegationNotFollowPeriod", proposal, deadline, deadline + DAY)
    members = [member_id(commune, erin)]
    for moment, is_open in (
        (deadline - DAY, False),
        (deadline, False),
        (deadline + 1, True),
        (deadline + DAY, True),
        (deadline + DAY + 1, False),
    ):
        mine_at(moment)
        if is_open:
            assert delegation.follow.call(proposal, members, stranger.tx) == 1
        else:
            with reverts(refusal):
                delegation.follow.call(proposal, members, stranger.tx)


def test_nobody_is_followed_after_the_day(commune, delegate, open_vote, cast, follow, dave, erin):
    delegate(erin, dave)
    proposal = open_vote()
    cast(proposal, dave)
    deadline = commune.assembly.proposalDeadline(proposal)
    to_end(commune, proposal)
    with reverts(error("DelegationNotFollowPeriod", proposal, deadline, deadline + DAY)):
        follow(proposal, erin)


def test_constitutional_votes_have_no_following(commune, delegate, to_following, follow, alice, bob, erin):
    delegate(erin, alice)
    proposal = opened(
        commune, parameter_change(commune, alice, "assembly.sponsors", 3), alice, [alice, bob], FOOD
    )
    to_voting(commune, proposal)
    vote(commune, proposal, [alice])
    to_following(proposal)
    with reverts(error("DelegationNoFollowing", proposal)):
        follow(proposal, erin)


def test_votes_on_persons_have_no_following(
    commune, delegate, cast, to_following, follow, newcomer, alice, bob, carol, erin
):
    delegate(erin, alice)
    _, proposal = contested(commune, newcomer, (alice, bob), carol)
    to_voting(commune, proposal)
    cast(proposal, alice)
    to_following(proposal)
    with reverts(error("DelegationNoFollowing", proposal)):
        follow(proposal, erin)


def test_where_there_is_no_vote_there_is_no_following(follow, erin):
    with reverts(error("DelegationNoFollowing", 7)):
        follow(7, erin)


def test_a_commune_may_have_no_follow_period(commune, open_vote, to_following, follow, erin):
    commune.constitution.setParameter(communes.bytes32("ordinary.follow"), 0, acting_as(commune.timelock))
    proposal = open_vote()
    to_following(proposal)
    with reverts(error("DelegationNoFollowing", proposal)):
        follow(proposal, erin)


def test_a_vote_is_paid_from_the_season_it_opened_in(
    commune, delegation, delegate, open_vote, cast, to_following, follow, ballot, dave, erin
):
    """Also when it ends in the next one, where budgets cannot be opened ahead."""
    delegate(erin, dave)
    start, length = commune.constitution.seasonBounds(1)
    mine_at(start + length - 3 * DAY)
    proposal = open_vote()
    cast(proposal, dave, FOR, 3)
    to_season(commune, 2)
    to_following(proposal)
    tx = follow(proposal, erin)
    me = member_id(commune, erin)
    assert ballot(proposal, erin) == (FOR, 3, True)
    assert [commune.credits.spentBy(me, season) for season in (1, 2)] == [8, 0]
    assert [delegation.followSpent(me, FOOD, season) for season in (1, 2)] == [8, 0]
    assert tx.events["BudgetOpened"]["season"] == 1


# -------------------------------------------------------------------- pages and the quorum


def test_many_followers_of_one_delegate_come_in_pages_of_any_order(
    commune, delegate, open_vote, cast, to_following, follow, others, dave, erin
):
    """And the delegate is looked up once a page."""
    for who in others:
        delegate(who, dave)
    chained = [*others[3:], *others[:3]]
    delegate(erin, others[0])
    proposal = open_vote()
    cast(proposal, dave, FOR, 2)
    to_following(proposal)
    gas = [follow(proposal, *page).gas_used for page in (chained[:1], chained[1:7], [erin])]
    tally = commune.assembly.tallyOf(proposal)
    assert (tally["forVotes"], tally["heads"]) == (2 * 9, 1)
    assert gas[1] < 5 * gas[0]


def test_withheld_followers_make_no_quorum_and_move_no_deadline(
    commune, delegate, open_vote, cast, to_following, follow, others, dave, erin, carol
):
    """Two heads of the three it takes, and any number of followers in the last second."""
    for who in (*others, carol):
        delegate(who, dave)
    proposal = open_vote()
    for who in (dave, erin):
        cast(proposal, who)
    to_following(proposal)
    deadline = commune.assembly.proposalDeadline(proposal)
    mine_at(commune.assembly.followEnd(proposal) - 1)
    assert follow(proposal, *others, carol).events.count("Followed") == 8
    tally = commune.assembly.tallyOf(proposal)
    assert (tally["forVotes"], tally["heads"], tally["forHeads"], tally["extendedDeadline"]) == (10, 2, 2, 0)
    assert commune.assembly.proposalDeadline(proposal) == deadline
    to_end(commune, proposal)
    assert commune.assembly.state(proposal) == DEFEATED


def test_followers_turn_a_result_where_there_is_a_quorum(
    commune, delegate, open_vote, cast, to_following, follow, others, alice, bob, carol, dave
):
    for who in others:
        delegate(who, dave)
    proposal = open_vote()
    for who in (alice, bob, carol):
        cast(proposal, who, AGAINST)
    cast(proposal, dave, FOR)
    for who in others[:1]:
        cast(proposal, who, FOR)
    to_following(proposal)
    follow(proposal, *others)
    tally = commune.assembly.tallyOf(proposal)
    assert (tally["forVotes"], tally["againstVotes"], tally["heads"]) == (8, 3, 5)
    to_end(commune, proposal)
    assert commune.assembly.state(proposal) == SUCCEEDED


def test_following_is_no_sign_of_life(commune, delegate, open_vote, cast, to_following, follow, dave, erin):
    delegate(erin, dave)
    proposal = open_vote()
    cast(proposal, dave, FOR, 2)
    to_following(proposal)
    follow(proposal, erin)
    season = commune.assembly.termsOf(proposal)["season"]
    assert commune.credits.lastBallotDay(member_id(commune, erin), season) == 0
    assert commune.credits.lastBallotDay(member_id(commune, dave), season) != 0
