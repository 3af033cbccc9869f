"""Random lives of cases: opened, mediated, judged, appealed, while members join, leave, return and move."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from brownie.exceptions import VirtualMachineError

from tests.contracts.clock import advance, mine_at, now
from tests.contracts.mediation import panels as judgement
from tests.contracts.mediation import steps as cases
from tests.contracts.mediation.panels import ANYONE
from tests.contracts.membership.steps import execute, expel_directly, move_directly
from tests.contracts.people import DAY, GENERAL, SUCCEEDED, Person, joined, person, to_end

MEMBERS = 14
STEPS = (
    *("_open",) * 4, "_join", "_leave", "_return", "_expel", "_move", "_wait",
    *("_answer",) * 4, "_propose", *("_sign",) * 2, "_withdraw", "_give_evidence",
    *("_go_on",) * 9, *("_commit",) * 6, *("_reveal",) * 5, "_appeal", "_appeal", *("_vote",) * 2,
)  # fmt: skip
ENDS = {cases.SETTLED, cases.WITHDRAWN}
PANEL_ENDS = {judgement.CARRIED, judgement.DISMISSED, judgement.OVERRULED}


class Conflicts:
    """What the members do, and what is known of each: who may help or decide in a case."""

    def __init__(self, commune: Any) -> None:
        self.commune, self.mediation, self.panels = commune, commune.mediation, commune.panels
        self.holders: dict[int, Person] = {n: person(n) for n in range(1, MEMBERS + 1)}
        self.active = set(self.holders)
        self.gone: set[int] = set()
        self.vouched: dict[int, set[int]] = {}
        """by whose word a member was last admitted"""
        self.barred: dict[int, set[int]] = {}
        """who was not active when a case opened, a party, or a voucher; and who joined or left since"""
        self.parties: dict[int, list[int]] = {}
        self.opening: dict[int, Any] = {}
        """the transaction that opened a case's vote"""
        self.spare = iter(range(MEMBERS + 1, 45))
        self.counts: Counter[str] = Counter()

    def live(self, steps: int, seed: int) -> None:
        """A random life; then anyone, with nothing but time, brings every case to its end."""
        chance = random.Random(seed)
        for _ in range(steps):
            step = chance.choice(STEPS) if self.parties else "_open"
            self._try(getattr(self, step), chance)
        self._open(chance)
        for case in self.parties:
            if not self.is_over(case) and case % 2 == len(self.parties) % 2:
                self._judge(chance, case)
            self.bring_to_an_end(case)

    def _try(self, call: Any, *arguments: Any) -> None:
        """What is refused changes nothing."""
        try:
            call(*arguments)
        except VirtualMachineError:
            self.counts["refused"] += 1

    # ---------------------------------------------------------------- I30

    def bring_to_an_end(self, case: int) -> None:
        """I30: whatever state a case is in, anyone moves it on, at once or when a time is over."""
        for _ in range(40):
            if self.is_over(case):
                return
            self.go_on(case)
        raise AssertionError(f"case {case} is still in state {cases.state_of(self.commune, case)}")

    def is_over(self, case: int) -> bool:
        state = cases.state_of(self.commune, case)
        return state in ENDS or judgement.state_of(self.commune, case) in PANEL_ENDS

    def go_on(self, case: int) -> None:
        """The next thing that anyone can do in a case, when its time has come."""
        state = cases.state_of(self.commune, case)
        if state == cases.DRAWING:
            self._captured(self.mediation.caseOf(case)["drawId"])
            self._note(case, self.mediation.seatMediator(case, ANYONE.tx))
        elif state in (cases.ACCEPTING, cases.MEDIATING):
            cases.past(self.mediation.caseOf(case)["until"])
            self._note(case, self.mediation.moveOn(case, ANYONE.tx))
        elif state == cases.FAILED:
            self._note(case, self.panels.convene(case, ANYONE.tx))
        else:
            self._go_on_with_panel(case)

    def _go_on_with_panel(self, case: int) -> None:
        state, panel = judgement.state_of(self.commune, case), self.panels.panelOf(case)
        if state == judgement.DRAWING:
            self._captured(panel["drawId"])
            self._note(case, self.panels.seat(case, ANYONE.tx))
        elif state == judgement.COMMITTING:
            cases.past(panel["commitUntil"])
        elif state == judgement.REVEALING:
            cases.past(panel["revealUntil"])
        elif state == judgement.COUNTABLE:
            self._note(case, self.panels.count(case, ANYONE.tx))
        elif panel["proposalId"] and state in (judgement.APPEALED, judgement.ASSEMBLY):
            to_end(self.commune, panel["proposalId"])
            if self.commune.assembly.state(panel["proposalId"]) == SUCCEEDED:
                execute(self.commune, self.opening[case], ANYONE)
            elif judgement.state_of(self.commune, case) == judgement.ASSEMBLY:
                self.panels.carryOut(case, ANYONE.tx)
        else:
            opened_at = self.mediation.caseOf(case)["openedAt"]
            mine_at(max(now(), panel["appealUntil"], opened_at + judgement.HEARING) + 1)
            self._note(case, self.panels.carryOut(case, ANYONE.tx))

    def _captured(self, draw: int) -> None:
        if self.commune.draws.state(draw) == cases.MISSED:
            self.commune.draws.retarget(draw, ANYONE.tx)
        if self.commune.draws.state(draw) != cases.CAPTURED:
            judgement.captured(self.commune, draw, ANYONE)

    # ---------------------------------------------------------------- I31

    def _note(self, case: int, tx: Any) -> None:
        """I31: nobody is drawn who was not active when the case opened, left since, is a party or vouched."""
        if "ProposalCreated" in tx.events:
            self.opening[case] = tx
        drawn = [e["mediator"] for e in self._events(tx, "MediatorDrawn")]
        drawn += [e["memberId"] for e in self._events(tx, "PanelistDrawn")]
        for member in drawn:
            self._require_impartial(case, member)
            self.counts["drawn"] += 1
        for name in ("MediationBegan", "CaseSettled", "PanelDecided", "DecisionCarried", "CaseDismissed"):
            self.counts[name] += len(self._events(tx, name))

    def _require_impartial(self, case: int, member: int) -> None:
        assert member in self.active
        assert member not in self.barred[case] | self._vouchers_of(self.parties[case])

    def _vouchers_of(self, parties: list[int]) -> set[int]:
        return set().union(*(self.vouched.get(party, set()) for party in parties))

    @staticmethod
    def _events(tx: Any, name: str) -> list[Any]:
        return list(tx.events[name]) if name in tx.events else []

    # ---------------------------------------------------------------- members

    def _join(self, chance: random.Random) -> None:
        number = next(self.spare)
        self._admit(person(number), chance)

    def _admit(self, who: Person, chance: random.Random) -> None:
        full = [m for m in sorted(self.active) if self.commune.admission.vouchesLeft(m)]
        vouchers = chance.sample([m for m in full if self.commune.membership.isFull(m)], 2)
        if not self.commune.admission.admissionsLeft():
            return
        member = joined(self.commune, who, [self.holders[m] for m in vouchers])
        self.holders[member] = who
        self.active.add(member)
        self.gone.discard(member)
        self.vouched[member] = set(vouchers)
        for barred in self.barred.values():
            barred.add(member)

    def _leave(self, chance: random.Random) -> None:
        if len(self.active) > 11:
            member = chance.choice(sorted(self.active))
            self.commune.membership.leave(self.holders[member].tx)
            self._lost(member)
            self.gone.add(member)

    def _return(self, chance: random.Random) -> None:
        if self.gone:
            self._admit(self.holders[chance.choice(sorted(self.gone))], chance)

    def _expel(self, chance: random.Random) -> None:
        if len(self.active) > 11:
            member = chance.choice(sorted(self.active))
            expel_directly(self.commune, member)
            self._lost(member)

    def _lost(self, member: int) -> None:
        self.active.discard(member)
        for barred in self.barred.values():
            barred.add(member)

    def _move(self, chance: random.Random) -> None:
        member, to = chance.choice(sorted(self.active)), person(next(self.spare))
        move_directly(self.commune, member, to)
        self.holders[member] = to

    def _wait(self, chance: random.Random) -> None:
        advance(chance.choice((1, DAY, 3 * DAY, 8 * DAY)))

    # ---------------------------------------------------------------- cases

    def _open(self, chance: random.Random) -> None:
        advance(1)
        claimant, *respondents = chance.sample(sorted(self.active), chance.choice((2, 2, 3, 4)))
        kind = chance.choice((cases.PENALTY, cases.AWARD, cases.EXPULSION))
        asked = cases.remedy(respondents[0], kind, 0 if kind == cases.EXPULSION else 3)
        tx = self.mediation.open(respondents, GENERAL, asked, cases.EVIDENCE, self.holders[claimant].tx)
        case = tx.events["CaseOpened"]["caseId"]
        self.parties[case] = [claimant, *respondents]
        everybody = set(range(1, self.commune.membership.memberCount() + 1))
        barred = (everybody - self.active) | set(self.parties[case])
        self.barred[case] = barred | self._vouchers_of(self.parties[case])
        self.counts["opened"] += 1

    def _some(self, chance: random.Random) -> int:
        running = [case for case in self.parties if not self.is_over(case)]
        return chance.choice(running or list(self.parties))

    def _judged(self, chance: random.Random, *states: int) -> int:
        """A case whose panel is in one of these states, where there is one."""
        fitting = [case for case in self.parties if judgement.state_of(self.commune, case) in states]
        return chance.choice(fitting) if fitting else self._some(chance)

    def _somebody(self, chance: random.Random, case: int) -> Person:
        """Mostly a party."""
        among = self.parties[case] if chance.random() < 0.8 else sorted(self.holders)
        return self.holders[chance.choice(among)]

    def _answer(self, chance: random.Random) -> None:
        """All parties and the mediator answer, mostly yes; whoever is left is silent."""
        case = self._some(chance)
        mediator = self.mediation.caseOf(case)["mediator"]
        for member in [*self.parties[case], mediator]:
            if member and chance.random() < 0.9:
                call = self.mediation.accept if chance.random() < 0.9 else self.mediation.decline
                self._try(self._answers, call, case, member)

    def _answers(self, call: Any, case: int, member: int) -> None:
        self._note(case, call(case, self.holders[member].tx))

    def _propose(self, chance: random.Random) -> None:
        case = self._some(chance)
        mediator = self.mediation.caseOf(case)["mediator"]
        outcome = chance.choice((cases.OUTCOME, cases.OTHER_OUTCOME))
        self.mediation.propose(case, outcome, self.holders.get(mediator, ANYONE).tx)

    def _sign(self, chance: random.Random) -> None:
        case = self._some(chance)
        if cases.state_of(self.commune, case) == cases.MEDIATING and chance.random() < 0.5:
            self.mediation.propose(
                case, cases.OUTCOME, self.holders[self.mediation.caseOf(case)["mediator"]].tx
            )
        for party in self.parties[case]:
            tx = self.mediation.sign(case, cases.OUTCOME, self.holders[party].tx)
            self._note(case, tx)

    def _withdraw(self, chance: random.Random) -> None:
        case = self._some(chance)
        if chance.random() < 0.3:
            self.mediation.withdraw(case, self.holders[self.parties[case][0]].tx)

    def _give_evidence(self, chance: random.Random) -> None:
        case = self._some(chance)
        self.mediation.giveEvidence(case, cases.EVIDENCE, self._somebody(chance, case).tx)

    def _go_on(self, chance: random.Random) -> None:
        case = self._some(chance)
        waits = cases.state_of(self.commune, case) in (cases.ACCEPTING, cases.MEDIATING)
        votes = judgement.state_of(self.commune, case) in (judgement.COMMITTING, judgement.REVEALING)
        if not (waits or votes) or chance.random() < 0.3:
            self.go_on(case)

    def _commit(self, chance: random.Random) -> None:
        case = self._judged(chance, judgement.COMMITTING)
        panel_round = self.panels.panelOf(case)["round"]
        for member in self.panels.panelistsOf(case, panel_round):
            if chance.random() < 0.9:
                self._try(self._commits, case, member)

    def _commits(self, case: int, member: int) -> None:
        judgement.commits(self.commune, case, self.holders[member], member % 5)
        self._require_impartial(case, member)

    def _reveal(self, chance: random.Random) -> None:
        case = self._judged(chance, judgement.REVEALING, judgement.COMMITTING)
        judgement.to_reveals(self.commune, case)
        for member in self.panels.panelistsOf(case, self.panels.panelOf(case)["round"]):
            if chance.random() < 0.9:
                self._try(judgement.reveals, self.commune, case, self.holders[member], member % 5)

    def _judge(self, chance: random.Random, case: int) -> None:
        """A case that comes before a panel of whom hardly anybody is silent."""
        while not self.is_over(case) and judgement.state_of(self.commune, case) <= judgement.DRAWING:
            self.go_on(case)
        self._commit(chance)
        self._reveal(chance)

    def _appeal(self, chance: random.Random) -> None:
        case = self._judged(chance, judgement.DECIDED)
        tx = self.panels.appeal(case, judgement.GROUNDS, self._somebody(chance, case).tx)
        self._note(case, tx)
        self.counts["appealed"] += 1

    def _vote(self, chance: random.Random) -> None:
        asked = [case for case in self.opening if not self.is_over(case)]
        case = chance.choice(asked or list(self.parties))
        proposal = self.panels.panelOf(case)["proposalId"]
        for member in sorted(self.active):
            self.commune.assembly.castBallot(proposal, chance.choice((0, 1, 1)), 1, self.holders[member].tx)
