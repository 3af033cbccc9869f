"""What no chain brings back: texts, and what members have handed to the relay.

It lives beside the projections, outlasts their rebuilds, and is no part of the state hash. Each write is
durable before it is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from backend.store.durable import Durable

QUEUED, SENT, INCLUDED, FAILED, SKIPPED, REFUSED = (
    "Queued",
    "Sent",
    "Included",
    "Failed",
    "Skipped",
    "Refused",
)
# Of a batch beside SENT and INCLUDED: another transaction took its nonce.
LOST = "Lost"


class Item(msgspec.Struct, frozen=True):
    """One signed ballot or request, or a piece of upkeep. `subject` is what can only happen once; `payload`
    what the chain takes.

    `attempts` counts the batches it was in, `place` is its place in the last one. `problem` is JSON.
    """

    ticket: str
    position: int
    kind: str
    subject: bytes
    payload: bytes
    gas: int
    status: str
    attempts: int
    batch: int | None
    place: int | None
    transaction_hash: bytes | None
    block: int | None
    problem: str | None
    received_at: int
    changed_at: int


class Batch(msgspec.Struct, frozen=True):
    """A transaction with many items. `nonce` is the sender's; several transactions may compete for it."""

    batch: int
    kind: str
    nonce: int
    status: str
    block: int | None


class Transaction(msgspec.Struct, frozen=True):
    """`fee` is the most it pays per gas, in wei, and `tip` what of it goes to whoever makes the block (None
    on chains without a base fee); `raw` is signed."""

    transaction_hash: bytes
    batch: int
    raw: bytes
    fee: int
    tip: int | None
    sent_at: int


_UNDER_WAY = (QUEUED, SENT)
_ITEM = ", ".join(Item.__struct_fields__)
_BATCH = ", ".join(Batch.__struct_fields__)
_TRANSACTION = ", ".join(Transaction.__struct_fields__)


class Content(Durable):
    # Texts

    def add_text(self, text_hash: bytes, content: bytes, now: int) -> bool:
        """Whether it is new here."""
        with self._transaction():
            return bool(
                self._connection.execute(
                    "INSERT INTO texts (text_hash, content, added_at) VALUES (?, ?, ?)"
                    " ON CONFLICT (text_hash) DO NOTHING",
                    (text_hash, content, now),
                ).rowcount
            )

    # The relay's queue

    def enqueue(self, items: Iterable[Item], otherwise: Callable[[Item], Item]) -> list[Item]:
        """What is kept: of an item whose subject is on its way already, what `otherwise` makes of it."""
        kept = []
        with self._transaction():
            for item in items:
                taken = item.status not in _UNDER_WAY or self._take(item.subject)
                kept.append(item if taken else otherwise(item))
            self._connection.executemany(
                f"INSERT INTO relay_items ({_ITEM}) VALUES ({', '.join('?' * len(Item.__struct_fields__))})",
                [msgspec.structs.astuple(item) for item in kept],
            )
        return kept

    def _take(self, subject: bytes) -> bool:
        """Whether nothing else had it."""
        statement = "INSERT INTO relay_subjects (subject) VALUES (?) ON CONFLICT (subject) DO NOTHING"
        return bool(self._connection.execute(statement, (subject,)).rowcount)

    def waiting(self, subject: bytes) -> str | None:
        """The ticket under which something is on its way already."""
        found = self._query(
            "SELECT ticket FROM relay_items WHERE subject = ? AND status IN (?, ?)", (subject, QUEUED, SENT)
        )
        return found[0][0] if found else None

    def length(self) -> int:
        """Of the queue."""
        return int(self._query("SELECT count(*) FROM relay_items WHERE status = ?", (QUEUED,))[0][0])

    def queued(self, kind: str, limit: int) -> list[Item]:
        """The oldest first."""
        rows = self._query(
            f"SELECT {_ITEM} FROM relay_items WHERE status = ? AND kind = ?"
            " ORDER BY received_at, ticket, position LIMIT ?",
            (QUEUED, kind, limit),
        )
        return [Item(*row) for row in rows]

    def under_way(self, kind: str) -> bool:
        """Whether anything of the kind is queued or sent."""
        statement = "SELECT 1 FROM relay_items WHERE kind = ? AND status IN (?, ?) LIMIT 1"
        return bool(self._query(statement, (kind, QUEUED, SENT)))

    def items_under(self, ticket: str) -> list[Item]:
        """What became of all that was handed in together."""
        rows = self._query(f"SELECT {_ITEM} FROM relay_items WHERE ticket = ? ORDER BY position", (ticket,))
        return [Item(*row) for row in rows]

    def items_of(self, batch: int) -> list[Item]:
        """In their places."""
        rows = self._query(f"SELECT {_ITEM} FROM relay_items WHERE batch = ? ORDER BY place", (batch,))
        return [Item(*row) for row in rows]

    def change(self, items: Iterable[Item]) -> None:
        with self._transaction():
            self._change(items)

    def _change(self, items: Iterable[Item]) -> None:
        items = list(items)
        for item in items:
            if item.status in _UNDER_WAY:
                self._take(item.subject)
            else:
                self._connection.execute("DELETE FROM relay_subjects WHERE subject = ?", (item.subject,))
        self._connection.executemany(
            "UPDATE relay_items SET status = ?, attempts = ?, batch = ?, place = ?, transaction_hash = ?,"
            " block = ?, problem = ?, changed_at = ? WHERE ticket = ? AND position = ?",
            [
                (
                    item.status,
                    item.attempts,
                    item.batch,
                    item.place,
                    item.transaction_hash,
                    item.block,
                    item.problem,
                    item.changed_at,
                    item.ticket,
                    item.position,
                )
                for item in items
            ],
        )

    # Batches

    def batches(self, status: str, after: int = -1) -> list[Batch]:
        """With a status; of included ones those above a block."""
        rows = self._query(
            f"SELECT {_BATCH} FROM relay_batches WHERE status = ? AND coalesce(block, ?) > ? ORDER BY batch",
            (status, after + 1, after),
        )
        return [Batch(*row) for row in rows]

    def next_batch(self) -> int:
        return int(self._query("SELECT coalesce(max(batch), 0) + 1 FROM relay_batches")[0][0])

    def send(self, batch: Batch, transaction: Transaction, items: Iterable[Item]) -> None:
        """Records, before it is sent, that a batch is: what is not recorded was never sent."""
        with self._transaction():
            self._connection.execute(
                f"INSERT INTO relay_batches ({_BATCH}) VALUES (?, ?, ?, ?, ?)",
                msgspec.structs.astuple(batch),
            )
            self._add(transaction)
            self._change(items)

    def replace(self, transaction: Transaction) -> None:
        """One more transaction for a batch that is stuck."""
        with self._transaction():
            self._add(transaction)

    def _add(self, transaction: Transaction) -> None:
        self._connection.execute(
            f"INSERT INTO relay_transactions ({_TRANSACTION}) VALUES (?, ?, ?, ?, ?, ?)",
            msgspec.structs.astuple(transaction),
        )

    def transactions(self, batch: int) -> list[Transaction]:
        """The one that pays most first."""
        rows = self._query(
            f"SELECT {_TRANSACTION} FROM relay_transactions WHERE batch = ? ORDER BY fee DESC", (batch,)
        )
        return [Transaction(*row) for row in rows]

    def settle(self, batch: Batch, items: Iterable[Item]) -> None:
        """What came of a batch."""
        with self._transaction():
            self._connection.execute(
                "UPDATE relay_batches SET status = ?, block = ? WHERE batch = ?",
                (batch.status, batch.block, batch.batch),
            )
            self._change(items)
