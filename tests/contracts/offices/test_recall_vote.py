"""The vote on a recall: by the person rule, at once, and carried out by anyone."""

from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import execute
from tests.contracts.offices.steps import GROUNDS, TERM, appointed, petitioned, vote_of, voted
from tests.contracts.people import AGAINST, DAY, draft, opened, resolution, to_end, vote

# IRecall.PetitionState
VOTING, RECALLED, FAILED, LAPSED = range(2, 6)


def test_enough_signatures_open_a_vote_at_once(commune, recall, held, running, voting):
    proposal = vote_of(voting)
    assert recall.state(running) == VOTING
    assert recall.petitionOf(running)["proposalId"] == proposal
    created_ = voting.events["ProposalCreated"]
    assert created_["proposer"] == recall
    assert (created_["targets"], created_["values"]) == ((commune.offices,), (0,))
    assert created_["calldatas"] == (commune.offices.recall.encode_input(held, 1),)
    assert created_["description"].startswith(
        f"Recall of member 1 from office {held}: text:{GROUNDS.lower()}#nonce="
    )
    terms = commune.assembly.termsOf(proposal)
    assert (terms["kind"], terms["topic"]) == (communes.RECALL, 0)
    assert commune.assembly.proposalDeadline(proposal) == voting.timestamp + 3 * DAY


def test_a_vote_that_passes_is_carried_out_by_anyone(
    commune, offices, recall, held, running, voting, many, stranger
):
    voted(commune, vote_of(voting), many)
    assert recall.state(running) == VOTING
    tx = execute(commune, voting, stranger)
    assert tx.events["TenureEnded"]["until"] == tx.timestamp
    assert recall.state(running) == RECALLED
    assert offices.holdersOf(held) == ()
    assert offices.barredUntil(held, 1) == tx.timestamp + TERM


def test_a_recall_is_one_member_one_vote(commune, held, voting, erin):
    advance(1)
    with reverts(error("AssemblyVotesOutOfRange", 2, 1)):
        commune.assembly.castBallot(vote_of(voting), 1, 2, erin.tx)


def test_the_person_votes_on_their_own_recall(commune, held, voting, alice):
    advance(1)
    vote(commune, vote_of(voting), [alice], AGAINST)


def test_a_failed_vote_bars_a_new_petition_for_sixty_days(commune, recall, held, running, voting, many, erin):
    voted(commune, vote_of(voting), many, AGAINST)
    assert recall.state(running) == FAILED
    until = commune.assembly.proposalDeadline(vote_of(voting)) + 60 * DAY
    assert recall.coolingUntil(held, 1) == until
    with reverts(error("RecallWrongState", running, FAILED)):
        recall.sign(running, erin.tx)
    mine_at(until - 100)
    with reverts(error("RecallCoolingDown", held, 1, until)):
        recall.petition(held, 1, GROUNDS, erin.tx)
    mine_at(until)
    recall.petition(held, 1, GROUNDS, erin.tx)


def test_a_vote_without_quorum_has_failed(recall, commune, held, running, voting, many):
    """Nobody votes."""
    to_end(commune, vote_of(voting))
    assert recall.state(running) == FAILED


def test_a_passed_vote_that_nobody_carries_out_lapses(commune, recall, held, running, voting, many):
    voted(commune, vote_of(voting), many)
    mine_at(commune.assembly.proposalDeadline(vote_of(voting)) + 30 * DAY)
    assert recall.state(running) == VOTING
    mine_at(commune.assembly.proposalDeadline(vote_of(voting)) + 30 * DAY + 1)
    assert (recall.state(running), recall.coolingUntil(held, 1)) == (LAPSED, 0)
    assert not recall.isFrozen(held, 1)


def test_a_term_that_ends_during_the_vote_saves_nobody_from_the_bar(
    commune, offices, recall, held, many, alice, bob, carol, dave, stranger
):
    end = offices.tenure(offices.lastTenureOf(held, 1))["until"]
    mine_at(end - DAY)
    petition = petitioned(commune, held, alice, bob, carol)
    voting = recall.sign(petition, dave.tx)
    voted(commune, vote_of(voting), many)
    assert now() > end
    tx = execute(commune, voting, stranger)
    assert "TenureEnded" not in tx.events
    until = tx.timestamp + TERM
    assert offices.barredUntil(held, 1) == until
    with reverts(error("OfficesBarred", held, 1, until)):
        appointed(commune, held, alice)


def test_resigning_during_the_vote_saves_nobody_from_the_bar(
    commune, offices, recall, held, running, voting, many, alice, stranger
):
    offices.resign(held, alice.tx)
    voted(commune, vote_of(voting), many)
    tx = execute(commune, voting, stranger)
    assert offices.barredUntil(held, 1) == tx.timestamp + TERM


def test_members_open_no_recall_themselves(commune, offices, held, alice, bob):
    """Sponsored or not: the rule is for what modules open."""
    d = draft(bob, (offices, offices.recall.encode_input(held, 1)), text="Recall Alice")
    with reverts(error("DocketModuleOpensThis", communes.RECALL)):
        opened(commune, d, bob, [alice, bob])


def test_ordinary_decisions_go_on_meanwhile(commune, held, running, voting, bob, erin):
    """A vote that a module opened takes nobody's place."""
    opened(commune, resolution(commune, bob), bob, [bob, erin])
