"""Acting in one's own name: with a transaction of one's own, or signed and sent by a node's relay."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from backend.cli import relay, show, texts
from backend.cli.api import Node, Reading
from backend.cli.command import options
from backend.cli.contracts import Contracts, Happened
from backend.cli.errors import Misused, Refused
from backend.cli.keys import Key, from_keystore, password_for, published_key, unlocked
from backend.cli.places import RPC, RpcUrl

KEYSTORE = "DUALPOWER_KEYSTORE"


@options
class Signing(Reading):
    """Whose key signs, and where the chain is."""

    keystore: Annotated[
        Path | None,
        typer.Option(
            help=f"Your keystore file; or set {KEYSTORE}. The password is asked for, or read from the file"
            " that DUALPOWER_PASSWORD_FILE names.",
            metavar="FILE",
        ),
    ] = None
    account: Annotated[
        str | None, typer.Option(help="An account that the chain's own node has unlocked.", metavar="0x…")
    ] = None
    test_account: Annotated[
        int | None,
        typer.Option(min=0, max=999, help="The N-th published key of a local test chain.", metavar="N"),
    ] = None
    rpc: RpcUrl = RPC


@options
class Acting(Signing):
    """What a command that acts takes."""

    relay: Annotated[
        bool, typer.Option("--relay", help="Sign only, and let the node pay: you need no gas.")
    ] = False


@dataclass(frozen=True)
class Done:
    """What came of an action: no events where a relay acted and the node has not read its block yet."""

    transaction: str | None
    happened: list[Happened] = field(default_factory=list)

    def event(self, name: str) -> Mapping[str, Any] | None:
        """The arguments of the first event of this name, if it is known."""
        return next((h.arguments for h in self.happened if h.event == name), None)


class Actor:
    """Somebody with a key, a node to read from, and a way to write."""

    def __init__(self, options: Signing, node: Node, *, relayed: bool) -> None:
        self.options = options
        self.node = node
        self.relayed = relayed
        about = node.get("/v1/node")
        self.contracts = Contracts.of_node(about["data"])
        # The chain's own time: a test chain's clock is not ours.
        self.now = int(about["block"]["timestamp"])
        self._chain: Any = None
        self.key = self._key()

    @property
    def account(self) -> str:
        return self.key.account

    @property
    def chain(self) -> Any:
        """The chain to write to, which is checked to be the node's."""
        if self._chain is None:
            from backend.cli.chain import Chain

            chain, wanted = Chain(self.options.rpc), self.contracts.chain_id
            if (found := chain.chain_id()) != wanted:
                raise Refused(f"{self.options.rpc} is chain {found}, the node's commune is on chain {wanted}")
            if not chain.has_code(self.contracts.address("membership")):
                raise Refused(f"the node's commune is not on the chain at {self.options.rpc}")
            self._chain = chain
        return self._chain

    def member(self) -> dict[str, Any]:
        """The member whose account this is."""
        return member_of(self.node, self.account)

    def act(self, module: str, function: str, *arguments: Any, possession: bytes | None = None) -> Done:
        """Has a contract called in one's own name. Raises `Refused` with the contract's reason. `possession`
        goes to a relay with a key to register."""
        if self.relayed:
            wanted = (module, function, *arguments)
            carried = relay.request(
                self.node, self.contracts, self.key, self.now, *wanted, possession=possession
            )
            return Done(carried.transaction, carried.happened)
        data = self.contracts.calldata(module, function, *arguments)
        receipt = self.chain.send(self.contracts, self.key, self.contracts.address(module), data)
        return self.done(receipt)

    def done(self, receipt: Mapping[str, Any]) -> Done:
        transaction = f"0x{bytes(receipt['transactionHash']).hex()}"
        return Done(transaction, self.contracts.happened(receipt["logs"]))

    def hand_in(self, *handed: str) -> None:
        """Gives the node the texts whose hashes the action put on the chain."""
        for text in handed:
            texts.hand_in(self.node, text)

    def tell(self, said: str, done: Done, **facts: Any) -> None:
        """The outcome: a sentence for people, the same facts for machines."""
        if self.options.as_json:
            show.as_json({"transaction": done.transaction, **facts})
        else:
            named = f" [dim](transaction {done.transaction})[/]" if done.transaction else ""
            show.line(f"{escape(said)}{named}")

    def _key(self) -> Key:
        options, node = self.options, self.node
        keystore = options.keystore
        if keystore is None and options.account is None and options.test_account is None:
            named = os.environ.get(KEYSTORE)
            keystore = Path(named) if named else None
        given = [way for way in (keystore, options.account, options.test_account) if way is not None]
        if len(given) != 1:
            raise Misused("say whose key signs with one of --keystore, --account and --test-account")
        if options.account is not None:
            return unlocked(options.account, self.chain.rpc)
        if options.test_account is not None:
            urls = [node.url] if self.relayed else [node.url, options.rpc]
            return published_key(options.test_account, self.contracts.chain_id, *urls)
        assert keystore is not None
        return from_keystore(keystore, password_for(keystore))


def member_of(node: Node, account: str) -> dict[str, Any]:
    """The member who holds an account. Raises `Refused` if nobody does."""
    found = node.rows("/v1/members", 1, account=account)
    if not found:
        raise Refused(f"{account} is no member's account, as far as {node.url} knows")
    member: dict[str, Any] = found[0]
    return member


@contextmanager
def actor(options: Acting | Signing) -> Iterator[Actor]:
    """The actor that the options describe, for the time of a command."""
    with Node(options.node) as node:
        yield Actor(options, node, relayed=isinstance(options, Acting) and options.relay)
