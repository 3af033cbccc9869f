"""`dualpower`: the command line of a commune's members and of those who run its nodes.

Reads come from a node's API, writes go to the chain or, signed, through a node's relay. A command's exit
status is 0 when it was done, 1 when the chain or the node refused, 2 when it was asked for wrongly.
"""

from __future__ import annotations

import typer

from backend.cli.node import app as node_commands

app = typer.Typer(
    name="dualpower",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Take part in a commune: join, vote, decide, check.",
)
app.add_typer(node_commands, name="node")

__all__ = ["app"]
