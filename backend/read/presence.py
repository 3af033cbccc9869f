"""Presence.sol's reads."""

from __future__ import annotations

from backend.project.credits import Budget
from backend.project.membership import Member
from backend.project.presence import Presence
from backend.read.moment import Moment

_DAY = 86_400
_BALLOT_DAYS = 255 * _DAY


def presence(moment: Moment, member_id: int) -> Presence:
    return moment.row(Presence, member_id) or Presence(member_id)


def last_sign(moment: Moment, who: Member) -> int:
    """The latest of admission, check-in, waking and direct ballots (to the day)."""
    sign = max(who.joined_at, presence(moment, who.member_id).signed_at)
    period = moment.parameters["presence.period"]
    for season in range(moment.season or 0, 0, -1):
        end = moment.bounds(season)[0] + _BALLOT_DAYS
        if end <= sign or end + period <= moment.now:
            break
        known = moment.row(Budget, who.member_id, season)
        if known is not None and known.voted_at is not None:
            sign = max(sign, known.voted_at // _DAY * _DAY)
    return sign


def running_notice(moment: Moment, who: Member) -> int | None:
    """When the notice that still counts was given."""
    period = moment.parameters["presence.period"]
    given = presence(moment, who.member_id).notice_at
    if given is None or given < last_sign(moment, who) + period or given + period <= moment.now:
        return None
    return given
