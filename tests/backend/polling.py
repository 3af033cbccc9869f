"""Members' identities, polls opened as a decision opens them, and ballots with their proofs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eth_abi import encode

import zk
from backend.polls import compose, word_of
from tests.backend.commune import FOOD, Commune, Person, text_hash
from zk import Group, Identity, Message, Proof, Scope, seal_of

OVEN = compose("What shall we buy?\n\nPrices hold until March.", ["A bread oven", "A freezer", "Nothing"])


def identity(number: int, key: int = 1) -> Identity:
    """From what only that person knows; `key` counts the identities they have had."""
    return Identity.from_text(f"what only person {number} knows, {key}")


def ballot(*votes: int) -> int:
    """From the votes on option 0, 1, 2, ..."""
    return word_of(dict(enumerate(votes)), 60)


def prove(who: int, leaves: Sequence[int], depth: int, message: Message, *, key: int = 1) -> Proof:
    """A proof by a person that they are in the group of `leaves`."""
    return zk.prove(identity(who, key), Group(leaves), message, message.scope, depth)


class Polling:
    """Of one commune."""

    def __init__(self, commune: Commune) -> None:
        self.commune = commune

    def register(self, who: Person, number: int, key: int = 1) -> None:
        """`number` names the identity; `who` holds the membership now."""
        self.commune.send(who, "group", "register", *identity(number, key).public_key)

    def open(
        self,
        text: str = OVEN,
        options: int = 3,
        topic: int = FOOD,
        *,
        secret: bool = False,
        hidden: bool = False,
    ) -> int:
        """In the timelock's name, as an executed decision does it."""
        chain, timelock = self.commune.chain, self.commune.addresses["timelock"]
        data = self.commune.data("polls", "open", text_hash(text), options, topic, secret, hidden)
        chain.rpc("anvil_setBalance", timelock, hex(10**18))
        chain.rpc("anvil_impersonateAccount", timelock)
        sent = {"from": timelock, "to": self.commune.addresses["polls"], "data": f"0x{data.hex()}"}
        receipt = chain.receipt(chain.rpc("eth_sendTransaction", sent | {"gas": hex(2_000_000)}))
        assert receipt["status"] == "0x1", "the poll was not opened"
        return int(self.commune.call("polls", "pollCount"))

    @property
    def leaves(self) -> list[int]:
        size = self.commune.call("group", "size")
        return [self.commune.call("group", "leafAt", index) for index in range(size)]

    @property
    def group(self) -> Group:
        return Group(self.leaves)

    def scope(self, poll: int) -> Scope:
        return Scope.of_poll(self._chain_id, int(self.commune.addresses["polls"], 16), poll)

    @property
    def _chain_id(self) -> int:
        return int(self.commune.chain.rpc("eth_chainId"), 16)

    def poll(self, poll: int) -> dict[str, Any]:
        (output,) = self.commune.function("polls", "poll")["outputs"]
        names = [component["name"] for component in output["components"]]
        return dict(zip(names, self.commune.call("polls", "poll", poll), strict=True))

    def proved(
        self, poll: int, who: int, word: int, leaves: Sequence[int] | None = None, *, key: int = 1
    ) -> Proof:
        """Someone's proof for a ballot, or a seal; `leaves` as they were when the poll opened."""
        message = Message.of_ballot(self.scope(poll), word)
        return prove(who, leaves or self.leaves, self.poll(poll)["depth"], message, key=key)

    def cast_secret(self, sender: Person, poll: int, proof: Proof, word: int) -> None:
        """By a transaction, straight to the contract."""
        struct = (poll, proof.nullifier, word, proof.points)
        self.commune.send(sender, "polls", "castSecretBatch", [struct])

    def sealed(self, poll: int, who: int, word: int, salt: bytes, *, key: int = 1) -> int:
        scope = self.scope(poll)
        return seal_of(scope, identity(who, key).nullifier(scope), word, salt)


def open_call(commune: Commune, text: str, options: int, topic: int, secret: bool, hidden: bool) -> bytes:
    """What a proposal carries to open a poll."""
    types = ["bytes32", "uint8", "uint16", "bool", "bool"]
    values = encode(types, [text_hash(text), options, topic, secret, hidden])
    return commune.selector("polls", "open") + values
