"""Proposals in the states most tests of the assembly begin with."""

import pytest

from tests.contracts.people import opened, resolution, to_voting


@pytest.fixture(scope="module")
def assembly(commune):
    return commune.assembly


@pytest.fixture(scope="module")
def docket(commune):
    return commune.docket


@pytest.fixture(scope="module")
def pending(commune, alice, bob):
    """Alice's ordinary proposal, in deliberation."""
    return opened(commune, resolution(commune, alice), alice, [alice, bob])


@pytest.fixture(scope="module")
def voting(commune, pending):
    """Alice's ordinary proposal, in voting."""
    to_voting(commune, pending)
    return pending
