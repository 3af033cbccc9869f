"""Seating a panel: whom the number gives, without who may not decide."""

from brownie import chain, reverts

from backend.draws import shuffle
from tests.contracts.errors import error
from tests.contracts.mediation.panels import (
    ANYONE,
    COMMIT,
    COMMITTING,
    REVEAL,
    convened,
    draw_captured,
    seated,
    state_of,
)
from tests.contracts.mediation.steps import opened_case


def test_the_first_of_the_shuffle_who_may_decide_are_seated(commune, panels, mediation, many, alice, bob):
    case = opened_case(commune, alice, bob)
    convened(commune, case)
    draw_captured(commune, case)
    tx = panels.seat(case, ANYONE.tx)
    number = commune.draws.draw(panels.panelOf(case)["drawId"])["number"]
    mediator = mediation.caseOf(case)["mediator"]
    order = [place + 1 for place in shuffle.order(number, 16) if place + 1 not in (1, 2, mediator)]
    assert panels.panelistsOf(case, 1) == tuple(order[:5])
    assert [e["memberId"] for e in tx.events["PanelistDrawn"]] == order[:5]
    found = tx.events["PanelSeated"]
    assert (found["seats"], found["commitUntil"]) == (5, tx.timestamp + COMMIT)
    assert found["revealUntil"] == tx.timestamp + COMMIT + REVEAL
    assert state_of(commune, case) == COMMITTING


def test_nobody_is_seated_before_the_block_is_there(commune, panels, many, alice, bob):
    case = opened_case(commune, alice, bob)
    convened(commune, case)
    draw = panels.panelOf(case)["drawId"]
    with reverts(error("CasePanelsNotDrawn", case, draw)):
        panels.seat(case, ANYONE.tx)
    chain.mine(300)
    with reverts(error("CasePanelsNotDrawn", case, draw)):
        panels.seat(case, ANYONE.tx)
    commune.draws.retarget(draw, ANYONE.tx)
    assert len(seated(commune, case)) == 5


def test_a_panel_is_seated_once(panels, judging):
    with reverts(error("CasePanelsWrongState", judging, COMMITTING)):
        panels.seat(judging, ANYONE.tx)
    with reverts(error("CasePanelsUnknown", 99)):
        panels.seat(99, ANYONE.tx)
