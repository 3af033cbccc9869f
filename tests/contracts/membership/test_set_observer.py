"""Who is told of every change in the register."""

from brownie import ZERO_ADDRESS, reverts

from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, expel_directly, vouched

WITHDRAWN = 6


def test_only_the_constitutional_rule_sets_an_observer(membership, commune, alice, stranger):
    with reverts(error("AccessManagedUnauthorized", alice)):
        membership.setObserver(3, stranger.address, alice.tx)
    tx = membership.setObserver(3, commune.presence, acting_as(commune.timelock))
    assert tx.events["ObserverSet"] == {"slot": 3, "observer": commune.presence}


def test_there_are_four_slots(membership, commune, stranger):
    with reverts(error("MembershipObserverSlot", 4, 4)):
        membership.setObserver(4, stranger.address, acting_as(commune.timelock))


def test_emptied_slot_is_told_nothing(admission, membership, commune, alice, bob, erin):
    membership.setObserver(0, ZERO_ADDRESS, acting_as(commune.timelock))
    membership.leave(erin.tx)
    application = vouched(commune, erin, (alice, bob))
    expel_directly(commune, 5)
    assert admission.application(application)["status"] != WITHDRAWN


def test_change_that_an_observer_refuses_does_not_happen(membership, commune, alice):
    """Observers are the commune's own modules: one that fails stops the change rather than missing it."""
    membership.setObserver(3, commune.constitution, acting_as(commune.timelock))
    with reverts():
        membership.leave(alice.tx)
    assert membership.balanceOf(alice.address) == 1
