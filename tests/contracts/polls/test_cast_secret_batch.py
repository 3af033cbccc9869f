"""`castSecretBatch`: a bad ballot is skipped and logged, a starved batch is refused whole."""

import pytest
from brownie import reverts
from brownie.exceptions import VirtualMachineError

from tests.contracts.polls.conftest import (
    BALLOT_INVALID,
    NOT_SECRET,
    NOT_VOTING,
    NULLIFIER_OUT_OF_RANGE,
    NULLIFIER_USED,
    PROOF_INVALID,
    R,
    SecretBallot,
    votes,
)


@pytest.fixture(scope="module")
def poll(identities, open_poll):
    return open_poll(options=5, secret=True)


@pytest.fixture(scope="module")
def good(poll, secret_ballot, voters):
    """Three members' ballots."""
    return [secret_ballot(poll, who, votes(2, given)) for given, who in enumerate(voters[:3])]


def send(commune, sender, *ballots, **parameters):
    return commune.polls.castSecretBatch([b.struct for b in ballots], {**sender.tx, **parameters})


def refusals(tx):
    return [(event["nullifier"], event["problem"]) for event in tx.events["SecretBallotRefused"]]


def test_a_relay_sends_many_ballots_at_once(commune, poll, good, stranger):
    tx = send(commune, stranger, *good)
    cast = [(event["pollId"], event["nullifier"], event["ballot"]) for event in tx.events["SecretBallotCast"]]
    assert cast == [(poll, b.nullifier, b.ballot) for b in good]
    assert commune.polls.tally(poll) == (6, 3, 0, 0, 0)
    assert commune.polls.ballotCount(poll) == 3


def test_an_empty_batch_does_nothing(commune, poll, stranger):
    assert len(send(commune, stranger).events) == 0


def test_bad_ballots_are_skipped_and_told_apart(commune, poll, open_poll, good, stranger):
    other = open_poll()
    first, second, third = good
    n, points = second.nullifier, second.points
    tx = send(
        commune,
        stranger,
        first,
        first,
        SecretBallot(poll, n, votes(0, 3), points),
        SecretBallot(poll, n, votes(11), points),
        SecretBallot(poll, n + R, second.ballot, points),
        SecretBallot(other, n, second.ballot, points),
        SecretBallot(99, n, second.ballot, points),
        SecretBallot(0, n, second.ballot, points),
        third,
    )
    assert refusals(tx) == [
        (first.nullifier, NULLIFIER_USED),
        (n, PROOF_INVALID),
        (n, BALLOT_INVALID),
        (n + R, NULLIFIER_OUT_OF_RANGE),
        (n, NOT_SECRET),
        (n, NOT_VOTING),
        (n, NOT_VOTING),
    ]
    assert [event["nullifier"] for event in tx.events["SecretBallotCast"]] == [
        first.nullifier,
        third.nullifier,
    ]
    assert commune.polls.ballotCount(poll) == 2
    assert not commune.polls.nullifierUsed(poll, n)


def test_a_ballot_refused_in_a_batch_can_still_be_cast(commune, poll, good, stranger):
    """Anyone can have a wrong ballot under someone's nullifier refused: it says nothing about theirs."""
    forged = SecretBallot(poll, good[0].nullifier, votes(0, 0, 0, 3), good[0].points)
    assert refusals(send(commune, stranger, forged)) == [(good[0].nullifier, PROOF_INVALID)]
    assert "SecretBallotCast" in send(commune, stranger, good[0]).events


def test_a_batch_for_two_polls_keeps_them_apart(
    commune, poll, open_poll, secret_ballot, good, alice, stranger
):
    other = open_poll(options=5, secret=True, hidden=True)
    sealed = secret_ballot(other, alice, 0x5EA1 << 200)
    send(commune, stranger, good[0], sealed, good[1])
    assert (commune.polls.ballotCount(poll), commune.polls.sealedCount(poll)) == (2, 0)
    assert (commune.polls.ballotCount(other), commune.polls.sealedCount(other)) == (0, 1)


def test_all_is_late_after_the_end(commune, poll, good, stranger, to_end_of_voting):
    to_end_of_voting(poll)
    assert [problem for _, problem in refusals(send(commune, stranger, *good))] == [NOT_VOTING] * 3


@pytest.mark.skip_coverage
def test_a_starved_batch_is_refused_whole(commune, poll, good, stranger):
    """Gas for one check and not for two: the second ballot is not called invalid, nothing happens at all."""
    for limit in (350_000, 450_000, 520_000):
        with reverts(revert_pattern="PollsGasStarved: .*"):
            send(commune, stranger, *good, gas_limit=limit)
    assert commune.polls.ballotCount(poll) == 0
    send(commune, stranger, *good, gas_limit=1_000_000)
    assert commune.polls.ballotCount(poll) == 3


@pytest.mark.skip_coverage
def test_no_amount_of_gas_makes_a_relay_lose_a_good_ballot(commune, poll, good, stranger):
    """Whatever limit a sender picks, all are taken or none."""
    for limit in range(250_000, 900_001, 50_000):
        try:
            send(commune, stranger, *good, gas_limit=limit)
        except VirtualMachineError:
            assert commune.polls.ballotCount(poll) == 0
        else:
            break
    assert commune.polls.ballotCount(poll) == 3
