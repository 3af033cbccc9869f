"""Benchmarks: `benchmarks/NAME.py` is `make bench-NAME`, and `make bench` runs them all.

`make bench-NAME` also runs `benchmarks/NAME_*.py`, the parts of NAME that need another environment, and adds
their rows to NAME's.

A benchmark prints a table and writes build/bench/NAME.json: a list of rows with the fields below, the last
three null where nothing is compared. One that imports `brownie` runs as a Brownie script on a test chain; any
other runs in the node's environment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.install import setup
from tools.suites import compile_contracts, require_free_port
from tools.workspace import BUILD, ROOT, brownie_env, brownie_network, chain_port, fail, project_env, run, say

FIELDS = {"id", "value", "unit", "reference", "reference_value", "ratio"}


def bench(names: list[str]) -> int:
    """Run the named benchmarks, or all of them; 1 if any failed or left no proper result."""
    scripts = {path.stem: path for path in sorted((ROOT / "benchmarks").glob("*.py")) if path.stem[0] != "_"}
    if not scripts:
        fail("there are no benchmarks in benchmarks/")
    if unknown := [name for name in names if name not in scripts]:
        fail(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(scripts)}")
    setup()
    compile_contracts()
    faults = {name: _run(name, scripts[name]) for name in parts(names, scripts)}
    for name, found in faults.items():
        if found is None:
            _join(name, [part for part in faults if part.startswith(f"{name}_") and faults[part] is None])
        say(f"bench-{name}: {found or f'wrote build/bench/{name}.json'}")
    return 1 if any(faults.values()) else 0


def parts(names: Sequence[str], known: Iterable[str]) -> list[str]:
    """The benchmarks that `names` stand for, each once; all known ones where none is named."""
    found = [k for name in names for k in known if k == name or k.startswith(f"{name}_")]
    return list(dict.fromkeys(found)) if names else list(known)


def _join(name: str, own: Sequence[str], folder: Path = BUILD / "bench") -> None:
    """Add the rows of the parts in `own` to those of `name`."""
    rows = [row for part in (name, *own) for row in json.loads((folder / f"{part}.json").read_text())]
    (folder / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n")


def _run(name: str, script: Path) -> str | None:
    """Run one benchmark; what went wrong, or None."""
    say(f"bench-{name}")
    result = BUILD / "bench" / f"{name}.json"
    result.parent.mkdir(parents=True, exist_ok=True)
    result.unlink(missing_ok=True)
    if re.search(r"^\s*(?:import|from) brownie\b", script.read_text(), re.MULTILINE):
        require_free_port(chain_port(), "CHAIN_PORT")
        # Brownie takes a relative path for one below scripts/.
        status = run("brownie", "run", script, "--network", brownie_network(), env=brownie_env())
    else:
        # -P: the folder of benchmarks is no place to import from; `zk` there is not the package.
        status = run("python", "-P", script, env=project_env())
    if status:
        return f"FAILED with exit status {status}"
    return fault(result)


def fault(result: Path) -> str | None:
    """What is wrong with a result file, or None."""
    if not result.is_file():
        return f"FAILED: it did not write {result}"
    try:
        rows = json.loads(result.read_text())
    except ValueError as error:
        return f"FAILED: {result} is not JSON: {error}"
    if not isinstance(rows, list) or not rows:
        return f"FAILED: {result} is not a list of rows"
    for row in rows:
        if not isinstance(row, dict) or set(row) != FIELDS:
            return f"FAILED: {result} has the row {row}; the fields are {sorted(FIELDS)}"
    return None
