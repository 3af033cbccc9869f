"""What the tables mean at a moment: scores, budgets, deadlines and everything else that time changes.

Each module answers for one concern, in the contract's own terms; a test compares every answer with the
contract's view.
"""

from backend.read.moment import Moment

__all__ = ["Moment"]
