"""An office with a seat that Alice holds; its mandate: to record texts, and to act for an amount."""

import pytest

from tests.contracts.clock import advance
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.offices.steps import (
    Call,
    created,
    next_period,
    opened_election,
    petitioned,
    seated,
)
from tests.contracts.people import person


@pytest.fixture(scope="module")
def offices(commune):
    return commune.offices


@pytest.fixture(scope="module")
def recall(commune):
    return commune.recall


@pytest.fixture(scope="module")
def timelock(commune):
    """Sends as decisions do."""
    return acting_as(commune.timelock)


@pytest.fixture(scope="module")
def elections(commune):
    """Sends as the elections do."""
    return acting_as(commune.elections)


@pytest.fixture(scope="module")
def target(commune, project_contracts, deployer):
    """A contract outside the commune that logs who acts on it."""
    return project_contracts["ForwardingTarget"].deploy(commune.forwarder, {"from": deployer})


@pytest.fixture(scope="module")
def mandate(commune, target):
    """Records three texts a period, acts five times with 100 in all, and may try what always fails."""
    return (
        Call(commune.constitution, "adopt", calls=3),
        Call(target, "act", calls=5, argument=1, cap=100),
        Call(target, "refuse"),
    )


@pytest.fixture(scope="module")
def clerk(commune, mandate):
    """The office, number 1, vacant; tests that count by the period start early in one."""
    next_period()
    return created(commune, *mandate)


@pytest.fixture(scope="module")
def held(commune, clerk, alice):
    """The office, held by Alice for 90 days."""
    seated(commune, clerk, alice)
    return clerk


@pytest.fixture(scope="module")
def many(commune, held):
    """Nine who joined: fourteen members with the founders, of whom a petition takes three."""
    others = [person(number) for number in range(20, 29)]
    admit_directly(commune, *others)
    advance(1)
    return others


@pytest.fixture
def running(recall, held, many, alice, bob, carol, commune):
    """A petition against Alice that Bob and Carol have signed; one more opens the vote."""
    return petitioned(commune, held, alice, bob, carol)


@pytest.fixture
def voting(recall, running, dave):
    """The transaction in which Dave's signature opened the vote."""
    return recall.sign(running, dave.tx)


@pytest.fixture
def contested(commune, alice):
    """An office with one seat, vacant, and an election for it that Alice opened: (office, election)."""
    office = created(commune)
    return office, opened_election(commune, office, alice)
