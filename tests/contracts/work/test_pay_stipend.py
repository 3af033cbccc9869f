"""`payStipend`: a seat that is done is paid once, by its share, from the purse of its topic."""

import pytest
from brownie import ZERO_ADDRESS, accounts, reverts

from tests.contracts.commons.conftest import WORK
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, expel_directly, move_directly
from tests.contracts.offices.steps import next_period
from tests.contracts.people import FOOD, member_id
from tests.contracts.work.steps import TEXT, WHY, Brief, delivered, opened, seat_of, shift, taken

CAP = 100


@pytest.fixture(scope="module")
def purse(commune, assignments, timelock):
    """A hundred units of ETH a period for work on food, of a commons that pays up to two hundred."""
    accounts[30].transfer(commune.commons, 1_000)
    opened_purse = commune.commons.openPurse(assignments, FOOD, ZERO_ADDRESS, CAP, WHY, timelock)
    next_period()
    return opened_purse.return_value


@pytest.fixture
def done(commune, reviewer, purse, alice):
    """A task of sixty units that Alice has done: three quarters of it."""
    return done_by(commune, reviewer, purse, alice)


def done_by(commune, reviewer, purse, who, stipend=60, share=7_500):
    assignment = opened(commune, Brief(purse=purse, stipend=stipend))
    taken(commune, assignment, who)
    delivered(commune, reviewer, assignment, who)
    commune.assignments.markDone(assignment, 1, share, reviewer)
    return assignment


def test_anyone_lets_who_did_the_work_be_paid(commune, assignments, done, purse, alice, stranger):
    before, member = alice.account.balance(), member_id(commune, alice)
    tx = assignments.payStipend(done, 1, stranger.tx)
    assert alice.account.balance() == before + 45
    assert tx.events["WorkPaid"] == {"assignmentId": done, "seat": 1, "memberId": member, "amount": 45}
    assert tx.events["Paid"] == {
        "asset": ZERO_ADDRESS,
        "to": alice.account,
        "amount": 45,
        "arrived": 45,
        "kind": WORK,
        "purseId": purse,
        "by": member,
        "reason": TEXT,
    }
    assert seat_of(commune, done)["paid"] is True


def test_nothing_is_paid_twice(assignments, done, alice):
    assignments.payStipend(done, 1, alice.tx)
    with reverts(error("AssignmentsNothingToPay", done, 1)):
        assignments.payStipend.call(done, 1, alice.tx)


def test_nothing_is_paid_before_it_is_accepted(commune, assignments, reviewer, purse, alice):
    assignment = opened(commune, Brief(purse=purse, stipend=60))
    with reverts(error("AssignmentsNothingToPay", assignment, 1)):
        assignments.payStipend.call(assignment, 1, alice.tx)
    taken(commune, assignment, alice)
    delivered(commune, reviewer, assignment, alice)
    with reverts(error("AssignmentsNothingToPay", assignment, 1)):
        assignments.payStipend.call(assignment, 1, alice.tx)


def test_a_part_below_the_smallest_unit_is_nothing(commune, assignments, reviewer, purse, alice):
    assignment = done_by(commune, reviewer, purse, alice, stipend=1, share=9_999)
    with reverts(error("AssignmentsNothingToPay", assignment, 1)):
        assignments.payStipend.call(assignment, 1, alice.tx)


def test_unpaid_work_earns_reputation_only(commune, assignments, vacant, reviewer, alice):
    taken(commune, vacant, alice)
    delivered(commune, reviewer, vacant, alice)
    assignments.markDone(vacant, 1, 10_000, reviewer)
    with reverts(error("AssignmentsNothingToPay", vacant, 1)):
        assignments.payStipend.call(vacant, 1, alice.tx)


def test_what_was_overturned_is_not_paid_any_more(commune, assignments, done, reviewer, alice):
    tx = assignments.markOverturned(done, 1, reviewer)
    assert tx.events["SeatOverturned"] == {
        "assignmentId": done,
        "seat": 1,
        "memberId": member_id(commune, alice),
    }
    with reverts(error("AssignmentsNothingToPay", done, 1)):
        assignments.payStipend.call(done, 1, alice.tx)


def test_what_was_paid_before_stays_paid(assignments, done, reviewer, alice):
    assignments.payStipend(done, 1, alice.tx)
    assignments.markOverturned(done, 1, reviewer)
    with reverts(error("AssignmentsNothingToPay", done, 1)):
        assignments.payStipend.call(done, 1, alice.tx)


def test_a_purse_that_is_used_up_pays_in_the_next_period(commune, assignments, reviewer, purse, alice, bob):
    first, second = (done_by(commune, reviewer, purse, who, share=10_000) for who in (alice, bob))
    assignments.payStipend(first, 1, alice.tx)
    with reverts(error("CommonsPurseExceeded", purse, 60, 40)):
        assignments.payStipend.call(second, 1, bob.tx)
    next_period()
    assignments.payStipend(second, 1, bob.tx)


def test_a_closed_purse_pays_no_more(commune, assignments, done, purse, timelock, alice):
    """A decision: the work stays done, and its reputation earned."""
    commune.commons.closePurse(purse, timelock)
    with reverts(error("CommonsPurseClosed", purse)):
        assignments.payStipend.call(done, 1, alice.tx)


def test_who_was_expelled_since_is_paid_and_a_new_account_too(
    commune, assignments, reviewer, purse, alice, bob, newcomer
):
    first, second = (done_by(commune, reviewer, purse, who, stipend=50) for who in (alice, bob))
    expel_directly(commune, member_id(commune, alice))
    move_directly(commune, member_id(commune, bob), newcomer)
    for assignment, who in ((first, alice), (second, newcomer)):
        before = who.account.balance()
        assignments.payStipend(assignment, 1, {"from": accounts[0]})
        assert who.account.balance() == before + 37


def test_a_confirmed_shift_is_paid_too(commune, assignments, reviewer, purse, alice):
    assignment = opened(commune, shift(purse=purse, stipend=20))
    taken(commune, assignment, alice)
    assignments.markDone(assignment, 1, 10_000, reviewer)
    assert assignments.payStipend(assignment, 1, alice.tx).events["WorkPaid"]["amount"] == 20


def test_a_receiver_that_calls_back_gets_it_once(
    commune, assignments, reviewer, purse, project_contracts, deployer, alice
):
    """Paid is written before the money moves; and the commons lets nobody in meanwhile."""
    wallet = project_contracts["ReenteringTarget"].deploy({"from": deployer})
    assignment = done_by(commune, reviewer, purse, alice)
    commune.membership.moveAccount(member_id(commune, alice), wallet, acting_as(commune.recovery))
    wallet.prepare(assignments, assignments.payStipend.encode_input(assignment, 1), {"from": deployer})
    tx = assignments.payStipend(assignment, 1, {"from": accounts[0]})
    assert tx.events["CalledBack"]["success"] is False
    assert wallet.balance() == 45


def test_no_member_pays_from_a_purse_for_work(commune, assignments, purse, alice, bob):
    with reverts(error("AssignmentsPaysByItself")):
        commune.commons.payFromPurse.call(purse, bob.address, 1, WHY, alice.tx)
    with reverts(error("CommonsNotController", purse, alice)):
        commune.commons.payForWork.call(purse, member_id(commune, alice), 1, WHY, alice.tx)
