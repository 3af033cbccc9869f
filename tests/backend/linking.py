"""A search of all that a node holds and tells for anything that says whose secret ballot is whose.

Each voter is known by marks (account, key, commitment, the address, user agent and cookies their request
came with), each ballot by its own (nullifier, words of its proof, ticket). All rows of all tables are read
with all their columns in every spelling of a number, and none may hold marks of both kinds, or a ballot
beside a column that names a member. The tables in which ballots may appear at all are listed here, so that
another one is noticed. The files of the database and the node's log are searched for the marks that must be
nowhere.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from backend.node import Settings
from tests.backend.commune import Commune
from tests.backend.polling import Polling, identity
from tests.backend.processes import wait_until
from zk import Proof

# Where secret ballots may appear: the chain's own words, what the node makes of them, and the relay's queue.
KNOWING = {"logs", "secret_ballots", "undo", "relay_items", "relay_transactions"}


@dataclass
class Listed:
    """`log` is all that the node has written, at its most talkative."""

    commune: Commune
    polling: Polling
    client: httpx.Client
    settings: Settings
    log: Path

    def caught_up(self) -> None:
        head = self.commune.chain.head
        wait_until(lambda: self.client.get("/v1/node").json()["block"]["number"] >= head)


@dataclass(frozen=True)
class Voter:
    number: int
    word: int
    proof: Proof
    headers: dict[str, str]
    ticket: str


def marks_of(each: Iterable[set[bytes]]) -> set[bytes]:
    return set().union(*each)


def spellings(number: int) -> set[bytes]:
    """However a number is written down: as bytes, in hex, in decimals."""
    raw = number.to_bytes(32, "big")
    return {raw, raw.hex().encode(), f"{number:x}".encode(), str(number).encode()}


def ballot_marks(voter: Voter) -> set[bytes]:
    words = (voter.proof.nullifier, voter.proof.points[0], voter.proof.points[6])
    return {voter.ticket.encode()}.union(*(spellings(word) for word in words))


def voter_marks(listed: Listed, voter: Voter) -> set[bytes]:
    person, known = listed.commune.people[voter.number], identity(voter.number)
    account = person.account
    words = (*known.public_key, known.commitment)
    return {account, account.hex().encode()}.union(*(spellings(word) for word in words), *(nowhere(voter),))


def nowhere(voter: Voter) -> set[bytes]:
    """What came with the request and must not be kept at all."""
    return {value.encode() for value in voter.headers.values()}


def rows(database: sqlite3.Connection) -> Iterator[tuple[str, list[str], tuple[Any, ...]]]:
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in names:
        found = database.execute(f"SELECT * FROM {name}")
        columns = [column[0] for column in found.description]
        for row in found:
            yield name, columns, row


def written(row: Iterable[Any]) -> bytes:
    """All columns of a row, in lower case, so that hex is found however it is spelt. Packed blobs hold their
    parts as they are."""
    parts = [part if isinstance(part, bytes) else str(part).encode() for part in row]
    return b"|".join(itertools.chain(parts, (part.lower() for part in parts)))


def links(
    listed: Listed, voters: Sequence[Voter], database: sqlite3.Connection
) -> tuple[set[str], list[str]]:
    """The tables in which ballots appear, and each row that also says something of a voter."""
    of_ballots = marks_of(ballot_marks(voter) for voter in voters)
    of_voters = marks_of(voter_marks(listed, voter) for voter in voters)
    knowing, found = set(), []
    for name, columns, row in rows(database):
        content = written(row)
        if not any(mark in content for mark in of_ballots):
            continue
        knowing.add(name)
        named = {"member_id", "account", "leaf_index", "commitment", "address_of", "agent"} & set(columns)
        if named or any(mark in content for mark in of_voters):
            found.append(f"{name}: {row}")
    return knowing, found


def opened(listed: Listed) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{listed.settings.database}?mode=ro", uri=True)


def traces(listed: Listed, voters: Sequence[Voter]) -> list[bytes]:
    """Marks found where they must not be: of requests in the files of the database (deleted rows and the
    journal included) or the log, of ballots in the log."""
    database = listed.settings.database
    files = database.parent.glob(f"{database.name}*")
    log = listed.log.read_bytes().lower()
    content = b"".join(path.read_bytes() for path in files) + log
    requests = marks_of(nowhere(voter) for voter in voters)
    ballots = marks_of(ballot_marks(voter) for voter in voters)
    return [mark for mark in requests if mark in content] + [mark for mark in ballots if mark in log]
