"""The constitution of a founded commune, changed as the timelock would."""

import pytest

from tests.contracts.membership.steps import acting_as


@pytest.fixture(scope="module")
def constitution(commune):
    return commune.constitution


@pytest.fixture(scope="module")
def timelock(commune):
    """Sends as the timelock, without the votes."""
    return acting_as(commune.timelock)
