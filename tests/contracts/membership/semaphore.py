"""What Semaphore's own JavaScript says: keys and commitments of identities, roots and siblings of groups."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_suffix(".js")


@dataclass(frozen=True)
class Identity:
    """A public key on BabyJubJub, and its commitment."""

    ax: int
    ay: int
    commitment: int

    @property
    def key(self) -> tuple[int, int]:
        return self.ax, self.ay


def identities(*secrets: str) -> list[Identity]:
    """The identities that Semaphore makes from secret texts."""
    answers = _ask({"identity": secret} for secret in secrets)
    return [Identity(**{name: int(value) for name, value in answer.items()}) for answer in answers]


def roots(*groups: Sequence[int]) -> list[int]:
    """The root of each group, given as its leaves, 0 for an empty one."""
    return [int(root) for root in _ask({"root": [str(leaf) for leaf in leaves]} for leaves in groups)]


def siblings(leaves: Sequence[int], index: int) -> list[int]:
    """The siblings of a leaf from the bottom up."""
    [found] = _ask([{"siblings": [str(leaf) for leaf in leaves], "index": index}])
    return [int(node) for node in found]


def _ask(questions: Iterable[dict[str, Any]]) -> list[Any]:
    answered = subprocess.run(
        ["node", SCRIPT], input=json.dumps(list(questions)), capture_output=True, text=True, check=True
    )
    answers: list[Any] = json.loads(answered.stdout)
    return answers
