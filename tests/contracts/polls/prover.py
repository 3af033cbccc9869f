"""Proofs by Semaphore's own JavaScript packages, from one Node process for the whole run."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = Path(__file__).with_name("prover.mjs")


@dataclass(frozen=True)
class Identity:
    """A Semaphore identity: its private key, and what the chain knows of it."""

    private_key: str
    commitment: int
    public_key: tuple[int, int]


@dataclass(frozen=True)
class Proof:
    """What `generateProof` returns, without what went in."""

    root: int
    nullifier: int
    points: tuple[int, ...]


class Prover:
    """Ask it for identities and proofs; asked the same again, it has the answer at hand."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", SCRIPT], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._answers: dict[str, Any] = {}

    def identity(self, private_key: str) -> Identity:
        answer = self._ask({"do": "identity", "of": private_key})
        x, y = (int(word) for word in answer["publicKey"])
        return Identity(private_key, int(answer["commitment"]), (x, y))

    def prove(self, who: Identity, leaves: Sequence[int], depth: int, message: int, scope: int) -> Proof:
        answer = self._ask(
            {
                "do": "prove",
                "of": who.private_key,
                "leaves": [str(leaf) for leaf in leaves],
                "depth": depth,
                "message": str(message),
                "scope": str(scope),
            }
        )
        return _proof(answer)

    def prove_path(
        self,
        who: Identity,
        root: int,
        index: int,
        siblings: Sequence[int],
        depth: int,
        message: int,
        scope: int,
    ) -> Proof:
        """That `who` stands at the foot of a path to `root`, whatever it goes through."""
        path = {"root": str(root), "index": index, "siblings": [str(sibling) for sibling in siblings]}
        request = {"do": "prove", "of": who.private_key, "path": path, "depth": depth}
        return _proof(self._ask(request | {"message": str(message), "scope": str(scope)}))

    def close(self) -> None:
        self._process.communicate(timeout=10)

    def _ask(self, request: dict[str, Any]) -> Any:
        line = json.dumps(request)
        if line not in self._answers:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
            if "error" in answer:
                raise ValueError(answer["error"])
            self._answers[line] = answer
        return self._answers[line]


def _proof(answer: dict[str, Any]) -> Proof:
    return Proof(int(answer["root"]), int(answer["nullifier"]), tuple(int(word) for word in answer["points"]))
