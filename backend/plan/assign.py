"""The best plan, as a flow of least cost: one unit from each seat to whoever gets it, or to nobody.

::

    seat -> person in a run of seats (1) -> person -> their first, second, ... seat (1 each) -> end
    seat -> nobody -> end

Capacities and costs are whole numbers, so the flow is whole as well, and the solver proves that it is the
best. A person's later seats cost more than their earlier ones, so that they are used in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from ortools.graph.python import min_cost_flow


def assign(
    runs: Sequence[int],
    costs: Mapping[tuple[int, int], int],
    places: Sequence[Sequence[int]],
) -> dict[int, int]:
    """Who gets each seat that somebody gets: a person's number by the seat's.

    `runs` has the run of each seat; `costs` those of the pairs that may be, by seat and person; `places` has
    for each person what their first, second, ... seat costs more than the pair does.
    """
    if not costs:
        return {}
    seats, people = len(runs), len(places)
    # Longer than any way by which one seat more could be filled.
    nobody = 1 + seats * (max(costs.values()) + max((place[-1] for place in places if place), default=0))
    between: dict[tuple[int, int], int] = {}
    start: list[int] = []
    end: list[int] = []
    price: list[int] = []
    several = _several(runs, costs)
    first_between = seats + people + 1
    last = seats + people
    for (seat, person), of_pair in costs.items():
        key = (person, runs[seat])
        node = between.setdefault(key, first_between + len(between)) if key in several else seats + person
        start.append(seat)
        end.append(node)
        price.append(of_pair)
    for (person, _), node in between.items():
        start.append(node)
        end.append(seats + person)
        price.append(0)
    for person, prices in enumerate(places):
        start += [seats + person] * len(prices)
        end += [last] * len(prices)
        price += prices
    start += range(seats)
    end += [last] * seats
    price += [nobody] * seats

    flow = min_cost_flow.SimpleMinCostFlow()
    ones = np.ones(len(start), dtype=np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.array(start, dtype=np.int32), np.array(end, dtype=np.int32), ones, np.array(price, dtype=np.int64)
    )
    flow.set_nodes_supplies(
        np.array([*range(seats), last], dtype=np.int32), np.array([*[1] * seats, -seats], dtype=np.int64)
    )
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"the solver found no flow of least cost: {status.name}")
    pairs = list(costs)
    used = np.flatnonzero(flow.flows(arcs[: len(pairs)]))
    return dict(pairs[arc] for arc in used)


def _several(runs: Sequence[int], costs: Mapping[tuple[int, int], int]) -> set[tuple[int, int]]:
    """The persons and runs of which the person could get more than one seat."""
    once: set[tuple[int, int]] = set()
    several: set[tuple[int, int]] = set()
    for seat, person in costs:
        key = (person, runs[seat])
        (several if key in once else once).add(key)
    return several
