"""A panel takes over where mediation has failed."""

from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.mediation.steps import CONVENED, DRAWING, state_of
from tests.contracts.membership.steps import acting_as


def test_a_panel_takes_over_a_case_once(commune, mediation, case, convened):
    assert convened(case).events["PanelConvened"]["caseId"] == case
    assert state_of(commune, case) == CONVENED
    with reverts(error("MediationWrongState", case, CONVENED)):
        convened(case)


def test_not_while_somebody_may_still_help(commune, mediation, case):
    with reverts(error("MediationWrongState", case, DRAWING)):
        mediation.convene(case, acting_as(commune.panels))
