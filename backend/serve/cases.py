"""/v1/cases: conflicts, who helps and who decides."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.project.mediation import CASE_STATES, REMEDIES, Case, CaseAnswer
from backend.project.panels import PANEL_STATES, CaseDecision, Panel, Panelist
from backend.read import Moment, panels
from backend.read import mediation as reads
from backend.serve.membership import first_line
from backend.serve.page import Paged, listing
from backend.serve.problem import not_found
from backend.serve.values import (
    HASH,
    PROPOSAL,
    TIME,
    CaseId,
    MemberFilter,
    Model,
    TopicFilter,
    columns,
    hex_of,
)
from backend.serve.view import Envelope, PageEnvelope, Used
from backend.store import table_of

router = APIRouter(tags=["cases"])

CaseState = Literal["Drawing", "Accepting", "Mediating", "Settled", "Withdrawn", "Failed", "Convened"]
assert ("Unknown", *CaseState.__args__) == CASE_STATES  # type: ignore[attr-defined]
RemedyKind = Literal["Penalty", "Award", "Expulsion", "Overturn"]
assert RemedyKind.__args__ == REMEDIES  # type: ignore[attr-defined]
PanelState = Literal[
    "Drawing",
    "Committing",
    "Revealing",
    "Countable",
    "Decided",
    "Appealed",
    "Assembly",
    "Carried",
    "Dismissed",
    "Overruled",
]
assert ("Unknown", *PanelState.__args__) == PANEL_STATES  # type: ignore[attr-defined]
Step = Literal["seatMediator", "moveOn", "convene", "seat", "count", "carryOut"]


class RemedyModel(Model):
    """What is asked for."""

    kind: RemedyKind = Field(
        description="Award: what the member loses goes to the claimant", examples=["Penalty"]
    )
    member_id: int | None = Field(description="Whom it would concern; null for Overturn", examples=[5])
    amount: str = Field(description="Micro-points of the topic, as text", examples=["10000000"])


class CaseModel(Model):
    case_id: int = Field(examples=[1])
    claimant: int = Field(description="memberId of who opened it", examples=[3])
    parties: list[int] = Field(description="memberIds, the claimant first", examples=[[3, 5]])
    topic: int = Field(examples=[2])
    remedy: RemedyModel
    review_id: int | None = Field(description="The review it would overturn", examples=[None])
    state: CaseState = Field(description="Of the mediation", examples=["Mediating"])
    panel_state: PanelState | None = Field(
        description="At the answer's block; null until a panel is convened", examples=[None]
    )
    step: Step | None = Field(description="What anyone can do now to bring it on", examples=[None])
    evidence: str = Field(
        description="Hash of the text that says what happened, for /v1/texts", examples=[HASH]
    )
    title: str | None = Field(
        description="That text's first line, where this node holds it", examples=["The oven was left on."]
    )
    opened_at: int = Field(examples=[TIME])
    mediator: int | None = Field(description="Who was drawn last", examples=[8])
    mediators: int = Field(description="How many were drawn", examples=[1])
    draw_id: int | None = Field(description="The draw of the last mediator", examples=[4])
    began_at: int | None = Field(description="When all had accepted the mediator", examples=[TIME])
    until: int | None = Field(
        description="The last second to accept the mediator, or to find an outcome", examples=[TIME + 259_200]
    )
    outcome: str | None = Field(description="Hash of the text proposed last", examples=[None])
    ended_at: int | None = Field(
        description="When it was settled or taken back, or mediation failed", examples=[None]
    )


class PartyModel(Model):
    member_id: int = Field(examples=[3])
    accepted: bool | None = Field(description="Their answer to the last mediator", examples=[True])
    signed_at: int | None = Field(
        description="When they signed the outcome that is proposed now", examples=[None]
    )


class EvidenceModel(Model):
    member_id: int = Field(description="Who gave it", examples=[3])
    evidence: str = Field(description="Hash of a text", examples=[HASH])
    text: str | None = Field(
        description="null where this node lacks it", examples=["The oven was left on.\n\nAgain."]
    )
    given_at: int = Field(examples=[TIME])


class MediatorModel(Model):
    draw_id: int = Field(description="For /v1/draws", examples=[4])
    member_id: int | None = Field(description="null until the draw gave somebody", examples=[8])
    until: int | None = Field(description="The last second to accept", examples=[TIME + 259_200])


class AnswerModel(Model):
    mediators: int = Field(description="To the how-manieth mediator, from 1", examples=[1])
    member_id: int = Field(description="A party, or the mediator", examples=[5])
    accepted: bool = Field(examples=[False])
    answered_at: int = Field(examples=[TIME])


class PanelistModel(Model):
    member_id: int = Field(examples=[9])
    commitment: str | None = Field(description="To a vote that nobody else knows yet", examples=[HASH])
    committed_at: int | None = Field(examples=[TIME])
    extent: int | None = Field(
        description="The vote, once revealed: quarters of what is asked for, 0 to 4", examples=[2]
    )
    revealed_at: int | None = Field(examples=[TIME + 345_600])
    silent: bool = Field(description="Counted without a vote of theirs", examples=[False])
    penalty_id: int | None = Field(description="What they may lose for that", examples=[None])


class PanelModel(Model):
    round: int = Field(description="2 where too few of a first panel revealed", examples=[1])
    seats: int = Field(examples=[5])
    draw_id: int = Field(examples=[6])
    opened_at: int = Field(examples=[TIME])
    commit_until: int | None = Field(
        description="The last second to commit; null until all are seated", examples=[TIME + 259_200]
    )
    reveal_until: int | None = Field(description="The last second to reveal", examples=[TIME + 432_000])
    panelists: list[PanelistModel] = Field(description="In the order in which they were drawn")


class DecisionModel(Model):
    extent: int | None = Field(description="Quarters granted, 0 to 4", examples=[2])
    decided_at: int | None = Field(examples=[TIME + 432_000])
    appeal_until: int | None = Field(
        description="The last second for a party to put it to the assembly; null of an expulsion",
        examples=[TIME + 1_036_800],
    )
    appellant: int | None = Field(description="memberId", examples=[None])
    appealed_at: int | None = Field(examples=[None])
    grounds: str | None = Field(description="Hash of a text that says why", examples=[None])
    grounds_text: str | None = Field(description="null where this node lacks it", examples=[None])
    asked_at: int | None = Field(
        description="When the assembly was asked to decide in a panel's place", examples=[None]
    )
    moved_at: int | None = Field(description="When the vote on an expulsion opened", examples=[None])
    proposal_id: str | None = Field(description="The last vote that it led to", examples=[PROPOSAL])
    vote: str | None = Field(description="That vote's state", examples=["Active"])
    amount: str | None = Field(
        description="Micro-points that were gained or lost, as text, once carried out", examples=[None]
    )
    carried_at: int | None = Field(examples=[None])
    dismissed_at: int | None = Field(examples=[None])
    overruled_at: int | None = Field(examples=[None])


class CaseDetailModel(CaseModel):
    electorate_at: int = Field(
        description="Who was active then, and joined before, may help or decide", examples=[TIME - 1]
    )
    pool: int = Field(description="memberIds 1 to this one are drawn from", examples=[24])
    party_details: list[PartyModel] = Field(description="The claimant first")
    given: list[EvidenceModel] = Field(description="First what it was opened with")
    asked: list[MediatorModel] = Field(description="Mediators in the order in which they were drawn")
    answers: list[AnswerModel] = Field(description="To all mediators that were drawn")
    mediator_accepted: bool | None = Field(description="The last mediator's own answer", examples=[True])
    outcome_text: str | None = Field(
        description="What was proposed last; null where this node lacks it", examples=[None]
    )
    panels: list[PanelModel] = Field(description="Those drawn to decide, if mediation failed")
    decision: DecisionModel | None


def _select(moment: Moment) -> str:
    # The time stands in the statement's tables, not in its conditions: a cursor outlives the block.
    return (
        f"SELECT {columns(Case, 'c')}, s.state, x.content FROM cases c"
        f" LEFT JOIN ({panels.states_sql(moment)}) s ON s.id = c.case_id"
        " LEFT JOIN texts x ON x.text_hash = c.evidence"
    )


# Whom a case concerns: a party, the mediator, or a panelist.
_CONCERNED = (
    "(c.mediator = ? OR c.case_id IN (SELECT case_id FROM case_parties WHERE member_id = ?)"
    " OR c.case_id IN (SELECT case_id FROM panelists WHERE member_id = ?))"
)


@router.get("/cases", response_model=PageEnvelope[CaseModel], summary="Cases, newest first")
async def cases(
    service: Used,
    page: Paged,
    state: Annotated[CaseState | None, Query(description="Of the mediation")] = None,
    panel_state: Annotated[
        PanelState | None, Query(alias="panelState", description="At the answer's block")
    ] = None,
    member_id: MemberFilter = None,
    topic: TopicFilter = None,
) -> Response:
    """`memberId`: a party, the last mediator, or somebody drawn for a panel."""
    where: list[str] = []
    arguments: list[Any] = []
    for column, value in (("c.state", state), ("s.state", panel_state), ("c.topic", topic)):
        if value is not None:
            where.append(f"{column} = ?")
            arguments.append(value)
    if member_id is not None:
        where.append(_CONCERNED)
        arguments += [member_id] * 3
    with service.view() as view:
        moment = view.moment
        return view.page(
            listing(
                view.reader,
                page,
                name="cases",
                select=_select(moment),
                order=["c.case_id"],
                where=" AND ".join(where),
                arguments=arguments,
                present=lambda row: _case_json(moment, row),
                descending=True,
            )
        )


@router.get(
    "/cases/{caseId}",
    response_model=Envelope[CaseDetailModel],
    summary="One case, with its evidence, answers, panels and what came of it",
)
async def case(service: Used, case_id: CaseId) -> Response:
    with service.view() as view:
        moment = view.moment
        row = view.reader.one(f"{_select(moment)} WHERE c.case_id = ?", (case_id,))
        if row is None:
            raise not_found(f"Case {case_id}")
        found: Case = table_of(Case).from_sql(row)
        decision = panels.decision_of(moment, case_id)
        answers = reads.answers_of(moment, case_id)
        last = {answer.member_id: answer for answer in answers if answer.mediators == found.mediators}
        return view.answer(
            _case_json(moment, row)
            | {
                "electorateAt": found.electorate_at,
                "pool": found.pool,
                "partyDetails": [
                    {
                        "memberId": party.member_id,
                        "accepted": _accepted(last.get(party.member_id)),
                        "signedAt": party.signed_at,
                    }
                    for party in reads.parties_of(moment, case_id)
                ],
                "given": [
                    {
                        "memberId": given.member_id,
                        "evidence": hex_of(given.evidence),
                        "text": moment.text(given.evidence),
                        "givenAt": given.given_at,
                    }
                    for given in reads.evidence_of(moment, case_id)
                ],
                "asked": [
                    {
                        "drawId": mediator.draw_id,
                        "memberId": mediator.member_id,
                        "until": mediator.until,
                    }
                    for mediator in reads.mediators_of(moment, case_id)
                ],
                "answers": [
                    {
                        "mediators": answer.mediators,
                        "memberId": answer.member_id,
                        "accepted": answer.accepted,
                        "answeredAt": answer.answered_at,
                    }
                    for answer in answers
                ],
                "mediatorAccepted": _accepted(last.get(found.mediator or 0)),
                "outcomeText": moment.text(found.outcome),
                "panels": [_panel_json(moment, panel) for panel in panels.panels_of(moment, case_id)],
                "decision": _decision_json(moment, decision) if decision is not None else None,
            }
        )


def _accepted(answer: CaseAnswer | None) -> bool | None:
    return None if answer is None else answer.accepted


def _case_json(moment: Moment, row: tuple[Any, ...]) -> dict[str, Any]:
    """From a case's columns, its panel's state and the text it was opened with."""
    found: Case = table_of(Case).from_sql(row)
    return {
        "caseId": found.case_id,
        "claimant": found.claimant,
        "parties": [party.member_id for party in reads.parties_of(moment, found.case_id)],
        "topic": found.topic,
        "remedy": {
            "kind": found.remedy,
            "memberId": found.remedy_member,
            "amount": str(found.remedy_amount),
        },
        "reviewId": found.review_id,
        "state": found.state,
        "panelState": row[-2],
        "step": reads.step_of(moment, found) or panels.step_of(moment, found, row[-2]),
        "evidence": hex_of(found.evidence),
        "title": first_line(row[-1]),
        "openedAt": found.opened_at,
        "mediator": found.mediator,
        "mediators": found.mediators,
        "drawId": found.draw_id,
        "beganAt": found.began_at,
        "until": found.until if found.state in ("Accepting", "Mediating") else None,
        "outcome": hex_of(found.outcome),
        "endedAt": found.ended_at,
    }


def _panel_json(moment: Moment, found: Panel) -> dict[str, Any]:
    return {
        "round": found.round,
        "seats": found.seats,
        "drawId": found.draw_id,
        "openedAt": found.opened_at,
        "commitUntil": found.commit_until,
        "revealUntil": found.reveal_until,
        "panelists": [
            _panelist_json(panelist) for panelist in panels.panelists_of(moment, found.case_id, found.round)
        ],
    }


def _panelist_json(found: Panelist) -> dict[str, Any]:
    return {
        "memberId": found.member_id,
        "commitment": hex_of(found.commitment),
        "committedAt": found.committed_at,
        "extent": found.extent,
        "revealedAt": found.revealed_at,
        "silent": found.silent,
        "penaltyId": found.penalty_id,
    }


def _decision_json(moment: Moment, found: CaseDecision) -> dict[str, Any]:
    return {
        "extent": found.extent,
        "decidedAt": found.decided_at,
        "appealUntil": found.appeal_until,
        "appellant": found.appellant,
        "appealedAt": found.appealed_at,
        "grounds": hex_of(found.grounds),
        "groundsText": moment.text(found.grounds),
        "askedAt": found.asked_at,
        "movedAt": found.moved_at,
        "proposalId": str(found.proposal_id) if found.proposal_id is not None else None,
        "vote": panels.vote_state(moment, found),
        "amount": str(found.amount) if found.amount is not None else None,
        "carriedAt": found.carried_at,
        "dismissedAt": found.dismissed_at,
        "overruledAt": found.overruled_at,
    }
