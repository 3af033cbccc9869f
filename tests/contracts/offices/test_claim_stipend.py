"""`claimStipend`: holders are paid by the seconds served in a calendar period, once, up to a worker's pay."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import (
    acting_as,
    admit_directly,
    expel_directly,
    move_directly,
)
from tests.contracts.offices.steps import (
    PERIOD,
    TERM,
    TEXT,
    appointed,
    created,
    filled,
    next_period,
    recalled_directly,
    seated,
)
from tests.contracts.people import DAY, person

UNIT = 10**12
STIPEND = 60_000


@pytest.fixture(scope="module")
def paid(commune):
    """An office with a stipend of 60,000 units a period, and a commons that can pay it."""
    filled(commune)
    next_period()
    return created(commune, stipend=STIPEND)


@pytest.fixture(scope="module")
def start(commune, paid, alice):
    """Alice holds it from the start of a calendar period on, whose start this is."""
    begins = now() - now() % PERIOD + PERIOD
    appointed(commune, paid, alice, begins)
    mine_at(begins)
    return begins


@pytest.fixture
def tenure(offices, paid, start):
    return offices.lastTenureOf(paid, 1)


def test_a_whole_period_pays_the_whole_stipend(commune, offices, tenure, start, alice, stranger):
    """Anyone may claim; it goes to the holder, and the reason is what the office is for."""
    mine_at(start + PERIOD)
    before = alice.account.balance()
    tx = offices.claimStipend(tenure, start, stranger.tx)
    assert tx.events["StipendClaimed"] == {"tenureId": tenure, "periodStart": start, "units": STIPEND}
    assert tx.events["Paid"]["reason"] == TEXT
    assert alice.account.balance() == before + STIPEND * UNIT
    assert commune.commons.payLeft(1, start) == 100_000 - STIPEND


def test_a_stipend_is_claimed_once(offices, tenure, start, stranger):
    mine_at(start + PERIOD)
    offices.claimStipend(tenure, start, stranger.tx)
    with reverts(error("OfficesStipendClaimed", tenure, start)):
        offices.claimStipend(tenure, start, stranger.tx)


def test_a_period_is_paid_when_it_is_over(offices, tenure, start, stranger):
    mine_at(start + PERIOD - 100)
    with reverts(error("OfficesPeriodNotOver", start)):
        offices.claimStipend(tenure, start, stranger.tx)
    with reverts(error("OfficesPeriodNotOver", start + PERIOD)):
        offices.claimStipend(tenure, start + PERIOD, stranger.tx)


@pytest.mark.parametrize("shift", [-1, 1, 7 * DAY])
def test_only_calendar_periods_are_paid(offices, tenure, start, stranger, shift):
    mine_at(start + 2 * PERIOD)
    with reverts(error("OfficesNotAPeriod", start + shift)):
        offices.claimStipend(tenure, start + shift, stranger.tx)


def test_periods_that_were_not_served_pay_nothing(offices, tenure, start, stranger):
    mine_at(start + 5 * PERIOD)
    for period in (start - PERIOD, start + 3 * PERIOD):
        with reverts(error("OfficesNothingEarned", tenure, period)):
            offices.claimStipend(tenure, period, stranger.tx)


def test_the_whole_tenure_is_paid_in_any_order_also_afterwards(offices, tenure, start, stranger):
    mine_at(start + TERM + PERIOD)
    units = [
        offices.claimStipend(tenure, start + number * PERIOD, stranger.tx).events["StipendClaimed"]["units"]
        for number in (2, 0, 1)
    ]
    assert units == [STIPEND] * 3


def test_nobody_is_paid_for_a_tenure_there_is_not(offices, start, stranger):
    with reverts(error("OfficesUnknownTenure", 99)):
        offices.claimStipend(99, start, stranger.tx)


def test_an_office_without_stipend_pays_nothing(commune, offices, start, bob, stranger):
    office = created(commune)
    tenure = seated(commune, office, bob)
    mine_at(start + 2 * PERIOD)
    with reverts(error("OfficesNothingEarned", tenure, start)):
        offices.claimStipend(tenure, start, stranger.tx)


# ------------------------------------------------------------------ parts of a period


def test_part_of_a_period_pays_its_part(offices, paid, tenure, start, alice, stranger):
    mine_at(start + PERIOD // 4 - 1)
    served = offices.resign(paid, alice.tx).timestamp - start
    mine_at(start + PERIOD)
    tx = offices.claimStipend(tenure, start, stranger.tx)
    assert tx.events["StipendClaimed"]["units"] == STIPEND * served // PERIOD
    assert 0.2499 < served / PERIOD < 0.2501


def test_a_recalled_holder_is_paid_up_to_the_recall(commune, offices, paid, tenure, start, alice, stranger):
    mine_at(start + PERIOD // 2)
    served = recalled_directly(commune, paid, alice).timestamp - start
    mine_at(start + PERIOD)
    tx = offices.claimStipend(tenure, start, stranger.tx)
    assert tx.events["StipendClaimed"]["units"] == STIPEND * served // PERIOD


@pytest.mark.parametrize("vacated", [False, True])
@pytest.mark.parametrize("how", ["left", "expelled", "dormant"])
def test_who_is_gone_is_paid_up_to_their_going(
    commune, offices, paid, tenure, start, alice, stranger, how, vacated
):
    mine_at(start + PERIOD // 2)
    if how == "left":
        gone = commune.membership.leave(alice.tx)
    elif how == "expelled":
        gone = expel_directly(commune, 1)
    else:
        gone = commune.membership.setDormant(1, acting_as(commune.presence))
    advance(5 * DAY)
    if vacated:
        offices.vacate(paid, 1, stranger.tx)
    mine_at(start + 2 * PERIOD)
    tx = offices.claimStipend(tenure, start, stranger.tx)
    assert tx.events["StipendClaimed"]["units"] == STIPEND * (gone.timestamp - start) // PERIOD
    with reverts(error("OfficesNothingEarned", tenure, start + PERIOD)):
        offices.claimStipend(tenure, start + PERIOD, stranger.tx)


def test_leaving_in_time_and_coming_back_is_paid_if_the_seat_was_vacated(
    commune, offices, paid, tenure, start, alice, stranger
):
    mine_at(start + PERIOD // 2)
    served = commune.membership.leave(alice.tx).timestamp - start
    offices.vacate(paid, 1, stranger.tx)
    admit_directly(commune, alice)
    mine_at(start + PERIOD)
    tx = offices.claimStipend(tenure, start, stranger.tx)
    assert tx.events["StipendClaimed"]["units"] == STIPEND * served // PERIOD


@pytest.mark.parametrize("vacated", [False, True])
def test_where_nobody_can_tell_when_they_went_nothing_is_paid(
    commune, offices, paid, tenure, start, alice, stranger, vacated
):
    """Left, and back before anyone had vacated the seat."""
    mine_at(start + PERIOD // 2)
    commune.membership.leave(alice.tx)
    advance(DAY)
    admit_directly(commune, alice)
    if vacated:
        offices.vacate(paid, 1, stranger.tx)
    mine_at(start + PERIOD)
    with reverts(error("OfficesNothingEarned", tenure, start)):
        offices.claimStipend(tenure, start, stranger.tx)


def test_an_expulsion_after_leaving_pays_no_time_in_between(
    commune, offices, paid, tenure, start, alice, stranger
):
    mine_at(start + PERIOD // 4)
    commune.membership.leave(alice.tx)
    mine_at(start + PERIOD // 2)
    expel_directly(commune, 1)
    mine_at(start + PERIOD)
    with reverts(error("OfficesNothingEarned", tenure, start)):
        offices.claimStipend(tenure, start, stranger.tx)


def test_the_stipend_follows_the_member_to_a_new_account(commune, offices, tenure, start, alice, stranger):
    mine_at(start + PERIOD)
    new = person(11)
    move_directly(commune, 1, new)
    before = new.account.balance()
    offices.claimStipend(tenure, start, stranger.tx)
    assert new.account.balance() == before + STIPEND * UNIT


# ------------------------------------------------------------------ worker's pay


def test_two_offices_pay_no_more_than_a_worker_gets(commune, offices, tenure, start, alice, stranger):
    second = created(commune, stipend=STIPEND)
    other = seated(commune, second, alice)
    mine_at(start + 2 * PERIOD)
    units = [
        offices.claimStipend(t, start + PERIOD, stranger.tx).events["StipendClaimed"]["units"]
        for t in (tenure, other)
    ]
    assert units == [STIPEND, 100_000 - STIPEND]
    assert commune.commons.payLeft(1, start + PERIOD) == 0
    third = created(commune, stipend=1)
    last = seated(commune, third, alice)
    mine_at(start + 4 * PERIOD)
    for t in (tenure, other):
        offices.claimStipend(t, start + 2 * PERIOD, stranger.tx)
    with reverts(error("OfficesNothingEarned", last, start + 2 * PERIOD)):
        offices.claimStipend(last, start + 2 * PERIOD, stranger.tx)


def test_a_commons_that_is_short_leaves_the_claim_open(
    commune, offices, tenure, start, alice, stranger, timelock
):
    mine_at(start + PERIOD)
    commons = commune.commons
    commons.payBeyondBrake(ZERO_ADDRESS, alice.address, commons.balance() - 1, TEXT, timelock)
    with reverts(revert_pattern="Commons(Short|Braked): .*"):
        offices.claimStipend(tenure, start, stranger.tx)
    filled(commune)
    mine_at(start + 2 * PERIOD)
    assert offices.claimStipend(tenure, start, stranger.tx).events["StipendClaimed"]["units"] == STIPEND


def test_another_length_of_periods_pays_no_second_twice(commune, offices, tenure, start, stranger, timelock):
    """Periods of 10 days lie within one of 30 that was paid already."""
    mine_at(start + PERIOD)
    offices.claimStipend(tenure, start, stranger.tx)
    commune.constitution.setParameter(communes.bytes32("commons.period"), 10 * DAY, timelock)
    for period in (start + 10 * DAY, start + 20 * DAY):
        with reverts(error("OfficesNothingEarned", tenure, period)):
            offices.claimStipend(tenure, period, stranger.tx)
    mine_at(start + PERIOD + 10 * DAY)
    tx = offices.claimStipend(tenure, start + PERIOD, stranger.tx)
    assert tx.events["StipendClaimed"]["units"] == STIPEND
