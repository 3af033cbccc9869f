"""`castSecret`: what a proof permits, once, and what is refused. Proofs are by Semaphore's own packages."""

import pytest
from brownie import chain, reverts, web3
from eth_abi import encode

from tests.contracts.clock import advance
from tests.contracts.errors import error
from tests.contracts.membership.steps import admit_directly, expel_directly
from tests.contracts.people import member_id, person
from tests.contracts.polls.conftest import (
    BALLOT_INVALID,
    NOT_SECRET,
    NOT_VOTING,
    NULLIFIER_OUT_OF_RANGE,
    NULLIFIER_USED,
    PROOF_INVALID,
    Q,
    R,
    SecretBallot,
    signal_of,
    votes,
)

CHECK_GAS = 300_000
SEAL = 0x5EA1 << 200


@pytest.fixture(scope="module")
def poll(identities, open_poll):
    return open_poll(options=5, secret=True)


@pytest.fixture(scope="module")
def sealed_poll(poll, open_poll):
    return open_poll(options=5, secret=True, hidden=True)


@pytest.fixture(scope="module")
def alices(poll, secret_ballot, alice):
    """Alice's ballot: most of her 100 credits."""
    return secret_ballot(poll, alice, votes(9, 0, 3, 0, 3))


@pytest.fixture(scope="module")
def refused(commune, stranger):
    """Expects a ballot to be refused, for a reason."""

    def check(ballot, problem):
        expected = error("PollsSecretBallotRefused", ballot.poll, ballot.nullifier, problem)
        with reverts(expected):
            commune.polls.castSecret.call(ballot.struct, stranger.tx)

    return check


# ------------------------------------------------------------------ what is taken


def test_a_proof_by_semaphores_own_packages_is_taken_from_anyone(commune, poll, alices, stranger):
    tx = commune.polls.castSecret(alices.struct, stranger.tx)
    assert tx.events["SecretBallotCast"] == {
        "pollId": poll,
        "nullifier": alices.nullifier,
        "ballot": alices.ballot,
    }
    assert commune.polls.tally(poll) == (9, 0, 3, 0, 3)
    assert commune.polls.ballotCount(poll) == 1
    assert commune.polls.nullifierUsed(poll, alices.nullifier)


def test_the_first_leaf_and_the_last_vote_alike(commune, poll, secret_ballot, voters, stranger):
    """Both prove at the group's depth, so that nothing tells where in the tree they are."""
    for who in (voters[0], voters[-1]):
        commune.polls.castSecret(secret_ballot(poll, who, votes(0, 2)).struct, stranger.tx)
    assert commune.polls.tally(poll) == (0, 4, 0, 0, 0)


def test_a_blank_ballot_is_secret_too(commune, poll, secret_ballot, bob, stranger):
    commune.polls.castSecret(secret_ballot(poll, bob, 0).struct, stranger.tx)
    assert commune.polls.ballotCount(poll) == 1
    assert commune.polls.tally(poll) == (0, 0, 0, 0, 0)


def test_a_secret_ballot_costs_no_credits_of_the_season(commune, poll, alices, alice, stranger):
    commune.polls.castSecret(alices.struct, stranger.tx)
    who = member_id(commune, alice)
    assert commune.credits.spentBy(who, 1) == 0
    assert commune.credits.lastBallotDay(who, 1) == 0


def test_no_event_names_a_member_or_an_account(commune, poll, alices, alice, stranger):
    tx = commune.polls.castSecret(alices.struct, stranger.tx)
    receipt = web3.eth.get_transaction_receipt(tx.txid)
    assert [log["address"] for log in receipt["logs"]] == [commune.polls.address]
    told = b"".join(bytes(part) for log in receipt["logs"] for part in (*log["topics"], log["data"]))
    assert alice.account.address.lower()[2:] not in told.hex()
    assert len(told) == 4 * 32


def test_a_nullifier_is_of_its_poll(commune, poll, open_poll, secret_ballot, alices, alice, stranger):
    """The same member has another nullifier in the next poll, which nobody can link to this one."""
    other = open_poll(options=5, secret=True)
    again = secret_ballot(other, alice, alices.ballot)
    commune.polls.castSecret(alices.struct, stranger.tx)
    commune.polls.castSecret(again.struct, stranger.tx)
    assert again.nullifier != alices.nullifier
    assert not commune.polls.nullifierUsed(other, alices.nullifier)


def test_a_sealed_ballot_is_kept_and_not_counted(commune, sealed_poll, secret_ballot, alice, stranger):
    ballot = secret_ballot(sealed_poll, alice, SEAL)
    tx = commune.polls.castSecret(ballot.struct, stranger.tx)
    assert tx.events["SecretBallotCast"]["ballot"] == SEAL
    assert commune.polls.tally(sealed_poll) == (0, 0, 0, 0, 0)
    assert (commune.polls.ballotCount(sealed_poll), commune.polls.sealedCount(sealed_poll)) == (0, 1)
    assert commune.polls.nullifierUsed(sealed_poll, ballot.nullifier)


# ------------------------------------------------------------------ what is hashed


def test_scope_message_and_seal_are_what_the_interface_says(commune, poll):
    def hashed(domain, types, *values):
        return int.from_bytes(web3.keccak(encode(["bytes32", *types], [web3.keccak(text=domain), *values])))

    polls = commune.polls
    scope = hashed("dualpower.poll", ["uint256", "address", "uint256"], chain.id, polls.address, poll)
    assert polls.scopeOf(poll) == scope
    assert polls.messageOf(poll, 7) == hashed("dualpower.ballot", ["uint256", "uint256"], scope, 7)
    salt = b"\7" * 32
    seal = hashed("dualpower.seal", ["uint256", "uint256", "uint256", "bytes32"], scope, 11, 7, salt)
    assert polls.sealOf(poll, 11, 7, salt) == seal


# ------------------------------------------------------------------ twice


def test_a_ballot_is_taken_once(commune, alices, refused, stranger):
    commune.polls.castSecret(alices.struct, stranger.tx)
    refused(alices, NULLIFIER_USED)


def test_a_second_proof_by_the_same_member_is_refused(
    commune, poll, alices, secret_ballot, alice, refused, stranger
):
    commune.polls.castSecret(alices.struct, stranger.tx)
    refused(secret_ballot(poll, alice, votes(0, 0, 0, 1)), NULLIFIER_USED)


def test_a_rerandomised_proof_is_another_proof_with_the_same_nullifier(
    commune, poll, alices, refused, stranger
):
    """Anyone can turn a proof (A, B, C) into (-A, -B, C), as valid: the nullifier is what counts once."""
    turned = SecretBallot(poll, alices.nullifier, alices.ballot, negated(alices.points))
    chain.snapshot()
    commune.polls.castSecret(turned.struct, stranger.tx)
    chain.revert()
    commune.polls.castSecret(alices.struct, stranger.tx)
    refused(turned, NULLIFIER_USED)


def test_a_nullifier_has_one_name(commune, poll, alices, refused, stranger):
    """n + r is the same element of the field: as another name it would vote again."""
    for alias in range(alices.nullifier + R, 2**256, R):
        refused(SecretBallot(poll, alias, alices.ballot, alices.points), NULLIFIER_OUT_OF_RANGE)
    refused(SecretBallot(poll, R, alices.ballot, alices.points), NULLIFIER_OUT_OF_RANGE)
    refused(SecretBallot(poll, R - 1, alices.ballot, alices.points), PROOF_INVALID)


def test_a_seal_is_never_mistaken_for_an_unused_nullifier(sealed_poll, secret_ballot, alice, refused):
    """0 would leave the nullifier unused, and 1 is what stands for a counted ballot."""
    for seal in (0, 1):
        refused(secret_ballot(sealed_poll, alice, seal), BALLOT_INVALID)


# ------------------------------------------------------------------ whose ballot


def test_a_ballot_changed_on_its_way_is_refused(poll, alices, refused):
    for other in (votes(0, 9), votes(9, 0, 3, 1, 3), 0):
        refused(SecretBallot(poll, alices.nullifier, other, alices.points), PROOF_INVALID)


def test_who_copies_a_ballot_only_delivers_it(commune, poll, alices, stranger, refused):
    """A stranger who sees it coming can send it first, as it is; nobody can burn its nullifier."""
    refused(SecretBallot(poll, alices.nullifier, votes(1), (0,) * 8), PROOF_INVALID)
    assert not commune.polls.nullifierUsed(poll, alices.nullifier)
    commune.polls.castSecret(alices.struct, stranger.tx)
    refused(alices, NULLIFIER_USED)
    assert commune.polls.tally(poll) == (9, 0, 3, 0, 3)


def test_another_nullifier_needs_another_proof(poll, alices, refused):
    refused(SecretBallot(poll, alices.nullifier ^ 1, alices.ballot, alices.points), PROOF_INVALID)


def test_a_stranger_is_in_no_group(poll, prover, leaves, secret_ballot, stranger, refused):
    """They can prove to be one of a group of their own, which nobody asked about."""
    outsider = prover.identity("a stranger's")
    own = [*leaves()[:-1], outsider.commitment]
    refused(secret_ballot(poll, stranger, votes(1), identity=outsider, leaves=own), PROOF_INVALID)


def test_the_group_of_another_commune_is_not_ours(poll, leaves, secret_ballot, alice, refused):
    theirs = [leaf + 1 for leaf in leaves()]
    theirs[0] = leaves()[0]
    refused(secret_ballot(poll, alice, votes(1), leaves=theirs), PROOF_INVALID)


def test_the_group_as_it_was_before_is_not_the_polls(poll, leaves, secret_ballot, alice, refused):
    refused(secret_ballot(poll, alice, votes(1), leaves=leaves()[:-1]), PROOF_INVALID)


def test_who_is_listed_after_the_opening_votes_in_the_next_poll(
    commune, poll, prover, secret_ballot, newcomer, open_poll, refused, stranger
):
    admit_directly(commune, newcomer)
    late = prover.identity("a newcomer's")
    commune.group.register(*late.public_key, newcomer.tx)
    refused(secret_ballot(poll, newcomer, votes(1), identity=late), PROOF_INVALID)
    later = open_poll(options=5, secret=True)
    commune.polls.castSecret(secret_ballot(later, newcomer, votes(1), identity=late).struct, stranger.tx)


def test_who_left_before_the_opening_cannot_prove_anything(
    commune, poll, leaves, secret_ballot, voters, open_poll, refused
):
    gone = voters[-1]
    before = leaves()
    expel_directly(commune, member_id(commune, gone))
    later = open_poll(options=5, secret=True)
    with pytest.raises(ValueError, match="does not exist"):
        secret_ballot(later, gone, votes(1))
    refused(secret_ballot(later, gone, votes(1), leaves=before), PROOF_INVALID)


def test_the_electorate_of_a_secret_poll_is_frozen(
    commune, poll, alices, secret_ballot, voters, leaves, stranger
):
    """Who was listed at the opening keeps this one ballot, after leaving too: nobody can tell which it is."""
    gone = voters[-1]
    ballot = secret_ballot(poll, gone, votes(0, 1))
    expel_directly(commune, member_id(commune, gone))
    commune.polls.castSecret(ballot.struct, stranger.tx)
    commune.polls.castSecret(alices.struct, stranger.tx)
    assert commune.polls.ballotCount(poll) == 2


# ------------------------------------------------------------------ which poll, which tree


def test_a_proof_for_another_poll_is_refused(poll, open_poll, alices, secret_ballot, alice, refused):
    other = open_poll(options=5, secret=True)
    refused(SecretBallot(other, alices.nullifier, alices.ballot, alices.points), PROOF_INVALID)


@pytest.mark.parametrize("what", ["scope", "message"])
def test_scope_and_message_are_worked_out_here(poll, secret_ballot, alice, refused, what):
    refused(secret_ballot(poll, alice, votes(1), **{what: 42}), PROOF_INVALID)


@pytest.mark.parametrize("depth", [5, 20])
def test_a_proof_for_another_depth_is_refused(poll, secret_ballot, alice, refused, depth):
    refused(secret_ballot(poll, alice, votes(1), depth=depth), PROOF_INVALID)


def test_a_sealed_polls_proof_is_over_the_seal(commune, sealed_poll, secret_ballot, alice, refused):
    ballot = secret_ballot(sealed_poll, alice, SEAL)
    refused(SecretBallot(sealed_poll, ballot.nullifier, SEAL + 1, ballot.points), PROOF_INVALID)


# ------------------------------------------------------------------ points


def negated(points):
    """The proof with A and B turned to their negatives."""
    ax, ay, bx1, bx0, by1, by0, cx, cy = points
    return ax, Q - ay, bx1, bx0, Q - by1, Q - by0, cx, cy


def changed(position, by):
    return lambda points: tuple(by(p) if i == position else p for i, p in enumerate(points))


BAD_POINTS = {
    "A off the curve": changed(1, lambda p: p + 1),
    "B off the curve": changed(5, lambda p: p + 1),
    "C off the curve": changed(6, lambda p: p + 1),
    "A at infinity": lambda p: (0, 0, *p[2:]),
    "B at infinity": lambda p: (*p[:2], 0, 0, 0, 0, *p[6:]),
    "C at infinity": lambda p: (*p[:6], 0, 0),
    "all at infinity": lambda p: (0,) * 8,
    "words of A swapped": lambda p: (p[1], p[0], *p[2:]),
    "words of B.x swapped": lambda p: (*p[:2], p[3], p[2], *p[4:]),
    "words of B swapped": lambda p: (*p[:2], p[3], p[2], p[5], p[4], *p[6:]),
    "A and C swapped": lambda p: (*p[6:], *p[2:6], *p[:2]),
    "A negated": changed(1, lambda p: Q - p),
    "A.x + q": changed(0, lambda p: p + Q),
    "A.y + q": changed(1, lambda p: p + Q),
    "B.x + q": changed(2, lambda p: p + Q),
    "C.y + q": changed(7, lambda p: p + Q),
    "A.y as a negative number": changed(1, lambda p: 2**256 - p),
    "random words": lambda p: tuple(range(1, 9)),
}


@pytest.mark.parametrize("what", BAD_POINTS)
def test_points_that_are_no_proof_are_refused(poll, alices, refused, what):
    points = BAD_POINTS[what](alices.points)
    refused(SecretBallot(poll, alices.nullifier, alices.ballot, points), PROOF_INVALID)


# ------------------------------------------------------------------ ballots


@pytest.mark.parametrize(
    "ballot",
    [votes(10, 1), votes(7, 7, 2), votes(15), votes(0, 0, 0, 0, 0, 1), 1 << 240, 2**256 - 1],
)
def test_a_ballot_over_budget_or_for_no_option_is_refused(poll, secret_ballot, alice, refused, ballot):
    refused(secret_ballot(poll, alice, ballot), BALLOT_INVALID)


@pytest.mark.parametrize("ballot", [votes(10), votes(5, 5, 5, 5), votes(0, 0, 0, 0, 10)])
def test_a_ballot_may_use_all_its_credits(commune, poll, secret_ballot, alice, stranger, ballot):
    commune.polls.castSecret(secret_ballot(poll, alice, ballot).struct, stranger.tx)


# ------------------------------------------------------------------ when


def test_a_secret_ballot_after_the_end_is_refused(poll, alices, refused, to_end_of_voting):
    to_end_of_voting(poll)
    refused(alices, NOT_VOTING)


def test_a_seal_after_the_end_is_refused(sealed_poll, secret_ballot, alice, refused, to_end_of_voting):
    ballot = secret_ballot(sealed_poll, alice, SEAL)
    to_end_of_voting(sealed_poll)
    refused(ballot, NOT_VOTING)


def test_an_open_poll_takes_no_secret_ballots(open_poll, alices, refused):
    other = open_poll()
    refused(SecretBallot(other, alices.nullifier, alices.ballot, alices.points), NOT_SECRET)


def test_a_ballot_for_no_poll_is_refused(commune, alices, stranger):
    with reverts(error("PollsUnknown", 99)):
        commune.polls.castSecret((99, *alices.struct[1:]), stranger.tx)


# ------------------------------------------------------------------ gas


def call_with(gas, contract, data):
    """The answer, or the error's data, of a call with so much gas; None where it ran out."""
    request = {"from": person(7).address, "to": contract.address, "data": data, "gas": hex(gas)}
    answer = web3.provider.make_request("eth_call", [request, "latest"])
    if "error" not in answer:
        return bytes.fromhex(answer["result"][2:])
    data = answer["error"].get("data")
    return bytes.fromhex(data[2:]) if isinstance(data, str) and len(data) > 2 else None


def least(low, high, holds):
    """The smallest number for which `holds`, which it does from somewhere between on."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


@pytest.fixture(scope="module")
def verify_call(commune, poll, alices):
    """The verifier's own check of Alice's proof."""
    p = alices.points
    terms = commune.polls.poll(poll)

    message, scope = commune.polls.messageOf(poll, alices.ballot), commune.polls.scopeOf(poll)
    signals = [terms["root"], alices.nullifier, signal_of(message), signal_of(scope)]
    return commune.verifier.verifyProof.encode_input(p[:2], [p[2:4], p[4:6]], p[6:], signals, terms["depth"])


@pytest.mark.skip_coverage
def test_the_verifier_takes_a_good_proof_for_a_bad_one_where_gas_is_short(commune, verify_call):
    """Why gas is looked at first: false is an answer, not a failure. From here on, what it says is true."""
    answers = {gas: call_with(gas, commune.verifier, verify_call) for gas in range(100_000, 240_001, 20_000)}
    assert answers[160_000] == bytes(32)
    enough = least(
        150_000, 400_000, lambda gas: call_with(gas, commune.verifier, verify_call) == b"\1".rjust(32, b"\0")
    )
    # What a transaction pays before the verifier starts only adds to the margin.
    assert enough < CHECK_GAS * 63 // 64 - 40_000


@pytest.mark.skip_coverage
def test_what_must_be_left_is_what_the_verifiers_calls_may_take(commune, verify_call, stranger):
    """Four multiplications with 8,000 gas at most, four additions with 200, a pairing with 241,333."""
    gas_used = stranger.account.transfer(commune.verifier, data=verify_call).gas_used
    calldata = sum(16 if byte else 4 for byte in bytes.fromhex(verify_call[2:]))
    own_steps = gas_used - 21_000 - calldata - 4 * (6_000 + 150) - (45_000 + 4 * 34_000)
    assert 0 < own_steps < 10_000
    before_the_pairing = 4 * (8_000 + 200) + 10_000
    needed = (before_the_pairing + 241_333 * 64 / 63) * 64 / 63
    # What the polls do between looking and calling takes some of the rest.
    assert needed + 5_000 < CHECK_GAS


@pytest.mark.skip_coverage
def test_a_ballot_starved_of_gas_is_never_called_invalid(commune, alices):
    starved = web3.keccak(text="PollsGasStarved(uint256,uint256)")[:4]
    data = commune.polls.castSecret.encode_input(alices.struct)

    def is_starved(gas):
        answer = call_with(gas, commune.polls, data)
        return answer is not None and answer[:4] == starved

    boundary = least(300_000, 400_000, lambda gas: not is_starved(gas))
    assert is_starved(boundary - 1)
    left, needed = (
        int.from_bytes(call_with(boundary - 1, commune.polls, data)[4 + at : 36 + at]) for at in (0, 32)
    )
    assert (CHECK_GAS - 8 <= left < CHECK_GAS, needed) == (True, CHECK_GAS)
    # At the boundary, and anywhere above, it is taken; below, it never gets as far as the check.
    for gas in (boundary, boundary + 1, boundary + 500, 400_000, 1_000_000):
        assert call_with(gas, commune.polls, data) == b""
    for gas in (*range(50_000, boundary, 25_000), boundary - 500):
        answer = call_with(gas, commune.polls, data)
        assert answer is None or answer[:4] == starved


@pytest.mark.skip_coverage
def test_a_starved_transaction_changes_nothing(commune, poll, alices, stranger):
    with reverts(revert_pattern=f"PollsGasStarved: 2[0-9]{{5}}, {CHECK_GAS}"):
        commune.polls.castSecret(alices.struct, {**stranger.tx, "gas_limit": 300_000})
    assert not commune.polls.nullifierUsed(poll, alices.nullifier)
    advance(1)
    commune.polls.castSecret(alices.struct, {**stranger.tx, "gas_limit": 340_000})
