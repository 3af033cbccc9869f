"""`dualpower prove` and `dualpower zk`: proofs as files, and whether keys and proofs are what they should be.

A proof is good for one purpose, which whoever verifies it states: a certain ballot in a certain poll, or a
sign-in with a certain challenge. What a proof says of its own purpose is only compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
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
from backend.cli.places import RPC, RpcUrl
from backend.cli.poll_ballots import (
    Blank,
    Given,
    Instead,
    PollId,
    chosen,
    note_doubt,
    poll_at,
    prepared,
    scope_of,
)
from backend.cli.sessions import Origin, sign_in

if TYPE_CHECKING:
    from zk import Message, Proof, Verified

prove = typer.Typer(no_args_is_help=True, help="Prove that a member says something, without saying which.")
app = typer.Typer(no_args_is_help=True, help="Check proofs, and the keys that they are made with.")

Out = Annotated[Path, typer.Option(help="The file to write the proof to.", metavar="FILE")]
Challenge = Annotated[
    str, typer.Option(help="What the node gave out to sign in with, after 0x.", metavar="HEX")
]


@command(prove, "ballot")
def prove_ballot(
    reading: Reading,
    identified: Identified,
    poll: PollId,
    given: Given = None,
    blank: Blank = False,
    instead: Instead = False,
    rpc: RpcUrl = RPC,
    *,
    out: Out,
) -> None:
    """Prove a secret ballot, and write the proof to a file: `poll vote` with the same votes casts it."""
    with Node(reading.node) as node:
        contracts = Contracts.of_node(node.data("/v1/node"))
        found = poll_at(node, poll)
        if not found["secret"]:
            raise Refused(f"poll {poll} is open: its ballots need no proof")
        choice = chosen(found, given or [], blank=blank)
        note_doubt(rpc, contracts, found, as_json=reading.as_json)
        opening = prepared(node, contracts, unlocked(identified), found, choice, instead=instead)
    private.write_new(out, json.dumps(opening.proof, indent=2) + "\n")
    if reading.as_json:
        show.as_json({"pollId": poll, "ballot": str(opening.cast), "file": str(out)})
    else:
        what = "sealed ballot" if opening.salt is not None else "ballot"
        show.line(f"the proof of your {what} {opening.cast} in poll {poll} is in {out}")


@command(prove, "sign-in")
def prove_sign_in(
    reading: Reading,
    identified: Identified,
    challenge: Challenge,
    out: Out,
    origin: Origin = None,
    rpc: RpcUrl = RPC,
) -> None:
    """Prove that a member signs in today, with a challenge that the node gave to another program of yours."""
    with Node(reading.node) as node:
        wanted = sign_in(node, _challenge(challenge), origin, rpc, as_json=reading.as_json)
    proof = proofs.prove(unlocked(identified), wanted.electorate, wanted.message)
    private.write_new(out, json.dumps(proof.to_json(), indent=2) + "\n")
    if reading.as_json:
        show.as_json({"challenge": challenge, "file": str(out)})
    else:
        show.line(f"the proof that a member signs in with {challenge} is in {out}")


@command(app, "verify")
def verify(
    reading: Reading,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A proof, as Semaphore's clients write it.")],
    given: Given = None,
    blank: Blank = False,
    poll: Annotated[
        int | None,
        typer.Option(min=1, max=2**32 - 1, help="It has to be a ballot in this poll.", metavar="POLL"),
    ] = None,
    sealed: Annotated[
        str | None,
        typer.Option("--seal", help="The ballot's seal, where results are hidden.", metavar="NUMBER"),
    ] = None,
    challenge: Annotated[
        str | None, typer.Option(help="It has to be today's sign-in with this challenge.", metavar="HEX")
    ] = None,
    origin: Origin = None,
    rpc: RpcUrl = RPC,
) -> None:
    """Check on this machine that a proof is a certain ballot in a secret poll, or a certain sign-in."""
    if (poll is None) == (challenge is None):
        raise Misused("say what it has to be a proof of: --poll with the ballot's votes, or --challenge")
    proof = _read(file)
    with Node(reading.node) as node:
        if challenge is not None:
            wanted = sign_in(node, _challenge(challenge), origin, rpc, as_json=reading.as_json)
            root, depth, message = wanted.electorate.group.root, wanted.electorate.depth, wanted.message
            meaning = _Meaning("today's", f"a sign-in at {origin or node.url} today", "another challenge")
            said = f"a member of today's group signs in with {challenge}"
        else:
            contracts = Contracts.of_node(node.data("/v1/node"))
            found = poll_at(node, poll or 0)
            word = _ballot(found, given or [], sealed, blank=blank)
            note_doubt(rpc, contracts, found, as_json=reading.as_json)
            root, depth = int(found["root"]), found["depth"]
            message = _ballot_message(contracts, found, word)
            meaning = _Meaning(f"the one that votes in poll {poll}", f"poll {poll}", "another ballot")
            said = f"a member of the group when poll {poll} opened casts this ballot"
    shown = _verified(proof, root, depth, message, meaning)
    if reading.as_json:
        show.as_json({"verified": True, "nullifier": str(shown.nullifier)})
    else:
        show.line(f"[green]holds[/]: {said}, under the nullifier {shown.nullifier}")


@command(app, "audit")
def audit(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    artifacts: Annotated[
        Path | None,
        typer.Option(
            envvar="DUALPOWER_ZK_ARTIFACTS",
            help="The folder of proving keys, if not node_modules.",
            metavar="FOLDER",
        ),
    ] = None,
    node: Annotated[
        str | None,
        typer.Option(
            "--node",
            envvar="DUALPOWER_NODE",
            help="Also check the verifier of this node's commune.",
            metavar="URL",
        ),
    ] = None,
    rpc: RpcUrl = RPC,
) -> None:
    """Compare the keys installed here with those pinned in this release and the contract's constants."""
    from zk import Artifacts
    from zk import audit as compared

    with proofs.told(), show.progress("comparing keys of 32 depths"):
        findings = compared(Artifacts.locate(artifacts))
    bad = [finding for finding in findings if not finding.good]
    deployed = _deployed(node, rpc) if node is not None else None
    report = {
        "agrees": not bad,
        "checks": len(findings),
        "problems": [{"check": f.check, "depth": f.depth, "problem": f.problem} for f in bad],
        "deployed": deployed,
    }
    if bad:
        listed = "".join(f"\n{f.check}{f' of depth {f.depth}' if f.depth else ''}: {f.problem}" for f in bad)
        raise Refused(
            f"{len(bad)} of {len(findings)} checks failed; no proof made with these files is safe:{listed}",
            report,
        )
    if as_json:
        show.as_json(report)
        return
    show.line(f"[green]agrees[/]: {len(findings)} checks of proving keys, circuits and the contract's source")
    if deployed is not None:
        show.line(f"[green]agrees[/]: the verifier at {deployed} carries the pinned keys of all depths")


def _read(file: Path) -> Proof:
    """A proof in a file. Raises `Misused` where it is none."""
    from zk import Proof, ProofMalformed

    try:
        return Proof.from_json(file.read_bytes())
    except OSError as error:
        raise Misused(f"{file} cannot be read: {error.strerror or error}") from None
    except ProofMalformed as error:
        raise Misused(f"{file} is no proof: {error.problem}") from None


@dataclass(frozen=True)
class _Meaning:
    """What is meant by a verifier's root, scope and message."""

    group: str
    purpose: str
    other_content: str


def _verified(proof: Proof, root: int, depth: int, message: Message, meaning: _Meaning) -> Verified:
    """What the proof shows. Raises `Refused` with the check that failed."""
    from zk import OtherMessage, OtherScope, ProofRefused, RootRefused
    from zk import verify as verified

    # The other checks say themselves what they found.
    told = {
        RootRefused: f"it was made for another group than {meaning.group}",
        OtherScope: f"it was made for something else than {meaning.purpose}",
        OtherMessage: f"it was made for {meaning.other_content}",
    }
    with proofs.told(), show.progress("verifying"):
        try:
            return verified(
                proof, roots=[root], depths=[depth], scope=message.scope.value, message=message.value
            )
        except ProofRefused as refused:
            said = told.get(type(refused), str(refused))
            raise Refused(f"the proof does not hold: {said}", {"check": type(refused).__name__}) from None


def _ballot(poll: dict[str, Any], given: list[str], sealed: str | None, *, blank: bool) -> int:
    """The word that a proof has to be for. Raises `Refused` and `Misused`."""
    if not poll["secret"]:
        raise Refused(f"poll {poll['pollId']} is open: its ballots need no proof")
    if sealed is not None and (given or blank):
        raise Misused("a ballot is given by its votes or by its seal, not both")
    if poll["hidden"] and sealed is None:
        raise Misused(
            f"a proof for poll {poll['pollId']} carries a seal, which does not say what is under it: give"
            " --seal"
        )
    if sealed is None:
        return chosen(poll, given, blank=blank).word
    if not (sealed.isascii() and sealed.isdecimal() and int(sealed) < 2**256):
        raise Misused(f"a seal is a number in decimals; got {sealed!r}")
    return int(sealed)


def _ballot_message(contracts: Contracts, poll: dict[str, Any], word: int) -> Message:
    from zk import Message

    return Message.of_ballot(scope_of(contracts, poll["pollId"]), word)


def _challenge(given: str) -> bytes:
    if not re.fullmatch(r"0x[0-9a-fA-F]{64}", given):
        raise Misused(f"a challenge is 0x and 64 hex digits; got {given!r}")
    return bytes.fromhex(given[2:])


def _deployed(url: str, rpc: str) -> str:
    """Where the commune's verifier is. Raises `Refused` unless its code holds the pinned keys."""
    from backend.cli.chain import Chain
    from zk.keys import MAX_DEPTH, MIN_DEPTH

    with Node(url) as node:
        contracts = Contracts.of_node(node.data("/v1/node"))
    chain = Chain(rpc)
    if (found := chain.chain_id()) != contracts.chain_id:
        raise Refused(f"{rpc} is chain {found}, the node's commune is on chain {contracts.chain_id}")
    address = contracts.address("verifier")
    code = chain.code(address)
    for depth in range(MIN_DEPTH, MAX_DEPTH + 1):
        if not all(word in code for word in _key_words(depth)):
            raise Refused(
                f"the verifier at {address} does not carry the pinned key of depth {depth}: trust none of its"
                " results"
            )
    return address


def _key_words(depth: int) -> Iterator[bytes]:
    """A depth's key as the verifier's code has it: delta and the signals' points in a row, the rest apart."""
    from zk import verification_key

    key = verification_key(depth)
    (x0, x1), (y0, y1) = key.delta
    points = [x1, x0, y1, y0, *(coordinate for point in key.ic for coordinate in point)]
    yield b"".join(word.to_bytes(32, "big") for word in points)
    for pair in (key.alpha, *key.beta, *key.gamma):
        # A push leaves leading zeros out.
        yield from (word.to_bytes((word.bit_length() + 7) // 8, "big") for word in pair)
