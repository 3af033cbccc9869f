"""`dualpower keeper`: do for all what anybody may do."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from backend.cli import show
from backend.cli.errors import Misused, Refused
from backend.cli.places import COMMUNE, DEPLOYMENT, RPC, Deployment, RpcUrl, require_deployment


def keeper(
    rpc: RpcUrl = RPC,
    deployment: Deployment = DEPLOYMENT,
    database: Annotated[
        Path, typer.Option(help="The keeper's own SQLite file; made if it is missing.", metavar="FILE")
    ] = Path("keeper.sqlite"),
    keystore: Annotated[
        Path | None, typer.Option(help="Pay with this keystore file's account.", metavar="FILE")
    ] = None,
    password: Annotated[
        Path | None, typer.Option(help="A file with that keystore's password.", metavar="FILE")
    ] = None,
    test_account: Annotated[
        int | None,
        typer.Option(min=0, max=999, help="Pay with a local test chain's N-th published key.", metavar="N"),
    ] = None,
    poll: Annotated[
        float, typer.Option(min=0.05, max=600, help="Seconds between two looks at an idle chain.")
    ] = 1.0,
) -> None:
    """Have followed ballots filled in and draws captured, until Ctrl-C. It needs no node; any number may run,
    and one that was stopped goes on where the chain is."""
    from backend.keeper.alone import run
    from backend.node import NodeFailed, Settings
    from backend.relay import RelaySettings

    require_deployment(deployment)
    if (keystore is None) == (test_account is None):
        raise Misused("say who pays with one of --keystore and --test-account")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misused(f"{database} cannot be made: {error}") from None
    paid = RelaySettings(keystore=keystore, password=password, test_key=test_account, poll=poll)
    settings = Settings(rpc, deployment, database, application=COMMUNE, poll=poll, relay=paid)
    show.line(f"keeping, from {database}, on {rpc} (Ctrl-C stops)")
    try:
        run(settings, lambda said: show.line(escape(said)))
    except NodeFailed as error:
        raise Refused(str(error)) from None
    show.line("stopped")
