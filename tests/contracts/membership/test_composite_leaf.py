"""A leaf that is a small tree of its own: how one registration would vote twice, and what keeps it from that.

Leaves are hashed like the nodes above them, and the circuit cannot tell them apart: whoever chose a node's
content chose what is below it. Two things are needed, and each is shown to be: the contract hashes the public
key itself, and no leaf of its tree has room below it at the tree's depth.
tests/contracts/polls/test_tree_below_a_leaf.py shows that deeper proofs are not taken.
"""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.membership import semaphore
from tests.contracts.polls.conftest import signal_of
from tests.contracts.polls.prover import Prover

# With the hash of the two halves' commitments as x, a point of the curve.
Y = 10167197147977946394535957183824963731921253960068432096166977758511908715473
MESSAGE, SCOPE = 7, 9


@pytest.fixture(scope="module")
def prover():
    prover = Prover()
    yield prover
    prover.close()


@pytest.fixture(scope="module")
def halves(prover):
    return [prover.identity(name) for name in ("one half", "the other half")]


@pytest.fixture(scope="module")
def third(prover):
    return prover.identity("a third")


@pytest.fixture(scope="module")
def node(commune):
    """Poseidon of two values: what stands above them in the tree."""
    return lambda left, right: int(commune.poseidon.hash((left, right)))


@pytest.fixture(scope="module")
def verified(commune):
    """Whether the verifier takes proofs made at a depth, and each tells of somebody else."""

    def check(proofs, depth):
        for proof in proofs:
            signals = (proof.root, proof.nullifier, signal_of(MESSAGE), signal_of(SCOPE))
            p = proof.points
            pairs = ((p[0], p[1]), ((p[2], p[3]), (p[4], p[5])), (p[6], p[7]))
            assert commune.verifier.verifyProof(*pairs, signals, depth)
        return len({proof.nullifier for proof in proofs}) == len(proofs)

    return check


def test_where_commitments_are_handed_in_one_leaf_proves_three_members(
    prover, keys, halves, third, node, verified
):
    c1, c2, c3 = (who.commitment for who in (*halves, third))
    inner, honest = node(c1, c2), keys[0].commitment
    root = node(honest, node(inner, c3))
    proofs = [
        prover.prove_path(who, root, index, [*below, honest], 3, MESSAGE, SCOPE)
        for who, index, below in (
            (halves[0], 0b100, [c2, c3]),
            (halves[1], 0b101, [c1, c3]),
            (third, 0b11, [inner]),
        )
    ]
    assert verified(proofs, 3)


def test_a_finished_node_is_no_key(group, alice, halves, third, node):
    parts = node(halves[0].commitment, halves[1].commitment), third.commitment
    with reverts(error("MemberGroupOffCurve", *parts)):
        group.register(*parts, alice.tx)


def test_a_key_made_of_two_commitments_would_prove_two_members_in_a_tree_with_gaps(
    prover, group, founders, keys, halves, node, verified
):
    """It lies on the curve. The fifth of five leaves would be one step below the root of a tree three deep;
    in ours it is three steps, as far as proofs at that depth go."""
    for founder, key in zip(founders[:4], keys, strict=False):
        group.register(*key.key, founder.tx)
    x = node(halves[0].commitment, halves[1].commitment)
    group.register(x, Y, founders[4].tx)

    four = node(*(node(keys[n].commitment, keys[n + 1].commitment) for n in (0, 2)))
    gaps = node(four, node(x, Y))
    proofs = [
        prover.prove_path(who, gaps, 0b100 | n, [halves[1 - n].commitment, Y, four], 3, MESSAGE, SCOPE)
        for n, who in enumerate(halves)
    ]
    assert verified(proofs, 3)

    assert group.root() != gaps
    siblings = list(group.siblingsOf(4))
    assert len(siblings) == group.depth() == 3
    assert siblings == semaphore.siblings([*(key.commitment for key in keys[:4]), node(x, Y)])[0][4]
    with pytest.raises(ValueError, match="Too many values for input signal"):
        prover.prove_path(
            halves[0], group.root(), 4 << 2, [halves[1].commitment, Y, *siblings], 3, MESSAGE, SCOPE
        )
