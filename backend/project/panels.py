"""The panels that decide cases: who was drawn, what they committed to and revealed, and what came of it.

A panel's state depends on the time: it is worked out when someone asks, from `PANEL_STATE`.
"""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table

# ICasePanels.PanelState; what is in the tables is never Unknown.
PANEL_STATES = (
    *("Unknown", "Drawing", "Committing", "Revealing", "Countable", "Decided", "Appealed", "Assembly"),
    *("Carried", "Dismissed", "Overruled"),
)
# What a remedy is granted in, from 0 to all of it.
QUARTERS = 4


@table("panels", key=["case_id", "round"], indexes=[["draw_id"]])
class Panel(msgspec.Struct, frozen=True):
    """`drawn`, `committed` and `revealed` count panelists. Times are None until all are seated."""

    case_id: int
    round: int
    seats: int
    draw_id: int
    drawn: int
    committed: int
    revealed: int
    opened_at: int
    commit_until: int | None
    reveal_until: int | None


@table("panelists", key=["case_id", "round", "member_id"], indexes=[["member_id"]])
class Panelist(msgspec.Struct, frozen=True):
    """`position`: the how-manieth drawn, from 0. `extent`: the vote, once revealed. `penalty_id`: of who was
    silent, if they can lose anything."""

    case_id: int
    round: int
    member_id: int
    position: int
    drawn_at: int
    commitment: bytes | None
    committed_at: int | None
    extent: int | None
    revealed_at: int | None
    silent: bool
    penalty_id: int | None


@table("case_decisions", key=["case_id"], indexes=[["proposal_id"]])
class CaseDecision(msgspec.Struct, frozen=True):
    """What became of a case that mediation did not settle, from its first panel on.

    `extent`: quarters granted, at `decided_at`; `appeal_until` is None of an expulsion. `proposal_id`: the
    last vote that the case led to: of the assembly in a panel's place (`asked_at`), on an appeal, or on the
    expulsion (`moved_at`). `amount`: micro-points really lost. One of `carried_at`, `dismissed_at` and
    `overruled_at` once it is over.
    """

    case_id: int
    round: int = 0
    extent: int | None = None
    decided_at: int | None = None
    appeal_until: int | None = None
    appellant: int | None = None
    grounds: bytes | None = None
    appealed_at: int | None = None
    asked_at: int | None = None
    moved_at: int | None = None
    proposal_id: Uint256 | None = None
    carried_at: int | None = None
    dismissed_at: int | None = None
    overruled_at: int | None = None
    amount: int | None = None


panels = Projection("panels", tables=[Panel, Panelist, CaseDecision])

# CasePanels.stateOf for decisions d, with their last panels q, at the time {now}, where {vote} is the state
# of their vote.
PANEL_STATE = """
CASE
  WHEN d.carried_at IS NOT NULL THEN 'Carried'
  WHEN d.dismissed_at IS NOT NULL THEN 'Dismissed'
  WHEN d.overruled_at IS NOT NULL THEN 'Overruled'
  WHEN d.asked_at IS NOT NULL THEN 'Assembly'
  WHEN d.appealed_at IS NOT NULL AND {vote} IN ('Pending', 'Active', 'Succeeded') THEN 'Appealed'
  WHEN d.decided_at IS NOT NULL THEN 'Decided'
  WHEN q.commit_until IS NULL THEN 'Drawing'
  WHEN q.commit_until >= {now} THEN 'Committing'
  WHEN q.reveal_until >= {now} AND q.revealed < q.committed THEN 'Revealing'
  ELSE 'Countable'
END
"""


def _update(state: State, case_id: int, round_: int, **changes: object) -> None:
    state.put(msgspec.structs.replace(state.need(Panel, case_id, round_), **changes))


def _update_panelist(state: State, case_id: int, round_: int, member_id: int, **changes: object) -> None:
    state.put(msgspec.structs.replace(state.need(Panelist, case_id, round_, member_id), **changes))


def _decide(state: State, case_id: int, **changes: object) -> None:
    known = state.get(CaseDecision, case_id) or CaseDecision(case_id)
    state.put(msgspec.structs.replace(known, **changes))


@panels.on(events.CasePanelsPanelOpened)
def panel_opened(state: State, event: events.CasePanelsPanelOpened) -> None:
    state.insert(
        Panel(
            case_id=event.case_id,
            round=event.round,
            seats=event.seats,
            draw_id=event.draw_id,
            drawn=0,
            committed=0,
            revealed=0,
            opened_at=event.at.timestamp,
            commit_until=None,
            reveal_until=None,
        )
    )
    _decide(state, event.case_id, round=event.round)


@panels.on(events.CasePanelsPanelistDrawn)
def panelist_drawn(state: State, event: events.CasePanelsPanelistDrawn) -> None:
    known = state.need(Panel, event.case_id, event.round)
    state.insert(
        Panelist(
            case_id=event.case_id,
            round=event.round,
            member_id=event.member_id,
            position=known.drawn,
            drawn_at=event.at.timestamp,
            commitment=None,
            committed_at=None,
            extent=None,
            revealed_at=None,
            silent=False,
            penalty_id=None,
        )
    )
    _update(state, event.case_id, event.round, drawn=known.drawn + 1)


@panels.on(events.CasePanelsPanelSeated)
def panel_seated(state: State, event: events.CasePanelsPanelSeated) -> None:
    _update(
        state,
        event.case_id,
        event.round,
        seats=event.seats,
        commit_until=event.commit_until,
        reveal_until=event.reveal_until,
    )


@panels.on(events.CasePanelsVoteCommitted)
def vote_committed(state: State, event: events.CasePanelsVoteCommitted) -> None:
    _update_panelist(
        state,
        event.case_id,
        event.round,
        event.member_id,
        commitment=event.commitment,
        committed_at=event.at.timestamp,
    )
    committed = state.need(Panel, event.case_id, event.round).committed + 1
    _update(state, event.case_id, event.round, committed=committed)


@panels.on(events.CasePanelsVoteRevealed)
def vote_revealed(state: State, event: events.CasePanelsVoteRevealed) -> None:
    _update_panelist(
        state,
        event.case_id,
        event.round,
        event.member_id,
        extent=event.extent,
        revealed_at=event.at.timestamp,
    )
    revealed = state.need(Panel, event.case_id, event.round).revealed + 1
    _update(state, event.case_id, event.round, revealed=revealed)


@panels.on(events.CasePanelsPanelistSilent)
def panelist_silent(state: State, event: events.CasePanelsPanelistSilent) -> None:
    _update_panelist(
        state,
        event.case_id,
        event.round,
        event.member_id,
        silent=True,
        penalty_id=event.penalty_id or None,
    )


@panels.on(events.CasePanelsPanelDecided)
def panel_decided(state: State, event: events.CasePanelsPanelDecided) -> None:
    now = event.at.timestamp
    until = event.appeal_until or None
    _decide(state, event.case_id, extent=event.extent, decided_at=now, appeal_until=until)


@panels.on(events.CasePanelsDecisionAppealed)
def decision_appealed(state: State, event: events.CasePanelsDecisionAppealed) -> None:
    _decide(
        state,
        event.case_id,
        appellant=event.member_id,
        grounds=event.grounds,
        appealed_at=event.at.timestamp,
        proposal_id=event.proposal_id,
    )


@panels.on(events.CasePanelsAssemblyAsked)
def assembly_asked(state: State, event: events.CasePanelsAssemblyAsked) -> None:
    _decide(state, event.case_id, asked_at=event.at.timestamp, proposal_id=event.proposal_id or None)


@panels.on(events.CasePanelsMotionToExpel)
def motion_to_expel(state: State, event: events.CasePanelsMotionToExpel) -> None:
    _decide(state, event.case_id, moved_at=event.at.timestamp, proposal_id=event.proposal_id)


@panels.on(events.CasePanelsDecisionCarried)
def decision_carried(state: State, event: events.CasePanelsDecisionCarried) -> None:
    now = event.at.timestamp
    _decide(state, event.case_id, extent=event.extent, carried_at=now, amount=event.amount)


@panels.on(events.CasePanelsCaseDismissed)
def case_dismissed(state: State, event: events.CasePanelsCaseDismissed) -> None:
    _decide(state, event.case_id, dismissed_at=event.at.timestamp)


@panels.on(events.CasePanelsDecisionOverruled)
def decision_overruled(state: State, event: events.CasePanelsDecisionOverruled) -> None:
    _decide(state, event.case_id, overruled_at=event.at.timestamp)
