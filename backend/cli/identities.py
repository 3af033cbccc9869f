"""`dualpower identity`: the secret by which a member votes and speaks without a name.

It is a Semaphore identity and has nothing to do with the account's key. Its secrets stay in a file of one's
own that only a password opens; the chain gets its public key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli import private, show
from backend.cli.acting import Acting, Actor, actor
from backend.cli.command import command, options
from backend.cli.errors import Misused
from backend.cli.keyfiles import AsJson
from backend.cli.keys import password_for
from backend.cli.places import data_folder

if TYPE_CHECKING:
    from zk import Identity

app = typer.Typer(no_args_is_help=True, help="The secret by which you vote and speak without your name.")

IDENTITY = "DUALPOWER_IDENTITY"
PASSWORD_FILE = "DUALPOWER_IDENTITY_PASSWORD_FILE"  # noqa: S105 - a variable's name


@options
class Identified:
    """Whose identity it is about."""

    identity: Annotated[
        Path | None,
        typer.Option(
            envvar=IDENTITY,
            help="Your identity's file, if it is not in its usual place. The password is asked for, or read"
            f" from the file that {PASSWORD_FILE} names.",
            metavar="FILE",
        ),
    ] = None

    @property
    def path(self) -> Path:
        return self.identity or data_folder() / "identity.json"


@contextmanager
def secrets_kept(path: Path) -> Iterator[None]:
    """What zk refuses about an identity or its file, as a `Misused` that shows nothing of either."""
    from zk import KeystoreExists, KeystoreLocked, ZkError

    try:
        yield
    except KeystoreExists:
        raise Misused(f"{path} is there already, and an identity is never overwritten") from None
    except KeystoreLocked:
        raise Misused(f"the password does not open {path}") from None
    except ZkError as error:
        raise Misused(str(error)) from None


def unlocked(identified: Identified) -> Identity:
    """The identity behind the options; asks for its password. Raises `Misused`."""
    from zk.keystore import read_keystore

    path = identified.path
    if not path.is_file():
        raise Misused(f"there is no identity in {path}: make one with `dualpower identity new`")
    password = password_for(path, variable=PASSWORD_FILE)
    with secrets_kept(path), show.progress("opening the identity"):
        return read_keystore(path, password)


@command(app, "new")
def new(identified: Identified, as_json: AsJson = False) -> None:
    """Make a new identity, in a file that only your password opens. Nobody can restore either."""
    from zk import Identity

    _keep(identified, Identity.create(), as_json=as_json)


@command(app, "import")
def import_(
    identified: Identified,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What Semaphore, or `identity export`, wrote: base64.")
    ],
    as_json: AsJson = False,
) -> None:
    """Take over an identity that you made elsewhere."""
    from zk import Identity

    try:
        exported = file.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise Misused(f"{file} cannot be read: {type(error).__name__}") from None
    with secrets_kept(file):
        identity = Identity.from_export(exported)
    _keep(identified, identity, as_json=as_json)


@command(app, "export")
def export(
    identified: Identified,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, for your eyes only.")],
    as_json: AsJson = False,
) -> None:
    """Write your identity's secret to a file, unencrypted, for Semaphore's other clients."""
    identity = unlocked(identified)
    private.write_new(file, f"{identity.export()}\n")
    if as_json:
        show.as_json({"commitment": str(identity.commitment), "file": str(file)})
    else:
        show.line(f"the secret of identity {identity.commitment} is in {file}: whoever reads it votes as you")


@command(app, "show")
def show_identity(identified: Identified, as_json: AsJson = False) -> None:
    """Say which identity a file holds."""
    _tell(unlocked(identified), identified.path, as_json=as_json)


@command(app, "register")
def register(acting: Acting, identified: Identified) -> None:
    """List your identity in the members' group: secret polls that open from then on are yours too."""
    identity = unlocked(identified)
    with actor(acting) as me:
        possession = _possession(me, identity) if acting.relay else None
        done = me.act("group", "register", *identity.public_key, possession=possession)
        listed = done.event("IdentityRegistered")
        place = f" as leaf {listed['index']}" if listed else ""
        me.tell(
            f"your identity {identity.commitment} is in the members' group{place}",
            done,
            commitment=str(identity.commitment),
            index=listed["index"] if listed else None,
        )


def _possession(me: Actor, identity: Identity) -> bytes:
    """The key's own signature over its registration by this member, as relays want it."""
    from zk import Registration

    group = int(me.contracts.address("group"), 16)
    registration = Registration(me.contracts.chain_id, group, me.member()["memberId"])
    return registration.sign(identity).to_bytes()


def _keep(identified: Identified, identity: Identity, *, as_json: bool) -> None:
    """Writes an identity to its file, under a new password."""
    from zk.keystore import write_keystore

    path = identified.path
    if path.exists():
        raise Misused(f"{path} is there already, and an identity is never overwritten")
    password = password_for(path, new=True, variable=PASSWORD_FILE)
    if not password:
        raise Misused("the password is empty")
    if identified.identity is None:
        private.folder(path.parent)
    with secrets_kept(path), show.progress("encrypting the identity"):
        write_keystore(path, identity, password)
    _tell(identity, path, as_json=as_json)


def _tell(identity: Identity, path: Path, *, as_json: bool) -> None:
    if as_json:
        show.as_json({"commitment": str(identity.commitment), "keystore": str(path)})
    else:
        show.line(f"identity {identity.commitment}, in {path}")
