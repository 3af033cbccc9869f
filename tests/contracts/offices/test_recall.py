"""`Offices.recall`: it ends all powers in that transaction and bars from the office for a term."""

from brownie import reverts

from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as
from tests.contracts.offices.steps import (
    RECALLED,
    TERM,
    appointed,
    created,
    petitioned,
    recalled_directly,
    seated,
)
from tests.contracts.people import DAY


def test_a_recalled_holder_is_out_and_barred_for_a_term(commune, offices, held, alice):
    tx = recalled_directly(commune, held, alice)
    assert tx.events["Barred"] == {"officeId": held, "memberId": 1, "until": tx.timestamp + TERM}
    assert tx.events["TenureEnded"]["until"] == tx.timestamp
    assert tx.events["TenureEnded"]["ending"] == RECALLED
    assert offices.barredUntil(held, 1) == tx.timestamp + TERM
    assert (offices.holdersOf(held), offices.vacantAt(held, tx.timestamp)) == ((), 1)


def test_the_next_term_is_undone_too(commune, offices, held, alice):
    first = offices.lastTenureOf(held, 1)
    end = offices.tenure(first)["until"]
    mine_at(end - TERM // 2)
    second = appointed(commune, held, alice, end).events["TenureGiven"]["tenureId"]
    tx = recalled_directly(commune, held, alice)
    assert {e["tenureId"]: e["until"] for e in tx.events["TenureEnded"]} == {first: tx.timestamp, second: end}
    assert offices.tenure(second)["from"] == offices.tenure(second)["until"]
    assert offices.vacantAt(held, end) == 1


def test_other_holders_and_other_offices_are_not_touched(commune, offices, alice, bob):
    two, other = created(commune, seats=2), created(commune)
    for office, who in ((two, alice), (two, bob), (other, alice)):
        appointed(commune, office, who)
    mine_at(offices.tenure(offices.lastTenureOf(other, 1))["from"])
    recalled_directly(commune, two, alice)
    assert offices.holdersOf(two) == (2,)
    assert offices.isHolder(other, 1)
    assert offices.barredUntil(other, 1) == 0


def test_who_resigned_or_whose_term_ended_is_barred_all_the_same(commune, offices, held, alice, bob):
    offices.resign(held, alice.tx)
    recalled_directly(commune, held, alice)
    seated(commune, held, bob)
    mine_at(offices.tenure(offices.lastTenureOf(held, 2))["until"] + DAY)
    tx = recalled_directly(commune, held, bob)
    assert "TenureEnded" not in tx.events
    assert offices.barredUntil(held, 2) == tx.timestamp + TERM


def test_nobody_is_recalled_from_an_office_there_is_not(commune, offices, held, alice):
    with reverts(error("OfficesUnknown", 9)):
        recalled_directly(commune, 9, alice)


def test_a_vote_does_nothing_where_a_petition_has_recalled(commune, offices, held, alice, bob, carol, dave):
    """Three of five sign: more than half."""
    petitioned(commune, held, alice, bob, carol, dave)
    until = offices.barredUntil(held, 1)
    mine_at(until + DAY)
    again = seated(commune, held, alice)
    tx = offices.recall(held, 1, acting_as(commune.assembly))
    assert ("Barred" in tx.events, "TenureEnded" in tx.events) == (False, False)
    assert offices.isHolder(held, 1)
    assert offices.barredUntil(held, 1) == until
    assert offices.lastTenureOf(held, 1) == again
