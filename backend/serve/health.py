"""Whether the node may be asked: `ready` says no, and why, whenever its answers could mislead."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from backend.serve.view import Service
from backend.store import Cursor, Status

SILENCE = 40.0


def obstacle(cursor: Cursor | None, status: Status, max_behind: int, now: float) -> str | None:
    """Why the node is not ready, or None if it is."""
    if status.phase == "failed":
        return f"the indexer stopped: {status.error}"
    if status.phase == "stale":
        return f"rows are stale: {status.error}"
    if cursor is None:
        return f"the node has not read its first block yet{f': {status.error}' if status.error else ''}"
    if status.phase in ("retrying", "lagging"):
        return status.error or status.phase
    if status.phase != "live":
        return (
            f"the node is reading history: it is at block {cursor.number}, the chain's head is {status.head}"
        )
    if now - status.seen > SILENCE:
        return f"nothing was heard from the indexer for {now - status.seen:.0f} s"
    if status.head is not None and status.head - cursor.number > max_behind:
        return f"the node is {status.head - cursor.number} blocks behind the chain's head {status.head}"
    return None


class NodeMetrics(Collector):
    """Read from the database at each scrape, so that they are the same from every API process."""

    def __init__(self, service: Service, clients: Iterable[object], registry: CollectorRegistry) -> None:
        self._service = service
        self._clients = clients
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        reader = self._service.reader
        cursor, status = reader.cursor(), reader.status()
        reason = obstacle(cursor, status, self._service.max_behind, time.time())
        yield GaugeMetricFamily("dualpower_ready", "1 if /ready says so", value=reason is None)
        yield GaugeMetricFamily(
            "dualpower_block", "Block all rows are true at", value=cursor.number if cursor else -1
        )
        yield GaugeMetricFamily(
            "dualpower_chain_head", "Head of the chain", value=-1 if status.head is None else status.head
        )
        yield CounterMetricFamily("dualpower_rewinds", "Reorgs taken back", value=reader.count("rewinds"))
        yield GaugeMetricFamily(
            "dualpower_stream_clients", "Clients of the event stream", value=sum(1 for _ in self._clients)
        )
