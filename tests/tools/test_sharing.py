"""Runs that share a suite run every test once, in order within its module, and say which are left."""

import subprocess
from pathlib import Path

import pytest

from tools import suites
from tools.share import Share
from tools.workspace import ROOT, project_env

NAMES = ("first", "second", "third", "fourth")
# Says when it begins and ends, and has a fixture that must end with its module.
MODULE = """
import os, pathlib, pytest
HERE = pathlib.Path(__file__).parent.parent

def say(what):
    with open(HERE / "said", "a") as file:
        file.write(f"{os.getpid()} {__name__} {what}\\n")

@pytest.fixture(scope="module")
def module():
    say("begins")
    yield
    say("ends")

@pytest.mark.parametrize("number", range(3))
def test_it(module, number):
    say(number)
    wait(number)
"""
AT_ONCE = "def wait(number): pass\n"
# Until both runs have begun, so that neither has run everything before the other.
TOGETHER = """
import time
def wait(number):
    deadline = time.monotonic() + 30
    while len({line.split()[0] for line in (HERE / "said").read_text().splitlines()}) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
"""
FAILING = "def wait(number): assert number != 1\n"


@pytest.fixture
def modules(tmp_path):
    def write(waiting: str = AT_ONCE, below: str = "") -> Path:
        folder = tmp_path / "given" / below
        folder.mkdir(parents=True)
        for name in NAMES:
            (folder / f"test_{name}.py").write_text(MODULE + waiting)
        return folder

    return write


@pytest.fixture
def suite(tmp_path):
    def make(*words: str | Path) -> suites.Suite:
        tests = tmp_path / "given"
        command = ["python", "-m", "pytest", "-q", "--rootdir", tests, "-c", "/dev/null", *words, tests]
        return suites.Suite("given", tmp_path / "results", command, lambda number: project_env())

    return make


def said(folder: Path) -> list[list[str]]:
    return [line.split() for line in (folder.parent / "said").read_text().splitlines()]


WHOLE = ["begins", "0", "1", "2", "ends"]


def test_one_run_runs_everything(modules, suite):
    folder = modules()
    [outcome] = suites.together([suite()], runs=1)
    assert outcome.passed
    assert "given: passed: 12 passed, 0 failed, 0 skipped" in str(outcome)
    assert [what for _, _, what in said(folder)] == WHOLE * 4


def test_two_runs_run_each_module_once_and_whole(modules, suite):
    folder = modules(TOGETHER)
    [outcome] = suites.together([suite()], runs=2)
    assert str(outcome).startswith("given: passed: 12 passed, 0 failed, 0 skipped")
    runs = {process for process, _, _ in said(folder)}
    assert len(runs) == 2
    for name in NAMES:
        of_module = [(process, what) for process, module, what in said(folder) if module.endswith(name)]
        assert [what for _, what in of_module] == WHOLE
        assert len({process for process, _ in of_module}) == 1


def test_a_suite_with_more_left_gets_the_place_of_one_that_is_done(modules, suite, tmp_path):
    modules(TOGETHER)
    short = tmp_path / "test_short.py"
    short.write_text(MODULE.replace("wait(number)", "pass"))
    command = ["python", "-m", "pytest", "-q", "--rootdir", tmp_path, "-c", "/dev/null", short]
    done = suites.Suite("short", tmp_path / "short", command, lambda number: project_env())
    long = suite()
    outcomes = suites.together([long, done], runs=2)
    assert [outcome.passed for outcome in outcomes] == [True, True]
    assert [outcome.ran for outcome in outcomes] == [12, 3]
    assert (len(long.runs), len(done.runs)) == (2, 1)


def test_modules_of_the_whole_run_before_those_of_its_parts(modules, suite, tmp_path):
    modules(below="a_part")
    (tmp_path / "given" / "test_whole.py").write_text(
        MODULE.replace("parent.parent", "parent") + AT_ONCE,
    )
    [outcome] = suites.together([suite()], runs=1)
    assert outcome.ran == 15
    assert Share(tmp_path / "results/share").ended[:3] == [f"test_whole.py::test_it[{n}]" for n in range(3)]


def test_a_failure_in_any_run_fails_the_suite_and_is_named(modules, suite, capsys):
    modules(FAILING)
    [outcome] = suites.together([suite()], runs=2)
    assert not outcome.passed
    assert str(outcome).startswith("given: FAILED: 8 passed, 4 failed, 0 skipped")
    printed = capsys.readouterr().out
    assert "== given: failed: test_third.py::test_it[1]" in printed
    assert "assert 1 != 1" in printed


def test_tests_that_no_run_came_to_fail_the_suite(modules, suite):
    folder = modules()
    (folder / "test_second.py").write_text("import os\n\ndef test_it():\n    os._exit(0)\n")
    [outcome] = suites.together([suite()], runs=1)
    assert outcome.status == 0
    assert not outcome.passed
    assert ", 4 not run in " in str(outcome)


def test_what_is_claimed_is_left_to_others(modules, tmp_path):
    folder = modules()
    share = Share(tmp_path / "share")
    share.clear()
    assert not share.is_handed_out
    for name in NAMES:
        assert share.claim(f"test_{name}.py")
    assert not share.claim("test_first.py")
    options = ["-p", "tools.sharing", "--share", share.folder, "--rootdir", folder, "-c", "/dev/null"]
    subprocess.run(
        ["python", "-m", "pytest", *options, folder], env=project_env(), cwd=ROOT, check=True, timeout=60
    )
    assert not (folder.parent / "said").exists()
    assert len(share.tests) == 12
    assert share.ended == []
    assert share.is_handed_out


def test_interrupted_runs_are_all_stopped(modules, suite, tmp_path, monkeypatch):
    modules("import time\ndef wait(number): time.sleep(600)\n")
    shared = suite()

    def interrupted() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(suites, "PROGRESS", 1)
    monkeypatch.setattr(suites.Suite, "progress", property(lambda self: interrupted()))
    with pytest.raises(KeyboardInterrupt):
        suites.together([shared], runs=2)
    assert len(shared.runs) == 2
    assert all(program.stopped for program in shared.runs)
