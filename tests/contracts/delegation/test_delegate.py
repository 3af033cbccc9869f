"""`delegate`: naming whose ballot counts for one's own too, topic by topic."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance, now
from tests.contracts.errors import error
from tests.contracts.forwarder.conftest import Request
from tests.contracts.membership.steps import acting_as, expel_directly
from tests.contracts.people import (
    DAY,
    DORMANT,
    FOOD,
    HOUSING,
    LEFT,
    MEMBER_ACTIVE,
    member_id,
)


def test_a_member_names_a_delegate_with_caps(commune, delegation, alice, bob):
    to = member_id(commune, bob)
    tx = delegation.delegate(FOOD, to, 2, 30, alice.tx)
    assert tx.events["Delegated"] == {
        "memberId": member_id(commune, alice),
        "topic": FOOD,
        "delegate": to,
        "maxVotes": 2,
        "maxCredits": 30,
    }
    assert delegation.delegationOf(member_id(commune, alice), FOOD) == (to, 2, 30, now())


def test_each_topic_has_its_own_delegate(commune, delegation, delegate, alice, bob, carol):
    delegate(alice, bob, topic=FOOD)
    delegate(alice, carol, topic=HOUSING)
    me = member_id(commune, alice)
    assert delegation.delegationOf(me, FOOD)["delegate"] == member_id(commune, bob)
    assert delegation.delegationOf(me, HOUSING)["delegate"] == member_id(commune, carol)


def test_naming_another_delegate_replaces_the_last(commune, delegation, delegate, alice, bob, carol):
    delegate(alice, bob, votes=2)
    delegate(alice, carol, votes=5)
    found = delegation.delegationOf(member_id(commune, alice), FOOD)
    assert (found["delegate"], found["maxVotes"]) == (member_id(commune, carol), 5)


def test_every_delegation_there_was_can_be_read(commune, delegation, delegate, alice, founders):
    """More changes than a search finishes in one step, with times between and on each."""
    me = member_id(commune, alice)
    made = []
    for change in range(7):
        delegate(alice, founders[1 + change % 4], votes=1 + change)
        made.append((now(), 1 + change))
        advance(10)
    assert delegation.delegationAt(me, FOOD, made[0][0] - 1) == (0, 0, 0, 0)
    for at, votes in made:
        for moment in (at, at + 9):
            found = delegation.delegationAt(me, FOOD, moment)
            assert (found["maxVotes"], found["since"]) == (votes, at)


def test_no_number_of_changes_makes_an_old_delegation_dear_to_find(commune, delegation, delegate, alice, bob):
    """A delegate who changes their mind after a vote's snapshot: their words are searched by halves."""
    delegate(alice, bob)
    before = now()
    advance(1)
    read = (member_id(commune, alice), FOOD, before)
    plain = delegation.delegationAt.estimate_gas(*read, alice.tx)
    for _ in range(16):
        delegate(alice, bob)
    assert delegation.delegationAt(*read)["since"] == before
    cold_reads = 5
    assert delegation.delegationAt.estimate_gas(*read, alice.tx) < plain + (cold_reads + 1) * 2_400


def test_what_is_to_come_cannot_be_read(commune, delegation):
    with reverts(error("DelegationFutureLookup", now(), now())):
        delegation.delegationAt(1, FOOD, now())


def test_nobody_delegates_to_themselves(commune, delegation, alice):
    me = member_id(commune, alice)
    with reverts(error("DelegationToSelf", me)):
        delegation.delegate(FOOD, me, 2, 30, alice.tx)


@pytest.mark.parametrize("nobody", [0, 99, 2**32 - 1])
def test_nobody_delegates_to_who_is_no_member(delegation, alice, nobody):
    with reverts(error("DelegationDelegateNotActive", nobody)):
        delegation.delegate(FOOD, nobody, 2, 30, alice.tx)


def leaves(commune, who):
    commune.membership.leave(who.tx)


def falls_dormant(commune, who):
    commune.membership.setDormant(member_id(commune, who), acting_as(commune.presence))


def is_expelled(commune, who):
    expel_directly(commune, member_id(commune, who))


@pytest.mark.parametrize("what", [leaves, falls_dormant, is_expelled])
def test_nobody_delegates_to_who_is_gone_or_asleep(commune, delegation, alice, erin, what):
    gone = member_id(commune, erin)
    what(commune, erin)
    with reverts(error("DelegationDelegateNotActive", gone)):
        delegation.delegate(FOOD, gone, 2, 30, alice.tx)


def test_who_wakes_can_be_delegated_to_again(commune, delegation, delegate, alice, erin):
    falls_dormant(commune, erin)
    commune.membership.wake(member_id(commune, erin), acting_as(commune.presence))
    assert commune.membership.statusOf(member_id(commune, erin)) == MEMBER_ACTIVE
    delegate(alice, erin)
    assert delegation.delegationOf(member_id(commune, alice), FOOD)["delegate"] == member_id(commune, erin)


def test_strangers_delegate_nothing(delegation, stranger):
    with reverts(error("MembershipNotMember", stranger)):
        delegation.delegate(FOOD, 1, 2, 30, stranger.tx)


@pytest.mark.parametrize(("what", "status"), [(falls_dormant, DORMANT), (leaves, LEFT)])
def test_who_has_no_voice_delegates_none(commune, delegation, erin, what, status):
    what(commune, erin)
    with reverts(error("MembershipNotActive", member_id(commune, erin), status)):
        delegation.delegate(FOOD, 1, 2, 30, erin.tx)


@pytest.mark.parametrize("topic", [0, 4, 2**16 - 1])
def test_topics_that_are_not_there_have_no_delegates(delegation, alice, topic):
    with reverts(error("DelegationUnknownTopic", topic)):
        delegation.delegate(topic, 2, 2, 30, alice.tx)


@pytest.mark.parametrize("votes", [0, 32, 255])
def test_a_cap_on_votes_is_one_to_thirty_one(delegation, alice, votes):
    with reverts(error("DelegationVotesOutOfRange", votes, 31)):
        delegation.delegate(FOOD, 2, votes, 30, alice.tx)


def test_a_member_without_gas_delegates_under_their_own_name(commune, delegation, alice, stranger):
    data = delegation.delegate.encode_input(FOOD, 2, 2, 30)
    request = Request(alice.address, delegation.address, data, 300_000, 1, now() + DAY)
    commune.forwarder.execute(request.struct, request.signed_by(alice, commune.forwarder), stranger.tx)
    assert delegation.delegationOf(member_id(commune, alice), FOOD)["delegate"] == 2
