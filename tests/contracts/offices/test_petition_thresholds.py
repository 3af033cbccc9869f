"""How many signatures open a recall's vote, and how many recall at once."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import admit_directly
from tests.contracts.offices.steps import GROUNDS, adopt, petitioned, seated
from tests.contracts.people import person

# IRecall.PetitionState
RECALLED = 3


@pytest.mark.parametrize(
    ("members", "needed", "immediate"), [(5, 3, 3), (6, 3, 4), (30, 3, 16), (31, 4, 16), (41, 5, 21)]
)
def test_it_takes_a_tenth_and_at_least_three_but_no_more_than_a_majority(
    commune, recall, held, bob, members, needed, immediate
):
    admit_directly(commune, *(person(number) for number in range(6, members + 1)))
    advance(1)
    petition = recall.petition(held, 1, GROUNDS, bob.tx).events["PetitionOpened"]["petition"]
    assert (petition["needed"], petition["immediate"]) == (needed, immediate)


def test_two_of_three_are_a_majority(commune, recall, held, bob, carol, dave, erin):
    for who in (dave, erin):
        commune.membership.leave(who.tx)
    advance(1)
    petition = petitioned(commune, held, person(1), bob)
    assert recall.petitionOf(petition)["needed"] == recall.petitionOf(petition)["immediate"] == 2
    recall.sign(petition, carol.tx)
    assert recall.state(petition) == RECALLED


def test_more_than_half_recall_at_once(commune, offices, recall, held, alice, bob, carol, dave):
    """Three of five: as many as open a vote are a majority already."""
    petition = petitioned(commune, held, alice, bob, carol)
    tx = recall.sign(petition, dave.tx)
    assert tx.events["RecalledByPetition"]["petitionId"] == petition
    assert "RecallVoteOpened" not in tx.events
    assert tx.events["TenureEnded"]["until"] == tx.timestamp
    assert (recall.state(petition), recall.petitionOf(petition)["recalled"]) == (RECALLED, True)
    assert recall.recalledByPetition(held, 1)
    with reverts(error("OfficesNotHolder", held, alice)):
        offices.exercise(held, commune.constitution, adopt(commune), alice.tx)


def test_a_recalled_holder_who_holds_again_can_be_recalled_again(
    commune, offices, recall, held, alice, bob, carol, dave
):
    petitioned(commune, held, alice, bob, carol, dave)
    mine_at(offices.barredUntil(held, 1))
    seated(commune, held, alice)
    petitioned(commune, held, alice, bob, carol, dave)
    assert offices.holdersOf(held) == ()
