"""`dualpower hearings`: what must precede a vote on expelling somebody."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from backend.cli import show, texts
from backend.cli.acting import Acting, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Misused
from backend.cli.members import Limit, MemberId

app = typer.Typer(no_args_is_help=True, help="Hearing a member before a vote on expelling them.")

HearingId = Annotated[int, typer.Argument(min=1, metavar="HEARING", help="Its number.")]


@command(app, "list")
def hearings(
    reading: Reading,
    member: Annotated[int | None, typer.Option(min=1, help="Only on this member.", metavar="MEMBER")] = None,
    limit: Limit = 20,
) -> None:
    """List hearings, the newest first."""
    with Node(reading.node) as api:
        found = api.rows("/v1/hearings", limit, memberId=member)
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("hearing", "member", "opened by", "started", "vote from", "until", "grounds", "vote"),
        [
            (
                h["hearingId"],
                h["memberId"],
                ", ".join(str(opener) for opener in h["openers"]),
                show.when(h["startedAt"]),
                show.when(h["votableAt"]),
                show.when(h["expiresAt"]),
                h["grounds"],
                h["proposalId"] and f"{h['proposalId']} ({h['state']})",
            )
            for h in found
        ],
        empty="there are no such hearings",
    )


@command(app, "request")
def request(
    acting: Acting,
    member: MemberId,
    grounds: Annotated[str | None, typer.Argument(metavar="TEXT", help="Why.")] = None,
    file: Annotated[Path | None, typer.Option(help="The same, from a file.", metavar="FILE")] = None,
) -> None:
    """Ask for a hearing on a member's expulsion, and say why. A second member must join."""
    text = texts.text_of(grounds, file, "the grounds")
    if text is None:
        raise Misused("say why: give a text, or --file")
    with actor(acting) as me:
        done = me.act("docket", "requestHearing", member, texts.hash_of(text))
        requested = done.event("HearingRequested")
        number = int(requested["hearingId"]) if requested else None
        named = f"hearing {number}" if requested else "the hearing"
        me.tell(f"{named} on member {member} is asked for: a second member joins it", done, hearingId=number)
        me.hand_in(text)


@command(app, "join")
def join(acting: Acting, hearing: HearingId) -> None:
    """Join a hearing that somebody asked for: the time to hear the member begins."""
    with actor(acting) as me:
        done = me.act("docket", "joinHearing", hearing)
        started = done.event("HearingStarted")
        when = f"; the vote can be opened from {show.when(started['votableAt'])} on" if started else ""
        me.tell(f"hearing {hearing} has begun{when}", done, hearingId=hearing)


@command(app, "vote")
def vote(acting: Acting, hearing: HearingId) -> None:
    """Open the vote on expulsion that a hearing leads to. Anyone may."""
    with actor(acting) as me:
        done = me.act("docket", "openExpulsion", hearing)
        opened = done.event("HearingVoteOpened")
        proposal = opened["proposalId"] if opened else None
        named = f" as proposal {proposal}" if opened else ""
        me.tell(f"the vote is open{named}", done, hearingId=hearing, proposalId=proposal)
