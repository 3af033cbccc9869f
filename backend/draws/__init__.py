"""Draws computed again: from pool, secrets and a block's hash to a number, and from that to who is drawn.

Written from `contracts/draws/IDraws.sol`, and shares nothing with the contract: the two check each other.
"""

from backend.draws.number import (
    REACH,
    commitment_of,
    mix_after,
    number_of,
    pick,
    pool_of_members,
    target_after,
)

__all__ = [
    "REACH",
    "commitment_of",
    "mix_after",
    "number_of",
    "pick",
    "pool_of_members",
    "target_after",
]
