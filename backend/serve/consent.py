"""/v1/consent: small things that pass unless somebody objects."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.project.assembly import Action
from backend.project.consent import (
    CONSENT_STATES,
    RESPONSES,
    Allowance,
    ConsentAction,
    ConsentProposal,
    ConsentResponse,
)
from backend.project.texts import named_in
from backend.read import Moment, assembly
from backend.read import consent as reads
from backend.serve.assembly import ActionModel, ProposalSponsorModel, action_json, hash_of, title_of
from backend.serve.page import Paged, listing
from backend.serve.problem import not_found
from backend.serve.values import (
    ADDRESS,
    HASH,
    PROPOSAL,
    TIME,
    MemberFilter,
    Model,
    ProposalText,
    TopicFilter,
    columns,
    hex_of,
    proposal_id_of,
    uint256,
)
from backend.serve.view import Envelope, PageEnvelope, Service, Used
from backend.store import table_of

router = APIRouter(tags=["consent"])

State = Literal["Open", "Passed", "Blocked", "Lapsed", "Executed", "Escalated", "Expired"]
assert State.__args__ == CONSENT_STATES[1:]  # type: ignore[attr-defined]
ResponseName = Literal["Acknowledge", "Block", "StandAside"]
assert ResponseName.__args__ == RESPONSES[1:]  # type: ignore[attr-defined]


class ConsentModel(Model):
    proposal_id: str = Field(
        description="Also that of the ordinary proposal that a blocked one becomes", examples=[PROPOSAL]
    )
    title: str = Field(description="The description's first line", examples=["Buy a second kettle"])
    state: State = Field(description="At the answer's block", examples=["Open"])
    opener: int = Field(description="memberId", examples=[7])
    topic: int = Field(examples=[2])
    opened_at: int = Field(examples=[TIME])
    window_end: int = Field(description="The last second to respond in", examples=[TIME + 259_200])
    expires_at: int = Field(
        description="The last second to carry it out, or to put it to the vote", examples=[TIME + 2_851_200]
    )
    acknowledged: int = Field(examples=[3])
    needed: int = Field(description="Acknowledgements it takes", examples=[3])
    blocks: int = Field(examples=[0])
    block_limit: int = Field(description="Blocks that stop it", examples=[2])
    stood_aside: int = Field(examples=[1])
    executed_at: int | None = Field(examples=[None])
    escalated_at: int | None = Field(description="When it was put to the vote", examples=[None])


class ConsentDetailModel(ConsentModel):
    description: str = Field(
        description="As it is hashed into the id", examples=[f"A kettle#nonce=1#proposer={ADDRESS}"]
    )
    description_hash: str = Field(description="What execute takes", examples=[HASH])
    texts: list[str] = Field(description="Hashes the description names, for /v1/texts", examples=[[HASH]])
    actions: list[ActionModel]
    sponsors: list[ProposalSponsorModel]
    electorate_at: int = Field(description="Who was active then may respond", examples=[TIME - 1])
    pin: str = Field(description="Hash of the targets' code", examples=[HASH])
    block: int = Field(description="In which it opened", examples=[1205])


class ResponseModel(Model):
    member_id: int = Field(examples=[7])
    response: ResponseName = Field(description="The member's last word", examples=["Block"])
    reason_hash: str | None = Field(description="For /v1/texts", examples=[HASH])
    reason: str | None = Field(
        description="null where none was given, or this node lacks the text", examples=["We have three"]
    )
    responded_at: int = Field(examples=[TIME + 3_600])
    block: int = Field(examples=[1240])


class AllowanceModel(Model):
    """A call that may pass by consent."""

    target: str = Field(examples=[ADDRESS])
    module: str | None = Field(description="The target's name in the constitution", examples=["commons"])
    selector: str = Field(examples=["0x5ad41eee"])
    function: str | None = Field(description="null where no ABI explains it", examples=["pay"])
    key: str | None = Field(description="Only calls with this first argument; null for any", examples=[HASH])
    argument: int | None = Field(description="Which argument is an amount, from 1", examples=[3])
    cap: str | None = Field(
        description="What the amounts of one proposal add up to at most", examples=["100000000000000000"]
    )
    since: int = Field(examples=[TIME])


@router.get("/consent", response_model=PageEnvelope[ConsentModel], summary="Consent proposals, newest first")
async def consent_proposals(
    service: Used,
    page: Paged,
    state: Annotated[State | None, Query(description="At the answer's block")] = None,
    topic: TopicFilter = None,
    opener: Annotated[int | None, Query(ge=1, le=2**32 - 1, description="memberId", examples=[7])] = None,
) -> Response:
    where: list[str] = []
    arguments: list[Any] = []
    for column, value in (("c.topic", topic), ("c.opener", opener)):
        if value is not None:
            where.append(f"{column} = ?")
            arguments.append(value)
    with service.view() as view:
        select = _select(view.moment)
        if state is not None:
            # The time stands in the statement's tables, not in its conditions: a cursor outlives the block.
            select = (
                f"SELECT {columns(ConsentProposal, 'c')}, s.state FROM consent_proposals c"
                f" JOIN (SELECT c.proposal_id AS id, {reads.state_sql(view.moment)} AS state"
                " FROM consent_proposals c) s ON s.id = c.proposal_id"
            )
            where.append("s.state = ?")
            arguments.append(state)
        return view.page(
            listing(
                view.reader,
                page,
                name="consent",
                select=select,
                order=["c.opened_block", "c.opened_position"],
                where=" AND ".join(where),
                arguments=arguments,
                present=_consent_json,
                descending=True,
            )
        )


@router.get(
    "/consent/allowances", response_model=PageEnvelope[AllowanceModel], summary="What may pass by consent"
)
async def allowances(service: Used, page: Paged) -> Response:
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="consent/allowances",
                select=f"SELECT {columns(Allowance, 'a')} FROM consent_allowances a",
                order=["a.target", "a.selector", "a.allowance_key"],
                present=lambda row: _allowance_json(service, view.moment, table_of(Allowance).from_sql(row)),
            )
        )


@router.get(
    "/consent/{proposalId}",
    response_model=Envelope[ConsentDetailModel],
    summary="One consent proposal, with what it would do in words",
)
async def consent_proposal(service: Used, proposal_id: ProposalText) -> Response:
    key = uint256(proposal_id_of(proposal_id))
    with service.view() as view:
        moment = view.moment
        row = view.reader.one(f"{_select(moment)} WHERE c.proposal_id = ?", (key,))
        if row is None:
            raise not_found(f"Consent proposal {proposal_id}")
        found: ConsentProposal = table_of(ConsentProposal).from_sql(row)
        return view.answer(
            _consent_json(row)
            | {
                "description": found.description,
                "descriptionHash": f"0x{hash_of(found.description).hex()}",
                "texts": [f"0x{text.hex()}" for text in named_in(found.description)],
                "actions": [
                    action_json(moment, service.calls, Action(*_call(action)))
                    for action in moment.rows(ConsentAction, "proposal_id = ?", (key,))
                ],
                "sponsors": [
                    {"memberId": sponsor.member_id, "sponsoredAt": sponsor.sponsored_at}
                    for sponsor in assembly.sponsors_of(moment, found.proposal_id)
                ],
                "electorateAt": found.electorate_at,
                "pin": hex_of(found.pin),
                "block": found.opened_block,
            }
        )


@router.get(
    "/consent/{proposalId}/responses",
    response_model=PageEnvelope[ResponseModel],
    summary="What members said, each their last word",
)
async def responses(
    service: Used,
    page: Paged,
    proposal_id: ProposalText,
    response: Annotated[ResponseName | None, Query(description="Only one kind of response")] = None,
    member_id: MemberFilter = None,
) -> Response:
    key = uint256(proposal_id_of(proposal_id))
    where = ["r.proposal_id = ?"]
    arguments: list[Any] = [key]
    for column, value in (("r.response", response), ("r.member_id", member_id)):
        if value is not None:
            where.append(f"{column} = ?")
            arguments.append(value)
    with service.view() as view:
        if view.reader.one("SELECT 1 FROM consent_proposals WHERE proposal_id = ?", (key,)) is None:
            raise not_found(f"Consent proposal {proposal_id}")
        return view.page(
            listing(
                view.reader,
                page,
                name="consent/responses",
                select=f"SELECT {columns(ConsentResponse, 'r')}, x.content FROM consent_responses r"
                " LEFT JOIN texts x ON x.text_hash = r.reason",
                order=["r.block", "r.position"],
                where=" AND ".join(where),
                arguments=arguments,
                present=_response_json,
            )
        )


def _select(moment: Moment) -> str:
    return f"SELECT {columns(ConsentProposal, 'c')}, {reads.state_sql(moment)} FROM consent_proposals c"


def _call(action: ConsentAction) -> tuple[int, int, bytes, int, bytes]:
    """As an action of the assembly, which sends nothing along."""
    return action.proposal_id, action.position, action.target, 0, action.calldata


def _consent_json(row: tuple[Any, ...]) -> dict[str, Any]:
    """From a consent proposal's columns and its state."""
    found: ConsentProposal = table_of(ConsentProposal).from_sql(row)
    return {
        "proposalId": str(found.proposal_id),
        "title": title_of(found.description),
        "state": row[-1],
        "opener": found.opener,
        "topic": found.topic,
        "openedAt": found.opened_at,
        "windowEnd": found.window_end,
        "expiresAt": found.expiry,
        "acknowledged": found.acknowledged,
        "needed": found.needed,
        "blocks": found.blocks,
        "blockLimit": found.block_limit,
        "stoodAside": found.stood_aside,
        "executedAt": found.executed_at,
        "escalatedAt": found.escalated_at,
    }


def _response_json(row: tuple[Any, ...]) -> dict[str, Any]:
    """From a response's columns and its reason's text."""
    found: ConsentResponse = table_of(ConsentResponse).from_sql(row)
    return {
        "memberId": found.member_id,
        "response": found.response,
        "reasonHash": hex_of(found.reason),
        "reason": None if row[-1] is None else row[-1].decode(),
        "respondedAt": found.responded_at,
        "block": found.block,
    }


def _allowance_json(service: Service, moment: Moment, found: Allowance) -> dict[str, Any]:
    return {
        "target": hex_of(found.target),
        "module": moment.modules.get(found.target),
        "selector": hex_of(found.selector),
        "function": service.calls.name(found.target, found.selector),
        "key": hex_of(found.allowance_key) if found.keyed else None,
        "argument": found.argument or None,
        "cap": str(found.cap) if found.argument else None,
        "since": found.since,
    }
