"""`dualpower standing`: where reputation comes from, and how members rank as seen by one of them."""

from __future__ import annotations

from typing import Annotated

import typer

from backend.cli import show
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.members import Limit, member_id

app = typer.Typer(no_args_is_help=True, help="Where reputation comes from: rings, vouching trees, rankings.")


@command(app, "report")
def report(
    reading: Reading,
    who: Annotated[
        str | None, typer.Option("--member", help="Only about this member.", metavar="MEMBER")
    ] = None,
    limit: Limit = 10,
) -> None:
    """Show groups that confirm one another, people vouched for from one root, and reputation that rests on
    few."""
    with Node(reading.node) as api:
        number = member_id(api, who) if who is not None else None
        found = api.data("/v1/reputation/report", memberId=number, limit=min(limit, 200))
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("points confirmed", "from inside", "by chance", "pairs", "ring"),
        [
            (
                show.points(ring["confirmed"]),
                f"{ring['share']:.0%}",
                f"{ring['byChance']:.0%}",
                f"{ring['density']:.0%}",
                ", ".join(map(str, ring["members"])),
            )
            for ring in found["rings"]
        ],
        empty="no group confirms one another more than chance would give",
    )
    show.line("")
    show.table(
        ("vouched from", "directly", "in all", "share of members", "deep", "closed"),
        [
            (
                tree["memberId"],
                tree["direct"],
                tree["size"],
                f"{tree['share']:.0%}",
                tree["depth"],
                tree["closed"],
            )
            for tree in found["trees"]
        ],
        empty="nobody is here on another member's vouch",
    )
    show.line("")
    show.table(
        ("member", "points confirmed", "by", "as if by", "first", "first three", "who"),
        [
            (
                one["memberId"],
                show.points(one["confirmed"]),
                one["confirmers"],
                f"{one['effective']:.1f}",
                f"{one['first']:.0%}",
                f"{one['firstThree']:.0%}",
                ", ".join(map(str, one["foremost"])),
            )
            for one in found["support"]
        ],
        empty="nobody's work was confirmed by a member",
    )
    show.note(found["notice"], as_json=False)


@command(app, "ranking")
def ranking(
    reading: Reading,
    who: Annotated[str, typer.Argument(metavar="MEMBER", help="Whose view: a memberId, or an account.")],
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Of the random walks.")] = 0,
    limit: Limit = 20,
) -> None:
    """Rank members as seen by one of them: by the confirmations that lead there from their own."""
    with Node(reading.node) as api:
        number = member_id(api, who)
        found = api.data(f"/v1/members/{number}/ranking", seed=seed, limit=min(limit, 200))
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("rank", "member", "score", "only through"),
        [(one["rank"], one["memberId"], f"{one['score']:.4f}", one["bridge"]) for one in found["members"]],
        empty=f"member {number} has confirmed nobody's work: there is nowhere to begin",
    )
    show.note(found["notice"], as_json=False)
