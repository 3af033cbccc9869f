"""Taking a member's voice, and giving it back: what the register lets the presence module do."""

from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import DORMANT, LEFT, MEMBER_ACTIVE, NONE


def test_only_presence_takes_a_voice_or_gives_it_back(membership, commune, alice):
    for sender in (alice.tx, acting_as(commune.assembly), acting_as(commune.timelock)):
        with reverts(error("AccessManagedUnauthorized", sender["from"])):
            membership.setDormant(2, sender)
        with reverts(error("AccessManagedUnauthorized", sender["from"])):
            membership.wake(2, sender)


def test_only_active_members_become_dormant(membership, commune, alice):
    presence = acting_as(commune.presence)
    membership.setDormant(2, presence)
    membership.leave(alice.tx)
    for member, status in ((1, LEFT), (2, DORMANT), (99, NONE)):
        with reverts(error("MembershipWrongStatus", member, status, MEMBER_ACTIVE)):
            membership.setDormant(member, presence)


def test_only_dormant_members_wake(membership, commune, alice):
    presence = acting_as(commune.presence)
    membership.leave(alice.tx)
    for member, status in ((1, LEFT), (2, MEMBER_ACTIVE), (99, NONE)):
        with reverts(error("MembershipWrongStatus", member, status, DORMANT)):
            membership.wake(member, presence)


def test_nothing_is_known_of_who_never_was_a_member(membership):
    assert membership.statusOf(99) == NONE
    assert not membership.isFull(99)
    for read in (membership.member, membership.accountOf, membership.probationUntil):
        with reverts(error("MembershipUnknownMember", 99)):
            read(99)
