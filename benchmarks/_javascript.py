"""Semaphore's JavaScript as the other side of a comparison: one process that stays, and fresh ones."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("_semaphore.mjs")


@dataclass(frozen=True)
class Answer:
    """`ms` by the clock, `cpu_ms` of processors' time; `rss_mb` the most memory that the process has had."""

    result: Any
    ms: float
    cpu_ms: float
    rss_mb: float


class JavaScript:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, what: str, **request: Any) -> Answer:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"what": what, **request}) + "\n")
        self._process.stdin.flush()
        return _answer(self._process.stdout.readline())


@contextmanager
def javascript() -> Iterator[JavaScript]:
    with subprocess.Popen(
        ["node", SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield JavaScript(process)
        assert process.stdin
        process.stdin.close()


def fresh_javascript(what: str, **request: Any) -> Answer:
    """The answer of a process that was started for it; the time is from its start to its end."""
    started = time.perf_counter()
    command = ["node", str(SCRIPT), json.dumps({"what": what, **request})]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return replace(_answer(run.stdout), ms=1000 * (time.perf_counter() - started))


def _answer(line: str) -> Answer:
    answer = json.loads(line)
    return Answer(answer["result"], answer["ms"], answer["cpu_ms"], answer["rss_kb"] / 1024)
