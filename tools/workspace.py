"""Where things are and what a command needs around it: paths, ports, environments, and how commands are run.

Four settings come from environment variables, so that several checkouts can work on one machine:

- `NETWORK`     `ganache` (default) or `anvil`: the chain of the contract suite, the benchmarks and the demo;
- `CHAIN_PORT`  port of the test chain (default 18545); each further one at a time takes the next;
- `DEMO_PORT`   port of the demo's chain (default 8545);
- `API_PORT`    port of the demo's node (default 8000).
"""

from __future__ import annotations

import os
import shutil
import string
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
BUILD = ROOT / "build"
VENV = ROOT / ".venv"
CHAIN_VENV = ROOT / ".venv-chain"
NODE_MODULES = ROOT / "node_modules"

CHAIN_ID = 31337
# The chain test mnemonic every local node knows; it holds no value anywhere.
MNEMONIC = "test test test test test test test test test test test junk"
ACCOUNTS = 60

Command = str | Path | int


def fail(message: str) -> NoReturn:
    """End the driver with `message` on standard error and exit status 1."""
    sys.exit(f"dev: {message}")


def say(message: str) -> None:
    """Tell the reader what is happening, at once even when the output is a pipe."""
    print(f"== {message}", flush=True)


def port(variable: str, default: int) -> int:
    """The TCP port named by an environment variable; a value outside 1..65535 ends the driver."""
    text = os.environ.get(variable, str(default))
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        fail(f"{variable}={text!r} is not a port (1 to 65535)")
    return int(text)


def chain_port() -> int:
    return port("CHAIN_PORT", 18545)


def network() -> str:
    """`ganache` or `anvil`, as NETWORK says; anything else ends the driver."""
    name = os.environ.get("NETWORK", "ganache")
    if name not in ("ganache", "anvil"):
        fail(f"NETWORK={name!r} is not one of: ganache, anvil")
    return name


def brownie_network() -> str:
    """The id in tools/brownie/network-config.yaml of the test network NETWORK asks for."""
    return {"ganache": "development", "anvil": "anvil"}[network()]


def project_env(venv: Path = VENV) -> dict[str, str]:
    """The environment of every command: our tools first on PATH, our compiler shim, this checkout's modules.

    PYTHONPATH puts this checkout before the one `.venv` was installed from, so that a git worktree with a
    linked `.venv` runs its own code.
    """
    env = dict(os.environ)
    env["PATH"] = os.pathsep.join([str(venv / "bin"), str(NODE_MODULES / ".bin"), env.get("PATH", "")])
    env["VIRTUAL_ENV"] = str(venv)
    env["SOLCX_BINARY_PATH"] = str(ROOT / "tools" / "solcx")
    env["PYTHONPATH"] = str(ROOT)
    env["PYTHONUNBUFFERED"] = "1"  # what a program says last before it dies is in its log
    env.pop("PYTHONHOME", None)
    return env


def brownie_env(test_port: int | None = None) -> dict[str, str]:
    """The environment of a Brownie command, with a private HOME for each test port (CHAIN_PORT without one).

    Brownie reads its networks from `~/.brownie` only, so HOME holds our network file with this port in it.
    """
    env = project_env(CHAIN_VENV)
    test_port = test_port or chain_port()
    home = CACHE / "brownie" / str(test_port)
    settings = home / ".brownie" / "network-config.yaml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    template = string.Template((ROOT / "tools/brownie/network-config.yaml").read_text())
    text = template.substitute(
        CHAIN_PORT=test_port,
        DEMO_PORT=port("DEMO_PORT", 8545),
        CHAIN_ID=CHAIN_ID,
        ACCOUNTS=ACCOUNTS,
        MNEMONIC=MNEMONIC,
    )
    replace_text(settings, text)
    env["HOME"] = str(home)
    return env


def replace_text(path: Path, text: str) -> None:
    """Write `path` in one step, so that a reader at the same moment sees the old text or the new one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(path)


def run(*command: Command, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> int:
    """Show and run a command, wait for it, return its exit status."""
    words = [str(word) for word in command]
    print("+", *words, flush=True)
    # Looked up in the command's own PATH: subprocess would search the driver's.
    executable = shutil.which(words[0], path=(env or os.environ).get("PATH"))
    if executable is None:
        fail(f"{words[0]} is not on PATH")
    return subprocess.run(words, executable=executable, env=env, cwd=cwd).returncode


def must(*command: Command, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Run a command and end the driver with its status if it fails."""
    if status := run(*command, env=env, cwd=cwd):
        sys.exit(status)
