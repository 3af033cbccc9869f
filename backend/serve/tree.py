"""Whether the leaves that a node serves lead to the group's root, and a poll froze that same root.

Members make their proofs from these leaves. Where the two disagree (a fault in the contract, in this node, or
a node of the chain that lies) no proof made from them holds; everything else goes on, so this stops nothing:
it is said in /v1/group, in the log and in the metrics.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Iterator, Sequence

from fastapi import APIRouter
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from backend.serve.feature import Feature
from backend.serve.view import Service
from backend.store import Reader
from zk import Group, ZkError, filled

log = logging.getLogger(__name__)


class TreeCheck(Collector):
    """Keeps `service.group_agrees`."""

    POLL = 1.0

    def __init__(self, service: Service) -> None:
        self._service = service
        self._tree = Group()

    async def run(self) -> None:
        """Until cancelled."""
        reader = Reader.open(self._service.database)
        seen: int | None = None
        try:
            while True:
                token = reader.change_token()
                if token != seen:
                    try:
                        self._note(await asyncio.to_thread(self._look, reader))
                        seen = token
                    except sqlite3.OperationalError as error:
                        log.warning("the group's leaves cannot be read now: %s", error)
                await asyncio.sleep(self.POLL)
        finally:
            reader.close()

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "dualpower_group_agrees",
            "1 unless the leaves were seen not to lead to the group's root",
            self._service.group_agrees is not False,
        )

    def _note(self, agrees: bool) -> None:
        if not agrees and self._service.group_agrees is not False:
            log.error("the group's leaves do not lead to its root: no proof made from them will hold")
        self._service.group_agrees = agrees

    def _look(self, reader: Reader) -> bool:
        with reader.snapshot() as cursor:
            found = reader.one("SELECT root, agrees FROM member_groups") if cursor is not None else None
            if found is None:
                return True
            if not found[1]:
                return False
            root = int.from_bytes(found[0], "big")
            if root == self._tree.root:
                # Another set of leaves with this root would be a collision.
                return True
            rows = reader.query("SELECT leaf FROM leaves ORDER BY leaf_index")
        leaves = filled(int.from_bytes(leaf, "big") for (leaf,) in rows)
        try:
            self._bring_to(leaves)
        except ZkError as error:
            log.error("the group's leaves are none: %s", error)
            return False
        return self._tree.root == root

    def _bring_to(self, leaves: Sequence[int]) -> None:
        known = self._tree.leaves
        if len(known) > len(leaves):
            # A reorg took some back.
            self._tree, known = Group(), ()
        for index, (old, new) in enumerate(zip(known, leaves, strict=False)):
            if old != new:
                self._tree.update(index, new) if new else self._tree.remove(index)
        self._tree.append_many(leaves[len(known) :])


def tree_feature(service: Service) -> Feature:
    check = TreeCheck(service)
    return Feature(APIRouter(), check, check.run)
