"""What a member is told of delegations: that somebody voted on their behalf, and, a day before the end, that
somebody is about to.

Nothing is stored for it. The first is the followed ballot itself; the second follows from the vote's dates,
the delegations at its `electorate_at` and the ballots cast by then: a day before the end of voting no later
ballot binds anybody, so that from then on only the member's own, or a late one by somebody nearer on their
chain, changes what comes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from backend.project.delegation import Following
from backend.project.membership import Member
from backend.read import delegation, membership
from backend.read.delegation import Vote
from backend.read.moment import Moment

ABOUT_TO_FOLLOW, FOLLOWED = "AboutToFollow", "Followed"
# When, which kind, and the event that opened the vote, or made the ballot: one order for all of a member's.
Place = tuple[int, int, int, int]
FIRST: Place = (-1, 0, 0, 0)


@dataclass(frozen=True)
class Notice:
    """`voter`: whose ballot it is about. `pending`: whether the member can still vote themselves."""

    kind: str
    place: Place
    member_id: int
    voter: int
    proposal_id: int | None
    poll_id: int | None
    pending: bool

    @property
    def at(self) -> int:
        """Seconds since 1970."""
        return self.place[0]


def latest(moment: Moment, member_id: int, limit: int, before: Place | None = None) -> list[Notice]:
    """The newest first, from below the place `before`."""
    top = before or (moment.now, 2, 0, 0)
    found = merge(
        _followed(moment, member_id, top, FIRST, limit),
        _about_to_follow(moment, member_id, top, FIRST),
        key=lambda notice: notice.place,
        reverse=True,
    )
    return list(islice(found, limit))


def since(moment: Moment, member_id: int, after: Place, limit: int) -> list[Notice]:
    """Those above the place `after`, the oldest first; of more than `limit` the newest."""
    top = (moment.now, 2, 0, 0)
    found = [
        *_followed(moment, member_id, top, after, limit),
        *_about_to_follow(moment, member_id, top, after),
    ]
    return sorted(found, key=lambda notice: notice.place)[-limit:]


def _followed(moment: Moment, member_id: int, below: Place, above: Place, limit: int) -> Iterator[Notice]:
    place = "(followed_at, 1, block, position)"
    for row in moment.rows(
        Following,
        f"member_id = ? AND {place} < (?, ?, ?, ?) AND {place} > (?, ?, ?, ?)",
        (member_id, *below, *above),
        f"followed_at DESC, block DESC, position DESC LIMIT {int(limit)}",
    ):
        yield Notice(
            FOLLOWED,
            (row.followed_at, 1, row.block, row.position),
            member_id,
            row.voter,
            row.proposal_id,
            row.poll_id,
            pending=False,
        )


def _about_to_follow(moment: Moment, member_id: int, below: Place, above: Place) -> Iterator[Notice]:
    who = membership.member(moment, member_id)
    topics = moment.reader.query(
        "SELECT DISTINCT topic FROM delegation_changes WHERE member_id = ?", (member_id,)
    )
    if who is None or not topics:
        return
    for vote in delegation.votes_announced(moment, [topic for (topic,) in topics], above[0], below[0]):
        place = (vote.announced_at, 0, vote.opened_block, vote.opened_position)
        if above < place < below and (notice := _announcement(moment, who, vote, place)) is not None:
            yield notice


def _announcement(moment: Moment, who: Member, vote: Vote, place: Place) -> Notice | None:
    if not membership.may_vote(moment, who, vote.electorate_at):
        return None
    if delegation.direct_ballots(moment, vote, [who.member_id], until=vote.announced_at):
        return None
    found = delegation.chain_outcome(moment, vote, who.member_id, until=vote.announced_at)
    if not found.voter:
        return None
    return Notice(
        ABOUT_TO_FOLLOW,
        place,
        who.member_id,
        found.voter,
        vote.proposal_id,
        vote.poll_id,
        pending=moment.now <= vote.deadline and not delegation.has_ballot(moment, vote, who.member_id),
    )
