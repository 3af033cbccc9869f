"""Programs that run beside the driver, all stopped when it ends: by success, failure, Ctrl-C or a signal."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType, TracebackType

from tools.workspace import ROOT, Command, fail, say

# How long a program may take to stop by itself before it is killed, seconds.
GRACE = 10

Handler = Callable[[int, FrameType | None], object] | int | None


class Interrupted(SystemExit):
    """Ctrl-C, SIGTERM or SIGHUP reached the driver; `signum` says which."""

    def __init__(self, signum: int) -> None:
        super().__init__(128 + signum)
        self.signum = signum


class Programs:
    """A context in which programs run; leaving it stops every one, the last started first.

    Each runs in a session of its own, so that Ctrl-C reaches the driver alone and the order of stopping is
    ours: the node before the chain it reads.
    """

    def __init__(self) -> None:
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []
        self._handlers: dict[int, Handler] = {}

    def __enter__(self) -> Programs:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._handlers[signum] = signal.signal(signum, self._interrupt)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # A second Ctrl-C while stopping must not leave half of them running.
        for signum in self._handlers:
            signal.signal(signum, signal.SIG_IGN)
        for name, program in reversed(self._running):
            if program.poll() is None:
                say(f"stopping {name}")
            _stop(program)
        for signum, handler in self._handlers.items():
            signal.signal(signum, handler)

    @staticmethod
    def _interrupt(signum: int, frame: FrameType | None) -> None:
        raise Interrupted(signum)

    def start(self, name: str, *command: Command, env: Mapping[str, str], log: Path | None = None) -> None:
        """Start a program; its output goes to `log`, or to ours without one."""
        words = [str(word) for word in command]
        where = f" (log: {log.relative_to(ROOT)})" if log else ""
        print("+", *words, f"&{where}", flush=True)
        executable = shutil.which(words[0], path=env["PATH"])
        if executable is None:
            fail(f"{words[0]} is not on PATH")
        if log:
            log.parent.mkdir(parents=True, exist_ok=True)
        with open(log or os.devnull, "wb") as file:
            output = file if log else None
            program = subprocess.Popen(
                words,
                executable=executable,
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._running.append((name, program))

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float) -> None:
        """Wait until `ready()`; the driver fails if a program ends before that, or after `seconds`."""
        deadline = time.monotonic() + seconds
        while not ready():
            self._check_alive()
            if time.monotonic() > deadline:
                fail(f"{what} is not ready after {seconds:.0f} s")
            time.sleep(0.1)

    def run(self, name: str, *command: Command, env: Mapping[str, str]) -> None:
        """Run a command to its end beside the programs; the driver fails if it fails or a program stops."""
        self.start(name, *command, env=env)
        _, program = self._running[-1]
        while program.poll() is None:
            self._check_alive(but=program)
            time.sleep(0.1)
        self._running.pop()
        if program.returncode:
            fail(f"{name} failed with exit status {program.returncode}")

    def wait_for_ever(self) -> None:
        """Stay until a signal comes, or fail when a program stops by itself."""
        while True:
            self._check_alive()
            time.sleep(0.5)

    def _check_alive(self, but: subprocess.Popen[bytes] | None = None) -> None:
        for name, program in self._running:
            if program is not but and program.poll() is not None:
                fail(f"{name} stopped by itself with exit status {program.returncode}")


def _stop(program: subprocess.Popen[bytes]) -> None:
    """Ask the program and its children to stop, and kill what is left after the grace period."""
    for signum, patience in ((signal.SIGTERM, GRACE), (signal.SIGKILL, GRACE)):
        if program.poll() is not None:
            return
        try:
            os.killpg(program.pid, signum)
            program.wait(patience)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def rpc_answers(url: str) -> bool:
    """Whether an Ethereum node answers at `url`."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}).encode()
    request = urllib.request.Request(url, body, {"content-type": "application/json"})  # noqa: S310 - our own URL
    return "result" in json.loads(_body(request) or "{}")


def http_answers(url: str) -> bool:
    """Whether `url` answers with a success."""
    return _body(urllib.request.Request(url)) is not None  # noqa: S310 - our own URL


def _body(request: urllib.request.Request) -> bytes | None:
    """The body of a successful answer; None while nobody listens or the answer is an error."""
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own URL
            return bytes(answer.read())
    except (urllib.error.URLError, OSError):
        return None
