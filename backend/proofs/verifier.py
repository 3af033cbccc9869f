"""Proofs are checked in a process of their own: it takes milliseconds with the native backend, and half a
second without, in which the event loop would answer nobody.

Those that wait while one batch is checked are the next batch. The queue is bounded: who comes when it is full
is told so at once.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from zk import BackendFailed, Claim, ProofRefused, Verified, verify_batch

log = logging.getLogger(__name__)


class VerifierBusy(Exception):
    """As many proofs as may wait do."""


class VerifierFailed(Exception):
    """The process that checks broke off: this says nothing about the proof."""


@dataclass(frozen=True)
class Outcome:
    """`refusal` names the check that failed, as the class of a `zk.ProofRefused`; None if all held."""

    refusal: str | None
    words: str = ""


class Verifier(Collector):
    WAITING = 256
    BATCH = 64

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[tuple[Claim, asyncio.Future[Outcome]]] = asyncio.Queue(self.WAITING)
        self._pool: ProcessPoolExecutor | None = None
        self._checked = {"good": 0, "refused": 0}

    async def check(self, claim: Claim) -> Outcome:
        """Raises `VerifierBusy` and `VerifierFailed`."""
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        try:
            self._waiting.put_nowait((claim, answer))
        except asyncio.QueueFull:
            raise VerifierBusy from None
        return await answer

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            batch = [await self._waiting.get()]
            while not self._waiting.empty() and len(batch) < self.BATCH:
                batch.append(self._waiting.get_nowait())
            batch = [entry for entry in batch if not entry[1].done()]
            if batch:
                await self._answer(batch)

    async def close(self) -> None:
        if self._pool is not None:
            await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)
            self._pool = None

    async def _answer(self, batch: list[tuple[Claim, asyncio.Future[Outcome]]]) -> None:
        try:
            outcomes = await self._checked_elsewhere([claim for claim, _ in batch])
        except BrokenProcessPool:
            log.error("the process that checks proofs died with %d of them", len(batch))
            await self.close()
            if len(batch) > 1:
                # One of them may be to blame: the others should not suffer for it.
                for entry in batch:
                    await self._answer([entry])
            else:
                _fail(batch, "the process died")
            return
        except Exception as error:
            log.exception("proofs could not be checked")
            _fail(batch, str(error))
            return
        for (_, answer), outcome in zip(batch, outcomes, strict=True):
            self._checked["refused" if outcome.refusal else "good"] += 1
            if not answer.done():
                answer.set_result(outcome)

    async def _checked_elsewhere(self, claims: list[Claim]) -> list[Outcome]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                1, mp_context=multiprocessing.get_context("spawn"), initializer=_prepare
            )
        return await asyncio.get_running_loop().run_in_executor(self._pool, check_all, claims)

    def collect(self) -> Iterator[Metric]:
        checked = CounterMetricFamily("dualpower_proofs", "Proofs checked, by outcome", labels=["outcome"])
        for outcome, count in self._checked.items():
            checked.add_metric([outcome], count)
        yield checked
        yield GaugeMetricFamily("dualpower_proofs_waiting", "Proofs that wait", self._waiting.qsize())


def check_all(claims: list[Claim]) -> list[Outcome]:
    """In whatever process. A native backend that breaks off is not asked again about these."""
    try:
        verdicts = verify_batch(claims)
    except BackendFailed as error:
        log.warning("%s: checked by the reference instead", error)
        verdicts = verify_batch(claims, backend="reference")
    return [_outcome(verdict) for verdict in verdicts]


def _outcome(verdict: Verified | ProofRefused) -> Outcome:
    if isinstance(verdict, Verified):
        return Outcome(None)
    return Outcome(type(verdict).__name__, str(verdict))


def _fail(batch: list[tuple[Claim, asyncio.Future[Outcome]]], reason: str) -> None:
    for _, answer in batch:
        if not answer.done():
            answer.set_exception(VerifierFailed(reason))


def _prepare() -> None:
    """Ctrl-C is the parent's to answer; without the parent there is nobody to check for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()


def _leave_with(parent: int) -> None:
    from multiprocessing.connection import wait

    wait([parent])
    os._exit(1)
