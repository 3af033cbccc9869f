"""What the graphs of confirmations and vouches are made of, from the tables."""

from __future__ import annotations

from collections import defaultdict

from backend.read.moment import Moment
from backend.read.reputation import fading
from backend.standing import Confirmations, Given, faded


def confirmations(moment: Moment) -> Confirmations:
    """What each member's word gave each other member, as it counts now."""
    rows = moment.reader.query(
        "SELECT confirmer, member_id, amount, recorded_at FROM reputation_entries"
        " WHERE confirmer IS NOT NULL AND amount > 0"
    )
    return faded((Given(*row) for row in rows), moment.now, fading(moment).half_life) if rows else {}


def vouches(moment: Moment) -> dict[int, list[int]]:
    """On whose vouches each member was last admitted who is here now; founders are not among them."""
    rows = moment.reader.query(
        "SELECT a.member_id, v.member_id FROM admissions a"
        " JOIN vouches v ON v.application_id = a.application_id"
        " JOIN members m ON m.member_id = a.member_id"
        " WHERE m.status IN ('Active', 'Dormant') ORDER BY a.member_id, v.position"
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for member, voucher in rows:
        found[member].append(voucher)
    return dict(found)


def members_here(moment: Moment) -> set[int]:
    """Who has not left or been expelled."""
    rows = moment.reader.query("SELECT member_id FROM members WHERE status IN ('Active', 'Dormant')")
    return {member for (member,) in rows}
