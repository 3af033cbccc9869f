"""/v1/elections: who stands for an office, and who took its seats."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from backend.project.elections import STAGES, Candidate, Election
from backend.project.polls import Poll
from backend.read import Moment, draws, polls
from backend.read import elections as reads
from backend.serve.draws import DrawState
from backend.serve.membership import first_line
from backend.serve.offices import Filling
from backend.serve.page import Paged, listing
from backend.serve.polls import PollState
from backend.serve.problem import not_found
from backend.serve.values import HASH, TIME, ElectionId, Model, OfficeFilter, columns, hex_of
from backend.serve.view import Envelope, PageEnvelope, Used
from backend.store import table_of

router = APIRouter(tags=["elections"])

Stage = Literal["Standing", "Polling", "Drawing", "Filled", "Failed"]
assert ("None", *Stage.__args__) == STAGES  # type: ignore[attr-defined]


class ElectionModel(Model):
    election_id: int = Field(examples=[2])
    office_id: int = Field(examples=[1])
    office: str | None = Field(
        description="The office's title, where this node holds its text", examples=["Keeper of the minutes"]
    )
    stage: Stage = Field(examples=["Standing"])
    step: Literal["start", "fill"] | None = Field(
        description="What anyone can do now to bring it on", examples=[None]
    )
    filling: Filling = Field(description="How the office's seats are filled", examples=["Poll"])
    opened_at: int = Field(examples=[TIME])
    stand_until: int = Field(description="The last second of standing", examples=[TIME + 604_800])
    vacant_from: int = Field(
        description="When the seats fall vacant; who is elected later starts at once",
        examples=[TIME + 2_592_000],
    )
    seats: int | None = Field(
        description="To fill; null while members stand, and where all who stood could have one",
        examples=[None],
    )
    standing: int = Field(description="How many stand, or stood", examples=[3])
    poll_id: int | None = Field(description="For /v1/polls", examples=[None])
    draw_id: int | None = Field(
        description="For /v1/draws: of all seats, or of a tie for the last", examples=[None]
    )
    over_at: int | None = Field(description="When it was filled, or failed", examples=[None])


class CandidateModel(Model):
    member_id: int = Field(examples=[5])
    statement: str | None = Field(description="Hash of a text, for /v1/texts", examples=[HASH])
    title: str | None = Field(
        description="The statement's first line, where this node holds it",
        examples=["I was at every meeting, and write fast."],
    )
    commitment: str | None = Field(description="To a secret, for a draw with reveals", examples=[None])
    stood_at: int = Field(examples=[TIME])
    withdrawn_at: int | None = Field(examples=[None])
    option: int | None = Field(description="Their place in the poll's ballots, from 0", examples=[0])
    votes: int | None = Field(description="In the poll", examples=[17])
    certain: bool = Field(
        description="Elected without the draw that decides between others with as many votes as one another",
        examples=[False],
    )
    seated: bool = Field(description="Whether they took a seat", examples=[False])


class ElectionDetailModel(ElectionModel):
    candidates: list[CandidateModel] = Field(
        description="In the order in which they stood, then those who withdrew"
    )
    poll_state: PollState | None = Field(examples=[None])
    draw_state: DrawState | None = Field(examples=[None])


_SELECT = (
    f"SELECT {columns(Election, 'e')}, x.content FROM elections e"
    " JOIN offices o ON o.office_id = e.office_id LEFT JOIN texts x ON x.text_hash = o.text_hash"
)


@router.get("/elections", response_model=PageEnvelope[ElectionModel], summary="Elections, newest first")
async def elections(
    service: Used, page: Paged, office_id: OfficeFilter = None, stage: Stage | None = None
) -> Response:
    where: list[str] = []
    arguments: list[Any] = []
    for column, value in (("e.office_id", office_id), ("e.stage", stage)):
        if value is not None:
            where.append(f"{column} = ?")
            arguments.append(value)
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="elections",
                select=_SELECT,
                order=["e.election_id"],
                where=" AND ".join(where),
                arguments=arguments,
                present=lambda row: _election_json(view.moment, row),
                descending=True,
            )
        )


@router.get(
    "/elections/{electionId}",
    response_model=Envelope[ElectionDetailModel],
    summary="One election, with its candidates",
)
async def election(service: Used, election_id: ElectionId) -> Response:
    with service.view() as view:
        moment = view.moment
        row = view.reader.one(f"{_SELECT} WHERE e.election_id = ?", (election_id,))
        if row is None:
            raise not_found(f"Election {election_id}")
        found: Election = table_of(Election).from_sql(row[:-1])
        votes: dict[int, int] = {}
        poll_state = draw_state = None
        if found.poll_id is not None and (poll := moment.row(Poll, found.poll_id)) is not None:
            poll_state = polls.state_of(moment, poll)
            votes = {sums.option: sums.votes for sums in polls.tally(moment, found.poll_id)}
        if found.draw_id is not None:
            draw_state = draws.state_of(moment, found.draw_id)
        return view.answer(
            _election_json(moment, row)
            | {
                "candidates": [
                    _candidate_json(moment, candidate, votes)
                    for candidate in reads.candidates_of(moment, election_id)
                ],
                "pollState": poll_state,
                "drawState": draw_state,
            }
        )


def _election_json(moment: Moment, row: tuple[Any, ...]) -> dict[str, Any]:
    """From an election's columns, then its office's text."""
    found: Election = table_of(Election).from_sql(row[:-1])
    return {
        "electionId": found.election_id,
        "officeId": found.office_id,
        "office": first_line(row[-1]),
        "stage": found.stage,
        "step": reads.step_of(moment, found),
        "filling": found.filling,
        "openedAt": found.opened_at,
        "standUntil": found.stand_until,
        "vacantFrom": found.vacant_from,
        "seats": found.seats,
        "standing": moment.number(
            "SELECT count(*) FROM candidates WHERE election_id = ? AND withdrawn_at IS NULL",
            (found.election_id,),
        ),
        "pollId": found.poll_id,
        "drawId": found.draw_id,
        "overAt": found.over_at,
    }


def _candidate_json(moment: Moment, found: Candidate, votes: dict[int, int]) -> dict[str, Any]:
    return {
        "memberId": found.member_id,
        "statement": hex_of(found.statement),
        "title": first_line(moment.text(found.statement)),
        "commitment": hex_of(found.commitment),
        "stoodAt": found.stood_at,
        "withdrawnAt": found.withdrawn_at,
        "option": found.option,
        "votes": votes.get(found.option) if found.option is not None else None,
        "certain": found.certain,
        "seated": found.seated,
    }
