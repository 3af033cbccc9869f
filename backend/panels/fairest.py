"""The fairest lottery over panels, by column generation on HiGHS.

People who are alike in every attribute are one kind: they get the same chance, so that a panel is how many
it has of each kind. The leximin lottery maximises the smallest chance z over lotteries of the panels known
so far (a linear programme). Its dual prices the kinds; a panel worth more than the price of a place in the
lottery would make z larger and is found by an integer programme; when there is none, z is the optimum for
all panels. Then the kinds whose price is positive can have no more than z in any lottery that gives z to
all: their chance is settled, and the next stage raises the smallest chance of the others.

The integer programmes start from their relaxation. A kind whose number the relaxation leaves at a bound,
with a reduced cost beyond what is lost by rounding, is there in the best panel too, so that only a core of
kinds has to be searched; the core grows until that holds. While a panel is only to be better than the price,
a good one will do: the best is looked for where it decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from backend.panels.errors import PersonExcluded, QuotasImpossible
from backend.panels.pool import People, Quota, groups

Floats = NDArray[np.float64]

# How far below the optimum a stage may stop: a hundredth of a ticket in a thousand.
_TOLERANCE = 1e-5
# Prices and chances closer to 0 than this are 0.
_ZERO = 1e-6
# Panels to begin with: those that most have what the ones before had least.
_FIRST_PANELS = 60
_CORES = (40, 120)
# The share of what a panel could be better by that the one found may lack.
_SLACK = 0.3


@dataclass(frozen=True)
class Lottery:
    """`kinds` are places of people who are alike; `panels` have a row each: how many it has of each kind."""

    kinds: tuple[tuple[int, ...], ...]
    panels: NDArray[np.int64]
    weights: Floats

    @property
    def heads(self) -> Floats:
        return np.array([len(kind) for kind in self.kinds], dtype=np.float64)

    @property
    def least(self) -> float:
        """The smallest chance of anyone."""
        return float((self.weights @ self.panels / self.heads).min())


def fairest(
    people: People, quotas: Sequence[Quota], size: int, progress: Callable[[int], None] = lambda settled: None
) -> Lottery:
    """The leximin lottery. `progress` is told how many people's chances are settled.

    Raises `QuotasImpossible` and `PersonExcluded`.
    """
    alike: dict[tuple[str, ...], list[int]] = {}
    for place, person in enumerate(people.people):
        alike.setdefault(person.values, []).append(place)
    kinds = tuple(tuple(places) for places in alike.values())
    search = _Search(people, kinds, quotas, size)
    lotteries = _Lotteries(search.heads)
    for panel in _first_panels(people, kinds, search):
        lotteries.add(panel)
    settled = np.zeros(len(kinds), dtype=bool)
    while not settled.all():
        least, prices = _stage(search, lotteries)
        tight = ~settled & (prices > _ZERO)
        if not tight.any():
            # Only rounding is left to decide.
            tight = ~settled
        lotteries.settle(np.flatnonzero(tight), least)
        settled |= tight
        progress(int(search.heads[settled].sum()))
    return Lottery(kinds, np.array(lotteries.panels, dtype=np.int64), lotteries.weights())


def _stage(search: _Search, lotteries: _Lotteries) -> tuple[float, Floats]:
    """The largest smallest chance of those not settled, and the prices of the kinds that prove it."""
    while True:
        least, prices, worth = lotteries.solve()
        panel = search.best(prices / search.heads, above=worth + _TOLERANCE)
        if panel is None or not lotteries.add(panel):
            return least, prices


def _first_panels(people: People, kinds: Sequence[Sequence[int]], search: _Search) -> list[Floats]:
    """Panels in which everybody is once. Raises `PersonExcluded`."""
    seats = np.zeros(len(kinds))
    panels = []
    for _ in range(_FIRST_PANELS):
        panels.append(_best(search, np.exp(-seats / search.heads)))
        seats += panels[-1]
    excluded: list[str] = []
    for kind in range(len(kinds)):
        if seats[kind]:
            continue
        panel = _best(search, np.eye(len(kinds))[kind])
        if panel[kind]:
            panels.append(panel)
            seats += panel
        else:
            excluded += [people.people[place].id for place in kinds[kind]]
    if excluded:
        raise PersonExcluded(sorted(excluded))
    return panels


def _best(search: _Search, weights: Floats) -> Floats:
    panel = search.best(weights)
    assert panel is not None
    return panel


class _Search:
    """Finds the panel that keeps the quotas and weighs most."""

    def __init__(
        self, people: People, kinds: Sequence[Sequence[int]], quotas: Sequence[Quota], size: int
    ) -> None:
        self.heads = np.array([len(kind) for kind in kinds], dtype=np.float64)
        kind_of = {place: number for number, places in enumerate(kinds) for place in places}
        self._quotas = tuple(quotas)
        rows = [list(range(len(kinds)))]
        rows += [sorted({kind_of[place] for place in places}) for _, places in groups(people, quotas)]
        lower = [size, *(quota.least for quota in quotas)]
        upper = [size, *(quota.most for quota in quotas)]
        self._columns = np.arange(len(kinds), dtype=np.int32)
        self._relaxed = _solver(_programme(self.heads, rows, lower, upper))
        self._whole = _solver(_programme(self.heads, rows, lower, upper, whole=True))
        self._whole.setOptionValue("mip_rel_gap", 0.0)
        self._whole.run()
        if self._whole.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise QuotasImpossible(self._changes(rows, lower, upper))

    def best(self, weights: Floats, above: float | None = None) -> Floats | None:
        """The heaviest panel; with `above` one that weighs more than that, or None if there is none."""
        self._relaxed.changeColsCost(len(self._columns), self._columns, weights)
        numbers, reduced = _solved(self._relaxed)
        bound = float(weights @ numbers)
        if above is not None and bound <= above:
            return None
        rounded = np.rint(numbers)
        if np.abs(numbers - rounded).max() < _ZERO:
            return rounded
        gap = _SLACK * (bound - above) if above is not None else 0.0
        self._whole.setOptionValue("mip_abs_gap", max(gap, 1e-9))
        reduced = np.abs(reduced)
        order = np.argsort(reduced, kind="stable")
        for core in (*(core for core in _CORES if core < len(order)), len(order)):
            panel = self._searched(weights, rounded, order[:core])
            if panel is None:
                continue
            weight = float(weights @ panel)
            if above is not None and weight > above:
                return panel
            if core == len(order) or weight >= bound - reduced[order[core]] + gap:
                return panel if above is None else None
        raise AssertionError("a panel was found before, and none is now")

    def _searched(self, weights: Floats, rounded: Floats, core: NDArray[np.intp]) -> Floats | None:
        """The heaviest panel that differs from `rounded` in the core only; None if there is none."""
        lower, upper = rounded.copy(), rounded.copy()
        lower[core], upper[core] = 0.0, self.heads[core]
        self._whole.clearSolver()
        self._whole.changeColsBounds(len(self._columns), self._columns, lower, upper)
        self._whole.changeColsCost(len(self._columns), self._columns, weights)
        self._whole.run()
        if self._whole.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        return np.rint(_solution(self._whole)[0])

    def _changes(
        self, rows: Sequence[Sequence[int]], lower: Sequence[int], upper: Sequence[int]
    ) -> list[str]:
        """The fewest seats by which quotas would have to give way for there to be a panel, in words."""
        kinds, quotas = len(self.heads), len(self._quotas)
        # For each quota one column of seats that it lacks and one of those that it has too many.
        wider = [
            rows[0],
            *([*row, kinds + number, kinds + quotas + number] for number, row in enumerate(rows[1:])),
        ]
        heads = np.concatenate([self.heads, np.full(2 * quotas, float(sum(self.heads)))])
        programme = _programme(heads, wider, lower, upper, whole=True)
        values = np.ones(len(programme.a_matrix_.index_))
        values[np.asarray(programme.a_matrix_.index_) >= kinds + quotas] = -1.0
        programme.a_matrix_.value_ = values
        programme.col_cost_ = np.concatenate([np.zeros(kinds), -np.ones(2 * quotas)])
        numbers = np.rint(_solved(_solver(programme))[0])
        changes = []
        for number, quota in enumerate(self._quotas):
            lacks, exceeds = int(numbers[kinds + number]), int(numbers[kinds + quotas + number])
            if lacks:
                changes.append(
                    f"at least {quota.least - lacks} of {quota.attribute} {quota.value} (not {quota.least})"
                )
            if exceeds:
                changes.append(
                    f"at most {quota.most + exceeds} of {quota.attribute} {quota.value} (not {quota.most})"
                )
        return changes


class _Lotteries:
    """The linear programme over lotteries of known panels: columns are the smallest chance, then panels."""

    def __init__(self, heads: Floats) -> None:
        self._heads = heads
        self.panels: list[Floats] = []
        self._known: set[bytes] = set()
        self._numbers = np.zeros(0)
        kinds = len(heads)
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = 1, kinds + 1
        programme.sense_ = highspy.ObjSense.kMaximize
        programme.col_cost_, programme.col_lower_, programme.col_upper_ = np.ones(1), np.zeros(1), np.ones(1)
        # A row for each kind: its chance less the smallest one. The last: the weights add up to 1.
        programme.row_lower_ = np.append(np.zeros(kinds), 1.0)
        programme.row_upper_ = np.append(np.full(kinds, highspy.kHighsInf), 1.0)
        programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        programme.a_matrix_.start_ = np.array([0, kinds])
        programme.a_matrix_.index_ = np.arange(kinds)
        programme.a_matrix_.value_ = -np.ones(kinds)
        self._solver = _solver(programme)
        # A lottery stays one when a panel is added: the primal simplex goes on from it.
        self._solver.setOptionValue("simplex_strategy", 4)
        self._solver.setOptionValue("primal_feasibility_tolerance", _ZERO / 1000)

    def add(self, panel: Floats) -> bool:
        """Adds a panel; False if it is known."""
        if panel.tobytes() in self._known:
            return False
        self._known.add(panel.tobytes())
        self.panels.append(panel)
        kinds = np.flatnonzero(panel)
        self._solver.addCol(
            0.0,
            0.0,
            highspy.kHighsInf,
            len(kinds) + 1,
            np.append(kinds, len(self._heads)).astype(np.int32),
            np.append(panel[kinds] / self._heads[kinds], 1.0),
        )
        return True

    def solve(self) -> tuple[float, Floats, float]:
        """The largest smallest chance; the price of each kind; the price of a place in the lottery."""
        numbers, _ = _solved(self._solver)
        self._numbers = numbers[1:]
        prices = -np.array(self._solver.getSolution().row_dual)
        return float(numbers[0]), np.maximum(prices[:-1], 0.0), -float(prices[-1])

    def settle(self, kinds: NDArray[np.intp], chance: float) -> None:
        """From now on these kinds have this chance, but for rounding, whatever the others have."""
        for kind in kinds:
            self._solver.changeRowBounds(int(kind), chance - _ZERO, highspy.kHighsInf)
            self._solver.changeCoeff(int(kind), 0, 0.0)

    def weights(self) -> Floats:
        """Of the panels in the last solution, adding up to 1."""
        weights = np.zeros(len(self.panels))
        weights[: len(self._numbers)] = np.maximum(self._numbers, 0.0)
        return np.asarray(weights / weights.sum())


def _programme(
    heads: Floats,
    rows: Sequence[Sequence[int]],
    lower: Sequence[int],
    upper: Sequence[int],
    *,
    whole: bool = False,
) -> highspy.HighsLp:
    """Maximise over numbers of each kind, where each row's kinds together are between its bounds."""
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(heads), len(rows)
    programme.sense_ = highspy.ObjSense.kMaximize
    programme.col_cost_, programme.col_lower_ = np.zeros(len(heads)), np.zeros(len(heads))
    programme.col_upper_ = heads
    programme.row_lower_, programme.row_upper_ = np.array(lower, np.float64), np.array(upper, np.float64)
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.cumsum([0, *map(len, rows)])
    programme.a_matrix_.index_ = np.array([kind for row in rows for kind in row])
    programme.a_matrix_.value_ = np.ones(sum(map(len, rows)))
    if whole:
        programme.integrality_ = [highspy.HighsVarType.kInteger] * len(heads)
    return programme


def _solver(programme: highspy.HighsLp) -> highspy.Highs:
    """HiGHS, silent, and with one thread: what it finds does not depend on which of several is faster."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(programme)
    return solver


def _solved(solver: highspy.Highs) -> tuple[Floats, Floats]:
    solver.run()
    return _solution(solver)


def _solution(solver: highspy.Highs) -> tuple[Floats, Floats]:
    """The numbers of the optimum, and their reduced costs."""
    status = solver.getModelStatus()
    assert status == highspy.HighsModelStatus.kOptimal, status
    solution = solver.getSolution()
    return np.array(solution.col_value), np.array(solution.col_dual)
