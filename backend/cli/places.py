"""Where a command finds the chain, the commune's contracts, and what it keeps on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from backend.cli.errors import Misused

RPC = "http://127.0.0.1:8545"
# The module and attribute that tell a node what a commune's events mean (backend.node.Application).
COMMUNE = "backend.commune:COMMUNE"
DEPLOYMENT = Path("deployments/31337.json")
# Where `./dev web` leaves the members' page in a checkout.
PAGE = Path(__file__).resolve().parents[2] / "build" / "web"

RpcUrl = Annotated[
    str,
    typer.Option("--rpc", envvar="DUALPOWER_RPC", help="JSON-RPC of the chain.", metavar="URL"),
]
Deployment = Annotated[
    Path,
    typer.Option(
        "--deployment",
        envvar="DUALPOWER_DEPLOYMENT",
        help="Where the commune's contracts are, as the deploy script recorded it.",
        metavar="FILE",
    ),
]


def require_deployment(path: Path) -> None:
    """Raises unless the file is there."""
    if not path.is_file():
        raise Misused(f"there is no {path}: the deploy script writes it, or you get it from your commune")


def data_folder() -> Path:
    """What the command line keeps for whoever runs it (XDG Base Directory Specification 0.8)."""
    given = os.environ.get("XDG_DATA_HOME", "")
    # A relative path is to be ignored, the specification says.
    base = Path(given) if given.startswith("/") else Path.home() / ".local" / "share"
    return base / "dualpower"
