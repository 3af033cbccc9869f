"""The contracts that membership tests are about, by name, and who else turns up in them."""

import pytest

from tests.contracts.membership import semaphore
from tests.contracts.people import person


@pytest.fixture(scope="module")
def membership(commune):
    return commune.membership


@pytest.fixture(scope="module")
def admission(commune):
    return commune.admission


@pytest.fixture(scope="module")
def presence(commune):
    return commune.presence


@pytest.fixture(scope="module")
def recovery(commune):
    return commune.recovery


@pytest.fixture(scope="module")
def group(commune):
    return commune.group


@pytest.fixture(scope="session")
def keys():
    """Twelve Semaphore identities, nobody's yet."""
    return semaphore.identities(*(f"secret {number}" for number in range(12)))


@pytest.fixture(scope="module")
def thief():
    """Whoever wants what is not theirs."""
    return person(8)


@pytest.fixture(scope="module")
def new_account():
    """Where a member who lost their account wants to go."""
    return person(9)
