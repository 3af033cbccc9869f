"""A commune of twelve who are listed in the group, and polls opened in the timelock's name."""

from dataclasses import dataclass

import pytest
from brownie import web3

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.people import GENERAL, person
from tests.contracts.polls.prover import Prover

QUESTION = "0x" + communes.text_hash("What do we plant? 1 oaks 2 limes 3 plums 4 walnuts 5 nothing")
VOTING, REVEALING, CLOSED, FOLLOWING = range(4)
# SecretBallotProblem in contracts/polls/IPolls.sol
(
    _,
    NOT_VOTING,
    NOT_SECRET,
    NULLIFIER_OUT_OF_RANGE,
    NULLIFIER_USED,
    BALLOT_INVALID,
    PROOF_INVALID,
) = range(7)
# BN254: the order of the scalar field, and of the coordinates' field.
R = 21888242871839275222246405745257275088548364400416034343698204186575808495617
Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583


def votes(*each):
    """A ballot from the votes on option 0, 1, 2, ..."""
    return sum(given << 4 * option for option, given in enumerate(each))


def signal_of(value):
    """How Semaphore brings a scope or a message into the field."""
    return int.from_bytes(web3.keccak(int(value).to_bytes(32, "big")), "big") >> 8


@dataclass(frozen=True)
class SecretBallot:
    """`IPolls.SecretBallot`, as it is sent."""

    poll: int
    nullifier: int
    ballot: int
    points: tuple[int, ...]

    @property
    def struct(self):
        return self.poll, self.nullifier, self.ballot, self.points


@pytest.fixture(scope="session")
def prover():
    prover = Prover()
    yield prover
    prover.close()


@pytest.fixture(scope="module")
def voters(commune, founders):
    """The five founders and seven who joined."""
    joined = [person(index) for index in range(8, 15)]
    admit_directly(commune, *joined)
    advance(1)
    return [*founders, *joined]


@pytest.fixture(scope="module")
def identities(commune, voters, prover):
    """Everyone's identity, listed in the group."""
    known = {who: prover.identity(f"what only person {who.index} knows") for who in voters}
    for who, identity in known.items():
        commune.group.register(*identity.public_key, who.tx)
    return known


@pytest.fixture(scope="module")
def leaves(commune):
    """Reads the group's leaves as they are now."""
    return lambda: [commune.group.leafAt(index) for index in range(commune.group.size())]


@pytest.fixture(scope="module")
def open_poll(commune):
    """Opens a poll as a decision does, and returns its id."""

    def send(options=5, secret=False, hidden=False, topic=GENERAL, text=QUESTION):
        tx = commune.polls.open(text, options, topic, secret, hidden, acting_as(commune.timelock))
        return tx.events["PollOpened"]["pollId"]

    return send


@pytest.fixture(scope="module")
def secret_ballot(commune, identities, prover, leaves):
    """Makes someone's ballot for a secret poll; keywords change what its proof is made for."""

    def make(poll, who, ballot, **other):
        made_for = {
            "leaves": other.get("leaves") or leaves(),
            "depth": other.get("depth") or commune.polls.poll(poll)["depth"],
            "message": other.get("message") or commune.polls.messageOf(poll, ballot),
            "scope": other.get("scope") or commune.polls.scopeOf(poll),
        }
        proof = prover.prove(other.get("identity") or identities[who], **made_for)
        return SecretBallot(poll, proof.nullifier, ballot, proof.points)

    return make


@pytest.fixture(scope="module")
def to_end_of_voting(commune):
    def wait(poll):
        mine_at(max(now(), commune.polls.poll(poll)["votingEnd"]) + 1)

    return wait
