"""A projection: the tables of one concern, and what each event does to them.

::

    ballots = Projection("ballots", tables=[Ballot, Tally])

    @ballots.on(AssemblyMemberBallotCast)
    def ballot_cast(state: State, event: AssemblyMemberBallotCast) -> None:
        state.insert(Ballot(...))

Handlers are pure: they read and write `state` and look at nothing else, neither clock nor network, so that
the same events always make the same rows. Raise `version` when a handler changes: nodes then rebuild the
tables from the raw logs they keep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from backend.decode import Event
from backend.project.state import State
from backend.store import table_of

E = TypeVar("E", bound=Event)
Handler = Callable[[State, Any], None]


class Projection:
    def __init__(self, name: str, *, tables: Sequence[type[msgspec.Struct]], version: int = 1) -> None:
        self.name = name
        self.tables = tuple(tables)
        self.version = version
        self.handlers: dict[type[Event], list[Handler]] = {}

    def on(self, event: type[E]) -> Callable[[Callable[[State, E], None]], Callable[[State, E], None]]:
        """Registers a handler; several run in the order of registration."""

        def register(handler: Callable[[State, E], None]) -> Callable[[State, E], None]:
            self.handlers.setdefault(event, []).append(handler)
            return handler

        return register

    @property
    def declaration(self) -> str:
        """Text that changes whenever the tables or the version do."""
        tables = "; ".join(table_of(row).declaration for row in self.tables)
        return f"{self.name} v{self.version}: {tables}"
