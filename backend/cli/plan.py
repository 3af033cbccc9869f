"""`dualpower plan` and `dualpower skills`: who could take which open seat, and what members declared.

Both are for members alone: they show the session that `dualpower session start` began.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from backend.cli import show, typed_data
from backend.cli.acting import Signing, actor
from backend.cli.api import Node, NodeRefused, Reading
from backend.cli.command import command
from backend.cli.errors import Misused
from backend.cli.members import member_id
from backend.cli.sessions import bearer
from backend.plan.reasons import hours
from backend.work.declaration import Declaration, DeclarationInvalid

app = typer.Typer(no_args_is_help=True, help="What you can do and when, for the planner.")


def plan(
    reading: Reading,
    who: Annotated[
        str | None, typer.Option("--member", help="Only what is suggested to them.", metavar="MEMBER")
    ] = None,
) -> None:
    """Show who could take which open seat, and why. It is a suggestion: to take one, volunteer."""
    with Node(reading.node) as api:
        number = member_id(api, who) if who is not None else None
        params = {"memberId": number} if number is not None else {}
        found = api.request("GET", "/v1/plan", params=params, headers=bearer(api.url))["data"]
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("assignment", "seat", "when", "takes", "member", "why"),
        [(*_seat(one), one["memberId"], _why(one)) for one in found["suggestions"]],
        empty="nothing is suggested",
    )
    if found["unfilled"]:
        show.line("")
        show.table(
            ("assignment", "seat", "when", "takes", "for whom nobody is suggested"),
            [(*_seat(one), _why(one)) for one in found["unfilled"]],
            empty="",
        )
    show.note(f"{found['notice']} Nobody is asked beyond {hours(found['share'])}.", as_json=False)


@command(app, "declare")
def declare(
    signing: Signing,
    skills: Annotated[str, typer.Option(help="What you can do, with commas between.", metavar="SKILLS")] = "",
    availability: Annotated[
        str,
        typer.Option(
            "--hours",
            help="When you have time each week: `mon-fri 18:00-22:00, sat 09:00-13:00`, or `never`.",
            metavar="HOURS",
        ),
    ] = "",
    zone: Annotated[
        str | None, typer.Option(help="Whose clock shows these hours; Europe/Berlin, or UTC.", metavar="ZONE")
    ] = None,
) -> None:
    """Say what you can do and when you have time, in the place of what you said before. Members who are
    signed in at the node see it, and nobody else."""
    if bool(availability.strip()) != (zone is not None):
        raise Misused("hours and --zone go together: hours are those on the clock of a time zone")
    with actor(signing) as me:
        number = int(me.member()["memberId"])
        written = {"skills": skills, "availability": availability, "zone": zone or ""}
        try:
            Declaration(number, **written, declared_at=me.now).check()
        except DeclarationInvalid as error:
            raise Misused(str(error)) from None

        def handed_in(at: int) -> Any:
            message = {"memberId": number, **written, "declaredAt": at}
            signature = me.key.sign(typed_data.declaration(me.contracts, message))
            body = {**written, "declaredAt": at, "signature": f"0x{signature.hex()}"}
            return me.node.request("PUT", f"/v1/members/{number}/skills", json=body)["data"]

        kept = _newer(handed_in, me.now)
    if signing.as_json:
        show.as_json(kept)
    else:
        show.line(f"{signing.node} knows what member {number} can do, and when")


@command(app, "withdraw")
def withdraw(signing: Signing) -> None:
    """Take back what you declared at this node."""
    with actor(signing) as me:
        number = int(me.member()["memberId"])

        def handed_in(at: int) -> Any:
            message = {"memberId": number, "declaredAt": at}
            signature = me.key.sign(typed_data.withdrawal(me.contracts, message))
            params = {"declaredAt": at, "signature": f"0x{signature.hex()}"}
            return me.node.request("DELETE", f"/v1/members/{number}/skills", params=params)

        _newer(handed_in, me.now)
    if signing.as_json:
        show.as_json({"memberId": number, "declared": False})
    else:
        show.line(f"{signing.node} has forgotten what member {number} declared")


@command(app, "list")
def declared(reading: Reading) -> None:
    """Show what active members declared at this node."""
    with Node(reading.node) as api:
        found = api.request("GET", "/v1/skills", headers=bearer(api.url))["data"]
    _show(reading, found, "nobody has declared anything at this node")


@command(app, "show")
def of_member(
    reading: Reading, who: Annotated[str, typer.Argument(metavar="MEMBER", help="A memberId, or an account.")]
) -> None:
    """Show what one member declared at this node, yourself for one."""
    with Node(reading.node) as api:
        number = member_id(api, who)
        found = api.request("GET", f"/v1/members/{number}/skills", headers=bearer(api.url))["data"]
    _show(reading, found, "")


def _newer(hand_in: Callable[[int], Any], now: int) -> Any:
    """Hands something in as of now, or of right after the last one: a quiet chain's time stands still."""
    try:
        return hand_in(now)
    except NodeRefused as refused:
        if not refused.kind.endswith(":declaration-not-newer"):
            raise
        return hand_in(int(refused.problem["last"]) + 1)


def _show(reading: Reading, found: Any, empty: str) -> None:
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("member", "can do", "has time", "clock of", "said"),
        [
            (
                one["memberId"],
                ", ".join(one["skills"]),
                one["availability"],
                one["zone"],
                show.when(one["declaredAt"]),
            )
            for one in (found if isinstance(found, list) else [found])
        ],
        empty=empty,
    )


def _seat(one: dict[str, Any]) -> tuple[Any, ...]:
    named = f"{one['assignmentId']} {one['title'] or ''}".rstrip()
    trial = f"{one['place']} (trial)" if one["trial"] else one["place"]
    return named, trial, show.when(one["startsAt"]), hours(one["minutes"])


def _why(one: dict[str, Any]) -> str:
    return "; ".join(reason["words"] for reason in one["why"])
