"""`dualpower reputation`: scores, and the reason for every point."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from backend.cli import show
from backend.cli.api import Node, Reading
from backend.cli.errors import Misused
from backend.cli.members import Limit, member_id


def reputation(
    reading: Reading,
    who: Annotated[
        str | None, typer.Argument(metavar="[MEMBER]", help="A memberId or account; all members without it.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(help="At a past time, in UTC: 2026-05-01 or 2026-05-01T12:00.", metavar="TIME"),
    ] = None,
    limit: Limit = 20,
) -> None:
    """Show a member's scores and where they come from, or the latest gains and losses of all."""
    if at is not None and who is None:
        raise Misused("--at needs a member")
    with Node(reading.node) as api:
        number = member_id(api, who) if who is not None else None
        time = _seconds(at) if at is not None else None
        scores = api.data(f"/v1/members/{number}/reputation", at=time) if number is not None else None
        ledger = api.rows("/v1/reputation", limit, memberId=number)
    if reading.as_json:
        show.as_json({"scores": scores, "ledger": ledger})
        return
    if scores is not None:
        show.facts(
            [
                ("member", scores["memberId"]),
                ("at", show.when(scores["at"])),
                ("half-life", f"{scores['halfLife'] / 86_400:g} days"),
                ("total", f"{show.points(scores['total'])} points"),
                *((topic["name"], f"{show.points(topic['score'])} points") for topic in scores["topics"]),
                *(
                    (
                        f"penalty {pending['penaltyId']}",
                        f"{show.points(pending['amount'])} points, which count from"
                        f" {show.when(pending['dueAt'])} on",
                    )
                    for pending in scores["pending"]
                ),
                ("may still confirm", f"{show.points(scores['confirmationLeft'])} points this season"),
            ]
        )
        show.line("")
    show.table(
        ("when", "member", "points", "topic", "reason", "evidence"),
        [
            (
                show.when(entry["recordedAt"]),
                entry["memberId"],
                show.points(entry["amount"]),
                entry["name"],
                entry["reason"],
                entry["evidence"],
            )
            for entry in ledger
        ],
        empty="nobody has gained or lost anything yet",
    )


def _seconds(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise Misused(f"a time is written as 2026-05-01 or 2026-05-01T12:00, in UTC; got {text!r}") from None
