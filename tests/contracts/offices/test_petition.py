"""`petition`: members call for a recall, one petition on a holder at a time."""

from brownie import reverts

from tests.contracts.clock import mine_at, now
from tests.contracts.errors import error
from tests.contracts.offices.steps import GROUNDS, NOTHING, appointed, created
from tests.contracts.people import DAY

# IRecall.PetitionState
OPEN, LAPSED = 1, 5


def test_a_petition_freezes_who_may_sign_and_how_many_it_takes(recall, held, many, bob):
    tx = recall.petition(held, 1, GROUNDS, bob.tx)
    petition = tx.events["PetitionOpened"]["petitionId"]
    expiry = tx.timestamp + 30 * DAY
    frozen = (held, 1, GROUNDS, tx.timestamp - 1, expiry, 3, 8)
    assert tx.events["PetitionOpened"]["petition"][:7] == frozen
    assert tx.events["PetitionOpened"]["petitioner"] == 2
    assert tx.events["PetitionSigned"] == {"petitionId": petition, "memberId": 2, "signatures": 1}
    assert recall.petitionOf(petition) == (*frozen, 1, 0, False)
    assert (recall.state(petition), recall.hasSigned(petition, 2)) == (OPEN, True)
    assert recall.petitionCount() == petition


def test_a_petition_needs_grounds(recall, held, bob):
    with reverts(error("RecallEmptyGrounds")):
        recall.petition(held, 1, NOTHING, bob.tx)


def test_only_who_holds_or_will_hold_can_be_petitioned_against(commune, offices, recall, held, alice, bob):
    for office, member in ((held, 2), (held, 99), (9, 1)):
        with reverts(error("RecallNotHolder", office, member)):
            recall.petition(office, member, GROUNDS, bob.tx)
    later = created(commune)
    appointed(commune, later, bob, now() + 10 * DAY)
    recall.petition(later, 2, GROUNDS, alice.tx)
    offices.resign(held, alice.tx)
    with reverts(error("RecallNotHolder", held, 1)):
        recall.petition(held, 1, GROUNDS, bob.tx)


def test_a_term_that_is_over_cannot_be_petitioned_against(offices, recall, held, bob):
    mine_at(offices.tenure(offices.lastTenureOf(held, 1))["until"])
    with reverts(error("RecallNotHolder", held, 1)):
        recall.petition(held, 1, GROUNDS, bob.tx)


def test_strangers_and_newcomers_neither_petition_nor_sign(commune, recall, held, running, many, stranger):
    newcomer = many[0]
    until = commune.membership.probationUntil(6)
    for act in (lambda tx: recall.petition(held, 1, GROUNDS, tx), lambda tx: recall.sign(running, tx)):
        with reverts(error("MembershipNotMember", stranger)):
            act(stranger.tx)
        with reverts(error("MembershipOnProbation", 6, until)):
            act(newcomer.tx)


def test_two_petitions_on_one_holder_do_not_run_at_once(recall, held, running, voting, dave, erin):
    with reverts(error("RecallRunning", held, 1, running)):
        recall.petition(held, 1, GROUNDS, erin.tx)


def test_a_second_petition_has_to_wait_for_the_first_to_lapse(recall, held, running, erin):
    with reverts(error("RecallRunning", held, 1, running)):
        recall.petition(held, 1, GROUNDS, erin.tx)
    mine_at(recall.petitionOf(running)["expiry"])
    assert recall.state(running) == OPEN
    mine_at(recall.petitionOf(running)["expiry"] + 1)
    assert recall.state(running) == LAPSED
    assert recall.coolingUntil(held, 1) == 0
    recall.petition(held, 1, GROUNDS, erin.tx)


def test_petitions_on_others_run_beside_it(commune, recall, held, running, alice, erin):
    other = created(commune, seats=2)
    for who in (alice, erin):
        appointed(commune, other, who)
    for member in (1, 5):
        recall.petition(other, member, GROUNDS, erin.tx)
