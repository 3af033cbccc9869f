"""VoiceCredits.sol's reads."""

from __future__ import annotations

from backend.project.credits import Budget, Grant
from backend.project.fading import POINT
from backend.project.membership import Member
from backend.read import reputation
from backend.read.moment import Moment


def grant_of(moment: Moment, season: int) -> Grant:
    """What a season grants: as frozen, or as it would be now."""
    frozen = moment.row(Grant, season)
    if frozen is not None:
        return frozen
    start, length = moment.bounds(season)
    base = moment.parameters["credits.base"]
    bonus_cap = min(base, moment.parameters["credits.bonusCap"])
    return Grant(season, base, bonus_cap, moment.parameters["credits.pointsPerCredit"], start, length)


def budget_of(moment: Moment, who: Member, season: int) -> Budget:
    """With `budget` as opened, or what opening it now would give."""
    known = moment.row(Budget, who.member_id, season) or Budget(who.member_id, season)
    if known.budget is not None:
        return known
    budget = _budget_under(moment, grant_of(moment, season), who)
    return Budget(who.member_id, season, budget, known.spent, known.voted_at)


def _budget_under(moment: Moment, grant: Grant, who: Member) -> int:
    end = grant.start + grant.length
    if who.status != "Active" or who.since >= end:
        return 0
    # A season to come is counted from reputation as it stands.
    before = min(grant.start - 1, moment.now)
    points = reputation.score_at(moment, who.member_id, t=before) // POINT
    bonus = min(grant.bonus_cap, points // grant.points_per_credit)
    return (grant.base + bonus) * (end - max(grant.start, who.since)) // grant.length
