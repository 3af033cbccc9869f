"""What anyone can do and somebody must, so that what members began comes to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Due:
    """A call that a module would take in the next block, from anyone."""

    module: str
    function: str
    arguments: tuple[Any, ...]
