"""What ends a command other than success.

::

    CliError
    ├── Refused   status 1: the chain or the node said no, or could not be asked
    └── Misused   status 2: what was asked for makes no sense, whatever the chain says
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class CliError(Exception):
    """`details` go to machines (`--json`) beside the message."""

    status = 1

    def __init__(self, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.details = dict(details or {})


class Refused(CliError):
    pass


class Misused(CliError):
    status = 2
