"""CasePanels.sol's reads."""

from __future__ import annotations

from collections.abc import Iterator

from backend.project.mediation import Case
from backend.project.panels import PANEL_STATE, CaseDecision, Panel, Panelist
from backend.read import assembly, draws
from backend.read.due import Due
from backend.read.moment import Moment

_OVER = ("Carried", "Dismissed", "Overruled")
# A vote that can no longer be carried out.
_LOST = ("Defeated", "Expired", "Canceled")


def state_sql(moment: Moment) -> str:
    """A panel's state as an SQL expression over case_decisions d and their last panels q."""
    vote = (
        f"(SELECT {assembly.state_sql(moment)} FROM proposals p JOIN tallies t"
        " ON t.proposal_id = p.proposal_id WHERE p.proposal_id = d.proposal_id)"
    )
    return PANEL_STATE.format(now=int(moment.now), vote=vote)


def states_sql(moment: Moment) -> str:
    """Rows of (id, state), for every case that a panel has, or had, to do with."""
    return (
        f"SELECT d.case_id AS id, {state_sql(moment)} AS state FROM case_decisions d"
        " LEFT JOIN panels q ON q.case_id = d.case_id AND q.round = d.round"
    )


def state_of(moment: Moment, case_id: int) -> str | None:
    found = moment.reader.one(f"SELECT state FROM ({states_sql(moment)}) s WHERE id = ?", (case_id,))
    return found[0] if found else None


def decision_of(moment: Moment, case_id: int) -> CaseDecision | None:
    return moment.row(CaseDecision, case_id)


def panels_of(moment: Moment, case_id: int) -> list[Panel]:
    """The first, and where too few revealed the second."""
    return moment.rows(Panel, "case_id = ?", (case_id,), "round")


def panelists_of(moment: Moment, case_id: int, round_: int) -> list[Panelist]:
    """In the order in which they were drawn."""
    return moment.rows(Panelist, "case_id = ? AND round = ?", (case_id, round_), "position")


def text_of_draw(moment: Moment, draw_id: int) -> str | None:
    """What a panel's draw is about, as CasePanels.sol writes it; None for any other draw."""
    found = moment.rows(Panel, "draw_id = ?", (draw_id,))
    return f"Panel {found[0].round} for case {found[0].case_id}" if found else None


def vote_state(moment: Moment, decision: CaseDecision) -> str | None:
    """The state of the last vote of the assembly that a case led to."""
    return assembly.state_of(moment, decision.proposal_id) if decision.proposal_id is not None else None


def step_of(moment: Moment, found: Case, state: str | None) -> str | None:
    """What anyone can do to bring on a case whose panel is in this state."""
    if state == "Countable":
        return "count"
    decision = decision_of(moment, found.case_id)
    if decision is None:
        return None
    if state == "Drawing":
        panel = moment.need(Panel, found.case_id, decision.round)
        return "seat" if draws.is_captured(moment, panel.draw_id) else None
    if state in ("Decided", "Assembly"):
        return "carryOut" if _can_be_carried_out(moment, found, decision, state) else None
    return None


def _can_be_carried_out(moment: Moment, found: Case, decision: CaseDecision, state: str) -> bool:
    if found.remedy == "Expulsion" and (state == "Assembly" or decision.extent):
        return moment.now >= found.opened_at + moment.parameters["hearing.length"]
    if state == "Assembly":
        return vote_state(moment, decision) in _LOST
    return decision.appealed_at is not None or moment.now > (decision.appeal_until or 0)


def due(moment: Moment) -> Iterator[Due]:
    """What anyone can do to bring on what a panel has to do with."""
    over = ", ".join(f"'{state}'" for state in _OVER)
    found = moment.reader.query(
        f"SELECT id, state FROM ({states_sql(moment)}) s WHERE state NOT IN ({over}) ORDER BY id"
    )
    for case_id, state in found:
        step = step_of(moment, moment.need(Case, case_id), state)
        if step is not None:
            yield Due("panels", step, (case_id,))
