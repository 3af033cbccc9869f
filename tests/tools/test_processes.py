"""The demo's programs end with the demo, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.processes import Interrupted, Programs

ROOT = Path(__file__).resolve().parent.parent.parent
ENV = dict(os.environ)
SLEEPER = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits to be reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.fixture
def sleeper(tmp_path):
    """Start a program that sleeps, and return its process id once it has begun."""

    def start(programs: Programs, name: str = "the sleeper") -> int:
        written = tmp_path / name
        programs.start(name, sys.executable, "-c", SLEEPER, written, env=ENV)
        programs.wait_until(lambda: written.exists() and written.read_text() != "", name, 20)
        return int(written.read_text())

    return start


def test_programs_stop_when_the_context_ends(sleeper):
    with Programs() as programs:
        pid = sleeper(programs)
        assert alive(pid)
    assert not alive(pid)


def test_programs_stop_when_a_command_beside_them_fails(sleeper):
    with pytest.raises(SystemExit, match="the step failed with exit status 3"), Programs() as programs:
        pid = sleeper(programs)
        programs.run("the step", sys.executable, "-c", "raise SystemExit(3)", env=ENV)
    assert not alive(pid)


def test_a_program_that_stops_by_itself_ends_the_wait(sleeper):
    with pytest.raises(SystemExit, match="the short one stopped by itself with exit status 0"):
        with Programs() as programs:
            pid = sleeper(programs)
            programs.start("the short one", sys.executable, "-c", "", env=ENV)
            programs.wait_for_ever()
    assert not alive(pid)


def test_a_program_that_stops_by_itself_has_its_last_words_shown(tmp_path):
    log = tmp_path / "last-words.log"
    with pytest.raises(
        SystemExit, match=r"(?s)exit status 4; the end of .*last-words.log:\nline 5\n.*line 24$"
    ):
        with Programs() as programs:
            script = "print(*(f'line {n}' for n in range(25)), sep='\\n'); raise SystemExit(4)"
            programs.start("the talker", sys.executable, "-c", script, env=ENV, log=log)
            programs.wait_for_ever()


def test_a_program_that_never_gets_ready_is_given_up(sleeper):
    with pytest.raises(SystemExit, match="the answer is not ready after 0 s"), Programs() as programs:
        pid = sleeper(programs)
        programs.wait_until(lambda: False, "the answer", 0.2)
    assert not alive(pid)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_programs_stop_on_a_signal_and_the_handlers_come_back(sleeper, signum):
    before = signal.getsignal(signum)
    with pytest.raises(Interrupted) as interrupted, Programs() as programs:
        pid = sleeper(programs)
        os.kill(os.getpid(), signum)
        programs.wait_for_ever()
    assert interrupted.value.signum == signum
    assert not alive(pid)
    assert signal.getsignal(signum) == before


def test_a_program_that_ignores_the_request_to_stop_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("tools.processes.GRACE", 0.5)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLEEPER
    written = tmp_path / "deaf"
    with Programs() as programs:
        programs.start("the deaf one", sys.executable, "-c", deaf, written, env=ENV)
        programs.wait_until(lambda: written.exists() and written.read_text() != "", "the deaf one", 20)
        pid = int(written.read_text())
    assert not alive(pid)


def test_a_child_that_outlives_its_program_is_stopped_too(tmp_path):
    written = tmp_path / "pid"
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEPER!r}, sys.argv[1]])"
    with Programs() as programs:
        program = programs.start("the parent", sys.executable, "-c", parent, written, env=ENV)
        deadline = time.monotonic() + 20
        while not (program.stopped and written.exists() and written.read_text()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        pid = int(written.read_text())
        assert alive(pid)
    deadline = time.monotonic() + 20
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)  # an orphan is reaped by the system, not by us
    assert not alive(pid)


def test_ctrl_c_reaches_the_driver_alone(tmp_path):
    """The terminal signals the driver's whole group; programs are in groups of their own."""
    written = tmp_path / "pid"
    script = (
        "import os, sys\nfrom tools.processes import Interrupted, Programs\n"
        "try:\n with Programs() as programs:\n"
        f"  programs.start('it', sys.executable, '-c', {SLEEPER!r}, {str(written)!r}, env=dict(os.environ))\n"
        "  programs.wait_for_ever()\n"
        "except Interrupted:\n print('stopped in order')\n"
    )
    driver = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=ENV,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 20
    while not (written.exists() and written.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(driver.pid, signal.SIGINT)
    output, _ = driver.communicate(timeout=20)
    assert "stopping it" in output
    assert "stopped in order" in output
    assert not alive(int(written.read_text()))
