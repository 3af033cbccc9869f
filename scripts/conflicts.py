"""The part of a story in which members fall out: cases, mediators and panels.

A handler for each kind of step (scripts/steps.py), mixed into `scripts.demo.Play`, which knows who is who and
how something is sent. Who mediates and who decides is drawn: a story says what they say.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, ClassVar

from brownie import web3

from backend.cases import Vote
from scripts import steps
from scripts.institutions import listed
from scripts.playing import Playing

MICRO_POINTS = 1_000_000
# IMediation.CaseState and RemedyKind, ICasePanels.PanelState, as far as stories meet them
DRAWING, CONVENED = 1, 7
PENALTY = 0
PANEL_DRAWING, DECIDED = 1, 5
CARRIED = (8, 9)


class Conflicts(Playing):
    """What happens in cases."""

    _cases: dict[str, int]

    # ------------------------------------------------------------------------------------------ mediation

    def _open_case(self, step: steps.OpenCase) -> None:
        remedy = (PENALTY, self._member(step.on), step.points * MICRO_POINTS)
        topic = self._topics.index(step.topic) + 1
        self._settle()
        arguments = ([self._member(step.on)], topic, remedy, self._hash(step.evidence))
        tx = self._send(step.by, self.commune.mediation, "open", *arguments)
        [opened] = self._events(tx, "CaseOpened")
        self._cases[step.case] = int(opened["caseId"])
        self.narrator.fact(
            f"{step.by} opens a case: “{step.evidence}” and asks that {step.on} lose {step.points} points"
        )

    def _seat_mediator(self, step: steps.SeatMediator) -> None:
        """The node's keeper draws where there is one; otherwise somebody else."""
        case, mediation = self._cases[step.case], self.commune.mediation
        self._capture(int(mediation.caseOf(case)["drawId"]), step.by)
        if not self._kept(lambda: mediation.caseOf(case)["state"] != DRAWING):
            self._send(step.by, mediation, "seatMediator", case)
        mediator = self._name_of(int(mediation.caseOf(case)["mediator"]))
        self.narrator.fact(f"the lot asks {mediator} to mediate")
        if step.declined_by:
            self._send(step.declined_by, mediation, "decline", case)
            self.narrator.fact(f"{step.declined_by} declines")
            return
        parties = [self._name_of(int(member)) for member in mediation.partiesOf(case)]
        for name in (mediator, *parties):
            self._send(name, mediation, "accept", case)
        self.narrator.fact(f"{listed((mediator, *parties))} accept")

    def _settle_case(self, step: steps.Settle) -> None:
        case, mediation = self._cases[step.case], self.commune.mediation
        outcome, mediator = self._hash(step.outcome), self._name_of(int(mediation.caseOf(case)["mediator"]))
        self._send(mediator, mediation, "propose", case, outcome)
        parties = [self._name_of(int(member)) for member in mediation.partiesOf(case)]
        gained = 0
        for name in parties:
            tx = self._send(name, mediation, "sign", case, outcome)
            gained += sum(int(a["amount"]) for a in self._events(tx, "Awarded"))
        self.narrator.fact(
            f"{mediator} puts on paper what they agree on, and {listed(parties)} sign: “{step.outcome}” "
            f"{mediator} earns {gained / MICRO_POINTS:.1f} points"
        )

    # ------------------------------------------------------------------------------------------ panels

    def _convene(self, step: steps.Convene) -> None:
        case, panels = self._cases[step.case], self.commune.panels
        if not self._kept(lambda: self.commune.mediation.caseOf(case)["state"] == CONVENED):
            self._send(step.by, panels, "convene", case)
        self._capture(int(panels.panelOf(case)["drawId"]), step.by)
        if not self._kept(lambda: panels.stateOf(case) != PANEL_DRAWING):
            self._send(step.by, panels, "seat", case)
        self.narrator.fact(
            f"the lot seats a panel of {listed(self._panel(case))}: none of them is a party, nor vouched for "
            "one"
        )

    def _panel_votes(self, step: steps.PanelVotes) -> None:
        case, panels = self._cases[step.case], self.commune.panels
        panel, round_ = self._panel(case), int(panels.panelOf(case)["round"])
        if len(panel) != len(step.extents):
            raise self._broke(f"the panel has {len(panel)} members, who say {len(step.extents)} things")
        said = {name: (extent, os.urandom(32)) for name, extent in zip(panel, step.extents, strict=True)}
        for name, (extent, salt) in said.items():
            vote = Vote(case, round_, self._member(name), extent, salt)
            commitment = vote.commitment(web3.eth.chain_id, panels.address)
            self._send(name, panels, "commit", case, commitment)
        self.narrator.fact("each of them commits to a vote that nobody can read yet")
        self._wait_until(int(panels.panelOf(case)["commitUntil"]) + 1)
        self._tell_day()
        for name, (extent, salt) in said.items():
            self._send(name, panels, "reveal", case, self._member(name), extent, salt)
        if not self._kept(lambda: panels.stateOf(case) == DECIDED):
            self._send(step.by, panels, "count", case)
        votes = listed(f"{name} {_quarters(extent)}" for name, (extent, _) in said.items())
        granted = _quarters(int(panels.panelOf(case)["extent"]))
        self.narrator.fact(f"they reveal: {votes}. In the middle is {granted}: that is decided")

    def _carry_out_case(self, step: steps.CarryOutCase) -> None:
        case, panels = self._cases[step.case], self.commune.panels
        if not step.refused:
            self._wait_until(int(panels.panelOf(case)["appealUntil"]) + 1)
            self._tell_day()
        by = "The node's keeper"
        if step.refused or not self._kept(lambda: panels.stateOf(case) in CARRIED):
            by = step.by
            self._send(step.by, panels, "carryOut", case)
        self.narrator.fact(f"{by} has the panel's decision carried out")

    def _panel(self, case: int) -> list[str]:
        panels = self.commune.panels
        drawn = panels.panelistsOf(case, panels.panelOf(case)["round"])
        return [self._name_of(int(member)) for member in drawn]

    _conflicts: ClassVar[dict[type, Callable[[Any, Any], None]]] = {
        steps.OpenCase: _open_case,
        steps.SeatMediator: _seat_mediator,
        steps.Settle: _settle_case,
        steps.Convene: _convene,
        steps.PanelVotes: _panel_votes,
        steps.CarryOutCase: _carry_out_case,
    }


def _quarters(extent: int) -> str:
    return ("nothing", "a quarter", "half", "three quarters", "all of it")[extent]
