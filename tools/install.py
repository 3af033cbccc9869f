"""Set-up: two Python environments from hashed locks, and node_modules (docs/adr/0001 and 0002).

Each part carries a stamp, the hash of what it was made from. A part whose stamp still holds is left alone, so a
second run does nothing and needs no network. A part that is a symbolic link belongs to another checkout and is
left alone as well.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Sequence

from tools.workspace import CACHE, CHAIN_VENV, NODE_MODULES, ROOT, VENV, fail, must, project_env, say

LOCKS = ROOT / "requirements"
# Lock file -> the dependency group of pyproject.toml it resolves.
GROUPS = {"bootstrap": "bootstrap", "node": "dev", "chain": "chain"}


def setup() -> None:
    """Make whatever is missing or out of date. Safe to call twice at once: the second waits for the first."""
    CACHE.mkdir(exist_ok=True)
    with open(CACHE / "setup.lock", "w") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        _node_environment()
        _chain_environment()
        _node_modules()


def lock() -> None:
    """Bring every lock file in line with pyproject.toml and package.json (needs the network); pins that fit stay."""
    uv = _uv()
    for name, group in GROUPS.items():
        must(
            *(uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
            *("--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "./dev lock"),
            *("--group", group, *(["pyproject.toml"] if name == "node" else [])),
            *("--output-file", LOCKS / f"{name}.lock"),
        )
    must("npm", "install", "--package-lock-only", env=project_env())


def _node_environment() -> None:
    sources = [LOCKS / "node.lock", ROOT / "pyproject.toml"]
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
        # Not sys.executable: inside a virtual environment that is a link which the environment's removal breaks.
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


def _current(part: Path, sources: Sequence[Path]) -> bool:
    if part.is_symlink():
        return True
    stamp = part / ".dualpower-stamp"
    return stamp.is_file() and stamp.read_text() == _digest(part, sources)


def _mark_current(part: Path, sources: Sequence[Path]) -> None:
    (part / ".dualpower-stamp").write_text(_digest(part, sources))


def _digest(part: Path, sources: Sequence[Path]) -> str:
    """A hash of the sources and of the part's place, since environments do not survive being moved."""
    digest = hashlib.sha256(str(part).encode())
    for source in sources:
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()
