"""Groups whose reputation comes from inside.

In a commune that works, everybody is confirmed by many, so that "who confirms whom" is one large knot and
being part of a cycle says nothing. What tells a ring is how much of its reputation comes from within,
compared with what would by chance. Groups are looked for with the Louvain method (V. Blondel, J.-L.
Guillaume, R. Lambiotte, E. Lefebvre, "Fast unfolding of communities in large networks", 2008), which joins
members while that raises the modularity: the confirmations within groups beyond what chance would put there.
Each group is split again by itself, since the method overlooks small groups in large graphs.

A group is shown as a ring where

- it has at least two members and each was confirmed by another of them and confirmed one (strongly
  connected: from each a chain of confirmations leads to each);
- at least half of what its members were confirmed comes from inside; and
- that is at least twice what chance would give: the share that its members have in all confirmations.

Whoever passes is not looked into further. All sums are whole numbers, all ties go to the lower memberId.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from backend.standing.graph import Confirmations, received

INSIDE = 0.5
BEYOND_CHANCE = 2.0

# Weights between members in both directions, with what stays within one at its own key.
_Weights = Mapping[int, Mapping[int, int]]


@dataclass(frozen=True)
class Ring:
    """`confirmed`: micro-points that its members were confirmed, as they count now; `inside`: of these, by
    one another. `share` is their ratio, `by_chance` what it would be by chance. `density`: of all pairs one
    way, how many confirmed."""

    members: tuple[int, ...]
    confirmed: int
    inside: int
    share: float
    by_chance: float
    density: float


def rings(confirmations: Confirmations) -> list[Ring]:
    """The one with the largest sum from inside first."""
    measure = _Measure(confirmations)
    found: list[Ring] = []
    waiting = [group for group in _groups(confirmations, measure.everybody) if len(group) > 1]
    while waiting:
        group = waiting.pop()
        ring = measure.of(group)
        parts = _strongly_connected(confirmations, group)
        if len(parts) == 1 and ring.share >= INSIDE and ring.share >= BEYOND_CHANCE * ring.by_chance:
            found.append(ring)
            continue
        finer = parts if len(parts) > 1 else _groups(confirmations, group)
        waiting += [part for part in finer if 1 < len(part) < len(group)]
    return sorted(found, key=lambda ring: (-ring.inside, ring.members))


class _Measure:
    """What each member was confirmed and has confirmed in all, worked out once."""

    def __init__(self, confirmations: Confirmations) -> None:
        self._confirmations = confirmations
        self._given = {confirmer: sum(given.values()) for confirmer, given in confirmations.items()}
        self._received = {member: sum(by.values()) for member, by in received(confirmations).items()}
        self._total = sum(self._given.values())
        self.everybody = self._given.keys() | self._received.keys()

    def of(self, group: Collection[int]) -> Ring:
        confirmed = sum(self._received.get(member, 0) for member in group)
        inside = [
            amount
            for member in group
            for other, amount in self._confirmations.get(member, {}).items()
            if other in group
        ]
        return Ring(
            members=tuple(sorted(group)),
            confirmed=confirmed,
            inside=sum(inside),
            share=sum(inside) / confirmed if confirmed else 0.0,
            by_chance=sum(self._given.get(member, 0) for member in group) / self._total,
            density=len(inside) / (len(group) * (len(group) - 1)),
        )


# Groups by modularity


def _groups(confirmations: Confirmations, among: Collection[int]) -> list[frozenset[int]]:
    """The groups in which the Louvain method leaves them, each with the lowest memberId first."""
    weights: dict[int, defaultdict[int, int]] = {member: defaultdict(int) for member in sorted(among)}
    for confirmer in weights:
        for member, amount in confirmations.get(confirmer, {}).items():
            if member in weights:
                weights[confirmer][member] += amount
                weights[member][confirmer] += amount
    parts = {member: frozenset([member]) for member in weights}
    graph: _Weights = weights
    while True:
        group_of = _moved(graph)
        joined: dict[int, set[int]] = {}
        for node, group in group_of.items():
            joined.setdefault(group, set()).update(parts[node])
        if len(joined) == len(parts):
            return [parts[node] for node in sorted(parts)]
        parts = {min(members): frozenset(members) for members in joined.values()}
        name = {group: min(members) for group, members in joined.items()}
        graph = _condensed(graph, {node: name[group] for node, group in group_of.items()})


def _moved(graph: _Weights) -> dict[int, int]:
    """Each node's group after moving nodes to the neighbour's group that gains most, until none gains."""
    degree = {node: sum(others.values()) + others.get(node, 0) for node, others in graph.items()}
    twice = sum(degree.values())
    group_of = {node: node for node in graph}
    of_group = dict(degree)
    waiting = deque(graph)
    queued = set(graph)
    while waiting:
        node = waiting.popleft()
        queued.discard(node)
        own = best = group_of[node]
        of_group[own] -= degree[node]
        towards: dict[int, int] = {own: 0}
        for other, weight in graph[node].items():
            if other != node:
                group = group_of[other]
                towards[group] = towards.get(group, 0) + weight
        # The modularity gained, times the square of all weights: a whole number.
        most = towards[own] * twice - of_group[own] * degree[node]
        for group, weight in sorted(towards.items()):
            gain = weight * twice - of_group[group] * degree[node]
            if gain > most:
                best, most = group, gain
        group_of[node] = best
        of_group[best] += degree[node]
        if best != own:
            for other in graph[node]:
                if group_of[other] != best and other not in queued:
                    waiting.append(other)
                    queued.add(other)
    return group_of


def _condensed(graph: _Weights, group_of: Mapping[int, int]) -> dict[int, defaultdict[int, int]]:
    """One node for each group. What lies within one is counted once at its own key."""
    found: dict[int, defaultdict[int, int]] = {
        group: defaultdict(int) for group in sorted(set(group_of.values()))
    }
    for node, others in graph.items():
        for other, weight in others.items():
            a, b = group_of[node], group_of[other]
            if node == other or a != b:
                found[a][b] += weight
            elif node < other:
                found[a][a] += weight
    return found


# Strong connection


def _strongly_connected(confirmations: Confirmations, among: Collection[int]) -> list[frozenset[int]]:
    """The parts of `among` in which a chain of confirmations leads from each member to each."""
    onward = {
        member: [other for other in confirmations.get(member, ()) if other in among]
        for member in sorted(among)
    }
    back: dict[int, list[int]] = {member: [] for member in onward}
    for member, others in onward.items():
        for other in others:
            back[other].append(member)
    order: list[int] = []
    seen: set[int] = set()
    for member in onward:
        order += _last_first(member, onward, seen)[::-1]
    parts: list[frozenset[int]] = []
    seen = set()
    for member in reversed(order):
        if member not in seen:
            parts.append(frozenset(_last_first(member, back, seen)))
    return parts


def _last_first(start: int, onward: Mapping[int, Iterable[int]], seen: set[int]) -> list[int]:
    """All that can be reached from `start` and was not seen, each before those that it led to."""
    if start in seen:
        return []
    seen.add(start)
    done: list[int] = []
    stack = [(start, iter(onward[start]))]
    while stack:
        member, others = stack[-1]
        following = next((other for other in others if other not in seen), None)
        if following is None:
            done.append(member)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, iter(onward[following])))
    return done[::-1]
