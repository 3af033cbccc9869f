"""Standing: what the graphs of confirmations and vouches tell of where reputation comes from.

A score says how much was earned, and not who said so. These are the pictures beside it: groups that confirm
one another and hardly anybody else, people vouched for from one root, reputation that rests on few
confirmers, and how members rank as seen from one of them. They are information for people. Friends who work
together look like a ring as well, so nothing here changes a score, and nothing reads it but people.

All of it is pure: from confirmations and vouches to results, the same for the same input.
"""

from backend.standing.concentration import Support, support
from backend.standing.graph import Confirmations, Given, faded
from backend.standing.ranking import ALPHA, BETA, BRIDGE, WALKS, Ranking, Seen, ranking
from backend.standing.rings import Ring, rings
from backend.standing.vouching import Vouches, VouchingTree, vouching_trees

__all__ = [
    "ALPHA",
    "BETA",
    "BRIDGE",
    "WALKS",
    "Confirmations",
    "Given",
    "Ranking",
    "Ring",
    "Seen",
    "Support",
    "Vouches",
    "VouchingTree",
    "faded",
    "ranking",
    "rings",
    "support",
    "vouching_trees",
]
