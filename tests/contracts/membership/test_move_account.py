"""Moving a membership: the one way in which a token changes hands."""

from brownie import ZERO_ADDRESS, reverts

from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, move_directly
from tests.contracts.people import LEFT, MEMBER_ACTIVE, NONE


def test_move_unlocks_transfers_and_locks_the_token(membership, commune, alice, new_account):
    tx = move_directly(commune, 1, new_account)

    names = [event.name for event in tx.events]
    assert names[:3] == ["Unlocked", "Transfer", "Locked"]
    assert tx.events["Transfer"] == {"from": alice.address, "to": new_account.address, "tokenId": 1}
    assert tx.events["AccountMoved"] == {"memberId": 1, "from": alice.address, "to": new_account.address}
    assert membership.ownerOf(1) == new_account.address
    assert membership.balanceOf(alice.address) == 0
    assert membership.balanceOf(new_account.address) == 1
    assert membership.memberIdOf(alice.address) == 0
    assert membership.lastMemberIdOf(alice.address) == 1


def test_old_account_has_no_say_any_more(membership, commune, alice, new_account):
    move_directly(commune, 1, new_account)
    with reverts(error("MembershipNotMember", alice)):
        membership.leave(alice.tx)
    with reverts(error("MembershipNotMember", alice)):
        membership.requireActive(alice.address)
    assert membership.requireFull(new_account.address) == 1


def test_old_account_never_holds_a_membership_again(membership, commune, alice, new_account):
    move_directly(commune, 1, new_account)
    with reverts(error("MembershipAccountTaken", alice, 1)):
        membership.admit(alice.address, acting_as(commune.admission))
    with reverts(error("MembershipAccountTaken", alice, 1)):
        move_directly(commune, 1, alice)


def test_membership_moves_to_no_member_and_not_to_nowhere(membership, commune, bob):
    with reverts(error("MembershipAccountTaken", bob, 2)):
        move_directly(commune, 1, bob)
    with reverts(error("MembershipZeroAccount")):
        membership.moveAccount(1, ZERO_ADDRESS, acting_as(commune.recovery))


def test_ended_or_unknown_membership_does_not_move(membership, commune, alice, new_account):
    membership.leave(alice.tx)
    with reverts(error("MembershipWrongStatus", 1, LEFT, MEMBER_ACTIVE)):
        move_directly(commune, 1, new_account)
    with reverts(error("MembershipWrongStatus", 99, NONE, MEMBER_ACTIVE)):
        move_directly(commune, 99, new_account)


def test_only_recovery_moves_a_membership(membership, commune, alice, new_account):
    for sender in (alice.tx, acting_as(commune.assembly), acting_as(commune.timelock)):
        with reverts(error("AccessManagedUnauthorized", sender["from"])):
            membership.moveAccount(1, new_account.address, sender)
