"""Membership.sol's reads."""

from __future__ import annotations

from backend.project.membership import Account, Member, MemberCounts
from backend.read.moment import Moment

_HIGHS = 5


def member(moment: Moment, member_id: int) -> Member | None:
    return moment.row(Member, member_id)


def counts(moment: Moment) -> MemberCounts:
    return moment.row(MemberCounts, 1) or MemberCounts()


def member_id_of(moment: Moment, account: bytes) -> int | None:
    """Who holds an account's membership; None once a recovery took it away."""
    held = moment.row(Account, account)
    return held.member_id if held is not None and held.held_until is None else None


def probation_until(moment: Moment, who: Member) -> int:
    """0 for founders."""
    return 0 if who.founder else who.joined_at + moment.parameters["admission.probation"]


def is_full(moment: Moment, who: Member) -> bool:
    return who.status == "Active" and moment.now >= probation_until(moment, who)


def may_vote(moment: Moment, who: Member, electorate_at: int) -> bool:
    """Whether the member was active then and has not left, been expelled or joined anew since."""
    if who.status not in ("Active", "Dormant") or who.joined_at > electorate_at:
        return False
    return active_at(moment, who.member_id, electorate_at)


def active_at(moment: Moment, member_id: int, t: int) -> bool:
    found = moment.reader.one(
        "SELECT to_status FROM status_changes WHERE member_id = ? AND changed_at <= ?"
        " ORDER BY block DESC, position DESC LIMIT 1",
        (member_id, t),
    )
    return found is not None and found[0] == "Active"


def active_count_at(moment: Moment, t: int) -> int:
    return moment.number(
        "SELECT active FROM active_counts WHERE counted_at <= ? ORDER BY counted_at DESC LIMIT 1", (t,)
    )


def active_at_season_start(moment: Moment) -> int:
    """What a season's limits are shares of."""
    if moment.season is None:
        return 0
    if moment.season > 1:
        return active_count_at(moment, moment.season_start - 1)
    if moment.season_start < moment.now:
        return active_count_at(moment, moment.season_start)
    return counts(moment).active


def quorum_base(moment: Moment, t: int) -> int:
    """The larger of the active members at `t` and half the highest count of this and the last four
    seasons."""
    if moment.season is None:
        return active_count_at(moment, t)
    first = max(1, moment.season - _HIGHS + 1)
    start = moment.bounds(first)[0] if first > 1 else 0
    highest = max(
        active_count_at(moment, start - 1),
        moment.number("SELECT max(peak) FROM active_counts WHERE counted_at >= ?", (start,)),
    )
    return max(active_count_at(moment, t), (highest + 1) // 2)


def expulsions_left(moment: Moment) -> int:
    """How many more members may be expelled this season."""
    limit = max(1, active_at_season_start(moment) * moment.parameters["expulsion.shareBps"] // 10_000)
    used = moment.number(
        "SELECT count(*) FROM status_changes WHERE to_status = 'Expelled' AND changed_at >= ?",
        (moment.season_start,),
    )
    return max(0, limit - used)
