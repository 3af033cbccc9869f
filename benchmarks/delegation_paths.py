"""How long a keeper takes to find all who follow in a closing vote of 100,000 members, from a node's tables:
reading delegations as they stood, ballots and electorate, and walking the chains.

Nine members in ten delegate and one in ten votes, a tenth of these on the last day. The graphs: anyone
names anyone (what `paths.100k_s` measures), `few` speak for most, and some of these for others, a `line` is
one chain through all members, `rings` are cycles of twelve. A tenth changed their minds since the vote
opened. Figures are medians of five runs, by the clock.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from backend.commune import COMMUNE
from backend.delegation import concentration, cycles, weights
from backend.project.assembly import Ballot, Proposal, Tally
from backend.project.delegation import Delegation, DelegationChange
from backend.project.membership import Member
from backend.read import Moment
from backend.read import delegation as reads
from backend.store import Reader, Store, table_of
from benchmarks._results import Row, publish

MEMBERS = 100_000
RUNS = 5
TOPIC, PROPOSAL = 2, 7
OPENED = 1_767_225_600
VOTING, DAY = 4 * 86_400, 86_400
LIMITS = {"paths.100k_s": ("value", 2.0)}


def anyone(chance: random.Random, member: int) -> int:
    return chance.randrange(1, MEMBERS + 1)


def few(chance: random.Random, member: int) -> int:
    return chance.randrange(1, 300) if member > 300 else chance.randrange(1, 30)


def line(chance: random.Random, member: int) -> int:
    return member % MEMBERS + 1


def rings(chance: random.Random, member: int) -> int:
    return member + 1 if member % 12 else max(1, member - 11)


def filled(folder: Path, names: Callable[[random.Random, int], int], seed: int) -> Path:
    """A node's database in the middle of the vote's follow period."""
    chance = random.Random(seed)  # noqa: S311 - a test's
    path = folder / f"{names.__name__}.sqlite"
    store = Store(path, COMMUNE.tables)
    members = range(1, MEMBERS + 1)
    delegating = [(m, to) for m in members if chance.random() < 0.9 and (to := names(chance, m)) != m]
    changed = {member for member, _ in delegating if chance.random() < 0.1}
    voting = [(m, chance.random() < 0.1) for m in members if chance.random() < 0.1]
    with store.transaction():
        store.create_tables()
        store.insert(
            table_of(Member),
            [Member(m, m.to_bytes(20, "big"), "Active", 1, 1, True, 1) for m in members],
        )
        store.insert(table_of(Proposal), [_proposal()])
        store.insert(table_of(Tally), [Tally(PROPOSAL, OPENED + VOTING)])
        store.insert(
            table_of(Ballot),
            [
                Ballot(PROPOSAL, m, 1, 1, 0, False, OPENED + (VOTING - 60 if late else 60), 10, place, "")
                for place, (m, late) in enumerate(voting)
            ],
        )
        store.insert(
            table_of(DelegationChange),
            [DelegationChange(1, m, m, TOPIC, to, 2, 30, OPENED - 100) for m, to in delegating]
            + [DelegationChange(20, m, m, TOPIC, 1, 2, 30, OPENED + 100) for m in sorted(changed)],
        )
        store.insert(
            table_of(Delegation),
            [
                Delegation(
                    m, TOPIC, 1 if m in changed else to, 2, 30, OPENED + (100 if m in changed else -100)
                )
                for m, to in delegating
            ],
        )
    store.close()
    return path


def _proposal() -> Proposal:
    return Proposal(
        PROPOSAL, 1, bytes(20), "Ordinary", TOPIC, 1, 3, 2, OPENED - 1, 500_000, DAY, DAY, DAY, DAY,
        bytes(32), "", OPENED, OPENED + VOTING, OPENED, 5, 0, None, None, None, None,
    )  # fmt: skip


def found(database: Path) -> tuple[float, int]:
    """Seconds from nothing to every follower, and how many there are."""
    reader = Reader.open(database)
    started = time.perf_counter()
    moment = Moment(reader, OPENED + VOTING + 60)
    (vote,) = reads.votes_being_followed(moment)
    followers = reads.following(moment, vote).followers()
    took = time.perf_counter() - started
    reader.close()
    return took, len(followers)


def gathered(database: Path) -> float:
    """Seconds for what /v1/delegations tells of a topic."""
    reader = Reader.open(database)
    started = time.perf_counter()
    delegates = reads.delegates_now(Moment(reader, OPENED), TOPIC)
    concentration(weights(delegates, range(1, MEMBERS + 1)), MEMBERS)
    cycles(delegates)
    took = time.perf_counter() - started
    reader.close()
    return took


def main() -> None:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for seed, names in enumerate((anyone, few, line, rings)):
            database = filled(Path(folder), names, seed)
            times = [found(database) for _ in range(RUNS)]
            shape = "" if names is anyone else f".{names.__name__}"
            if names is not rings and not times[0][1]:
                sys.exit(f"nobody follows in {names.__name__}")
            rows.append(Row(f"paths.100k_s{shape}", median(took for took, _ in times), "s"))
            rows.append(Row(f"paths.followers{shape}", times[0][1], "members"))
            if names is anyone:
                told = median(gathered(database) for _ in range(RUNS))
                rows.append(Row("paths.concentration_s", told, "s"))
    publish("delegation_paths", rows, LIMITS)


if __name__ == "__main__":
    main()
