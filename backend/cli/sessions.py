"""`dualpower session`: signing in at a node as "a member", and as nobody else.

The proof is for one node and one day: two nodes cannot tell that the same person was there, nor can one node
from one day to the next.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backend.cli import private, proofs, show
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.contracts import Contracts
from backend.cli.errors import Misused, Refused
from backend.cli.identities import Identified, unlocked
from backend.cli.places import RPC, RpcUrl, data_folder

if TYPE_CHECKING:
    from zk import Message

app = typer.Typer(no_args_is_help=True, help="Sign in at a node without saying who you are.")

DAY = 86_400

Origin = Annotated[
    str | None,
    typer.Option(help="The node's public address, where it is not the one you reach it at.", metavar="URL"),
]


@dataclass(frozen=True)
class SignIn:
    """What a node asks to be proved with its `challenge`."""

    challenge: bytes
    electorate: proofs.Electorate
    message: Message


@command(app, "start")
def start(reading: Reading, identified: Identified, origin: Origin = None, rpc: RpcUrl = RPC) -> None:
    """Sign in. The session is kept in a file of yours, and ends by itself."""
    with Node(reading.node) as node:
        asked = node.request("POST", "/v1/session/challenge")["data"]
        wanted = sign_in(node, bytes.fromhex(asked["challenge"][2:]), origin, rpc, as_json=reading.as_json)
        if (
            str(wanted.message.value) != asked["message"]
            or str(wanted.electorate.group.root) != asked["root"]
        ):
            raise Refused(f"{node.url} asks for a proof of something else than a sign-in: use another node")
        proof = proofs.prove(unlocked(identified), wanted.electorate, wanted.message)
        signed = {"challenge": asked["challenge"], "proof": proof.to_json()}
        begun = node.request("POST", "/v1/session", json=signed)["data"]
    content = {"node": node.url, "token": begun["token"], "expiresAt": begun["expiresAt"]}
    private.write(private.folder(_file(node.url).parent) / _file(node.url).name, json.dumps(content) + "\n")
    _tell(reading, begun)


@command(app, "show")
def show_session(reading: Reading) -> None:
    """Say what the node knows of your session."""
    with Node(reading.node) as node:
        _tell(reading, node.request("GET", "/v1/session", headers=bearer(node.url))["data"])


@command(app, "end")
def end(reading: Reading) -> None:
    """End your session."""
    with Node(reading.node) as node:
        node.request("DELETE", "/v1/session", headers=bearer(node.url))
        _file(node.url).unlink(missing_ok=True)
    if reading.as_json:
        show.as_json({"member": False})
    else:
        show.line(f"your session at {reading.node} has ended")


def sign_in(node: Node, challenge: bytes, origin: str | None, rpc: str, *, as_json: bool) -> SignIn:
    """What a sign-in with a node's challenge has to prove, worked out here. Raises `Refused`."""
    from zk import Message, Scope

    about = node.get("/v1/node")
    contracts = Contracts.of_node(about["data"])
    place = (origin or node.url).rstrip("/")
    day = int(about["block"]["timestamp"]) // DAY
    scope = Scope.of_sign_in(contracts.chain_id, int(contracts.address("group"), 16), day, place)
    electorate, unasked = proofs.of_today(node, contracts, rpc)
    if unasked is not None:
        said = f"who is in the group is the node's word, since no chain was asked ({unasked})"
        show.note(said, as_json=as_json)
    return SignIn(challenge, electorate, Message.of_sign_in(scope, challenge))


def _file(url: str) -> Path:
    return data_folder() / "sessions" / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.json"


def bearer(url: str) -> dict[str, str]:
    """The header that shows a session. Raises `Refused` where none was begun."""
    try:
        token = json.loads(_file(url).read_text(encoding="utf-8"))["token"]
    except FileNotFoundError:
        raise Refused(f"there is no session at {url}: begin one with `dualpower session start`") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Misused(f"{_file(url)} holds no session: {type(error).__name__}") from None
    if not re.fullmatch(r"[A-Za-z0-9_-]+", str(token)):
        raise Misused(f"{_file(url)} holds no session")
    return {"authorization": f"Bearer {token}"}


def _tell(reading: Reading, session: dict[str, Any]) -> None:
    """What a session says; its token is for the file alone."""
    if reading.as_json:
        show.as_json({"member": session["member"], "expiresAt": session["expiresAt"]})
    else:
        until = show.when(session["expiresAt"])
        show.line(
            f"you are signed in at {reading.node} as a member, until {until}; it knows nothing else of you"
        )
