"""Texts, and `dualpower texts`: the chain holds their hashes, nodes hold them.

A node takes a text once its hash stands on the chain, so a text is handed in after the transaction that
names it.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from eth_hash.auto import keccak

from backend.cli import show
from backend.cli.api import Node, NodeRefused, Reading
from backend.cli.command import command
from backend.cli.errors import Misused, Refused

app = typer.Typer(no_args_is_help=True, help="Texts that the chain names by their hashes.")

# How long the node may take to index the block in which the hash stands, seconds.
PATIENCE = 30
# What a node answers while it does not know the hash.
_UNKNOWN_YET = (404, 409, 503)
_NO_SUCH_PATH = "urn:dualpower:problem:no-such-path"


def text_of(inline: str | None, file: Path | None, what: str) -> str | None:
    """The text given in one of the two ways, or None. Raises `Misused` if it is empty or given twice."""
    if inline is not None and file is not None:
        raise Misused(f"give {what} as text or as a file, not both")
    if file is not None:
        try:
            inline = file.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise Misused(f"{file} cannot be read as text: {error}") from None
    if inline is not None and not inline.strip():
        raise Misused(f"{what} is empty")
    return inline


def hash_of(text: str) -> bytes:
    """How the chain refers to a text."""
    return keccak(text.encode())


def hand_in(node: Node, text: str, patience: float = PATIENCE) -> str:
    """Gives the node a text whose hash is on the chain; its hash in hex."""
    hashed = f"0x{hash_of(text).hex()}"
    deadline = time.monotonic() + patience
    try:
        with show.progress("handing in the text"):
            while True:
                try:
                    _put(node, hashed, text)
                except NodeRefused as refused:
                    hopeless = refused.status_code not in _UNKNOWN_YET or refused.kind == _NO_SUCH_PATH
                    if hopeless or time.monotonic() > deadline:
                        raise
                else:
                    return hashed
                time.sleep(0.3)
    except KeyboardInterrupt:
        raise Refused(f"interrupted: {_left_over(hashed)}") from None
    except Refused as refused:
        raise Refused(f"{refused}; {_left_over(hashed)}", refused.details) from None


def _put(node: Node, hashed: str, text: str) -> None:
    node.request(
        "PUT",
        f"/v1/texts/{hashed}",
        content=text.encode(),
        headers={"content-type": "text/plain; charset=utf-8"},
    )


def _left_over(hashed: str) -> str:
    return f"the chain has the hash {hashed} and the node not its text: `dualpower texts put` hands it in"


@command(app, "put")
def put(
    reading: Reading,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="The text.")] = None,
    file: Annotated[Path | None, typer.Option(help="The same, from a file.", metavar="FILE")] = None,
) -> None:
    """Give a node a text whose hash is on the chain."""
    found = text_of(text, file, "the text")
    if found is None:
        raise Misused("give a text, or --file")
    with Node(reading.node) as api:
        hashed = hand_in(api, found, patience=0)
    if reading.as_json:
        show.as_json({"textHash": hashed})
    else:
        show.line(f"the node holds the text {hashed}")


@command(app, "show")
def read(
    reading: Reading,
    text: Annotated[str, typer.Argument(metavar="HASH", help="Its hash, after 0x.")],
) -> None:
    """Print a text that a node holds, after checking that it has this hash."""
    with Node(reading.node) as api:
        found = api.text(f"/v1/texts/{text}")
    if f"0x{hash_of(found).hex()}" != text.lower():
        raise Refused(f"{reading.node} gave another text than {text}: it cannot be trusted")
    if reading.as_json:
        show.as_json({"textHash": text.lower(), "text": found})
    else:
        show.plain(found)
