"""Work that members may take: a task with one seat, open to who comes first, and Alice's seat on another."""

import pytest

from scripts import commune as communes
from tests.contracts.clock import advance
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.people import person
from tests.contracts.work.reviewing import grown
from tests.contracts.work.steps import Brief, created, opened, taken

# Roles.REVIEW
REVIEWING = communes.ROLES["REVIEW"][0]


@pytest.fixture(scope="module")
def assignments(commune):
    return commune.assignments


@pytest.fixture(scope="module")
def timelock(commune):
    """Sends as decisions do."""
    return acting_as(commune.timelock)


@pytest.fixture(scope="module")
def reviewer(commune, accounts, timelock):
    """Sends as the reviews do: an account that was given their power."""
    commune.powers.grantRole(REVIEWING, accounts[40], 0, timelock)
    return {"from": accounts[40]}


@pytest.fixture
def work(commune):
    """A task with one seat that members volunteer for."""
    return created(commune, Brief())


@pytest.fixture
def vacant(commune):
    """A task whose one seat goes to who comes first."""
    return opened(commune)


@pytest.fixture
def held(commune, alice):
    """A task whose one seat Alice holds; a sign of progress is due every day."""
    assignment = opened(commune, Brief(heartbeat=86_400))
    taken(commune, assignment, alice)
    return assignment


@pytest.fixture(scope="module")
def newcomers(commune):
    """Two on probation."""
    joined = [person(20), person(21)]
    admit_directly(commune, *joined)
    advance(1)
    return joined


@pytest.fixture(scope="module")
def reviews(commune):
    return commune.reviews


@pytest.fixture
def crowd(commune, founders):
    """Eleven members out of probation: the founders and six more, for one test."""
    return [*founders, *grown(commune, *range(10, 16))]
