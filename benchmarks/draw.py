"""Panels drawn by lot: how long the fairest lottery takes to find, and how fair it is.

`panel.500_s`: a panel of 20 from 500 made-up people with six attributes, whose quotas are the shares of a
town that those who came forward are not quite like; the whole way from two tables to the document. What
sortition-algorithms 0.12.15 took for the same on this kind of machine is in docs/benchmarks.md.
`panel.small20.min_probability`: the smallest chance of anyone on the tickets of the pool "example_small_20"
of Flanigan et al. 2021, whose published optimum is 10.0 %.
"""

from __future__ import annotations

import time

from backend.panels import draw_up, read_people, read_quotas
from benchmarks._results import ROOT, Row, publish
from tests.backend.panels.synthetic import people_csv, quotas_csv

PEOPLE = 500
SEATS = 20
PUBLISHED_OPTIMUM = 10.0
EXAMPLE = ROOT / "tests" / "backend" / "panels" / "example_small_20"


def town() -> list[Row]:
    started, used = time.perf_counter(), time.process_time()
    document = draw_up(read_people(people_csv(PEOPLE)), read_quotas(quotas_csv(SEATS)), SEATS)
    used, elapsed = time.process_time() - used, time.perf_counter() - started
    return [
        Row("panel.500_s", elapsed, "s"),
        Row("panel.500_cpu_s", used, "s"),
        Row("panel.500.min_probability", document.least * 100, "%", "optimum", document.optimum / 10_000),
    ]


def published_example() -> list[Row]:
    header, *rows = (EXAMPLE / "respondents.csv").read_text().splitlines()
    people = "\n".join([f"id,{header}", *(f"{line},{row}" for line, row in enumerate(rows))])
    started = time.perf_counter()
    document = draw_up(read_people(people), read_quotas((EXAMPLE / "categories.csv").read_text()), SEATS)
    elapsed = time.perf_counter() - started
    return [
        Row(
            *("panel.small20.min_probability", document.least * 100, "%", "published optimum"),
            PUBLISHED_OPTIMUM,
        ),
        Row("panel.small20_s", elapsed, "s"),
    ]


if __name__ == "__main__":
    # A smallest chance below the published optimum would tell in the ratio.
    publish("draw", [*town(), *published_example()], {"panel.500_s": ("value", 60.0)})
