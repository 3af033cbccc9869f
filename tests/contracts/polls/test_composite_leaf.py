"""A leaf that is a small tree of its own: how one registration would vote twice, and why ours does not.

Leaves are hashed like the nodes above them, and a circuit cannot tell them apart: whoever chose a node's
content chose what is below it. Two things stop that, and each is shown to be needed: the contract hashes the
public key itself, and no leaf of its tree has room below it at the depth that proofs are verified at.
"""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.membership import semaphore
from tests.contracts.membership.steps import admit_directly
from tests.contracts.people import person
from tests.contracts.polls.conftest import PROOF_INVALID, SecretBallot, votes
from zk._field import hash_to_field

# With the hash of the two halves' commitments as x, a point of the curve.
Y = 10167197147977946394535957183824963731921253960068432096166977758511908715473
MESSAGE, SCOPE = 7, 9


@pytest.fixture(scope="module")
def halves(prover):
    return [prover.identity(name) for name in ("one half", "the other half")]


@pytest.fixture(scope="module")
def node(commune):
    """Poseidon of two values: what stands above them in the tree."""
    return lambda left, right: int(commune.poseidon.hash((left, right)))


@pytest.fixture(scope="module")
def verified(commune):
    """Whether the verifier takes a proof about a root, made at a depth."""

    def check(proof, depth):
        signals = (proof.root, proof.nullifier, hash_to_field(MESSAGE), hash_to_field(SCOPE))
        p = proof.points
        pairs = ((p[0], p[1]), ((p[2], p[3]), (p[4], p[5])), (p[6], p[7]))
        return commune.verifier.verifyProof(*pairs, signals, depth)

    return check


@pytest.fixture(scope="module")
def schemer(commune, identities):
    """The thirteenth in the group, about to register."""
    who = person(15)
    admit_directly(commune, who)
    return who


@pytest.fixture(scope="module")
def composite(commune, schemer, halves, node):
    """The leaf that the schemer's key, made of two commitments, has given them."""
    x = node(halves[0].commitment, halves[1].commitment)
    commune.group.register(x, Y, schemer.tx)
    assert commune.group.leafAt(12) == node(x, Y)
    return node(x, Y)


# ------------------------------------------------------------------ a finished node


def test_where_commitments_are_handed_in_one_leaf_proves_three_members(prover, halves, node, verified):
    """The circuit is content: three nullifiers, so three ballots."""
    three = [*halves, prover.identity("a third")]
    [c1, c2, c3] = [who.commitment for who in three]
    inner, honest = node(c1, c2), prover.identity("an honest member").commitment
    root = node(honest, node(inner, c3))
    proofs = [
        prover.prove_path(who, root, index, [*below, honest], 3, MESSAGE, SCOPE)
        for who, index, below in zip(three, (0b100, 0b101, 0b11), ([c2, c3], [c1, c3], [inner]), strict=True)
    ]
    assert [verified(proof, 3) for proof in proofs] == [True] * 3
    assert len({proof.nullifier for proof in proofs}) == 3


def test_a_finished_node_is_no_key(commune, prover, schemer, halves, node):
    inner, third = node(*(who.commitment for who in halves)), prover.identity("a third").commitment
    with reverts(error("MemberGroupOffCurve", inner, third)):
        commune.group.register(inner, third, schemer.tx)


# ------------------------------------------------------------------ a key with commitments below it


def test_in_a_tree_with_gaps_a_key_made_of_two_commitments_would_prove_two_members(
    prover, halves, node, verified, leaves, composite
):
    """The thirteenth of thirteen leaves is two steps below the root of a tree four deep."""
    given = leaves()[:12]
    eight = _root(node, given[:8])
    last = node(_root(node, given[8:12]), composite)
    root = node(eight, last)
    above = [_root(node, given[8:12]), eight]
    proofs = [
        prover.prove_path(who, root, index, [halves[1 - n].commitment, Y, *above], 4, MESSAGE, SCOPE)
        for n, (who, index) in enumerate(zip(halves, (0b1100, 0b1101), strict=True))
    ]
    assert [verified(proof, 4) for proof in proofs] == [True, True]
    assert len({proof.nullifier for proof in proofs}) == 2


def test_in_our_tree_the_key_proves_nobody_at_the_depth_that_polls_take(
    commune, prover, halves, composite, leaves, open_poll, stranger
):
    """Its leaf is four steps down, its halves six: only the key of a deeper tree reaches them."""
    poll = open_poll(options=5, secret=True)
    terms = commune.polls.poll(poll)
    assert (terms["depth"], terms["root"]) == (4, semaphore.roots(leaves())[0])
    [siblings] = semaphore.siblings(leaves())
    ballot = votes(1)
    what = (commune.polls.messageOf(poll, ballot), commune.polls.scopeOf(poll))
    for n, half in enumerate(halves):
        path = (terms["root"], 12 << 2 | n, [halves[1 - n].commitment, Y, *siblings[12]])
        with pytest.raises(ValueError, match="Too many values for input signal"):
            prover.prove_path(half, *path, 4, *what)
        deeper = prover.prove_path(half, *path, 6, *what)
        with reverts(error("PollsSecretBallotRefused", poll, deeper.nullifier, PROOF_INVALID)):
            commune.polls.castSecret.call(
                SecretBallot(poll, deeper.nullifier, ballot, deeper.points).struct, stranger.tx
            )


def test_the_proof_that_polls_refuse_is_one_for_a_deeper_tree(prover, halves, composite, leaves, verified):
    """Which is why proofs are verified at exactly the tree's depth."""
    [siblings] = semaphore.siblings(leaves())
    path = (semaphore.roots(leaves())[0], 12 << 2, [halves[1].commitment, Y, *siblings[12]])
    assert verified(prover.prove_path(halves[0], *path, 6, MESSAGE, SCOPE), 6)


def _root(node, values):
    """Of a power of two of values."""
    while len(values) > 1:
        values = [node(*values[n : n + 2]) for n in range(0, len(values), 2)]
    return values[0]
