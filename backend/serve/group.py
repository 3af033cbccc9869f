"""/v1/group: the members' Semaphore group, in bulk.

No path takes a leaf, a commitment or a member: whoever asked for one would tell the node which is theirs.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import Field

from backend.read import group as groups
from backend.read.group import Tree
from backend.serve.page import Page, listing
from backend.serve.values import Model
from backend.serve.view import Envelope, PageEnvelope, Used

router = APIRouter(tags=["group"])

COMMITMENT = "8105230123450816279104236547198240593015726340915827364509182736450918273645"
ROOT = "14062391741033012047239108210934752093847520983475209834752098347520983475209"
_BULK = 10_000


class GroupModel(Model):
    root: str = Field(description="0 while no leaf was ever set", examples=[ROOT])
    size: int = Field(
        description="Leaves of the tree: a power of two, with those that are empty or not given yet",
        examples=[64],
    )
    depth: int = Field(description="log2(size); proofs are made at exactly this, at 1 at least", examples=[6])
    listed: int = Field(description="Leaves that hold a commitment", examples=[40])
    agrees: bool | None = Field(
        description="Whether the leaves lead to the root, and the last secret poll froze the same;"
        " null until this node has looked",
        examples=[True],
    )


class LeafModel(Model):
    index: int = Field(examples=[17])
    leaf: str = Field(description="A commitment, or 0 where the leaf is empty", examples=[COMMITMENT])


class TreeModel(Model):
    """The group as it stood at one moment."""

    root: str = Field(examples=[ROOT])
    depth: int = Field(description="At which proofs against it are made", examples=[6])
    size: int = Field(examples=[64])
    listed: int = Field(examples=[40])
    leaves: list[str] = Field(
        description="All, in the order of their indexes, 0 where one is empty or not given yet",
        examples=[[COMMITMENT, "0"]],
    )


async def _bulk(
    limit: Annotated[int, Query(ge=1, le=_BULK, description="Leaves at most")] = 1_000,
    cursor: Annotated[
        str | None,
        Query(max_length=400, description="`next` of the page before; opaque", examples=["kwIDRY2nq3ZB"]),
    ] = None,
) -> Page:
    return Page(limit, cursor)


@router.get("/group", response_model=Envelope[GroupModel], summary="The group's root and size")
async def group(service: Used) -> Response:
    with service.view() as view:
        found = groups.group(view.moment)
        return view.answer(
            {
                "root": str(found.root),
                "size": found.size,
                "depth": groups.tree_depth(found.size),
                "listed": found.listed,
                "agrees": service.group_agrees,
            }
        )


@router.get(
    "/group/leaves",
    response_model=PageEnvelope[LeafModel],
    summary="All leaves, in the order of their indexes",
)
async def leaves(service: Used, page: Annotated[Page, Depends(_bulk)]) -> Response:
    """Take all of them: who asks for a part tells that their own leaf is in it. Those after the last are 0,
    up to the group's size."""
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="group/leaves",
                select="SELECT leaf_index, leaf FROM leaves",
                order=["leaf_index"],
                present=lambda row: {"index": row[0], "leaf": str(int.from_bytes(row[1], "big"))},
            )
        )


def tree_json(tree: Tree) -> dict[str, Any]:
    return {
        "root": str(tree.root),
        "depth": tree.depth,
        "size": len(tree.leaves),
        "listed": tree.listed,
        "leaves": [str(leaf) for leaf in tree.leaves],
    }
