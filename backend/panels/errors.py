"""Why there is no panel.

::

    PanelError
    ├── PeopleInvalid, QuotasInvalid   what was given does not read
    ├── TooFewPeople                   than the panel has seats
    ├── QuotasImpossible               no panel keeps them all
    ├── PersonExcluded                 no panel that keeps them has these people
    ├── DocumentInvalid                a published document is not what it says
    └── SolverMissing                  the extra `panels` is not installed
"""

from __future__ import annotations

from collections.abc import Sequence


class PanelError(Exception):
    pass


class PeopleInvalid(PanelError):
    pass


class QuotasInvalid(PanelError):
    pass


class TooFewPeople(PanelError):
    def __init__(self, people: int, size: int) -> None:
        super().__init__(f"{people} people are fewer than the {size} seats of the panel")
        self.people, self.size = people, size


class QuotasImpossible(PanelError):
    """`changes` are the fewest by which the quotas could be kept, each in words."""

    def __init__(self, changes: Sequence[str]) -> None:
        super().__init__(f"no panel keeps all the quotas; one would with {'; '.join(changes)}")
        self.changes = tuple(changes)


class PersonExcluded(PanelError):
    def __init__(self, ids: Sequence[str]) -> None:
        shown = ", ".join(ids[:10]) + (f" and {len(ids) - 10} more" if len(ids) > 10 else "")
        super().__init__(
            f"no panel that keeps the quotas has {shown}: loosen the quotas, or leave them out of the pool"
        )
        self.ids = tuple(ids)


class DocumentInvalid(PanelError):
    pass


class SolverMissing(PanelError):
    def __init__(self) -> None:
        super().__init__("drawing up a panel needs HiGHS: install dualpower[panels]")
