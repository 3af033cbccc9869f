"""Elections.sol's reads."""

from __future__ import annotations

from backend.polls import compose
from backend.project.elections import Candidate, Election
from backend.project.polls import Poll
from backend.read import draws, polls
from backend.read.moment import Moment


def election(moment: Moment, election_id: int) -> Election | None:
    return moment.row(Election, election_id)


def running_of(moment: Moment, office_id: int) -> int:
    """The office's election that is not over, or 0."""
    return moment.number(
        "SELECT election_id FROM elections WHERE office_id = ? AND over_at IS NULL", (office_id,)
    )


def candidates_of(moment: Moment, election_id: int) -> list[Candidate]:
    """Who stands, in the order in which they did; and who withdrew, after them."""
    return moment.rows(Candidate, "election_id = ?", (election_id,), _ORDER)


def step_of(moment: Moment, found: Election) -> str | None:
    """What anyone can do to bring it on now: start it, or fill the seats."""
    if found.stage == "Standing":
        return "start" if moment.now > found.stand_until else None
    if found.stage == "Polling":
        poll = moment.row(Poll, found.poll_id)
        return "fill" if poll is not None and polls.state_of(moment, poll) == "Closed" else None
    if found.stage == "Drawing":
        return "fill" if draws.state_of(moment, found.draw_id or 0) == "Captured" else None
    return None


def text_of_poll(moment: Moment, poll_id: int) -> str | None:
    """What an election's poll asks: it follows from the candidates. None for any other poll."""
    found = moment.rows(Election, "poll_id = ?", (poll_id,))
    if not found:
        return None
    where = "election_id = ? AND option IS NOT NULL"
    candidates = moment.rows(Candidate, where, (found[0].election_id,), "option")
    return _text(found[0], [candidate.member_id for candidate in candidates])


def text_of_draw(moment: Moment, draw_id: int) -> str | None:
    """What an election's draw is about: it follows from the pool. None for any other draw."""
    found = moment.rows(Election, "draw_id = ?", (draw_id,))
    if not found:
        return None
    return _text(found[0], [member.member_id for member in draws.pool_of(moment, draw_id)])


def _text(found: Election, member_ids: list[int]) -> str:
    """As Elections.sol writes it, whose hash the poll or draw has."""
    names = [f"Member {member_id}" for member_id in member_ids]
    return compose(f"Election {found.election_id} for office {found.office_id}", names)


_ORDER = "withdrawn_at IS NOT NULL, block, position"
