"""What nodes, keepers and contracts agree on about delegations: chains, what they lead to, what it costs.

The rules are those of contracts/delegation/IDelegation.sol. Nothing here knows the chain, a database or the
web.
"""

from backend.delegation.chains import MAX_HOPS, Chain, chain_of, chains, cycles, path
from backend.delegation.concentration import Concentration, concentration, weights
from backend.delegation.following import (
    FOLLOW_PROBLEMS,
    LATE,
    Outcome,
    afforded_ballot,
    afforded_votes,
    binds_before,
    followers,
    outcome_of,
    outcomes,
)

__all__ = [
    "FOLLOW_PROBLEMS",
    "LATE",
    "MAX_HOPS",
    "Chain",
    "Concentration",
    "Outcome",
    "afforded_ballot",
    "afforded_votes",
    "binds_before",
    "chain_of",
    "chains",
    "concentration",
    "cycles",
    "followers",
    "outcome_of",
    "outcomes",
    "path",
    "weights",
]
