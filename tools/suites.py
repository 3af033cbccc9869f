"""The test suites, their coverage, and the static checks.

Two suites, since Brownie needs an environment of its own: `contracts` is tests/contracts under Brownie on a
test chain it starts and stops, `node` is every other test under plain pytest. As many runs work at once as
there are processors: one of each suite first, and when one ends, another takes part in what is left of the
other suite (tools/sharing.py). All write JUnit files to build/test, which the closing lines are read from: a
suite in which no test ran has failed.
"""

from __future__ import annotations

import os
import shutil
import socket
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools import solidity_coverage, web
from tools.processes import Program, Programs
from tools.share import Share
from tools.workspace import (
    BUILD,
    CACHE,
    ROOT,
    Command,
    brownie_env,
    brownie_network,
    chain_port,
    fail,
    must,
    network,
    project_env,
    run,
    say,
)

RESULTS = BUILD / "test"
# Runs at once. A contract run keeps about one processor busy, its own and its chain's time together.
RUNS = max(2, os.cpu_count() or 2)
# How often the driver says how far the suites are, seconds.
PROGRESS = 60
# The page's sources, as prettier takes them.
PAGE = ("web/**/*.{ts,tsx,mjs,css,json,html}",)


@dataclass(frozen=True)
class Outcome:
    """What a suite's JUnit files say: how many tests ran, failed (errors included) and were skipped.

    `missing` are those that a shared suite has, and none of its runs came to the end of.
    """

    suite: str
    status: int
    ran: int
    failed: int
    skipped: int
    seconds: float
    missing: int = 0

    @property
    def passed(self) -> bool:
        return self.status == 0 and self.failed == 0 and self.missing == 0 and self.ran > 0

    def __str__(self) -> str:
        verdict = "passed" if self.passed else "FAILED"
        counts = f"{self.ran - self.failed} passed, {self.failed} failed, {self.skipped} skipped"
        reason = "" if self.passed or self.failed else f" (exit status {self.status}, {self.ran} tests ran)"
        missing = f", {self.missing} not run" if self.missing else ""
        return f"{self.suite}: {verdict}: {counts}{missing} in {self.seconds:.0f} s{reason}"


@dataclass
class Suite:
    """A suite that several runs share. `command` and `environment` take the number of the run, from 0."""

    name: str
    folder: Path
    command: Sequence[Command]
    environment: Callable[[int], dict[str, str]]
    runs: list[Program] = field(default_factory=list)
    shown: set[int] = field(default_factory=set)
    told: int = 0
    began: float = 0
    seconds: float = 0

    @property
    def share(self) -> Share:
        return Share(self.folder / "share")

    @property
    def running(self) -> int:
        return sum(not program.stopped for program in self.runs)

    @property
    def has_work(self) -> bool:
        """Whether one more run would find something: a run ends when nothing is left, or when it must."""
        return self.running == len(self.runs) and not self.share.is_handed_out

    def start(self, programs: Programs) -> None:
        """Begin one more run."""
        number = len(self.runs)
        if not number:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.share.clear()
            self.began = time.monotonic()
        command = (*self.command, "-p", "tools.sharing", "--share", self.share.folder)
        results = f"--junitxml={self._results(number)}"
        name = f"run {number + 1} of the suite {self.name}"
        env, log = self.environment(number), self._log(number)
        self.runs.append(programs.start(name, *command, results, env=env, log=log))

    def tell(self) -> None:
        """Name the tests that have failed since last time, and show what runs that have ended printed."""
        failed = self.share.failed
        for test in failed[self.told :]:
            say(f"{self.name}: failed: {test}")
        self.told = len(failed)
        for number, program in enumerate(self.runs):
            if program.stopped and number not in self.shown:
                self.shown.add(number)
                self.seconds = time.monotonic() - self.began
                say(f"{program.name} has ended:")
                print(self._log(number).read_text(errors="replace"), flush=True)

    @property
    def progress(self) -> str:
        share = self.share
        return f"{self.name}: {len(share.ended)} of {len(share.tests)} tests"

    def outcome(self) -> Outcome:
        """The sum of its runs."""
        status = next((program.process.returncode for program in self.runs if program.process.returncode), 0)
        counts = [_counts(self._results(number)) for number in range(len(self.runs))]
        ran, failed, skipped = (sum(column) for column in zip(*counts, strict=True))
        missing = len(set(self.share.tests) - set(self.share.ended))
        return Outcome(self.name, status, ran, failed, skipped, self.seconds, missing)

    def _results(self, number: int) -> Path:
        return self.folder / f"{number + 1}.xml"

    def _log(self, number: int) -> Path:
        return self.folder / f"{number + 1}.log"


def test(args: Sequence[str]) -> int:
    """Run both suites, or the one that `args` begins with; the remaining words go to pytest.

    One suite with words for pytest is one run, whose output is seen as it comes.
    """
    name, words = (args[0], args[1:]) if args and args[0] in ("contracts", "node") else ("", args)
    if name == "contracts" and words:
        outcomes = [contracts(words)]
    else:
        compile_contracts()
        if name != "contracts":
            web.web()
        if name == "node" and words:
            outcomes = [node(words)]
        else:
            known = {"contracts": contract_suite, "node": node_suite}
            outcomes = together([known[each](words) for each in ([name] if name else known)])
    print()
    for outcome in outcomes:
        say(str(outcome))
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def compile_contracts() -> None:
    """Bring build/contracts up to date; Brownie compiles only what changed."""
    say("compiling the contracts")
    must("brownie", "compile", env=brownie_env())


def contracts(args: Sequence[str]) -> Outcome:
    """The contract suite, on the node NETWORK names."""
    return _brownie_test(f"contracts on {network()}", "contracts", brownie_network(), args)


def node(args: Sequence[str]) -> Outcome:
    """Every test that needs no Brownie. They find the compiled contracts in build/contracts."""
    return run_suite("node", RESULTS / "node.xml", _node_command(args), project_env())


def contract_suite(args: Sequence[str]) -> Suite:
    """Run n takes the test port after that of run n-1."""
    for number in range(RUNS):
        require_free_port(chain_port() + number, "CHAIN_PORT")
    command = ["brownie", "test", *args, "--network", brownie_network()]
    return Suite(
        f"contracts on {network()}",
        RESULTS / "contracts",
        command,
        lambda number: brownie_env(chain_port() + number),
    )


def node_suite(args: Sequence[str]) -> Suite:
    return Suite("node", RESULTS / "node", _node_command(args), lambda number: project_env())


def together(suites: Sequence[Suite], runs: int = RUNS) -> list[Outcome]:
    """Share the suites among at most `runs` runs at a time, so that none waits while there is work."""
    with Programs() as programs:
        spoke = time.monotonic()
        while True:
            for suite in suites:
                suite.tell()
            open_suites = [suite for suite in suites if suite.has_work]
            running = sum(suite.running for suite in suites)
            if open_suites and running < runs:
                min(open_suites, key=lambda suite: suite.running).start(programs)
            elif not running:
                return [suite.outcome() for suite in suites]
            elif time.monotonic() - spoke > PROGRESS:
                spoke = time.monotonic()
                say(", ".join(suite.progress for suite in suites))
            else:
                time.sleep(0.5)


def _node_command(args: Sequence[str]) -> list[Command]:
    return ["python", "-m", "pytest", "--ignore=tests/contracts", *args]


def coverage(args: Sequence[str]) -> int:
    """Brownie's gas and coverage reports on anvil, then the branch coverage of backend/.

    `args` go to Brownie. Under coverage it sends every call as a transaction, in order to trace it: a test
    that measures the gas of a call carries the mark `skip_coverage`.
    """
    # Brownie takes what build/tests.json holds for covered, even from a run that did not trace.
    for leftover in (BUILD / "tests.json", ROOT / "reports/coverage.json"):
        leftover.unlink(missing_ok=True)
    chain = _brownie_test("contract coverage on anvil", "coverage", "anvil", [*args, "--coverage", "--gas"])
    data = CACHE / "coverage"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    command = ["coverage", "run", "-m", "pytest", "--ignore=tests/contracts"]
    backend = run_suite("backend coverage", RESULTS / "backend-coverage.xml", command, project_env())
    for report in (["combine", "--quiet"], ["html", "--quiet"], ["report"]):
        run("coverage", *report, env=project_env())
    brownie_report = ROOT / "reports/coverage.json"
    if brownie_report.is_file():
        print("\nSolidity", solidity_coverage.table(brownie_report, BUILD / "contracts"), sep="\n")
    print()
    say("reports: reports/coverage.json (contracts), reports/backend/index.html (backend)")
    for outcome in (chain, backend):
        say(str(outcome))
    return 0 if chain.passed and backend.passed else 1


def check() -> int:
    """Format, lint and types of the Python, the Solidity and the page: all run, then the verdict."""
    solidity = ["contracts/**/*.sol"] if any((ROOT / "contracts").rglob("*.sol")) else []
    checks: dict[str, list[Command]] = {
        "Python format": ["ruff", "format", "--check", "."],
        "Python lint": ["ruff", "check", "."],
        "Python types": ["mypy"],
        "page format": ["prettier", "--check", *PAGE],
        "page types": ["tsc", "--project", "web"],
    }
    if solidity:
        checks["Solidity format"] = ["prettier", "--check", *solidity]
        # --disc keeps solhint from asking the network for a newer version of itself.
        checks["Solidity lint"] = ["solhint", "--disc", "--noPoster", "--max-warnings", "0", *solidity]
    env = project_env()
    web.types()
    failed = [name for name, command in checks.items() if run(*command, env=env)]
    say(f"check: {'FAILED: ' + ', '.join(failed) if failed else 'passed: ' + ', '.join(checks)}")
    return 1 if failed else 0


def format_sources() -> int:
    """Rewrite the sources as `check` wants them, as far as the tools can."""
    env = project_env()
    must("ruff", "format", ".", env=env)
    status = run("ruff", "check", "--fix", ".", env=env)
    return status or run("prettier", "--write", "--log-level", "warn", "contracts/**/*.sol", *PAGE, env=env)


def require_free_port(port: int, variable: str) -> None:
    """End the driver when `port` is taken: Brownie would attach to whatever answers there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            fail(f"port {port} is in use; stop what listens there or set {variable} to another port")


def _brownie_test(name: str, file: str, network_id: str, args: Sequence[str]) -> Outcome:
    require_free_port(chain_port(), "CHAIN_PORT")
    # Brownie takes a leading word for the path of the tests, so the path has to come first when there is one.
    command = ["brownie", "test", *args, "--network", network_id]
    return run_suite(name, RESULTS / f"{file}.xml", command, brownie_env())


def run_suite(name: str, results: Path, command: Sequence[Command], env: dict[str, str]) -> Outcome:
    """Run a pytest command that writes its JUnit file to `results`, and read there how it went."""
    say(f"{name}: running")
    results.parent.mkdir(parents=True, exist_ok=True)
    results.unlink(missing_ok=True)
    started = time.monotonic()
    status = run(*command, f"--junitxml={results}", env=env)
    ran, failed, skipped = _counts(results)
    return Outcome(name, status, ran, failed, skipped, time.monotonic() - started)


def _counts(results: Path) -> tuple[int, int, int]:
    """Tests that ran, that failed and that were skipped, from a JUnit file; zeros if there is none."""
    if not results.is_file():
        return 0, 0, 0
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    # Written by the pytest we just ran, so the parser's exposure to hostile XML does not matter.
    for suite in ElementTree.parse(results).getroot().iter("testsuite"):  # noqa: S314
        for key in totals:
            totals[key] += int(suite.get(key, 0))
    return totals["tests"] - totals["skipped"], totals["failures"] + totals["errors"], totals["skipped"]
