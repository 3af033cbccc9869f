"""/v1/members/{memberId}/notices: what was done, or is about to be, because of a member's delegation.

It is worked out from the chain, as everything here is, and as public: whose ballot counts for whom can be
seen by everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response
from pydantic import Field

from backend.polls import votes_of
from backend.polls.text import parse
from backend.project.assembly import CHOICES, Ballot, Proposal, Tally
from backend.project.polls import Poll, PollBallot
from backend.read import Moment, notices
from backend.read.notices import ABOUT_TO_FOLLOW, FOLLOWED, Notice, Place
from backend.serve.assembly import title_of
from backend.serve.feature import Feature
from backend.serve.membership import PersonModel, needed, people
from backend.serve.page import Paged, decode, encode
from backend.serve.problem import Problem
from backend.serve.stream import STILL_HERE, Broadcast, EventStream, Streamed, encoded
from backend.serve.values import PROPOSAL, TIME, MemberId, Model
from backend.serve.view import PageEnvelope, Service, Used

router = APIRouter(tags=["delegations"])

_ID = re.compile(r"([0-9]{1,15})-([01])-([0-9]{1,15})-([0-9]{1,15})")


class NoticeModel(Model):
    id: str = Field(
        description="Orders a member's notices; as in the stream", examples=["1767571200-0-1205-3"]
    )
    kind: Literal["AboutToFollow", "Followed"] = Field(
        description="AboutToFollow: voting ends in a day, and then the voter's ballot counts for the member"
        " too unless they vote. Followed: it does",
        examples=["AboutToFollow"],
    )
    words: str = Field(
        examples=["member 3 is about to vote For on your behalf: vote yourself if you disagree"]
    )
    at: int = Field(examples=[TIME])
    pending: bool = Field(description="Whether the member can still vote themselves", examples=[True])
    voter: PersonModel | None = Field(description="Whose ballot it is about")
    proposal_id: str | None = Field(examples=[PROPOSAL])
    poll_id: int | None = Field(examples=[None])
    title: str | None = Field(
        description="Of the proposal or poll; null where this node lacks the poll's text",
        examples=["Buy a second freezer"],
    )
    topic: int = Field(examples=[2])
    deadline: int = Field(description="The end of direct voting", examples=[TIME + 86_400])
    follow_end: int = Field(description="The end of following", examples=[TIME + 172_800])
    choice: Literal["Against", "For", "Abstain"] | None = Field(
        description="In a proposal: the voter's, and so the member's", examples=["For"]
    )
    votes: int | None = Field(
        description="In a proposal. AboutToFollow: the voter's; the member's own caps and credits may lower"
        " them. Followed: the member's",
        examples=[2],
    )
    option_votes: list[int] | None = Field(
        description="In a poll: votes on each option, with the same meaning", examples=[None]
    )


@router.get(
    "/members/{memberId}/notices",
    response_model=PageEnvelope[NoticeModel],
    summary="Votes cast, or about to be, on a member's behalf, newest first",
)
async def member_notices(
    service: Used,
    page: Paged,
    member_id: MemberId,
    pending: Annotated[
        bool | None, Query(description="Only those on which the member can still vote, or only others")
    ] = None,
) -> Response:
    scope = f"notices of {member_id}, pending {pending}".encode()
    before = _place(decode(page.cursor, scope, 4)) if page.cursor is not None else None
    with service.view() as view:
        moment = view.moment
        needed(view, member_id)
        found: list[Notice] = []
        # Filtered here, since no table knows it: the next pages are read until this one is full.
        while len(found) <= page.limit:
            more = notices.latest(moment, member_id, page.limit + 1, before)
            found += [notice for notice in more if pending is None or notice.pending is pending]
            if len(more) <= page.limit:
                break
            before = more[-1].place
        shown = found[: page.limit]
        following = encode(shown[-1].place, scope) if len(found) > page.limit else None
        return view.page((notices_json(moment, shown), following))


def _place(key: Sequence[Any]) -> Place:
    at, rank, block, position = key
    return int(at), int(rank), int(block), int(position)


def notices_json(moment: Moment, found: Sequence[Notice]) -> list[dict[str, Any]]:
    persons = people(moment, [notice.voter for notice in found])
    return [
        {
            "id": "-".join(map(str, notice.place)),
            "kind": notice.kind,
            "at": notice.at,
            "pending": notice.pending,
            "voter": persons.get(notice.voter),
            "proposalId": str(notice.proposal_id) if notice.proposal_id is not None else None,
            "pollId": notice.poll_id,
        }
        | _about(moment, notice)
        for notice in found
    ]


def _about(moment: Moment, notice: Notice) -> dict[str, Any]:
    """Which vote it is, and whose ballot: the voter's before it is followed, the member's own afterwards."""
    caster = notice.voter if notice.kind == ABOUT_TO_FOLLOW else notice.member_id
    if notice.poll_id is not None:
        poll, cast = moment.need(Poll, notice.poll_id), moment.need(PollBallot, notice.poll_id, caster)
        text = moment.text(poll.text_hash)
        return {
            "words": _words(notice, f"in poll {poll.poll_id}"),
            "title": (parse(text).title or None) if text is not None else None,
            "topic": poll.topic,
            "deadline": poll.voting_end,
            "followEnd": poll.follow_end,
            "choice": None,
            "votes": None,
            "optionVotes": votes_of(cast.ballot, poll.options),
        }
    proposal, tally = moment.need(Proposal, notice.proposal_id), moment.need(Tally, notice.proposal_id)
    ballot = moment.need(Ballot, notice.proposal_id, caster)
    return {
        "words": _words(notice, CHOICES[ballot.support]),
        "title": title_of(proposal.description),
        "topic": proposal.topic,
        "deadline": tally.deadline,
        "followEnd": tally.deadline + proposal.follow,
        "choice": CHOICES[ballot.support],
        "votes": ballot.votes,
        "optionVotes": None,
    }


def _words(notice: Notice, how: str) -> str:
    if notice.kind == FOLLOWED:
        return f"member {notice.voter} voted {how} on your behalf"
    if notice.pending:
        return f"member {notice.voter} is about to vote {how} on your behalf: vote yourself if you disagree"
    return f"member {notice.voter} was about to vote {how} on your behalf"


class NoticeStream(EventStream):
    """One member's notices, as they come about. Looks whenever something happened on the chain, which is also
    when time passes."""

    MOST = 100

    def __init__(self, broadcast: Broadcast, member_id: int, after: Place | None) -> None:
        super().__init__(broadcast, None)
        self.member_id = member_id
        self.seen = after

    def missed(self) -> Iterator[bytes]:
        yield self._news()

    def told(self, pieces: list[bytes]) -> bytes:
        kept = STILL_HERE if STILL_HERE in pieces else b""
        return self._news() + kept

    def _news(self) -> bytes:
        try:
            with self.broadcast.service.view() as view:
                moment = view.moment
                # A reorganisation takes time back: what it had brought about is told again.
                seen = min(self.seen, _now(moment)) if self.seen is not None else _now(moment)
                found = notices.since(moment, self.member_id, seen, self.MOST)
                self.seen = found[-1].place if found else seen
                shown = notices_json(moment, found)
        except Problem:
            return b""
        return b"".join(encoded(notice["kind"], notice, notice["id"]) for notice in shown)


def _now(moment: Moment) -> Place:
    return moment.now, 2, 0, 0


def notice_stream(service: Service) -> Feature:
    """Beside the router, since what it serves has no end."""
    feature = APIRouter(tags=["delegations"])

    @feature.get(
        "/members/{memberId}/notices/stream",
        summary="A member's notices as they come about (server-sent events)",
        response_class=Response,
        responses={
            200: {
                "content": {
                    "text/event-stream": {
                        "example": "id: 1767571200-0-1205-3\nevent: AboutToFollow\ndata: {}\n\n"
                    }
                }
            }
        },
    )
    async def stream(
        request: Request,
        member_id: MemberId,
        after: Annotated[
            str | None, Query(description="Resume after this notice", examples=["1767571200-0-1205-3"])
        ] = None,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> Any:
        with service.view() as view:
            needed(view, member_id)
        resume = last_event_id or after
        place = parse_notice_id(resume) if resume else None
        return Streamed(NoticeStream(request.app.state.broadcast, member_id, place))

    return Feature(feature)


def parse_notice_id(text: str) -> Place:
    """As a notice's `id` is written."""
    found = _ID.fullmatch(text)
    if found is None:
        raise Problem(
            400, "notice-id-malformed", "The id is not a notice's", f"got {text[:80]!r}; take one unchanged"
        )
    at, rank, block, position = map(int, found.groups())
    return at, rank, block, position
