"""The test suites, their coverage, and the static checks.

Two suites, since Brownie needs an environment of its own: `contracts` is tests/contracts under Brownie on a
test chain it starts and stops, `node` is every other test under plain pytest. They run side by side, since
either mostly waits for one processor's work. Both write a JUnit file to build/test, and the closing lines are
read from there: a suite in which no test ran has failed.
"""

from __future__ import annotations

import shutil
import socket
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import solidity_coverage, web
from tools.processes import Programs
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
# The page's sources, as prettier takes them.
PAGE = ("web/**/*.{ts,tsx,mjs,css,json,html}",)


@dataclass(frozen=True)
class Outcome:
    """What a suite's JUnit file says: how many tests ran, failed (errors included) and were skipped."""

    suite: str
    status: int
    ran: int
    failed: int
    skipped: int
    seconds: float

    @property
    def passed(self) -> bool:
        return self.status == 0 and self.failed == 0 and self.ran > 0

    def __str__(self) -> str:
        verdict = "passed" if self.passed else "FAILED"
        counts = f"{self.ran - self.failed} passed, {self.failed} failed, {self.skipped} skipped"
        reason = "" if self.passed or self.failed else f" (exit status {self.status}, {self.ran} tests ran)"
        return f"{self.suite}: {verdict}: {counts} in {self.seconds:.0f} s{reason}"


def test(args: Sequence[str]) -> int:
    """Run both suites, or the one that `args` begins with; the remaining words go to pytest."""
    if args and args[0] == "contracts":
        outcomes = [contracts(args[1:])]
    else:
        compile_contracts()
        web.web()
        outcomes = [node(args[1:])] if args and args[0] == "node" else side_by_side(args)
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


def side_by_side(args: Sequence[str]) -> list[Outcome]:
    """Both suites at once. What the node's tests print is shown when the contracts' have ended."""
    results, log = RESULTS / "node.xml", RESULTS / "node.log"
    results.parent.mkdir(parents=True, exist_ok=True)
    results.unlink(missing_ok=True)
    with Programs() as programs:
        started = time.time()
        command = [*_node_command(args), f"--junitxml={results}"]
        program = programs.start("the node's tests", *command, env=project_env(), log=log)
        of_contracts = contracts(args)
        say("waiting for the node's tests")
        status = program.process.wait()
        seconds = log.stat().st_mtime - started
    print(log.read_text(errors="replace"))
    return [of_contracts, Outcome("node", status, *_counts(results), seconds)]


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
