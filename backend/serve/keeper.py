"""/v1/keeper: what the node does for all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import Field

from backend.keeper import Keeper
from backend.read.delegation import Vote
from backend.serve.feature import Feature
from backend.serve.values import ADDRESS, PROPOSAL, TIME, Model
from backend.serve.view import Envelope, Used, block_json


class KeptVoteModel(Model):
    """A vote whose follow period is now."""

    proposal_id: str | None = Field(examples=[PROPOSAL])
    poll_id: int | None = Field(examples=[None])
    followers: int = Field(description="Whose chains lead to a ballot that binds", examples=[212])
    settled: int = Field(description="Those of them who have a ballot, or were passed over", examples=[100])
    follow_end: int = Field(examples=[TIME + 518_400])


class KeeperModel(Model):
    enabled: bool = Field(description="Whether this node keeps", examples=[True])
    sender: str | None = Field(description="Who pays", examples=[ADDRESS])
    obstacle: str | None = Field(description="What keeps it from working", examples=[None])
    votes: list[KeptVoteModel] = Field(description="What it works on")


class _KeeperMetrics(Collector):
    def __init__(self, keeper: Keeper | None) -> None:
        self._keeper = keeper

    def collect(self) -> Iterator[Metric]:
        keeper = self._keeper
        working = keeper is not None and keeper.obstacle is None
        yield GaugeMetricFamily("dualpower_keeper_working", "1 if nothing keeps it from working", working)
        if keeper is not None:
            missing = sum(len(known.missing) for known in keeper.progress.values())
            yield GaugeMetricFamily("dualpower_keeper_missing", "Members still to be followed for", missing)


def keeper_feature(keeper: Keeper | None) -> Feature:
    """`keeper` is None on a node that does not keep."""
    router = APIRouter(prefix="/keeper", tags=["keeper"])

    @router.get("", response_model=Envelope[KeeperModel], summary="What the node does for all")
    async def about(service: Used) -> Response:
        with service.view() as view:
            block = block_json(view.cursor)
        data = {
            "enabled": keeper is not None,
            "sender": keeper.relay.sender if keeper else None,
            "obstacle": keeper.obstacle if keeper else None,
            "votes": [
                _vote_json(vote, len(known.followers), len(known.missing))
                for vote, known in (keeper.progress.items() if keeper else ())
            ],
        }
        # Not cached: it changes without a block.
        body = orjson.dumps({"data": data, "block": block})
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})

    return Feature(router, _KeeperMetrics(keeper), keeper.run if keeper else None)


def _vote_json(vote: Vote, followers: int, missing: int) -> dict[str, Any]:
    return {
        "proposalId": str(vote.proposal_id) if vote.proposal_id is not None else None,
        "pollId": vote.poll_id,
        "followers": followers,
        "settled": followers - missing,
        "followEnd": vote.follow_end,
    }
