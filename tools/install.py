"""Set-up: two Python environments from hashed locks, and node_modules (docs/adr/0001 and 0002).

Each part carries a stamp, the hash of what it was made from. A part whose stamp still holds is left alone, so
that a second run does nothing and needs no network. A part that is a symbolic link belongs to another
checkout and is left alone as well.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tools.workspace import CACHE, CHAIN_VENV, NODE_MODULES, ROOT, VENV, fail, must, project_env, say

LOCKS = ROOT / "requirements"
# Lock file -> the dependency group of pyproject.toml it resolves.
GROUPS = {"bootstrap": "bootstrap", "node": "dev", "chain": "chain"}
GENERATED = (
    *("build", "reports", "out", "interfaces", ".cache/brownie", ".cache/coverage", "deployments/31337.json"),
    *(".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"),
    *(f"{folder}/**/__pycache__" for folder in ("backend", "benchmarks", "scripts", "tests", "tools", "zk")),
)


def setup() -> int:
    """Make whatever is missing or out of date. Safe to call twice at once: the second waits for the first."""
    CACHE.mkdir(exist_ok=True)
    with open(CACHE / "setup.lock", "w") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        _node_modules()
        _node_environment()
        _chain_environment()
    return 0


def clean() -> int:
    """Remove what builds, test runs and demos left, and keep what set-up installed."""
    say("removing build products, reports and caches")
    for pattern in GENERATED:
        for path in ROOT.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    return 0


def lock() -> int:
    """Bring every lock file in line with pyproject.toml and package.json (online); pins that fit stay."""
    uv = _uv()
    for name, group in GROUPS.items():
        must(
            *(
                uv,
                "pip",
                "compile",
                "--quiet",
                "--universal",
                "--python-version",
                "3.11",
                "--generate-hashes",
            ),
            *(
                "--no-annotate",
                "--no-emit-index-url",
                "--no-emit-find-links",
                "--custom-compile-command",
                "./dev lock",
            ),
            *("--group", group, *(["--all-extras", "pyproject.toml"] if name == "node" else [])),
            *("--output-file", LOCKS / f"{name}.lock"),
        )
    must("npm", "install", "--package-lock-only", env=project_env())
    return 0


def _node_environment() -> None:
    sources: Sequence[Path | str] = [LOCKS / "node.lock", _installed_metadata()]
    if _current(VENV, sources):
        return
    say("installing the node, the command line and their tests into .venv")
    uv = _synchronised(VENV, LOCKS / "node.lock")
    must(
        *(uv, "pip", "install", "--quiet", "--python", VENV / "bin/python"),
        *("--no-deps", "--no-build-isolation", "--editable", ROOT),
    )
    _mark_current(VENV, sources)


def _chain_environment() -> None:
    sources = [LOCKS / "chain.lock", ROOT / "tools/brownie_interpreted.py"]
    if _current(CHAIN_VENV, sources):
        return
    say("installing Brownie into .venv-chain")
    _synchronised(CHAIN_VENV, LOCKS / "chain.lock")
    must(CHAIN_VENV / "bin/python", ROOT / "tools/brownie_interpreted.py")
    _mark_current(CHAIN_VENV, sources)


def _node_modules() -> None:
    sources = [ROOT / "package.json", ROOT / "package-lock.json"]
    if _current(NODE_MODULES, sources):
        return
    say("installing the Solidity compiler, OpenZeppelin and the test chains into node_modules")
    _require_node()
    must("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", env=project_env())
    # The shim keeps the compiler's version in a file; have it there before two compiles race for it.
    must(ROOT / "tools/solcx/solc-v0.8.30", "--version", env=project_env())
    _mark_current(NODE_MODULES, sources)


def _synchronised(venv: Path, lock_file: Path) -> str:
    """Make `venv` hold exactly what `lock_file` says, and return the uv that did it."""
    uv = _uv()
    python = venv / "bin/python"
    if not _runs(python):
        must(_python_3_11(), "-m", "venv", "--clear", "--without-pip", venv)
    must(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock_file)
    return uv


def _uv() -> str:
    """The pinned uv, installed by pip into an environment of its own under .cache."""
    venv = CACHE / "uv"
    sources = [LOCKS / "bootstrap.lock"]
    if not _current(venv, sources):
        say("installing uv, which installs the rest")
        must(_python_3_11(), "-m", "venv", "--clear", venv)
        must(
            *(venv / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "--requirement", LOCKS / "bootstrap.lock"),
        )
        _mark_current(venv, sources)
    return str(venv / "bin/uv")


def _python_3_11() -> str:
    """A Python 3.11 interpreter: the one running this, or `python3.11` on PATH."""
    if sys.version_info[:2] == (3, 11):
        # Not sys.executable: in a virtual environment that is a link, gone when the environment is.
        return str(Path(sys.base_prefix) / "bin/python3.11")
    found = shutil.which("python3.11")
    if found is None:
        fail("Python 3.11 is needed: neither this interpreter nor `python3.11` on PATH is one")
    return found


def _require_node() -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        fail("Node.js 20 or later with npm is needed, and `node` or `npm` is not on PATH")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    major = re.match(r"v(\d+)\.", version)
    if major is None or int(major[1]) < 20:
        fail(f"Node.js 20 or later is needed, and {node} is {version}")


def _runs(python: Path) -> bool:
    """Whether an environment's interpreter exists and still works (its base may have been removed)."""
    return python.exists() and subprocess.run([python, "-c", ""], capture_output=True).returncode == 0


def _current(part: Path, sources: Sequence[Path | str]) -> bool:
    if part.is_symlink():
        return True
    stamp = part / ".dualpower-stamp"
    return stamp.is_file() and stamp.read_text() == _digest(part, sources)


def _mark_current(part: Path, sources: Sequence[Path | str]) -> None:
    (part / ".dualpower-stamp").write_text(_digest(part, sources))


def _digest(part: Path, sources: Sequence[Path | str]) -> str:
    """A hash of the sources and of the part's place, since environments do not survive being moved."""
    digest = hashlib.sha256(str(part).encode())
    for source in sources:
        content = source.encode() if isinstance(source, str) else source.read_bytes()
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _installed_metadata() -> str:
    """The part of pyproject.toml that the editable install copies: settings of other tools do not count."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return repr([table["project"], table["build-system"], table["tool"]["hatch"]])
