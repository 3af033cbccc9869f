"""/v1/polls: choices among many, open and secret."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.polls import votes_of
from backend.polls.text import options_in, parse
from backend.project.polls import POLL_STATES, Poll, PollBallot, SecretBallot, Turnout
from backend.read import Moment, delegation, elections
from backend.read import polls as reads
from backend.serve.assembly import followed_before
from backend.serve.group import ROOT, TreeModel, tree_json
from backend.serve.page import Paged, listing
from backend.serve.problem import Problem, not_found
from backend.serve.values import HASH, NULLIFIER, TIME, Model, PollId, TopicFilter, columns, hex_of
from backend.serve.view import Envelope, PageEnvelope, Used, View
from backend.store import table_of

router = APIRouter(tags=["polls"])

PollState = Literal["Voting", "Revealing", "Closed", "Following"]
assert PollState.__args__ == POLL_STATES  # type: ignore[attr-defined]


class PollModel(Model):
    poll_id: int = Field(examples=[3])
    title: str | None = Field(
        description="The text's first line, where this node holds it", examples=["What shall we buy?"]
    )
    text_hash: str = Field(description="For /v1/texts", examples=[HASH])
    state: PollState = Field(description="At the answer's block", examples=["Voting"])
    secret: bool = Field(description="Whether ballots are secret", examples=[True])
    hidden: bool = Field(description="Whether results are hidden until voting is over", examples=[False])
    topic: int = Field(examples=[2])
    options: int = Field(description="How many there are", examples=[3])
    season: int = Field(description="Whose voice credits pay for open ballots", examples=[1])
    credits: int = Field(description="Of each secret ballot; 0 in open polls", examples=[100])
    opened_at: int = Field(examples=[TIME])
    voting_end: int = Field(description="The last second of voting", examples=[TIME + 345_600])
    reveal_end: int = Field(
        description="The last second of revealing; that of voting unless hidden", examples=[TIME + 345_600]
    )
    follow_end: int = Field(
        description="The last second in which delegations are followed; that of voting in secret polls",
        examples=[TIME + 432_000],
    )
    quorum: int = Field(description="Ballots that make the result count", examples=[3])
    electorate: int = Field(
        description="How many may vote: active, or listed in the group, when it opened", examples=[40]
    )
    ballots: int = Field(
        description="Ballots that count for the quorum so far; sealed ones once revealed", examples=[17]
    )
    blank: int = Field(description="Those of them without votes", examples=[1])
    sealed: int = Field(description="Ballots cast under a seal, revealed or not", examples=[0])
    followed: int = Field(
        description="Ballots cast because of a delegation, beside these: they count for the tally, and not"
        " for the quorum",
        examples=[4],
    )
    turnout: float = Field(description="Ballots cast as a share of the electorate", examples=[0.425])
    quorum_met: bool = Field(examples=[True])


class OptionModel(Model):
    option: int = Field(description="Its place in a ballot, from 0", examples=[0])
    name: str | None = Field(
        description="Of the text's numbered list, whose number 1 is option 0; null where this node lacks the"
        " text, or it names another number of options",
        examples=["A bread oven"],
    )
    votes: int = Field(examples=[31])
    supporters: int = Field(description="Ballots that gave it votes, followed ones too", examples=[9])


class PollDetailModel(PollModel):
    text: str | None = Field(
        description="What is asked; null where this node lacks it",
        examples=["What shall we buy?\n\n1. A bread oven\n2. A freezer\n"],
    )
    tally: list[OptionModel] = Field(description="In the order of the options")
    electorate_at: int = Field(description="Who was active then may vote openly", examples=[TIME - 1])
    followed_before: int | None = Field(
        description="Ballots cast before then are followed, later ones are not; null in secret polls",
        examples=[TIME + 259_200],
    )
    root: str | None = Field(
        description="Of the group, which secret ballots are proved against", examples=[ROOT]
    )
    depth: int | None = Field(description="At which they are proved", examples=[6])
    block: int = Field(description="In which it opened", examples=[1205])


class PollBallotModel(Model):
    """A ballot by a member, or by a nullifier, never by both."""

    member_id: int | None = Field(description="null in secret polls", examples=[None])
    nullifier: str | None = Field(description="null in open polls", examples=[NULLIFIER])
    votes: list[int] | None = Field(
        description="On each option, in their order; null while sealed", examples=[[5, 0, 2]]
    )
    ballot: str | None = Field(description="The word on the chain; null while sealed", examples=["517"])
    seal: str | None = Field(description="null unless results are hidden", examples=[None])
    cost: int | None = Field(
        description="Voice credits from the season's budget; null in secret polls", examples=[28]
    )
    followed: bool = Field(description="Cast because of a delegation", examples=[False])
    voter: int | None = Field(description="Whose ballot it follows", examples=[None])
    cast_at: int = Field(examples=[TIME + 90_000])
    revealed_at: int | None = Field(examples=[None])
    block: int = Field(examples=[1240])


def _select(moment: Moment, state: str = "") -> str:
    return (
        f"SELECT {columns(Poll, 'p')}, {columns(Turnout, 't')}, {state or reads.state_sql(moment)}, x.content"
        " FROM polls p JOIN poll_turnouts t ON t.poll_id = p.poll_id"
        " LEFT JOIN texts x ON x.text_hash = p.text_hash"
    )


@router.get("/polls", response_model=PageEnvelope[PollModel], summary="Polls, newest first")
async def polls(
    service: Used,
    page: Paged,
    state: Annotated[PollState | None, Query(description="At the answer's block")] = None,
    topic: TopicFilter = None,
    secret: Annotated[bool | None, Query(description="Only secret ones, or only open ones")] = None,
) -> Response:
    where: list[str] = []
    arguments: list[Any] = []
    for column, value in (("p.topic", topic), ("p.secret", secret)):
        if value is not None:
            where.append(f"{column} = ?")
            arguments.append(int(value))
    with service.view() as view:
        moment = view.moment
        select = _select(moment)
        if state is not None:
            # The time stands in the statement's tables, not in its conditions: a cursor outlives the block.
            select = (
                f"{_select(moment, 's.state')} JOIN (SELECT p.poll_id AS id, {reads.state_sql(moment)}"
                " AS state FROM polls p) s ON s.id = p.poll_id"
            )
            where.append("s.state = ?")
            arguments.append(state)
        return view.page(
            listing(
                view.reader,
                page,
                name="polls",
                select=select,
                order=["p.poll_id"],
                where=" AND ".join(where),
                arguments=arguments,
                present=lambda row: _poll_json(moment, row),
                descending=True,
            )
        )


@router.get(
    "/polls/{pollId}", response_model=Envelope[PollDetailModel], summary="One poll, with its text and tally"
)
async def poll(service: Used, poll_id: PollId) -> Response:
    with service.view() as view:
        moment = view.moment
        row = view.reader.one(f"{_select(moment)} WHERE p.poll_id = ?", (poll_id,))
        if row is None:
            raise not_found(f"Poll {poll_id}")
        found: Poll = table_of(Poll).from_sql(row)
        text = _text(moment, poll_id, row[-1])
        names = (options_in(text, found.options) if text is not None else None) or (None,) * found.options
        return view.answer(
            _poll_json(moment, row)
            | {
                "text": text,
                "tally": [
                    {"option": sums.option, "name": name, "votes": sums.votes, "supporters": sums.supporters}
                    for sums, name in zip(reads.tally(moment, poll_id), names, strict=True)
                ],
                "electorateAt": found.electorate_at,
                "followedBefore": followed_before(delegation.vote_in(moment, poll_id)),
                "root": str(found.root) if found.secret else None,
                "depth": found.depth if found.secret else None,
                "block": found.opened_block,
            }
        )


@router.get(
    "/polls/{pollId}/group",
    response_model=Envelope[TreeModel],
    summary="All leaves of the group as it stood when a secret poll opened",
)
async def group(service: Used, poll_id: PollId) -> Response:
    """What a proof for the poll is made from. There is no way to ask for one leaf's path: that would tell
    whose ballot it is."""
    with service.view() as view:
        found = _needed(view, poll_id)
        if not found.secret:
            raise Problem(
                404,
                "poll-not-secret",
                f"Poll {poll_id} is open",
                "Only secret polls are proved against a group.",
            )
        return view.answer(tree_json(reads.tree_of(view.moment, found)) | {"depth": found.depth})


@router.get(
    "/polls/{pollId}/ballots",
    response_model=PageEnvelope[PollBallotModel],
    summary="Its ballots in the order they were cast",
)
async def ballots(service: Used, page: Paged, poll_id: PollId) -> Response:
    with service.view() as view:
        found = _needed(view, poll_id)
        row: type[PollBallot] | type[SecretBallot] = SecretBallot if found.secret else PollBallot
        voter, followings = "NULL", ""
        if not found.secret:
            voter = "f.voter"
            followings = " LEFT JOIN followings f ON f.poll_id = b.poll_id AND f.member_id = b.member_id"
        return view.page(
            listing(
                view.reader,
                page,
                name="polls/ballots",
                select=f"SELECT {columns(row, 'b')}, {voter} FROM {table_of(row).name} b{followings}",
                order=["b.block", "b.position"],
                where="b.poll_id = ?",
                arguments=[poll_id],
                present=lambda values: ballot_json(found.options, table_of(row).from_sql(values), values[-1]),
            )
        )


def _needed(view: View, poll_id: int) -> Poll:
    found = reads.poll(view.moment, poll_id)
    if found is None:
        raise not_found(f"Poll {poll_id}")
    return found


def ballot_json(options: int, ballot: PollBallot | SecretBallot, voter: int | None = None) -> dict[str, Any]:
    word = ballot.ballot
    shown = {
        "memberId": None,
        "nullifier": None,
        "votes": None if word is None else votes_of(word, options),
        "ballot": None if word is None else str(word),
        "seal": None,
        "cost": None,
        "followed": False,
        "voter": voter,
        "castAt": ballot.cast_at,
        "revealedAt": None,
        "block": ballot.block,
    }
    if isinstance(ballot, PollBallot):
        mine = {"memberId": ballot.member_id, "cost": ballot.cost, "followed": ballot.followed}
        return shown | mine
    return shown | {
        "nullifier": str(ballot.nullifier),
        "seal": None if ballot.seal is None else str(ballot.seal),
        "revealedAt": ballot.revealed_at,
    }


_POLL_WIDTH = len(table_of(Poll).columns)


def _poll_json(moment: Moment, row: tuple[Any, ...]) -> dict[str, Any]:
    """From a poll's columns, its turnout's, its state and its text."""
    found: Poll = table_of(Poll).from_sql(row)
    cast: Turnout = table_of(Turnout).from_sql(row[_POLL_WIDTH:])
    text = _text(moment, found.poll_id, row[-1])
    electorate = reads.electorate(moment, found)
    handed_in = cast.sealed if found.hidden else cast.ballots
    return {
        "pollId": found.poll_id,
        "title": (parse(text).title or None) if text is not None else None,
        "textHash": hex_of(found.text_hash),
        "state": row[-2],
        "secret": found.secret,
        "hidden": found.hidden,
        "topic": found.topic,
        "options": found.options,
        "season": found.season,
        "credits": found.credits,
        "openedAt": found.opened_at,
        "votingEnd": found.voting_end,
        "revealEnd": found.reveal_end,
        "followEnd": found.follow_end,
        "quorum": found.quorum,
        "electorate": electorate,
        "ballots": cast.ballots,
        "blank": cast.blank,
        "sealed": cast.sealed,
        "followed": cast.followed,
        "turnout": round(handed_in / electorate, 4) if electorate else 0.0,
        "quorumMet": cast.ballots >= found.quorum,
    }


def _text(moment: Moment, poll_id: int, content: bytes | None) -> str | None:
    """Texts were checked to be UTF-8 when they were taken. An election's nobody has to hand in."""
    return elections.text_of_poll(moment, poll_id) if content is None else content.decode()
