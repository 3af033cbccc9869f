"""Alice has something against Bob; Carol, Dave and Erin can help."""

import pytest

from tests.contracts.mediation.steps import begun, failed, mediator_asked, opened_case
from tests.contracts.membership.steps import acting_as


@pytest.fixture(scope="module")
def mediation(commune):
    return commune.mediation


@pytest.fixture
def case(commune, alice, bob):
    """A case of Alice's against Bob; its mediator is to be drawn."""
    return opened_case(commune, alice, bob)


@pytest.fixture
def mediator(commune, case, alice):
    """Who was drawn to mediate in it, and has not answered yet."""
    return mediator_asked(commune, case, alice)


@pytest.fixture
def helping(commune, case, alice):
    """The mediator, once all have accepted."""
    return begun(commune, case, alice)


@pytest.fixture(scope="module")
def panels(commune):
    """Sends as the panels do."""
    sender = acting_as(commune.timelock)
    commune.powers.grantRole(21, commune.timelock, 0, sender)
    return sender


@pytest.fixture
def convened(commune, panels):
    """Lets mediation in a case fail, and convenes a panel as the panels do."""

    def send(case):
        failed(commune, case)
        return commune.mediation.convene(case, panels)

    return send
