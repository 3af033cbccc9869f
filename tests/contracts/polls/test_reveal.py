"""`reveal`: sealed ballots are opened after voting, once, as they were sealed."""

import pytest
from brownie import reverts

from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.polls.conftest import CLOSED, FOLLOWING, REVEALING, VOTING, votes

SALT = b"\x5a" * 32
OTHER = b"\xa5" * 32


@pytest.fixture(scope="module")
def poll(identities, open_poll):
    return open_poll(options=5, secret=True, hidden=True)


@pytest.fixture(scope="module")
def nullifier_of(poll, secret_ballot):
    """A member's nullifier in this poll: it depends on no ballot."""
    return lambda who: secret_ballot(poll, who, 2).nullifier


@pytest.fixture(scope="module")
def seal(commune, poll, secret_ballot, nullifier_of, stranger):
    """Casts someone's ballot under a seal; returns their nullifier."""

    def cast(who, ballot, salt=SALT):
        nullifier = nullifier_of(who)
        sealed = commune.polls.sealOf(poll, nullifier, ballot, salt)
        commune.polls.castSecret(secret_ballot(poll, who, sealed).struct, stranger.tx)
        return nullifier

    return cast


def test_a_sealed_ballot_counts_once_it_is_revealed(
    commune, poll, seal, alice, bob, stranger, to_end_of_voting
):
    first, second = seal(alice, votes(3, 1)), seal(bob, votes(0, 2))
    to_end_of_voting(poll)
    tx = commune.polls.reveal(poll, first, votes(3, 1), SALT, stranger.tx)
    assert tx.events["SecretBallotRevealed"] == {"pollId": poll, "nullifier": first, "ballot": votes(3, 1)}
    assert (commune.polls.ballotCount(poll), commune.polls.sealedCount(poll)) == (1, 2)
    assert commune.polls.tally(poll) == (3, 1, 0, 0, 0)
    commune.polls.reveal(poll, second, votes(0, 2), SALT, stranger.tx)
    assert commune.polls.tally(poll) == (3, 3, 0, 0, 0)


def test_a_blank_ballot_is_revealed_like_any_other(commune, poll, seal, alice, stranger, to_end_of_voting):
    nullifier = seal(alice, 0)
    to_end_of_voting(poll)
    commune.polls.reveal(poll, nullifier, 0, SALT, stranger.tx)
    assert commune.polls.ballotCount(poll) == 1


def test_what_is_never_revealed_never_counts(commune, poll, seal, alice, bob, stranger, to_end_of_voting):
    nullifier = seal(alice, votes(3))
    seal(bob, votes(0, 3))
    to_end_of_voting(poll)
    commune.polls.reveal(poll, nullifier, votes(3), SALT, stranger.tx)
    mine_at(commune.polls.poll(poll)["revealEnd"] + 1)
    assert commune.polls.tally(poll) == (3, 0, 0, 0, 0)
    assert (commune.polls.ballotCount(poll), commune.polls.sealedCount(poll)) == (1, 2)


def test_no_result_shows_before_the_end(commune, poll, seal, alice, stranger):
    nullifier = seal(alice, votes(3))
    with reverts(error("PollsNotRevealing", poll, VOTING)):
        commune.polls.reveal(poll, nullifier, votes(3), SALT, stranger.tx)
    assert commune.polls.tally(poll) == (0, 0, 0, 0, 0)


def test_revealing_ends(commune, poll, seal, alice, stranger):
    nullifier = seal(alice, votes(3))
    mine_at(commune.polls.poll(poll)["revealEnd"] + 1)
    with reverts(error("PollsNotRevealing", poll, CLOSED)):
        commune.polls.reveal(poll, nullifier, votes(3), SALT, stranger.tx)


def test_a_ballot_is_revealed_once(commune, poll, seal, alice, stranger, to_end_of_voting):
    nullifier = seal(alice, votes(3))
    to_end_of_voting(poll)
    commune.polls.reveal(poll, nullifier, votes(3), SALT, stranger.tx)
    with reverts(error("PollsAlreadyRevealed", poll, nullifier)):
        commune.polls.reveal(poll, nullifier, votes(3), SALT, stranger.tx)
    assert commune.polls.tally(poll) == (3, 0, 0, 0, 0)


def test_only_what_was_sealed_opens(
    commune, poll, seal, nullifier_of, alice, bob, carol, stranger, to_end_of_voting
):
    nullifier, others = seal(alice, votes(3)), seal(bob, votes(0, 3))
    to_end_of_voting(poll)
    for whose, ballot, salt in (
        (nullifier, votes(4), SALT),
        (nullifier, votes(3), OTHER),
        (others, votes(3), SALT),
        (nullifier_of(carol), votes(3), SALT),
        (0, 0, b"\0" * 32),
    ):
        with reverts(error("PollsWrongOpening", poll, whose)):
            commune.polls.reveal(poll, whose, ballot, salt, stranger.tx)
    assert commune.polls.ballotCount(poll) == 0


def test_a_copied_seal_opens_for_nobody_else(
    commune, poll, seal, secret_ballot, nullifier_of, alice, bob, stranger, to_end_of_voting
):
    """A seal binds its voter's nullifier: who copies it cannot repeat the ballot once it is revealed."""
    nullifier = seal(alice, votes(3))
    copied = commune.polls.sealOf(poll, nullifier, votes(3), SALT)
    commune.polls.castSecret(secret_ballot(poll, bob, copied).struct, stranger.tx)
    to_end_of_voting(poll)
    commune.polls.reveal(poll, nullifier, votes(3), SALT, stranger.tx)
    with reverts(error("PollsWrongOpening", poll, nullifier_of(bob))):
        commune.polls.reveal(poll, nullifier_of(bob), votes(3), SALT, stranger.tx)


@pytest.mark.parametrize("ballot", [votes(0, 0, 0, 0, 0, 1), 1 << 240, 2**256 - 1])
def test_a_ballot_for_no_option_stays_out_of_the_tally(
    commune, poll, seal, alice, stranger, to_end_of_voting, ballot
):
    nullifier = seal(alice, ballot)
    to_end_of_voting(poll)
    with reverts(error("PollsBadBallot", poll, ballot)):
        commune.polls.reveal(poll, nullifier, ballot, SALT, stranger.tx)


def test_a_seal_hides_no_ballot_over_budget(commune, poll, seal, alice, bob, stranger, to_end_of_voting):
    over, all_of_it = seal(alice, votes(10, 1)), seal(bob, votes(10))
    to_end_of_voting(poll)
    with reverts(error("PollsOverBudget", poll, 101, 100)):
        commune.polls.reveal(poll, over, votes(10, 1), SALT, stranger.tx)
    commune.polls.reveal(poll, all_of_it, votes(10), SALT, stranger.tx)
    assert commune.polls.tally(poll) == (10, 0, 0, 0, 0)


def test_there_is_nothing_to_reveal_elsewhere(commune, poll, open_poll, stranger, to_end_of_voting):
    by_name, live = open_poll(), open_poll(options=5, secret=True)
    to_end_of_voting(live)
    assert commune.polls.state(poll) == REVEALING
    for other, state in ((by_name, FOLLOWING), (live, CLOSED)):
        with reverts(error("PollsNotRevealing", other, state)):
            commune.polls.reveal(other, 1, 0, SALT, stranger.tx)
    with reverts(error("PollsUnknown", 99)):
        commune.polls.reveal(99, 1, 0, SALT, stranger.tx)
