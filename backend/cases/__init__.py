"""What members of a case's panel commit to before anybody's vote can be read.

Written from `contracts/mediation/ICasePanels.sol`, and shares nothing with the contract.
"""

from backend.cases.vote import Vote

__all__ = ["Vote"]
