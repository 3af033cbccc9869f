"""What a vote needs to pass: approval, quorum by heads, For heads; and what freezes with the proposal."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import mine_at, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import (
    ABSTAIN,
    AGAINST,
    DAY,
    DEFEATED,
    FOOD,
    FOR,
    SUCCEEDED,
    opened,
    parameter_change,
    resolution,
    to_end,
    to_voting,
)


@pytest.fixture(scope="module")
def constitutional(commune, bob, carol):
    """Bob's constitutional proposal, in voting."""
    d = parameter_change(commune, bob, "assembly.sponsors", 3)
    proposal = opened(commune, d, bob, [bob, carol])
    to_voting(commune, proposal)
    return proposal


@pytest.fixture(scope="module")
def ordinary(commune, constitutional, alice, bob):
    """Alice's ordinary proposal, in voting."""
    proposal = opened(commune, resolution(commune, alice), alice, [alice, bob])
    to_voting(commune, proposal)
    return proposal


@pytest.fixture
def outcome(commune, founders):
    """Has the founders, in order, cast ballots (choice, votes), and returns what came of it."""

    def decide(proposal, *ballots):
        for founder, (support, votes) in zip(founders, ballots, strict=False):
            commune.assembly.castBallot(proposal, support, votes, founder.tx)
        to_end(commune, proposal)
        return commune.assembly.state(proposal)

    return decide


# ------------------------------------------------------------------ approval


@pytest.mark.parametrize(
    ("fors", "againsts", "state"),
    [
        (2, 1, SUCCEEDED),
        (3, 1, SUCCEEDED),
        (3, 2, DEFEATED),
        (4, 1, SUCCEEDED),
        (2, 2, DEFEATED),
        (0, 3, DEFEATED),
    ],
)
def test_a_constitutional_vote_takes_two_thirds_exactly(outcome, constitutional, fors, againsts, state):
    assert outcome(constitutional, *[(FOR, 1)] * fors, *[(AGAINST, 1)] * againsts) == state


def test_abstentions_count_for_the_quorum_and_not_for_approval(outcome, constitutional):
    assert outcome(constitutional, (FOR, 1), (ABSTAIN, 1), (ABSTAIN, 1)) == SUCCEEDED


def test_abstentions_alone_decide_nothing(outcome, constitutional):
    assert outcome(constitutional, (ABSTAIN, 1), (ABSTAIN, 1), (ABSTAIN, 1)) == DEFEATED


def test_a_tie_is_no_majority(outcome, ordinary):
    assert outcome(ordinary, (FOR, 1), (FOR, 3), (AGAINST, 4)) == DEFEATED


def test_votes_weigh_more_than_heads_in_an_ordinary_decision(outcome, ordinary):
    assert outcome(ordinary, (AGAINST, 1), (AGAINST, 1), (AGAINST, 1), (FOR, 2), (FOR, 2)) == SUCCEEDED


# ------------------------------------------------------------------ quorum and For heads


@pytest.mark.parametrize("rule", ["ordinary", "constitutional"])
def test_two_heads_of_five_are_no_quorum(outcome, request, rule):
    assert outcome(request.getfixturevalue(rule), (FOR, 1), (FOR, 1)) == DEFEATED


@pytest.mark.parametrize("rule", ["ordinary", "constitutional"])
def test_three_heads_of_five_are_a_quorum(outcome, request, rule):
    assert outcome(request.getfixturevalue(rule), (FOR, 1), (FOR, 1), (FOR, 1)) == SUCCEEDED


def test_one_member_with_many_votes_carries_no_ordinary_decision(outcome, ordinary):
    """For heads must be half the quorum: 2 of 3."""
    assert outcome(ordinary, (FOR, 10), (ABSTAIN, 1), (ABSTAIN, 1), (ABSTAIN, 1)) == DEFEATED


def test_two_members_in_favour_carry_it(outcome, ordinary):
    assert outcome(ordinary, (FOR, 1), (FOR, 1), (ABSTAIN, 1)) == SUCCEEDED


# ------------------------------------------------------------------ late quorum


def test_a_late_quorum_moves_the_end_once(commune, assembly, ordinary, founders):
    alice, bob, carol, dave, erin = founders
    deadline = assembly.proposalDeadline(ordinary)
    assembly.castBallot(ordinary, FOR, 1, alice.tx)
    mine_at(deadline - 3600)
    assembly.castBallot(ordinary, FOR, 1, bob.tx)
    assert assembly.proposalDeadline(ordinary) == deadline
    tx = assembly.castBallot(ordinary, FOR, 1, carol.tx)
    extended = tx.timestamp + DAY
    assert tx.events["ProposalExtended"] == {"proposalId": ordinary, "extendedDeadline": extended}
    assert assembly.proposalDeadline(ordinary) == extended == assembly.tallyOf(ordinary)["extendedDeadline"]
    mine_at(extended - 60)
    for voter in (dave, erin):
        tx = assembly.castBallot(ordinary, AGAINST, 1, voter.tx)
        assert "ProposalExtended" not in tx.events
    assert assembly.proposalDeadline(ordinary) == extended
    mine_at(extended + DAY + 1)
    assert assembly.state(ordinary) == SUCCEEDED


def test_an_early_quorum_moves_nothing(assembly, ordinary, founders):
    deadline = assembly.proposalDeadline(ordinary)
    for voter in founders:
        tx = assembly.castBallot(ordinary, FOR, 1, voter.tx)
        assert "ProposalExtended" not in tx.events
    assert assembly.proposalDeadline(ordinary) == deadline


# ------------------------------------------------------------------ frozen


def test_a_lower_quorum_does_not_revive_a_dead_proposal(commune, assembly, outcome, ordinary):
    assert outcome(ordinary, (FOR, 1), (FOR, 1)) == DEFEATED
    for name, value in (("assembly.quorumFloor", 2), ("ordinary.quorumBps", 500)):
        commune.constitution.setParameter(communes.bytes32(name), value, acting_as(commune.timelock))
    assert assembly.quorum(now() - 1) == 2
    assert assembly.state(ordinary) == DEFEATED


def test_a_higher_quorum_does_not_kill_a_proposal_under_way(commune, assembly, outcome, ordinary):
    commune.constitution.setParameter(
        communes.bytes32("assembly.quorumFloor"), 5, acting_as(commune.timelock)
    )
    assert outcome(ordinary, (FOR, 1), (FOR, 1), (FOR, 1)) == SUCCEEDED


def test_members_who_join_or_leave_do_not_move_the_quorum(commune, assembly, outcome, ordinary, erin):
    commune.membership.leave(erin.tx)
    assert assembly.termsOf(ordinary)["quorum"] == 3
    assert outcome(ordinary, (FOR, 1), (FOR, 1)) == DEFEATED


def test_a_rule_changed_during_a_vote_holds_for_later_ones(commune, assembly, ordinary, alice, bob, carol):
    law = commune.constitution
    law.setRule(law, law.adopt.signature, communes.CONSTITUTIONAL, acting_as(commune.timelock))
    assert (
        assembly.castBallot(ordinary, FOR, 5, alice.tx).events["BallotRecorded"]["kind"] == communes.ORDINARY
    )
    later = opened(commune, resolution(commune, carol), carol, [alice, bob])
    assert assembly.termsOf(ordinary)["kind"] == communes.ORDINARY
    assert assembly.termsOf(later)["kind"] == communes.CONSTITUTIONAL


def test_a_vote_is_paid_from_the_season_it_opened_in(commune, assembly, alice, bob, carol):
    start, length = commune.constitution.seasonBounds(1)
    mine_at(start + length - DAY)
    proposal = opened(commune, resolution(commune, carol), carol, [alice, bob])
    to_voting(commune, proposal)
    assert commune.constitution.currentSeason() == 2
    assembly.castBallot(proposal, FOR, 5, alice.tx)
    assert [commune.credits.spentBy(1, season) for season in (1, 2)] == [24, 0]
    with reverts(error("VoiceCreditsExceeded", 2, 1, 120, 100)):
        assembly.castBallot(proposal, FOR, 11, bob.tx)


def test_a_proposal_keeps_the_topic_its_sponsors_named(commune, assembly, carol, alice, bob):
    proposal = opened(commune, resolution(commune, carol), carol, [alice, bob], FOOD)
    commune.constitution.addTopic("care", acting_as(commune.timelock))
    assert assembly.termsOf(proposal)["topic"] == FOOD
