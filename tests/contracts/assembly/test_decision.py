"""The main path of a decision, from a sponsored draft to its execution."""

from scripts.commune import text_hash
from tests.contracts.people import (
    EXECUTED,
    FOOD,
    FOR,
    GENERAL,
    PENDING,
    carried_out,
    draft,
    member_id,
    opened,
    parameter_change,
    resolution,
    to_voting,
)


def test_ordinary_decision_is_carried_out_by_the_timelock(commune, alice, bob, carol):
    d = resolution(commune, alice, "We buy a van")
    tx = carried_out(commune, d, alice, [alice, bob], [alice, bob, carol])
    assert tx.events["ResolutionAdopted"]["textHash"].hex() == text_hash("We buy a van").removeprefix("0x")
    assert commune.assembly.state(d.id(commune)) == EXECUTED


def test_award_by_decision_changes_reputation(commune, alice, bob, carol):
    who = member_id(commune, carol)
    data = commune.reputation.award.encode_input(who, FOOD, 50_000_000, 0, b"\1" * 32, 0)
    carried_out(commune, draft(alice, (commune.reputation, data)), alice, [alice, bob], [alice, bob, carol])
    assert 49_900_000 < commune.reputation.score(who, FOOD) <= 50_000_000


def test_constitutional_decision_changes_a_parameter(commune, alice, bob, carol, dave):
    d = parameter_change(commune, alice, "assembly.sponsors", 3)
    carried_out(commune, d, alice, [alice, bob], [alice, bob, carol, dave])
    assert commune.constitution.parameter(b"assembly.sponsors".ljust(32, b"\0"))[0] == 3


def test_n_votes_cost_the_square_less_the_decisions_own_credit(commune, alice, bob):
    proposal = opened(commune, resolution(commune, alice), alice, [alice, bob], GENERAL)
    assert commune.assembly.state(proposal) == PENDING
    to_voting(commune, proposal)
    tx = commune.assembly.castBallot(proposal, FOR, 5, alice.tx)
    assert tx.events["BallotRecorded"]["cost"] == 24
    assert commune.credits.spentBy(member_id(commune, alice), 1) == 24
    tx = commune.assembly.castBallot(proposal, FOR, 1, bob.tx)
    assert tx.events["BallotRecorded"]["cost"] == 0
    assert "CreditsSpent" not in tx.events
