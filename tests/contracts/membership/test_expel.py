"""Expelling: ending a membership against the member's will."""

from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.membership.steps import (
    acting_as,
    admit_directly,
    expel_directly,
    fall_silent,
    to_season,
)
from tests.contracts.people import EXPELLED, LEFT, MEMBER_ACTIVE, NONE, person


def test_assembly_expels_a_member(membership, commune, erin):
    tx = expel_directly(commune, 5)

    assert tx.events["StatusChanged"] == {"memberId": 5, "from": MEMBER_ACTIVE, "to": EXPELLED}
    assert membership.statusOf(5) == EXPELLED
    assert membership.balanceOf(erin.address) == 0
    assert membership.activeCount() == 4
    assert membership.expulsionsIn(1) == 1


def test_nobody_else_expels(membership, commune, alice):
    with reverts(error("AccessManagedUnauthorized", alice)):
        membership.expel(5, alice.tx)
    with reverts(error("AccessManagedUnauthorized", commune.timelock)):
        membership.expel(5, acting_as(commune.timelock))


def test_small_commune_expels_one_member_a_season(membership, commune):
    expel_directly(commune, 5)
    with reverts(error("MembershipExpulsionsExhausted", 1, 1)):
        expel_directly(commune, 4)
    to_season(commune, 2)
    expel_directly(commune, 4)
    assert [membership.expulsionsIn(season) for season in (1, 2)] == [1, 1]


def test_large_commune_expels_one_in_twenty_of_those_at_the_seasons_start(membership, commune):
    admit_directly(commune, *(person(i) for i in range(10, 44)))
    to_season(commune, 2)
    admit_directly(commune, person(44))
    assert membership.activeCount() == 40
    expel_directly(commune, 5)
    with reverts(error("MembershipExpulsionsExhausted", 2, 1)):
        expel_directly(commune, 4)

    admit_directly(commune, person(45))
    to_season(commune, 3)
    assert membership.activeAtSeasonStart() == 40
    expel_directly(commune, 4)
    expel_directly(commune, 3)
    with reverts(error("MembershipExpulsionsExhausted", 3, 2)):
        expel_directly(commune, 2)


def test_leaving_during_the_vote_does_not_shed_the_expulsion(membership, commune, erin):
    membership.leave(erin.tx)
    tx = expel_directly(commune, 5)
    assert tx.events["StatusChanged"] == {"memberId": 5, "from": LEFT, "to": EXPELLED}
    assert membership.activeCount() == 4


def test_dormant_member_is_expelled(membership, commune):
    fall_silent(commune, 5)
    expel_directly(commune, 5)
    assert membership.statusOf(5) == EXPELLED
    assert membership.activeCount() == 4


def test_nobody_is_expelled_twice_or_unknown(commune):
    expel_directly(commune, 5)
    with reverts(error("MembershipWrongStatus", 5, EXPELLED, MEMBER_ACTIVE)):
        expel_directly(commune, 5)
    with reverts(error("MembershipWrongStatus", 99, NONE, MEMBER_ACTIVE)):
        expel_directly(commune, 99)
