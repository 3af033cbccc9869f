"""Whose ballot a chain of delegations leads to: the first direct one, at most eight hops away."""

import pytest

from tests.contracts.delegation.conftest import (
    CHAIN_TOO_LONG,
    CYCLE,
    NO_DELEGATE,
)
from tests.contracts.people import AGAINST, FOR, member_id


@pytest.fixture(scope="module")
def everyone(founders, others):
    """Members 1 to 12."""
    return [*founders, *others]


@pytest.fixture(scope="module")
def problems(commune, follow, skipped):
    """Has a page followed, of whom nobody gets a ballot; returns their problems in the page's order."""

    def of(proposal, *people):
        tx = follow(proposal, *people)
        assert tx.events.count("Followed") == 0
        members, found = zip(*skipped(tx), strict=True)
        assert list(members) == [member_id(commune, who) for who in people]
        return list(found)

    return of


def test_the_nearest_direct_voter_decides_and_cannot_be_skipped(
    commune, chain, open_vote, cast, to_following, follow, ballot, everyone
):
    a, b, c, d = everyone[:4]
    chain(a, b, c, d)
    proposal = open_vote()
    cast(proposal, d, FOR, 5)
    cast(proposal, c, AGAINST, 2)
    to_following(proposal)
    tx = follow(proposal, a, b)
    assert ballot(proposal, a) == ballot(proposal, b) == (AGAINST, 2, True)
    assert {event["voter"] for event in tx.events["Followed"]} == {member_id(commune, c)}


def test_followed_ballots_decide_nothing(commune, chain, open_vote, cast, to_following, follow, everyone):
    """Whether the nearer member was followed before or not, the chain ends with who voted directly."""
    a, b, c = everyone[:3]
    chain(a, b, c)
    proposal = open_vote()
    cast(proposal, c, FOR, 2)
    to_following(proposal)
    follow(proposal, b)
    tx = follow(proposal, a)
    assert tx.events["Followed"]["voter"] == member_id(commune, c)


@pytest.mark.parametrize(("hops", "followed"), [(1, True), (7, True), (8, True), (9, False), (11, False)])
def test_a_chain_has_at_most_eight_hops(
    chain, open_vote, cast, to_following, follow, problems, ballot, everyone, hops, followed
):
    first, *_, last = links = everyone[: hops + 1]
    chain(*links)
    proposal = open_vote()
    cast(proposal, last, FOR, 2)
    to_following(proposal)
    if followed:
        follow(proposal, first)
        assert ballot(proposal, first) == (FOR, 2, True)
    else:
        assert problems(proposal, first) == [CHAIN_TOO_LONG]
        assert ballot(proposal, first) is None


def test_in_one_page_only_those_too_far_away_get_none(
    chain, open_vote, cast, to_following, follow, skipped, commune, everyone
):
    """From whichever end the page begins: what is remembered of a chain changes nothing."""
    links = everyone[:12]
    chain(*links)
    proposal = open_vote()
    cast(proposal, links[-1])
    to_following(proposal)
    tx = follow(proposal, *reversed(links[:11]))
    assert tx.events.count("Followed") == 8
    too_far = [(member_id(commune, who), CHAIN_TOO_LONG) for who in reversed(links[:3])]
    assert skipped(tx) == too_far


def test_the_same_page_the_other_way_round(
    chain, open_vote, cast, to_following, follow, skipped, commune, everyone
):
    links = everyone[:12]
    chain(*links)
    proposal = open_vote()
    cast(proposal, links[-1])
    to_following(proposal)
    tx = follow(proposal, *links[:11])
    assert tx.events.count("Followed") == 8
    assert skipped(tx) == [(member_id(commune, who), CHAIN_TOO_LONG) for who in links[:3]]


@pytest.mark.parametrize("size", [2, 3, 8])
def test_a_cycle_gives_nobody_a_ballot(chain, open_vote, to_following, problems, everyone, size):
    chain(*everyone[:size], everyone[0])
    proposal = open_vote()
    to_following(proposal)
    assert problems(proposal, *everyone[:size]) == [CYCLE] * size


def test_who_leads_into_a_cycle_gets_none_either(chain, open_vote, to_following, problems, everyone):
    a, b, c, d, e = everyone[:5]
    chain(a, b, c, d, e, c)
    proposal = open_vote()
    to_following(proposal)
    assert problems(proposal, a, d, b, a, c)[:3] == [CYCLE] * 3


def test_a_cycle_too_long_to_see_is_a_chain_too_long(chain, open_vote, to_following, problems, everyone):
    chain(*everyone[:9], everyone[0])
    proposal = open_vote()
    to_following(proposal)
    assert problems(proposal, *everyone[:9]) == [CHAIN_TOO_LONG] * 9


def test_once_anyone_in_a_cycle_votes_everyone_in_it_follows_them(
    chain, open_vote, cast, to_following, follow, ballot, everyone
):
    a, b, c, d, e = everyone[:5]
    chain(a, b, c, d, a)
    chain(e, c)
    proposal = open_vote()
    cast(proposal, c, AGAINST, 2)
    to_following(proposal)
    assert follow(proposal, d, e, a, b).events.count("Followed") == 4
    assert {ballot(proposal, who) for who in (a, b, d, e)} == {(AGAINST, 2, True)}


def test_a_chain_that_leads_to_no_ballot_gives_none(chain, open_vote, to_following, problems, everyone):
    a, b, c = everyone[:3]
    chain(a, b, c)
    proposal = open_vote()
    to_following(proposal)
    assert problems(proposal, a, b, c) == [NO_DELEGATE] * 3


def test_a_chain_of_eight_hops_that_ends_leads_nowhere_and_a_ninth_is_not_looked_at(
    chain, open_vote, to_following, problems, everyone
):
    chain(*everyone[:10])
    proposal = open_vote()
    to_following(proposal)
    assert problems(proposal, *everyone[:3]) == [CHAIN_TOO_LONG, NO_DELEGATE, NO_DELEGATE]


def test_a_link_made_after_the_snapshot_is_none(chain, open_vote, cast, to_following, problems, everyone):
    a, b, c = everyone[:3]
    chain(a, b)
    proposal = open_vote()
    chain(b, c)
    cast(proposal, c)
    to_following(proposal)
    assert problems(proposal, a, b) == [NO_DELEGATE, NO_DELEGATE]


def test_members_on_the_way_need_not_be_in_the_electorate(
    chain, open_vote, cast, to_following, follow, ballot, commune, everyone
):
    a, b, c = everyone[2:5]
    chain(a, b, c)
    commune.membership.leave(b.tx)
    proposal = open_vote()
    cast(proposal, c)
    to_following(proposal)
    follow(proposal, a)
    assert ballot(proposal, a) == (FOR, 1, True)
