"""`requirePayer`: an office's purse pays for holders, never to them, and is frozen in a recall's vote."""

import pytest
from brownie import ZERO_ADDRESS, chain, reverts

from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import (
    acting_as,
    execute,
    expel_directly,
    move_directly,
)
from tests.contracts.offices.steps import (
    PERIOD,
    TEXT,
    appointed,
    created,
    filled,
    next_period,
    petitioned,
    recalled_directly,
    seated,
    vote_of,
    voted,
)
from tests.contracts.people import AGAINST, FOR, person, to_end, vote

CAP = 1_000


@pytest.fixture(scope="module")
def purse(commune, held, timelock):
    """A purse of 1,000 a period for the office that Alice holds."""
    filled(commune)
    tx = commune.commons.openPurse(commune.offices, held, ZERO_ADDRESS, CAP, TEXT, timelock)
    return tx.events["PurseOpened"]["purseId"]


@pytest.fixture(autouse=True)
def early_in_a_period(purse):
    next_period()


def paid(commune, purse, who, to, amount=10):
    receiver = str(getattr(to, "address", to))
    return commune.commons.payFromPurse(purse, receiver, amount, TEXT, who.tx)


def test_a_holder_pays_from_the_purse(commune, held, purse, alice, stranger):
    before = stranger.account.balance()
    paid(commune, purse, alice, stranger, CAP)
    assert stranger.account.balance() == before + CAP
    assert commune.commons.purseLeft(purse) == 0


def test_a_purse_is_not_overdrawn_by_one_unit(commune, purse, alice, stranger):
    with reverts(error("CommonsPurseExceeded", purse, CAP + 1, CAP)):
        paid(commune, purse, alice, stranger, CAP + 1)
    paid(commune, purse, alice, stranger, CAP)
    with reverts(error("CommonsPurseExceeded", purse, 1, 0)):
        paid(commune, purse, alice, stranger, 1)
    mine_at(chain[-1].timestamp - chain[-1].timestamp % PERIOD + PERIOD)
    paid(commune, purse, alice, stranger, CAP)


def test_who_holds_nothing_pays_nothing(commune, held, purse, bob, stranger):
    with reverts(error("OfficesNotHolder", held, bob)):
        paid(commune, purse, bob, stranger)


def test_a_purse_of_an_office_there_is_not_pays_nothing(commune, offices, purse, alice, stranger):
    with reverts(error("OfficesUnknown", 9)):
        offices.requirePayer(9, alice.address, stranger.address)
    with reverts(error("OfficesUnknown", 2**32 - 1)):
        offices.requirePayer(2**32 + 1, alice.address, stranger.address)


def test_nobody_pays_a_holder(commune, offices, timelock, alice, bob):
    """Not themselves, not the one beside them, and not the account that a recovery left behind."""
    two = created(commune, seats=2)
    for who in (alice, bob):
        appointed(commune, two, who)
    advance(100)
    tx = commune.commons.openPurse(offices, two, ZERO_ADDRESS, CAP, TEXT, timelock)
    purse = tx.events["PurseOpened"]["purseId"]
    move_directly(commune, 2, person(11))
    with reverts(error("CommonsBadReceiver", alice)):
        paid(commune, purse, alice, alice)
    for receiver in (bob, person(11)):
        with reverts(error("OfficesPaysHolder", two, receiver)):
            paid(commune, purse, alice, receiver)
    with reverts(error("OfficesPaysHolder", two, alice)):
        paid(commune, purse, person(11), alice)


def test_a_dormant_holder_is_not_paid_either(commune, offices, timelock, alice, bob):
    two = created(commune, seats=2)
    for who in (alice, bob):
        appointed(commune, two, who)
    advance(100)
    commune.membership.setDormant(2, acting_as(commune.presence))
    with reverts(error("OfficesPaysHolder", two, bob)):
        offices.requirePayer(two, alice.address, bob.address)
    with reverts(error("OfficesNotHolder", two, bob)):
        offices.requirePayer(two, bob.address, person(40).address)


def test_a_purse_outlives_its_holder_and_pays_for_nobody_meanwhile(
    commune, offices, held, purse, alice, bob, stranger
):
    """The office fell vacant; the next holder has what is left of the period."""
    paid(commune, purse, alice, stranger, 400)
    offices.resign(held, alice.tx)
    with reverts(error("OfficesNotHolder", held, alice)):
        paid(commune, purse, alice, stranger)
    seated(commune, held, bob)
    assert commune.commons.purseLeft(purse) == 600
    paid(commune, purse, bob, alice, 600)


def test_whoever_is_expelled_pays_nothing(commune, held, purse, alice, stranger):
    expel_directly(commune, 1)
    with reverts(error("MembershipNotActive", 1, 4)):
        paid(commune, purse, alice, stranger)


def test_a_recalled_holder_loses_the_purse_in_the_same_transaction(commune, held, purse, alice, stranger):
    """In the same block, too: what asks later in it is refused."""
    tx = recalled_directly(commune, held, alice)
    assert chain[-1].timestamp == tx.timestamp
    with reverts(error("OfficesNotHolder", held, alice)):
        commune.offices.requirePayer(held, alice.address, stranger.address)
    with reverts(error("OfficesNotHolder", held, alice)):
        paid(commune, purse, alice, stranger)


# ------------------------------------------------------------------ frozen by a recall's vote


def test_the_purse_is_frozen_while_the_vote_runs(commune, held, purse, voting, alice, stranger):
    assert commune.recall.isFrozen(held, 1)
    with reverts(error("OfficesFrozen", held, 1)):
        paid(commune, purse, alice, stranger)


def test_a_petition_alone_freezes_nothing(commune, held, purse, many, alice, bob, carol, stranger):
    petitioned(commune, held, alice, bob, carol)
    paid(commune, purse, alice, stranger)


def test_the_purse_stays_frozen_until_a_passed_recall_is_carried_out(
    commune, held, purse, voting, many, alice, bob, stranger
):
    proposal = vote_of(voting)
    voted(commune, proposal, many)
    with reverts(error("OfficesFrozen", held, 1)):
        paid(commune, purse, alice, stranger)
    execute(commune, voting, stranger)
    assert not commune.recall.isFrozen(held, 1)
    with reverts(error("OfficesNotHolder", held, alice)):
        paid(commune, purse, alice, stranger)


def test_the_purse_thaws_when_the_vote_fails(commune, held, purse, voting, many, alice, stranger):
    proposal = vote_of(voting)
    voted(commune, proposal, many, AGAINST)
    assert not commune.recall.isFrozen(held, 1)
    paid(commune, purse, alice, stranger)


def test_others_who_hold_the_office_still_pay(commune, offices, timelock, many, alice, bob, carol, stranger):
    two = created(commune, seats=2)
    for who in (alice, bob):
        appointed(commune, two, who)
    advance(100)
    petitioned(commune, two, alice, carol, bob, person(4))
    assert offices.requirePayer(two, bob.address, stranger.address) == 2
    with reverts(error("OfficesFrozen", two, 1)):
        offices.requirePayer(two, alice.address, stranger.address)


def test_a_mixed_vote_freezes_as_long_as_it_is_open(commune, held, purse, voting, many, alice, stranger):
    proposal = vote_of(voting)
    advance(1)
    vote(commune, proposal, many[:2], FOR)
    with reverts(error("OfficesFrozen", held, 1)):
        paid(commune, purse, alice, stranger)
    to_end(commune, proposal)
    paid(commune, purse, alice, stranger)
