"""`dualpower guardians` and `recover`: moving a membership whose key is lost or stolen."""

from __future__ import annotations

from typing import Annotated

import typer
from eth_utils.address import is_hex_address

from backend.cli import show
from backend.cli.acting import Acting, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Misused
from backend.cli.members import MemberId, member_id

guardians = typer.Typer(no_args_is_help=True, help="Who may move your membership to a new account.")
recover = typer.Typer(no_args_is_help=True, help="Move a membership to a new account.")


@command(guardians, "show")
def show_guardians(
    reading: Reading,
    who: Annotated[str, typer.Argument(metavar="MEMBER", help="A memberId, or an account after 0x.")],
) -> None:
    """Show a member's guardians and whether a recovery is under way."""
    with Node(reading.node) as api:
        number = member_id(api, who)
        found = api.data(f"/v1/members/{number}")["recovery"]
    if reading.as_json:
        show.as_json({"memberId": number, **found})
        return
    now, pending, request = found["guardians"], found["pending"], found["request"]
    show.facts(
        [
            ("member", number),
            ("guardians", _listed(now["guardians"])),
            ("it takes", now["threshold"] or None),
            ("from", pending and show.when(pending["effectiveAt"])),
            ("then guardians", pending and _listed(pending["guardians"])),
            ("then it takes", pending and pending["threshold"]),
            ("moving to", request and request["newAccount"]),
            ("supported by", request and _listed(request["supporters"])),
            ("it needs", request and found["requiredSupport"]),
            ("possible from", request and show.when(request["executableAt"])),
            ("veto", "spent" if found["vetoSpent"] else None),
        ]
    )


@command(guardians, "set")
def set_guardians(
    acting: Acting,
    members: Annotated[
        list[int] | None, typer.Argument(metavar="[MEMBER]...", help="Their memberIds; none removes all.")
    ] = None,
    threshold: Annotated[
        int | None, typer.Option(min=2, max=255, help="How many it takes; most of them by default.")
    ] = None,
) -> None:
    """Name the members who may together move your membership. Takes effect after 7 days."""
    named = members or []
    if not named and threshold is not None:
        raise Misused("--threshold needs guardians")
    if len(set(named)) != len(named):
        raise Misused("a guardian is named twice")
    if len(named) == 1:
        raise Misused("one guardian alone cannot act: name at least two, or none")
    takes = threshold if threshold is not None else max(2, len(named) // 2 + 1) if named else 0
    with actor(acting) as me:
        done = me.act("recovery", "setGuardians", named, takes)
        change = done.event("GuardiansChangeScheduled")
        when = f" from {show.when(change['effectiveAt'])} on" if change else ""
        said = f"{takes} of members {_listed(named)} are your guardians" if named else "you have no guardians"
        me.tell(f"{said}{when}", done, guardians=named, threshold=takes)


@command(recover, "support")
def support(
    acting: Acting,
    member: MemberId,
    new_account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Where their membership shall go.")],
) -> None:
    """As a guardian, support moving a member's membership to a new account of theirs."""
    if not is_hex_address(new_account) or not new_account.startswith("0x"):
        raise Misused(f"an account is 0x and 40 hex digits; got {new_account!r}")
    with actor(acting) as me:
        done = me.act("recovery", "support", member, new_account)
        counted, scheduled = done.event("RecoverySupported"), done.event("RecoveryScheduled")
        said = f"you support moving the membership of member {member} to {new_account}"
        if scheduled is not None:
            said += (
                f": possible from {show.when(scheduled['executableAt'])} on, unless the old account vetoes"
            )
        elif counted is not None:
            said += f" ({counted['supporters']} of {counted['required']} guardians)"
        me.tell(said, done, memberId=member, newAccount=new_account)


@command(recover, "veto")
def veto(acting: Acting) -> None:
    """Stop a recovery of your own membership. You can do it once."""
    with actor(acting) as me:
        done = me.act("recovery", "veto")
        me.tell("the recovery of your membership is stopped", done)


@command(recover, "complete")
def complete(acting: Acting, member: MemberId) -> None:
    """Move a membership whose guardians agreed, after the delay. Anyone may."""
    with actor(acting) as me:
        done = me.act("recovery", "recover", member)
        moved = done.event("Recovered")
        where = f" to {moved['to']}" if moved else ""
        me.tell(f"the membership of member {member} moved{where}", done, memberId=member)


def _listed(members: list[int]) -> str | None:
    return ", ".join(str(number) for number in members) or None
