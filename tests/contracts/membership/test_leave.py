"""Leaving, and coming back."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from tests.contracts.errors import error
from tests.contracts.membership.steps import REASON, acting_as, contested, fall_silent
from tests.contracts.people import FOR, GENERAL, LEFT, MEMBER_ACTIVE, joined

POINT = 1_000_000
DECISION, REVIEW = 0, 3


def test_member_leaves(membership, alice):
    tx = membership.leave(alice.tx)

    assert tx.events["StatusChanged"] == {"memberId": 1, "from": MEMBER_ACTIVE, "to": LEFT}
    assert tx.events["Transfer"] == {"from": alice.address, "to": ZERO_ADDRESS, "tokenId": 1}
    assert membership.statusOf(1) == LEFT
    assert membership.balanceOf(alice.address) == 0
    assert membership.activeCount() == 4
    assert membership.memberIdOf(alice.address) == 1
    assert membership.accountOf(1) == alice.address


def test_dormant_member_leaves(membership, commune, alice):
    fall_silent(commune, 1)
    membership.leave(alice.tx)
    assert membership.statusOf(1) == LEFT
    assert membership.activeCount() == 4


def test_nobody_leaves_who_is_no_member(membership, stranger):
    with reverts(error("MembershipNotMember", stranger)):
        membership.leave(stranger.tx)


def test_nobody_leaves_twice(membership, alice):
    membership.leave(alice.tx)
    with reverts(error("MembershipWrongStatus", 1, LEFT, MEMBER_ACTIVE)):
        membership.leave(alice.tx)


def test_whoever_returns_has_their_number_and_a_probation_even_a_founder(
    membership, commune, alice, bob, carol
):
    assert membership.probationUntil(1) == 0
    membership.leave(alice.tx)
    assert joined(commune, alice, (bob, carol)) == 1

    member = membership.member(1)
    assert member["status"] == MEMBER_ACTIVE
    assert not member["founder"]
    assert membership.probationUntil(1) > member["joinedAt"]
    assert not membership.isFull(1)
    assert membership.memberCount() == 5


def test_admission_says_who_returned(membership, commune, newcomer, alice):
    gate = acting_as(commune.admission)
    assert not membership.admit(newcomer.address, gate).events["MemberAdmitted"]["returned"]
    membership.leave(alice.tx)
    tx = membership.admit(alice.address, gate)
    assert tx.events["MemberAdmitted"]["returned"]
    assert tx.events["Transfer"] == {"from": ZERO_ADDRESS, "to": alice.address, "tokenId": 1}


def test_leaving_and_returning_sheds_no_penalty(membership, commune, alice, bob, carol):
    reputation = commune.reputation
    reputation.award(1, GENERAL, 100 * POINT, DECISION, REASON, 0, acting_as(commune.timelock))
    reputation.penalise(1, GENERAL, 60 * POINT, REVIEW, REASON, acting_as(commune.admission))
    membership.leave(alice.tx)
    joined(commune, alice, (bob, carol))
    assert int(reputation.totalScore(1)) / POINT == pytest.approx(40, rel=0.05)


def test_whoever_returned_has_no_ballot_in_a_vote_opened_before(
    membership, commune, newcomer, alice, bob, carol, dave
):
    _, proposal = contested(commune, newcomer, (bob, carol), dave)
    membership.leave(alice.tx)
    membership.admit(alice.address, acting_as(commune.admission))
    with reverts(error("AssemblyNotInElectorate", proposal, alice, 0)):
        commune.assembly.castBallot(proposal, FOR, 1, alice.tx)


def test_nobody_is_admitted_twice_or_to_nowhere(membership, commune, alice, stranger):
    gate = acting_as(commune.admission)
    with reverts(error("MembershipAccountTaken", alice, 1)):
        membership.admit(alice.address, gate)
    with reverts(error("MembershipZeroAccount")):
        membership.admit(ZERO_ADDRESS, gate)
    with reverts(error("AccessManagedUnauthorized", stranger)):
        membership.admit(stranger.address, stranger.tx)


def test_founding_takes_nobody_who_has_been_a_member(membership, commune, alice):
    membership.leave(alice.tx)
    with reverts(error("MembershipAccountTaken", alice, 1)):
        membership.admitFounder(alice.address, acting_as(commune.founding))
