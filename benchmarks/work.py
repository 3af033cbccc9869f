"""Work: how long the planner takes, and what a ring of fake members gains beside two who work.

`planner.500x200_s`: seconds by the clock to suggest 200 open seats to 500 made-up members, reasons included;
the median of five plans. It breaks unless the plan is the same in another order.

`sybil.ring20_vs_2_ratio`: in a commune of 100, what a ring of 20 gains in a season by every way that the
rules leave it, by what two honest members gain with one task a week, each a mean over many seasons of the
model in `benchmarks/_season.py`. The tasks are of 10 points, half of the most that there may be.
`benchmarks/work_season.py` plays one such season on the contracts.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from statistics import mean, median

from backend.plan import plan
from benchmarks._results import Row, publish
from benchmarks._season import Ledger, Rules, Scene, seasons
from tests.backend.plan.synthetic import people, seats

SEATS, PEOPLE, RUNS = 200, 500, 5
SEASONS = 300
LIMITS = {"planner.500x200_s": ("value", 2.0), "sybil.ring20_vs_2_ratio": ("value", 1.0)}


def planned() -> list[Row]:
    open_seats, members = seats(SEATS), people(PEOPLE)
    made, took, used = [], [], []
    for seed in range(RUNS):
        order = random.Random(seed)  # noqa: S311 - to be repeated
        order.shuffle(open_seats)
        order.shuffle(members)
        started, busy = time.perf_counter(), time.process_time()
        made.append(plan(open_seats, members))
        took.append(time.perf_counter() - started)
        used.append(time.process_time() - busy)
    if any(one != made[0] for one in made):
        raise RuntimeError("the plan depends on the order of seats and people")
    return [
        Row("planner.500x200_s", median(took), "s"),
        Row("planner.500x200_cpu_s", median(used), "s"),
        Row("planner.500x200.suggested", len(made[0].suggestions), "seats"),
    ]


def played() -> list[Row]:
    rules = Rules.of()
    of_ten = _many(rules, Scene())
    ring, honest = (mean(part) for part in _both(of_ten, Scene()))
    ways = sum((one.by_way(Scene().fakes) for one in of_ten), start=Counter[str]())
    less = [ours < theirs for ours, theirs in zip(*_both(of_ten, Scene()), strict=True)]
    rows = [
        Row("sybil.ring20_vs_2_ratio", ring / honest, "x"),
        Row("sybil.ring20", ring, "points"),
        Row("sybil.honest2", honest, "points"),
        Row("sybil.seasons_with_less", 100 * mean(less), "%"),
        *(Row(f"sybil.ring20.{way}", ways[way] / SEASONS, "points") for way in sorted(ways)),
    ]
    for task in (5, 15, 20):
        scene = Scene(task=task)
        ring, honest = (mean(part) for part in _both(_many(rules, scene), scene))
        rows.append(Row(f"sybil.ring20_vs_2_ratio.{task}_points", ring / honest, "x"))
    return rows


def _many(rules: Rules, scene: Scene) -> list[Ledger]:
    return [seasons(rules, scene, seed)[0] for seed in range(SEASONS)]


def _both(ledgers: list[Ledger], scene: Scene) -> tuple[list[float], list[float]]:
    """What the ring gained in each season, and the honest."""
    return [one.of(scene.fakes) for one in ledgers], [one.of(scene.workers) for one in ledgers]


if __name__ == "__main__":
    publish("work", [*planned(), *played()], LIMITS)
