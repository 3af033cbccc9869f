"""`revoke`: taking a delegation back."""

from brownie import reverts

from tests.contracts.clock import advance, now
from tests.contracts.delegation.conftest import NO_DELEGATE
from tests.contracts.errors import error
from tests.contracts.forwarder.conftest import Request
from tests.contracts.membership.steps import acting_as, move_directly
from tests.contracts.people import DAY, FOOD, HOUSING, LEFT, member_id, person


def test_a_delegation_ends_at_once(commune, delegation, delegate, alice, bob):
    delegate(alice, bob)
    tx = delegation.revoke(FOOD, alice.tx)
    me = member_id(commune, alice)
    assert tx.events["Delegated"] == {
        "memberId": me,
        "topic": FOOD,
        "delegate": 0,
        "maxVotes": 0,
        "maxCredits": 0,
    }
    assert delegation.delegationOf(me, FOOD) == (0, 0, 0, now())


def test_votes_that_open_later_do_not_know_it_any_more(
    delegation, delegate, open_vote, cast, to_following, follow, skipped, commune, dave, erin
):
    delegate(erin, dave)
    delegation.revoke(FOOD, erin.tx)
    proposal = open_vote()
    cast(proposal, dave)
    to_following(proposal)
    assert skipped(follow(proposal, erin)) == [(member_id(commune, erin), NO_DELEGATE)]


def test_only_the_topics_own_delegation_ends(commune, delegation, delegate, alice, bob):
    delegate(alice, bob, topic=FOOD)
    delegate(alice, bob, topic=HOUSING)
    delegation.revoke(FOOD, alice.tx)
    assert delegation.delegationOf(member_id(commune, alice), HOUSING)["delegate"] == member_id(commune, bob)


def test_what_is_not_there_cannot_be_taken_back(commune, delegation, delegate, alice, bob):
    me = member_id(commune, alice)
    for _ in range(2):
        with reverts(error("DelegationNone", me, FOOD)):
            delegation.revoke(FOOD, alice.tx)
        delegate(alice, bob)
        delegation.revoke(FOOD, alice.tx)


def test_a_delegation_of_less_than_a_second_never_was(commune, delegation, alice, bob, stranger):
    """Three changes in one block: only the last is ever read."""
    to = member_id(commune, bob)
    requests = [
        Request(alice.address, delegation.address, data, 300_000, nonce, now() + DAY)
        for nonce, data in enumerate(
            (
                delegation.delegate.encode_input(FOOD, to, 5, 100),
                delegation.revoke.encode_input(FOOD),
                delegation.delegate.encode_input(FOOD, to, 2, 30),
            )
        )
    ]
    signed = [request.signed_by(alice, commune.forwarder) for request in requests]
    tx = commune.forwarder.executeBatch([r.struct for r in requests], signed, stranger.tx)
    assert [event["delegate"] for event in tx.events["Delegated"]] == [to, 0, to]
    advance(1)
    me = member_id(commune, alice)
    assert delegation.delegationAt(me, FOOD, tx.timestamp) == (to, 2, 30, tx.timestamp)
    assert delegation.delegationAt(me, FOOD, tx.timestamp - 1) == (0, 0, 0, 0)


def test_who_sleeps_may_take_back_what_they_delegated(commune, delegation, delegate, alice, bob):
    delegate(alice, bob)
    commune.membership.setDormant(member_id(commune, alice), acting_as(commune.presence))
    delegation.revoke(FOOD, alice.tx)
    assert delegation.delegationOf(member_id(commune, alice), FOOD)["delegate"] == 0


def test_who_left_may_too_since_others_still_delegate_through_them(commune, delegation, delegate, alice, bob):
    delegate(alice, bob)
    commune.membership.leave(alice.tx)
    me = member_id(commune, alice)
    assert commune.membership.statusOf(me) == LEFT
    delegation.revoke(FOOD, alice.tx)
    assert delegation.delegationOf(me, FOOD)["delegate"] == 0


def test_a_delegation_goes_with_the_membership_to_a_new_account(commune, delegation, delegate, alice, bob):
    delegate(alice, bob)
    me, phone = member_id(commune, alice), person(30)
    move_directly(commune, me, phone)
    with reverts(error("MembershipNotMember", alice)):
        delegation.revoke(FOOD, alice.tx)
    delegation.revoke(FOOD, phone.tx)
    assert delegation.delegationOf(me, FOOD)["delegate"] == 0


def test_strangers_have_nothing_to_take_back(delegation, stranger):
    with reverts(error("MembershipNotMember", stranger)):
        delegation.revoke(FOOD, stranger.tx)
