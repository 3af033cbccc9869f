"""What a ballot of a poll costs in gas, secret or by name, beside Semaphore's own `validateProof`.

Figures are whole transactions, in groups of 10, 500 and 10,000 members: the proofs are real and made by
Semaphore's JavaScript, the two larger trees are put into storage as they would stand. docs/benchmarks.md says
how to read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from brownie import accounts, chain

from benchmarks._results import Row, publish, transcript
from benchmarks._semaphore import Semaphore, put, slot_of
from scripts import commune as communes
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import DAY, GENERAL, Person, founded_by
from tests.contracts.polls.conftest import votes
from tests.contracts.polls.prover import Identity, Proof, Prover
from zk import filled
from zk.group import Group

# Where MemberGroup.sol keeps its tree's nodes, and in one slot how many leaves are given and how many listed.
NODES_SLOT, COUNTS_SLOT = 3, 36
PEOPLE = range(1, 11)
SIZES = (10, 500, 10_000)
RELAYER = Person(50)
SALT = b"\x5a" * 32
BALLOT = votes(7, 1, 2)
ALL_OF_SIXTY = votes(*[1] * 60)
MESSAGE, SCOPE = 42, 43
BATCH = 5
VALIDATE = "validateProof"
LIMITED = ("10", "500", "10000", "first")
LIMITS = {f"gas.secret_ballot.{name}": ("ratio", 1.1) for name in LIMITED}


class Polling:
    """A commune whose polls are measured, and Semaphore beside it."""

    def __init__(self, prover: Prover) -> None:
        self.prover = prover
        self.commune = founded_by([Person(i) for i in PEOPLE], accounts[0], communes.Constitution.load())
        self.semaphore = Semaphore(accounts[0])
        self.identities = [prover.identity(f"what only person {i} knows") for i in PEOPLE]
        for i, identity in zip(PEOPLE, self.identities, strict=True):
            self.commune.group.register(*identity.public_key, Person(i).tx)
        self.leaves: list[int] = []
        self.opening = 0
        """gas of the last poll's opening"""

    def grow(self, size: int) -> None:
        """Let the group have `size` members: those who are in it for real, and numbers."""
        members = [identity.commitment for identity in self.identities]
        members += range(1, size + 1 - len(members))
        self.leaves = members
        group, tree = self.commune.group, Group(filled(members))
        for level in range(tree.depth + 1):
            if size >> level & 1:
                # The last node of this level all of whose leaves are given.
                position = (size >> level) - 1
                full = Group(members[position << level : (position + 1) << level])
                put(group, slot_of(NODES_SLOT, level << 32 | position), full.root)
        put(group, COUNTS_SLOT, size << 32 | size)
        if (group.root(), group.depth()) != (tree.root, tree.depth):
            raise RuntimeError(f"the group does not have the tree of its {size} leaves")

    def opened(self, options: int = 5, secret: bool = True, hidden: bool = False) -> int:
        polls = self.commune.polls
        tx = polls.open(b"\1" * 32, options, GENERAL, secret, hidden, acting_as(self.commune.timelock))
        self.opening = int(tx.gas_used)
        return int(polls.pollCount())

    def proved(self, poll: int, voter: int, ballot: int) -> tuple[int, int, int, tuple[int, ...]]:
        """Somebody's ballot, as `castSecret` takes it."""
        polls = self.commune.polls
        proof = self._proof(
            self.identities[voter],
            filled(self.leaves),
            polls.poll(poll)["depth"],
            polls.messageOf(poll, ballot),
            polls.scopeOf(poll),
        )
        return poll, proof.nullifier, ballot, proof.points

    def cast(self, poll: int, voters: Sequence[int], ballot: int = BALLOT) -> list[int]:
        """Gas of each secret ballot."""
        send = self.commune.polls.castSecret
        return [int(send(self.proved(poll, voter, ballot), RELAYER.tx).gas_used) for voter in voters]

    def validated(self) -> int:
        """Gas of a `validateProof` in a group of the same members, not its first."""
        tree = Group(self.leaves)
        group = self.semaphore.group(len(self.leaves), tree.depth, tree.root)
        gas = 0
        for voter in (0, 1):
            proof = self._proof(self.identities[voter], self.leaves, tree.depth, MESSAGE, SCOPE)
            arguments = (tree.depth, proof.root, proof.nullifier, MESSAGE, SCOPE, proof.points)
            gas = int(self.semaphore.contract.validateProof(group, arguments, RELAYER.tx).gas_used)
        return gas

    def _proof(self, who: Identity, leaves: Sequence[int], depth: int, message: int, scope: int) -> Proof:
        return self.prover.prove(who, leaves, depth, message, scope)


def main() -> None:
    """Measure, print and write build/bench/zk_gas.json."""
    prover = Prover()
    try:
        with transcript("zk_gas"):
            polling = Polling(prover)
            rows = [*by_name(polling), *in_secret(polling)]
            [headline] = [row for row in rows if row.id == "gas.secret_ballot.500"]
            rows = [replace(headline, id="gas.secret_ballot"), *rows]
    finally:
        prover.close()
    publish("zk_gas", rows, LIMITS)


def by_name(polling: Polling) -> list[Row]:
    """Open ballots, of members whose budget is not open yet, and then is."""
    polls = polling.commune.polls
    rows = []
    for name in ("gas.open_ballot.first_of_season", "gas.open_ballot"):
        poll = polling.opened(secret=False)
        gas = [int(polls.cast(poll, votes(3, 1, 1), Person(i).tx).gas_used) for i in PEOPLE[:3]]
        rows.append(Row(name, gas[-1], "gas"))
    return [*rows, Row("gas.poll_open", polling.opening, "gas")]


def in_secret(polling: Polling) -> list[Row]:
    """Secret ballots; all but the group's size is measured with 500 members."""
    rows = []
    for size in SIZES:
        polling.grow(size)
        theirs = polling.validated()
        first, _, later = polling.cast(polling.opened(), (0, 1, 2))
        rows.append(Row(f"gas.secret_ballot.{size}", later, "gas", VALIDATE, theirs))
        rows.append(Row(f"gas.poll_open.secret.{size}", polling.opening, "gas"))
        if size == 500:
            rows.append(Row("gas.secret_ballot.first", first, "gas", VALIDATE, theirs))
            rows += [Row(name, gas, "gas", VALIDATE, theirs) for name, gas in other_kinds(polling)]
            rows.append(Row("gas.reveal", revealed(polling), "gas"))
    return rows


def other_kinds(polling: Polling) -> list[tuple[str, float]]:
    polls = polling.commune.polls
    sixty = polling.cast(polling.opened(options=60), (0, 1), ALL_OF_SIXTY)
    batch = [polling.proved(poll, voter, BALLOT) for poll in [polling.opened()] for voter in range(BATCH)]
    each = polls.castSecretBatch(batch, RELAYER.tx).gas_used / BATCH
    return [
        ("gas.secret_ballot.all_of_60_options", sixty[-1]),
        (f"gas.secret_ballot.batch{BATCH}", round(each)),
    ]


def revealed(polling: Polling) -> int:
    """Gas of opening a sealed ballot, not the first."""
    polls = polling.commune.polls
    poll = polling.opened(hidden=True)
    nullifiers = []
    for voter in (0, 1):
        nullifier = polling.proved(poll, voter, 2)[1]
        polling.cast(poll, [voter], polls.sealOf(poll, nullifier, BALLOT, SALT))
        nullifiers.append(nullifier)
    chain.sleep(5 * DAY)
    chain.mine()
    gas = [int(polls.reveal(poll, nullifier, BALLOT, SALT, RELAYER.tx).gas_used) for nullifier in nullifiers]
    return gas[-1]
