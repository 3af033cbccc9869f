"""The planner: who could take which open seat.

It suggests and people decide. A suggestion says why it was made, a seat without one says why nobody was
found, and the same input gives the same plan, in whatever order it comes::

    Seats, People -> plan -> Plan(suggestions, unfilled, share)

What is best is an objective in whole numbers (`backend.plan.objective`); `backend.plan.assign` finds its
optimum with OR-tools, which needs the extra `plan`.
"""

from backend.plan.availability import ANY_TIME, Availability, AvailabilityInvalid, Window
from backend.plan.inputs import MOST_PEOPLE, MOST_SEATS, Kind, Person, PlanInvalid, Seat
from backend.plan.planner import Plan, SolverMissing, Suggestion, Unfilled, plan
from backend.plan.reasons import Reason

__all__ = [
    "ANY_TIME",
    "MOST_PEOPLE",
    "MOST_SEATS",
    "Availability",
    "AvailabilityInvalid",
    "Kind",
    "Person",
    "Plan",
    "PlanInvalid",
    "Reason",
    "Seat",
    "SolverMissing",
    "Suggestion",
    "Unfilled",
    "Window",
    "plan",
]
