"""Polls.sol's reads."""

from __future__ import annotations

from backend.project.polls import POLL_STATE, Poll, PollTally, Turnout
from backend.read import group, membership
from backend.read.moment import Moment


def state_sql(moment: Moment) -> str:
    """A poll's state as an SQL expression over polls p."""
    return POLL_STATE.format(now=int(moment.now))


def state_of(moment: Moment, poll: Poll) -> str:
    if poll.voting_end >= moment.now:
        return "Voting"
    if poll.reveal_end >= moment.now:
        return "Revealing"
    return "Following" if poll.follow_end >= moment.now else "Closed"


def poll(moment: Moment, poll_id: int) -> Poll | None:
    return moment.row(Poll, poll_id)


def turnout(moment: Moment, poll_id: int) -> Turnout:
    return moment.row(Turnout, poll_id) or Turnout(poll_id)


def tally(moment: Moment, poll_id: int) -> list[PollTally]:
    """In the order of the options."""
    return moment.rows(PollTally, "poll_id = ?", (poll_id,))


def electorate(moment: Moment, poll: Poll) -> int:
    """How many may vote: who was active when an open poll opened, or was listed when a secret one did."""
    if poll.secret:
        return poll.listed
    return membership.active_count_at(moment, poll.electorate_at)


def tree_of(moment: Moment, poll: Poll) -> group.Tree:
    """The group as it stood when the poll opened."""
    return group.tree_before(moment, poll.opened_block, poll.opened_position)
