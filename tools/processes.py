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
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Program:
    """A running program: what to call it, its process, and the file its output goes to, if any."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None

    @property
    def stopped(self) -> bool:
        return self.process.poll() is not None

    def last_words(self, count: int = 20) -> str:
        """The end of its log, to show why it stopped; empty without a log."""
        if self.log is None:
            return ""
        lines = self.log.read_text(errors="replace").splitlines()[-count:]
        return "\n".join([f"; the end of {self.log}:", *lines])


class Programs:
    """A context in which programs run; leaving it stops every one, the last started first.

    Each runs in a session of its own, so that Ctrl-C reaches the driver alone and the order of stopping is
    ours: the node before the chain it reads.
    """

    def __init__(self) -> None:
        self._running: list[Program] = []
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
        for program in reversed(self._running):
            if not program.stopped:
                say(f"stopping {program.name}")
            _stop(program.process)
        for signum, handler in self._handlers.items():
            signal.signal(signum, handler)

    @staticmethod
    def _interrupt(signum: int, frame: FrameType | None) -> None:
        raise Interrupted(signum)

    def start(self, name: str, *command: Command, env: Mapping[str, str], log: Path | None = None) -> Program:
        """Start a program; its output goes to `log`, or to ours without one."""
        words = [str(word) for word in command]
        where = f" (log: {log})" if log else ""
        print("+", *words, f"&{where}", flush=True)
        executable = shutil.which(words[0], path=env["PATH"])
        if executable is None:
            fail(f"{words[0]} is not on PATH")
        if log:
            log.parent.mkdir(parents=True, exist_ok=True)
        with open(log or os.devnull, "wb") as file:
            output = file if log else None
            process = subprocess.Popen(
                words,
                executable=executable,
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        program = Program(name, process, log)
        self._running.append(program)
        return program

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float) -> None:
        """Wait until `ready()`; the driver fails if a program ends before that, or after `seconds`."""
        deadline = time.monotonic() + seconds
        while not ready():
            self._check_alive()
            if time.monotonic() > deadline:
                fail(f"{what} is not ready after {seconds:.0f} s")
            time.sleep(0.1)

    def run(self, name: str, *command: Command, env: Mapping[str, str], log: Path | None = None) -> None:
        """Run a command to its end beside the programs; the driver fails if it fails or a program stops."""
        program = self.start(name, *command, env=env, log=log)
        while not program.stopped:
            self._check_alive(but=program)
            time.sleep(0.1)
        self._running.remove(program)
        if program.process.returncode:
            fail(f"{name} failed with exit status {program.process.returncode}{program.last_words()}")

    def wait_for_ever(self) -> None:
        """Stay until a signal comes, or fail when a program stops by itself."""
        while True:
            self._check_alive()
            time.sleep(0.5)

    def _check_alive(self, but: Program | None = None) -> None:
        for program in self._running:
            if program is not but and program.stopped:
                status = program.process.returncode
                fail(f"{program.name} stopped by itself with exit status {status}{program.last_words()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the process and its children to stop; kill what is left when it has, or after the grace period."""
    _signal_group(process, signal.SIGTERM)
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        say(f"killing process {process.pid}, which did not stop in {GRACE} s")
    _signal_group(process, signal.SIGKILL)
    process.wait()


def _signal_group(process: subprocess.Popen[bytes], signum: int) -> None:
    try:
        os.killpg(process.pid, signum)
    except ProcessLookupError:
        return  # Nobody is left in the group, which is what we are after.


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
