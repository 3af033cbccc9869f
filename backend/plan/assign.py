"""The best plan, as a flow of least cost: one unit from each seat to whoever gets it, or to nobody.

::

    seat -> person in a run of seats (1) -> person's tasks (their room) -> person
    person -> their first, second, ... seat (1 each) -> end
    seat -> nobody -> end

Seats at a set time go past the person's tasks. Capacities and costs are whole numbers, so the flow is whole
as well, and the solver proves that it is the best. A person's later seats cost more than their earlier ones,
so that they are used in order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from ortools.graph.python import min_cost_flow


def assign(
    runs: Sequence[int],
    costs: Mapping[tuple[int, int], int],
    places: Sequence[Sequence[int]],
    tasks: Collection[int] = frozenset(),
    task_room: Sequence[int] = (),
) -> dict[int, int]:
    """Who gets each seat that somebody gets: a person's number by the seat's.

    `runs` has the run of each seat; `costs` those of the pairs that may be, by seat and person; `places` has
    for each person what their first, second, ... seat costs more than the pair does. Of the seats in `tasks`
    each person gets at most as many as `task_room` says.
    """
    if not costs:
        return {}
    seats, people = len(runs), len(places)
    last = seats + people
    # Longer than any way by which one seat more could be filled.
    nobody = 1 + seats * (max(costs.values()) + max((place[-1] for place in places if place), default=0))
    several = _several(runs, costs)
    # Of pairs, in their order, and then all others: from, to, room, price.
    direct: list[tuple[int, int, int, int]] = []
    others: list[tuple[int, int, int, int]] = []
    further: dict[tuple[str, int, int], int] = {}

    def through(kind: str, person: int, run: int, room: int, onward: int) -> int:
        """A node on the way to `onward` through which `room` can pass."""
        key = kind, person, run
        if key not in further:
            further[key] = last + 1 + len(further)
            others.append((further[key], onward, room, 0))
        return further[key]

    pairs = list(costs)
    for seat, person in pairs:
        node = seats + person
        if seat in tasks:
            node = through("tasks", person, 0, task_room[person], node)
        if (person, runs[seat]) in several:
            node = through("run", person, runs[seat], 1, node)
        direct.append((seat, node, 1, costs[seat, person]))
    others += [(seats + person, last, 1, price) for person, prices in enumerate(places) for price in prices]
    others += [(seat, last, 1, nobody) for seat in range(seats)]

    flow = min_cost_flow.SimpleMinCostFlow()
    start, end, room, price = np.array(direct + others, dtype=np.int64).T
    added = flow.add_arcs_with_capacity_and_unit_cost(
        start.astype(np.int32), end.astype(np.int32), room.copy(), price.copy()
    )
    flow.set_nodes_supplies(
        np.array([*range(seats), last], dtype=np.int32), np.array([*[1] * seats, -seats], dtype=np.int64)
    )
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"the solver found no flow of least cost: {status.name}")
    used = np.flatnonzero(flow.flows(added[: len(pairs)]))
    return dict(pairs[at] for at in used)


def _several(runs: Sequence[int], costs: Mapping[tuple[int, int], int]) -> set[tuple[int, int]]:
    """The persons and runs of which the person could get more than one seat."""
    once: set[tuple[int, int]] = set()
    several: set[tuple[int, int]] = set()
    for seat, person in costs:
        key = (person, runs[seat])
        (several if key in once else once).add(key)
    return several
