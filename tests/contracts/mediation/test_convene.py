"""Convening a panel: of five or three, or the assembly where there are too few."""

from brownie import reverts
from eth_abi import encode

from scripts import commune as communes
from tests.contracts.errors import error
from tests.contracts.mediation.panels import (
    ANYONE,
    DRAWING,
    UNKNOWN,
    convened,
    panelists_of,
    seated,
    state_of,
)
from tests.contracts.mediation.steps import (
    CONVENED,
    MEDIATING,
    failed_case,
    opened_case,
)
from tests.contracts.mediation.steps import state_of as case_state_of


def test_anyone_puts_a_case_to_a_panel_once_mediation_failed(commune, panels, many, alice, bob):
    case = failed_case(commune, alice, bob)
    assert state_of(commune, case) == UNKNOWN
    tx = panels.convene(case, ANYONE.tx)
    opened = tx.events["PanelOpened"]
    assert (opened["round"], opened["seats"], opened["drawId"]) == (1, 5, panels.panelOf(case)["drawId"])
    assert tx.events["PanelConvened"]["caseId"] == case
    assert (state_of(commune, case), case_state_of(commune, case)) == (DRAWING, CONVENED)
    with reverts(error("MediationWrongState", case, CONVENED)):
        panels.convene(case, ANYONE.tx)


def test_the_draw_is_from_who_might_have_mediated(commune, panels, many, alice, bob):
    tx = convened(commune, opened_case(commune, alice, bob))
    case = tx.events["PanelOpened"]["caseId"]
    types = ("uint48", "uint32", "uint32[]", "uint32[]")
    opened = commune.mediation.caseOf(case)
    pool = communes.web3.keccak(encode(types, (opened["electorateAt"], 16, [1, 2], [])))
    assert bytes(tx.events["DrawOpened"]["pool"]) == bytes(pool)
    assert tx.events["DrawOpened"]["text"] == "0x" + communes.text_hash(f"Panel 1 for case {case}")


def test_not_while_somebody_may_still_help(commune, panels, case, helping):
    with reverts(error("MediationWrongState", case, MEDIATING)):
        panels.convene(case, ANYONE.tx)
    with reverts(error("MediationUnknown", 99)):
        panels.convene(99, ANYONE.tx)


def test_panelists_are_none_of_the_parties(commune, many, alice, bob):
    case = opened_case(commune, alice, bob)
    convened(commune, case)
    panelists = seated(commune, case)
    assert panelists == panelists_of(commune, case)
    assert len(panelists) == len(set(panelists)) == 5
    assert not {alice, bob} & set(panelists)
