"""`dualpower members` and `leave`: the register, and going."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from backend.cli import show
from backend.cli.acting import Acting, actor, member_of
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Misused

app = typer.Typer(no_args_is_help=True, help="Who belongs to the commune.")

MemberId = Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="MEMBER", help="A memberId.")]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="Rows at most.")]


@command(app, "list")
def members(
    reading: Reading,
    status: Annotated[
        str | None, typer.Option(help="Only Active, Dormant, Left or Expelled ones.", metavar="STATUS")
    ] = None,
    limit: Limit = 1_000,
) -> None:
    """List the members."""
    with Node(reading.node) as api:
        found = api.rows("/v1/members", limit, status=status.capitalize() if status else None)
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("member", "status", "since", "account", "introduction"),
        [(m["memberId"], m["status"], show.when(m["since"]), m["account"], m["introduction"]) for m in found],
        empty="there are no such members",
    )


@command(app, "show")
def member(
    reading: Reading,
    who: Annotated[str, typer.Argument(metavar="MEMBER", help="A memberId, or an account after 0x.")],
) -> None:
    """Show all that hangs on one membership."""
    with Node(reading.node) as api:
        found = api.data(f"/v1/members/{member_id(api, who)}")
    if reading.as_json:
        show.as_json(found)
        return
    presence, voice, recovery = found["presence"], found["credits"], found["recovery"]
    guardians, threshold = recovery["guardians"]["guardians"], recovery["guardians"]["threshold"]
    show.facts(
        [
            ("member", found["memberId"]),
            ("account", found["account"]),
            ("introduction", found["introduction"]),
            ("status", f"{found['status']} since {show.when(found['since'])}"),
            ("joined", f"{show.when(found['joinedAt'])}{', as a founder' if found['founder'] else ''}"),
            ("probation until", show.when(found["probationUntil"] or None)),
            ("vouched for by", _ids(found["vouchers"])),
            ("vouches left", found["vouchesLeft"]),
            ("objections left", found["objectionsLeft"]),
            ("voice credits", voice and f"{voice['left']} of {voice['budget']} in season {voice['season']}"),
            ("reputation", f"{show.points(found['reputation']['total'])} points"),
            ("next sign of life", f"due {show.when(presence['dueAt'])}"),
            ("dormant from", show.when(presence["dormantFrom"])),
            ("guardians", f"{_ids(guardians)}; it takes {threshold}" if guardians else None),
            ("guardian of", _ids(recovery["guardianOf"])),
            ("proposal", found["liveProposalId"]),
        ]
    )


def leave(
    acting: Acting,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you mean it.")] = False,
) -> None:
    """End your own membership. Your memberId, history and debts wait for you, should you return."""
    with actor(acting) as me:
        member = me.member()
        if not yes and not typer.confirm(f"End the membership of member {member['memberId']}?", err=True):
            raise Misused("you did not confirm: nothing was sent")
        done = me.act("membership", "leave")
        me.tell(f"member {member['memberId']} has left", done, memberId=member["memberId"])


def member_id(api: Node, given: str) -> int:
    """A memberId, from itself or from an account."""
    if given.isdecimal():
        return int(given)
    if given.startswith("0x"):
        return int(member_of(api, given)["memberId"])
    raise Misused(f"a member is a number, or an account after 0x; got {given!r}")


def _ids(members: list[Any]) -> str | None:
    return ", ".join(str(number) for number in members) or None
