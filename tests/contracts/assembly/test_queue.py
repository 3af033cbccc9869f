"""`queue`: a passed decision waits in the timelock for as long as its rule says."""

from brownie import reverts

from tests.contracts.clock import mine_at
from tests.contracts.errors import wrong_state
from tests.contracts.people import (
    ACTIVE,
    DAY,
    DEFEATED,
    QUEUED,
    SUCCEEDED,
    opened,
    passed,
    resolution,
    to_end,
    to_voting,
    vote,
)


def test_anyone_queues_a_passed_decision_for_the_time_its_rule_froze(
    commune, assembly, alice, bob, carol, stranger
):
    d = resolution(commune, alice)
    proposal = passed(commune, d, alice, [alice, bob], [alice, bob, carol])
    tx = assembly.queue(*d.arguments, d.description_hash, stranger.tx)
    assert tx.events["ProposalQueued"] == {"proposalId": proposal, "etaSeconds": tx.timestamp + DAY}
    assert assembly.state(proposal) == QUEUED
    with reverts(wrong_state(proposal, QUEUED, SUCCEEDED)):
        assembly.queue(*d.arguments, d.description_hash, stranger.tx)


def test_a_vote_is_queued_only_after_its_end(commune, assembly, alice, bob, carol):
    d = resolution(commune, alice)
    proposal = opened(commune, d, alice, [alice, bob])
    to_voting(commune, proposal)
    vote(commune, proposal, [alice, bob, carol])
    mine_at(assembly.proposalDeadline(proposal) - 5)
    with reverts(wrong_state(proposal, ACTIVE, SUCCEEDED)):
        assembly.queue(*d.arguments, d.description_hash, alice.tx)


def test_a_defeated_proposal_is_not_queued(commune, assembly, alice, bob):
    d = resolution(commune, alice)
    proposal = opened(commune, d, alice, [alice, bob])
    to_end(commune, proposal)
    with reverts(wrong_state(proposal, DEFEATED, SUCCEEDED)):
        assembly.queue(*d.arguments, d.description_hash, alice.tx)
