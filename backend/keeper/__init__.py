"""The keeper: a node's own contribution to what is everybody's and so nobody's business.

While delegations are followed in a vote it has the ballots of those who did not vote filled in, page by page,
and it captures draws while the chain still knows their block. It can do nothing that not everybody may do,
and decides nothing: contracts work out each outcome themselves, the same in whatever order they are asked.
Any number of keepers may work at once, and each may stop and start at any moment: all begins with what the
chain says is still missing.
"""

from backend.keeper.keeper import Keeper

__all__ = ["Keeper"]
