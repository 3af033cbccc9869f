"""`resign`: nobody is kept in an office."""

from brownie import reverts

from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, move_directly
from tests.contracts.offices.steps import RESIGNED, TERM, appointed, created, recalled_directly, seated
from tests.contracts.people import DAY, person


def test_a_holder_gives_up_the_seat(commune, offices, held, alice, bob):
    advance(DAY)
    tx = offices.resign(held, alice.tx)
    tenure = offices.lastTenureOf(held, 1)
    assert tx.events["TenureEnded"] == {
        "tenureId": tenure,
        "officeId": held,
        "memberId": 1,
        "until": tx.timestamp,
        "ending": RESIGNED,
    }
    assert offices.tenure(tenure)["until"] == tx.timestamp
    assert offices.vacantAt(held, tx.timestamp) == 1
    seated(commune, held, bob)
    assert offices.holdersOf(held) == (2,)


def test_the_seat_that_was_to_follow_goes_too(commune, offices, held, alice):
    first = offices.lastTenureOf(held, 1)
    end = offices.tenure(first)["until"]
    mine_at(end - TERM // 2)
    second = appointed(commune, held, alice, end).events["TenureGiven"]["tenureId"]
    ended = offices.resign(held, alice.tx).events["TenureEnded"]
    assert [e["tenureId"] for e in ended] == [second, first]
    assert ended[0]["until"] == end
    assert offices.vacantAt(held, end) == 1


def test_who_is_yet_to_begin_declines(commune, offices, clerk, bob):
    office = created(commune)
    appointed(commune, office, bob)
    offices.resign(office, bob.tx)
    assert (offices.lastTenureOf(office, 2), offices.vacantAt(office, 2**40)) == (0, 1)


def test_a_dormant_holder_resigns(commune, offices, held, alice):
    commune.membership.setDormant(1, acting_as(commune.presence))
    offices.resign(held, alice.tx)
    assert offices.vacantAt(held, 2**40) == 1


def test_who_holds_nothing_resigns_nothing(commune, offices, held, alice, bob, stranger):
    for who in (bob, stranger):
        with reverts(error("OfficesNotHolder", held, who)):
            offices.resign(held, who.tx)
    offices.resign(held, alice.tx)
    with reverts(error("OfficesNotHolder", held, alice)):
        offices.resign(held, alice.tx)


def test_an_account_that_was_recovered_resigns_nothing(commune, offices, held, alice):
    move_directly(commune, 1, person(11))
    with reverts(error("OfficesNotHolder", held, alice)):
        offices.resign(held, alice.tx)
    offices.resign(held, person(11).tx)


def test_a_term_that_is_over_is_not_given_up(commune, offices, held, alice):
    mine_at(offices.tenure(offices.lastTenureOf(held, 1))["until"] + DAY)
    with reverts(error("OfficesNotHolder", held, alice)):
        offices.resign(held, alice.tx)


def test_resigning_sheds_no_bar(commune, offices, held, alice):
    offices.resign(held, alice.tx)
    until = recalled_directly(commune, held, alice).events["Barred"]["until"]
    assert offices.barredUntil(held, 1) == until
