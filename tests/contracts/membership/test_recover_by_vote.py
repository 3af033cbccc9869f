"""Recovery by a person vote: for a member without guardians, or with a thief's."""

from brownie import ZERO_ADDRESS, reverts

from tests.contracts.clock import advance
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import DAY, carried_out, draft


def test_commune_moves_the_membership_of_someone_without_guardians(
    recovery, membership, commune, alice, bob, carol, dave, new_account
):
    move = draft(bob, (recovery, recovery.recoverByVote.encode_input(1, new_account.address)))
    tx = carried_out(commune, move, bob, sponsors=(bob, carol), voters=(bob, carol, dave))

    assert tx.events["Recovered"] == {
        "memberId": 1,
        "from": alice.address,
        "to": new_account.address,
        "byVote": True,
    }
    assert membership.accountOf(1) == new_account.address


def test_only_the_assembly_moves_a_membership_so(recovery, commune, alice, new_account):
    with reverts(error("AccessManagedUnauthorized", alice)):
        recovery.recoverByVote(1, new_account.address, alice.tx)
    with reverts(error("AccessManagedUnauthorized", commune.timelock)):
        recovery.recoverByVote(1, new_account.address, acting_as(commune.timelock))


def test_vote_removes_guardians_whom_a_thief_may_have_named(recovery, commune, alice, new_account):
    recovery.setGuardians([4, 5], 2, alice.tx)
    advance(7 * DAY)
    recovery.setGuardians([3, 5], 2, alice.tx)
    recovery.recoverByVote(1, new_account.address, acting_as(commune.assembly))

    advance(7 * DAY)
    assert recovery.guardiansOf(1) == ([], 0)


def test_vote_ends_a_recovery_that_a_thiefs_guardians_began(
    recovery, membership, commune, alice, bob, carol, thief, new_account
):
    recovery.setGuardians([2, 3], 2, alice.tx)
    advance(7 * DAY)
    recovery.support(1, thief.address, bob.tx)
    recovery.support(1, thief.address, carol.tx)
    recovery.recoverByVote(1, new_account.address, acting_as(commune.assembly))

    advance(7 * DAY)
    with reverts(error("RecoveryNoRequest", 1)):
        recovery.recover(1, bob.tx)
    assert membership.accountOf(1) == new_account.address


def test_vote_moves_nothing_to_a_member_or_to_nowhere(recovery, commune, bob):
    with reverts(error("RecoveryAccountTaken", bob)):
        recovery.recoverByVote(1, bob.address, acting_as(commune.assembly))
    with reverts(error("RecoveryZeroAccount")):
        recovery.recoverByVote(1, ZERO_ADDRESS, acting_as(commune.assembly))


def test_vote_moves_no_membership_of_someone_who_left(recovery, membership, commune, alice, new_account):
    membership.leave(alice.tx)
    with reverts(error("RecoveryNotMember", 1)):
        recovery.recoverByVote(1, new_account.address, acting_as(commune.assembly))
