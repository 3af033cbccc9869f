"""`dualpower election`: from an empty seat to who takes it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from backend.cli import draw_secrets, show, texts
from backend.cli.acting import Acting, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.members import Limit

app = typer.Typer(no_args_is_help=True, help="Standing for an office, and filling its seats.")

ElectionId = Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="ELECTION", help="Its number.")]
OfficeId = Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="OFFICE", help="Its number.")]


@command(app, "list")
def elections(
    reading: Reading,
    office: Annotated[int | None, typer.Option(min=1, help="Only for this office.", metavar="OFFICE")] = None,
    stage: Annotated[
        str | None,
        typer.Option(help="Only Standing, Polling, Drawing, Filled or Failed ones.", metavar="STAGE"),
    ] = None,
    limit: Limit = 20,
) -> None:
    """List elections, the newest first."""
    with Node(reading.node) as api:
        wanted = stage.capitalize() if stage else None
        found = api.rows("/v1/elections", limit, officeId=office, stage=wanted)
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("election", "office", "stage", "standing", "stand until", "seats free from", "poll", "draw", "next"),
        [
            (
                e["electionId"],
                _office(e),
                e["stage"],
                e["standing"],
                show.when(e["standUntil"]),
                show.when(e["vacantFrom"]),
                e["pollId"],
                e["drawId"],
                _next(e),
            )
            for e in found
        ],
        empty="there are no such elections",
    )


@command(app, "show")
def election(reading: Reading, election: ElectionId) -> None:
    """Show one election: who stands, and how it is decided."""
    with Node(reading.node) as api:
        found = api.data(f"/v1/elections/{election}")
    if reading.as_json:
        show.as_json(found)
        return
    show.facts(
        [
            ("election", election),
            ("office", _office(found)),
            ("stage", found["stage"]),
            ("filled by", _FILLINGS[found["filling"]]),
            ("stand until", show.when(found["standUntil"])),
            ("seats free from", show.when(found["vacantFrom"])),
            ("seats", found["seats"]),
            ("poll", found["pollId"] and f"{found['pollId']} ({found['pollState']})"),
            ("draw", found["drawId"] and f"{found['drawId']} ({found['drawState']})"),
            ("next", _next(found)),
        ]
    )
    show.table(
        ("member", "option", "votes", "came of it", "statement"),
        [
            (
                c["memberId"],
                None if c["option"] is None else c["option"] + 1,
                c["votes"],
                _outcome(c),
                c["title"] or c["statement"],
            )
            for c in found["candidates"]
        ],
        empty="nobody stands",
    )


@command(app, "open")
def open_election(acting: Acting, office: OfficeId) -> None:
    """Open an election for an office that has a seat free, or soon will. Any member may."""
    with actor(acting) as me:
        done = me.act("elections", "open", office)
        opened = done.event("ElectionOpened")
        number = opened["electionId"] if opened else None
        named = f"election {number}" if opened else "the election"
        until = f" until {show.when(opened['standUntil'])}" if opened else ""
        me.tell(
            f"{named} for office {office} is open: members stand{until}",
            done,
            electionId=number,
            officeId=office,
        )


@command(app, "stand")
def stand(
    acting: Acting,
    election: ElectionId,
    statement: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="Why you stand.")] = None,
    file: Annotated[Path | None, typer.Option(help="The same, from a file.", metavar="FILE")] = None,
) -> None:
    """Stand for an office. Where seats are drawn with reveals, a secret is kept on this machine."""
    text = texts.text_of(statement, file, "your statement")
    with actor(acting) as me:
        found = me.node.data(f"/v1/elections/{election}")
        hashed = texts.hash_of(text) if text is not None else bytes(32)
        committed = bytes(32)
        if found["filling"] == "DrawWithReveals":
            committed = draw_secrets.commit(me.contracts, me.member()["memberId"])
        done = me.act("elections", "stand", election, hashed, committed)
        said = f"you stand in election {election}"
        if any(committed):
            said += "; once the draw is open, run `dualpower draw reveal` on this machine, or lose your place"
        me.tell(said, done, electionId=election)
        if text is not None:
            me.hand_in(text)


@command(app, "withdraw")
def withdraw(acting: Acting, election: ElectionId) -> None:
    """No longer stand, while standing lasts."""
    with actor(acting) as me:
        done = me.act("elections", "withdraw", election)
        me.tell(f"you no longer stand in election {election}", done, electionId=election)


@command(app, "start")
def start(acting: Acting, election: ElectionId) -> None:
    """Go on once standing is over: to the poll, to the draw, or to the seats. Anyone may."""
    with actor(acting) as me:
        done = me.act("elections", "start", election)
        polled, drawn = done.event("ElectionPolled"), done.event("ElectionDrawn")
        facts: dict[str, Any] = {"electionId": election}
        if polled is not None:
            facts["pollId"] = polled["pollId"]
            said = f"election {election} is decided by poll {polled['pollId']}"
        elif drawn is not None:
            facts["drawId"] = drawn["drawId"]
            said = f"election {election} is decided by draw {drawn['drawId']}"
        else:
            said = _ended(election, done.event("ElectionFilled"), done.event("ElectionFailed"))
        me.tell(said, done, **facts)


@command(app, "fill")
def fill(acting: Acting, election: ElectionId) -> None:
    """Seat who was elected or drawn; where there is a tie, open the draw that decides it. Anyone may."""
    with actor(acting) as me:
        done = me.act("elections", "fill", election)
        drawn, filled = done.event("ElectionDrawn"), done.event("ElectionFilled")
        facts: dict[str, Any] = {"electionId": election}
        if drawn is not None:
            facts["drawId"] = drawn["drawId"]
            said = f"there is a tie in election {election}, which draw {drawn['drawId']} decides"
        else:
            facts["seated"] = list(filled["seated"]) if filled else []
            said = _ended(election, filled, done.event("ElectionFailed"))
        me.tell(said, done, **facts)


_FILLINGS = {"Poll": "poll", "Draw": "draw", "DrawWithReveals": "draw with reveals"}


def _ended(election: int, filled: Any, failed: Any) -> str:
    if failed is not None:
        return f"election {election} filled no seat"
    if filled is None:
        return f"election {election} goes on"
    seated = ", ".join(str(member) for member in filled["seated"])
    return f"election {election} is over: members seated are {seated}"


def _office(election: dict[str, Any]) -> str:
    title = election["office"]
    return f"{election['officeId']} {title}" if title else str(election["officeId"])


def _next(election: dict[str, Any]) -> str | None:
    return f"dualpower election {election['step']} {election['electionId']}" if election["step"] else None


def _outcome(candidate: dict[str, Any]) -> str | None:
    if candidate["withdrawnAt"] is not None:
        return "withdrew"
    if candidate["seated"]:
        return "seated"
    return "elected" if candidate["certain"] else None
