"""Chains of delegations: in one topic every member names at most one other, so that from each a single chain
leads on.

A chain ends at the first member who is in `stops` or names nobody, and is worth something only within
`MAX_HOPS` hops. Each member is walked over once, whatever the number of chains that share them: what is known
of a member is how many hops are left to the end, or to the first repetition of a cycle.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import NamedTuple

MAX_HOPS = 8


class Chain(NamedTuple):
    """`end`: memberId of who ends it, `hops` away; 0 where nobody does within `MAX_HOPS`, for `problem`
    ("Cycle" or "ChainTooLong")."""

    end: int
    hops: int
    problem: str | None = None


def chains(
    delegates: Mapping[int, int], stops: Container[int] = (), of: Iterable[int] | None = None
) -> dict[int, Chain]:
    """The chain of each member who delegates, or of those in `of` who do. Whether the member is in `stops`
    themselves does not matter to their own chain."""
    known: dict[int, tuple[int, int]] = {}
    found: dict[int, Chain] = {}
    for member in delegates if of is None else of:
        first = delegates.get(member)
        if first is None:
            continue
        start, taken = (first, 1) if member in stops else (member, 0)
        if start not in known:
            _learn(delegates, stops, start, known)
        end, hops = known[start]
        if hops + taken > MAX_HOPS:
            found[member] = Chain(0, 0, "ChainTooLong")
        else:
            found[member] = Chain(end, hops + taken, None if end else "Cycle")
    return found


def _learn(
    delegates: Mapping[int, int], stops: Container[int], start: int, known: dict[int, tuple[int, int]]
) -> None:
    """Of `start` and all on their chain: (end, hops to it), or (0, hops until a member comes a second
    time)."""
    passed: dict[int, int] = {}
    member = start
    while member not in known:
        if member in passed:
            entry = passed[member]
            around = len(passed) - entry
            for other, place in passed.items():
                known[other] = (0, around + max(0, entry - place))
            return
        if member in stops or member not in delegates:
            known[member] = (member, 0)
            break
        passed[member] = len(passed)
        member = delegates[member]
    end, hops = known[member]
    for other in reversed(passed):
        hops += 1
        known[other] = (end, hops)


def path(delegate_of: Callable[[int], int], member: int, stops: Container[int] = ()) -> list[int]:
    """The members on one member's chain, in their order, until it ends, repeats itself, or is too long;
    `delegate_of` gives 0 for who names nobody."""
    walked: list[int] = []
    here = member
    while len(walked) < MAX_HOPS and (here := delegate_of(here)):
        walked.append(here)
        if here in stops or here == member or here in walked[:-1]:
            break
    return walked


def chain_of(delegate_of: Callable[[int], int], member: int, stops: Container[int] = ()) -> Chain | None:
    """What `chains` says of one member, without the others; None where the member names nobody."""
    walked = path(delegate_of, member, stops)
    if not walked:
        return None
    last = walked[-1]
    if last in stops:
        return Chain(last, len(walked))
    if last == member or last in walked[:-1]:
        return Chain(0, len(walked), "Cycle")
    return Chain(0, 0, "ChainTooLong") if delegate_of(last) else Chain(last, len(walked))


def cycles(delegates: Mapping[int, int]) -> list[list[int]]:
    """Each with its smallest memberId first, in the order of these."""
    found: list[list[int]] = []
    seen: set[int] = set()
    for member in delegates:
        passed: dict[int, int] = {}
        while member in delegates and member not in seen:
            seen.add(member)
            passed[member] = len(passed)
            member = delegates[member]
        if member in passed:
            ring = list(passed)[passed[member] :]
            least = ring.index(min(ring))
            found.append(ring[least:] + ring[:least])
    return sorted(found)
