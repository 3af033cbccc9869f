"""`python -m tools.prover`: makes identities and secret ballots for people of a story, who have no machine.

A story is played in Brownie's environment, which has no `zk`; this runs in the project's. It reads a JSON
object from each line of standard input and answers each with a line:

    {"do": "identity", "who": "Ann"}                                       -> {"publicKey": ["...", "..."]}
    {"do": "ballot", "who": "Ann", "chainId": 31337, "polls": "0x...", "pollId": 1, "depth": 4,
     "leaves": ["...", ...], "ballot": "5"}                                -> {"proof": {...}}
    anything that cannot be done                                           -> {"error": "..."}

Identities are random, live in this process's memory, and end with it.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Mapping
from typing import Any

from zk import Group, Identity, Message, Scope, ZkError, prove


class Prover:
    def __init__(self) -> None:
        self._identities: dict[str, Identity] = {}

    def answer(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Raises `KeyError`, `ValueError` and `ZkError` for what cannot be done."""
        who = str(wanted["who"])
        if wanted["do"] == "identity":
            identity = self._identities[who] = Identity.create()
            return {"publicKey": [str(coordinate) for coordinate in identity.public_key]}
        if wanted["do"] == "ballot":
            return {"proof": self._ballot(self._identities[who], wanted)}
        raise ValueError(f"there is no {wanted['do']!r} to do")

    def _ballot(self, identity: Identity, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """The proof of a secret ballot, as Semaphore's clients write it."""
        group = Group(int(leaf) for leaf in wanted["leaves"])
        scope = Scope.of_poll(int(wanted["chainId"]), int(wanted["polls"], 16), int(wanted["pollId"]))
        message = Message.of_ballot(scope, int(wanted["ballot"]))
        return prove(identity, group, message, scope, int(wanted["depth"])).to_json()


def main() -> None:
    # Ctrl-C is for whoever started this: the end of the input ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prover = Prover()
    for line in sys.stdin:
        try:
            answer = prover.answer(json.loads(line))
        except (KeyError, TypeError, ValueError, ZkError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
