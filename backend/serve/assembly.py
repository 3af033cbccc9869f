"""/v1/proposals: what is being decided and what was; ballots and tallies."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.decode import Call, Calls
from backend.project.assembly import CHOICES, STATES, Action, Ballot, Proposal, Tally
from backend.project.texts import named_in
from backend.read import Moment, assembly, delegation
from backend.read.words import Words
from backend.serve.membership import PersonModel, first_line, people
from backend.serve.page import Page, Paged, listing
from backend.serve.problem import not_found
from backend.serve.values import (
    ADDRESS,
    HASH,
    PROPOSAL,
    TIME,
    Model,
    ProposalText,
    TopicFilter,
    columns,
    hex_of,
    proposal_id_of,
    uint256,
)
from backend.serve.view import Envelope, PageEnvelope, Used, View
from backend.store import table_of

router = APIRouter(tags=["proposals"])

State = Literal["Pending", "Active", "Canceled", "Defeated", "Succeeded", "Queued", "Expired", "Executed"]
assert State.__args__ == STATES  # type: ignore[attr-defined]
RuleName = Literal["Constitutional", "Ordinary", "Person", "Admission", "Expulsion", "Recall"]

_SUFFIX = re.compile(r"#nonce=([0-9]+)#proposer=0x[0-9a-fA-F]{40}$")
_NAMED_TEXT = re.compile(r"text:0x[0-9a-fA-F]{64}")


class TallyModel(Model):
    against_votes: int = Field(examples=[4])
    for_votes: int = Field(examples=[19])
    abstain_votes: int = Field(examples=[1])
    heads: int = Field(description="Members who voted themselves; every choice counts", examples=[11])
    for_heads: int = Field(description="Those of them in favour", examples=[8])
    followed: int = Field(
        description="Ballots cast because of a delegation; their votes count, and they are no heads",
        examples=[4],
    )
    quorum: int = Field(description="Heads it takes", examples=[3])
    for_heads_needed: int = Field(description="Heads in favour it takes", examples=[2])
    approval_ppm: int = Field(
        description="Share of For among For and Against, parts per million", examples=[500_000]
    )
    quorum_reached: bool = Field(examples=[True])
    passing: bool = Field(description="Whether it would pass with these numbers", examples=[True])
    deadline: int = Field(description="The end of direct voting", examples=[TIME + 432_000])
    extended_deadline: int | None = Field(description="If a late quorum moved it", examples=[None])


class ProposalModel(Model):
    proposal_id: str = Field(examples=[PROPOSAL])
    title: str = Field(description="The description's first line", examples=["Buy a second freezer"])
    state: State = Field(description="At the answer's block", examples=["Active"])
    rule: RuleName = Field(examples=["Ordinary"])
    topic: int | None = Field(description="null for votes opened by a module", examples=[2])
    author: int | None = Field(description="memberId; null for votes opened by a module", examples=[7])
    proposer: str = Field(description="The author's account, or the module", examples=[ADDRESS])
    season: int = Field(description="Whose voice credits pay for its ballots", examples=[1])
    opened_at: int = Field(examples=[TIME])
    vote_start: int = Field(description="Ballots are taken after this second", examples=[TIME + 86_400])
    deadline: int = Field(description="The end of direct voting", examples=[TIME + 432_000])
    follow_end: int = Field(
        description="The end of the follow period; the deadline where delegations are not followed",
        examples=[TIME + 518_400],
    )
    following: bool = Field(
        description="Whether delegations are followed now: Active, after the deadline", examples=[False]
    )
    expires_at: int = Field(
        description="If it passes, it can be executed until then", examples=[TIME + 3_024_000]
    )
    queued_at: int | None = Field(examples=[None])
    queued_until: int | None = Field(description="When a queued one can be executed", examples=[None])
    executed_at: int | None = Field(examples=[None])
    canceled_at: int | None = Field(examples=[None])
    tally: TallyModel


class ActionModel(Model):
    position: int = Field(description="From 0", examples=[0])
    target: str = Field(examples=[ADDRESS])
    module: str | None = Field(description="The target's name in the constitution", examples=["reputation"])
    amount: str = Field(description="Wei sent along, as text", examples=["0"])
    calldata: str = Field(examples=["0x6c3bf4f3"])
    function: str | None = Field(description="null where the ABI does not explain it", examples=["award"])
    arguments: dict[str, Any] | None = Field(
        description="Named as in the ABI", examples=[{"memberId": 7, "topic": 2}]
    )
    words: str = Field(examples=["award member 7 50 points in food"])


class ProposalSponsorModel(Model):
    member_id: int = Field(examples=[7])
    sponsored_at: int = Field(examples=[TIME])


class ProposalDetailModel(ProposalModel):
    description: str = Field(
        description="As it is hashed into the id", examples=[f"Buy a freezer#nonce=1#proposer={ADDRESS}"]
    )
    texts: list[str] = Field(description="Hashes the description names, for /v1/texts", examples=[[HASH]])
    description_hash: str = Field(description="What queue and execute take", examples=[HASH])
    actions: list[ActionModel]
    sponsors: list[ProposalSponsorModel]
    author_person: PersonModel | None
    votes_per_ballot: int = Field(description="The most one ballot may give", examples=[31])
    electorate_at: int = Field(description="Who was active then may vote", examples=[TIME - 1])
    follow: int = Field(description="Follow period, seconds", examples=[86_400])
    followed_before: int | None = Field(
        description="Direct ballots cast before then are followed, later ones are not; null where none are",
        examples=[TIME + 345_600],
    )
    queue: int = Field(description="Delay between queueing and execution, seconds", examples=[86_400])
    late_extension: int = Field(examples=[86_400])
    expiry: int = Field(examples=[2_592_000])
    pin: str = Field(description="Hash of the targets' code", examples=[HASH])
    block: int = Field(description="In which it opened", examples=[1205])


class BallotModel(Model):
    proposal_id: str = Field(examples=[PROPOSAL])
    member_id: int = Field(examples=[7])
    support: int = Field(description="0 Against, 1 For, 2 Abstain", examples=[1])
    choice: Literal["Against", "For", "Abstain"] = Field(examples=["For"])
    votes: int = Field(examples=[3])
    cost: int = Field(description="Voice credits from the season's budget", examples=[8])
    followed: bool = Field(description="Cast because of a delegation", examples=[False])
    voter: int | None = Field(description="Whose ballot it follows; null for direct ones", examples=[None])
    reason: str | None = Field(examples=["The old one is broken"])
    cast_at: int = Field(examples=[TIME + 90_000])
    transaction: str = Field(examples=[HASH])
    block: int = Field(examples=[1240])


def _proposals_select(moment: Moment) -> str:
    return (
        f"SELECT {columns(Proposal, 'p')}, {columns(Tally, 't')}, {assembly.state_sql(moment)} AS state"
        " FROM proposals p JOIN tallies t ON t.proposal_id = p.proposal_id"
    )


@router.get("/proposals", response_model=PageEnvelope[ProposalModel], summary="Proposals, newest first")
async def proposals(
    service: Used,
    page: Paged,
    state: Annotated[State | None, Query(description="At the answer's block")] = None,
    topic: TopicFilter = None,
    author: Annotated[int | None, Query(ge=1, le=2**32 - 1, description="memberId", examples=[7])] = None,
    rule: RuleName | None = None,
) -> Response:
    where: list[str] = []
    arguments: list[Any] = []
    for column, value in (("p.topic", topic), ("p.author", author), ("p.rule", rule)):
        if value is not None:
            where.append(f"{column} = ?")
            arguments.append(value)
    with service.view() as view:
        moment = view.moment
        if state is not None:
            # The time stands in the statement's tables, not in its conditions: a cursor outlives the block.
            source = (
                "proposals p JOIN tallies t ON t.proposal_id = p.proposal_id"
                f" JOIN (SELECT p.proposal_id AS id, {assembly.state_sql(moment)} AS state"
                " FROM proposals p JOIN tallies t ON t.proposal_id = p.proposal_id) s"
                " ON s.id = p.proposal_id"
            )
            select = f"SELECT {columns(Proposal, 'p')}, {columns(Tally, 't')}, s.state FROM {source}"
            where.append("s.state = ?")
            arguments.append(state)
        else:
            select = _proposals_select(moment)
        return view.page(
            listing(
                view.reader,
                page,
                name="proposals",
                select=select,
                order=["p.opened_block", "p.opened_position"],
                where=" AND ".join(where),
                arguments=arguments,
                present=lambda row: _proposal_json(moment, row),
                descending=True,
            )
        )


@router.get(
    "/proposals/{proposalId}",
    response_model=Envelope[ProposalDetailModel],
    summary="One proposal, with what it would do in words",
)
async def proposal(service: Used, proposal_id: ProposalText) -> Response:
    key = uint256(proposal_id_of(proposal_id))
    with service.view() as view:
        moment = view.moment
        row = view.reader.one(f"{_proposals_select(moment)} WHERE p.proposal_id = ?", (key,))
        if row is None:
            raise not_found(f"Proposal {proposal_id}")
        found: Proposal = table_of(Proposal).from_sql(row)
        sponsors = assembly.sponsors_of(moment, found.proposal_id)
        return view.answer(
            _proposal_json(moment, row)
            | {
                "description": found.description,
                "texts": [f"0x{text.hex()}" for text in named_in(found.description)],
                "descriptionHash": f"0x{hash_of(found.description).hex()}",
                "actions": [
                    action_json(moment, service.calls, action)
                    for action in moment.rows(Action, "proposal_id = ?", (key,))
                ],
                "sponsors": [
                    {"memberId": sponsor.member_id, "sponsoredAt": sponsor.sponsored_at}
                    for sponsor in sponsors
                ],
                "authorPerson": people(moment, [found.author]).get(found.author or 0),
                "votesPerBallot": 31 if found.rule == "Ordinary" else 1,
                "electorateAt": found.electorate_at,
                "follow": found.follow,
                "followedBefore": followed_before(delegation.vote_on(moment, found.proposal_id)),
                "queue": found.queue,
                "lateExtension": found.late_extension,
                "expiry": found.expiry,
                "pin": hex_of(found.pin),
                "block": found.opened_block,
            }
        )


@router.get(
    "/proposals/{proposalId}/tally", response_model=Envelope[TallyModel], summary="The sums of its ballots"
)
async def tally(service: Used, proposal_id: ProposalText) -> Response:
    with service.view() as view:
        found, sums = _needed(view, proposal_id)
        return view.answer(tally_json(found, sums))


@router.get(
    "/proposals/{proposalId}/ballots",
    response_model=PageEnvelope[BallotModel],
    summary="Its ballots in the order they were cast",
)
async def ballots(
    service: Used,
    page: Paged,
    proposal_id: ProposalText,
    support: Annotated[int | None, Query(ge=0, le=2, description="0 Against, 1 For, 2 Abstain")] = None,
    followed: Annotated[bool | None, Query(description="Only followed ones, or only direct ones")] = None,
) -> Response:
    with service.view() as view:
        found, _ = _needed(view, proposal_id)
        where = ["b.proposal_id = ?"]
        arguments: list[Any] = [uint256(found.proposal_id)]
        for column, value in (("b.support", support), ("b.followed", followed)):
            if value is not None:
                where.append(f"{column} = ?")
                arguments.append(int(value))
        return view.page(ballots_page(view, page, "ballots", " AND ".join(where), arguments))


def ballots_page(
    view: View,
    page: Page,
    name: str,
    where: str,
    arguments: Sequence[Any],
    *,
    descending: bool = False,
) -> tuple[list[Any], str | None]:
    return listing(
        view.reader,
        page,
        name=name,
        select=f"SELECT {columns(Ballot, 'b')}, f.voter, l.tx FROM ballots b"
        " JOIN logs l ON l.block = b.block AND l.position = b.position"
        " LEFT JOIN followings f ON f.proposal_id = b.proposal_id AND f.member_id = b.member_id",
        order=["b.block", "b.position"],
        where=where,
        arguments=arguments,
        present=ballot_json,
        descending=descending,
    )


def _needed(view: View, text: str) -> tuple[Proposal, Tally]:
    found = assembly.proposal_with_tally(view.moment, proposal_id_of(text))
    if found is None:
        raise not_found(f"Proposal {text}")
    return found


def ballot_json(row: tuple[Any, ...]) -> dict[str, Any]:
    """From a ballot's columns, whose ballot it follows, and its transaction."""
    ballot: Ballot = table_of(Ballot).from_sql(row)
    return {
        "proposalId": str(ballot.proposal_id),
        "memberId": ballot.member_id,
        "support": ballot.support,
        "choice": CHOICES[ballot.support],
        "votes": ballot.votes,
        "cost": ballot.cost,
        "followed": ballot.followed,
        "voter": row[-2],
        "reason": ballot.reason or None,
        "castAt": ballot.cast_at,
        "transaction": hex_of(row[-1]),
        "block": ballot.block,
    }


_PROPOSAL_WIDTH = len(table_of(Proposal).columns)


def _proposal_json(moment: Moment, row: tuple[Any, ...]) -> dict[str, Any]:
    """From a proposal's columns, its tally's, and its state."""
    found: Proposal = table_of(Proposal).from_sql(row)
    sums: Tally = table_of(Tally).from_sql(row[_PROPOSAL_WIDTH:])
    follow_end = sums.deadline + found.follow
    return {
        "proposalId": str(found.proposal_id),
        "title": title_of(found.description),
        "state": row[-1],
        "rule": found.rule,
        "topic": found.topic or None,
        "author": found.author,
        "proposer": hex_of(found.proposer),
        "season": found.season,
        "openedAt": found.opened_at,
        "voteStart": found.vote_start,
        "deadline": sums.deadline,
        "followEnd": follow_end,
        "following": row[-1] == "Active" and moment.now > sums.deadline,
        "expiresAt": follow_end + found.expiry,
        "queuedAt": found.queued_at,
        "queuedUntil": found.queued_until,
        "executedAt": found.executed_at,
        "canceledAt": found.canceled_at,
        "tally": tally_json(found, sums),
    }


def tally_json(found: Proposal, sums: Tally) -> dict[str, Any]:
    return {
        "againstVotes": sums.against_votes,
        "forVotes": sums.for_votes,
        "abstainVotes": sums.abstain_votes,
        "heads": sums.heads,
        "forHeads": sums.for_heads,
        "followed": sums.followed,
        "quorum": found.quorum,
        "forHeadsNeeded": found.for_heads_needed,
        "approvalPpm": found.approval_ppm,
        "quorumReached": sums.heads >= found.quorum,
        "passing": sums.passing,
        "deadline": sums.deadline,
        "extendedDeadline": sums.extended_deadline,
    }


def followed_before(vote: delegation.Vote | None) -> int | None:
    return vote.binds_before if vote is not None else None


def title_of(description: str) -> str:
    """The first line, without the suffix and the texts it names."""
    return first_line(_NAMED_TEXT.sub("", _SUFFIX.sub("", description)).strip(" :\n")) or ""


def action_json(moment: Moment, calls: Calls, action: Action) -> dict[str, Any]:
    call = decoded(calls, action.target, action.calldata)
    return {
        "position": action.position,
        "target": hex_of(action.target),
        "module": moment.modules.get(action.target),
        "amount": str(action.amount),
        "calldata": hex_of(action.calldata),
        "function": call.function if call else None,
        "arguments": call.arguments if call else None,
        "words": Words(moment, calls).action(action.target, action.calldata, call, action.amount),
    }


@functools.lru_cache(maxsize=4_096)
def decoded(calls: Calls, target: bytes, calldata: bytes) -> Call | None:
    """Actions never change, and decoding them is most of the work of showing a proposal."""
    return calls.call(target, calldata)


@functools.lru_cache(maxsize=4_096)
def hash_of(description: str) -> bytes:
    from eth_hash.auto import keccak

    return keccak(description.encode())
