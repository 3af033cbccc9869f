"""A season of a commune in which some members are one person: what their ring gains, and honest work.

A model of the rules of `contracts/work`, `contracts/mediation` and `contracts/reputation` in points, so that
hundreds of seasons are played in seconds. `tests/benchmarks/test_season.py` holds the numbers here to theirs,
and `benchmarks/work_season.py` plays one season on the contracts and compares. It errs on the ring's side:
seats, shifts and cases are there whenever it wants one, it acts as one person and never slips, and of the
honest a tenth is silent when asked.

What the ring does, all at once:

- each fake takes one seat after another and delivers rubbish, until its strikes end that. Rubbish passes
  where both of those drawn to review it are of the ring, or one and then the third;
- drawn to review the honest, a fake asks for rework whatever it sees;
- each fake confirms another's shifts with all that it can confirm, going round so that pairs repeat late;
- each opens as many cases as it may against another of the ring, accepts a mediator of the ring and declines
  others. Where that fails a panel is drawn, whose members are paid.

What the two honest members do: one task after another, delivered well, with all rounds of rework that are
asked for; they review when drawn. Nobody else works: that would give the ring nothing but reviews.

What is left out since it gains the ring no more than its sham cases do: having its failed work, or that of
the honest, overturned. It counts among the same cases; three of five panelists have to be its own; and then
those on the other side, whoever reviewed, may appeal to the assembly, where it is outvoted. What a panel
awards is another party's loss.
"""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks._results import ROOT

CONSTITUTION = ROOT / "scripts" / "constitutions" / "default.toml"

REVIEWERS = 2
PANELISTS = 5
MEDIATORS = 2
# Of what a member has earned, the part that they can confirm of shifts.
CONFIRMABLE_PART = 4


@dataclass(frozen=True)
class Scene:
    """`ring` and `honest` are how many; members are numbered ring first. `task` and `shift` in points; the
    honest do `tasks` in the season. `answers`: how likely an honest member is to answer when asked."""

    members: int = 100
    ring: int = 20
    honest: int = 2
    task: float = 10
    tasks: int = 13
    shift: float = 2
    answers: float = 0.9

    @property
    def fakes(self) -> range:
        return range(self.ring)

    @property
    def workers(self) -> range:
        return range(self.ring, self.ring + self.honest)


@dataclass(frozen=True)
class Rules:
    """The constitution's numbers, in points and times."""

    season_cap: int
    confirmations: int
    strikes: int
    confirm_base: int
    review_reward: int
    mediation_reward: int
    mediation_cases: int
    panel_reward: int

    @classmethod
    def of(cls, constitution: Path = CONSTITUTION) -> Rules:
        listed = tomllib.loads(constitution.read_text(encoding="utf-8"))["parameter"]
        value = {parameter["name"]: parameter["value"] for parameter in listed}
        return cls(
            value["reputation.seasonCap"],
            value["reputation.confirmations"],
            value["work.strikes"],
            value["work.confirmBase"],
            value["review.reward"],
            value["mediation.reward"],
            value["mediation.cases"],
            value["panel.reward"],
        )


@dataclass
class Ledger:
    """Points that each member gained in one season, way by way, and that each has confirmed."""

    rules: Rules
    pairs: Counter[tuple[int, int]] = field(default_factory=Counter)
    gained: Counter[tuple[int, str]] = field(default_factory=Counter)
    confirmed: Counter[int] = field(default_factory=Counter)

    def award(self, member: int, amount: float, way: str, confirmer: int | None = None) -> None:
        """All in one topic, whose cap is the tightest on the honest: the ring is far below it."""
        if confirmer is not None:
            amount = min(amount, self.rules.confirmations - self.confirmed[confirmer])
            self.confirmed[confirmer] += amount
            self.pairs[confirmer, member] += 1
            amount /= self.pairs[confirmer, member]
        self.gained[member, way] += min(amount, self.rules.season_cap - self.of([member]))

    def of(self, members: Iterable[int]) -> float:
        among = set(members)
        return sum(points for (member, _), points in self.gained.items() if member in among)

    def by_way(self, members: Iterable[int]) -> Counter[str]:
        among, found = set(members), Counter[str]()
        for (member, way), points in self.gained.items():
            if member in among:
                found[way] += points
        return found


class Season:
    """`scores`: members' totals when it begins. `pairs`: how often who has confirmed whom before."""

    def __init__(
        self,
        rules: Rules,
        scene: Scene,
        chance: random.Random,
        scores: dict[int, float] | None = None,
        pairs: Counter[tuple[int, int]] | None = None,
    ) -> None:
        self.rules, self.scene, self.chance = rules, scene, chance
        self.scores = scores or {}
        self.ledger = Ledger(rules, pairs if pairs is not None else Counter())

    def play(self) -> Ledger:
        for fake in self.scene.fakes:
            self._tasks(fake, most=1_000)
        for worker in self.scene.workers:
            self._tasks(worker, most=self.scene.tasks)
        self._shifts()
        for fake in self.scene.fakes:
            for _ in range(self.rules.mediation_cases):
                self._case(fake)
        return self.ledger

    def _tasks(self, member: int, most: int) -> None:
        strikes = 0
        for _ in range(most):
            strikes += not self._delivery(member)
            if strikes == self.rules.strikes:
                return

    def _delivery(self, member: int) -> bool:
        """Whether it is accepted. Reviewers stay the same in all rounds, so that rework changes nothing that
        they say here; a split at the end has a third one decide. Who accepts confirms an even part."""
        asked: list[int] = []
        while len(asked) < REVIEWERS:
            asked.append(self._drawn(member, asked))
        accepting = [one for one in asked if self._accepts(one, member)]
        if 2 * len(accepting) == len(asked):
            third = self._drawn(member, asked)
            asked.append(third)
            accepting += [third] if self._accepts(third, member) else []
        for one in asked:
            self.ledger.award(one, self.rules.review_reward, "reviews")
        if 2 * len(accepting) <= len(asked):
            return False
        for one in accepting:
            self.ledger.award(member, self.scene.task / len(accepting), "tasks", confirmer=one)
        return True

    def _drawn(self, member: int, asked: list[int]) -> int:
        """Who is drawn, and answers: the silent are replaced."""
        while True:
            one = self.chance.randrange(self.scene.members)
            answers = one in self.scene.fakes or self.chance.random() < self.scene.answers
            if one != member and one not in asked and answers:
                return one

    def _accepts(self, reviewer: int, member: int) -> bool:
        """The ring's accept their own and nobody else; others see what is good and what is rubbish."""
        return (reviewer in self.scene.fakes) == (member in self.scene.fakes)

    def _shifts(self) -> None:
        ring = self.scene.ring
        for confirmer in self.scene.fakes:
            left = max(self.rules.confirm_base, self.scores.get(confirmer, 0.0) / CONFIRMABLE_PART)
            turn = self.chance.randrange(1, ring)
            while left > 0:
                amount = min(self.scene.shift, left)
                self.ledger.award((confirmer + turn) % ring, amount, "shifts", confirmer)
                left -= amount
                turn = turn % (ring - 1) + 1

    def _case(self, claimant: int) -> None:
        respondent = (claimant + self.chance.randrange(1, self.scene.ring)) % self.scene.ring
        eligible = [one for one in range(self.scene.members) if one not in (claimant, respondent)]
        for mediator in self.chance.sample(eligible, MEDIATORS):
            if mediator in self.scene.fakes:
                for party in (claimant, respondent):
                    self.ledger.award(mediator, self.rules.mediation_reward / 2, "mediation", party)
                return
        for one in self.chance.sample(eligible, PANELISTS):
            if one in self.scene.fakes or self.chance.random() < self.scene.answers:
                self.ledger.award(one, self.rules.panel_reward, "panels")


def seasons(rules: Rules, scene: Scene, seed: int, number: int = 1) -> list[Ledger]:
    """One after the other. A season is a half-life, so that half of a score is left when the next begins;
    what was gained in between counts whole, as if on its last day."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    played: list[Ledger] = []
    scores: dict[int, float] = {}
    pairs: Counter[tuple[int, int]] = Counter()
    for _ in range(number):
        ledger = Season(rules, scene, chance, scores, pairs).play()
        scores = {m: scores.get(m, 0.0) / 2 + ledger.of([m]) for m in range(scene.members)}
        played.append(ledger)
    return played
