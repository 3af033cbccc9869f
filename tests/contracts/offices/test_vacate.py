"""`vacate`: anyone frees the seat of someone who is gone."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, admit_directly, expel_directly
from tests.contracts.offices.steps import SOON, TERM, VACATED, appointed, created, seated
from tests.contracts.people import DAY


@pytest.fixture(params=["left", "expelled", "dormant"])
def gone(request, commune, held, alice):
    """Alice is gone, one way or another; returns the transaction."""
    if request.param == "left":
        return commune.membership.leave(alice.tx)
    if request.param == "expelled":
        return expel_directly(commune, 1)
    return commune.membership.setDormant(1, acting_as(commune.presence))


def test_the_seat_of_someone_who_is_gone_falls_vacant(commune, offices, held, gone, bob, stranger):
    """Until then it is no seat to be filled; its tenure ends when they went."""
    tenure = offices.lastTenureOf(held, 1)
    advance(DAY)
    assert offices.vacantAt(held, gone.timestamp + DAY) == 0
    tx = offices.vacate(held, 1, stranger.tx)
    assert tx.events["TenureEnded"] == {
        "tenureId": tenure,
        "officeId": held,
        "memberId": 1,
        "until": gone.timestamp,
        "ending": VACATED,
    }
    seated(commune, held, bob)
    assert offices.holdersOf(held) == (2,)


def test_what_was_to_follow_is_undone(commune, offices, held, alice, stranger):
    end = offices.tenure(offices.lastTenureOf(held, 1))["until"]
    mine_at(end - TERM // 2)
    appointed(commune, held, alice, end)
    commune.membership.leave(alice.tx)
    offices.vacate(held, 1, stranger.tx)
    assert offices.vacantAt(held, end) == 1


def test_who_was_gone_before_it_began_never_held_it(commune, offices, alice, stranger):
    office = created(commune)
    start = appointed(commune, office, alice).events["TenureGiven"]["from"]
    commune.membership.leave(alice.tx)
    mine_at(start + DAY)
    offices.vacate(office, 1, stranger.tx)
    assert offices.lastTenureOf(office, 1) == 0


def test_the_seat_of_someone_who_is_there_stays_theirs(commune, offices, held, alice, stranger):
    with reverts(error("OfficesStillHeld", held, 1)):
        offices.vacate(held, 1, stranger.tx)


def test_a_seat_nobody_holds_is_not_vacated(commune, offices, held, gone, stranger):
    with reverts(error("OfficesStillHeld", held, 2)):
        offices.vacate(held, 2, stranger.tx)
    offices.vacate(held, 1, stranger.tx)
    with reverts(error("OfficesStillHeld", held, 1)):
        offices.vacate(held, 1, stranger.tx)


def test_whoever_comes_back_has_no_seat_to_come_back_to(commune, offices, held, alice, bob, stranger):
    """Nobody vacated it meanwhile; now anyone does, and before that they get no other one."""
    commune.membership.leave(alice.tx)
    advance(DAY)
    admit_directly(commune, alice)
    end = offices.tenure(offices.lastTenureOf(held, 1))["until"]
    assert not offices.mayHold(held, 1, end)
    mine_at(end - TERM // 2)
    with reverts(error("OfficesHolds", held, 1)):
        appointed(commune, held, alice, end)
    tx = offices.vacate(held, 1, stranger.tx)
    assert tx.events["TenureEnded"]["until"] == tx.timestamp
    seated(commune, held, alice)
    assert offices.isHolder(held, 1)


def test_who_woke_again_keeps_the_seat(commune, offices, held, stranger):
    commune.membership.setDormant(1, acting_as(commune.presence))
    advance(SOON)
    commune.membership.wake(1, acting_as(commune.presence))
    with reverts(error("OfficesStillHeld", held, 1)):
        offices.vacate(held, 1, stranger.tx)
    assert offices.isHolder(held, 1)
