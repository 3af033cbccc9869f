"""A delegate's ballot of the last 24 hours binds nobody, so that members can see it and vote themselves."""

import pytest

from tests.contracts.clock import mine_at
from tests.contracts.delegation.conftest import LATE_BALLOT
from tests.contracts.people import AGAINST, FOR, member_id

HOUR = 3_600
VOTING = 96 * HOUR


@pytest.fixture(scope="module")
def delegated(delegate, dave, erin):
    delegate(erin, dave)


@pytest.mark.parametrize(
    ("cast_at", "late"),
    [
        (1, False),
        (72 * HOUR - 5, False),
        (72 * HOUR, True),  # within the hour that ends 23 hours before the deadline
        (VOTING - HOUR, True),
        (VOTING - 5, True),
    ],
)
def test_a_ballot_counts_by_the_hour_in_which_it_was_cast(
    commune, delegated, open_vote, cast, to_following, follow, skipped, ballot, dave, erin, cast_at, late
):
    proposal = open_vote()
    start = commune.assembly.proposalSnapshot(proposal)
    if cast_at > 1:
        mine_at(start + cast_at)
    cast(proposal, dave)
    to_following(proposal)
    tx = follow(proposal, erin)
    assert skipped(tx) == ([(member_id(commune, erin), LATE_BALLOT)] if late else [])
    assert (ballot(proposal, erin) is None) == late


def test_a_late_ballot_ends_the_chain_there(
    commune, chain, open_vote, cast, to_following, follow, skipped, carol, dave, erin, bob
):
    """Who is further on voted in time, and is not looked at."""
    chain(bob, erin, dave, carol)
    proposal = open_vote()
    cast(proposal, carol)
    mine_at(commune.assembly.proposalDeadline(proposal) - 2 * HOUR)
    cast(proposal, dave, AGAINST)
    to_following(proposal)
    tx = follow(proposal, bob, erin)
    assert skipped(tx) == [(member_id(commune, who), LATE_BALLOT) for who in (bob, erin)]


def test_what_is_late_is_told_from_the_end_that_a_late_quorum_moved(
    commune, delegated, open_vote, cast, to_following, follow, ballot, alice, bob, dave, erin
):
    """The third head comes two hours before the end and moves it by a day: what the delegate cast four hours
    before that is in time again."""
    proposal = open_vote()
    cast(proposal, alice)
    deadline = commune.assembly.proposalDeadline(proposal)
    mine_at(deadline - 6 * HOUR)
    cast(proposal, dave, AGAINST)
    mine_at(deadline - 2 * HOUR)
    cast(proposal, bob)
    moved = commune.assembly.proposalDeadline(proposal)
    assert deadline + 21 * HOUR < moved < deadline + 23 * HOUR
    to_following(proposal)
    follow(proposal, erin)
    assert ballot(proposal, erin) == (AGAINST, 1, True)


def test_members_outvote_a_late_delegate_themselves(
    commune, delegated, open_vote, cast, to_following, follow, ballot, dave, erin
):
    proposal = open_vote()
    mine_at(commune.assembly.proposalDeadline(proposal) - 2 * HOUR)
    cast(proposal, dave, AGAINST)
    cast(proposal, erin, FOR, 2)
    to_following(proposal)
    assert follow(proposal, erin).events.count("Followed") == 0
    assert ballot(proposal, erin) == (FOR, 2, False)
