"""People's identities and proofs in a story, made by a process in the project's environment
(tools/prover.py)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class ProverFailed(Exception):
    """The process could not be started, or did not do what it was asked."""


class Prover:
    """The process starts when it is first asked for something."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def identity(self, who: str) -> tuple[int, int]:
        """Makes somebody's identity; its public key."""
        ax, ay = self._ask({"do": "identity", "who": who})["publicKey"]
        return int(ax), int(ay)

    def ballot(
        self, who: str, chain_id: int, polls: str, poll_id: int, depth: int, leaves: Sequence[int], word: int
    ) -> dict[str, Any]:
        """Somebody's proof of a secret ballot, as Semaphore's clients write it."""
        wanted = {
            "do": "ballot",
            "who": who,
            "chainId": chain_id,
            "polls": polls,
            "pollId": poll_id,
            "depth": depth,
            "leaves": [str(leaf) for leaf in leaves],
            "ballot": str(word),
        }
        proof: dict[str, Any] = self._ask(wanted)["proof"]
        return proof

    def close(self) -> None:
        if self._process is not None:
            # The end of its input ends it.
            self._process.communicate(timeout=30)
            self._process = None

    def _ask(self, wanted: dict[str, Any]) -> dict[str, Any]:
        process = self._process = self._process or self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(wanted) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        if not line:
            raise ProverFailed(f"the process that proves ended with status {process.wait(timeout=30)}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise ProverFailed(f"{wanted['who']}'s {wanted['do']} could not be made: {answer['error']}")
        return answer

    def _started(self) -> subprocess.Popen[str]:
        command = [str(ROOT / ".venv" / "bin" / "python"), "-m", "tools.prover"]
        try:
            return subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        except OSError as error:
            raise ProverFailed(
                f"{command[0]} cannot be started: {error.strerror}; ./dev setup makes it"
            ) from error
