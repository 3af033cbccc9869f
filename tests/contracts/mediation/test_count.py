"""Counting: the median decides, and silence is not waited for."""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.mediation.panels import (
    ANYONE,
    ASSEMBLY,
    COMMITTING,
    DECIDED,
    DRAWING,
    MEDIATION_REASON,
    SILENCE,
    WINDOW,
    commits,
    panelists_of,
    round_of,
    seated,
    state_of,
    to_count,
    to_reveals,
    voted,
)
from tests.contracts.mediation.steps import EVIDENCE, POINT, set_parameter
from tests.contracts.people import GENERAL, member_id

IMPOSED = 1
NOBODY = (None,) * 5


@pytest.mark.parametrize(
    ("extents", "median"),
    [
        ((0, 0, 2, 4, 4), 2),
        ((4, 4, 4, 0, 0), 4),
        ((3, 0, 1, 0, 0), 0),
        ((1, 3, 2, 4, None), 2),
        ((4, 0, None, 4, 0), 0),
        ((4, 3, 1, None, None), 3),
        ((4, 4, 4, 4, 4), 4),
        ((0, 0, 0, 0, 0), 0),
    ],
)
def test_the_median_of_what_was_revealed_decides(commune, panels, judging, extents, median):
    """The lower one of two."""
    tx = voted(commune, judging, *extents)
    found = tx.events["PanelDecided"]
    assert (found["extent"], found["appealUntil"]) == (median, tx.timestamp + WINDOW)
    assert state_of(commune, judging) == DECIDED
    assert panels.panelOf(judging)["extent"] == median


def test_a_panel_is_counted_once_and_not_too_early(commune, panels, judging):
    with reverts(error("CasePanelsWrongState", judging, COMMITTING)):
        panels.count(judging, ANYONE.tx)
    voted(commune, judging, 1, 1, 1, 1, 1)
    with reverts(error("CasePanelsWrongState", judging, DECIDED)):
        panels.count(judging, ANYONE.tx)


@pytest.mark.parametrize("extents", [NOBODY, (4, 4, None, None, None)])
def test_where_half_or_fewer_reveal_another_panel_is_drawn(commune, panels, judging, extents):
    first = set(panelists_of(commune, judging))
    tx = voted(commune, judging, *extents)
    assert (tx.events["PanelOpened"]["round"], "PanelDecided" in tx.events) == (2, False)
    assert (state_of(commune, judging), round_of(commune, judging)) == (DRAWING, 2)
    second = seated(commune, judging)
    assert not first & set(second)
    assert len(second) == 5
    assert voted(commune, judging, 2, 2, 2, 2, 2).events["PanelDecided"]["extent"] == 2


def test_after_two_panels_the_assembly_decides(commune, panels, judging):
    voted(commune, judging, *NOBODY)
    seated(commune, judging)
    tx = voted(commune, judging, None, None, None, 4, 4)
    assert state_of(commune, judging) == ASSEMBLY
    assert tx.events["AssemblyAsked"]["proposalId"] == panels.panelOf(judging)["proposalId"]
    assert len(tx.events["PanelistSilent"]) == 3


def test_who_commits_and_does_not_reveal_is_silent(commune, panels, judging):
    seats = panelists_of(commune, judging)
    for who in seats:
        commits(commune, judging, who, 4)
    to_reveals(commune, judging)
    to_count(commune, judging)
    tx = panels.count(judging, ANYONE.tx)
    assert [e["memberId"] for e in tx.events["PanelistSilent"]] == [member_id(commune, who) for who in seats]
    assert round_of(commune, judging) == 2


def test_the_silent_get_a_penalty_that_waits_and_once(commune, panels, judging):
    seats = panelists_of(commune, judging)
    tx = voted(commune, judging, None, None, 1, 1, 1)
    silent = [(e["memberId"], e["penaltyId"]) for e in tx.events["PanelistSilent"]]
    assert silent == [(member_id(commune, seats[0]), 1), (member_id(commune, seats[1]), 2)]
    assert commune.penalties.penaltyCount() == 2
    penalty = commune.penalties.penalty(1)
    assert (penalty["memberId"], penalty["topic"], penalty["amount"]) == (silent[0][0], GENERAL, SILENCE)
    assert (penalty["reason"], penalty["state"], penalty["evidence"]) == (MEDIATION_REASON, IMPOSED, EVIDENCE)
    assert penalty["source"] == panels
    with reverts(error("CasePanelsWrongState", judging, DECIDED)):
        panels.count(judging, ANYONE.tx)


def test_who_left_gets_none(commune, panels, judging):
    seats = panelists_of(commune, judging)
    commune.membership.leave(seats[0].tx)
    tx = voted(commune, judging, None, 1, 1, 1, 1)
    assert tx.events["PanelistSilent"]["penaltyId"] == 0
    assert commune.penalties.penaltyCount() == 0


def test_who_reveals_earns_what_the_constitution_says(commune, panels, judging):
    """Nothing, unless the commune decides otherwise."""
    assert "Awarded" not in voted(commune, judging, *NOBODY).events
    set_parameter(commune, "panel.reward", 3)
    seats = seated(commune, judging)
    tx = voted(commune, judging, 1, 1, 1, 1, None)
    awarded = [(e["memberId"], e["amount"], e["confirmer"]) for e in tx.events["Awarded"]]
    assert awarded == [(member_id(commune, who), 3 * POINT, 0) for who in seats[:4]]


def test_where_silence_costs_nothing_no_penalty_is_noted(commune, panels, judging):
    set_parameter(commune, "panel.silence", 0)
    tx = voted(commune, judging, None, 1, 1, 1, 1)
    assert tx.events["PanelistSilent"]["penaltyId"] == 0
