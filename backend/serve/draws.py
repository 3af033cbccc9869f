"""/v1/draws: verifiable lotteries. Whoever reads one here can compute it again from the chain alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.project.draws import DRAW_STATES, Draw
from backend.read import Moment, assignments, elections, mediation, panels, reviews
from backend.read import draws as reads
from backend.serve.membership import first_line
from backend.serve.page import Paged, listing
from backend.serve.problem import not_found
from backend.serve.values import ADDRESS, HASH, NULLIFIER, TIME, DrawId, Model, columns, hex_of
from backend.serve.view import Envelope, PageEnvelope, Used
from backend.store import table_of

router = APIRouter(tags=["draws"])

DrawState = Literal["Revealing", "Waiting", "Capturable", "Missed", "Captured"]
assert ("Unknown", *DrawState.__args__) == DRAW_STATES  # type: ignore[attr-defined]


class DrawModel(Model):
    draw_id: int = Field(examples=[1])
    title: str | None = Field(
        description="The first line of the text that says what is drawn, where this node holds it",
        examples=["A panel on the new bylaws"],
    )
    text_hash: str = Field(description="For /v1/texts", examples=[HASH])
    state: DrawState = Field(description="At the answer's block", examples=["Waiting"])
    opener: str = Field(description="The contract that opened it", examples=[ADDRESS])
    opener_module: str | None = Field(
        description="The opener's name in the constitution", examples=["elections"]
    )
    pool: str = Field(description="Hash of what is drawn from, committed before the number", examples=[HASH])
    size: int = Field(description="How many things are in the pool", examples=[12])
    with_reveals: bool = Field(description="Whether those in the pool reveal secrets", examples=[False])
    reveal_end: int = Field(description="Last block of revealing", examples=[1205])
    reveals: int = Field(description="Secrets in the mix", examples=[0])
    target_block: int = Field(description="Whose hash counts", examples=[1210])
    capture_by: int = Field(description="The last block in which it can be captured", examples=[1466])
    retargets: int = Field(description="How often the block was missed", examples=[0])
    block_hash: str | None = Field(description="Of the target block, once captured", examples=[HASH])
    number: str | None = Field(description="What decides, as text; once captured", examples=[NULLIFIER])
    opened_at: int = Field(examples=[TIME])
    captured_at: int | None = Field(examples=[TIME + 120])


class DrawMemberModel(Model):
    member_id: int = Field(examples=[5])
    commitment: str | None = Field(description="To a secret; null without reveals", examples=[HASH])
    secret: str | None = Field(description="Once revealed", examples=[None])
    revealed_at: int | None = Field(examples=[None])


class DrawDetailModel(DrawModel):
    text: str | None = Field(
        description="null where this node lacks it",
        examples=["A panel on the new bylaws\n\nTwenty, drawn from the published panels."],
    )
    mix: str = Field(description="Of the secrets revealed so far", examples=[HASH])
    members: list[DrawMemberModel] = Field(
        description="Who is in the pool, in its order, where the draw knows them"
    )
    election_id: int | None = Field(description="The election that it decides", examples=[2])
    block: int = Field(description="In which it opened", examples=[1205])


_TELLING: tuple[Callable[[Moment, int], str | None], ...] = (
    elections.text_of_draw,
    assignments.text_of_draw,
    reviews.text_of_draw,
    mediation.text_of_draw,
    panels.text_of_draw,
)


def _select(moment: Moment) -> str:
    # The block stands in the statement's tables, not in its conditions: a cursor outlives it.
    return (
        f"SELECT {columns(Draw, 'd')}, s.state, x.content FROM draws d"
        f" JOIN (SELECT d.draw_id AS id, {reads.state_sql(moment)} AS state FROM draws d) s"
        " ON s.id = d.draw_id LEFT JOIN texts x ON x.text_hash = d.text_hash"
    )


@router.get("/draws", response_model=PageEnvelope[DrawModel], summary="Draws, newest first")
async def draws(
    service: Used,
    page: Paged,
    state: Annotated[DrawState | None, Query(description="At the answer's block")] = None,
) -> Response:
    with service.view() as view:
        moment = view.moment
        return view.page(
            listing(
                view.reader,
                page,
                name="draws",
                select=_select(moment),
                order=["d.draw_id"],
                where="" if state is None else "s.state = ?",
                arguments=[] if state is None else [state],
                present=lambda row: _draw_json(moment, row),
                descending=True,
            )
        )


@router.get(
    "/draws/{drawId}",
    response_model=Envelope[DrawDetailModel],
    summary="One draw, with all that its number is made of",
)
async def draw(service: Used, draw_id: DrawId) -> Response:
    with service.view() as view:
        moment = view.moment
        row = view.reader.one(f"{_select(moment)} WHERE d.draw_id = ?", (draw_id,))
        if row is None:
            raise not_found(f"Draw {draw_id}")
        found: Draw = table_of(Draw).from_sql(row)
        decided = moment.number("SELECT election_id FROM elections WHERE draw_id = ?", (draw_id,))
        return view.answer(
            _draw_json(moment, row)
            | {
                "text": _text(moment, draw_id, row[-1]),
                "mix": hex_of(found.mix),
                "members": [
                    {
                        "memberId": member.member_id,
                        "commitment": hex_of(member.commitment),
                        "secret": hex_of(member.secret),
                        "revealedAt": member.revealed_at,
                    }
                    for member in reads.pool_of(moment, draw_id)
                ],
                "electionId": decided or None,
                "block": found.opened_block,
            }
        )


def _text(moment: Moment, draw_id: int, content: bytes | None) -> str | None:
    """What a draw of the commune's own modules is about nobody has to hand in."""
    if content is not None:
        return content.decode()
    for told_by in _TELLING:
        if (text := told_by(moment, draw_id)) is not None:
            return text
    return None


def _draw_json(moment: Moment, row: tuple[Any, ...]) -> dict[str, Any]:
    """From a draw's columns, its state and its text."""
    found: Draw = table_of(Draw).from_sql(row)
    return {
        "drawId": found.draw_id,
        "title": first_line(_text(moment, found.draw_id, row[-1])),
        "textHash": hex_of(found.text_hash),
        "state": row[-2],
        "opener": hex_of(found.opener),
        "openerModule": moment.modules.get(found.opener),
        "pool": hex_of(found.pool),
        "size": found.size,
        "withReveals": found.with_reveals,
        "revealEnd": found.reveal_end,
        "reveals": found.reveals,
        "targetBlock": found.target_block,
        "captureBy": reads.capture_by(found),
        "retargets": found.retargets,
        "blockHash": hex_of(found.block_hash),
        "number": str(found.number) if found.number is not None else None,
        "openedAt": found.opened_at,
        "capturedAt": found.captured_at,
    }
