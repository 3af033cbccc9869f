"""/v1/delegations: who speaks for whom, topic by topic, and how voices gather."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from backend.delegation import Chain, Concentration, chain_of, chains, concentration, cycles, path, weights
from backend.project.assembly import Proposal
from backend.project.delegation import Delegation
from backend.project.polls import Poll
from backend.read import Moment
from backend.read import delegation as reads
from backend.read.delegation import Vote
from backend.serve.membership import needed
from backend.serve.page import Page, Paged, decode, encode, listing
from backend.serve.problem import not_found
from backend.serve.values import (
    TIME,
    MemberFilter,
    MemberId,
    Model,
    PollId,
    ProposalText,
    TopicFilter,
    columns,
    proposal_id_of,
)
from backend.serve.view import BlockModel, Envelope, PageEnvelope, Service, Used, View, block_json, respond
from backend.store import table_of

router = APIRouter(tags=["delegations"])

Missing = Annotated[bool | None, Query(description="Only those who are not settled, or only others")]

# Who speaks for most is shown up to this place, and so many cycles; both are counted in full.
SHOWN = 20


class DelegationModel(Model):
    member_id: int = Field(examples=[7])
    topic: int = Field(examples=[2])
    name: str | None = Field(description="The topic's", examples=["food"])
    delegate: int = Field(description="memberId", examples=[3])
    max_votes: int = Field(description="Votes on one thing, at most", examples=[2])
    max_credits: int = Field(description="Voice credits in a season, at most", examples=[30])
    since: int = Field(examples=[TIME])
    chain: list[int] = Field(
        description="memberIds in the order in which they are asked, 8 at most", examples=[[3, 9]]
    )
    end: int | None = Field(
        description="Who would speak for them if nobody before on the chain voted; null where nobody",
        examples=[9],
    )
    problem: Literal["Cycle", "ChainTooLong"] | None = Field(description="Why nobody would", examples=[None])


class VoicesModel(Model):
    member_id: int = Field(examples=[9])
    voices: int = Field(description="How many they would speak for, themselves included", examples=[5])
    share: float = Field(description="Of all voices that are heard", examples=[0.125])


class TopicDelegationsModel(Model):
    """Were everybody to leave a vote on the topic to their delegates."""

    topic: int = Field(examples=[2])
    name: str | None = Field(examples=["food"])
    members: int = Field(description="Active ones, each with a voice", examples=[40])
    delegations: int = Field(examples=[12])
    heard: int = Field(description="Voices that reach an active member", examples=[39])
    delegates: int = Field(description="Who would speak for others too", examples=[4])
    largest_share: float = Field(
        description="Of the voices heard, those in one member's hands", examples=[0.128]
    )
    gini: float = Field(
        description="Of the voices in all active members' hands: 0 where each speaks for themselves, near 1"
        " where one speaks for all",
        examples=[0.31],
    )
    majority: int = Field(
        description="How few members hold more than half of the voices heard", examples=[14]
    )
    longest_chain: int = Field(description="In hops, of those that lead somewhere", examples=[3])
    too_long: int = Field(description="Chains of more than 8 hops, which lead nowhere", examples=[0])
    cycle_count: int = Field(examples=[1])
    cycles: list[list[int]] = Field(
        description="memberIds, each in the order of the hops, the smallest first; 20 at most",
        examples=[[[4, 8]]],
    )
    most_voices: list[VoicesModel] = Field(description="Who speaks for most, 20 at most")


class DelegationsModel(Model):
    topics: list[TopicDelegationsModel] = Field(
        description="The one asked for, or each in which somebody delegates"
    )
    delegations: list[DelegationModel]


class DelegationsPage(BaseModel):
    data: DelegationsModel
    block: BlockModel
    next: str | None = Field(
        description="Cursor of the next page of delegations; null on the last", examples=["kwIDRY2nq3ZB"]
    )


class GivenModel(DelegationModel):
    season: int | None = Field(description="The current one", examples=[1])
    spent: int = Field(description="Voice credits that following here has cost this season", examples=[3])


class ReceivedModel(Model):
    topic: int = Field(examples=[2])
    name: str | None = Field(examples=["food"])
    delegations: int = Field(description="How many members named this one", examples=[3])
    voices: int = Field(
        description="How many they would speak for, themselves included; 0 for who delegates in turn",
        examples=[5],
    )


class MemberDelegationsModel(Model):
    given: list[GivenModel] = Field(description="One a topic at most")
    received: list[ReceivedModel] = Field(
        description="Topics in which others named this member; who they are: /v1/delegations?delegate="
    )


@dataclass(frozen=True)
class Graph:
    """A topic's delegations, and what was worked out of them."""

    delegates: dict[int, int]
    voices: dict[int, int]
    concentration: Concentration
    chains: dict[int, Chain]
    cycles: list[list[int]]


def graph_of(service: Service, moment: Moment, topic: int) -> Graph:
    """Kept until the database changes."""
    return service.kept(("delegations", topic), lambda: _graph(moment, topic))


def _graph(moment: Moment, topic: int) -> Graph:
    delegates = reads.delegates_now(moment, topic)
    rows = moment.reader.query("SELECT member_id FROM members WHERE status = 'Active'")
    active = {member for (member,) in rows}
    held = weights(delegates, active)
    return Graph(delegates, held, concentration(held, len(active)), chains(delegates), cycles(delegates))


@router.get(
    "/delegations",
    response_model=DelegationsPage,
    summary="Who delegates to whom, with chains, cycles and concentration",
)
async def delegations(
    service: Used,
    page: Paged,
    topic: TopicFilter = None,
    member_id: MemberFilter = None,
    delegate: Annotated[
        int | None, Query(ge=1, le=2**32 - 1, description="memberId who was named", examples=[3])
    ] = None,
) -> Response:
    where, arguments = ["d.delegate IS NOT NULL"], []
    for column, value in (("d.topic", topic), ("d.member_id", member_id), ("d.delegate", delegate)):
        if value is not None:
            where.append(f"{column} = ?")
            arguments.append(value)
    with service.view() as view:
        moment = view.moment
        if topic is not None and topic not in moment.topics:
            raise not_found(f"Topic {topic}")
        topics = [topic] if topic is not None else _topics_with_delegations(moment)
        rows, following = listing(
            view.reader,
            page,
            name="delegations",
            select=f"SELECT {columns(Delegation, 'd')} FROM delegations d",
            order=["d.topic", "d.member_id"],
            where=" AND ".join(where),
            arguments=arguments,
            present=lambda row: delegation_json(service, moment, table_of(Delegation).from_sql(row)),
        )
        data = {
            "topics": [_topic_told(service, moment, number) for number in topics],
            "delegations": rows,
        }
        return _page(view, data, following)


def _page(view: View, data: dict[str, Any], following: str | None) -> Response:
    document = {"data": data, "block": block_json(view.cursor), "next": following}
    return respond(view.cursor, orjson.dumps(document))


def _topics_with_delegations(moment: Moment) -> list[int]:
    rows = moment.reader.query(
        "SELECT DISTINCT topic FROM delegations WHERE delegate IS NOT NULL ORDER BY topic"
    )
    return [topic for (topic,) in rows]


def delegation_json(service: Service, moment: Moment, found: Delegation) -> dict[str, Any]:
    graph = graph_of(service, moment, found.topic)
    chain = chain_of(lambda member: graph.delegates.get(member, 0), found.member_id)
    return {
        "memberId": found.member_id,
        "topic": found.topic,
        "name": moment.topics.get(found.topic),
        "delegate": found.delegate,
        "maxVotes": found.max_votes,
        "maxCredits": found.max_credits,
        "since": found.since,
        "chain": path(lambda member: graph.delegates.get(member, 0), found.member_id),
        "end": (chain.end or None) if chain else None,
        "problem": chain.problem if chain else None,
    }


def _topic_told(service: Service, moment: Moment, topic: int) -> dict[str, Any]:
    """Kept with the graph, since it stands on each page."""
    graph = graph_of(service, moment, topic)
    return service.kept(("topic", topic), lambda: _topic_json(moment, topic, graph))


def _topic_json(moment: Moment, topic: int, graph: Graph) -> dict[str, Any]:
    told, ends = graph.concentration, graph.chains.values()
    most = sorted(graph.voices.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]
    return {
        "topic": topic,
        "name": moment.topics.get(topic),
        "members": told.members,
        "delegations": len(graph.delegates),
        "heard": told.heard,
        "delegates": told.delegates,
        "largestShare": round(told.largest_share, 4),
        "gini": round(told.gini, 4),
        "majority": told.majority,
        "longestChain": max((chain.hops for chain in ends if chain.end), default=0),
        "tooLong": sum(chain.problem == "ChainTooLong" for chain in ends),
        "cycleCount": len(graph.cycles),
        "cycles": graph.cycles[:SHOWN],
        "mostVoices": [
            {"memberId": member, "voices": voices, "share": round(voices / told.heard, 4)}
            for member, voices in most
            if voices > 1
        ],
    }


@router.get(
    "/members/{memberId}/delegations",
    response_model=Envelope[MemberDelegationsModel],
    summary="Whom a member named, and what was given to them",
)
async def member_delegations(service: Used, member_id: MemberId) -> Response:
    with service.view() as view:
        moment = view.moment
        needed(view, member_id)
        given = moment.rows(Delegation, "member_id = ? AND delegate IS NOT NULL", (member_id,))
        received = view.reader.query(
            "SELECT topic, count(*) FROM delegations WHERE delegate = ? GROUP BY topic ORDER BY topic",
            (member_id,),
        )
        season = moment.season
        return view.answer(
            {
                "given": [
                    delegation_json(service, moment, found)
                    | {
                        "season": season,
                        "spent": reads.follow_spent(moment, member_id, found.topic, season or 0),
                    }
                    for found in given
                ],
                "received": [
                    {
                        "topic": topic,
                        "name": moment.topics.get(topic),
                        "delegations": count,
                        "voices": graph_of(service, moment, topic).voices.get(member_id, 0),
                    }
                    for topic, count in received
                ],
            }
        )


class FollowerModel(Model):
    member_id: int = Field(examples=[7])
    voter: int = Field(description="Whose ballot they follow", examples=[3])
    settled: bool = Field(
        description="Whether they have a ballot by following, or were passed over", examples=[False]
    )


@router.get(
    "/proposals/{proposalId}/followers",
    response_model=PageEnvelope[FollowerModel],
    summary="Who follows whom in a proposal, by the ballots there are",
)
async def proposal_followers(
    service: Used, page: Paged, proposal_id: ProposalText, missing: Missing = None
) -> Response:
    """Before the end of voting this is what would be. None where delegations are not followed."""
    number = proposal_id_of(proposal_id)
    with service.view() as view:
        if view.moment.row(Proposal, number) is None:
            raise not_found(f"Proposal {proposal_id}")
        return _followers(service, view, page, reads.vote_on(view.moment, number), missing)


@router.get(
    "/polls/{pollId}/followers",
    response_model=PageEnvelope[FollowerModel],
    summary="Who follows whom in a poll, by the ballots there are",
)
async def poll_followers(service: Used, page: Paged, poll_id: PollId, missing: Missing = None) -> Response:
    """Before the end of voting this is what would be. None where delegations are not followed."""
    with service.view() as view:
        if view.moment.row(Poll, poll_id) is None:
            raise not_found(f"Poll {poll_id}")
        return _followers(service, view, page, reads.vote_in(view.moment, poll_id), missing)


def _followers(service: Service, view: View, page: Page, vote: Vote | None, missing: bool | None) -> Response:
    scope = f"followers of {vote}, missing {missing}".encode()
    after = int(decode(page.cursor, scope, 1)[0]) if page.cursor is not None else 0
    found, settled = (
        service.kept(vote, lambda: _found(view.moment, vote)) if vote is not None else ({}, frozenset())
    )
    rows = [
        {"memberId": member, "voter": found[member], "settled": member in settled}
        for member in sorted(found)
        if member > after and missing in (None, member not in settled)
    ]
    shown = rows[: page.limit]
    following = encode([shown[-1]["memberId"]], scope) if len(rows) > page.limit else None
    return view.page((shown, following))


def _found(moment: Moment, vote: Vote) -> tuple[dict[int, int], frozenset[int]]:
    settled = reads.followed_for(moment, vote) | reads.passed_over(moment, vote)
    return reads.following(moment, vote).followers(), frozenset(settled)
