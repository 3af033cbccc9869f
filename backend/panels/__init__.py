"""Panels that mirror the members: drawn by lot, and like the whole in every published attribute.

People differ in attributes (gender, age, area), and quotas say how many of each a panel has. Of all lotteries
over panels that keep the quotas, the fairest is the leximin one: the smallest chance that anyone has is as
large as can be, then the second smallest, and so on (Flanigan, Gölz, Gupta, Hennig and Procaccia: Fair
algorithms for selecting citizens' assemblies, Nature 596, 2021; https://doi.org/10.1038/s41586-021-03788-6).

The lottery is published as a document, a list of tickets with a panel on each, before one public number draws
the ticket::

    csv -> People, Quotas -> fairest -> issue -> Document -> Draws.open(pool=document.hash, size=its tickets)

Only `fairest` needs the extra `panels`; a published document is read and checked without it.
"""

from backend.panels.document import Document, draw_up, parse
from backend.panels.errors import (
    DocumentInvalid,
    PanelError,
    PeopleInvalid,
    PersonExcluded,
    QuotasImpossible,
    QuotasInvalid,
    SolverMissing,
    TooFewPeople,
)
from backend.panels.pool import People, Person, Quota, mirror, read_people, read_quotas

__all__ = [
    "Document",
    "DocumentInvalid",
    "PanelError",
    "People",
    "PeopleInvalid",
    "Person",
    "PersonExcluded",
    "Quota",
    "QuotasImpossible",
    "QuotasInvalid",
    "SolverMissing",
    "TooFewPeople",
    "draw_up",
    "mirror",
    "parse",
    "read_people",
    "read_quotas",
]
