"""/v1/reputation/report and /v1/members/{memberId}/ranking: where reputation comes from."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.read import standing as reads
from backend.serve.membership import needed
from backend.serve.values import MemberFilter, MemberId, Model
from backend.serve.view import Envelope, Used, block_json, respond
from backend.standing import (
    ALPHA,
    BETA,
    BRIDGE,
    WALKS,
    Ring,
    Support,
    VouchingTree,
    ranking,
    rings,
    support,
    vouching_trees,
)

router = APIRouter(tags=["reputation"])

NOTICE = (
    "Information for people. Friends who work together look like a ring as well; nothing here changes a score"
    " or sets anything in motion."
)

Limit = Annotated[int, Query(ge=1, le=200, description="Rows of each list, at most")]
Seed = Annotated[int, Query(ge=0, le=2**32 - 1, description="Of the random walks", examples=[0])]


class RingModel(Model):
    """A group whose members confirmed one another more than others did, and beyond what chance would give."""

    members: list[int] = Field(description="memberIds", examples=[[4, 9, 12]])
    confirmed: str = Field(description="Micro-points its members were confirmed", examples=["90000000"])
    inside: str = Field(description="Of these, by one another", examples=["81000000"])
    share: float = Field(description="From inside", examples=[0.9])
    by_chance: float = Field(
        description="What the share would be by chance: their part in all confirmations", examples=[0.03]
    )
    density: float = Field(description="Of all pairs one way, how many confirmed", examples=[1.0])


class VouchingTreeModel(Model):
    """Everybody who is here by a chain of vouches that begins with one member."""

    member_id: int = Field(description="The root's", examples=[3])
    direct: int = Field(description="Members admitted on their own vouch", examples=[3])
    size: int = Field(description="Members below", examples=[19])
    share: float = Field(description="Of all members", examples=[0.19])
    depth: int = Field(description="Vouches in a row, by the shortest way", examples=[4])
    closed: int = Field(
        description="Of those below, how many had all their vouchers in the tree", examples=[17]
    )


class SupportModel(Model):
    """On how many others' word a member's reputation rests."""

    member_id: int = Field(examples=[9])
    confirmed: str = Field(description="Micro-points on others' word", examples=["30000000"])
    confirmers: int = Field(examples=[4])
    effective: float = Field(
        description="How many equal confirmers would be as concentrated: 1 / sum of squared shares",
        examples=[1.9],
    )
    first: float = Field(description="Share of who confirmed most", examples=[0.7])
    first_three: float = Field(description="Share of the three who did", examples=[0.95])
    foremost: list[int] = Field(description="These three", examples=[[4, 12, 2]])


class ReportModel(Model):
    """All amounts as they count at the block: confirmations fade like scores."""

    notice: str = Field(examples=[NOTICE])
    confirmed: str = Field(description="Micro-points that members confirmed of others", examples=["4e9"])
    confirmers: int = Field(description="Who confirmed any", examples=[61])
    ring_count: int = Field(examples=[1])
    rings: list[RingModel] = Field(description="The largest sum from inside first")
    tree_count: int = Field(examples=[12])
    trees: list[VouchingTreeModel] = Field(description="The largest first")
    supported: int = Field(description="Members who were confirmed", examples=[80])
    support: list[SupportModel] = Field(description="Who rests on the fewest first")


class SeenModel(Model):
    rank: int = Field(description="From 1", examples=[1])
    member_id: int = Field(examples=[12])
    score: float = Field(description="0 to 1", examples=[0.1277])
    visits: int = Field(description="Of the walks, how many came by", examples=[1277])
    bridge: int | None = Field(
        description="memberId through whom nearly all of them came; lowers the score", examples=[None]
    )


class RankingModel(Model):
    """After MeritRank; docs/reputation.md has the formula. The seed repeats the walks."""

    notice: str = Field(examples=[NOTICE])
    viewer: int = Field(description="memberId from whose confirmations it begins", examples=[7])
    seed: int = Field(examples=[0])
    walks: int = Field(examples=[WALKS])
    alpha: float = Field(description="Chance that a walk ends before a step", examples=[ALPHA])
    beta: float = Field(description="What behind a bridge is taken", examples=[BETA])
    bridge: float = Field(
        description="Share of walks through one member that makes a bridge", examples=[BRIDGE]
    )
    reached: int = Field(description="Members whom the walks reached", examples=[83])
    members: list[SeenModel] = Field(
        description="The highest score first; none where the viewer confirmed nobody"
    )


@router.get(
    "/reputation/report",
    response_model=Envelope[ReportModel],
    summary="Rings, vouching trees, and reputation that rests on few",
)
async def report(service: Used, limit: Limit = 20, member_id: MemberFilter = None) -> Response:
    """With `memberId`: rings they are in, the tree below them, and their own support."""
    with service.view() as view:
        cursor = view.cursor
        given = reads.confirmations(view.moment)
        vouches = reads.vouches(view.moment)
        members = len(reads.members_here(view.moment))

    def work() -> tuple[list[Ring], list[VouchingTree], list[Support]]:
        return rings(given), vouching_trees(vouches, members), support(given)

    # Seconds, where there are a hundred thousand entries: others are answered meanwhile.
    found_rings, trees, supported = await asyncio.to_thread(work)
    if member_id is not None:
        found_rings = [ring for ring in found_rings if member_id in ring.members]
        trees = [tree for tree in trees if tree.root == member_id]
        supported = [one for one in supported if one.member_id == member_id]
    data = {
        "notice": NOTICE,
        "confirmed": str(sum(sum(of_one.values()) for of_one in given.values())),
        "confirmers": len(given),
        "ringCount": len(found_rings),
        "rings": [_ring_json(ring) for ring in found_rings[:limit]],
        "treeCount": len(trees),
        "trees": [_tree_json(tree) for tree in trees[:limit]],
        "supported": len(supported),
        "support": [_support_json(one) for one in supported[:limit]],
    }
    return respond(cursor, orjson.dumps({"data": data, "block": block_json(cursor)}))


@router.get(
    "/members/{memberId}/ranking",
    response_model=Envelope[RankingModel],
    summary="How members rank as seen by one of them",
)
async def seen_by(service: Used, member_id: MemberId, limit: Limit = 50, seed: Seed = 0) -> Response:
    with service.view() as view:
        cursor = view.cursor
        needed(view, member_id)
        given = reads.confirmations(view.moment)
        here = reads.members_here(view.moment)
    found = await asyncio.to_thread(ranking, given, member_id, seed)
    seen = [one for one in found.seen if one.member_id in here]
    data = {
        "notice": NOTICE,
        "viewer": found.viewer,
        "seed": found.seed,
        "walks": WALKS,
        "alpha": ALPHA,
        "beta": BETA,
        "bridge": BRIDGE,
        "reached": len(seen),
        "members": [
            {
                "rank": rank,
                "memberId": one.member_id,
                "score": round(one.score, 6),
                "visits": one.visits,
                "bridge": one.bridge,
            }
            for rank, one in enumerate(seen[:limit], start=1)
        ],
    }
    return respond(cursor, orjson.dumps({"data": data, "block": block_json(cursor)}))


def _ring_json(ring: Ring) -> dict[str, Any]:
    return {
        "members": ring.members,
        "confirmed": str(ring.confirmed),
        "inside": str(ring.inside),
        "share": round(ring.share, 4),
        "byChance": round(ring.by_chance, 4),
        "density": round(ring.density, 4),
    }


def _tree_json(tree: VouchingTree) -> dict[str, Any]:
    return {
        "memberId": tree.root,
        "direct": tree.direct,
        "size": tree.size,
        "share": round(tree.share, 4),
        "depth": tree.depth,
        "closed": tree.closed,
    }


def _support_json(one: Support) -> dict[str, Any]:
    return {
        "memberId": one.member_id,
        "confirmed": str(one.confirmed),
        "confirmers": one.confirmers,
        "effective": round(one.effective, 4),
        "first": round(one.first, 4),
        "firstThree": round(one.first_three, 4),
        "foremost": one.foremost,
    }
