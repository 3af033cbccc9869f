"""The published lottery: who is in the pool, which quotas hold, and the panel on every ticket.

It is canonical JSON (sorted keys, no blanks, UTF-8), so that a lottery has one hash; its keccak256 is the
pool that a draw commits to, and how many tickets there are is that draw's size::

    {"algorithm": "leximin", "solver": "HiGHS 1.15.1", "seed": 0, "version": 1,
     "size": 2, "attributes": ["gender"],
     "people": [["p1", "woman"], ["p2", "man"], ["p3", "woman"]],
     "quotas": [["gender", "man", 1, 1], ["gender", "woman", 1, 1]],
     "chances": [1, 2, 1], "optimum": 500000,
     "panels": [[0, 1], [1, 2]]}

`panels` are the tickets: places in `people`, from 0. `chances` says of each person on how many tickets they
are; `optimum` is the smallest chance that the fairest lottery gives anyone, in millionths, before it was put
on tickets. Anyone can check all but the optimum without solving anything: `parse` does.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from eth_hash.auto import keccak

from backend.panels.errors import DocumentInvalid, PeopleInvalid, QuotasInvalid, SolverMissing, TooFewPeople
from backend.panels.pool import People, Person, Quota, check, groups, narrowed

VERSION = 1
MOST_TICKETS = 100_000
_FIELDS = {
    "algorithm": str,
    "attributes": list,
    "chances": list,
    "optimum": int,
    "panels": list,
    "people": list,
    "quotas": list,
    "seed": int,
    "size": int,
    "solver": str,
    "version": int,
}


@dataclass(frozen=True)
class Document:
    """`optimum` in millionths; `panels` has one panel a ticket, as places in `people`."""

    algorithm: str
    solver: str
    seed: int
    size: int
    people: People
    quotas: tuple[Quota, ...]
    optimum: int
    panels: tuple[tuple[int, ...], ...]

    @property
    def chances(self) -> list[int]:
        """On how many tickets each person is."""
        on = Counter(place for panel in self.panels for place in panel)
        return [on[place] for place in range(len(self.people))]

    @property
    def least(self) -> float:
        """The smallest chance of anyone, from 0 to 1."""
        return min(self.chances) / len(self.panels)

    def members(self, ticket: int) -> list[Person]:
        """Who is on a ticket."""
        return [self.people.people[place] for place in self.panels[ticket]]

    def encode(self) -> bytes:
        fields = {
            "algorithm": self.algorithm,
            "attributes": self.people.attributes,
            "chances": self.chances,
            "optimum": self.optimum,
            "panels": self.panels,
            "people": [[person.id, *person.values] for person in self.people.people],
            "quotas": [[q.attribute, q.value, q.least, q.most] for q in self.quotas],
            "seed": self.seed,
            "size": self.size,
            "solver": self.solver,
            "version": VERSION,
        }
        return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @property
    def hash(self) -> bytes:
        return keccak(self.encode())


def draw_up(
    people: People,
    quotas: Sequence[Quota],
    size: int,
    *,
    tickets: int = 1000,
    seed: int = 0,
    progress: Callable[[int], None] = lambda settled: None,
) -> Document:
    """The fairest lottery over panels of `size`. `progress` is told how many people's chances are settled.

    Raises a `PanelError`.
    """
    if not 1 <= tickets <= MOST_TICKETS:
        raise QuotasInvalid(f"a lottery has 1 to {MOST_TICKETS} tickets; got {tickets}")
    pool = narrowed(people, quotas)
    check(pool, quotas, size)
    try:
        from backend.panels.fairest import fairest
        from backend.panels.tickets import issue
    except ImportError:
        raise SolverMissing from None
    lottery = fairest(pool, quotas, size, progress)
    return Document(
        algorithm="leximin",
        solver=f"HiGHS {version('highspy')}",
        seed=seed,
        size=size,
        people=pool,
        quotas=tuple(quotas),
        optimum=round(lottery.least * 1_000_000),
        panels=tuple(map(tuple, issue(pool, lottery, tickets, seed))),
    )


def parse(data: bytes) -> Document:
    """A published document. Raises `DocumentInvalid` unless every panel in it is what it says."""
    try:
        fields = json.loads(data)
    except ValueError as error:
        raise DocumentInvalid(f"it is not JSON: {error}") from None
    if not isinstance(fields, dict) or set(fields) != set(_FIELDS):
        raise DocumentInvalid(f"its fields are not {', '.join(sorted(_FIELDS))}")
    for name, kind in _FIELDS.items():
        if type(fields[name]) is not kind:
            raise DocumentInvalid(f"its {name} is not of the kind {kind.__name__}")
    if fields["version"] != VERSION:
        raise DocumentInvalid(f"its version is {fields['version']}; this program reads {VERSION}")
    document = Document(
        algorithm=fields["algorithm"],
        solver=fields["solver"],
        seed=fields["seed"],
        size=fields["size"],
        people=_people(fields["attributes"], fields["people"]),
        quotas=tuple(
            Quota(*row) for row in _rows(fields["quotas"], "quotas", lambda row: (str, str, int, int))
        ),
        optimum=fields["optimum"],
        panels=tuple(map(tuple, _rows(fields["panels"], "panels", lambda row: (int,) * len(row)))),
    )
    _check(document)
    if document.chances != fields["chances"]:
        raise DocumentInvalid("its chances are not what its panels give")
    if document.encode() != data:
        raise DocumentInvalid("it is not in the canonical form, so that its hash is not that of its content")
    return document


def _people(attributes: list[Any], rows: list[Any]) -> People:
    if not all(type(name) is str for name in attributes):
        raise DocumentInvalid("its attributes are not names")
    found = [
        Person(row[0], tuple(row[1:]))
        for row in _rows(rows, "people", lambda row: (str,) * (1 + len(attributes)))
    ]
    ids = [person.id for person in found]
    if ids != sorted(set(ids)):
        raise DocumentInvalid("its people are not in the order of their ids, each once")
    return People(tuple(attributes), tuple(found))


def _rows(rows: list[Any], name: str, kinds: Callable[[list[Any]], tuple[type, ...]]) -> list[list[Any]]:
    for number, row in enumerate(rows):
        if not isinstance(row, list) or tuple(map(type, row)) != kinds(row):
            raise DocumentInvalid(f"number {number} of its {name} does not read")
    return rows


def _check(document: Document) -> None:
    try:
        if narrowed(document.people, document.quotas) != document.people:
            raise DocumentInvalid("its attributes are not those of its quotas, in their order")
        check(document.people, document.quotas, document.size)
    except (PeopleInvalid, QuotasInvalid, TooFewPeople) as error:
        raise DocumentInvalid(str(error)) from None
    if not document.panels:
        raise DocumentInvalid("it has no tickets")
    counted = [(quota, frozenset(places)) for quota, places in groups(document.people, document.quotas)]
    for ticket, panel in enumerate(document.panels):
        if list(panel) != sorted(set(panel)) or len(panel) != document.size:
            raise DocumentInvalid(f"ticket {ticket} does not have {document.size} people in order, each once")
        if not 0 <= panel[0] <= panel[-1] < len(document.people):
            raise DocumentInvalid(f"ticket {ticket} has somebody who is not in the pool")
        for quota, places in counted:
            if not quota.least <= (number := len(places.intersection(panel))) <= quota.most:
                raise DocumentInvalid(
                    f"ticket {ticket} has {number} of {quota.attribute} {quota.value}; the quota is"
                    f" {quota.least} to {quota.most}"
                )
