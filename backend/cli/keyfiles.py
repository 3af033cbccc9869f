"""`dualpower key`: a keystore file of one's own."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from eth_account import Account
from eth_utils.address import to_checksum_address

from backend.cli import show
from backend.cli.command import command
from backend.cli.errors import Misused
from backend.cli.keys import password_for

app = typer.Typer(no_args_is_help=True, help="Your key, in a keystore file.")

KeyFile = Annotated[Path, typer.Argument(metavar="FILE", help="The keystore file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@command(app, "new")
def new(file: KeyFile, as_json: AsJson = False) -> None:
    """Make a new key, kept in a file that only your password opens. Nobody can restore either."""
    if file.exists():
        raise Misused(f"{file} is there already, and a key is never overwritten")
    password = password_for(file, new=True)
    if not password:
        raise Misused("the password is empty")
    key = Account.create()
    content = json.dumps(Account.encrypt(key.key, password))
    try:
        # Readable by oneself only, from the first byte on, and never in the place of another file.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Misused(f"{file} cannot be written: {error}") from None
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(content)
    _tell(key.address, file, as_json=as_json)


@command(app, "show")
def account(file: KeyFile, as_json: AsJson = False) -> None:
    """Say whose account a keystore file holds. Needs no password."""
    try:
        found = to_checksum_address(json.loads(file.read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Misused(f"{file} is no readable keystore file: {type(error).__name__} {error}") from None
    _tell(found, file, as_json=as_json)


def _tell(account: str, file: Path, *, as_json: bool) -> None:
    if as_json:
        show.as_json({"account": account, "keystore": str(file)})
    else:
        show.line(f"account {account}, in {file}")
