"""On how many confirmers a member's reputation rests.

The effective number of confirmers is what the same concentration would be with equal ones, 1 / sum(p_i^2)
with p_i the share of confirmer i (the inverse of the Simpson or Herfindahl index): 1 where one person
confirmed everything, n where n people confirmed as much each.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.standing.graph import Confirmations, received

TOP = 3


@dataclass(frozen=True)
class Support:
    """`confirmed`: micro-points on others' word, as they count now. `first` and `first_three`: the shares of
    the one, and the three, who confirmed most; `foremost` who they are."""

    member_id: int
    confirmed: int
    confirmers: int
    first: float
    first_three: float
    effective: float
    foremost: tuple[int, ...]


def support(confirmations: Confirmations) -> list[Support]:
    """Of everybody who was confirmed, who rests on the fewest first; of equal ones who has most on it."""
    found = []
    for member, amounts in received(confirmations).items():
        total = sum(amounts.values())
        foremost = sorted(amounts, key=lambda confirmer: (-amounts[confirmer], confirmer))[:TOP]
        found.append(
            Support(
                member_id=member,
                confirmed=total,
                confirmers=len(amounts),
                first=amounts[foremost[0]] / total,
                first_three=sum(amounts[one] for one in foremost) / total,
                effective=total**2 / sum(amount**2 for amount in amounts.values()),
                foremost=tuple(foremost),
            )
        )
    return sorted(found, key=lambda one: (round(one.effective, 6), -one.confirmed, one.member_id))
