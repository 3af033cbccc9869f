"""Alice has something against Bob; Carol, Dave and Erin can help. With nine more, a panel of five decides."""

import pytest

from tests.contracts.mediation import panels as judgement
from tests.contracts.mediation.steps import (
    EXPULSION,
    begun,
    failed,
    mediator_asked,
    opened_case,
    set_parameter,
)
from tests.contracts.membership.steps import acting_as


@pytest.fixture(scope="module")
def mediation(commune):
    return commune.mediation


@pytest.fixture(scope="module")
def panels(commune):
    return commune.panels


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


@pytest.fixture
def convened(commune):
    """Lets mediation in a case fail, and convenes a panel as the panels do."""

    def send(case):
        failed(commune, case)
        return commune.mediation.convene(case, acting_as(commune.panels))

    return send


@pytest.fixture(scope="module")
def many(commune):
    """Sixteen members, all out of probation, with more cases a season than the default."""
    judgement.grown(commune, 16)
    set_parameter(commune, "mediation.cases", 10)


@pytest.fixture(scope="module")
def judging(commune, many, alice, bob):
    """A case of Alice's against Bob, for 10 points, and its panel of five, who may commit."""
    case = opened_case(commune, alice, bob)
    judgement.convened(commune, case)
    judgement.seated(commune, case)
    return case


@pytest.fixture
def drawing(commune, many, alice, bob):
    """Another one, whose panel is to be drawn."""
    case = opened_case(commune, alice, bob)
    judgement.convened(commune, case)
    return case


@pytest.fixture(scope="module")
def decided(commune, many, alice, bob):
    """A case of which the panel granted half."""
    case = opened_case(commune, alice, bob)
    judgement.judged(commune, case, 0, 2, 2, 3, 4)
    return case


@pytest.fixture
def dismissed(commune, many, alice, bob):
    """Another case, which the panel dismissed."""
    case = opened_case(commune, alice, bob)
    judgement.judged(commune, case, 0, 0, 0, 0, 4)
    return case


@pytest.fixture(scope="module")
def moved(commune, many, alice, bob):
    """A case for Bob's expulsion, which the panel would have the assembly decide."""
    case = opened_case(commune, alice, bob, kind=EXPULSION)
    judgement.judged(commune, case, 0, 0, 1, 2, 3)
    return case
