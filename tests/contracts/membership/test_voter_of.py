"""Who may cast a member's ballot: whoever holds the memberId now, if it was active when the vote opened."""

import pytest
from brownie import ZERO_ADDRESS

from tests.contracts.clock import advance, now
from tests.contracts.membership.steps import (
    acting_as,
    admit_directly,
    expel_directly,
    move_directly,
)


@pytest.fixture
def electorate():
    """A time at which the five founders, and nobody else, were active."""
    t = now()
    advance(60)
    return t


@pytest.fixture
def ballots(membership, electorate):
    """Of a memberId and an account: whose ballot the account casts, and who casts the member's."""

    def read(member, who):
        advance(10)
        return membership.voterOf(who.address, electorate), membership.ballotAccount(member, electorate)

    return read


def test_member_of_the_electorate_casts_their_ballot(ballots, alice):
    assert ballots(1, alice) == (1, alice.address)


def test_whoever_joined_since_casts_none(commune, ballots, newcomer):
    admit_directly(commune, newcomer)
    assert ballots(6, newcomer) == (0, ZERO_ADDRESS)


def test_stranger_casts_none(ballots, stranger):
    assert ballots(99, stranger) == (0, ZERO_ADDRESS)


def test_whoever_left_casts_none_even_after_returning(membership, commune, ballots, alice):
    membership.leave(alice.tx)
    assert ballots(1, alice) == (0, ZERO_ADDRESS)
    admit_directly(commune, alice)
    assert ballots(1, alice) == (0, ZERO_ADDRESS)


def test_whoever_was_expelled_casts_none(commune, ballots, alice):
    expel_directly(commune, 1)
    assert ballots(1, alice) == (0, ZERO_ADDRESS)


def test_whoever_fell_asleep_since_may_still_vote(membership, commune, ballots, alice):
    membership.setDormant(1, acting_as(commune.presence))
    assert ballots(1, alice) == (1, alice.address)


def test_whoever_woke_since_casts_none(membership, commune, electorate, alice):
    presence = acting_as(commune.presence)
    membership.setDormant(1, presence)
    advance(10)
    asleep_at = now()
    advance(10)
    membership.wake(1, presence)
    advance(10)

    assert membership.voterOf(alice.address, asleep_at) == 0
    assert membership.ballotAccount(1, asleep_at) == ZERO_ADDRESS
    assert membership.voterOf(alice.address, electorate) == 1


def test_ballot_moves_with_the_membership(commune, ballots, alice, new_account):
    move_directly(commune, 1, new_account)
    assert ballots(1, alice) == (0, new_account.address)
    assert ballots(1, new_account) == (1, new_account.address)
