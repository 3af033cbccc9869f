"""`dualpower node`: run a node, and ask one how it is."""

from __future__ import annotations

import logging
import socket
import time
from pathlib import Path
from typing import Annotated

import typer

from backend.cli import show
from backend.cli.api import Node, NodeRefused, Reading
from backend.cli.command import command
from backend.cli.errors import Misused, Refused
from backend.cli.places import COMMUNE, DEPLOYMENT, PAGE, RPC, Deployment, RpcUrl, require_deployment

app = typer.Typer(no_args_is_help=True, help="Run a node, or ask one how it is.")


@command(app, "run")
def run(
    rpc: RpcUrl = RPC,
    deployment: Deployment = DEPLOYMENT,
    database: Annotated[Path, typer.Option(help="The node's SQLite file; made if it is missing.")] = Path(
        "node.sqlite"
    ),
    host: Annotated[str, typer.Option(help="Interface to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to serve on.")] = 8000,
    poll: Annotated[
        float, typer.Option(min=0.05, max=600, help="Seconds between two looks at an idle chain.")
    ] = 1.0,
    origin: Annotated[
        str | None,
        typer.Option(
            help="The node's public address, as browsers send it; anonymous sign-ins are made for it.",
            metavar="URL",
        ),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(
            help="A folder that `./dev web` made, to serve the members' page from; build/web of this checkout"
            " unless told otherwise, where it is there.",
            metavar="DIR",
            show_default=False,
        ),
    ] = None,
    with_page: Annotated[
        bool, typer.Option("--with-page/--no-page", help="Serve the members' page at /.", show_default=False)
    ] = True,
    relay_keystore: Annotated[
        Path | None,
        typer.Option(help="Relay for members, and pay with this keystore file's account.", metavar="FILE"),
    ] = None,
    relay_password: Annotated[
        Path | None, typer.Option(help="A file with that keystore's password.", metavar="FILE")
    ] = None,
    relay_test_account: Annotated[
        int | None,
        typer.Option(min=0, max=999, help="Relay with a local test chain's N-th published key.", metavar="N"),
    ] = None,
    relay_interval: Annotated[
        int,
        typer.Option(
            min=0, max=86_400, help="Seconds for which secret ballots are collected, to be sent together."
        ),
    ] = 30,
    keep: Annotated[
        bool,
        typer.Option(
            help="Where it relays, also have followed ballots filled in and draws captured, for all."
        ),
    ] = True,
) -> None:
    """Index the chain and serve the API and the members' page until Ctrl-C."""
    from backend.node import NodeFailed, Settings, run
    from backend.relay import RelaySettings

    require_deployment(deployment)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    _require_free(host, port)
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misused(f"{database} cannot be made: {error}") from None
    show.line(f"serving http://{host}:{port} from {database}, reading {rpc} (Ctrl-C stops)")
    relays = relay_keystore is not None or relay_test_account is not None
    paid = RelaySettings(
        keystore=relay_keystore,
        password=relay_password,
        test_key=relay_test_account,
        secret_interval=relay_interval,
        keeps=keep,
    )
    settings = Settings(
        rpc,
        deployment,
        database,
        application=COMMUNE,
        host=host,
        port=port,
        poll=poll,
        relay=paid if relays else None,
        origin=origin.rstrip("/") if origin else None,
        page=(page or (PAGE if PAGE.is_dir() else None)) if with_page else None,
    )
    try:
        run(settings)
    except NodeFailed as error:
        raise Refused(str(error)) from None
    show.line("stopped")


def _require_free(host: str, port: int) -> None:
    """Raises where nothing can be served at, which a server would otherwise end over with a traceback."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        raise Refused(f"nothing can be served at {host}:{port}: {error.strerror or error}") from None


@command(app, "backup")
def back_up(
    target: Annotated[
        Path, typer.Argument(help="The copy's file; there must be none of that name.", metavar="FILE")
    ],
    database: Annotated[Path, typer.Option(help="The node's SQLite file.")] = Path("node.sqlite"),
) -> None:
    """Copy a node's database, also while the node runs; one started on the copy goes on from there."""
    import sqlite3

    from backend.store import NotADatabase, backup

    try:
        cursor = backup(database, target)
    except FileExistsError:
        raise Misused(f"{target} is there already, and is not written over; name another file") from None
    except NotADatabase as error:
        raise Misused(str(error)) from None
    except (OSError, sqlite3.Error) as error:
        raise Refused(f"{target} could not be written: {error}") from None
    show.line(f"{target} holds everything as of block {cursor.number} of {show.when(cursor.timestamp)}")


@command(app, "status")
def status(reading: Reading) -> None:
    """Say whether a node is up to date, at which block, and for which commune."""
    with Node(reading.node) as api:
        obstacle = None
        started = time.monotonic()
        try:
            found = api.request("GET", "/ready")
        except NodeRefused as refused:
            if refused.status_code != 503:
                raise
            obstacle = refused.problem.get("detail") or refused.problem.get("title")
            raise Refused(f"{api.url} is not ready: {obstacle}", {"problem": refused.problem}) from None
        took = time.monotonic() - started
        about = api.data("/v1/node")
    if reading.as_json:
        show.as_json({"ready": True, "block": found["block"], **about})
        return
    block = found["block"]
    show.facts(
        [
            ("node", api.url),
            ("ready", "yes"),
            ("block", f"{block['number']} of {show.when(block['timestamp'])}"),
            ("hash", block["hash"]),
            ("chain", about["chainId"]),
            ("answered in", f"{took * 1000:.0f} ms"),
            *sorted(about["contracts"].items()),
        ]
    )
