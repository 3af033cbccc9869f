"""ERC-5805: one vote for each active member, now and at any time before."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, fall_silent, move_directly
from tests.contracts.people import DAY, joined


def test_every_active_member_has_one_vote(membership, alice, stranger):
    assert membership.getVotes(alice.address) == 1
    assert membership.getVotes(stranger.address) == 0
    assert membership.getPastVotes(alice.address, now() - 1) == 1
    assert membership.getPastTotalSupply(now() - 1) == membership.activeCountAt(now() - 1) == 5


def test_clock_is_the_blocks_timestamp(membership):
    assert membership.clock() == now()
    assert membership.CLOCK_MODE() == "mode=timestamp"


def test_there_are_no_votes_before_joining(membership, commune, newcomer, alice, bob):
    member = joined(commune, newcomer, (alice, bob))
    joined_at = membership.member(member)["joinedAt"]
    advance(10)

    assert membership.getPastVotes(newcomer.address, joined_at - 1) == 0
    assert membership.getPastVotes(newcomer.address, joined_at) == 1
    assert membership.getPastTotalSupply(joined_at - 1) == 5
    assert membership.getPastTotalSupply(joined_at) == 6
    assert not membership.activeAt(member, joined_at - 1)
    assert membership.activeAt(member, joined_at)


def test_votes_stay_with_the_account_that_held_the_membership(
    membership, commune, alice, new_account, stranger
):
    before = now()
    advance(10)
    moved_at = move_directly(commune, 1, new_account).timestamp
    advance(10)
    again_at = move_directly(commune, 1, stranger).timestamp
    advance(10)

    holders = {
        before: alice,
        moved_at - 1: alice,
        moved_at: new_account,
        again_at - 1: new_account,
        again_at: stranger,
    }
    for t, holder in holders.items():
        votes = {who: membership.getPastVotes(who.address, t) for who in (alice, new_account, stranger)}
        assert votes == {who: int(who == holder) for who in (alice, new_account, stranger)}
        assert membership.getPastTotalSupply(t) == 5
    assert membership.getVotes(alice.address) == 0
    assert membership.getVotes(stranger.address) == 1


def test_dormant_members_have_no_vote_while_they_sleep(membership, commune, alice):
    fall_silent(commune, 1)
    slept_at = membership.member(1)["since"]
    advance(DAY)
    woke_at = membership.wake(1, acting_as(commune.presence)).timestamp
    advance(10)

    votes = [
        membership.getPastVotes(alice.address, t) for t in (slept_at - 1, slept_at, woke_at - 1, woke_at)
    ]
    assert votes == [1, 0, 0, 1]
    supplies = [membership.getPastTotalSupply(t) for t in (slept_at - 1, slept_at, woke_at - 1, woke_at)]
    assert supplies == [5, 4, 4, 5]


def test_those_who_left_keep_their_votes_of_before(membership, commune, alice, bob, carol):
    left_at = membership.leave(alice.tx).timestamp
    joined(commune, alice, (bob, carol))
    back_at = membership.member(1)["joinedAt"]
    advance(10)
    votes = [membership.getPastVotes(alice.address, t) for t in (left_at - 1, left_at, back_at - 1, back_at)]
    assert votes == [1, 0, 0, 1]


@pytest.mark.parametrize("ahead", [0, 1000])
def test_nothing_is_read_of_the_present_or_the_future(membership, alice, ahead):
    t = now() + ahead
    reads = (
        lambda: membership.getPastVotes(alice.address, t),
        lambda: membership.getPastTotalSupply(t),
        lambda: membership.activeCountAt(t),
        lambda: membership.activeAt(1, t),
        lambda: membership.voterOf(alice.address, t),
        lambda: membership.ballotAccount(1, t),
        lambda: membership.quorumBase(t),
    )
    for read in reads:
        with reverts(error("MembershipFutureLookup", t, now())):
            read()


def test_changes_of_votes_are_announced(membership, commune, alice, new_account):
    moved = move_directly(commune, 1, new_account).events["DelegateVotesChanged"]
    assert [(e["delegate"], e["previousVotes"], e["newVotes"]) for e in moved] == [
        (alice.address, 1, 0),
        (new_account.address, 0, 1),
    ]
    presence = acting_as(commune.presence)
    slept = membership.setDormant(1, presence).events["DelegateVotesChanged"]
    assert (slept["delegate"], slept["previousVotes"], slept["newVotes"]) == (new_account.address, 1, 0)
    assert "DelegateVotesChanged" not in membership.leave(new_account.tx).events
