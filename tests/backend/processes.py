"""Nodes and indexers as processes of their own, to be asked, interrupted and killed."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import httpx

from backend.node import Settings
from tests.backend.chains import ROOT

_SCRIPT = """
import logging, os, pickle, sys
from backend import node
if __name__ == "__main__":
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "WARNING"))
    getattr(node, sys.argv[1])(pickle.loads(bytes.fromhex(sys.argv[2])))
"""


def spawn(
    function: str, settings: Settings, *, log: Path | None = None, **environment: str
) -> subprocess.Popen[bytes]:
    """`backend.node.<function>(settings)` in a process, whose errors go to the file `log`, or to a pipe."""
    # A file, since child processes of the node import the main module again.
    script = settings.database.parent / "main.py"
    script.write_text(_SCRIPT)
    with log.open("ab") if log else nullcontext(subprocess.PIPE) as errors:
        return subprocess.Popen(
            [sys.executable, str(script), function, pickle.dumps(settings).hex()],
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
            stderr=errors,
        )


@contextmanager
def serving(settings: Settings, **options: Any) -> Iterator[httpx.Client]:
    """A whole node, ready. `options` as of `spawn`."""
    process = spawn("run", settings, **options)
    client = httpx.Client(base_url=f"http://127.0.0.1:{settings.port}", timeout=20)
    try:
        wait_until(lambda: ready(client), process)
        yield client
    finally:
        client.close()
        process.terminate()
        process.communicate(timeout=20)


def ready(client: httpx.Client) -> bool:
    try:
        return client.get("/ready").status_code == 200
    except httpx.TransportError:
        return False


def wait_until(condition, process: subprocess.Popen[bytes] | None = None, seconds: float = 120.0) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while not condition():
        if process is not None and process.poll() is not None:
            raise RuntimeError(
                f"the process ended with {process.returncode}: {process.communicate()[1].decode()}"
            )
        if time.monotonic() > deadline:
            raise TimeoutError("the condition was not met in time")
        time.sleep(0.05)
