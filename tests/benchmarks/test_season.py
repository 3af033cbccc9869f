"""The model of a season with a ring in it has the rules' own numbers, and says what the documents say."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path
from statistics import mean

import pytest

from benchmarks import _season
from benchmarks._season import Ledger, Rules, Scene, Season, seasons

ROOT = Path(__file__).resolve().parent.parent.parent


def constant(contract: str, name: str) -> int:
    source = (ROOT / "contracts" / contract).read_text(encoding="utf-8")
    (found,) = re.findall(rf"constant {name} = ([0-9_]+);", source)
    return int(found)


def test_its_numbers_are_those_of_the_contracts():
    assert constant("work/Reviews.sol", "REVIEWERS") == _season.REVIEWERS
    assert constant("work/Reviews.sol", "CONFIRMABLE_PART") == _season.CONFIRMABLE_PART
    assert constant("mediation/Mediation.sol", "MOST_MEDIATORS") == _season.MEDIATORS
    rules = Rules.of()
    # A task of more points would pay who is lucky with reviewers once.
    assert Scene().task <= rules.season_cap / constant("work/Assignments.sol", "REWARDS_IN_CAP")


@pytest.mark.parametrize(("task", "most"), [(10, 1.0), (15, 0.85), (20, 0.85)])
def test_a_ring_of_twenty_gains_less_than_two_who_work(task: float, most: float):
    scene = Scene(task=task)
    played = [seasons(Rules.of(), scene, seed)[0] for seed in range(150)]
    assert mean(one.of(scene.fakes) for one in played) < most * mean(one.of(scene.workers) for one in played)


@pytest.mark.parametrize(
    "looser",
    [
        {"confirm_base": 10},
        {"strikes": 10},
        {"mediation_cases": 20},
        {"panel_reward": 5},
        {"review_reward": 4},
        {"mediation_reward": 10},
    ],
)
def test_with_any_of_the_limits_looser_the_ring_gains_more(looser: dict[str, int]):
    """So that the model is one of these limits, and the one above could fail."""

    def ring(rules: Rules) -> float:
        return mean(seasons(rules, Scene(), seed)[0].of(Scene().fakes) for seed in range(30))

    assert ring(replace(Rules.of(), **looser)) > 1.2 * ring(Rules.of())


def test_a_ring_does_not_live_on_its_own_confirmations():
    """Season by season it gains no more, because it can confirm less than half of what it has."""
    gained = [[one.of(Scene().fakes) for one in seasons(Rules.of(), Scene(), seed, 6)] for seed in range(30)]
    first, last = (mean(season[at] for season in gained) for at in (0, -1))
    assert last < 1.1 * first


def test_a_ring_that_is_nearly_everybody_passes_what_it_likes():
    """Limits by lot hold while most are honest, and no longer."""
    scene = Scene(members=100, ring=90, honest=2)
    ledger = Season(Rules.of(), scene, random.Random(1)).play()
    assert ledger.of(scene.fakes) > 20 * ledger.of(scene.workers)


def test_caps_budgets_and_repeated_pairs_hold():
    rules = Rules.of()
    ledger = Ledger(rules)
    for _ in range(3):
        ledger.award(1, 12, "tasks", confirmer=2)
    assert ledger.of([1]) == 12 + 6 + 4
    ledger.award(1, 10_000, "tasks")
    assert ledger.of([1]) == rules.season_cap
    for member in range(3, 60):
        ledger.award(member, 20, "tasks", confirmer=2)
    assert ledger.confirmed[2] == rules.confirmations
